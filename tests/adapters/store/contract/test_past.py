"""What was (R34): every store tells what stood at each moment, from when to when, and keeps nothing needless."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member, PairedHow, RememberedPair
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow, Placement, Reason
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Account, CaseInvoice, CasePayment, InvoiceSnapshot, PaymentStatus
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.history import StoreMoment
from cmxero_desktop.services.records.results import InvoiceResult
from tests.adapters.store.examples import (
    INVOICE,
    NOON,
    ONE_PM,
    PAID_ON,
    aud,
    event,
    run,
    stored_proposal,
    tracked,
    unreadable,
    xero_invoice,
    xero_payment,
)

P1 = XeroPaymentId("Payment-1")
TWO_PM = ONE_PM + timedelta(hours=1)
CASE_INVOICE = CaseInvoice(
    invoice_id=CaseInvoiceId(100), number="100", total=aud("1000"), adjustments=aud("0"), refunds=aud("0")
)


def do(store: Store, *acts: Callable[[UnitOfWork], object]) -> StoreMoment | None:
    """Do something in one transaction, and return the last moment after it."""
    with store.begin() as unit:
        for act in acts:
            act(unit)
        unit.commit()
    with store.read() as unit:
        return unit.past.moment()


def now(store: Store) -> StoreMoment:
    with store.read() as unit:
        moment = unit.past.moment()
    assert moment is not None
    return moment


def case_payment(key: int | str = 7, amount: str = "400.00", notes: str = "") -> CasePayment:
    return CasePayment(
        payment_id=CasePaymentId(key), invoice_id=CaseInvoiceId(100), paid_on=PAID_ON, amount=aud(amount), notes=notes
    )


def compared(*payments: CasePayment, number: str = "CM-100", rule: Rule = Rule.R19) -> InvoiceResult:
    """Return a comparison that found these payments in Case Manager, all unmatched."""
    snapshot = InvoiceSnapshot(
        number=number,
        as_of=NOON,
        xero_invoice_id=INVOICE,
        xero_invoice=None,
        case_invoice=CASE_INVOICE,
        case_payments=payments,
    )
    placements = tuple(
        Placement(bucket=Bucket.UNMATCHED, invoice_number=number, rule=rule, explanation="Alone.", case=payment)
        for payment in payments
    )
    return InvoiceResult(snapshot=snapshot, correlation=Correlation(placements))


def compare(store: Store, *results: InvoiceResult, replace_all: bool = True) -> StoreMoment:
    do(store, lambda unit: unit.results.save(results, replace_all=replace_all))
    return now(store)


def case_values(store: Store, moment: StoreMoment, number: str = "CM-100") -> dict[object, object]:
    with store.read() as unit:
        side = unit.past.case_side(number, moment)
    assert (side.invoice is None) is (not side.places and not side.payments) or side.invoice is not None
    return {seen.fact.payment_id.value: seen.fact.amount for seen in side.payments}


def test_a_store_in_which_nothing_happened_has_no_moment(store: Store) -> None:
    with store.read() as unit:
        assert (unit.past.begins_at(), unit.past.moment(), unit.past.moment(NOON)) == (None, None, None)


def test_r34_each_version_of_a_payment_stands_between_the_moments_at_which_it_was_seen(store: Store) -> None:
    first = do(store, lambda unit: unit.facts.save_payments([xero_payment()]))
    other = do(store, lambda unit: unit.facts.save_payments([xero_payment("Payment-2")]))
    deleted = xero_payment(updated_at=ONE_PM, status=PaymentStatus.DELETED)
    last = do(store, lambda unit: unit.facts.save_payments([deleted]))
    assert first is not None
    assert other is not None
    assert last is not None
    assert first.number < other.number < last.number
    assert first.at <= other.at <= last.at
    with store.read() as unit:
        assert unit.past.begins_at() == first.at
        before = unit.past.xero_payments([INVOICE], first)
        between = unit.past.xero_payments([INVOICE], other)
        after = unit.past.xero_payments([INVOICE], last)
    assert [(s.fact, s.since, s.until) for s in before] == [(xero_payment(), first.at, last.at)]
    assert [s.fact.payment_id for s in between] == ["Payment-1", "Payment-2"]
    assert [(s.fact.status, s.since, s.until) for s in after] == [
        (PaymentStatus.DELETED, last.at, None),
        (PaymentStatus.AUTHORISED, other.at, None),
    ]


def test_a_moment_is_the_last_one_that_was_not_later(store: Store) -> None:
    first = do(store, lambda unit: unit.facts.save_payments([xero_payment()]))
    assert first is not None
    with store.read() as unit:
        assert unit.past.moment(first.at) == first
        assert unit.past.moment(first.at - timedelta(microseconds=1)) is None
        assert unit.past.moment(first.at + timedelta(days=99)) == first


def test_what_says_nothing_new_makes_no_moment(store: Store) -> None:
    """A check that finds what stands already leaves no trace, one that finds it with another time of Xero's neither."""
    fill = (
        lambda unit: unit.facts.save_payments([xero_payment()]),
        lambda unit: unit.facts.save_invoices([xero_invoice()]),
        lambda unit: unit.facts.track([tracked()]),
        lambda unit: unit.facts.save_accounts([Account(account_id="a", name="Cheque")]),
        lambda unit: unit.results.save([compared(case_payment())], replace_all=True),
        lambda unit: unit.memory.keep([pair()]),
    )
    before = do(store, *fill)
    assert do(store, *fill) == before
    touched = (
        lambda unit: unit.facts.save_payments([xero_payment(updated_at=ONE_PM)]),
        lambda unit: unit.facts.save_invoices([xero_invoice(updated_at=ONE_PM)]),
        lambda unit: unit.polling.save_run(run()),
        lambda unit: unit.gaps.save_unreadable([unreadable("Payment-9")]),
    )
    assert do(store, *touched) == before


def test_what_was_not_committed_never_was(store: Store) -> None:
    before = do(store, lambda unit: unit.facts.save_payments([xero_payment()]))
    with store.begin() as unit:
        unit.facts.save_payments([xero_payment("Payment-2")])
    assert now(store) == before
    after = do(store, lambda unit: unit.facts.save_payments([xero_payment("Payment-3")]))
    assert before is not None
    assert after is not None
    assert after.number == before.number + 1


def test_a_bank_reconciliation_is_shown_and_so_it_is_kept(store: Store) -> None:
    first = do(store, lambda unit: unit.facts.save_payments([xero_payment()]))
    last = do(store, lambda u: u.facts.save_payments([xero_payment(updated_at=ONE_PM, is_bank_reconciled=True)]))
    assert first is not None
    assert last is not None
    with store.read() as unit:
        then, present = unit.past.xero_payments([INVOICE], first), unit.past.xero_payments([INVOICE], last)
    assert [(s.fact.is_bank_reconciled) for s in (*then, *present)] == [False, True]
    assert (then[0].fact.updated_at, present[0].fact.entered_at) == (NOON, NOON)


def test_an_invoice_is_found_by_each_number_that_it_ever_had(store: Store) -> None:
    first = do(
        store, lambda unit: unit.facts.track([tracked()]), lambda unit: unit.facts.save_invoices([xero_invoice()])
    )
    other = replace(xero_invoice(updated_at=ONE_PM), number="CM-200")
    second = do(store, lambda unit: unit.facts.save_invoices([other]))
    third = do(store, lambda unit: unit.facts.save_invoices([replace(other, number="CM-300", updated_at=TWO_PM)]))
    paid = replace(xero_invoice("500.00", updated_at=TWO_PM + timedelta(hours=1)), number="CM-300")
    last = do(store, lambda unit: unit.facts.save_invoices([paid]))
    for moment, number in ((first, "CM-100"), (second, "CM-200"), (third, "CM-300"), (last, "CM-300")):
        assert moment is not None
        with store.read() as unit:
            for name in ("CM-100", "CM-200", "CM-300"):
                found = unit.past.xero_invoices([name], moment)
                assert [s.fact.number for s in found] == [number]
            assert unit.past.xero_invoices(["CM-400"], moment) == ()
    assert third is not None
    with store.read() as unit:
        (seen,) = unit.past.xero_invoices(["CM-100"], third)
    assert (seen.fact.amount_paid, seen.since, seen.until) == (aud("400.00"), third.at, last.at if last else None)


def test_what_accounts_were_called_is_kept(store: Store) -> None:
    none = do(store, lambda unit: unit.audit.append([event()]))
    first = do(store, lambda unit: unit.facts.save_accounts([Account(account_id="A", name="Cheque")]))
    last = do(store, lambda unit: unit.facts.save_accounts([Account(account_id="A", name="Savings")]))
    found = []
    for moment in (none, first, last):
        assert moment is not None
        with store.read() as unit:
            found.append({key: account.name for key, account in unit.past.accounts(moment).items()})
    assert found == [{}, {"a": "Cheque"}, {"a": "Savings"}]


def test_case_manager_s_side_is_kept_as_it_was_read(store: Store) -> None:
    nothing = do(store, lambda unit: unit.audit.append([event()]))
    first = compare(store, compared(case_payment(7), case_payment("7", "1.00")))
    noted = compare(store, compared(case_payment(7, notes="Xero payment 1"), case_payment("7", "1.00")))
    fewer = compare(store, compared(case_payment("7", "1.00")))
    again = compare(store, compared(case_payment(7, "5.00"), case_payment("7", "1.00")))
    gone = compare(store)
    back = compare(store, compared(case_payment(8)))
    assert nothing is not None
    assert [case_values(store, moment) for moment in (nothing, first, noted, fewer, again, gone, back)] == [
        {},
        {7: aud("400.00"), "7": aud("1.00")},
        {7: aud("400.00"), "7": aud("1.00")},
        {"7": aud("1.00")},
        {7: aud("5.00"), "7": aud("1.00")},
        {},
        {8: aud("400.00")},
    ]
    with store.read() as unit:
        of_first = unit.past.case_side("CM-100", first)
        of_noted = unit.past.case_side("CM-100", noted)
        of_gone = unit.past.case_side("CM-100", gone)
    times = {s.fact.payment_id.value: (s.fact.notes, s.since, s.until) for s in of_first.payments}
    assert times == {7: ("", first.at, noted.at), "7": ("", first.at, gone.at)}
    assert [s.fact.notes for s in of_noted.payments if s.fact.payment_id.value == 7] == ["Xero payment 1"]
    assert of_first.invoice is not None
    assert (of_first.invoice.fact, of_first.invoice.since, of_first.invoice.until) == (CASE_INVOICE, first.at, gone.at)
    assert (of_gone.invoice, of_gone.payments, of_gone.places) == (None, (), ())


def test_when_a_payment_was_first_seen_and_seen_locked_is_told(store: Store) -> None:
    old, note = case_payment(1), case_payment("1", notes='"is_journalled":false')
    first = compare(store, compared(old), compared(note, number="CM-101"))
    typed = compare(store, compared(old, case_payment(2)), compared(note, number="CM-101"))
    later = compare(store, compared(old, case_payment(2)), compared(note, number="CM-101"), compared(number="CM-102"))
    both_locked = (replace(old, is_journalled=True), replace(case_payment(2), is_journalled=True, notes="J 7"))
    locked = compare(store, compared(*both_locked), compared(note, number="CM-101"))
    renoted = replace(note, notes="none")
    compare(store, compared(*both_locked), compared(renoted, number="CM-101"))
    with store.read() as unit:
        sightings = unit.past.case_sightings()
    assert sightings.invoices == {"CM-100": first.at, "CM-101": first.at, "CM-102": later.at}
    assert sightings.payments == {CasePaymentId(2): typed.at}
    assert sightings.locked == {CasePaymentId(1): locked.at, CasePaymentId(2): locked.at}


def test_a_key_that_is_used_again_is_that_of_the_payment_that_came_last(store: Store) -> None:
    compare(store, compared())
    compare(store, compared(case_payment(2)))
    compare(store, compared(replace(case_payment(2), is_journalled=True)))
    compare(store, compared())
    again = compare(store, compared(replace(case_payment(2, "9.00"), is_journalled=True)))
    with store.read() as unit:
        sightings = unit.past.case_sightings()
    assert (sightings.payments, sightings.locked) == ({CasePaymentId(2): again.at}, {})


def test_an_invoice_that_case_manager_does_not_have_has_places_all_the_same(store: Store) -> None:
    snapshot = replace(compared().snapshot, case_invoice=None, xero_payments=(xero_payment(),))
    lonely = Placement(
        bucket=Bucket.SKIPPED,
        invoice_number="CM-100",
        rule=Rule.R4,
        explanation="No invoice.",
        reason=Reason.NO_INVOICE,
        xero=xero_payment(),
    )
    first = compare(store, InvoiceResult(snapshot=snapshot, correlation=Correlation((lonely,))))
    paired = replace(
        lonely, bucket=Bucket.MATCHED, rule=Rule.R7, reason=None, matched_how=MatchedHow.EXACT, case=case_payment()
    )
    whole = replace(snapshot, case_invoice=CASE_INVOICE, case_payments=(case_payment(),))
    last = compare(store, InvoiceResult(snapshot=whole, correlation=Correlation((paired,))))
    with store.read() as unit:
        (then,) = unit.past.case_side("CM-100", first).places
        (present,) = unit.past.case_side("CM-100", last).places
        assert unit.past.case_side("CM-100", first).invoice is None
        assert unit.past.case_side("CM-100", last).invoice is not None
    assert (then.bucket, then.reason, then.xero_id, then.case_id) == (Bucket.SKIPPED, Reason.NO_INVOICE, P1, None)
    assert (present.bucket, present.matched_how, present.case_id) == (
        Bucket.MATCHED,
        MatchedHow.EXACT,
        CasePaymentId(7),
    )


def test_a_row_that_cannot_be_read_has_a_place_by_the_ids_that_it_tells(store: Store) -> None:
    torn = Placement(
        bucket=Bucket.SKIPPED,
        invoice_number="CM-100",
        rule=Rule.R30,
        explanation="Torn.",
        reason=Reason.UNREADABLE,
        unreadable=unreadable(),
    )
    moment = compare(store, replace(compared(), correlation=Correlation((torn,))))
    with store.read() as unit:
        (place,) = unit.past.case_side("CM-100", moment).places
    assert (place.xero_id, place.case_id, place.reason) == (P1, None, Reason.UNREADABLE)


def test_a_proposal_is_shown_in_each_state_that_it_had(store: Store) -> None:
    proposed, other = stored_proposal(), stored_proposal("a" * 64)
    approved = replace(proposed, state=ProposalState.APPROVED, changed_at=ONE_PM, batch_id="b")
    richer = replace(approved, proposal=replace(proposed.proposal, balance_after=aud("1.00")))
    first = do(store, lambda unit: unit.proposals.add([proposed]))
    second = do(store, lambda unit: unit.proposals.add([other]))
    third = do(store, lambda unit: unit.proposals.update([(approved, ProposalState.PROPOSED)]))
    last = do(store, lambda unit: unit.proposals.update([(richer, ProposalState.APPROVED)]))
    expected = ([proposed], [other, proposed], [other, approved], [other, richer])
    for moment, stood in zip((first, second, third, last), expected, strict=True):
        assert moment is not None
        with store.read() as unit:
            found = unit.past.proposals("CM-100", moment)
            assert [s.fact for s in sorted(found, key=lambda s: s.fact.fingerprint)] == stood
            assert unit.past.proposals("CM-10", moment) == ()


def test_a_proposal_goes_with_its_invoice_s_number(store: Store) -> None:
    """A number that another invoice bears by now is left by what was proposed under it (R1)."""
    old, new = stored_proposal(), stored_proposal(number="CM-200")
    first = do(store, lambda unit: unit.proposals.add([old]))
    last = do(store, lambda unit: unit.proposals.update([(new, ProposalState.PROPOSED)]))
    assert first is not None
    assert last is not None
    with store.read() as unit:
        found = {
            (number, moment.number): [s.fact for s in unit.past.proposals(number, moment)]
            for number in ("CM-100", "CM-200")
            for moment in (first, last)
        }
    assert found == {
        ("CM-100", first.number): [old],
        ("CM-100", last.number): [],
        ("CM-200", first.number): [],
        ("CM-200", last.number): [new],
    }


def pair(amount: str = "400.00", number: str = "100", how: PairedHow = PairedHow.EQUAL, key: int = 7) -> RememberedPair:
    return RememberedPair(
        xero_id=P1,
        case_id=CasePaymentId(key),
        invoice_number=number,
        amount=aud(amount),
        paid_on=PAID_ON,
        how=how,
        since=NOON,
    )


def pairs(store: Store, moment: StoreMoment | None, number: str = "100") -> list[RememberedPair]:
    assert moment is not None
    with store.read() as unit:
        return [seen.fact for seen in unit.past.remembered(number, moment).pairs]


def test_a_pair_is_remembered_from_when_it_was_found_until_it_ended(store: Store) -> None:
    none = do(store, lambda unit: unit.audit.append([event()]))
    found = do(store, lambda unit: unit.memory.keep([pair()]))
    named = do(store, lambda unit: unit.memory.keep([pair(how=PairedHow.NAMED), pair(key=8)]))
    ended = do(store, lambda unit: unit.memory.end([pair()], ONE_PM, "Gone."))
    again = do(store, lambda unit: unit.memory.keep([pair("5.00")]))
    over = do(
        store,
        lambda unit: unit.memory.end([pair("5.00")], TWO_PM, "Gone."),
        lambda unit: unit.memory.keep([pair("6.00")]),
    )
    stood = [pairs(store, moment) for moment in (none, found, named, ended, again, over)]
    eight = pair(key=8)
    assert stood == [
        [],
        [pair()],
        [pair(how=PairedHow.NAMED), eight],
        [eight],
        [pair("5.00"), eight],
        [pair("6.00"), eight],
    ]


def test_a_pair_goes_with_its_invoice_s_number(store: Store) -> None:
    none = do(store, lambda unit: unit.audit.append([event()]))
    first = do(store, lambda unit: unit.memory.keep([pair()]))
    last = do(store, lambda unit: unit.memory.keep([pair(number="200")]))
    assert [pairs(store, moment) for moment in (none, first, last)] == [[], [pair()], []]
    assert [pairs(store, moment, "200") for moment in (none, first, last)] == [[], [], [pair(number="200")]]


def test_what_a_person_said_stands_until_it_ends(store: Store) -> None:
    accepted = AcceptedSet(members=(Member(amount=aud("1"), paid_on=PAID_ON, case_id=CasePaymentId(7)),), by="Ann")
    other = Explanation(
        case_id=CasePaymentId(7), what=Explained.OTHER, amount=aud("1"), paid_on=date(2026, 11, 2), by="Ann"
    )
    better = replace(other, what=Explained.ALLOCATION)
    first = do(store, lambda unit: unit.memory.accept("100", accepted), lambda unit: unit.memory.explain("100", other))
    second = do(store, lambda unit: unit.memory.explain("100", better), lambda unit: unit.memory.reopen(accepted))
    last = do(store, lambda unit: unit.memory.forget_explanation(CasePaymentId(7)))
    found = []
    for moment in (first, second, last):
        assert moment is not None
        with store.read() as unit:
            kept = unit.past.remembered("100", moment)
            assert unit.past.remembered("10", moment).explained == ()
        found.append(([s.fact for s in kept.accepted], [s.fact for s in kept.explained]))
    assert found == [([accepted], [other]), ([], [better]), ([], [])]


def test_the_entries_that_there_were_are_those_of_the_invoice_newest_first(store: Store) -> None:
    first = do(store, lambda unit: unit.audit.append([event("one"), replace(event("x"), invoice_number="CM-1001")]))
    last = do(store, lambda unit: unit.audit.append([event("two")]))
    assert first is not None
    assert last is not None
    with store.read() as unit:
        assert [e.event.reason for e in unit.past.entries("CM-100", first)] == ["one"]
        assert [e.event.reason for e in unit.past.entries("CM-100", last)] == ["two", "one"]
        assert unit.past.entries("CM-10_", last) == ()
    assert (first.entries, last.entries) == (2, 3)


def test_another_invoice_s_payments_are_not_told(store: Store) -> None:
    other = XeroInvoiceId("invoice-2")
    last = do(store, lambda unit: unit.facts.save_payments([xero_payment(), xero_payment("P2", invoice_id=other)]))
    assert last is not None
    with store.read() as unit:
        assert [s.fact.payment_id for s in unit.past.xero_payments([other], last)] == ["P2"]
