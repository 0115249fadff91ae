"""Payments in Case Manager that match nothing and may be another invoice's money (R23b)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain import wording_elsewhere
from cmxero_desktop.domain.correlation.awaiting import Awaiting, MoneyIn, payer_name
from cmxero_desktop.domain.correlation.debtors import tolerance
from cmxero_desktop.domain.correlation.explaining import PAYER_DAYS, Home, homes_of
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.matching import has_same_reference
from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CasePayment, XeroPayment

LIKELIEST = 3


@dataclass(frozen=True, slots=True)
class StrayPayment:
    """An unmatched case payment; `number` is its invoice as a person knows it, in scope or not.

    `said` is what a person said of it, which ends all doubt about it unless it is only set aside (R19a).
    """

    payment: CasePayment
    number: str
    payer: str = ""
    said: Explained | None = None


def with_strays(board: Board, others: Iterable[StrayPayment], policy: Policy) -> Board:
    """Flag the entries that an unmatched payment of another invoice may be; each flags its three likeliest at most.

    Where a row would accept that payment as money of its own invoice, the row is flagged too.
    """
    awaiting = Awaiting(board, policy)
    accepts = _accepts(board)
    found: list[tuple[Place, Finding]] = []
    for stray, home in doubtful_strays(board, others, policy):
        around = stray.payment, stray.payer, stray.number
        near = dict.fromkeys(awaiting.for_amount(*around, stray.payment.amount.minor, LIKELIEST))
        if home is Home.NOWHERE:
            near |= dict.fromkeys(awaiting.for_deleted(*around, LIKELIEST))
        likely = [entry for entry in near if _may_be(stray, home, entry, policy)]
        for entry in likeliest(stray, likely):
            sentence = wording_elsewhere.leftover_elsewhere(stray.payment, stray.number)
            found.append((entry.place, Finding(Flag.LEFTOVER_ELSEWHERE, sentence, near=(stray.payment,))))
            accept = accepts.get((stray.number, stray.payment.payment_id))
            if accept is not None:
                sentence = wording_elsewhere.wanted_elsewhere(stray.payment, entry.xero, entry.place.number)
                found.append((accept, Finding(Flag.LEFTOVER_ELSEWHERE, sentence, near_xero=(entry.xero,))))
    return board.with_findings(found)


def _accepts(board: Board) -> Mapping[tuple[str, CasePaymentId], Place]:
    """Find by invoice and payment the rows that would accept it as the same money (R19b)."""
    return {
        (number, payment.payment_id): Place(number, sketch.key)
        for number, sketched in board.invoices.items()
        for sketch in sketched.sketches
        for payment in sketch.accepted_as
    }


def doubtful_strays(
    board: Board, others: Iterable[StrayPayment], policy: Policy
) -> Sequence[tuple[StrayPayment, Home]]:
    """Return what matches nothing and names no other, and how well an addition of its own invoice explains it."""
    nameless = (s for s in others if read_mark(s.payment.notes, policy.imported_text).payment_id is None)
    return (*_strays(board, policy), *((stray, Home.NOWHERE) for stray in nameless))


def _strays(board: Board, policy: Policy) -> Iterable[tuple[StrayPayment, Home]]:
    """Return the payments without a known original: additions of nearly its amount explain one, or all of them all."""
    for number, sketched in board.invoices.items():
        if not sketched.never_known:
            continue
        invoice, added = sketched.snapshot.case_invoice, _added(sketched)
        payments = [marked.payment for marked in sketched.never_known]
        homes = homes_of(payments, added, is_one_sum=_agree_in_sum(sketched, added, policy))
        for payment in payments:
            payer = payment.payer or (invoice.bill_to if invoice is not None else "")
            yield StrayPayment(payment, number, payer), homes[payment.payment_id]


def _added(sketched: Sketched) -> list[XeroPayment]:
    return [xero for sketch in sketched.sketches for xero in _incoming(sketch)]


def _incoming(sketch: Sketch) -> tuple[XeroPayment, ...]:
    """Return the Xero payments that would be added, or that are accepted in place of that."""
    if sketch.case is None and sketch.xero is not None:
        return (sketch.xero,)
    return sketch.accepted


def _agree_in_sum(sketched: Sketched, added: Sequence[XeroPayment], policy: Policy) -> bool:
    left = sum(m.payment.amount.minor for m in sketched.leftovers)
    return abs(sum(xero.amount.minor for xero in added) - left) <= tolerance(policy)


def _may_be(stray: StrayPayment, home: Home, entry: MoneyIn, policy: Policy) -> bool:
    """Say whether it may be this entry's money, although its own invoice awaits as much: then amounts are equal."""
    if home is Home.NOWHERE:
        return is_likely(stray, entry, policy)
    return is_just_as_likely(stray, entry) or (home is Home.NEARLY and stray.payment.paid_on == entry.xero.paid_on)


def is_just_as_likely(stray: StrayPayment, entry: MoneyIn) -> bool:
    """Say whether reference, or payer and date, are the very same, so that equal money at home is no likelier."""
    is_dated = stray.payment.paid_on == entry.xero.paid_on
    return has_same_reference(entry.xero, stray.payment) or (is_dated and has_same_payer(stray, entry))


def is_likely(stray: StrayPayment, entry: MoneyIn, policy: Policy) -> bool:
    """Say whether date, payer or reference make it likely that the two are one money."""
    days = abs((stray.payment.paid_on - entry.xero.paid_on).days)
    return (
        days <= policy.near_days
        or (days <= PAYER_DAYS and has_same_payer(stray, entry))
        or has_same_reference(entry.xero, stray.payment)
    )


def has_same_payer(stray: StrayPayment, entry: MoneyIn) -> bool:
    """Say whether both name the same payer."""
    return payer_name(stray.payer) in entry.payers


def likeliest(stray: StrayPayment, entries: Iterable[MoneyIn]) -> list[MoneyIn]:
    """Return at most three, by reference, payer and nearest date: standard fees must not flag the day."""
    return sorted(entries, key=lambda e: (_rank(stray, e), e.place.number, e.place.key))[:LIKELIEST]


def _rank(stray: StrayPayment, entry: MoneyIn) -> tuple[bool, bool, int]:
    return (
        not has_same_reference(entry.xero, stray.payment),
        not has_same_payer(stray, entry),
        abs((stray.payment.paid_on - entry.xero.paid_on).days),
    )
