"""What a database server says of itself and of the tables that the mapping names, as far as the login may see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSeen:
    """One mapped table, by its name as SQL has it. None stands for what the login is not shown.

    `triggers` act beside a write, `replacing_triggers` in its stead; `filters` are the names of policies that decide
    row by row who sees what. `is_found_by_invoice` says whether an index finds rows by the invoice that they name, and
    `slow_keys` are the columns in which a key with letters beyond ASCII is looked for row by row.
    """

    name: str
    is_view: bool = False
    triggers: tuple[str, ...] | None = ()
    replacing_triggers: tuple[str, ...] = ()
    filters: tuple[str, ...] | None = ()
    is_found_by_invoice: bool | None = None
    slow_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSeen:
    """A server. `tables` and what follows is known of a SQL Server alone; None stands for what it does not tell.

    `allows_snapshots` says whether a reading can be one picture, `keeps_readers_waiting` whether it otherwise waits for
    whoever is saving. `rules` is the name of the collation by which the database compares text.
    """

    kind: str
    version: tuple[int, ...] = ()
    edition: str = ""
    rules: str = ""
    allows_snapshots: bool | None = None
    keeps_readers_waiting: bool | None = None
    is_administrator: bool = False
    rights: tuple[str, ...] | None = ()
    tables: tuple[TableSeen, ...] = ()
    unseen: tuple[str, ...] = ()
