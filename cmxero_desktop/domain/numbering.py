"""Say by which CM number each invoice of Xero's goes, and whether it is in doubt which one it is (R1)."""

from collections.abc import Mapping

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.scope import DEAD


def names_of(
    first: Mapping[XeroInvoiceId, str],
    facts: Mapping[XeroInvoiceId, XeroInvoice],
    said: Mapping[XeroInvoiceId, NumberSaid],
    prefix: str,
) -> dict[XeroInvoiceId, str]:
    """Return the name of each invoice, which no two living ones share; `first` are their first numbers, oldest first.

    It is what a person said, else the number that it has always had, else the first one unless another invoice bears
    that by now, else the present one. Where even that is somebody else's by a person's word, it says so.
    """
    spoken = {f"{prefix}{s.number}": i for i, s in said.items() if i in first and stands(s, facts.get(i), prefix)}
    known = set(spoken.values())
    bearers = {number: i for i, number in first.items() if i not in facts}
    bearers |= {f.number: f.invoice_id for f in facts.values() if is_alive(f) and f.invoice_id not in known}
    kept: set[str] = set()
    names: dict[XeroInvoiceId, str] = {}
    for invoice_id, number in first.items():
        fact, word = facts.get(invoice_id), said.get(invoice_id)
        usual = f"{prefix}{word.number}" if word is not None else number
        present = fact.number if fact is not None else usual
        is_dead = fact is not None and not is_alive(fact)
        is_own = is_dead or spoken.get(usual, invoice_id) == invoice_id
        is_as_ever = spoken.get(usual) == invoice_id or not is_renumbered(number, fact, word, prefix)
        is_borne_by_others = bearers.get(usual, invoice_id) != invoice_id
        if is_own and (is_as_ever or not (is_borne_by_others or usual in kept)):
            names[invoice_id] = usual
            kept.update([] if is_as_ever else [usual])
        elif spoken.get(present, invoice_id) == invoice_id:
            names[invoice_id] = present or invoice_id
        else:
            names[invoice_id] = f"{present} (another)"
    return names


def is_renumbered(first: str, fact: XeroInvoice | None, said: NumberSaid | None, prefix: str) -> bool:
    """Say whether Xero shows another number than at first, or than when a person said which invoice it is."""
    expected = {first} if said is None else {said.shown, f"{prefix}{said.number}"}
    return fact is not None and fact.number not in expected


def stands(said: NumberSaid | None, fact: XeroInvoice | None, prefix: str) -> bool:
    """Say whether a person's word still holds: of a living invoice, under the number that it had, or has there."""
    if said is None or fact is None:
        return said is not None
    return is_alive(fact) and not is_renumbered("", fact, said, prefix)


def number_before(first: str, said: NumberSaid | None) -> str:
    """Return the number that Xero showed while nothing was in doubt; it may be empty."""
    return said.shown if said is not None else first


def is_alive(fact: XeroInvoice) -> bool:
    """Say whether an invoice is neither voided nor deleted."""
    return fact.status not in DEAD
