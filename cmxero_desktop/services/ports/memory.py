"""What the services need of our own store about what belongs together: found once, or said by a person (R7a, R19a)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, EndedPair, Explanation, NumberSaid, RememberedPair


class Memory(Protocol):
    """Pairs that were found, sets that were accepted, leftovers that were explained, numbers that were told.

    What has ended is kept for good and never used again. Xero's ids are compared without regard to case; an invoice
    goes by Case Manager's own number, without the prefix.
    """

    def pairs(self, among: Collection[str] | None = None) -> tuple[RememberedPair, ...]:
        """Return the pairs on these invoices that have not ended, in the order in which they were first found.

        None returns those of all.
        """

    def keep(self, pairs: Iterable[RememberedPair]) -> None:
        """Remember pairs; one that is remembered already takes the new values."""

    def end(self, pairs: Iterable[RememberedPair], at: datetime, why: str) -> None:
        """End pairs at an instant (aware UTC), for a reason in words."""

    def ended(self) -> tuple[EndedPair, ...]:
        """Return the pairs that ended, in the order in which they did."""

    def baseline(self) -> frozenset[XeroPaymentId]:
        """Return, by folded id, the payments that were paired in the very first comparison, also where that has ended.

        Of what came after it, Xero's own time says when it was applied; of what was there, a bank reconciliation may
        have moved that time (R5).
        """

    def part(self, xero_id: XeroPaymentId, case_id: CasePaymentId) -> None:
        """Note that a person said that these two are not the same money: they are never paired again."""

    def apart(self) -> frozenset[tuple[XeroPaymentId, CasePaymentId]]:
        """Return what persons parted, Xero's ids in lower case."""

    def accept(self, number: str, accepted: AcceptedSet) -> None:
        """Keep what a person accepted as the same money on an invoice; it is kept once."""

    def reopen(self, accepted: AcceptedSet) -> None:
        """End an accepted set: it is proposed anew."""

    def accepted(self) -> Mapping[str, tuple[AcceptedSet, ...]]:
        """Return the accepted sets that have not ended, by invoice."""

    def explain(self, number: str, explanation: Explanation) -> None:
        """Keep what a person said of a case payment; what was said of it before ends."""

    def forget_explanation(self, case_id: CasePaymentId) -> None:
        """End what was said of a case payment; nothing happens where nothing was."""

    def explained(self) -> Mapping[str, tuple[Explanation, ...]]:
        """Return the explanations that have not ended, by invoice."""

    def say_number(self, said: NumberSaid) -> None:
        """Keep which invoice of Case Manager one of Xero's is; what was said of it before ends."""

    def numbers_said(self) -> Mapping[XeroInvoiceId, NumberSaid]:
        """Return what was said last of each invoice, whether it still holds or not."""
