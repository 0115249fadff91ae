"""Shows rows as tables for a person and as documents for a script."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmxero_desktop.cli.rows import Row
from cmxero_desktop.cli.tables import table
from cmxero_desktop.domain.copying import CopyingByOthers, CopyingRow, Fault, Good
from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.other_writer import COMING_BACK
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement, Reason
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY, Alert, AlertKind
from cmxero_desktop.services.records.decisions import Decision
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow
from tests.cli.conftest import Office
from tests.domain.support import POLICY, case, nov, run, snapshot, unreadable, xero
from tests.ui.views import NOW, aud, view_of

LISTS = ("proposals", "holds", "matched", "unmatched", "skipped", "settled", "alerts", "history")
ALERT = Alert(
    key="a-1",
    kind=AlertKind.REMOVAL_LIMIT,
    rule=Rule.R27,
    explanation="Six removals in one check.",
    next_step="Look at each of them.",
    raised_at=NOW,
    invoice_number="CM-10101",
    amount=aud("880.00"),
    case_payment_id=CasePaymentId(503),
    on=date(2026, 10, 30),
)


def _of(rows: list[dict[str, Any]], number: str) -> dict[str, Any]:
    (row,) = (row for row in rows if row["invoice_number"] == number)
    return row


def test_a_proposal_shows_both_sides_of_its_change(office: Office) -> None:
    rows = office.json("list", "proposals")
    assert len(rows) == len(office.desk.desk_view.review)
    add = _of(rows, "CM-10234")
    after = {"date": "2026-11-24", "amount": "1500.00", "reference": "REM889"}
    assert {key: add["after"][key] for key in after} == after
    assert (add["kind"], add["state"], add["before"], add["amount"]) == ("add", "proposed", None, "1500.00")
    assert (add["xero_payment_id"], add["case_payment_id"], add["outcome"]) == ("a1", None, None)
    removal = _of(rows, "CM-10101")
    assert (removal["kind"], removal["case_payment_id"], removal["after"]) == ("remove", 503, None)
    assert removal["before"]["amount"] == "880.00"
    assert _of(rows, "CM-10240")["near"] == [501]


def test_what_is_on_hold_is_listed_by_the_day_on_which_it_comes_back(office: Office) -> None:
    view = office.desk.desk_view
    first, second = view.review[0], view.review[1]
    said = Decision(by="R. Patel", at=NOW, reason="ask the client")
    soon = replace(
        first, stored=replace(first.stored, state=ProposalState.HELD, decision=replace(said, until=date(2026, 11, 27)))
    )
    ever = replace(second, stored=replace(second.stored, state=ProposalState.HELD, decision=said))
    office.desk.desk_view = replace(view, review=(ever, *view.review[2:], soon))
    rows = office.json("list", "holds")
    assert [row["held_until"] for row in rows] == ["2026-11-27", "2026-12-02", None]
    assert (rows[0]["decided_by"], rows[0]["decided_why"]) == ("R. Patel", "ask the client")
    assert [row["leaves"] for row in rows][::2] == [
        "On 27 Nov 2026, by itself, or sooner when it is put back or its facts change.",
        "When it is put back or its facts change.",
    ]
    assert office.run("list", "holds") == 0
    assert office.out.splitlines()[0].split()[:2] == ["Until", "Id"]
    office.desk.desk_view = replace(view, review=())
    assert office.run("list", "holds") == 0
    assert office.out == "Nothing is on hold.\n"


def test_a_row_that_came_back_from_a_hold_says_so_and_has_no_day_any_more(office: Office) -> None:
    view = office.desk.desk_view
    said = Decision(by="R. Patel", at=NOW, until=date(2026, 11, 25))
    rows = tuple(replace(row, stored=replace(row.stored, decision=said)) for row in view.review)
    office.desk.desk_view = replace(view, review=rows)
    back = _of(office.json("list", "proposals"), "CM-10234")
    assert (back["held_until"], back["hold_ended"]) == (None, "2026-11-25")


def test_a_table_has_a_heading_and_its_amounts_end_alike(office: Office) -> None:
    assert office.run("list", "proposals") == 0
    heading, *lines = office.out.splitlines()
    assert heading.split()[:4] == ["Id", "Change", "State", "Until"]
    assert len(lines) == len(office.desk.desk_view.review)
    end = heading.index("Amount") + len("Amount")
    assert {line[end - 3] for line in lines} == {"."}
    assert not [line for line in office.out.splitlines() if line != line.rstrip()]


def test_a_matched_pair_names_both_payments_and_how(office: Office) -> None:
    row = _of(office.json("list", "matched"), "CM-10001")
    assert (row["xero_payment_id"], row["case_payment_id"]) == ("m10001", 10001)
    assert (row["matched_how"], row["amount"]) == ("Linked earlier", "1547.05")


def test_an_unmatched_payment_says_on_which_side_it_is_and_what_is_close(office: Office) -> None:
    rows = office.json("list", "unmatched")
    alone = _of(rows, "CM-10115")
    assert (alone["side"], alone["case_payment_id"], alone["xero_payment_id"]) == ("case_manager", 509, None)
    assert alone["reason"] == "Not in Xero"
    new = _of(rows, "CM-10234")
    assert (new["side"], new["reason"], new["xero_payment_id"]) == ("xero", "Not in Case Manager", "a1")
    assert new["proposal_id"] == _of(office.json("list", "proposals"), "CM-10234")["id"]
    assert any(row["near"] for row in rows)


def test_a_skipped_payment_says_why_and_when_it_is_ready(office: Office) -> None:
    rows = office.json("list", "skipped")
    dated = _of(rows, "CM-10244")
    assert (dated["ready_on"], dated["leaves"]) == ("2026-12-07", "On 7 Dec 2026, by itself.")
    assert _of(rows, "CM-99999")["leaves"] == "When Case Manager has it, or you say which invoice it is."
    assert dated["reason"]
    assert dated["next_step"]
    assert _of(rows, "CM-99999")["side"] == "xero"


def _unreadable(office: Office, row: UnreadableRow) -> None:
    placement = Placement(
        bucket=Bucket.SKIPPED,
        invoice_number="CM-1",
        rule=Rule.R30,
        explanation="It cannot be read.",
        unreadable=row,
        reason=Reason.UNREADABLE,
    )
    view = office.desk.desk_view
    skipped = PaymentRow(placement=placement, result=view.matched[0].result)
    office.desk.desk_view = replace(view, skipped=(skipped,))


@pytest.mark.parametrize(
    ("xero", "case"), [(XeroPaymentId("x-77"), None), (None, CasePaymentId("k-9"))], ids=["xero", "case manager"]
)
def test_a_row_that_cannot_be_read_is_named_by_what_is_known(
    office: Office, xero: XeroPaymentId | None, case: CasePaymentId | None
) -> None:
    row = UnreadableRow(
        side=Side.XERO if xero else Side.CASE_MANAGER,
        place="payments, line 3",
        problem="the amount is empty",
        invoice_number="CM-1",
        xero_payment_id=xero,
        case_payment_id=case,
    )
    _unreadable(office, row)
    (shown,) = office.json("list", "skipped")
    assert (shown["xero_payment_id"], shown["case_payment_id"]) == (xero, case.value if case else None)
    assert (shown["amount"], shown["date"]) == (None, None)


@pytest.mark.parametrize("words", [("list", "matched"), ("tieout",)], ids=" ".join)
def test_what_belongs_elsewhere_than_the_settings_lead_says_so_beside_the_document(
    office: Office, words: tuple[str, ...]
) -> None:
    moved = replace(ALERT, kind=AlertKind.DATABASE_MOVED, explanation="It was moved.", next_step="Say so.")
    office.desk.desk_view = replace(office.desk.desk_view, alerts=(moved, ALERT))
    assert office.json(*words)
    assert (office.status, office.err) == (0, "It was moved. Say so.\n")


@pytest.mark.usefixtures("in_sydney")
def test_an_alert_stands_since_the_day_of_this_computer(office: Office) -> None:
    alert = replace(ALERT, raised_at=datetime(2026, 11, 22, 21, tzinfo=UTC))
    office.desk.desk_view = replace(office.desk.desk_view, alerts=(alert,))
    assert office.json("list", "alerts")[0]["since"] == "2026-11-23"


def test_an_alert_says_what_to_do(office: Office) -> None:
    office.desk.desk_view = replace(office.desk.desk_view, alerts=(ALERT,))
    assert office.json("list", "alerts") == [
        {
            "id": "a-1",
            "kind": "removal_limit",
            "invoice_number": "CM-10101",
            "amount": "880.00",
            "date": "2026-10-30",
            "xero_payment_id": None,
            "case_payment_id": 503,
            "account": None,
            "raised_at": NOW.isoformat(),
            "since": NOW.date().isoformat(),
            "state": "open",
            **dict.fromkeys(("day", "debit_date", "debit_date_is", "last_safe_day", "at_risk")),
            "explanation": "Six removals in one check.",
            "next_step": "Look at each of them.",
            "rule": "R27",
        }
    ]


def test_history_says_who_did_what_to_which_payment(office: Office) -> None:
    rows = office.json("list", "history")
    assert [row["id"] for row in rows] == [f"h-{number}" for number in range(1, 7)]
    held = rows[4]
    assert (held["who"], held["what"], held["invoice_number"]) == ("R. Patel", "held", "CM-10238")
    assert held["explanation"] == held["reason"] == "waiting for the client's remittance advice"
    assert held["amount"] == "330.00"
    assert (rows[0]["invoice_number"], rows[0]["amount"], rows[0]["date"]) == (None, None, None)


@pytest.mark.parametrize("what", LISTS)
def test_an_empty_list_is_a_sentence_for_a_person_and_an_empty_list_for_a_script(office: Office, what: str) -> None:
    office.desk.desk_view = view_of((), ())
    assert office.json("list", what) == []
    assert office.run("list", what) == 0
    assert office.out.endswith(".\n")
    assert len(office.out.splitlines()) == 1


@pytest.mark.parametrize("what", LISTS[:5])
def test_every_row_of_every_list_is_a_line_of_its_table(office: Office, what: str) -> None:
    rows = office.json("list", what)
    office.run("list", what)
    assert len(office.out.splitlines()) == len(rows) + 1


def test_a_text_of_two_lines_does_not_break_its_table() -> None:
    row: Row = {"side": "xero", "explanation": "one\ntwo", "near": [501, "k-9"], "amount": None}
    assert table("unmatched", [row]).splitlines()[1].split("  ")[-1] == "one / two"
    assert "501, k-9" in table("unmatched", [row])


def test_what_was_settled_another_way_and_what_went_back_are_one_list(office: Office) -> None:
    settled, *back = office.json("list", "settled")
    assert (settled["kind"], settled["went_back"], settled["invoice_number"]) == ("credit note", False, "CM-10117")
    assert settled["explanation"] == "200.00 was settled in Xero by a credit note CN-88."
    assert [(row["kind"], row["went_back"], row["invoice_number"], row["amount"]) for row in back] == [
        ("credit note", True, "CM-10117", "120.00"),
        ("overpayment", True, None, "45.00"),
    ]
    assert back[1]["explanation"] == ("45.00 on 9 Nov 2026 went back to Acme Insurance in Xero, out of an overpayment.")
    assert [row["id"] for row in office.json("tieout")["money_went_back"]] == ["r-back-1", "r-back-2"]


def _without_tie_out(view: DeskView) -> DeskView:
    return replace(view, tie_out=None)


def test_the_statement_ends_in_nothing_for_all_and_for_each_invoice(office: Office) -> None:
    document = office.json("tieout")
    assert office.status == 0
    assert document["difference"] == "0.00"
    assert {each["difference"] for each in document["invoices"]} == {"0.00"}
    assert document["settled_another_way"] == [
        {
            "invoice_number": "CM-10117",
            "kind": "credit note",
            "number": "CN-88",
            "amount": "200.00",
            "date": "2026-11-08",
        }
    ]
    office.run("tieout")
    lines = office.out.splitlines()
    assert lines[0].startswith("Xero ")
    assert lines[-1].startswith("Difference not explained")
    assert lines[-1].endswith(" 0.00")
    assert len(lines) == len(document["lines"]) + 3


def test_a_difference_that_no_row_explains_is_no_success(office: Office) -> None:
    view = office.desk.desk_view
    assert view.tie_out is not None
    office.desk.desk_view = replace(view, tie_out=replace(view.tie_out, difference=aud("0.01")))
    assert office.run("tieout") == 1
    assert office.err == "A difference of 0.01 is not explained by any row.\n"


def test_nothing_is_added_up_before_the_first_check(office: Office) -> None:
    office.desk.desk_view = _without_tie_out(office.desk.desk_view)
    assert office.run("tieout") == 1
    assert "Run cmxero poll first." in office.err
    assert office.out == ""


def test_both_debtor_lists_stand_side_by_side_with_the_entry_to_make(office: Office) -> None:
    leftover = snapshot([], [case(9, "33", nov(9))])
    office.desk.debtors = compare_debtors([(leftover, run(leftover))], (), POLICY)
    document = office.json("debtors")
    (invoice,) = document.pop("invoices")
    (reason,) = invoice.pop("reasons")
    assert document == {
        "causes": [
            {
                "cause": "leftover",
                "reason": "payment only in Case Manager",
                "invoices": 1,
                "amount": "-33.00",
                "counts_twice": True,
                "entry": "Link, explain or correct each one in Unmatched.",
            }
        ],
        "due_xero": "1000.00",
        "balance_case_manager": "967.00",
        "difference": "-33.00",
        "payments_difference": None,
        "steps_from_payments": [],
        "unexplained": "0.00",
        "unknown": 0,
        "xero_as_of": None,
    }
    assert invoice == {
        "invoice_number": "CM-100",
        "due_xero": "1000.00",
        "balance_case_manager": "967.00",
        "difference": "-33.00",
    }
    assert (reason["reason"], reason["amount"]) == ("payment only in Case Manager", "-33.00")
    assert reason["entry"].startswith("Find out whose money")
    assert office.run("debtors") == 0
    assert "may count money twice" in office.out
    assert office.out.rstrip().endswith("Case Manager is 33.00 below Xero, all of it named.")


def test_why_payments_and_debtors_differ_by_other_sums_stands_above_the_debtors(office: Office) -> None:
    owed = [snapshot([xero()], []), snapshot([xero("P2")], [case(2)], credited="200", number=101)]
    lists = compare_debtors([(facts, run(facts)) for facts in owed], (), POLICY)
    office.desk.debtors = replace(lists, less_paid=aud("400"))
    document = office.json("debtors")
    assert (document["payments_difference"], document["steps_from_payments"]) == (
        "400.00",
        [{"step": "payments", "amount": "400.00"}, {"step": "credits and adjustments", "amount": "200.00"}],
    )
    assert office.run("debtors") == 0
    assert office.out.splitlines()[-2:] == [
        (
            "Payments differ by 400.00, debtors by 600.00: +400.00 payments, +200.00 credits and adjustments; "
            "together +600.00 in the debtors."
        ),
        "Case Manager is 600.00 above Xero, all of it named.",
    ]


def test_what_nothing_explains_between_the_debtor_lists_is_a_failure(office: Office) -> None:
    lost = snapshot([xero()])
    office.desk.debtors = compare_debtors([(lost, Correlation())], (), POLICY)
    assert office.run("debtors") == 1
    assert "Case Manager is 400.00 above Xero, 400.00 of it not explained." in office.out
    assert "400.00 of the differences are not explained" in office.err


def test_debtor_lists_that_agree_say_so(office: Office) -> None:
    assert office.run("debtors") == 0
    assert office.out.rstrip().endswith("Both debtor lists agree on every invoice.")
    up, down = snapshot([xero()]), snapshot([], [case(9, "400", nov(9))], number=7)
    office.desk.debtors = compare_debtors([(up, run(up)), (down, run(down))], (), POLICY)
    assert office.run("debtors") == 0
    assert office.out.rstrip().endswith("In sum both lists agree, all of it named.")


def test_an_invoice_that_agrees_only_in_sum_is_listed_as_such(office: Office) -> None:
    hidden = snapshot([], [case(9, "33", nov(9))], refunds="33")
    office.desk.debtors = compare_debtors([(hidden, run(hidden))], (), POLICY)
    (invoice,) = office.json("debtors")["invoices"]
    assert invoice["difference"] == "0.00"
    assert [reason["amount"] for reason in invoice["reasons"]] == ["-33.00", "33.00"]
    assert office.run("debtors") == 0
    assert "Agrees in sum, so make all of these entries or none." in office.out


COPIED = CopyingByOthers(
    good=(
        CopyingRow(
            what=Good.IN_TIME,
            invoice_number="CM-101",
            amount=Money.of("70.00", "AUD"),
            paid_on=nov(2),
            explanation="Entered in Xero on 20 Nov 2026, and first seen in Case Manager on 20 Nov 2026.",
            xero_id=XeroPaymentId("P2"),
        ),
    ),
    rows=(
        CopyingRow(
            what=Fault.MISSED,
            invoice_number="CM-100",
            amount=Money.of("400.00", "AUD"),
            paid_on=nov(1),
            explanation="Entered in Xero on 20 Nov 2026, and not in Case Manager a day later.",
            xero_id=XeroPaymentId("P1"),
        ),
        CopyingRow(
            what=Fault.DOUBLED,
            invoice_number="CM-100",
            amount=Money.of("50.00", "AUD"),
            paid_on=nov(2),
            explanation="Twice.",
            case_id=CasePaymentId(7),
        ),
    ),
)


def test_what_others_copied_is_given_in_figures_with_its_rows(office: Office) -> None:
    office.desk.copying = COPIED
    document = office.json("others")
    missed, doubled = document.pop("rows")
    (in_time,) = document.pop("good")
    assert (in_time["fault"], in_time["invoice_number"]) == ("in time", "CM-101")
    assert document == {"copied": 1, "waiting": 0, "late": 0, "missed": 1, "doubled": 1}
    assert (missed["id"], missed["fault"], missed["amount"], missed["date"]) == (
        "missed-P1",
        "missed",
        "400.00",
        "2026-11-01",
    )
    assert (doubled["xero_payment_id"], doubled["case_payment_id"]) == (None, 7)
    assert office.run("others") == 0
    first, *rows = office.out.splitlines()
    assert first == "1 copied by others, 0 of them late; 0 may still come; 1 missed, 1 doubled."
    assert [row[:15].strip() for row in rows] == ["missed", "doubled", "in time"]


def test_after_another_writer_was_seen_it_is_said_what_has_to_be_true_first(office: Office) -> None:
    writer = Alert(
        key=OTHER_WRITER_KEY,
        kind=AlertKind.OTHER_WRITER,
        rule=Rule.R29,
        explanation="Somebody.",
        next_step="",
        raised_at=NOW,
    )
    office.desk.desk_view = replace(office.desk.desk_view, alerts=(writer,))
    assert office.run("others") == 0
    assert office.out.splitlines()[-3:] == [f"{number}. {words}" for number, words in enumerate(COMING_BACK, start=1)]


def test_what_cannot_be_compared_is_unknown_and_xeros_age_is_told(office: Office) -> None:
    broken = snapshot(unreadable=[unreadable(Side.CASE_MANAGER)])
    office.desk.debtors = replace(
        compare_debtors([(broken, run(broken))], (), POLICY), xero_as_of=datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    )
    document = office.json("debtors")
    (invoice,) = document["invoices"]
    assert (document["unknown"], document["xero_as_of"]) == (1, "2026-11-22T03:00:00+00:00")
    assert (invoice["due_xero"], invoice["balance_case_manager"], invoice["difference"]) == ("1000.00", None, None)
    assert [reason["amount"] for reason in invoice["reasons"]] == [None]
    assert office.run("debtors") == 0
    assert "all 0 known invoices" in office.out
    assert office.out.rstrip().endswith("Case Manager as it is now.")


def test_the_debtors_are_shown_by_cause(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    up, down = snapshot([xero()]), replace(snapshot([], [case(9, "33", nov(9))], number=7), number="CM-7")
    office.desk.debtors = compare_debtors([(up, run(up)), (down, run(down))], (), POLICY)
    for words in ("to-add", "payment to add", "TO-ADD"):
        document = office.json("debtors", "--cause", words)
        assert [invoice["invoice_number"] for invoice in document["invoices"]] == ["CM-100"]
        assert (len(document["causes"]), document["difference"]) == (2, "367.00")
    assert office.run("debtors", "--cause", "leftover") == 0
    first, second, *_ = office.out.splitlines()
    assert first == (
        "leftover             1          -33.00  payment only in Case Manager (may count money twice). "
        "Link, explain or correct each one in Unmatched."
    )
    assert second.startswith("to-add               1          400.00  payment to add.")
    assert "CM-7" in office.out
    assert "CM-100" not in office.out
    assert office.run("debtors", "--cause", "magic") == 2
    assert "magic is no cause; cmxero debtors begins with those that there are" in capsys.readouterr().err
