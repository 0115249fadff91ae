"""Xero's History and Notes of a record: who did what with it, and when, in Xero's own words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HistoryKind(StrEnum):
    """Of which kind of record Xero is asked for the history; the value is Xero's own word for them."""

    PAYMENT = "Payments"
    INVOICE = "Invoices"


@dataclass(frozen=True, slots=True)
class HistoryOf:
    """The record of which the history is asked for."""

    kind: HistoryKind
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of Xero's History and Notes: what was done with a record in Xero's own word, when, and by whom."""

    at: datetime
    who: str
    what: str
