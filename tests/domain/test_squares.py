"""What is not compared each with each finds the same: each short way is held against the long one (R8, R16, R23b)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from cmxero_desktop.domain.correlation import moving, replacing
from cmxero_desktop.domain.correlation.awaiting import Awaiting, MoneyIn
from cmxero_desktop.domain.correlation.equals import equal_pairs
from cmxero_desktop.domain.correlation.explaining import Home, homes_of
from cmxero_desktop.domain.correlation.findings import Board, Place
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.matching import are_equal, has_same_reference, is_free, is_locked
from cmxero_desktop.domain.correlation.replacing import find_replacements
from cmxero_desktop.domain.correlation.rests import Entries
from cmxero_desktop.domain.correlation.sides import Sides, sides_of
from cmxero_desktop.domain.correlation.sketches import Orphan
from cmxero_desktop.domain.correlation.sketching import sketch
from cmxero_desktop.domain.correlation.stray_payments import LIKELIEST, StrayPayment, is_likely, likeliest
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.proposals import MOST_NAMED, Flag, ProposalKind
from cmxero_desktop.domain.records import CasePayment, Decisions, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, folded
from tests.domain.support import NOV_1, POLICY, TODAY, case, remembered, snapshot, xero

AMOUNTS = ("100", "100", "200", "300")
REFERENCES = ("", "", "A", "B")


def day(dice: Random, most: int = 4) -> date:
    return NOV_1 + timedelta(days=dice.randrange(most))


def equals_of(seed: int) -> InvoiceSnapshot:
    dice = Random(seed)
    paid = [xero(f"P{k}", dice.choice(AMOUNTS), day(dice), reference=dice.choice(REFERENCES)) for k in range(9)]
    typed = [
        case(
            k,
            dice.choice(AMOUNTS),
            day(dice),
            reference=dice.choice(REFERENCES),
            journalled=dice.random() < 0.2,
            group=dice.random() < 0.2,
            notes=dice.choice(("", "", "Xero payment")),
        )
        for k in range(9)
    ]
    apart = {
        (XeroPaymentId(f"P{dice.randrange(9)}"), CasePaymentId(dice.randrange(9))) for _ in range(dice.randrange(9))
    }
    memory = [remembered(f"P{dice.randrange(9)}", copy) for copy in typed if dice.random() < 0.3]
    said = Decisions(apart=frozenset(apart), memory=tuple(memory))
    return replace(snapshot(paid, typed, invoice_total="9000"), decisions=said)


def compared_each_with_each(sides: Sides) -> list[tuple[str, object]]:
    """Pair as the rule reads: tier by tier, each payment with the first copy that fits."""

    def remembers(payment: XeroPayment, marked: MarkedPayment) -> bool:
        pairs = sides.memory.get(marked.payment.payment_id, ())
        return any(folded(p.xero_id) == folded(payment.payment_id) for p in pairs)

    tiers: Sequence[Callable[[XeroPayment, MarkedPayment], bool]] = (
        remembers,
        lambda _, m: m.mark.is_imported and is_free(m.payment, POLICY),
        lambda x, m: is_free(m.payment, POLICY) and has_same_reference(x, m.payment),
        lambda _, m: is_free(m.payment, POLICY),
        lambda _, m: not is_locked(m.payment, POLICY),
        lambda _x, _m: True,
    )
    pairs: list[tuple[str, object]] = []
    live, free = list(sides.live), list(sides.case)
    for fits in tiers:
        for payment in tuple(live):
            fitting = (m for m in free if are_equal(payment, m.payment) and fits(payment, m))
            copy = next((m for m in fitting if not sides.are_apart(payment, m.payment)), None)
            if copy is not None:
                live.remove(payment)
                free.remove(copy)
                pairs.append((payment.payment_id, copy.payment.payment_id.value))
    return pairs


def test_r11_equals_are_paired_as_the_rule_reads() -> None:
    count = 0
    for seed in range(400):
        sides = sides_of(equals_of(seed), POLICY)
        pairs = equal_pairs(sides.live, sides.case, sides, POLICY)
        assert [(p.xero.payment_id, p.case.payment.payment_id.value) for p in pairs] == compared_each_with_each(sides)
        count += len(pairs)
    assert count > 1_000


def edits_of(seed: int, count: int) -> tuple[list[Orphan], list[XeroPayment]]:
    dice = Random(seed)
    gone = [
        replace(
            xero(f"P{k}", dice.choice(AMOUNTS), day(dice), deleted=True, reference=dice.choice(REFERENCES)),
            batch_payment_id=dice.choice(("", "B")),
        )
        for k in range(count)
    ]
    sides = sides_of(
        snapshot(gone, [case(k, str(p.amount.amount), p.paid_on, names=p.payment_id) for k, p in enumerate(gone)]),
        POLICY,
    )
    orphans = [Orphan(copy=marked, deleted=one) for marked, one in zip(sides.case, gone, strict=True)]
    new = [
        replace(
            xero(
                f"N{k}",
                dice.choice(AMOUNTS),
                day(dice),
                reference=dice.choice(REFERENCES),
                minute=dice.choice((5, 60 * 24 * 9)),
            ),
            batch_payment_id=dice.choice(("", "B")),
        )
        for k in range(count)
    ]
    return orphans, new


def found(orphans: Iterable[Orphan], payments: Sequence[XeroPayment]) -> set[tuple[object, str, bool]]:
    pairs = find_replacements(orphans, payments, POLICY)
    return {(r.orphan.copy.payment.payment_id.value, r.payment.payment_id, r.is_far) for r in pairs}


def test_r16_of_few_the_neighbours_are_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(80):
        orphans, new = edits_of(seed, 6)
        whole = found(orphans, new)
        with monkeypatch.context() as patch:
            patch.setattr(replacing, "_MOST_PAIRS", 0)
            short = found(orphans, new)
        assert len(short) == len(whole), seed


def test_r16_of_very_many_each_is_paired_once_and_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "_MOST_PAIRS", 0)
    for seed in range(6):
        orphans, new = edits_of(seed, 90)
        pairs = found(orphans, new)
        assert len({key for key, _, _ in pairs}) == len({name for _, name, _ in pairs}) == len(pairs) > 70
        dice = Random(seed)
        dice.shuffle(orphans)
        dice.shuffle(new)
        assert found(orphans, new) == pairs


def test_r16_two_hundred_edits_of_one_invoice_are_changes() -> None:
    count = 210
    gone = [xero(f"P{k}", str(100 + k), deleted=True) for k in range(count)]
    new = [xero(f"N{k}", str(500 + k), minute=9) for k in range(count)]
    copies = [case(k, str(100 + k), names=f"P{k}") for k in range(count)]
    firm = snapshot([*gone, *new], copies, invoice_total="999999")
    (one,) = judge([firm], POLICY, TODAY).correlations.values()
    assert {p.kind for p in one.proposals} == {ProposalKind.CHANGE}
    assert len(one.proposals) == count


def test_r16b_where_too_many_of_one_amount_moved_all_are_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_MOST_PAIRS", 3)
    gone = [snapshot([xero(f"P{k}", deleted=True)], [case(k, names=f"P{k}")], number=200 + k) for k in range(2)]
    came = [snapshot([xero(f"N{k}", minute=5)], number=300 + k) for k in range(2)]
    outcome = judge([*gone, *came], POLICY, TODAY).correlations
    adds = [p for k in range(2) for p in outcome[f"CM-{300 + k}"].proposals]
    assert [set(p.flags) for p in adds] == [{Flag.MOVED}, {Flag.MOVED}]
    assert "2 payments of about 400.00 were deleted in Xero on other invoices" in adds[0].explanation
    assert {p.move_id for p in adds} == {""}


def test_r16b_what_stays_on_its_own_invoice_is_not_moved_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moving, "_MOST_PAIRS", 0)
    firm = snapshot([xero("P1", deleted=True), xero("N1", account="SOR Clearing", minute=5)], [case(1, names="P1")])
    assert Flag.MOVED not in {
        flag for p in judge([firm], POLICY, TODAY).correlations["CM-100"].proposals for flag in p.flags
    }


def test_r16b_of_many_parts_those_of_about_its_date_are_tried() -> None:
    parts = [xero(f"P{k}", str(1 + k), NOV_1 + timedelta(days=k)) for k in range(30)]
    entries = Entries(sketch(snapshot(parts, invoice_total="99999"), POLICY, TODAY).entries)
    whole = xero("D1", "1000", NOV_1 + timedelta(days=9), deleted=True)
    rests = entries.rests_of(whole)
    assert 100_000 - 1_000 in rests
    assert len(rests) == MOST_NAMED + 1
    assert len(Entries(sketch(snapshot(parts[:5]), POLICY, TODAY).entries).rests_of(whole)) == 6


def firm_of(seed: int) -> list[InvoiceSnapshot]:
    dice = Random(seed)
    firm = []
    for number in range(101, 110):
        entries = [
            replace(
                xero(
                    f"P{number}-{k}",
                    dice.choice(AMOUNTS),
                    day(dice, 60),
                    reference=dice.choice(REFERENCES),
                    invoice_id=f"INV-{number}",
                ),
                contact_name=dice.choice(("", "Acme", "TAC")),
            )
            for k in range(dice.randrange(1, 5))
        ]
        gone = [
            xero(f"D{number}-{k}", dice.choice(AMOUNTS), day(dice), deleted=True, invoice_id=f"INV-{number}")
            for k in range(dice.randrange(3))
        ]
        firm.append(snapshot([*entries, *gone], number=number, invoice_total="9000", bill_to=dice.choice(("", "Acme"))))
    return firm


@pytest.mark.parametrize("most_listed", [144, 0])
def test_r23b_the_three_likeliest_are_those_of_all(most_listed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmxero_desktop.domain.correlation.awaiting._MOST_LISTED", most_listed)
    count = 0
    for seed in range(120):
        dice = Random(seed)
        board = Board({s.number: sketch(s, POLICY, TODAY) for s in firm_of(seed)})
        awaiting = Awaiting(board, POLICY)
        for key in range(6):
            payment = case(key, dice.choice(AMOUNTS), day(dice, 60), reference=dice.choice(REFERENCES))
            stray = StrayPayment(payment, f"CM-{dice.randrange(101, 111)}", dice.choice(("", "Acme", "TAC")))
            around, cents = (payment, stray.payer, stray.number), payment.amount.minor
            near = dict.fromkeys(
                (*awaiting.for_amount(*around, cents, LIKELIEST), *awaiting.for_deleted(*around, LIKELIEST))
            )
            short = likeliest(stray, (e for e in near if is_likely(stray, e, POLICY)))
            long = likeliest(stray, everything(board, stray))
            assert [e.place for e in short] == [e.place for e in long], (seed, key)
            assert all(e.place.number != stray.number for e in short)
            count += len(short)
    assert count > 500


def everything(board: Board, stray: StrayPayment) -> list[MoneyIn]:
    """Return every entry that is likely, by looking at each: by its own amount or one that was deleted beside it."""
    cents = stray.payment.amount.minor
    entries: dict[object, MoneyIn] = {}
    for number, sketched in board.invoices.items():
        invoice, xero_invoice = sketched.snapshot.case_invoice, sketched.snapshot.xero_invoice
        assert invoice is not None
        assert xero_invoice is not None
        for one in sketched.entries:
            assert one.xero is not None
            amounts = {one.xero.amount.minor, *(p.amount.minor for p in sketched.deleted)}
            names = frozenset(
                {n.casefold() for n in (one.xero.contact_name or xero_invoice.contact_name, invoice.bill_to)} - {""}
            )
            entry = MoneyIn(Place(number, one.key), one.xero, names)
            if cents in amounts and number != stray.number and is_likely(stray, entry, POLICY):
                entries[entry.place] = entry
    return list(entries.values())


def test_r23b_what_explains_a_payment_at_home_is_what_looking_at_each_finds() -> None:
    for seed in range(200):
        dice = Random(seed)
        typed = [
            replace(case(k, str(dice.randrange(90, 120)), day(dice, 90)), reference=dice.choice(REFERENCES))
            for k in range(7)
        ]
        added = [
            xero(f"P{k}", str(dice.randrange(90, 120)), day(dice, 90), reference=dice.choice(REFERENCES))
            for k in range(7)
        ]
        assert homes_of(typed, added, is_one_sum=False) == {p.payment_id: home(p, added) for p in typed}
        every = homes_of(typed, added, is_one_sum=True)
        assert all((every[p.payment_id] is Home.EQUAL) == any(of_its_time(p, x) for x in added) for p in typed)


def of_its_time(payment: CasePayment, added: XeroPayment) -> bool:
    return abs((payment.paid_on - added.paid_on).days) <= 31 or has_same_reference(added, payment)


def home(payment: CasePayment, added: Iterable[XeroPayment]) -> Home:
    gaps = [abs(x.amount.minor - payment.amount.minor) for x in added if of_its_time(payment, x)]
    if 0 in gaps:
        return Home.EQUAL
    return Home.NEARLY if min(gaps, default=9_999) <= 1_500 else Home.NOWHERE


def test_r23b_twelve_that_stand_elsewhere_say_that_an_invoice_is_another() -> None:
    count = 40
    here = snapshot([xero(f"P{k}", str(100 + k)) for k in range(count)], invoice_total="99999")
    typed = [replace(case(k, str(100 + k)), invoice_id=CaseInvoiceId(101)) for k in range(count)]
    there = snapshot([], typed, number=101, invoice_total="99999")
    outcome = judge([here, there], POLICY, TODAY).correlations["CM-100"]
    assert all(Flag.LEFTOVER_ELSEWHERE in p.flags for p in outcome.proposals)
    # Its own, those that say so of the invoice, and the pieces that may be it.
    assert all(len(p.near) <= 3 * MOST_NAMED for p in outcome.proposals)


def test_r16_of_very_many_the_rounds_end_and_nothing_is_paired_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    orphans, new = edits_of(3, 90)
    monkeypatch.setattr(replacing, "_MOST_PAIRS", 0)
    all_rounds = found(orphans, new)
    monkeypatch.setattr(replacing, "_MOST_ROUNDS", 1)
    first_round = found(orphans, new)
    assert first_round < all_rounds
    assert len({name for _, name, _ in first_round}) == len(first_round) > 0


def test_r16b_what_is_entered_in_parts_on_its_own_invoice_is_not_moved_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moving, "_MOST_PAIRS", 0)
    parts = [xero(f"N{k}", amount, account="SOR Clearing", minute=5) for k, amount in enumerate(("150", "250"))]
    firm = snapshot([xero("P1", deleted=True), *parts], [case(1, names="P1")])
    assert {p.xero.payment_id for p in judge([firm], POLICY, TODAY).correlations["CM-100"].proposals if p.xero} == {
        "N0",
        "N1",
    }
    assert Flag.MOVED not in {
        flag for p in judge([firm], POLICY, TODAY).correlations["CM-100"].proposals for flag in p.flags
    }
