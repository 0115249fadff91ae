"""When to ask Xero again about an invoice whose payments do not add up: at once, then less and less often (R22)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.records import XeroInvoice, XeroPayment

SELDOM_AFTER = 3
"""So many equal answers in a row make an invoice one that is asked about less often."""

_FIRST_WAIT = timedelta(minutes=30)
_LONGEST_WAIT = timedelta(days=1)
_MOST_DOUBLINGS = 10
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An invoice whose payments do not add up to Xero's AmountPaid.

    `answer` names what is known of it; `asked_at` (aware UTC, None: not yet) is when Xero was asked about just that
    last, and `equal_answers` how often in a row it said the same.
    """

    invoice_id: XeroInvoiceId
    number: str
    answer: str
    asked_at: datetime | None = None
    equal_answers: int = 0

    @property
    def is_seldom_asked(self) -> bool:
        """Whether Xero said the same so often that it is asked less often."""
        return self.equal_answers >= SELDOM_AFTER

    @property
    def due_at(self) -> datetime | None:
        """When Xero is asked again; None: at the next check."""
        if self.asked_at is None or not self.is_seldom_asked:
            return None
        doublings: int = min(self.equal_answers - SELDOM_AFTER, _MOST_DOUBLINGS)
        return self.asked_at + min((1 << doublings) * _FIRST_WAIT, _LONGEST_WAIT)

    def is_due(self, now: datetime) -> bool:
        """Say whether Xero is asked now; a clock that was ahead makes nobody wait."""
        return self.due_at is None or self.due_at <= now or (self.asked_at is not None and self.asked_at > now)

    def answered(self, answer: str, now: datetime) -> "Doubt":
        """Return the doubt after Xero was asked about it."""
        is_equal = answer == self.answer
        return replace(self, answer=answer, asked_at=now, equal_answers=self.equal_answers + 1 if is_equal else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Every invoice that is in doubt."""

    each: tuple[Doubt, ...] = ()

    def due(self, now: datetime, most: int) -> tuple[Doubt, ...]:
        """Return whom to ask about now: whoever waited longest comes first, so that each gets a turn."""
        due = [doubt for doubt in self.each if doubt.is_due(now)]
        return tuple(sorted(due, key=_turn)[:most])

    def renewed(self, found: Iterable[Doubt]) -> "Doubts":
        """Return the doubts that are found now; one about which nothing new is known keeps its story."""
        known = {doubt.invoice_id: doubt for doubt in self.each}
        kept = (old if (old := known.get(new.invoice_id)) and old.answer == new.answer else new for new in found)
        return Doubts(each=tuple(sorted(kept, key=lambda doubt: doubt.invoice_id)))

    def answered(self, answers: Mapping[XeroInvoiceId, str], now: datetime) -> "Doubts":
        """Return the doubts after Xero was asked about some; `answers` name what is known of these by now."""
        return Doubts(
            each=tuple(d.answered(answers[d.invoice_id], now) if d.invoice_id in answers else d for d in self.each)
        )


NO_DOUBTS = Doubts()


def answer_of(invoices: Iterable[XeroInvoice], payments: Iterable[XeroPayment]) -> str:
    """Name what Xero says of an invoice, as far as it can end a doubt."""
    words = [f"{i.invoice_id} {i.status} {i.amount_paid.minor}" for i in invoices]
    words += [f"{p.payment_id} {p.status} {p.amount.minor} {p.amount.currency}" for p in payments]
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()


def _turn(doubt: Doubt) -> tuple[datetime, XeroInvoiceId]:
    return (doubt.asked_at or _NEVER, doubt.invoice_id)
