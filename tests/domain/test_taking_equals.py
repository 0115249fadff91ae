"""A copy that was taken by one likeness is passed over where another likeness offers it again."""

from collections import deque
from typing import Any, cast

from cmxero_desktop.domain.correlation import equals
from cmxero_desktop.domain.scope import marked
from tests.domain.support import POLICY, case, snapshot, xero


class Together:
    """Sides of which nobody keeps two payments apart."""

    def are_apart(self, _one: object, _other: object) -> bool:
        return False


def test_what_is_taken_already_is_not_taken_again() -> None:
    taken, free = marked(snapshot([xero()], [case(1), case(2)]), POLICY)
    pool = deque([taken, free])
    found = equals._take(pool, xero(), {free.payment.payment_id: free}, cast("Any", Together()))
    assert found is free
    assert not pool
