"""Open the desk only when the worker first needs it, so that the window is painted before databases are loaded."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.ports.waits import NoWaits, Waits
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.services.verbs.commands.command import Command, Report
from cmxero_desktop.services.verbs.desk import Desk

OpensDesk = Callable[[], AbstractContextManager[Desk]]


class LazyDesk:
    """A desk that opens with the first command, on the thread that runs it, and is closed on that thread too."""

    def __init__(self, open_desk: OpensDesk, closed_desk: OpensDesk) -> None:
        """Open nothing yet; `closed_desk` looks for faults where the desk cannot be opened."""
        self._open_desk = open_desk
        self._closed_desk = closed_desk
        self._stack = ExitStack()
        self._opened: Desk | None = None
        self._waits = _LazyWaits()

    @property
    def waits(self) -> Waits:
        """What may be asked from any thread; before the desk is open nothing waits."""
        return self._waits

    def run(self, command: Command[Report]) -> Report:
        """Open the desk where it is not open, and run the command. Raises what opening raises."""
        try:
            desk = self._desk()
        except DeskError:
            if command.needs_open_desk:
                raise
            with self._closed_desk() as closed:
                return closed.run(command)
        return desk.run(command)

    def close(self) -> None:
        """Close the desk if it was opened."""
        self._opened, self._waits.opened = None, NoWaits()
        self._stack.close()

    def _desk(self) -> Desk:
        if self._opened is None:
            self._opened = self._stack.enter_context(self._open_desk())
            self._waits.opened = self._opened.waits
        return self._opened


class _LazyWaits:
    """Implements `Waits` by the desk that is open now."""

    def __init__(self) -> None:
        self.opened: Waits = NoWaits()

    def progress(self) -> PollProgress | None:
        return self.opened.progress()

    def stop_waiting(self) -> None:
        self.opened.stop_waiting()

    def cancel_sign_in(self) -> None:
        self.opened.cancel_sign_in()
