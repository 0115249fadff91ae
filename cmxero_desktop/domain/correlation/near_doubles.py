"""What makes two payments near doubles, which the screen calls close doubles: almost the same, maybe one money (R23).

`besides` flags by it, `pairing` asks whether what a person linked is still near, `domain.decisions` what may be linked.
"""

from decimal import Decimal

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment

_SMALL_DIFFERENCE = Decimal("1.00")
_SWAPPED_POSITIONS = 2


def is_near_double(xero: XeroPayment, case: CasePayment, policy: Policy) -> bool:
    """Say whether one of the two may be a mistyped copy of the other: close in date, or close in amount."""
    if xero.amount == case.amount:
        return abs((xero.paid_on - case.paid_on).days) <= policy.near_days
    if xero.paid_on != case.paid_on:
        return False
    return abs(xero.amount.amount - case.amount.amount) <= _SMALL_DIFFERENCE or has_swapped_digits(
        xero.amount.minor, case.amount.minor
    )


def has_swapped_digits(one: int, other: int) -> bool:
    """Say whether two amounts in cents differ by exactly two digits that changed places."""
    left, right = str(one), str(other)
    if len(left) != len(right):
        return False
    differing = [place for place in range(len(left)) if left[place] != right[place]]
    if len(differing) != _SWAPPED_POSITIONS:
        return False
    first, second = differing
    return left[first] == right[second] and left[second] == right[first]
