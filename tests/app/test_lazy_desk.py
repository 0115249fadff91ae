"""A desk that cannot be opened still examines itself and makes a bundle; any other desk does both as it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cmxero_desktop.app.lazy_desk import LazyDesk
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, BundlePart, HealthCheck
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.services.verbs.commands.connecting import SignIn
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk
from tests.ui.fake_desk import FakeDesk
from tests.ui.views import firm_view

APART = (HealthCheck(name="store", is_good=False, seen="damaged", remedy="Put back the newest backup."),)
OUTLINE = Bundle((BundlePart("about.txt", "Missing: the store."),))


class Doors:
    """Opens the desk, or not, and notes what was opened and closed."""

    def __init__(self, desk: FakeDesk, error: StoreError | None = None) -> None:
        self.desk = desk
        self.error = error
        self.seen: list[str] = []
        self.lazy = LazyDesk(self._open, self._closed)

    @contextmanager
    def _open(self) -> Iterator[Desk]:
        if self.error is not None:
            raise self.error
        self.seen.append("opened")
        yield self.desk
        self.seen.append("closed")

    @contextmanager
    def _closed(self) -> Iterator[Desk]:
        apart = FakeDesk(firm_view())
        apart.answer(Examine.handled_by(lambda _: APART))
        apart.answer(MakeBundle.handled_by(lambda _: OUTLINE))
        yield apart


def test_a_desk_opens_with_its_first_command_and_only_once() -> None:
    doors = Doors(FakeDesk(firm_view()))
    assert doors.seen == []
    assert [check.name for check in doors.lazy.run(Examine())] == ["Case Manager", "Keyring"]
    bundle = doors.lazy.run(MakeBundle(BundleChoice(has_names=True)))
    assert bundle.parts[1].text == "Brightside paid [amount]\n"
    doors.lazy.close()
    assert doors.seen == ["opened", "closed"]


def test_a_desk_that_cannot_be_opened_is_looked_at_part_by_part() -> None:
    desk = FakeDesk(firm_view())
    lazy = Doors(desk, StoreError("store.db is damaged.")).lazy
    assert lazy.run(Examine()) == APART
    assert lazy.run(MakeBundle(BundleChoice())) == OUTLINE
    for command in (ReadView(), SignIn()):
        with pytest.raises(StoreError):
            lazy.run(command)
    assert desk.calls == []


def test_what_waits_can_be_asked_before_the_desk_is_open_and_after_it_was_closed() -> None:
    desk = FakeDesk(firm_view())
    lazy = Doors(desk).lazy
    # Kept from the beginning, as the window keeps it.
    waits = lazy.waits
    waits.stop_waiting()
    waits.cancel_sign_in()
    assert (waits.progress(), desk.calls) == (None, [])
    lazy.run(ReadView())
    desk.progress = PollProgress(text="Reading…")
    assert waits.progress() is desk.progress
    waits.stop_waiting()
    waits.cancel_sign_in()
    assert desk.calls == [("stop_waiting",), ("cancel_sign_in",)]
    lazy.close()
    assert waits.progress() is None
