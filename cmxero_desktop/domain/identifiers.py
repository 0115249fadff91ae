"""Distinct types for the keys of both systems, so that two of them cannot be swapped."""

from dataclasses import dataclass
from typing import NewType

OrganisationId = NewType("OrganisationId", str)
XeroInvoiceId = NewType("XeroInvoiceId", str)
XeroPaymentId = NewType("XeroPaymentId", str)
Fingerprint = NewType("Fingerprint", str)
ProposalId = NewType("ProposalId", str)


@dataclass(frozen=True, slots=True)
class _CaseKey:
    """A primary key of Case Manager: a whole number, or text where the firm's schema uses text."""

    value: int | str

    @property
    def order(self) -> tuple[int, int, str]:
        """Sort numbers by size and before text, so that "the lowest key" (R11) is the same everywhere."""
        if isinstance(self.value, int):
            return (0, self.value, "")
        return (1, 0, self.value)

    def __lt__(self, other: "_CaseKey") -> bool:
        """Sort by `order`, so that sets of keys can be written down the same way every time."""
        return self.order < other.order

    def __str__(self) -> str:
        """Return the key as a person reads it."""
        return str(self.value)

    def is_written(self, typed: "_CaseKey") -> bool:
        """Say whether a person who typed this means it: `42` may be a whole number or text, and `0042` is text."""
        return str(self) == str(typed)


@dataclass(frozen=True, slots=True)
class CaseInvoiceId(_CaseKey):
    """The key of an invoice in Case Manager."""

    __str__ = _CaseKey.__str__


@dataclass(frozen=True, slots=True)
class CasePaymentId(_CaseKey):
    """The key of a payment in Case Manager."""

    __str__ = _CaseKey.__str__
