"""What was, for the store in memory: it keeps a whole copy of its rows at each moment, and looks through them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.records import XeroInvoice, XeroPayment
from cmxero_desktop.domain.store_times import StoreTimes, believed
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import (
    Accounts,
    CaseSide,
    CaseSightings,
    Remembered,
    RowPlace,
    Seen,
    StoreMoment,
)
from cmxero_desktop.services.records.results import InvoiceResult

if TYPE_CHECKING:
    from tests.services.fake_store import MemoryUnit, Rows

_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_Fact = TypeVar("_Fact")


def differ(old: "Rows", new: "Rows") -> bool:
    """Say whether what is shown differs, which is not when Xero touched a payment without changing anything."""
    if len(old.audit) != len(new.audit) or old.accounts != new.accounts or old.proposals != new.proposals:
        return True
    if old.pairs != new.pairs or old.accepted != new.accepted or old.explained != new.explained:
        return True
    return (
        _differ(old.payments, new.payments, _timeless)
        or _differ(old.invoices, new.invoices, lambda invoice: replace(invoice, updated_at=_NO_TIME))
        or _differ(old.results, new.results, _compared)
    )


def _differ(old: Mapping[Any, _Fact], new: Mapping[Any, _Fact], content: Callable[[_Fact], object]) -> bool:
    # Rows that were not touched are the same objects, so that this is quick.
    return old.keys() != new.keys() or any(
        each is not new[key] and content(each) != content(new[key]) for key, each in old.items()
    )


def _timeless(payment: XeroPayment) -> XeroPayment:
    return replace(payment, updated_at=_NO_TIME, first_updated_at=None)


def _compared(result: InvoiceResult) -> object:
    places = tuple(RowPlace.of(placement) for placement in result.correlation.placements)
    return result.snapshot.case_invoice, {p.payment_id: p for p in result.snapshot.case_payments}, places


def _places(rows: "Rows", number: str) -> tuple[RowPlace, ...]:
    result = rows.results.get(number)
    return tuple(RowPlace.of(placement) for placement in result.correlation.placements) if result else ()


class Past:
    """What was; slow, and plain enough to be believed."""

    def __init__(self, unit: "MemoryUnit") -> None:
        self._unit = unit

    def begins_at(self) -> datetime | None:
        return self._times.time_of(0) if self._unit.kept else None

    def moment(self, at: datetime | None = None) -> StoreMoment | None:
        if not self._unit.kept:
            return None
        place = len(self._unit.kept) - 1 if at is None else self._times.last_until(at)
        return None if place is None else self._unit.kept[place][0]

    @property
    def _times(self) -> StoreTimes[datetime]:
        return believed([moment.at for moment, _ in self._unit.kept])

    def xero_invoices(self, numbers: Collection[str], moment: StoreMoment) -> tuple[Seen[XeroInvoice], ...]:
        ids = {i for i, tracked in self._unit.rows.tracked.items() if tracked.number in numbers}
        ids |= {i for _, rows in self._unit.kept for i, f in rows.invoices.items() if f.number in numbers}
        return self._seen(
            lambda rows: {i: f for i, f in rows.invoices.items() if i in ids},
            moment,
            lambda fact: replace(fact, updated_at=_NO_TIME),
        )

    def xero_payments(
        self, invoice_ids: Collection[XeroInvoiceId], moment: StoreMoment
    ) -> tuple[Seen[XeroPayment], ...]:
        return self._seen(
            lambda rows: {k: p for k, p in rows.payments.items() if p.invoice_id in invoice_ids}, moment, _timeless
        )

    def accounts(self, moment: StoreMoment) -> Accounts:
        return dict(self._unit.kept[moment.number - 1][1].accounts)

    def case_side(self, number: str, moment: StoreMoment) -> CaseSide:
        def payments(rows: "Rows") -> Mapping[Any, Any]:
            result = rows.results.get(number)
            return {p.payment_id: p for p in result.snapshot.case_payments} if result else {}

        def invoice(rows: "Rows") -> Mapping[Any, Any]:
            result = rows.results.get(number)
            return {number: result.snapshot.case_invoice} if result and result.snapshot.case_invoice else {}

        return CaseSide(
            invoice=next(iter(self._seen(invoice, moment)), None),
            payments=self._seen(payments, moment),
            places=_places(self._unit.kept[moment.number - 1][1], number),
        )

    def case_sightings(self) -> CaseSightings:
        invoices: dict[str, datetime] = {}
        payments: dict[CasePaymentId, datetime] = {}
        locked: dict[CasePaymentId, datetime] = {}
        before: Mapping[str, InvoiceResult] = {}
        for place, (_, rows) in enumerate(self._unit.kept):
            at = self._times.time_of(place)
            for number, result in rows.results.items():
                if number not in before:
                    invoices.setdefault(number, at)
                    continue
                stood = {p.payment_id: p.is_journalled for p in before[number].snapshot.case_payments}
                for payment in result.snapshot.case_payments:
                    if payment.payment_id not in stood:
                        payments[payment.payment_id] = at
                        locked.pop(payment.payment_id, None)
                    elif payment.is_journalled and not stood[payment.payment_id]:
                        locked[payment.payment_id] = at
            before = rows.results
        return CaseSightings(invoices=invoices, payments=payments, locked=locked)

    def proposals(self, number: str, moment: StoreMoment) -> tuple[Seen[StoredProposal], ...]:
        return self._seen(
            lambda rows: {k: s for k, s in rows.proposals.items() if s.proposal.invoice_number == number}, moment
        )

    def remembered(self, number: str, moment: StoreMoment) -> Remembered:
        return Remembered(
            pairs=self._seen(
                lambda rows: {k: pair for k, pair in rows.pairs.items() if pair.invoice_number == number}, moment
            ),
            accepted=self._seen(
                lambda rows: {key: said for key, (home, said) in rows.accepted.items() if home == number}, moment
            ),
            explained=self._seen(
                lambda rows: {key: said for key, (home, said) in rows.explained.items() if home == number}, moment
            ),
        )

    def numbers_said(self, moment: StoreMoment) -> Mapping[XeroInvoiceId, NumberSaid]:
        return dict(self._unit.kept[moment.number - 1][1].numbers_said)

    def entries(self, number: str, moment: StoreMoment) -> tuple[AuditEntry, ...]:
        there = [e for e in self._unit.rows.audit.values() if e.sequence <= moment.entries]
        return tuple(e for e in reversed(there) if e.event.invoice_number == number)

    def _seen(
        self,
        look: "Callable[[Rows], Mapping[Any, _Fact]]",
        moment: StoreMoment,
        content: Callable[[_Fact], _Fact] = lambda fact: fact,
    ) -> tuple[Seen[_Fact], ...]:
        """Return what was there at a moment; `content` is what must be the same for a fact to be the same."""
        kept = [(each, look(rows)) for each, rows in self._unit.kept]
        times = self._times
        found = []
        for key, fact in kept[moment.number - 1][1].items():
            same = [key in facts and content(facts[key]) == content(fact) for _, facts in kept]
            first = next(i for i in range(moment.number - 1, -1, -1) if i == 0 or not same[i - 1])
            until = next((times.time_of(i) for i in range(moment.number, len(kept)) if not same[i]), None)
            # The last phantom of the same content is what it was then.
            last = next((i - 1 for i in range(moment.number, len(kept)) if not same[i]), len(kept) - 1)
            found.append(Seen(fact=kept[last][1][key], since=times.time_of(first), until=until))
        return tuple(sorted(found, key=repr))
