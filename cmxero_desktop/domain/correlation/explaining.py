"""Say how well the additions of its own invoice explain an unmatched payment; what none does is sought elsewhere."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.records import CasePayment, XeroPayment

# What one payer pays so far apart is other money.
PAYER_DAYS = 31
# What a card company may have kept.
_NEARLY_MINOR = 1500


class Home(Enum):
    """Whether an addition of its own invoice may be a payment's money: one of its amount, or one of nearly that."""

    NOWHERE = "nowhere"
    NEARLY = "nearly"
    EQUAL = "equal"


def homes_of(
    payments: Sequence[CasePayment], added: Iterable[XeroPayment], *, is_one_sum: bool
) -> Mapping[CasePaymentId, Home]:
    """Look for each payment among the additions of its time: by its own amount, or where all of both are one sum."""
    order = sorted(added, key=_cents)
    nearly = _found(payments, order, _NEARLY_MINOR)
    equal = _found(payments, order, None if is_one_sum else 0)
    return {
        key: Home.EQUAL if key in equal else Home.NEARLY if key in nearly else Home.NOWHERE
        for key in (payment.payment_id for payment in payments)
    }


def _found(
    payments: Iterable[CasePayment], order: Sequence[XeroPayment], within: int | None
) -> Collection[CasePaymentId]:
    """Return the payments beside which an addition of their time stands that differs by so many cents, or however."""
    window = _Window()
    begin = end = 0
    found: set[CasePaymentId] = set()
    for payment in sorted(payments, key=_cents):
        cents = payment.amount.minor
        while end < len(order) and (within is None or order[end].amount.minor <= cents + within):
            window.add(order[end])
            end += 1
        while within is not None and begin < end and order[begin].amount.minor < cents - within:
            window.drop(order[begin])
            begin += 1
        if window.has_its_like(payment):
            found.add(payment.payment_id)
    return found


def _cents(payment: CasePayment | XeroPayment) -> int:
    return payment.amount.minor


class _Window:
    """The additions whose amounts are near just now: their days in order, and their references."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._references: Counter[str] = Counter()

    def add(self, xero: XeroPayment) -> None:
        insort(self._days, xero.paid_on.toordinal())
        self._references[xero.reference.strip()] += 1

    def drop(self, xero: XeroPayment) -> None:
        del self._days[bisect_left(self._days, xero.paid_on.toordinal())]
        self._references[xero.reference.strip()] -= 1

    def has_its_like(self, payment: CasePayment) -> bool:
        """Say whether one may be its money: months apart only a reference says so."""
        day, reference = payment.paid_on.toordinal(), payment.reference.strip()
        place = bisect_left(self._days, day)
        is_near = any(abs(other - day) <= PAYER_DAYS for other in self._days[max(0, place - 1) : place + 1])
        return is_near or (bool(reference) and self._references[reference] > 0)
