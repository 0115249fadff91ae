"""Find Case Manager's side of each invoice of Xero's, and the invoices there that more than one claims (R1)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cmxero_desktop.domain.claims import Claimant, settle_claims
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import RememberedPair
from cmxero_desktop.domain.numbering import is_alive, stands
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.snapshots import NO_NUMBER_WORDS, Known, XeroSide, named_ids
from cmxero_desktop.services.records.readings import CaseInvoiceSide
from cmxero_desktop.services.records.results import TrackedInvoice


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSides:
    """Case Manager's side of each CM number, None where it has none, and which other invoices of Xero's claim it."""

    sides: Mapping[str, CaseInvoiceSide | None]
    rivals: Mapping[str, tuple[str, ...]]


def case_sides(known: Known, cases: Mapping[str, CaseInvoiceSide], policy: Policy) -> CaseSides:
    """Give each invoice of Xero's its side; `cases` are those that were read, by Case Manager's number."""
    claimants = [c for side in known.sides.values() for c in _claimants(side, known, cases, policy)]
    found = settle_claims(claimants, cases.keys())
    words = {i.xero_invoice_id: name for name in found.rivals for i in known.sides[name].invoices}
    words |= {
        fact.invoice_id: _words(fact, known.sides[name].is_shared)
        for name in found.rivals
        for fact in known.sides[name].facts
    }
    return CaseSides(
        sides={name: cases.get(found.numbers.get(name, "")) for name in known.sides},
        rivals={
            name: tuple(dict.fromkeys(words[XeroInvoiceId(key)] for key in keys)) for name, keys in found.rivals.items()
        },
    )


def copies_held(
    known: Known, side: XeroSide, invoice: TrackedInvoice, cases: Iterable[CaseInvoiceSide], policy: Policy
) -> Mapping[str, int]:
    """Return how many payments of an invoice stand copied on each of these of Case Manager, named or remembered."""
    own = {folded(p.payment_id) for p in side.payments if p.invoice_id == invoice.xero_invoice_id}
    pairs = known.memory.pairs
    found = {c.invoice.number: len(own & _originals(c, pairs.get(c.invoice.number, ()), policy)) for c in cases}
    return {number: count for number, count in found.items() if count}


def _claimants(
    side: XeroSide, known: Known, cases: Mapping[str, CaseInvoiceSide], policy: Policy
) -> Iterator[Claimant]:
    prefix = policy.invoice_prefix
    for invoice in side.invoices:
        invoice_id, word = invoice.xero_invoice_id, known.said.get(invoice.xero_invoice_id)
        fact = next((fact for fact in side.facts if fact.invoice_id == invoice_id), None)
        is_dead = fact is not None and not is_alive(fact)
        is_open = side.is_renumbered and invoice_id == side.invoice_id
        wanted = known.numbers_of(side, invoice, prefix)
        copies: Mapping[str, int] = {}
        if is_open or is_dead:
            remembered = _remembered_on(known, side, invoice) if is_open else ()
            wanted = tuple(dict.fromkeys((*wanted, *remembered)))
            copies = copies_held(known, side, invoice, (cases[n] for n in wanted if n in cases), policy)
        elif word is not None:
            wanted = (word.number,)
        yield Claimant(
            key=invoice_id,
            name=side.number,
            wanted=wanted,
            present=side.renumbered_to.removeprefix(prefix) if side.renumbered_to.startswith(prefix) else "",
            copies=copies,
            is_live=not is_dead,
            is_open=is_open,
            is_said=stands(word, fact, prefix),
        )


def _remembered_on(known: Known, side: XeroSide, invoice: TrackedInvoice) -> Iterable[str]:
    """Return the numbers in Case Manager under which payments of an invoice are remembered."""
    own = {folded(p.payment_id) for p in side.payments if p.invoice_id == invoice.xero_invoice_id}
    return sorted(n for n, pairs in known.memory.pairs.items() if any(folded(pair.xero_id) in own for pair in pairs))


def _originals(case: CaseInvoiceSide, pairs: Collection[RememberedPair], policy: Policy) -> set[XeroPaymentId]:
    """Return what the payments of an invoice are copies of: named in Notes, or remembered (R7a)."""
    keys = {payment.payment_id for payment in case.payments}
    return named_ids(case, policy) | {folded(pair.xero_id) for pair in pairs if pair.case_id in keys}


def _words(fact: XeroInvoice, is_shared: bool) -> str:  # noqa: FBT001 - what the side says of its number
    """Name a rival as Xero shows it."""
    number = fact.number or NO_NUMBER_WORDS
    if is_shared and is_alive(fact):
        return f"another of Xero's invoices called {number}"
    return f"Xero's {number}" if is_alive(fact) else f"Xero's {number} that is {fact.status.lower()}"
