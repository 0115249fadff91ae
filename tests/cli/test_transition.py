"""The transition on the command line: the weeks, who types, and what stands in the way."""

from datetime import date

from cmxero_desktop.domain.transition import Transition, TypedPayment, Week
from cmxero_desktop.domain.transition_steps import Hurdle, Step
from tests.cli.conftest import Office
from tests.domain.support import aud

MONDAY = date(2026, 11, 16)


def one(name: str) -> TypedPayment:
    return TypedPayment(
        row_id="c-7",
        invoice_number="CM-100",
        bill_to="Acme",
        paid_on=date(2026, 11, 17),
        amount=aud("50"),
        week=MONDAY,
        entered_by=name,
        is_by_itself=True,
    )


def test_the_weeks_are_printed_with_who_types_and_what_is_in_the_way(office: Office) -> None:
    office.desk.transition = Transition(
        weeks=(Week(begins_on=MONDAY, typed=1_204, by_itself=1, doubles=2, misses=3, added=4, journalled=5),),
        typed=(one("R. Patel\x1b[31m"), one("")),
        steps=(Step(hurdle=Hurdle.MODE, is_clear=True), Step(hurdle=Hurdle.WAITING, is_clear=False, rows=("p-1",))),
    )
    assert office.run("transition") == 0
    lines = office.out.splitlines()
    assert lines[1].split() == ["16", "Nov", "2026", "1,204", "1", "2", "3", "4", "5"]
    assert "  Case Manager does not say who: 1, the last in the week of 16 Nov 2026" in lines
    assert "\x1b" not in office.out
    assert "NOT YET  No change waits for you for more than a week. Wait in Review for more than a week: 1." in lines
    assert "holds    The desk may write what you approve." in lines
    assert lines[-1] == "Double entry can stop when 1 more of these 2 hold."
    document = office.json("transition")
    assert document["can_stop"] is False
    assert document["weeks"] == [
        {"week": "2026-11-16", "typed": 1204, "by_itself": 1, "doubles": 2, "misses": 3, "added": 4, "journalled": 5}
    ]
    assert document["typists"][0] == {"name": None, "payments": 1, "last_week": "2026-11-16"}
    assert document["steps"][1] == {
        "step": "waiting",
        "clear": False,
        "holds": "No change waits for you for more than a week",
        "missing": "Wait in Review for more than a week: 1.",
        "rows": ["p-1"],
    }
    assert document["typed"][1] == {
        "id": "c-7",
        "week": "2026-11-16",
        "invoice_number": "CM-100",
        "date": "2026-11-17",
        "amount": "50.00",
        "bill_to": "Acme",
        "entered_by": "",
        "stands": "unmatched",
        "by_itself": True,
    }


def test_before_the_first_check_there_is_nothing_to_stop_yet(office: Office) -> None:
    assert office.run("transition") == 0
    assert office.out.strip() == "Nothing was compared yet."
    assert office.json("transition")["can_stop"] is False
