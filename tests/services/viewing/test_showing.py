"""One invoice now and as it stood (R34): what is shown of an instant is what the desk showed at that instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import PairedHow
from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.records import Account, PaymentStatus, Side
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.viewing.showing import InvoiceHistory, Showing
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.fake_store import MemoryStore

SYDNEY = ZoneInfo("Australia/Sydney")


@pytest.fixture
def desk(memory: MemoryStore) -> Desk:
    """Return a desk whose store tells the desk's time, and on which time passes between any two acts."""
    desk = Desk(memory)
    memory.clock = lambda: desk.clock.now
    return desk


def show(desk: Desk, number: str = "CM-100", as_of: datetime | None = None) -> InvoiceHistory:
    return Showing(desk.outside, SYDNEY).show(number, as_of)


def instant(desk: Desk) -> datetime:
    """Return an instant at which nothing happens."""
    desk.clock.now += timedelta(seconds=10)
    return desk.clock.now - timedelta(seconds=5)


def stood(history: InvoiceHistory) -> object:
    """Return all that a live view and a later one must have in common: not until when a fact stood."""

    def facts(seen: tuple[object, ...]) -> list[object]:
        return [replace(each, until=None) for each in seen]  # type: ignore[type-var]  # all are `Seen`

    invoice = history.case.invoice
    remembered = history.remembered
    return (
        history.number,
        facts(history.xero_invoices),
        facts(history.xero_payments),
        facts((invoice,)) if invoice else [],
        facts(history.case.payments),
        history.case.places,
        facts(history.proposals),
        [facts(each) for each in (remembered.pairs, remembered.accepted, remembered.explained)],
        history.entries,
        history.checked_at,
    )


def test_an_instant_shows_what_the_desk_showed_at_it(desk: Desk) -> None:
    desk.bill()
    shown = {}
    payment = desk.xero.pay("CM-100", "400.00", NOV_1, "EFT 7")

    def record() -> None:
        at = instant(desk)
        shown[at] = stood(show(desk))

    desk.poll()
    record()
    desk.approve(desk.proposal())
    record()
    desk.apply()
    record()
    desk.poll()
    record()
    desk.undo(desk.proposal(None, ProposalState.APPLIED))
    record()
    desk.xero.delete(payment)
    record()
    desk.poll()
    record()
    key = desk.case.type_in("100", "77.00", NOV_1)
    desk.poll()
    record()
    desk.case.edit(key, amount=desk.case.payments("100")[0].amount + desk.case.payments("100")[0].amount)
    desk.poll()
    record()
    assert len({repr(each) for each in shown.values()}) > 6
    assert [stood(show(desk, as_of=at)) for at in shown] == list(shown.values())


def test_a_payment_stands_between_the_checks_that_saw_it_so(desk: Desk) -> None:
    desk.bill()
    payment = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    before = instant(desk)
    desk.xero.delete(payment)
    gone = instant(desk)
    desk.poll()
    (now,), (then,), (still,) = (show(desk, as_of=at).xero_payments for at in (None, before, gone))
    assert (now.fact.status, then.fact.status, still.fact.status) == (
        PaymentStatus.DELETED,
        PaymentStatus.AUTHORISED,
        PaymentStatus.AUTHORISED,
    )
    assert then == still
    assert then.since is not None
    assert then.since < before
    assert then.until == now.since
    assert now.until is None


def test_proposals_decisions_and_memory_are_those_of_the_instant(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    add = desk.proposal()
    proposed = instant(desk)
    desk.approve(add)
    approved = instant(desk)
    desk.apply()
    applied = instant(desk)
    states = [[s.fact.state for s in show(desk, as_of=at).proposals] for at in (proposed, approved, applied)]
    assert states == [[ProposalState.PROPOSED], [ProposalState.APPROVED], [ProposalState.APPLIED]]
    assert show(desk, as_of=proposed).proposals[0].fact.decision is None
    decision = show(desk, as_of=approved).proposals[0].fact.decision
    assert decision is not None
    assert decision.by == ANN
    whats = [[e.event.what for e in show(desk, as_of=at).entries] for at in (proposed, approved, applied)]
    assert whats == [[], [AuditWhat.APPROVED], [AuditWhat.APPLIED, AuditWhat.APPROVED]]
    pairs = [[s.fact.how for s in show(desk, as_of=at).remembered.pairs] for at in (proposed, applied)]
    assert pairs == [[], [PairedHow.NAMED]]


def test_what_was_superseded_is_not_shown(desk: Desk) -> None:
    desk.bill()
    payment = desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    then = instant(desk)
    desk.xero.delete(payment)
    desk.poll()
    assert show(desk).proposals == ()
    assert [s.fact.proposal.kind for s in show(desk, as_of=then).proposals] == [ProposalKind.ADD]


def test_each_payment_says_where_it_stood(desk: Desk) -> None:
    desk.bill()
    ahead = desk.xero.pay("CM-100", "30.00", nov(29))
    desk.xero.pay("CM-100", "10.00", NOV_1)
    copy = desk.case.type_in("100", "10.00", NOV_1)
    alone = desk.case.type_in("100", "99.00", NOV_1)
    desk.poll()
    desk.xero.pay("CM-100", "5.00", NOV_1)
    history = show(desk)
    place = history.place_of_xero(XeroPaymentId(ahead.upper()))
    assert place is not None
    assert (place.bucket, place.reason, place.words) == (Bucket.SKIPPED, Reason.FUTURE_DATED, "Skipped: Dated ahead")
    lines = {(line.side, str(line.amount)): line.stood for line in history.payments}
    assert lines == {
        (Side.XERO, "10.00"): "Matched: Exact, entered by hand",
        (Side.XERO, "30.00"): "Skipped: Dated ahead",
        (Side.CASE_MANAGER, "10.00"): "Matched: Exact, entered by hand",
        (Side.CASE_MANAGER, "99.00"): "Unmatched",
    }
    assert history.place_of_case(alone) is not None
    assert history.place_of_case(copy) == history.place_of_xero(XeroPaymentId("payment-2"))
    assert history.place_of_case(CasePaymentId(99)) is None
    assert history.place_of_xero(XeroPaymentId("payment-99")) is None


def test_a_line_says_what_stands_in_the_way_of_a_payment(desk: Desk) -> None:
    desk.bill()
    desk.bill("200")
    one = desk.xero.pay("CM-100", "1.00", NOV_1)
    two = desk.xero.pay("CM-100", "2.00", NOV_1)
    desk.xero.change(one, is_bank_reconciled=True)
    desk.xero.delete(two)
    locked = desk.case.type_in("100", "3.00", NOV_1)
    desk.case.journal(locked, "J-7")
    shared = desk.case.type_in("100", "4.00", NOV_1)
    desk.case.edit(shared, is_multi_invoice=True)
    desk.case.type_in("100", "5.00", NOV_1)
    desk.poll()
    assert {str(line.amount): line.state for line in show(desk).payments} == {
        "1.00": "Bank reconciled",
        "2.00": "Deleted",
        "3.00": "Journalled J-7",
        "4.00": "Multi-invoice",
        "5.00": "",
    }


def test_a_payment_read_after_the_last_comparison_stands_nowhere_yet(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.xero.pay("CM-100", "5.00", NOV_1)
    desk.case.is_down = True
    desk.polling.poll(PollAsk())
    (line,) = show(desk).payments
    assert (line.stood, line.state, line.place) == ("", "Authorised", None)


def test_an_account_is_called_as_it_was_called(desk: Desk, memory: MemoryStore) -> None:
    desk.bill()
    payment = desk.xero.pay("CM-100", "5.00", NOV_1)
    desk.xero.change(payment, account_id="A-1", account_name="", account_code="")
    desk.poll()
    save(memory, Account(account_id="a-1", name="Cheque", code="090", account_type="BANK"))
    then = instant(desk)
    save(memory, Account(account_id="a-1", name="Savings", code="091", account_type="BANK"))
    fact = show(desk, as_of=then).xero_payments[0].fact
    assert (fact.account_name, fact.account_code, fact.account_type) == ("Cheque", "090", "BANK")
    assert show(desk).xero_payments[0].fact.account_name == "Savings"


def save(memory: MemoryStore, account: Account) -> None:
    with memory.begin() as unit:
        unit.facts.save_accounts([account])
        unit.commit()


def test_an_invoice_is_found_by_its_old_and_by_its_new_number(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "5.00", NOV_1)
    desk.poll()
    then = instant(desk)
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-200")
    desk.poll()
    assert [show(desk, number).number for number in ("CM-100", "100", "CM-200", "200")] == ["CM-100"] * 4
    assert [seen.fact.number for seen in show(desk, "200").xero_invoices] == ["CM-200"]
    assert [seen.fact.number for seen in show(desk, as_of=then).xero_invoices] == ["CM-100"]
    assert show(desk, "200", then) == show(desk, "100", then)


def test_of_two_invoices_that_bore_a_number_each_has_its_own_time(desk: Desk) -> None:
    """CM-100 was renumbered, and another invoice was given its number: from then on it is the other one (R1)."""
    desk.bill()
    desk.bill("200")
    desk.xero.pay("CM-100", "5.00", NOV_1)
    desk.xero.pay("CM-200", "7.00", NOV_1)
    desk.poll()
    then = instant(desk)
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-300")
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-100")
    desk.poll()
    with desk.store.read() as unit:
        numbers = {r.snapshot.number: [str(p.amount) for p in r.snapshot.xero_payments] for r in unit.results.latest()}
    for number, amounts in numbers.items():
        assert [str(s.fact.amount) for s in show(desk, number).xero_payments] == amounts
    assert [str(s.fact.amount) for s in show(desk, as_of=then).xero_payments] == ["5.00"]


def test_an_instant_without_a_zone_is_local_and_the_sentence_says_so(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    at = instant(desk).replace(microsecond=0)
    local = at.astimezone(SYDNEY)
    history = show(desk, as_of=local.replace(tzinfo=None))
    assert (history.as_of, history.is_now) == (at, False)
    day = f"{local.day} Nov 2026 {local:%H:%M}"
    assert history.sentence.startswith(
        f"CM-100 as it stood on {day} by this computer's clock (AEDT). Last check before: "
    )
    assert history.kept_since <= at
    assert "Kept since 22 Nov 2026" in history.sentence
    assert show(desk).sentence.startswith("CM-100 as it stands now, 22 Nov 2026 ")


def test_the_last_check_before_is_one_that_worked(desk: Desk) -> None:
    desk.bill()
    first = desk.poll()
    desk.case.is_down = True
    desk.polling.poll(PollAsk())
    assert show(desk).checked_at == first.finished_at
    assert show(desk, as_of=first.finished_at - timedelta(seconds=1)).checked_at is None


def test_what_was_never_kept_is_said_to_be_unknown(desk: Desk) -> None:
    with pytest.raises(DeskError, match="Nothing is known of any invoice yet"):
        show(desk)
    early = instant(desk)
    desk.bill()
    desk.poll()
    with pytest.raises(DeskError, match=r"is not known: it is kept since 22 Nov 2026 12:00\. Choose a later instant\."):
        show(desk, as_of=early)


def test_an_instant_that_lies_ahead_is_refused(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    with pytest.raises(DeskError, match="23 Nov 2026 11:00 has not come yet"):
        show(desk, as_of=datetime(2026, 11, 23, 0, 0, tzinfo=UTC))


def test_an_invoice_that_nobody_knows_is_refused(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    then = instant(desk)
    desk.bill("200")
    desk.poll()
    with pytest.raises(DeskError, match=r"CM-999 is not known\."):
        show(desk, "999")
    with pytest.raises(DeskError, match=r"CM-999 is not known\."):
        show(desk, "CM-999", then)
    with pytest.raises(DeskError, match=r"CM-200 was not known at .*: it was first seen at "):
        show(desk, "200", then)


def test_each_side_is_said_in_a_sentence_as_far_as_it_is_there(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    only = show(desk)
    desk.case.bill("100")
    desk.poll()
    both = show(desk)
    assert [sentence.split(":")[0] for sentence in only.side_sentences] == ["Xero"]
    assert [sentence.split(":")[0] for sentence in both.side_sentences] == ["Xero", "Case Manager"]
    assert "as it stands now" in both.sentence
