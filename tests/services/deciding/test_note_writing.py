"""What is noted on a payment stays with it through checks, restarts and writes, and ends with it."""

from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.desk_notes import LONGEST
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.deciding.note_writing import NoteSaid, write_note
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import PaymentRow, ReviewRow
from tests.services.desk import ANN, NOV_1, Desk, nov

DEC_3 = date(2026, 12, 3)


def note(desk: Desk, row: PaymentRow | ReviewRow, text: str, owner: str = "", on: date | None = None) -> str:
    return write_note(desk.outside, NoteSaid(row_id=row.row_id, by=ANN, text=text, owner=owner, follow_up=on))


def told(desk: Desk) -> AuditEntry:
    return desk.history()[-1]


def said_on(row: PaymentRow | ReviewRow) -> list[tuple[str, str, date | None]]:
    return [(each.text, each.owner, each.follow_up) for each in row.notes]


def typed_by_hand(desk: Desk) -> CasePaymentId:
    """Make 33.00 in Case Manager that nothing in Xero explains."""
    desk.bill()
    key = desk.case.type_in("100", "33.00", nov(9))
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    return key


def leftover(desk: Desk) -> PaymentRow:
    (row,) = desk.view().unmatched_on(Side.CASE_MANAGER)
    return row


def test_a_note_of_review_says_who_and_when_and_is_seen_wherever_the_payment_stands(desk: Desk) -> None:
    """What is asked of the payer before the payment is approved still matters once it is written."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    before = desk.clock()
    (row,) = desk.view().review
    assert note(desk, row, "Asked Acme for the remittance") == "CM-100: Asked Acme for the remittance."
    (row,) = desk.view().review
    (kept,) = row.notes
    assert (kept.by, kept.text) == (ANN, "Asked Acme for the remittance")
    assert kept.at > before
    (unmatched,) = desk.view().unmatched
    assert unmatched.notes == (kept,)
    desk.approve_and_apply(desk.proposal())
    desk.restart()
    desk.poll(is_full=True)
    (matched,) = desk.view().matched
    assert matched.notes == (kept,)
    assert desk.paid() == ["400.00"]


def test_each_note_is_an_entry_with_what_it_said_before(desk: Desk) -> None:
    typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo")
    assert (told(desk).event.what, told(desk).event.by, told(desk).event.reason) == (AuditWhat.NOTED, ANN, "Ask Jo.")
    assert told(desk).event.case_payment_id == CasePaymentId(1)
    note(desk, leftover(desk), "Jo does not know", "Kim", DEC_3)
    event = told(desk).event
    assert event.what is AuditWhat.NOTE_CHANGED
    assert event.reason == "Jo does not know. Kim sees to it. Follow up on 3 Dec 2026."
    assert event.evidence == {"owner": "Kim", "follow_up": "2026-12-03", "before": "Ask Jo."}
    entries = len(desk.history())
    assert "stands there already" in note(desk, leftover(desk), " Jo does not know ", "Kim", DEC_3)
    assert len(desk.history()) == entries
    assert note(desk, leftover(desk), "") == "CM-100: the note was taken off."
    event = told(desk).event
    assert (event.what, event.reason) == (
        AuditWhat.NOTE_REMOVED,
        "Jo does not know. Kim sees to it. Follow up on 3 Dec 2026.",
    )
    assert leftover(desk).notes == ()
    assert note(desk, leftover(desk), "") == "CM-100: nothing is noted there."
    assert desk.is_good()


def test_a_note_goes_with_its_payment_when_it_is_linked_and_edited_in_xero(desk: Desk) -> None:
    """33.00 turns out to be Xero's own: the note is about that money, whatever becomes of its amount and date."""
    typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo")
    paid = desk.xero.pay("CM-100", "33.00", nov(9))
    desk.poll()
    desk.approve_and_apply(desk.proposal(ProposalKind.LINK))
    (matched,) = desk.view().matched
    assert said_on(matched) == [("Ask Jo", "", None)]
    desk.xero.edit(paid, "44.00", nov(12))
    desk.poll()
    (change,) = [row for row in desk.view().review if row.stored.proposal.kind is ProposalKind.CHANGE]
    assert said_on(change) == [("Ask Jo", "", None)]
    desk.approve_and_apply(change.stored)
    desk.poll(is_full=True)
    (matched,) = desk.view().matched
    assert said_on(matched) == [("Ask Jo", "", None)]


def test_a_follow_up_ends_when_the_row_leaves_and_the_words_stay(desk: Desk) -> None:
    typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo", "Kim", DEC_3)
    desk.poll(is_full=True)
    assert said_on(leftover(desk)) == [("Ask Jo", "Kim", DEC_3)]
    desk.xero.pay("CM-100", "33.00", nov(9))
    desk.poll()
    (matched,) = desk.view().matched
    assert said_on(matched) == [("Ask Jo", "", None)]
    ended = next(e.event for e in reversed(desk.history()) if e.event.what is AuditWhat.FOLLOW_UP_ENDED)
    assert (ended.by, ended.evidence) == ("program", {"before": "Kim sees to it. Follow up on 3 Dec 2026."})
    assert "neither skipped nor unmatched" in ended.reason


def test_a_follow_up_without_words_leaves_nothing_behind(desk: Desk) -> None:
    typed_by_hand(desk)
    note(desk, leftover(desk), "", "Kim")
    desk.xero.pay("CM-100", "33.00", nov(9))
    desk.poll(is_full=True)
    (matched,) = desk.view().matched
    assert matched.notes == ()
    desk.poll(is_full=True)
    assert sum(e.event.what is AuditWhat.FOLLOW_UP_ENDED for e in desk.history()) == 1


def test_a_note_ends_with_the_payment_whose_key_may_be_used_again(desk: Desk) -> None:
    key = typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo", "Kim")
    desk.case.edit(key, amount=Money.of("35.00", "AUD"))
    desk.poll()
    assert said_on(leftover(desk)) == [("Ask Jo", "Kim", None)]
    del desk.case.rows[key]
    desk.poll()
    event = told(desk).event
    assert (event.what, event.evidence["before"]) == (AuditWhat.NOTE_REMOVED, "Ask Jo. Kim sees to it.")
    assert desk.view().unmatched_on(Side.CASE_MANAGER) == ()
    with desk.store.read() as unit:
        assert unit.notes.standing() == ()


def test_a_key_of_which_neither_value_is_the_same_is_another_payment(desk: Desk) -> None:
    key = typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo")
    desk.case.edit(key, amount=Money.of("35.00", "AUD"), paid_on=nov(20))
    desk.poll()
    assert leftover(desk).notes == ()


def test_a_skipped_row_has_somebody_who_sees_to_it(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", DEC_3)
    desk.poll()
    (row,) = desk.view().skipped
    note(desk, row, "", "Kim", DEC_3)
    (row,) = desk.view().skipped
    assert said_on(row) == [("", "Kim", DEC_3)]


def test_nobody_sees_to_a_row_that_is_matched_but_words_may_stand_there(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.case.type_in("100", "400.00", NOV_1)
    desk.poll()
    (row,) = desk.view().review
    with pytest.raises(NotAllowedError, match="Only a row of Skipped or Unmatched"):
        note(desk, row, "", "Kim")
    note(desk, row, "Looks right")
    (matched,) = desk.view().matched
    assert said_on(matched) == [("Looks right", "", None)]


def test_what_agrees_in_sum_bears_one_note_about_all_of_it(desk: Desk) -> None:
    desk.bill(amount="1000.00")
    desk.xero.pay("CM-100", "500.00", NOV_1)
    desk.xero.pay("CM-100", "500.00", nov(2))
    desk.case.type_in("100", "1000.00", nov(3))
    desk.poll()
    (accept,) = desk.view().review
    assert accept.stored.proposal.kind is ProposalKind.ACCEPT
    note(desk, accept, "One cheque for both")
    (accept,) = desk.view().review
    assert said_on(accept) == [("One cheque for both", "", None)]
    assert [said_on(row) for row in desk.view().unmatched] == [said_on(accept)] * 3


def test_two_notes_meet_where_two_payments_become_one_row(desk: Desk) -> None:
    typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo")
    desk.xero.pay("CM-100", "33.10", nov(9))
    desk.poll()
    (other,) = [row for row in desk.view().unmatched_on(Side.XERO) if str(row.amount) == "33.10"]
    note(desk, other, "A slip?")
    desk.case.edit(CasePaymentId(1), amount=Money.of("33.10", "AUD"))
    desk.poll()
    (matched,) = desk.view().matched
    assert [text for text, _, _ in said_on(matched)] == ["A slip?", "Ask Jo"]
    note(desk, matched, "Was a slip")
    (matched,) = desk.view().matched
    assert said_on(matched) == [("Was a slip", "", None)]


def test_nobody_writes_over_what_somebody_wrote_meanwhile(desk: Desk) -> None:
    typed_by_hand(desk)
    row = leftover(desk)
    note(desk, row, "Ask Jo")
    mine = NoteSaid(row_id=row.row_id, by="Ben", text="Mine", seen=row.notes)
    with pytest.raises(NotAllowedError, match="Ann wrote this note since you opened it: Ask Jo"):
        write_note(desk.outside, mine)
    seen = leftover(desk).notes
    note(desk, row, "")
    with pytest.raises(NotAllowedError, match="took it off"):
        write_note(desk.outside, NoteSaid(row_id=row.row_id, by="Ben", text="Mine", seen=seen))
    write_note(desk.outside, NoteSaid(row_id=row.row_id, by="Ben", text="Mine", seen=()))
    assert said_on(leftover(desk)) == [("Mine", "", None)]


def test_a_note_is_written_while_only_observing_and_never_without_a_row_or_too_long(desk: Desk) -> None:
    typed_by_hand(desk)
    desk.set_mode(Mode.OBSERVE)
    note(desk, leftover(desk), "Ask Jo")
    with pytest.raises(NotAllowedError, match="No row has the id x-none"):
        write_note(desk.outside, NoteSaid(row_id="x-none", by=ANN, text="?"))
    with pytest.raises(NotAllowedError, match="the most are 2,000"):
        note(desk, leftover(desk), "x" * (LONGEST + 1))


def test_a_row_that_cannot_be_read_and_names_no_payment_bears_no_note(desk: Desk) -> None:
    desk.bill()
    paid = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.xero.break_row(paid)
    desk.poll()
    (row,) = desk.view().skipped
    note(desk, row, "Support was asked")
    assert said_on(desk.view().skipped[0]) == [("Support was asked", "", None)]


def test_a_note_follows_an_invoice_that_has_another_number(desk: Desk) -> None:
    for number in ("200", "300"):
        desk.bill(number)
    typed_by_hand(desk)
    (row,) = desk.view().unmatched_on(Side.XERO)
    note(desk, row, "Ask Jo", "Kim")
    (key, invoice) = next((key, one) for key, one in desk.case.invoices.items() if one.number == "100")
    desk.case.invoices[key] = replace(invoice, number="900")
    invoice_id = row.result.snapshot.xero_invoice_id
    desk.xero.renumber(invoice_id, "CM-900")
    desk.poll()
    say_number(desk.outside, "CM-100", "900", by=ANN, reason="the same one")
    desk.poll()
    (row,) = desk.view().unmatched_on(Side.XERO)
    assert (row.placement.invoice_number, said_on(row)) == ("CM-900", [("Ask Jo", "Kim", None)])


def test_a_row_of_which_nobody_knows_the_payment_bears_no_note(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    lost = UnreadableRow(side=Side.CASE_MANAGER, place="row 3", problem="no key", invoice_number="100")
    desk.case.unreadable.append(lost)
    desk.poll()
    rows = [row for row in desk.view().skipped if row.row_id.startswith("u-")]
    assert rows
    with pytest.raises(NotAllowedError, match="nobody can say which payment"):
        note(desk, rows[0], "?")


def test_what_cannot_be_read_just_now_ends_no_note(desk: Desk) -> None:
    key = typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo")
    payment = desk.case.rows.pop(key)
    broken = UnreadableRow(
        side=Side.CASE_MANAGER, place="row 1", problem="no date", invoice_number="100", case_payment_id=key
    )
    desk.case.unreadable.append(broken)
    desk.poll(is_full=True)
    (row,) = [row for row in desk.view().skipped if row.placement.case is None and row.placement.xero is None]
    assert said_on(row) == [("Ask Jo", "", None)]
    desk.case.unreadable.clear()
    desk.case.rows[key] = payment
    desk.poll(is_full=True)
    assert said_on(leftover(desk)) == [("Ask Jo", "", None)]


def test_a_note_waits_while_case_manager_does_not_show_its_invoice(desk: Desk) -> None:
    desk.case.bill_others()
    key = typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo")
    payment = desk.case.rows.pop(key)
    invoice = desk.case.invoices.pop(payment.invoice_id)
    desk.poll(is_full=True)
    assert desk.view().unmatched_on(Side.CASE_MANAGER) == ()
    desk.case.invoices[payment.invoice_id] = invoice
    desk.case.rows[key] = payment
    desk.poll(is_full=True)
    assert said_on(leftover(desk)) == [("Ask Jo", "", None)]


def test_a_check_of_another_invoice_leaves_a_note_alone(desk: Desk) -> None:
    typed_by_hand(desk)
    note(desk, leftover(desk), "Ask Jo", "Kim", DEC_3)
    desk.bill("200")
    desk.xero.pay("CM-200", "10.00", NOV_1)
    desk.poll()
    assert said_on(leftover(desk)) == [("Ask Jo", "Kim", DEC_3)]
