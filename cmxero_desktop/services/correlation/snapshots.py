"""Put both sides of each invoice together into the snapshots that are correlated."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from cmxero_desktop.domain.identifiers import Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.numbering import is_alive, is_renumbered, names_of, number_before
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import DECLINED_STATES, ProposalState
from cmxero_desktop.domain.records import Decisions, InvoiceSnapshot, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.sor.knowing import under_schedules
from cmxero_desktop.services.correlation.memorising import MemoryOfFirm, memory_of
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.records.results import TrackedInvoice

NO_NUMBER_WORDS = "(no number)"
_NOWHERE = XeroInvoiceId("")
_NO_NUMBER = ""
# Nobody dates a payment further ahead than this, and deletes it before its day.
_LONGEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroSide:
    """What our store knows of one CM number in Xero; more than one invoice only where a number was used again.

    `renumbered_from` and `renumbered_to` are the number before and the one now, while it is in doubt which invoice this
    is (R1); each may be empty.
    """

    number: str
    invoices: tuple[TrackedInvoice, ...]
    facts: tuple[XeroInvoice, ...]
    payments: tuple[XeroPayment, ...]
    unreadable: tuple[UnreadableRow, ...]
    is_renumbered: bool = False
    renumbered_from: str = ""
    renumbered_to: str = ""

    @property
    def invoice_id(self) -> XeroInvoiceId:
        """The id of the invoice that holds the number now."""
        alive = [invoice for invoice in self.facts if is_alive(invoice)]
        known = alive or list(self.facts)
        return known[-1].invoice_id if known else self.invoices[-1].xero_invoice_id

    @property
    def is_shared(self) -> bool:
        """Whether Xero has more than one living invoice of this number."""
        return len(self.all_living) > 1

    @property
    def all_living(self) -> tuple[XeroInvoice, ...]:
        """The facts of every living invoice that bears this number now; more than one is a mistake in Xero."""
        return tuple(f for f in self.facts if is_alive(f) and f.number == self.number)

    @property
    def living(self) -> XeroInvoice | None:
        """The facts of the living invoice that holds the number now, where there is one and it is known."""
        return next((f for f in self.facts if f.invoice_id == self.invoice_id and is_alive(f)), None)

    @property
    def invoice(self) -> XeroInvoice | None:
        """The facts under this number, added up; None unless every invoice of it is known."""
        if not self.facts or len(self.facts) < len(self.invoices):
            return None
        if len(self.facts) == 1:
            return self.facts[0]
        main = next(invoice for invoice in self.facts if invoice.invoice_id == self.invoice_id)
        currency = main.total.currency
        same = [invoice for invoice in self.facts if invoice.total.currency == currency]
        return replace(
            main,
            amount_paid=total((invoice.amount_paid for invoice in same), currency),
            amount_credited=total((invoice.amount_credited for invoice in same), currency),
            settlements=tuple(s for invoice in same for s in invoice.settlements),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything that snapshots need from our store, read in one transaction; `said` is what persons said last.

    `refunds` is money that went back in Xero, whatever invoice it belongs to. `under_sor` says of invoices, by number
    and by Xero's id, whether an SOR schedule of theirs runs (S10). `generation` is the store's then.
    """

    sides: Mapping[str, XeroSide]
    loose_unreadable: tuple[UnreadableRow, ...] = ()
    unknown_ids: frozenset[XeroPaymentId] = frozenset()
    declined: Mapping[str, frozenset[Fingerprint]] = field(default_factory=dict)
    refused: Mapping[str, frozenset[Fingerprint]] = field(default_factory=dict)
    memory: MemoryOfFirm = field(default_factory=MemoryOfFirm)
    refunds: tuple[XeroPayment, ...] = ()
    said: Mapping[XeroInvoiceId, NumberSaid] = field(default_factory=dict)
    under_sor: Mapping[str, bool] = field(default_factory=dict)
    generation: int = 0

    @property
    def has_unreadable(self) -> bool:
        """Whether any row of Xero could not be read."""
        return bool(self.loose_unreadable) or any(side.unreadable for side in self.sides.values())

    def case_numbers(self, prefix: str) -> frozenset[str]:
        """Return the numbers to look for in Case Manager: those of each invoice that may be its own."""
        numbers = {n for side in self.sides.values() for i in side.invoices for n in self.numbers_of(side, i, prefix)}
        in_doubt = [side for side in self.sides.values() if side.is_renumbered]
        paid = {folded(p.payment_id) for side in in_doubt for p in side.payments}
        numbers |= {
            n for n, pairs in self.memory.pairs.items() if paid and any(folded(p.xero_id) in paid for p in pairs)
        }
        return frozenset(numbers)

    def numbers_of(self, side: XeroSide, invoice: TrackedInvoice, prefix: str) -> tuple[str, ...]:
        """Return Case Manager's numbers that an invoice may have: the present, what a person said, the first one."""
        word = self.said.get(invoice.xero_invoice_id)
        present = next((f.number for f in side.facts if f.invoice_id == invoice.xero_invoice_id), "")
        found = (present, f"{prefix}{word.number}" if word else "", invoice.number)
        numbers = (number.removeprefix(prefix) for number in found if number.startswith(prefix))
        # Nothing behind the prefix is no number to look for: it would find an invoice whose number is empty.
        return tuple(dict.fromkeys(number for number in numbers if number))


def read_known(unit: UnitOfWork, prefix: str, today: date, *, among: Collection[XeroInvoiceId] | None = None) -> Known:
    """Read the tracked invoices whose number has the prefix, with all that is known about them.

    A hold that ends `today` or before declines nothing: this very correlation brings its proposal back. `among` reads
    some of them, each as if no other bore its number; of the memory, only what is about these, and no refunds, which
    stand on documents of their own.
    """
    payments, facts = unit.facts.payments_of_tracked(among), unit.facts.invoices_of_tracked(among)
    unknown = unit.gaps.unknown_ids()
    every = (
        t
        for t in unit.facts.tracked(among).values()
        if t.number.startswith(prefix) and not _was_never_there(t.xero_invoice_id, payments, unknown)
    )
    tracked = sorted(every, key=lambda t: (t.first_seen_at, t.xero_invoice_id))
    said = unit.memory.numbers_said()
    numbers = names_of({t.xero_invoice_id: t.number for t in tracked}, facts, said, prefix)
    by_number: dict[str, list[TrackedInvoice]] = defaultdict(list)
    for invoice in tracked:
        by_number[numbers[invoice.xero_invoice_id]].append(invoice)
    unreadable = unit.gaps.unreadable()
    rows = _unreadable_by_number(unreadable, numbers, payments)
    # What a payment was before its row became unreadable, or before Xero forgot it (404), proves nothing any more.
    lost = {folded(row.xero_payment_id) for row in unreadable if row.xero_payment_id} | unknown
    said_no = (
        unit.proposals.in_states(DECLINED_STATES)
        if among is None
        else unit.proposals.of_invoices(by_number.keys(), DECLINED_STATES)
    )
    declined = [s for s in said_no if not s.is_hold_due(today)]
    sides = {}
    for number, invoices in by_number.items():
        side = XeroSide(
            number=number,
            invoices=tuple(invoices),
            facts=tuple(facts[i.xero_invoice_id] for i in invoices if i.xero_invoice_id in facts),
            payments=tuple(
                p for i in invoices for p in payments.get(i.xero_invoice_id, ()) if folded(p.payment_id) not in lost
            ),
            unreadable=rows.get(number, ()),
        )
        sides[number] = _with_doubt(side, said, prefix)
    return Known(
        sides=sides,
        loose_unreadable=rows.get(_NO_NUMBER, ()),
        unknown_ids=unknown,
        declined=_decisions(declined, numbers),
        refused=_decisions((s for s in declined if s.state is not ProposalState.HELD), numbers),
        memory=memory_of(unit, among=None if among is None else [n.removeprefix(prefix) for n in by_number]),
        refunds=unit.facts.refunds() if among is None else (),
        said=said,
        under_sor=under_schedules(unit.sor.schedules()),
        generation=unit.touches.generation(),
    )


def _was_never_there(
    invoice_id: XeroInvoiceId,
    payments: Mapping[XeroInvoiceId, Collection[XeroPayment]],
    unknown: Collection[str],
) -> bool:
    """Say whether only a row that was read wrongly named an invoice: Xero knows neither it (404) nor its payments."""
    return invoice_id.lower() in unknown and not payments.get(invoice_id)


def _with_doubt(side: XeroSide, said: Mapping[XeroInvoiceId, NumberSaid], prefix: str) -> XeroSide:
    """Note that the living invoice of a number was called otherwise before, and that nobody said which one it is."""
    fact = side.living
    invoice = next(i for i in side.invoices if i.xero_invoice_id == side.invoice_id)
    word = said.get(side.invoice_id)
    if fact is None or not is_renumbered(invoice.number, fact, word, prefix):
        return side
    before = number_before(invoice.number, word)
    return replace(side, is_renumbered=True, renumbered_from=before, renumbered_to=fact.number)


def _unreadable_by_number(
    rows: Iterable[UnreadableRow],
    numbers: Mapping[XeroInvoiceId, str],
    payments: Mapping[XeroInvoiceId, Collection[XeroPayment]],
) -> dict[str, tuple[UnreadableRow, ...]]:
    """Put each row with its invoice: by the invoice's id, by what was known of the payment, else by the number."""
    rows = tuple(rows)
    homes = {folded(p.payment_id): i for i, some in payments.items() for p in some} if rows else {}
    known = frozenset(numbers.values())
    found: dict[str, list[UnreadableRow]] = defaultdict(list)
    for row in rows:
        home = homes.get(folded(row.xero_payment_id)) if row.xero_payment_id else None
        told = row.invoice_number if row.invoice_number in known else _NO_NUMBER
        found[numbers.get(row.xero_invoice_id or home or _NOWHERE, told)].append(row)
    return {number: tuple(some) for number, some in found.items()}


def _decisions(
    declined: Iterable[StoredProposal], numbers: Mapping[XeroInvoiceId, str]
) -> Mapping[str, frozenset[Fingerprint]]:
    """Return what persons said no to, by the number that the invoice goes by now and by what was decided."""
    found: dict[str, set[Fingerprint]] = defaultdict(set)
    for stored in declined:
        number = numbers.get(stored.proposal.xero_invoice_id, stored.proposal.invoice_number)
        found[number].add(stored.proposal.decision or stored.fingerprint)
    return {number: frozenset(fingerprints) for number, fingerprints in found.items()}


def snapshot_of(
    side: XeroSide,
    case: CaseInvoiceSide | None,
    known: Known,
    elsewhere: Mapping[XeroPaymentId, XeroPayment],
    policy: Policy,
    as_of: datetime,
) -> InvoiceSnapshot:
    """Freeze both sides of one invoice. `elsewhere` are stored payments that copies name, by folded id."""
    own = {folded(payment.payment_id) for payment in side.payments}
    named = named_ids(case, policy) - own
    unknown = frozenset(named & known.unknown_ids)
    away = {i: elsewhere[i] for i in sorted(named) if i in elsewhere and i not in unknown}
    return InvoiceSnapshot(
        number=side.number,
        as_of=as_of,
        xero_invoice_id=side.invoice_id,
        xero_invoice=side.invoice,
        case_invoice=case.invoice if case else None,
        xero_payments=side.payments,
        case_payments=case.payments if case else (),
        named_elsewhere=away,
        unknown_ids=unknown,
        unreadable=(*side.unreadable, *(case.unreadable if case else ())),
        decisions=known.memory.added_to(
            Decisions(
                declined=known.declined.get(side.number, frozenset()),
                refused=known.refused.get(side.number, frozenset()),
            ),
            case.invoice.number if case else "",
        ),
        renumbered_from=(side.renumbered_from or NO_NUMBER_WORDS) if side.is_renumbered else "",
        renumbered_to=(side.renumbered_to or NO_NUMBER_WORDS) if side.is_renumbered else "",
        is_under_sor=known.under_sor.get(side.invoice_id, known.under_sor.get(side.number)),
        deleted_on=deleted_days((*side.payments, *away.values()), policy.time_zone),
    )


def deleted_days(payments: Iterable[XeroPayment], time_zone: str) -> dict[XeroPaymentId, date]:
    """Return the organisation's day on which each deleted payment was deleted, by its id in lower case.

    Xero stamps a payment when it deletes it. A time long before the payment's own date, such as those of a company that
    was moved into Xero with its books, tells nothing.
    """
    days = ((p, local_date(p.updated_at, time_zone)) for p in payments if not p.is_live)
    return {folded(p.payment_id): on for p, on in days if on > p.paid_on - _LONGEST_AHEAD}


def named_ids(case: CaseInvoiceSide | None, policy: Policy) -> set[XeroPaymentId]:
    """Return the Xero payment ids that the Notes of an invoice's payments name."""
    if case is None:
        return set()
    marks = (read_mark(payment.notes, policy.imported_text) for payment in case.payments)
    return {mark.payment_id for mark in marks if mark.payment_id is not None}


def loose_snapshot(known: Known, as_of: datetime) -> InvoiceSnapshot | None:
    """Return a snapshot for rows so unreadable that not even their invoice is known, so that they are shown too."""
    if not known.loose_unreadable:
        return None
    return InvoiceSnapshot(
        number=_NO_NUMBER,
        as_of=as_of,
        xero_invoice_id=_NOWHERE,
        xero_invoice=None,
        case_invoice=None,
        unreadable=known.loose_unreadable,
    )
