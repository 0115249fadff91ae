"""Both sides of a row, field by field, and the sentences around them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtGui import QTextDocumentFragment

from cmxero_desktop.domain.alternatives import Alternative
from cmxero_desktop.domain.consequences import Consequence
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, ProposalId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket, MatchedHow
from cmxero_desktop.domain.proposals import Evidence, PaymentValues, ProposalKind
from cmxero_desktop.domain.records import PaymentStatus, Side
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.viewing.desk_view import DeskView, OtherInvoice, PaymentRow, ReviewRow
from cmxero_desktop.ui.evidence.comparison import DIFFERENT, EQUAL, ComparedField, Subject, compare, headings
from cmxero_desktop.ui.evidence.ledger import LedgerLine, ledger_html, ledger_lines
from cmxero_desktop.ui.evidence.text import (
    alternatives_html,
    cases_of,
    comparison_html,
    effects_html,
    evidence_html,
    history_html,
)
from cmxero_desktop.ui.theme.colours import LIGHT
from cmxero_desktop.ui.theme.words import why
from tests.ui.views import NOW, aud, firm_view
from tests.ui.views import day as day_of


@pytest.fixture(scope="module")
def view() -> DeskView:
    return firm_view()


def _review(view: DeskView, number: str) -> ReviewRow:
    return next(row for row in view.review if row.stored.proposal.invoice_number == number)


def _placed(view: DeskView, number: str) -> PaymentRow:
    rows = (*view.matched, *view.unmatched, *view.skipped)
    return next(row for row in rows if row.placement.invoice_number == number)


def _fields(subject: Subject) -> dict[str, ComparedField]:
    return {field.name: field for field in compare(subject)}


def test_an_add_is_compared_with_the_payment_that_is_close(view: DeskView) -> None:
    fields = _fields(Subject.of_review(_review(view, "CM-10240")))
    assert (fields["Amount"].xero, fields["Amount"].case_manager, fields["Amount"].sign) == ("330.00", "330.00", EQUAL)
    assert (fields["Date paid"].sign, fields["Reference"].sign) == (DIFFERENT, DIFFERENT)
    assert fields["Invoice"].case_manager == "10240 - 4471 Lee, J"
    assert fields["Payment"].case_manager == "no. 501 - no notes"


def test_a_removal_is_compared_with_the_payment_that_xero_deleted(view: DeskView) -> None:
    fields = _fields(Subject.of_review(_review(view, "CM-10101")))
    assert fields["State"].xero == "deleted in Xero on 25 Nov 2026"
    assert (fields["Payment"].xero, fields["Payment"].case_manager) == ("d1", "no. 503 - Xero payment d1")


def test_an_unpaired_payment_is_compared_with_its_near_match_of_the_invoice_from_either_side(view: DeskView) -> None:
    near = [row for row in view.unmatched if _has_near_here(row)]
    sides = {row.placement.side for row in near}
    assert len(sides) == 2
    for row in near:
        subject = Subject.of_payment(row)
        assert subject.xero is not None
        assert subject.case is not None


def test_money_on_another_invoice_is_shown_with_its_place_in_review_and_in_unmatched_alike(view: DeskView) -> None:
    row = _review(view, "CM-10240")
    (close,) = row.stored.proposal.near_here
    elsewhere = replace(close, invoice_id=CaseInvoiceId(10241))
    stored = replace(row.stored, proposal=replace(row.stored.proposal, near=(elsewhere,)))
    unknown = replace(row, stored=stored)
    assert why(unknown) == "On another invoice: 330.00, 22 Nov"
    other = OtherInvoice(invoice_id=CaseInvoiceId(10241), number="CM-10241", bill_to="QBE")
    assert why(replace(unknown, elsewhere=(other,))) == "CM-10241, QBE (other payer): 330.00, 22 Nov"
    same = replace(other, bill_to=row.bill_to)
    assert why(replace(unknown, elsewhere=(same,))) == "CM-10241, Acme Insurance: 330.00, 22 Nov"
    assert why(row) == "Near it in CM: 330.00, 22 Nov"
    there = Subject.of_review(replace(unknown, elsewhere=(other,)))
    assert (there.case, headings(there)[1]) == (elsewhere, "on CM-10241, perhaps the same")
    assert _fields(there)["Bill To"].case_manager == "QBE"


def test_the_nearest_reason_stands_first_and_the_other_invoice_is_named_with_its_payer(view: DeskView) -> None:
    row = _review(view, "CM-10160")
    assert why(row) == "CM-10166, QBE (other payer): 400.00, 5 Nov"
    alone = next(one for one in view.unmatched if one.placement.invoice_number == "CM-10160")
    away = Subject.of_payment(alone, row.elsewhere)
    in_review = Subject.of_review(row)
    assert (in_review.xero, in_review.case, compare(in_review)) == (away.xero, away.case, compare(away))
    assert headings(away) == headings(in_review) == ("original", "on CM-10166, near it")
    assert headings(replace(away, elsewhere=())) == ("original", "on another invoice, near it")
    typed = next(one for one in view.unmatched if one.placement.case and one.placement.near_xero)
    assert headings(Subject.of_payment(typed)) == ("perhaps the same", "typed by hand")
    assert headings(Subject.of_review(_review(view, "CM-10166"))) == ("original", "perhaps the same")
    assert headings(Subject.of_review(_review(view, "CM-10101")))[1] == "copy"
    assert headings(Subject.of_payment(_placed(view, "CM-10115"))) == ("original", "typed by hand"), "alone"
    assert headings(Subject.of_payment(_placed(view, "CM-10001"))) == ("original", "copy"), "matched"
    assert [str(one) for one in row.elsewhere] == ["CM-10166, QBE"]
    assert {e.name for e in row.stored.proposal.evidence if not e.holds} == set(), "no cross against other money"


def _has_near_here(row: PaymentRow) -> bool:
    snapshot = row.result.snapshot
    case_ids = {payment.payment_id for payment in snapshot.case_payments} & set(row.placement.near_case)
    return bool(case_ids or {payment.payment_id for payment in snapshot.xero_payments} & set(row.placement.near_xero))


def test_a_matched_pair_agrees_in_everything_that_must(view: DeskView) -> None:
    fields = _fields(Subject.of_payment(_placed(view, "CM-10001")))
    assert {fields[name].sign for name in ("Date paid", "Amount", "Reference")} == {EQUAL}
    assert fields["State"].xero == "reconciled to bank in Xero"
    assert fields["State"].case_manager == "not journalled"


def test_what_only_one_side_has_leaves_the_other_blank(view: DeskView) -> None:
    alone = _fields(Subject.of_payment(_placed(view, "CM-10115")))
    assert (alone["Amount"].xero, alone["Amount"].case_manager, alone["Amount"].sign) == ("", "120.00", "")
    assert (alone["Payment"].xero, alone["State"].xero, alone["Paid to / type"].xero) == ("", "", "")
    assert alone["Bill To"].xero == "QBE"
    foreign = _fields(Subject.of_payment(_placed(view, "CM-99999")))
    assert foreign["Invoice"].case_manager == "not in Case Manager"
    assert (foreign["Bill To"].case_manager, foreign["State"].case_manager) == ("", "")


def test_states_are_told_in_full(view: DeskView) -> None:
    several = _fields(Subject.of_payment(_placed(view, "CM-10111")))
    assert several["State"].case_manager == "not journalled, multi-invoice"
    journalled = next(row for row in view.skipped if row.placement.case and row.placement.case.is_journalled)
    assert _fields(Subject.of_payment(journalled))["State"].case_manager == "journalled (1042)"
    subject = Subject.of_payment(_placed(view, "CM-10001"))
    assert subject.xero is not None
    batch = replace(subject, xero=replace(subject.xero, batch_payment_id="b-7", is_bank_reconciled=False))
    assert _fields(batch)["State"].xero == "not reconciled to bank, in a batch"


def test_a_payment_whose_invoice_is_not_known_is_still_shown(view: DeskView) -> None:
    subject = replace(Subject.of_payment(_placed(view, "CM-10001")), result=None)
    fields = _fields(subject)
    assert (fields["Invoice"].xero, fields["Invoice"].case_manager) == ("CM-10001", "not in Case Manager")
    assert compare(Subject(None, None, None))[0] == ComparedField("Invoice", "", "not in Case Manager")


def test_a_removal_that_names_no_original_finds_it_by_the_note(view: DeskView) -> None:
    row = _review(view, "CM-10101")
    bare = replace(row, stored=replace(row.stored, proposal=replace(row.stored.proposal, xero=None, replaced=None)))
    found = Subject.of_review(bare).xero
    assert found is not None
    assert found.payment_id == "d1"
    assert Subject.of_review(replace(bare, result=None)).xero is None


def test_tests_that_do_not_hold_say_the_opposite() -> None:
    shown = evidence_html(
        [
            Evidence("amount equal", holds=True),
            Evidence("date equal", holds=False),
            Evidence("not journalled", holds=False),
            Evidence("named in Notes", holds=False),
        ],
        LIGHT,
    )
    for said in ("✓</b> amount equal", "✗</b> date differs", "✗</b> journalled", "✗</b> not named in Notes"):
        assert said in shown


def test_both_ledgers_face_each_other_and_say_what_is_owed(view: DeskView) -> None:
    row = _review(view, "CM-10160")
    assert row.result is not None
    paired, alone = ledger_lines(row.result)
    assert (paired.xero is not None, paired.case is not None, alone.case) == (True, True, None)
    shown = ledger_html(row.result, row.stored.proposal, LIGHT)
    for said in ("Owed now", "After this", "200.00 more", "agrees", "A-1"):
        assert said in shown
    assert "Case Manager has no such invoice." in ledger_html(_placed(view, "CM-99999").result, None, LIGHT)


def test_a_deleted_payment_is_struck_through_and_its_copy_faces_it(view: DeskView) -> None:
    row = _review(view, "CM-10101")
    assert row.result is not None
    (line,) = ledger_lines(row.result)
    assert line.note == "deleted in Xero"
    assert "line-through" in ledger_html(row.result, row.stored.proposal, LIGHT)


def test_a_line_says_what_is_worth_saying(view: DeskView) -> None:
    pair = _placed(view, "CM-10001").placement
    assert pair.xero is not None
    assert pair.case is not None
    later = replace(pair.case, paid_on=pair.case.paid_on + timedelta(days=1), is_journalled=True, reference="chq")
    assert LedgerLine(pair.xero, later).note == f"{pair.xero.reference}, there {day(later.paid_on)}, journalled"
    assert LedgerLine(None, later).note == "chq, journalled"
    assert LedgerLine(None, later).paid_on == later.paid_on


def test_a_long_ledger_says_how_much_more_there_is(view: DeskView) -> None:
    result = _placed(view, "CM-10001").result
    (payment,) = result.snapshot.case_payments
    many = tuple(replace(payment, payment_id=CasePaymentId(n)) for n in range(70))
    assert "and 11 more" in ledger_html(
        replace(result, snapshot=replace(result.snapshot, case_payments=many)), None, LIGHT
    )


def test_adjustments_are_part_of_the_balance(view: DeskView) -> None:
    result = _placed(view, "CM-10001").result
    invoice = result.snapshot.case_invoice
    assert invoice is not None
    snapshot = replace(result.snapshot, case_invoice=replace(invoice, adjustments=aud("-12.50")))
    shown = ledger_html(replace(result, snapshot=snapshot), None, LIGHT)
    assert "Adjustments and refunds" in shown
    assert "12.50 less" in shown


def test_an_invoice_in_another_currency_is_shown_and_its_money_named(view: DeskView) -> None:
    result = _placed(view, "CM-10001").result
    invoice = result.snapshot.xero_invoice
    assert invoice is not None
    usd = Money.of("70.00", "USD")
    foreign = replace(invoice, total=usd, amount_paid=usd, amount_credited=Money.zero("USD"))
    paid = tuple(replace(payment, amount=usd) for payment in result.snapshot.xero_payments)
    snapshot = replace(result.snapshot, xero_invoice=foreign, xero_payments=paid)
    shown = ledger_html(replace(result, snapshot=snapshot), None, LIGHT)
    assert "70.00 USD" in shown
    assert "agrees" not in shown


def test_without_xeros_invoice_there_is_nothing_to_agree_with(view: DeskView) -> None:
    result = _placed(view, "CM-10001").result
    bare = replace(result.snapshot, xero_invoice=None, xero_payments=())
    shown = ledger_html(replace(result, snapshot=bare), None, LIGHT)
    assert "agrees" not in shown


def test_what_differs_stands_first_and_what_is_equal_in_one_line(view: DeskView) -> None:
    subject = Subject.of_review(_review(view, "CM-10240"))
    shown = comparison_html(compare(subject), subject, LIGHT)
    assert shown.index("Date paid ≠") < shown.index("Paid to / type")
    assert "Same on both sides: Bill To Acme Insurance, Amount 330.00" in shown
    assert LIGHT.caution_tint in shown


def test_what_is_alone_has_one_column_and_what_was_deleted_equals_nothing(view: DeskView) -> None:
    alone = Subject.of_review(_review(view, "CM-10234"))
    assert "CASE MANAGER" not in comparison_html(compare(alone), alone, LIGHT)
    gone = Subject.of_review(_review(view, "CM-10101"))
    assert {field.sign for field in compare(gone) if field.name in {"Amount", "Date paid"}} == {""}
    assert "before it was deleted" in comparison_html(compare(gone), gone, LIGHT)
    only_case = Subject.of_payment(_placed(view, "CM-10115"))
    shown = comparison_html(compare(only_case), only_case, LIGHT)
    assert "XERO" not in shown
    assert "CASE MANAGER</b> typed by hand" in shown
    assert "Same on both sides" not in shown
    assert "On both invoices: Bill To QBE" in shown


def test_more_alternatives_than_a_person_reads_are_counted(view: DeskView) -> None:
    (close,) = _review(view, "CM-10240").stored.proposal.near
    shown = alternatives_html([Alternative(close, "1 day earlier")] * 8, LIGHT)
    assert shown.count("1 day earlier") == 6
    assert shown.endswith("and 2 more")


def test_history_is_the_rows_own_else_the_invoices_else_a_sentence(view: DeskView) -> None:
    held = _review(view, "CM-10238").stored
    assert "waiting for the client" in history_html(held, view, "CM-10238", LIGHT)
    assert "waiting for the client" in history_html(None, view, "CM-10238", LIGHT)
    assert "Nothing was decided here yet." in history_html(None, view, "CM-10001", LIGHT)


def _told(html: str) -> list[str]:
    """Return the lines of a history as a person reads them, without their times."""
    lines = QTextDocumentFragment.fromHtml(html).toPlainText().splitlines()
    return [re.sub(r"^\d+ \w{3} \d{4} \d\d:\d\d ", "", line) for line in lines]


def _done(what: AuditWhat, by: str, hour: int, proposal_id: str, *values: PaymentValues | None) -> AuditEntry:
    """Return an entry of an hour of a day, with its values before and after."""
    before, after = values or (None, None)
    event = AuditEvent(
        at=NOW.replace(hour=hour),
        by=by,
        what=what,
        invoice_number="CM-1",
        proposal_id=ProposalId(proposal_id),
        before=before,
        after=after,
    )
    return AuditEntry(sequence=hour, event=event, previous_hash="", entry_hash="")


def test_what_was_done_with_other_payments_of_the_invoice_names_change_amount_and_date(view: DeskView) -> None:
    """Without them "Applied by J. Wu" beside a row of 1,200.00 reads as if that had been written."""
    stored = replace(_review(view, "CM-10240").stored, first_seen_at=NOW.replace(hour=1))
    was = PaymentValues(paid_on=day_of(11), amount=aud("100.00"), reference="", notes="", payment_type="EFT")
    more = replace(was, amount=aud("120.00"))
    link = _done(AuditWhat.APPLIED, "J. Wu", 2, "other", was, was)
    added = _done(AuditWhat.APPROVED, "J. Wu", 3, "third", None, more)
    undone = _done(AuditWhat.UNDONE, "Ann", 4, "fourth", more, was)
    rejected = _done(AuditWhat.REJECTED, "Ann", 5, stored.proposal_id)
    bare = replace(rejected, event=replace(link.event, proposal_id=None))
    mine = replace(_review(view, "CM-10234").stored, first_seen_at=stored.first_seen_at)
    said = _told(history_html(mine, replace(view, history=(link, added, undone, bare)), "CM-1", LIGHT))
    assert said == [
        "Undone by Ann (change of 100.00 on 11 Nov 2026 to 120.00 on 11 Nov 2026)",
        "Approved by J. Wu (add of 120.00 on 11 Nov 2026)",
        "Applied by J. Wu",
        "Applied by J. Wu (link of 100.00 on 11 Nov 2026)",
        "first seen",
    ]
    (line, _) = _told(history_html(mine, replace(view, history=(rejected,)), "CM-1", LIGHT))
    assert line == "Rejected by Ann (add of 330.00 on 23 Nov 2026)", "what it was of stands in its proposal"
    assert _told(history_html(stored, replace(view, history=(link, rejected)), "CM-1", LIGHT))[0] == "Rejected by Ann"


def test_what_is_known_of_the_payment_itself_stands_in_its_history_in_the_order_of_time(view: DeskView) -> None:
    row = _review(view, "CM-10101")
    gone = Subject.of_review(row).xero
    assert gone is not None
    held = _done(AuditWhat.HELD, "Ann", 9, row.stored.proposal_id)
    one, stored = replace(view, history=(held,)), replace(row.stored, first_seen_at=NOW.replace(hour=8))
    deleted = replace(gone, updated_at=NOW.replace(hour=7))
    assert _told(history_html(stored, one, "CM-1", LIGHT, xero=deleted)) == [
        "Put on hold by Ann",
        "first seen",
        "deleted in Xero",
    ]
    late = replace(stored, first_seen_at=NOW.replace(hour=10))
    assert _told(history_html(late, one, "CM-1", LIGHT, xero=deleted))[:2] == ["first seen", "Put on hold by Ann"]
    live = replace(deleted, status=PaymentStatus.AUTHORISED)
    assert _told(history_html(None, replace(view, history=()), "CM-1", LIGHT, xero=live)) == [
        "Nothing was decided here yet.",
        "stands in Xero as it is since then",
    ]


def test_every_kind_of_proposal_is_in_these_examples(view: DeskView) -> None:
    assert {row.stored.proposal.kind for row in view.review} == set(ProposalKind) - {ProposalKind.ACCEPT}
    assert {row.placement.bucket for row in (*view.matched, *view.unmatched, *view.skipped)} == set(Bucket)


def test_what_stands_on_another_invoice_is_not_shown_under_this_ones_number(view: DeskView) -> None:
    row = next(row for row in view.unmatched if row.placement.side is Side.XERO and row.placement.near_case)
    near = row.result.correlation.proposals[0].near[0]
    stray = replace(near, invoice_id=CaseInvoiceId(7), payer="Aon")
    fields = _fields(Subject(row.placement.xero, stray, row.result))
    assert fields["Invoice"].case_manager == "another invoice"
    known = (OtherInvoice(invoice_id=CaseInvoiceId(7), number="CM-7", bill_to="Aon"),)
    fields = _fields(Subject(row.placement.xero, stray, row.result, known))
    assert fields["Invoice"].case_manager == "CM-7, Aon"
    assert fields["Bill To"].case_manager == "Aon"


def test_payments_that_add_up_are_not_called_a_total_that_agrees() -> None:
    """The invoice's totals may differ all the same: the rules' own word beside that was taken for a lie."""
    shown = evidence_html([Evidence("control total agrees", holds=True)], LIGHT)
    assert "payments add up in Xero" in shown
    assert "total" not in shown


def test_each_order_stands_on_a_line_with_its_condition() -> None:
    said = (
        "1. If 400.00 on 5 Nov 2026 is this money, say so. Delete it in Case Manager if it never came. If both are "
        "real: correct CM-10166. 2. Ask. Otherwise approve it alone."
    )
    assert cases_of(said) == [
        "1. If 400.00 on 5 Nov 2026 is this money, say so.",
        "Delete it in Case Manager if it never came.",
        "If both are real: correct CM-10166.",
        "2. Ask.",
        "Otherwise approve it alone.",
    ]
    assert " ".join(cases_of(said)) == said
    assert effects_html([Consequence("What to do", said)], LIGHT).count("<p") == 6
    assert effects_html([Consequence("What to do", "Approve it.")], LIGHT).count("<p") == 1


def test_what_was_linked_long_ago_says_by_whom_it_may_have_been(view: DeskView) -> None:
    linked = next(row for row in view.matched if row.placement.matched_how is MatchedHow.LINKED)
    typed = next(row for row in view.matched if row.placement.matched_how is not MatchedHow.LINKED)
    assert [Subject.of_payment(row).is_linked for row in (linked, typed)] == [True, False]
    quiet = replace(view, history=())
    assert "Case Manager's own link" in history_html(None, quiet, "CM-1", LIGHT, is_linked=True)
    assert "Nothing was decided here yet." in history_html(None, quiet, "CM-1", LIGHT)


def test_a_copy_is_told_by_the_text_that_the_firm_marks_copies_with(view: DeskView) -> None:
    subject = Subject.of_payment(_placed(view, "CM-10115"))
    assert subject.case is not None
    marked = replace(subject, case=replace(subject.case, notes="From Xero {id}"))
    assert headings(marked)[1] == "typed by hand"
    assert headings(replace(marked, imported_text="From Xero {id}"))[1] == "copy"


def test_a_removal_is_compared_with_the_deleted_payment_in_unmatched_too(view: DeskView) -> None:
    in_review = Subject.of_review(_review(view, "CM-10101"))
    removed = next(row for row in view.unmatched if row.placement.invoice_number == "CM-10101")
    assert compare(Subject.of_payment(removed)) == compare(in_review)
    assert headings(Subject.of_payment(removed)) == headings(in_review) == ("before it was deleted", "copy")


def test_a_row_of_unmatched_that_a_change_is_proposed_for_is_compared_as_in_review(view: DeskView) -> None:
    """What is said to differ below has to differ in the table above: Xero's new payment, not the one deleted."""
    expected = compare(Subject.of_review(_review(view, "CM-10155")))
    rows = [row for row in view.unmatched if row.placement.invoice_number == "CM-10155"]
    assert len(rows) == 2
    for row in rows:
        assert compare(Subject.of_payment(row)) == expected
    signs = {field.name: field.sign for field in expected}
    assert (signs["Date paid"], signs["Amount"]) == (DIFFERENT, DIFFERENT)
