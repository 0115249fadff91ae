"""Keep what is overwritten, under the number that the store's own counter gives the transaction that does it (R34).

What is there now stands in the tables of its own; here stands only what is no more, as little of it as tells the rest.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import builtins, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.store_times import noted_at

_moments = tables.moments.c


class KeptKind(StrEnum):
    """What a kept record is; two letters, since there are many of them."""

    ACCOUNT = "ac"
    XERO_PAYMENT = "xp"
    XERO_INVOICE = "xi"
    NUMBER = "nu"
    CASE_PAYMENT = "cp"
    CASE_INVOICE = "ci"
    PLACES = "pl"
    PROPOSAL = "pr"
    PAIR = "pa"
    ACCEPTED = "se"
    EXPLAINED = "ex"
    NUMBER_SAID = "ns"


ACCOUNTS_HOME = "accounts"
"""Where accounts are kept: they belong to no invoice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """A record that is replaced: what it was, None where there was none, and what it is now, None where it is gone.

    `home` is what it is looked up by: the number of its invoice, or the invoice's id in Xero.
    """

    kind: KeptKind
    subject: str
    home: str
    old: object | None
    new: object | None


class Journal(Work):
    """The memory of one transaction, which has a number only if it changed something that is shown."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        """Work within the connection's transaction; `clock` is the store's own."""
        super().__init__(connection)
        self._clock = clock
        self._number: int | None = None

    @property
    def moment(self) -> int:
        """The number of this transaction among those that changed something; the writer's lock makes it ours."""
        if self._number is None:
            newest = self._connection.scalar(select(func.max(_moments.moment)))
            self._number = 1 if newest is None else newest + 1
        return self._number

    def keep(self, kept: Iterable[Was]) -> None:
        """Keep what is replaced."""
        rows = [
            {
                "moment": self.moment,
                "kind": was.kind.value,
                "subject": was.subject,
                "home": was.home,
                "record": _less(was.old, was.new),
            }
            for was in kept
        ]
        self._insert(tables.was, rows)

    def close(self) -> None:
        """Note when this transaction was, by the store's own time, and how long the audit trail is."""
        if self._number is None:
            return
        last = self._connection.scalar(select(_moments.at).order_by(_moments.moment.desc()).limit(1))
        entries = self._connection.scalar(select(tables.audit_head.c.entries)) or 0
        at = self._clock()
        row = {"moment": self._number, "at": noted_at(last, at), "entries": entries}
        self._insert(tables.moments, [row])
        self._number = None


class KeptWork(Work):
    """A part of a unit of work that overwrites what was shown."""

    def __init__(self, connection: Connection, journal: Journal) -> None:
        """Work within the connection's transaction, and keep in the journal what is replaced."""
        super().__init__(connection)
        self._journal = journal


def _less(old: object | None, new: object | None) -> str | None:
    """Write what a record was: whole if it is gone, else what of it, and of the records in it, differs."""
    if old is None:
        return None
    before = builtins(old)
    return encode(before if new is None else _differing(before, builtins(new)))


def _differing(before: object, after: object, *, depth: int = 2) -> object:
    if depth and isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        return {
            name: _differing(value, after[name], depth=depth - 1)
            for name, value in before.items()
            if value != after[name]
        }
    return before


def earlier(now: object | None, record: str | None) -> object | None:
    """Take the step back from what a record is to what it was, as JSON's own values."""
    if record is None:
        return None
    return _with(now, json.loads(record), depth=2)


def _with(now: object, before: object, *, depth: int) -> object:
    if depth and isinstance(now, dict) and isinstance(before, dict) and before.keys() <= now.keys():
        return {**now, **{name: _with(now[name], value, depth=depth - 1) for name, value in before.items()}}
    return before
