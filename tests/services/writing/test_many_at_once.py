"""Many payments of one invoice at once: what is stored, read and compared meanwhile grows with their number (R0).

Case Manager's invoice is locked until the last of them is written; a square here is minutes for the person there.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import PaymentValues, ProposalState
from cmxero_desktop.domain.records import CaseInvoice, CasePayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.records.intents import Intent
from cmxero_desktop.services.records.readings import CaseInvoiceSide, WriteKind
from cmxero_desktop.services.writing import settling
from tests.adapters.store.examples import intent as an_intent
from tests.services.desk import ANN, NOV_1, Desk, nov
from tests.services.fake_time import Crash

MANY = 12
NOTES = ("", "Xero payment p-0", "Xero payment P-1", "by post", "Xero payment p-2")


def intents_of(desk: Desk) -> list[Intent]:
    with desk.store.read() as unit:
        return list(unit.intents.every())


def billed_with_copies(desk: Desk, count: int) -> list[XeroPaymentId]:
    desk.set_policy(removal_limit_count=1_000, removal_limit_percent=100, removal_limit_amount=Decimal(100_000))
    desk.bill("100", "99000.00")
    paid = [desk.xero.pay("CM-100", f"{100 + k}.00", NOV_1) for k in range(count)]
    for k, name in enumerate(paid):
        desk.case.type_in("100", f"{100 + k}.00", NOV_1, notes=f"Xero payment {name}")
    return paid


def test_the_payments_that_were_there_before_are_said_once_for_all_additions(desk: Desk) -> None:
    billed_with_copies(desk, MANY)
    for k in range(MANY):
        desk.xero.pay("CM-100", f"{500 + k}.00", nov(2))
    desk.poll()
    desk.approve_in_bulk()
    assert len(desk.apply().applied) == MANY
    known = [intent.known_ids for intent in intents_of(desk)]
    assert [len(ids) for ids in known] == [MANY] + [0] * (MANY - 1)


def test_what_inserts_nothing_needs_no_payments_that_were_there_before(desk: Desk) -> None:
    for name in billed_with_copies(desk, MANY):
        desk.xero.delete(name)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    assert len(intents_of(desk)) == MANY
    assert {intent.known_ids for intent in intents_of(desk)} == {()}


def test_additions_that_were_interrupted_are_each_found_by_what_the_first_says(desk: Desk) -> None:
    """Two that are equal stood there before: only those that came with the others are ours."""
    desk.bill("100", "9000.00")
    for _ in range(2):
        desk.case.type_in("100", "50.00", NOV_1)
    for k in range(MANY):
        desk.xero.pay("CM-100", f"{100 + k}.00", NOV_1)
    desk.poll()
    desk.approve(*desk.proposals())
    desk.case.steps.fail_at("committed", Crash())
    with pytest.raises(Crash):
        desk.apply()
    desk.case.steps.trouble = None
    desk.settle()
    assert len(desk.proposals(ProposalState.APPLIED)) == MANY
    assert len({row.result_id for row in desk.proposals(ProposalState.APPLIED)}) == MANY


def test_an_undo_of_many_asks_the_store_once_which_invoice_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def counted(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - as it is called
        asked.append(more["among"])
        return read_known(*args, **more)

    monkeypatch.setattr("cmxero_desktop.services.writing.undoing.read_known", counted)
    for number in ("100", "101", "102"):
        desk.bill(number, "9000.00")
    for k in range(MANY):
        desk.xero.pay("CM-100", f"{100 + k}.00", NOV_1)
    desk.xero.pay("CM-101", "50.00", NOV_1)
    desk.poll()
    desk.approve_in_bulk()
    desk.apply()
    report = desk.undo(*desk.proposals(ProposalState.APPLIED))
    assert len(report.applied) == MANY + 1
    assert [len(ids) for ids in asked] == [1, 1]


def test_what_an_undo_gives_back_makes_room_for_what_it_puts_back(desk: Desk) -> None:
    """An addition of 900 goes, then the 800 that were removed fit, and no more."""
    desk.set_policy(removal_limit_count=1_000, removal_limit_percent=100, removal_limit_amount=Decimal(100_000))
    desk.bill("100", "1000.00")
    first = desk.xero.pay("CM-100", "800.00", NOV_1)
    desk.case.type_in("100", "800.00", NOV_1, notes=f"Xero payment {first}")
    desk.poll()
    desk.xero.delete(first)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    desk.xero.pay("CM-100", "900.00", nov(20))
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    removed, added = sorted(desk.proposals(ProposalState.APPLIED), key=lambda row: row.proposal.effect.minor)
    assert desk.undo(removed).failed[0].reason == "Putting it back would overpay the invoice."
    assert len(desk.undo(removed, added).applied) == 2
    assert desk.paid() == ["800.00"]


def test_entries_of_the_history_are_found_by_their_numbers_and_nothing_else_is(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    newest = desk.history()[-1].sequence
    wrong = ["h-0", "h-", f"h-{newest + 9}", "h-1x", "h-\u0661", f"h-{'9' * 40}", f"h-0{newest}"]
    report = desk.undoing.undo([*wrong, f"h-{newest}"], by=ANN, reason="a mistake")
    assert [row.row_id for row in report.failed] == wrong
    assert {row.reason for row in report.failed} == {f"Nothing that was applied has the id {name}." for name in wrong}
    assert len(report.applied) == 1


def invoice() -> CaseInvoice:
    amount = an_intent().after
    assert amount is not None
    zero = replace(amount.amount, amount=amount.amount.amount * 0)
    return CaseInvoice(invoice_id=CaseInvoiceId(100), number="100", total=amount.amount, adjustments=zero, refunds=zero)


def values_of(dice: Random) -> PaymentValues:
    after = an_intent().after
    assert after is not None
    return replace(after, notes=dice.choice(NOTES), reference=dice.choice(("", "A")))


def interrupted(seed: int) -> tuple[list[Intent], CaseInvoiceSide]:
    """Make up acts that may have been interrupted, and what is found on their invoice then."""
    dice = Random(seed)
    keys = [CasePaymentId(key) for key in range(12)]
    payments = []
    for key in dice.sample(keys, 9):
        values = values_of(dice)
        payments.append(
            CasePayment(
                payment_id=key,
                invoice_id=CaseInvoiceId(100),
                paid_on=values.paid_on,
                amount=values.amount,
                payment_type=values.payment_type,
                reference=values.reference,
                notes=values.notes,
            )
        )
    intents = []
    for act in ("a", "b"):
        known = tuple(dice.sample(keys, 5))
        for k in range(6):
            is_insert = dice.random() < 0.7
            intent = replace(
                an_intent(f"{act}{k}"),
                batch_id=act,
                kind=WriteKind.INSERT if is_insert else WriteKind.DELETE,
                payment_id=None if is_insert else dice.choice(keys),
                before=None if is_insert else values_of(dice),
                after=values_of(dice) if is_insert else None,
                xero_payment_id=dice.choice((None, XeroPaymentId("P-0"), XeroPaymentId("p-1"), XeroPaymentId("p-9"))),
                known_ids=known,
            )
            intents.append(intent)
    return intents, CaseInvoiceSide(invoice=invoice(), payments=tuple(payments))


def compared_each_with_each(intents: Iterable[Intent], side: CaseInvoiceSide) -> dict[str, CasePaymentId | None]:
    """Find each insertion by looking at every payment, as the sentence reads: new, and naming it or all equal."""
    left, found = list(side.payments), dict[str, CasePaymentId | None]()
    intents = list(intents)
    for intent in (i for i in intents if i.kind is WriteKind.INSERT):
        removed = {
            i.payment_id: i.before for i in intents if i.kind is WriteKind.DELETE and i.batch_id == intent.batch_id
        }
        found[intent.intent_id] = None
        for payment in left:
            now = PaymentValues.of(payment)
            if payment.payment_id in intent.known_ids and removed.get(payment.payment_id, now) == now:
                continue
            named = read_mark(now.notes, "").payment_id
            if now == intent.after or (intent.xero_payment_id and named == folded(intent.xero_payment_id)):
                found[intent.intent_id] = payment.payment_id
                left.remove(payment)
                break
    return found


def test_insertions_are_found_as_by_looking_at_every_payment() -> None:
    count = 0
    for seed in range(400):
        intents, side = interrupted(seed)
        found = {i.intent_id: i.result_id for i in settling._found(intents, side) if i.kind is WriteKind.INSERT}
        assert found == compared_each_with_each(intents, side), seed
        count += sum(key is not None for key in found.values())
    assert count > 1_000


def test_the_notes_of_each_payment_are_read_once_however_many_insertions_look(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(notes: str, text: str) -> Any:  # noqa: ANN401 - as it is called
        read.append(notes)
        return read_mark(notes, text)

    monkeypatch.setattr("cmxero_desktop.services.writing.settling.read_mark", counted)
    _, side = interrupted(1)
    insertions = [
        replace(an_intent(f"i{k}"), after=values_of(Random(k)), xero_payment_id=XeroPaymentId(f"x{k}"))
        for k in range(40)
    ]
    settling._found(insertions, side)
    assert len(read) == len(side.payments)
