"""A desk that cannot be opened still examines itself and makes a bundle; any other desk does both as it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cmxero_desktop.app.late import LateDesk
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, BundlePart, HealthCheck
from cmxero_desktop.services.verbs import Verbs
from tests.ui.fake_desk import FakeDesk
from tests.ui.views import firm_view

APART = (HealthCheck(name="store", is_good=False, seen="damaged", remedy="Put back the newest backup."),)
OUTLINE = Bundle((BundlePart("about.txt", "Missing: the store."),))


def late(desk: FakeDesk, error: StoreError | None = None) -> LateDesk:
    @contextmanager
    def open_verbs() -> Iterator[Verbs]:
        if error is not None:
            raise error
        yield desk.verbs()

    return LateDesk(open_verbs, doctor=lambda: APART, bundle=lambda _: OUTLINE)


def test_a_desk_that_opens_looks_at_itself() -> None:
    desk = FakeDesk(firm_view())
    opened = late(desk)
    assert [check.name for check in opened.verbs().doctor()] == ["Case Manager", "Keyring"]
    assert opened.verbs().bundle(BundleChoice(has_names=True)).parts[1].text == "Brightside paid [amount]\n"
    opened.close()


def test_a_desk_that_cannot_be_opened_is_looked_at_part_by_part() -> None:
    desk = FakeDesk(firm_view())
    broken = late(desk, StoreError("store.db is damaged."))
    assert broken.verbs().doctor() == APART
    assert broken.verbs().bundle(BundleChoice()) == OUTLINE
    with pytest.raises(StoreError):
        broken.verbs().view()
    assert desk.calls == []
