"""Payments in Case Manager that match nothing and may be another invoice's money (R23b)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.debtors import tolerance
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place, entries_of
from cmxero_desktop.domain.correlation.matching import has_same_reference
from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CasePayment, XeroPayment

_EXPLAINED_BY_MINOR = 1500
_PAYER_DAYS = 31
_LIKELIEST = 3


@dataclass(frozen=True, slots=True)
class StrayPayment:
    """An unmatched case payment; `number` is its invoice as a person knows it, in scope or not.

    `said` is what a person said of it, which ends all doubt about it unless it is only set aside (R19a).
    """

    payment: CasePayment
    number: str
    payer: str = ""
    said: Explained | None = None


@dataclass(frozen=True, slots=True)
class MoneyIn:
    """An addition or a change that other money may be, with who pays it as Xero and as Case Manager name them."""

    place: Place
    xero: XeroPayment
    payers: frozenset[str]


def with_strays(board: Board, others: Iterable[StrayPayment], policy: Policy) -> Board:
    """Flag the entries that an unmatched payment of another invoice may be; each flags its three likeliest at most."""
    index = entries_by_amount(board)
    found: list[tuple[Place, Finding]] = []
    for stray, has_near in doubtful_strays(board, others, policy):
        likely = [
            entry
            for entry in index.get(stray.payment.amount.minor, ())
            if entry.place.number != stray.number
            and (_is_exact(stray, entry) if has_near else is_likely(stray, entry, policy))
        ]
        for entry in likeliest(stray, likely):
            sentence = wording.leftover_elsewhere(stray.payment, stray.number)
            found.append((entry.place, Finding(Flag.LEFTOVER_ELSEWHERE, sentence, near=(stray.payment,))))
    return board.with_findings(found)


def doubtful_strays(
    board: Board, others: Iterable[StrayPayment], policy: Policy
) -> Sequence[tuple[StrayPayment, bool]]:
    """Return what matches nothing and names no other, and whether an addition of its own invoice nearly explains it."""
    nameless = (s for s in others if read_mark(s.payment.notes, policy.imported_text).payment_id is None)
    return (*_strays(board, policy), *((stray, False) for stray in nameless))


def _strays(board: Board, policy: Policy) -> Iterable[tuple[StrayPayment, bool]]:
    """Return the payments without a known original that no addition of their own invoice explains to the cent.

    Beside each stands whether one explains it nearly: then only what is exact elsewhere is more likely.
    """
    for number, sketched in board.invoices.items():
        invoice = sketched.snapshot.case_invoice
        for marked in () if _all_explained(sketched, policy) else sketched.never_known:
            payment = marked.payment
            gaps = [abs(a.minor - payment.amount.minor) for a in _added(sketched)]
            nearest = min(gaps, default=_EXPLAINED_BY_MINOR + 1)
            if nearest:
                payer = payment.payer or (invoice.bill_to if invoice is not None else "")
                yield StrayPayment(payment, number, payer), nearest <= _EXPLAINED_BY_MINOR


def _added(sketched: Sketched) -> list[Money]:
    return [p.amount for s in sketched.sketches for p in _incoming(s)]


def _incoming(sketch: Sketch) -> tuple[XeroPayment, ...]:
    """Return the Xero payments that would be added, or that are accepted in place of that."""
    if sketch.case is None and sketch.xero is not None:
        return (sketch.xero,)
    return sketch.accepted


def _all_explained(sketched: Sketched, policy: Policy) -> bool:
    added = sum(amount.minor for amount in _added(sketched))
    left = sum(m.payment.amount.minor for m in sketched.leftovers)
    return abs(added - left) <= tolerance(policy)


def entries_by_amount(board: Board) -> Mapping[int, Sequence[MoneyIn]]:
    """Find entries by their own amount, and by those of the payments deleted on their invoice."""
    index: dict[int, list[MoneyIn]] = defaultdict(list)
    for number, sketch, xero in entries_of(board.invoices):
        sketched = board.invoices[number]
        invoice = sketched.snapshot.xero_invoice
        payer = xero.contact_name or (invoice.contact_name if invoice is not None else "")
        billed = sketched.snapshot.case_invoice.bill_to if sketched.snapshot.case_invoice is not None else ""
        entry = MoneyIn(Place(number, sketch.key), xero, frozenset({payer_name(payer), payer_name(billed)} - {""}))
        for amount in {xero.amount.minor, *(p.amount.minor for p in sketched.deleted)}:
            index[amount].append(entry)
    return index


def _is_exact(stray: StrayPayment, entry: MoneyIn) -> bool:
    """Say whether amount and date, or amount and reference, are the very same."""
    is_dated = stray.payment.paid_on == entry.xero.paid_on
    return stray.payment.amount == entry.xero.amount and (is_dated or has_same_reference(entry.xero, stray.payment))


def is_likely(stray: StrayPayment, entry: MoneyIn, policy: Policy) -> bool:
    """Say whether date, payer or reference make it likely that the two are one money."""
    days = abs((stray.payment.paid_on - entry.xero.paid_on).days)
    return (
        days <= policy.near_days
        or (days <= _PAYER_DAYS and has_same_payer(stray, entry))
        or has_same_reference(entry.xero, stray.payment)
    )


def has_same_payer(stray: StrayPayment, entry: MoneyIn) -> bool:
    """Say whether both name the same payer."""
    return payer_name(stray.payer) in entry.payers


def payer_name(name: str) -> str:
    """Return a payer's name as names are compared."""
    return name.strip().casefold()


def likeliest(stray: StrayPayment, entries: Iterable[MoneyIn]) -> list[MoneyIn]:
    """Return at most three, by reference, payer and nearest date: standard fees must not flag the day."""
    return sorted(entries, key=lambda e: (_rank(stray, e), e.place.number, e.place.key))[:_LIKELIEST]


def _rank(stray: StrayPayment, entry: MoneyIn) -> tuple[bool, bool, int]:
    return (
        not has_same_reference(entry.xero, stray.payment),
        not has_same_payer(stray, entry),
        abs((stray.payment.paid_on - entry.xero.paid_on).days),
    )
