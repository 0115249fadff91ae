"""Invent small firms: most payments stand copied, and between the invoices everything happens that can join two."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroInvoiceId
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, Decisions, InvoiceSnapshot, Side, XeroPayment
from tests.domain.support import AUD, case, nov, remembered, snapshot, unreadable, xero

_AMOUNTS = ("400", "400", "450", "540", "300", "80.50")
_DATES = (nov(1), nov(1), nov(2), nov(9), nov(28), date(2026, 9, 30))
_PAYERS = ("", "Ann", "Ben")


@dataclass(frozen=True, slots=True)
class SmallFirm:
    """Everything that a judgement is made of."""

    snapshots: tuple[InvoiceSnapshot, ...]
    strays: tuple[StrayPayment, ...]
    policy: Policy
    limits: Limits


class Inventor:
    """Makes up one firm from a seed; `calm` is how likely a payment stands copied as it should."""

    def __init__(self, seed: int, invoices: int) -> None:
        self._pick = Random(seed)
        self._calm = self._pick.choice((0.97, 0.9, 0.75, 0.5))
        self._numbers = range(100, 100 + invoices)
        self._keys = 0
        self._live: dict[int, list[XeroPayment]] = {number: self._payments(number) for number in self._numbers}

    def firm(self) -> SmallFirm:
        """Return the firm."""
        snapshots = tuple(self._snapshot(number) for number in self._numbers)
        strays = tuple(self._stray() for _ in range(self._pick.choice((0, 0, 1, 2))))
        policy = Policy(
            currency=AUD,
            start_date=self._pick.choice((None, None, nov(1), nov(5))),
            is_journalled_locked=self._pick.random() < 0.8,
            forward_dating_days=self._pick.choice((5, None)),
        )
        return SmallFirm(snapshots, strays, policy, Limits(imported_copies=self._pick.choice((0, 10, 200))))

    def _chance(self, of: float) -> bool:
        return self._pick.random() < of

    def _payments(self, number: int) -> list[XeroPayment]:
        return [self._payment(number, place) for place in range(self._pick.choice((0, 1, 1, 2, 3)))]

    def _payment(self, number: int, place: int) -> XeroPayment:
        made = xero(
            f"{number}p{place}",
            self._pick.choice(_AMOUNTS),
            self._pick.choice(_DATES),
            deleted=self._chance(0.12),
            minute=self._pick.choice((0, 5, 10_000)),
            reference=self._pick.choice(("", "", "A", "B")),
            currency="NZD" if self._chance(0.01) else AUD,
            account="SOR Clearing" if self._chance(0.02) else "",
            invoice_id=f"INV-{number}",
        )
        return replace(
            made,
            contact_name=self._pick.choice(_PAYERS),
            batch_payment_id=self._pick.choice(("", "", "", "batch 1", "batch 2")),
        )

    def _snapshot(self, number: int) -> InvoiceSnapshot:
        payments = self._live[number]
        copies = [copy for payment in payments if payment.is_live and (copy := self._copy_of(payment)) is not None]
        copies += [self._loose() for _ in range(self._pick.choice((1, 2))) if not self._chance(self._calm)]
        copies = [replace(copy, invoice_id=CaseInvoiceId(number)) for copy in copies]
        names = {copy.notes.removeprefix("Xero payment ") for copy in copies}
        others = [p for n, some in self._live.items() if n != number for p in some if p.payment_id in names]
        facts = snapshot(
            payments,
            copies,
            number=number,
            invoice_total=self._pick.choice(("1000", "2000")),
            elsewhere=others,
            amount_paid="12.34" if self._chance(0.02) else None,
            unreadable=[unreadable(self._pick.choice(tuple(Side)))] if self._chance(0.01) else (),
        )
        facts = replace(
            facts, decisions=self._decisions(payments, copies), xero_invoice_id=XeroInvoiceId(f"INV-{number}")
        )
        if self._chance(0.02):
            facts = replace(facts, case_invoice=None, case_payments=())
        if self._chance(0.02):
            facts = replace(facts, rivals=("Xero's CM-9",))
        if self._chance(0.02):
            facts = replace(facts, renumbered_from="CM-9", renumbered_to="CM-8")
        return facts

    def _copy_of(self, payment: XeroPayment) -> CasePayment | None:
        """Copy a payment as it should be, or otherwise."""
        if self._chance(0.05):
            return None
        amount, paid_on, names = str(payment.amount.amount), payment.paid_on, str(payment.payment_id)
        if not self._chance(self._calm):
            amount = self._pick.choice((amount, "77"))
            paid_on = self._pick.choice((paid_on, paid_on + timedelta(days=1)))
            names = self._pick.choice((names, "", self._somebodys()))
        return self._made(amount, paid_on, names)

    def _loose(self) -> CasePayment:
        return self._made(
            self._pick.choice(_AMOUNTS), self._pick.choice(_DATES), self._pick.choice(("", "", self._somebodys()))
        )

    def _made(self, amount: str, paid_on: date, names: str) -> CasePayment:
        self._keys += 1
        made = case(
            self._keys,
            amount,
            paid_on,
            names=names,
            journalled=self._chance(0.05),
            reference=self._pick.choice(("", "", "A")),
        )
        group = self._pick.choice(("g1", "g2")) if self._chance(0.06) else ""
        return replace(made, is_multi_invoice=bool(group), group=group, payer=self._pick.choice(_PAYERS))

    def _somebodys(self) -> str:
        payments = self._live[self._pick.choice(self._numbers)]
        return str(self._pick.choice(payments).payment_id) if payments else "nobodys1"

    def _decisions(self, payments: Sequence[XeroPayment], copies: Sequence[CasePayment]) -> Decisions:
        both = [(p, c) for p in payments for c in copies]
        said = [c for c in copies if self._chance(0.03)]
        return Decisions(
            memory=tuple(remembered(p.payment_id, c) for p, c in both if self._chance(0.15)),
            apart=frozenset((p.payment_id, c.payment_id) for p, c in both if self._chance(0.03)),
            explained=tuple(
                Explanation(
                    case_id=c.payment_id, what=self._pick.choice(tuple(Explained)), amount=c.amount, paid_on=c.paid_on
                )
                for c in said
            ),
        )

    def _stray(self) -> StrayPayment:
        payment = self._made(
            self._pick.choice(_AMOUNTS), self._pick.choice(_DATES), self._pick.choice(("", self._somebodys()))
        )
        return StrayPayment(payment, "CM-999", self._pick.choice(_PAYERS), self._pick.choice((None, None, *Explained)))
