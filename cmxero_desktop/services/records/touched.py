"""Which invoices something was stored about since a comparison or a view, by whichever of their names it was stored."""

from collections.abc import Collection
from dataclasses import dataclass

from cmxero_desktop.domain.identifiers import XeroInvoiceId

_ALL = "all"
EVERYTHING = frozenset({_ALL})
"""What is stored about everything, or about who knows what."""

EVERYTHING_SHOWN = frozenset({"shown"})
"""What is stored of very many invoices at once and is shown only."""

_XERO, _NUMBER, _CASE, _SHOWN = "xero ", "number ", "case ", "shown "


def by_xero_ids(invoice_ids: Collection[str]) -> frozenset[str]:
    """Return the subjects of facts about invoices of Xero's."""
    return frozenset(f"{_XERO}{invoice_id}" for invoice_id in invoice_ids)


def by_numbers(numbers: Collection[str]) -> frozenset[str]:
    """Return the subjects of decisions about invoices, by CM number."""
    return frozenset(f"{_NUMBER}{number}" for number in numbers)


def by_case_numbers(numbers: Collection[str]) -> frozenset[str]:
    """Return the subjects of what is remembered, by Case Manager's own number."""
    return frozenset(f"{_CASE}{number}" for number in numbers)


def by_shown(numbers: Collection[str]) -> frozenset[str]:
    """Return the subjects of what is shown of invoices and no comparison rests on, by CM number."""
    return frozenset(f"{_SHOWN}{number}" for number in numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What was touched since a generation; `is_all` where that may be anything.

    `shown` are the invoices of which something else is shown, whether or not a comparison rests on it, by CM number;
    `is_all_shown` where it may be of any.
    """

    generation: int
    is_all: bool = False
    invoice_ids: frozenset[XeroInvoiceId] = frozenset()
    numbers: frozenset[str] = frozenset()
    case_numbers: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    is_all_shown: bool = False

    @property
    def is_anything(self) -> bool:
        """Whether anything was touched that a comparison rests on."""
        return bool(self.is_all or self.invoice_ids or self.numbers or self.case_numbers)


def touched_of(generation: int, subjects: Collection[str]) -> Touched:
    """Sort subjects by what they name."""
    numbers, is_all = frozenset(_named(subjects, _NUMBER)), _ALL in subjects
    return Touched(
        generation=generation,
        is_all=is_all,
        invoice_ids=frozenset(map(XeroInvoiceId, _named(subjects, _XERO))),
        numbers=numbers,
        case_numbers=frozenset(_named(subjects, _CASE)),
        shown=numbers.union(_named(subjects, _SHOWN)),
        is_all_shown=is_all or not EVERYTHING_SHOWN.isdisjoint(subjects),
    )


def _named(subjects: Collection[str], kind: str) -> Collection[str]:
    return [subject.removeprefix(kind) for subject in subjects if subject.startswith(kind)]
