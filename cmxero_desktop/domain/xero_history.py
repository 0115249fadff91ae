"""Xero's History and Notes of a record: who did what with it, and when, in Xero's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cmxero_desktop.domain.identifiers import XeroPaymentId

_NOTE = "note"
_MOST_TOLD = 6


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

    @property
    def is_note(self) -> bool:
        """Whether somebody only wrote a note: what it says is not read."""
        return self.what.casefold() == _NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldHistory:
    """What Xero said of who did what with a payment when it was asked (`asked_at`, aware UTC).

    `changed_at` is when the payment had changed last then: as long as it has not since, the answer is not asked for
    again. `lines` is None where Xero has no history of it to show.
    """

    payment_id: XeroPaymentId
    changed_at: datetime
    asked_at: datetime
    lines: tuple[HistoryLine, ...] | None

    @property
    def deeds(self) -> tuple[HistoryLine, ...]:
        """What was done, in the order in which it was."""
        return tuple(sorted((line for line in self.lines or () if not line.is_note), key=lambda line: line.at))


def history_sentence(told: ToldHistory, moment: Callable[[datetime], str]) -> str:
    """Say who did what with the payment and when; of many deeds the first and the newest. `moment` writes the time."""
    if told.lines is None:
        return "Xero has no history of this payment to show."
    deeds = [_deed(line, moment) for line in told.deeds]
    if not deeds:
        return "Xero's history of this payment does not say who did what."
    if len(deeds) > _MOST_TOLD:
        left_out = len(deeds) - _MOST_TOLD
        deeds = [deeds[0], f"{left_out} more", *deeds[left_out + 1 :]]
    return f"Xero's history: {'; '.join(deeds)}."


def _deed(line: HistoryLine, moment: Callable[[datetime], str]) -> str:
    what = line.what or "something that Xero does not name"
    return f"{what} by {line.who}, {moment(line.at)}" if line.who else f"{what}, {moment(line.at)} (Xero names nobody)"
