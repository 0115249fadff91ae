"""Lay the Xero original and the Case Manager copy side by side, field by field, each with its sign."""

from dataclasses import dataclass

from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import MatchedHow
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, Side, XeroPayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.viewing.desk_view import OtherInvoice, PaymentRow, ReviewRow

EQUAL = "="
DIFFERENT = "≠"
BLANK = "(blank)"
IDS = "Payment"


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field of both sides. `sign` is empty where the two are not comparable."""

    name: str
    xero: str
    case_manager: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the evidence pane is about: the payments of both sides and the invoice they belong to.

    `guessed` is the side whose payment is only perhaps the same money, None where both belong together. Where it
    `is_linked`, the Notes name Xero's payment. `imported_text` is what the firm marks copies with.
    """

    xero: XeroPayment | None
    case: CasePayment | None
    result: InvoiceResult | None
    elsewhere: tuple[OtherInvoice, ...] = ()
    guessed: Side | None = None
    is_linked: bool = False
    imported_text: str = ""

    @property
    def is_time_told(self) -> bool:
        """Whether the time that Xero's payment bears tells when it became what it is: live, or deleted."""
        snapshot = self.result.snapshot if self.result is not None else None
        is_live = self.xero is not None and self.xero.is_live
        return is_live or (snapshot is not None and snapshot.deleted_day(self.xero) is not None)

    @classmethod
    def of_review(cls, row: ReviewRow) -> "Subject":
        """Take the payments of a proposal; an add is compared with what is near it, first on its own invoice.

        Of an accept of several payments the first of each side are shown; the reason names them all.
        """
        proposal = row.stored.proposal
        xero = proposal.xero or proposal.replaced or next(iter(proposal.accepted), None)
        xero = xero or _deleted_original(proposal.case, row.result)
        case = proposal.case or next(iter((*proposal.near_here, *proposal.accepted_as, *proposal.near)), None)
        is_sure = proposal.case is not None or proposal.kind is ProposalKind.ACCEPT
        return cls(xero, case, row.result, row.elsewhere, None if is_sure else Side.CASE_MANAGER)

    @classmethod
    def of_payment(cls, row: PaymentRow, elsewhere: tuple[OtherInvoice, ...] = ()) -> "Subject":
        """Take the payments of a placed row; one that a change is proposed for is compared as Review does.

        Any other unpaired one is compared with its first near one, maybe `elsewhere`.
        """
        placement, snapshot = row.placement, row.result.snapshot
        proposed = row.proposal.proposal if row.proposal is not None else None
        pair = proposed if proposed is not None and proposed.case is not None else None
        # What is near may stand on another invoice: then only what is proposed knows it.
        away = (p for proposal in row.result.correlation.proposals for p in proposal.near)
        known = (*snapshot.case_payments, *away)
        case = placement.case or (pair.case if pair is not None else None)
        case = case or next((p for p in known if p.payment_id in placement.near_case), None)
        near = next((p for p in snapshot.xero_payments if p.payment_id in placement.near_xero), None)
        gone = _deleted_original(placement.case, row.result)
        xero = placement.xero or (pair.xero if pair is not None else None) or near or gone
        is_pair = pair is not None and pair.case == case
        own = Side.CASE_MANAGER if placement.case is not None else Side.XERO
        other = Side.XERO if own is Side.CASE_MANAGER else Side.CASE_MANAGER
        is_sure = is_pair or (placement.case is not None and (placement.xero is not None or xero is gone))
        is_linked = placement.matched_how is MatchedHow.LINKED
        return cls(xero, case, row.result, elsewhere, None if is_sure else other, is_linked=is_linked)


def headings(subject: Subject) -> tuple[str, str]:
    """Say what each side's payment is to the other: Xero's first, then Case Manager's."""
    is_gone = subject.xero is not None and not subject.xero.is_live
    alone = subject.xero is None or subject.case is None
    perhaps = subject.guessed if not alone else None
    xero = "before it was deleted" if is_gone else "perhaps the same" if perhaps is Side.XERO else "original"
    case = "copy" if _is_imported(subject) else "typed by hand"
    if perhaps is Side.CASE_MANAGER:
        place, is_alike = _place(subject), _is_of_one_amount(subject)
        near = "perhaps the same" if is_alike or not place else "near it"
        case = f"on {place}, {near}" if place else near
    return xero, case


def _is_imported(subject: Subject) -> bool:
    """Say whether the Notes mark Case Manager's payment as a copy; without one nothing was typed by hand either."""
    return subject.case is None or read_mark(subject.case.notes, subject.imported_text).is_imported


def _is_of_one_amount(subject: Subject) -> bool:
    xero, case = subject.xero, subject.case
    return xero is not None and case is not None and xero.amount == case.amount


def _place(subject: Subject) -> str:
    """Name the other invoice on which Case Manager's payment stands; nothing where it is the same invoice."""
    case, snapshot = subject.case, subject.result.snapshot if subject.result else None
    if case is None or not _is_elsewhere(case, snapshot):
        return ""
    return next((one.number for one in subject.elsewhere if one.invoice_id == case.invoice_id), "another invoice")


def _deleted_original(case: CasePayment | None, result: InvoiceResult | None) -> XeroPayment | None:
    """Return the deleted Xero payment whose id a copy's Notes name."""
    if case is None or result is None:
        return None
    known = (*result.snapshot.xero_payments, *result.snapshot.named_elsewhere.values())
    return next((p for p in known if not p.is_live and folded(p.payment_id) in case.notes.lower()), None)


def compare(subject: Subject) -> tuple[ComparedField, ...]:
    """Return the fields in the order in which a person checks them."""
    xero, case = subject.xero, subject.case
    snapshot = subject.result.snapshot if subject.result else None
    # What was deleted is equal to nothing any more.
    both = xero is not None and case is not None and xero.is_live
    return (
        ComparedField("Invoice", _xero_invoice(xero, snapshot), _case_invoice(case, snapshot, subject.elsewhere)),
        _same_or_told("Bill To", _contact(xero, snapshot), _bill_to(case, snapshot, subject.elsewhere)),
        _field("Date paid", day(xero.paid_on) if xero else "", day(case.paid_on) if case else "", both=both),
        _field("Amount", str(xero.amount) if xero else "", str(case.amount) if case else "", both=both),
        _field("Reference", _or_blank(xero), _or_blank(case), both=both),
        ComparedField("Paid to / type", _paid_to(xero), _type(case)),
        ComparedField("State", _xero_state(xero, snapshot), _case_state(case)),
        ComparedField(IDS, xero.payment_id if xero else "", _notes(case)),
    )


def _field(name: str, xero: str, case: str, *, both: bool) -> ComparedField:
    sign = (EQUAL if xero == case else DIFFERENT) if both else ""
    return ComparedField(name, xero, case, sign)


def _same_or_told(name: str, xero: str, case: str) -> ComparedField:
    """Return a field that both sides may write otherwise without being different."""
    return ComparedField(name, xero, case, EQUAL if xero and xero == case else "")


def _or_blank(payment: XeroPayment | CasePayment | None) -> str:
    return (payment.reference or BLANK) if payment else ""


def _xero_invoice(xero: XeroPayment | None, snapshot: InvoiceSnapshot | None) -> str:
    if snapshot is not None and snapshot.xero_invoice is not None:
        return snapshot.xero_invoice.number
    return xero.invoice_number if xero else (snapshot.number if snapshot else "")


def _invoice(snapshot: InvoiceSnapshot | None) -> CaseInvoice | None:
    return snapshot.case_invoice if snapshot else None


def _is_elsewhere(case: CasePayment | None, snapshot: InvoiceSnapshot | None) -> bool:
    """Say whether the case payment stands on another invoice than the Xero payment."""
    invoice = _invoice(snapshot)
    return case is not None and invoice is not None and case.invoice_id != invoice.invoice_id


def _case_invoice(
    case: CasePayment | None, snapshot: InvoiceSnapshot | None, elsewhere: tuple[OtherInvoice, ...]
) -> str:
    if case is not None and _is_elsewhere(case, snapshot):
        return next((str(one) for one in elsewhere if one.invoice_id == case.invoice_id), "another invoice")
    invoice = _invoice(snapshot)
    if invoice is None:
        return "not in Case Manager"
    return f"{invoice.number} - {invoice.case_name}" if invoice.case_name else invoice.number


def _contact(xero: XeroPayment | None, snapshot: InvoiceSnapshot | None) -> str:
    if xero is not None and xero.contact_name:
        return xero.contact_name
    return snapshot.xero_invoice.contact_name if snapshot and snapshot.xero_invoice else ""


def _bill_to(case: CasePayment | None, snapshot: InvoiceSnapshot | None, elsewhere: tuple[OtherInvoice, ...]) -> str:
    if case is not None and _is_elsewhere(case, snapshot):
        known = (one.bill_to for one in elsewhere if one.invoice_id == case.invoice_id)
        return case.payer or next(known, "")
    invoice = _invoice(snapshot)
    return invoice.bill_to if invoice else ""


def _paid_to(xero: XeroPayment | None) -> str:
    return (xero.account_name or BLANK) if xero else ""


def _type(case: CasePayment | None) -> str:
    return (case.payment_type or BLANK) if case else ""


def _xero_state(xero: XeroPayment | None, snapshot: InvoiceSnapshot | None) -> str:
    if xero is None:
        return ""
    if not xero.is_live:
        on = snapshot.deleted_day(xero) if snapshot is not None else None
        return f"deleted in Xero on {day(on)}" if on is not None else "deleted in Xero"
    bank = "reconciled to bank in Xero" if xero.is_bank_reconciled else "not reconciled to bank"
    return f"{bank}, in a batch" if xero.batch_payment_id else bank


def _case_state(case: CasePayment | None) -> str:
    if case is None:
        return ""
    journal = f"journalled ({case.journal_number or 'yes'})" if case.is_journalled else "not journalled"
    return f"{journal}, multi-invoice" if case.is_multi_invoice else journal


def _notes(case: CasePayment | None) -> str:
    if case is None:
        return ""
    notes = " / ".join(line for line in case.notes.splitlines() if line.strip())
    return f"no. {case.payment_id} - {notes or 'no notes'}"
