"""Say which invoices need not be looked at again until something of theirs changes, and what is kept of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.accounts import questions_of
from cmxero_desktop.domain.copying import QUICK_WITHIN
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.correlation.judging_memo import FirstSketch
from cmxero_desktop.domain.correlation.resting import is_at_rest, mark_of_tie, ties_of
from cmxero_desktop.domain.debtor_refunds import refund_may_be_behind
from cmxero_desktop.domain.firm_totals import is_same_total
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.numbering import is_alive
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.refund_homes import documents_of, lacks_any_refund, payers_of
from cmxero_desktop.domain.refunds import words_of
from cmxero_desktop.domain.scope import is_customer_payment
from cmxero_desktop.services.correlation.doubting import is_doubtful
from cmxero_desktop.services.correlation.snapshots import Known, XeroSide
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.records.rested import Pair, Resting
from cmxero_desktop.services.records.results import InvoiceResult

_NO_DEBT = frozenset({"DRAFT", "SUBMITTED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBoard:
    """One invoice that is looked at in every check; `snapshot` is None where there is nothing to show of it."""

    side: XeroSide
    case: CaseInvoiceSide | None
    snapshot: InvoiceSnapshot | None = None
    result: InvoiceResult | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonGround:
    """What holds for all invoices of a comparison, and what may join them to money that went back and stayed so.

    That is a document, an invoice's number among its words, or the payer, by id or name.
    """

    policy: Policy
    as_of: datetime
    documents: frozenset[str]
    words: frozenset[str]
    payers: frozenset[str]

    @classmethod
    def of(cls, policy: Policy, as_of: datetime, refunds: Iterable[XeroPayment]) -> "CommonGround":
        """Make it of the refunds that are known."""
        live = [refund for refund in refunds if refund.is_live]
        return cls(
            policy=policy,
            as_of=as_of,
            documents=frozenset(r.invoice_id.casefold() for r in live) - {""},
            words=frozenset(word for r in live for word in words_of(r)),
            payers=frozenset(name.casefold() for r in live for name in (r.contact_id, r.contact_name)) - {""},
        )


@dataclass(frozen=True, slots=True)
class MayRest:
    """An invoice on the board that may rest once nobody asks for it, from an instant on (None: any)."""

    one: OnBoard
    resting: Resting
    quiet_at: datetime | None


def is_told_alike(stored: InvoiceSnapshot, now: InvoiceSnapshot) -> bool:
    """Say whether a stored snapshot says of refunds and near numbers what is known by now.

    Both are given to an invoice when others change, and neither need make another row.
    """
    return (stored.refunded, stored.near_number) == (now.refunded, now.near_number)


def is_ordinary(
    side: XeroSide, case: CaseInvoiceSide | None, known: Known, rivals: Collection[str], prefix: str
) -> bool:
    """Say whether nobody could take the one for another: one living invoice, its number as ever, its own there."""
    if len(side.invoices) != 1 or len(side.facts) != 1 or side.unreadable or side.is_renumbered or rivals:
        return False
    (invoice,), (fact,) = side.invoices, side.facts
    is_as_ever = invoice.number == side.number == fact.number and is_alive(fact)
    own = side.number.removeprefix(prefix)
    return (
        is_as_ever
        and bool(own)
        and side.number.startswith(prefix)
        and invoice.xero_invoice_id not in known.said
        and (case is None or (case.invoice.number == own and not case.unreadable))
    )


def rest_of(one: OnBoard, first: FirstSketch | None, around: CommonGround) -> Resting | None:
    """Return what is kept of an ordinary invoice that is at rest; None where it stays on the board."""
    if is_doubtful(one.side, around.policy):
        return None
    snapshot, result = one.snapshot, one.result
    if snapshot is None or result is None or first is None:
        is_quiet = snapshot is None and not _says_something(one, around.policy)
        return _resting(one, (), 0, around.policy) if is_quiet else None
    found = result.correlation
    if not is_at_rest(first.sketched, first.claimed, around.policy) or not _is_whole(snapshot, found):
        return None
    listed = (row.xero for row in found.placements if row.xero is not None)
    if questions_of(listed, around.policy) or _may_be_refunded(snapshot, around):
        return None
    if refund_may_be_behind(snapshot, found, around.policy) is not None:
        return None
    ties = tuple(sorted({mark_of_tie(tie) for tie in ties_of(snapshot)}))
    return _resting(one, ties, len(found.placements), around.policy)


def pair_of(side: XeroSide, case: CaseInvoiceSide | None) -> Pair | None:
    """Return both sides' figures of an invoice, but of one that is no debt in Xero."""
    xero = side.invoice
    if case is None or (xero is None and not side.payments):
        return None
    if xero is not None and (xero.status in _NO_DEBT or not is_alive(xero)):
        return None
    return xero, case.invoice


def imported_among(case: CaseInvoiceSide | None, policy: Policy) -> int:
    """Return how many payments of an invoice are marked as imported."""
    payments = case.payments if case is not None else ()
    return sum(read_mark(payment.notes, policy.imported_text).is_imported for payment in payments)


def _resting(one: OnBoard, ties: tuple[int, ...], matched: int, policy: Policy) -> Resting:
    pair = pair_of(one.side, one.case)
    is_alike = pair is not None and agrees(pair, policy)
    return Resting(
        xero_id=one.side.invoice_id,
        case_id=one.case.invoice.invoice_id if one.case is not None else None,
        ties=ties,
        matched=matched,
        imported=imported_among(one.case, policy),
        pair=None if is_alike else pair,
        agrees=is_alike,
    )


def agrees(pair: Pair, policy: Policy) -> bool:
    """Say whether both sides' figures of an invoice are known, and alike."""
    xero, case = pair
    return (
        xero is not None
        and xero.total.currency == policy.currency
        and case.are_adjustments_known
        and is_same_total(xero, case, policy)
    )


def _says_something(one: OnBoard, policy: Policy) -> bool:
    """Say whether an invoice without any payment gives reason to a warning, or its figures to a question."""
    xero = one.side.invoice
    if one.case is None:
        return False
    is_owed = bool(one.case.payments) or balance_of(one.case.invoice, ()).minor != 0
    return xero is None or xero.total.currency != policy.currency or (not is_alive(xero) and is_owed)


def _may_be_refunded(snapshot: InvoiceSnapshot, around: CommonGround) -> bool:
    """Say whether money that went back may find its home here; its payer alone finds none where nothing lacks it."""
    if snapshot.number in around.words or not around.documents.isdisjoint(documents_of(snapshot)):
        return True
    return not around.payers.isdisjoint(payers_of(snapshot)) and lacks_any_refund(snapshot)


def quiet_at(one: OnBoard) -> datetime | None:
    """Return from when on no payment is so new that who copies it is being watched (R29)."""
    payments = one.snapshot.xero_payments if one.snapshot is not None else ()
    return max((payment.entered_at + QUICK_WITHIN for payment in payments), default=None)


def _is_whole(snapshot: InvoiceSnapshot, found: Correlation) -> bool:
    """Say whether each payment of both sides stands in exactly one pair of equal amounts, listed or hidden."""
    rows = found.placements
    xero = sorted([*(row.xero.payment_id for row in rows if row.xero is not None), *found.hidden_xero])
    case = sorted([*(row.case.payment_id for row in rows if row.case is not None), *found.hidden_case])
    live = (p.payment_id for p in snapshot.xero_payments if p.is_live and is_customer_payment(p))
    is_even = all(r.xero is not None and r.case is not None and r.xero.amount == r.case.amount for r in rows)
    return is_even and xero == sorted(live) and case == sorted(p.payment_id for p in snapshot.case_payments)
