"""Give each command to its use case, and do for all of them what no use case should have to think of."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.ports.waits import Waits
from cmxero_desktop.services.verbs.commands.command import Command, Handler, Report

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Counts requests to Xero: how many this desk has made, and a place that remembers how many a day had."""

    requests_made: Callable[[], int]
    count: Callable[[int], None]


class Dispatcher:
    """Implements `Desk` over a table of handlers: it counts requests and writes the log line of every command."""

    def __init__(self, handlers: Iterable[Handler], *, waits: Waits, meter: Meter) -> None:
        """Keep the table; each kind of command has exactly one handler."""
        table: dict[type[Command[Any]], Handler] = {}
        for handler in handlers:
            if handler.kind in table:
                message = f"{handler.kind.__name__} has two handlers"
                raise ValueError(message)
            table[handler.kind] = handler
        self._table = table
        self._waits = waits
        self._meter = meter

    @property
    def waits(self) -> Waits:
        """What may be asked from any thread."""
        return self._waits

    def run(self, command: Command[Report]) -> Report:
        """Run the use case of a command. Raises DeskError."""
        with self._logged(type(command).__name__), self._counted():
            report: Report = self._table[type(command)].use_case(command)
        return report

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count the requests that are made, whatever becomes of the command."""
        before = self._meter.requests_made()
        try:
            yield
        finally:
            made = self._meter.requests_made() - before
            if made:
                self._count(made)

    def _count(self, made: int) -> None:
        try:
            self._meter.count(made)
        except Exception as error:  # noqa: BLE001 - what was done, or why it was not, matters more than the count
            _log.info("%s requests to Xero could not be counted: %s", made, type(error).__name__)

    @staticmethod
    @contextmanager
    def _logged(name: str) -> Iterator[None]:
        """Log what was asked and how it ended; what a command carries may be a name or a secret and stays out."""
        try:
            yield
        except DeskError as error:
            _log.info("%s could not be done: %s", name, type(error).__name__)
            raise
        except Exception:
            _log.exception("%s met something that nobody foresaw", name)
            raise
        _log.info("%s done", name)
