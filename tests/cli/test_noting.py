"""A note is written from the command line, leaves what is not given as it is, and is listed with its row."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.identifiers import XeroPaymentId
from tests.cli.conftest import Office
from tests.ui.views import firm_view

BY = ("--by", "Ann")
DEC_3 = date(2026, 12, 3)
NOTE = DeskNote(
    invoice_number="CM-1",
    xero_ids=(XeroPaymentId("p"),),
    text="Ask Jo",
    owner="Kim",
    follow_up=DEC_3,
    by="Ben",
    at=datetime(2026, 11, 22, 1, tzinfo=UTC),
)
HEARD = replace(NOTE, text="Jo knows", owner="", follow_up=None, by="Jo", at=datetime(2026, 11, 23, tzinfo=UTC))


def note_on_first_skipped(office: Office, *notes: DeskNote) -> str:
    """Let a row of Skipped and one of Review bear notes; return the first one's id."""
    view = firm_view()
    first, *others = view.skipped
    top, *below = view.review
    skipped = (replace(first, notes=notes), *others)
    office.desk.desk_view = replace(view, skipped=skipped, review=(replace(top, notes=notes), *below))
    return first.row_id


def test_a_new_note_goes_with_all_that_was_given(office: Office) -> None:
    words = ("note", "x-1", "Ask Jo", "--owner", "Kim", "--follow-up", "2026-12-03")
    assert office.json(*words, *BY) == {"said": "Kept."}
    assert office.desk.calls == [("note", "x-1", "Ask Jo", "Kim", DEC_3, None, "Ann")]


def test_what_is_not_given_stays_as_it_is(office: Office) -> None:
    row = note_on_first_skipped(office, NOTE)
    office.run("note", row, "--follow-up", "2026-12-09", *BY)
    office.run("note", row, "Jo is away", *BY)
    office.run("note", row, "--follow-up", "", *BY)
    office.run("note", row, "--owner", "", *BY)
    assert office.desk.calls == [
        ("note", row, "Ask Jo", "Kim", date(2026, 12, 9), (NOTE,), "Ann"),
        ("note", row, "Jo is away", "Kim", DEC_3, (NOTE,), "Ann"),
        ("note", row, "Ask Jo", "Kim", None, (NOTE,), "Ann"),
        ("note", row, "Ask Jo", "", DEC_3, (NOTE,), "Ann"),
    ]


def test_a_note_is_taken_off_as_a_whole(office: Office) -> None:
    row = note_on_first_skipped(office, NOTE)
    assert office.run("note", row, "--remove", *BY) == 0
    assert office.desk.calls == [("note", row, "", "", None, (NOTE,), "Ann")]
    assert office.run("note", row, "--remove", "--owner", "Kim", *BY) == 2


def test_with_its_id_alone_a_note_is_shown_with_who_and_when(office: Office) -> None:
    row = note_on_first_skipped(office, HEARD, NOTE)
    assert office.json("note", row) == {
        "note": "Jo knows\nAsk Jo",
        "owner": "Kim",
        "follow_up": "2026-12-03",
        "noted_by": "Jo",
        "noted_at": "2026-11-23T00:00:00+00:00",
    }
    office.run("note", row)
    assert office.out.splitlines() == [
        "Jo, 23 Nov 2026: Jo knows.",
        "Ben, 22 Nov 2026: Ask Jo. Kim sees to it. Follow up on 3 Dec 2026.",
    ]
    assert office.desk.calls == []


@pytest.mark.usefixtures("in_sydney")
def test_a_note_bears_the_day_of_this_computer(office: Office) -> None:
    row = note_on_first_skipped(office, replace(HEARD, at=datetime(2026, 11, 22, 21, tzinfo=UTC)))
    office.run("note", row)
    assert office.out == "Jo, 23 Nov 2026: Jo knows.\n"


def test_of_a_row_on_which_nothing_is_noted_that_is_said(office: Office) -> None:
    row = note_on_first_skipped(office)
    assert office.run("note", row) == 0
    assert office.out == "Nothing is noted on this row.\n"
    assert office.json("note", row)["note"] is None
    assert office.desk.calls == []


def test_lists_show_what_is_noted_on_their_rows(office: Office) -> None:
    note_on_first_skipped(office, NOTE)
    first, second, *_ = office.json("list", "skipped")
    names = ("note", "owner", "follow_up", "noted_by")
    assert [first[name] for name in names] == ["Ask Jo", "Kim", "2026-12-03", "Ben"]
    assert {second[name] for name in names} == {None}
    assert office.json("list", "proposals")[0]["note"] == "Ask Jo"
    assert office.json("list", "matched")[0]["note"] is None


def test_what_somebody_sees_to_is_a_list_the_first_day_at_the_top(office: Office) -> None:
    assert office.run("list", "follow-ups") == 0
    assert office.out == "Nobody sees to any row, and none is to be followed up.\n"
    view = firm_view()
    first, second, *others = view.skipped
    sooner = replace(NOTE, follow_up=date(2026, 12, 1))
    someday = replace(NOTE, follow_up=None)
    office.desk.desk_view = replace(
        view,
        skipped=(replace(first, notes=(someday,)), replace(second, notes=(NOTE,)), *others),
        unmatched=(replace(view.unmatched[0], notes=(sooner,)), replace(view.unmatched[1], notes=(replace(HEARD),))),
    )
    rows = office.json("list", "follow-ups")
    assert [(row["list"], row["follow_up"]) for row in rows] == [
        ("unmatched", "2026-12-01"),
        ("skipped", "2026-12-03"),
        ("skipped", None),
    ]
    office.run("list", "follow-ups")
    assert office.out.splitlines()[0].split()[:3] == ["Follow", "up", "Owner"]
