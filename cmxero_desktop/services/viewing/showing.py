"""Show one invoice in full, as it stands now or as it stood at an instant, from what the store has kept (R34)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.numbering import names_of
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import Account, CasePayment, Side, XeroInvoice, XeroPayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.store_times import believed
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import Accounts, CaseSide, Remembered, RowPlace, Seen, StoreMoment
from cmxero_desktop.services.records.runs import PollOutcome

_RUNS_LOOKED_AT = 10_000
_NO_ACCOUNT = Account(account_id="")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceHistory:
    """One invoice at one instant: both sides, where each payment stood, proposals, memory, and what was done.

    `as_of` and `kept_since` are aware, in the zone of the person who asked; `checked_at` is the last check that worked
    until then, None where that is not known any more.
    """

    number: str
    as_of: datetime
    is_now: bool
    kept_since: datetime
    checked_at: datetime | None
    xero_invoices: tuple[Seen[XeroInvoice], ...]
    xero_payments: tuple[Seen[XeroPayment], ...]
    case: CaseSide
    proposals: tuple[Seen[StoredProposal], ...]
    remembered: Remembered
    entries: tuple[AuditEntry, ...]

    def place_of_xero(self, payment_id: XeroPaymentId) -> RowPlace | None:
        """Return where a payment of Xero stood, None where the comparison did not have it."""
        ids = ((place, place.xero_id) for place in self.case.places)
        return next((place for place, found in ids if found and folded(found) == folded(payment_id)), None)

    def place_of_case(self, payment_id: CasePaymentId) -> RowPlace | None:
        """Return where a payment of Case Manager stood."""
        return next((place for place in self.case.places if place.case_id == payment_id), None)

    @property
    def sentence(self) -> str:
        """What is shown, and by which clock."""
        when = f"{words_of(self.as_of)} by this computer's clock ({self.as_of:%Z})"
        stood = f"{self.number} as it stands now, {when}." if self.is_now else f"{self.number} as it stood on {when}."
        checked = f" Last check before: {words_of(self.checked_at)}." if self.checked_at else ""
        return f"{stood}{checked} Kept since {words_of(self.kept_since)}."

    @property
    def side_sentences(self) -> tuple[str, ...]:
        """What each side held of the invoice itself."""
        xero = (
            f"Xero: {i.number}, {i.status.lower()}, total {i.total}, paid {i.amount_paid}, "
            f"credited {i.amount_credited}, due {i.due}."
            for i in (seen.fact for seen in self.xero_invoices)
        )
        if self.case.invoice is None:
            return (*xero,)
        c = self.case.invoice.fact
        case = f"Case Manager: {c.number}, total {c.total}, adjustments {c.adjustments}, refunds {c.refunds}."
        return (*xero, case)

    @property
    def payments(self) -> tuple["PaymentLine", ...]:
        """The payments of both sides, Xero's first, each side by date."""
        xero = (
            PaymentLine(
                side=Side.XERO,
                key=seen.fact.payment_id,
                paid_on=seen.fact.paid_on,
                amount=seen.fact.amount,
                state=_xero_state(seen.fact),
                reference=seen.fact.reference,
                place=self.place_of_xero(seen.fact.payment_id),
                since=seen.since,
                until=seen.until,
            )
            for seen in self.xero_payments
        )
        case = (
            PaymentLine(
                side=Side.CASE_MANAGER,
                key=str(seen.fact.payment_id),
                paid_on=seen.fact.paid_on,
                amount=seen.fact.amount,
                state=_case_state(seen.fact),
                reference=seen.fact.reference,
                place=self.place_of_case(seen.fact.payment_id),
                since=seen.since,
                until=seen.until,
            )
            for seen in self.case.payments
        )
        return (*xero, *case)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was known of the invoice."""
        sides = self.xero_invoices or self.xero_payments or self.case.invoice or self.case.places
        return not (sides or self.proposals or self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """A payment of either side as a list shows it, with where it stood and between which instants it was so."""

    side: Side
    key: str
    paid_on: date
    amount: Money
    state: str
    reference: str
    place: RowPlace | None
    since: datetime | None
    until: datetime | None

    @property
    def stood(self) -> str:
        """Where it stood, in words; a payment that no comparison had yet stood nowhere."""
        return self.place.words if self.place else ""


def _xero_state(payment: XeroPayment) -> str:
    if not payment.is_live:
        return "Deleted"
    return "Bank reconciled" if payment.is_bank_reconciled else "Authorised"


def _case_state(payment: CasePayment) -> str:
    if payment.is_journalled:
        return f"Journalled {payment.journal_number}".strip()
    return "Multi-invoice" if payment.is_multi_invoice else ""


class Showing:
    """The use case "show an invoice": what the store knows of it, and what it knew."""

    def __init__(self, outside: Outside, zone: tzinfo) -> None:
        """Keep the ports; an instant without a zone is meant in `zone`."""
        self._outside = outside
        self._zone = zone

    def show(self, number: str, as_of: datetime | None = None) -> InvoiceHistory:
        """Return an invoice, which may be named without its prefix, or by a number that it has now.

        Raises DeskError for an instant that lies ahead or before everything that is kept, and for an invoice that was
        not known then.
        """
        prefix = self._outside.settings_file.load().policy.invoice_prefix
        now = self._outside.clock().astimezone(self._zone)
        at = now if as_of is None else _in(as_of, self._zone)
        if at > now:
            message = f"{words_of(at)} has not come yet."
            raise DeskError(message, "Leave the instant out to see how the invoice stands now.")
        with self._outside.store.read() as unit:
            begun, last = unit.past.begins_at(), unit.past.moment()
            if begun is None or last is None:
                message = "Nothing is known of any invoice yet."
                raise DeskError(message, "Check Xero first.")
            moment = last if as_of is None else unit.past.moment(at)
            if moment is None:
                message = (
                    f"What stood where at {words_of(at)} is not known: it is kept since {words_of(_in(begun, at))}."
                )
                raise DeskError(message, "Choose a later instant.")
            found = self._read(unit, _whole(number, prefix), prefix, moment)
            first = _first_seen(self._read(unit, found.number, prefix, last)) if found.is_empty else None
            checked_at = _checked_at(unit, at)
        if found.is_empty:
            raise _unknown(found.number, at, None if first is None else _in(first, at))
        return replace(
            found,
            as_of=at,
            is_now=as_of is None,
            kept_since=_in(begun, at),
            checked_at=None if checked_at is None else _in(checked_at, at),
        )

    def _read(self, unit: UnitOfWork, asked: str, prefix: str, moment: StoreMoment) -> InvoiceHistory:
        number, invoices, ids = _invoices(unit, asked, prefix, moment)
        accounts = unit.past.accounts(moment)
        payments = [replace(p, fact=_with_account(p.fact, accounts)) for p in unit.past.xero_payments(ids, moment)]
        case = unit.past.case_side(number, moment)
        proposals = unit.past.proposals(number, moment)
        case_number = case.invoice.fact.number if case.invoice else number.removeprefix(prefix)
        return InvoiceHistory(
            number=number,
            as_of=moment.at,
            is_now=False,
            kept_since=moment.at,
            checked_at=None,
            xero_invoices=invoices,
            xero_payments=tuple(sorted(payments, key=lambda p: (p.fact.paid_on, folded(p.fact.payment_id)))),
            case=replace(
                case,
                payments=tuple(sorted(case.payments, key=lambda p: (p.fact.paid_on, p.fact.payment_id.order))),
            ),
            proposals=tuple(
                sorted(
                    (p for p in proposals if p.fact.state is not ProposalState.SUPERSEDED),
                    key=lambda p: (p.fact.first_seen_at, p.fact.fingerprint),
                )
            ),
            remembered=unit.past.remembered(case_number, moment),
            entries=unit.past.entries(number, moment),
        )


def _first_seen(now: InvoiceHistory) -> datetime | None:
    """Return since when an invoice is known that was not known then, None where it still is not."""
    seen: Iterable[Seen[XeroInvoice] | Seen[XeroPayment]] = (*now.xero_invoices, *now.xero_payments)
    return min((s.since for s in seen if s.since is not None), default=None)


def _invoices(
    unit: UnitOfWork, asked: str, prefix: str, moment: StoreMoment
) -> tuple[str, tuple[Seen[XeroInvoice], ...], tuple[XeroInvoiceId, ...]]:
    """Return the number that an invoice goes by, its facts and its ids; several only where a number was used again.

    Which number an invoice goes by depends on who bears that number, and on what a person said until then (R1), so all
    that have to do with one another are looked at.
    """
    tracked = unit.facts.tracked()
    said = unit.past.numbers_said(moment)
    numbers = {asked, *(tracked[i].number for i, s in said.items() if f"{prefix}{s.number}" == asked)}
    named = {seen.fact.invoice_id for seen in unit.past.xero_invoices(numbers, moment)}
    while True:
        found = unit.past.xero_invoices(numbers, moment)
        ids = {seen.fact.invoice_id for seen in found}
        near = {i: t for i, t in tracked.items() if t.number in numbers or i in ids}
        more = {t.number for t in near.values()} | {seen.fact.number for seen in found}
        if more <= numbers:
            break
        numbers |= more
    facts = {seen.fact.invoice_id: seen.fact for seen in found}
    first = sorted(near.values(), key=lambda t: (t.first_seen_at, t.xero_invoice_id))
    goes_by = names_of({t.xero_invoice_id: t.number for t in first}, facts, said, prefix)
    number = asked
    if asked not in goes_by.values():
        # A number that an invoice has by now, or had once, names it as well.
        bearers = sorted(facts, key=lambda i: facts[i].number != asked)
        number = next((goes_by[i] for i in bearers if i in named), asked)
    ids_of_number = tuple(sorted(i for i, each in goes_by.items() if each == number))
    of_number = tuple(seen for seen in found if seen.fact.invoice_id in ids_of_number)
    return number, of_number, ids_of_number


def _with_account(payment: XeroPayment, accounts: Accounts) -> XeroPayment:
    """Add what was known of the account that a payment was paid to."""
    account = accounts.get(payment.account_id.lower(), _NO_ACCOUNT)
    return replace(
        payment,
        account_name=payment.account_name or account.name,
        account_code=payment.account_code or account.code,
        account_type=account.account_type,
    )


def _checked_at(unit: UnitOfWork, at: datetime) -> datetime | None:
    """Return when the last check ended that worked until then."""
    runs = [r.finished_at for r in unit.polling.runs(_RUNS_LOOKED_AT) if r.outcome is PollOutcome.DONE]
    runs.reverse()
    last = believed(runs).last_until(at)
    return None if last is None else runs[last]


def _whole(number: str, prefix: str) -> str:
    return number if number.startswith(prefix) else f"{prefix}{number}"


def _in(instant: datetime, zone: tzinfo | datetime) -> datetime:
    """Return an instant in a zone, or in another instant's; one without a zone is meant there."""
    where = zone.tzinfo if isinstance(zone, datetime) else zone
    return instant.replace(tzinfo=where) if instant.tzinfo is None else instant.astimezone(where)


def words_of(instant: datetime) -> str:
    """Write an instant as a person reads it, in its own zone."""
    return f"{day(instant.date())} {instant:%H:%M}"


def _unknown(number: str, at: datetime, first: datetime | None) -> DeskError:
    if first is not None and first > at:
        message = f"{number} was not known at {words_of(at)}: it was first seen at {words_of(first)}."
        return DeskError(message, "Choose a later instant.")
    return DeskError(f"{number} is not known.", "Look for its number in Xero; only sales invoices with CM- are read.")
