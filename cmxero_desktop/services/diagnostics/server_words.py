"""Say what a database server says of itself, what of it is dangerous, and what whoever looks after it could better."""

from collections.abc import Iterator

from cmxero_desktop.services.diagnostics.conditions import Condition
from cmxero_desktop.services.records.server_seen import ServerSeen, TableSeen

_SQL_SERVER = "SQL Server"
_YEARS = {11: "2012", 12: "2014", 13: "2016", 14: "2017", 15: "2019", 16: "2022", 17: "2025"}
_OLDEST = min(_YEARS)
_CLOUD = "SQL Azure"


def condition_of_server(seen: ServerSeen) -> Condition:
    """Say what the server is; where rows may be hidden from the login, that is what has to be put right."""
    name = _name(seen)
    if seen.kind != _SQL_SERVER:
        return Condition(name)
    dangers = [*_dangers(seen)]
    said = (f"{name}.", *_facts(seen), *(danger for danger, _ in dangers), *_advice(seen))
    return Condition(" ".join(said), " ".join(remedy for _, remedy in dangers))


def _name(seen: ServerSeen) -> str:
    version = ".".join(map(str, seen.version))
    if seen.kind != _SQL_SERVER:
        return f"{seen.kind} {version}".strip() + "."
    year = "" if seen.edition == _CLOUD or not seen.version else _YEARS.get(seen.version[0], "")
    within = ", ".join(part for part in (version, seen.edition) if part)
    return " ".join(part for part in (seen.kind, year, f"({within})" if within else "") if part)


def _facts(seen: ServerSeen) -> Iterator[str]:
    if seen.rules:
        yield f"It compares text by {seen.rules}."
    if seen.allows_snapshots:
        yield "A reading is one picture."
    if seen.tables and seen.rights is not None:
        may = ", ".join(right.lower() for right in seen.rights)
        yield f"This login may {f'read, {may}' if may else 'only read'} payments."
    triggers = [name for table in seen.tables for name in table.triggers or ()]
    if triggers:
        yield f"Triggers act beside each write: {', '.join(triggers)}."


def _dangers(seen: ServerSeen) -> Iterator[tuple[str, str]]:
    """Yield what may double money or work not at all, and what to do."""
    if seen.version and seen.version[0] < _OLDEST and seen.edition != _CLOUD:
        yield (
            "It is older than any that this program was made for.",
            f"Have it brought to SQL Server {_YEARS[_OLDEST]} or later.",
        )
    for table in seen.tables:
        if table.filters:
            policies = " and ".join(table.filters)
            danger = (
                f"{policies} decides row by row who sees what of {table.name}: what it hides from this login is taken "
                "for missing, and proposed again."
            )
            yield (
                danger,
                f"Have {policies} show this login every row of {table.name}, or read by a login that it leaves alone.",
            )


def _advice(seen: ServerSeen) -> Iterator[str]:
    """Yield what works, and could be better."""
    if seen.allows_snapshots is False:
        waits = " and waits for whoever is saving" if seen.keeps_readers_waiting else ""
        yield (
            f"A reading is no one picture{waits}; what is written is read again under locks in any case. "
            "ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON makes it one."
        )
    if seen.is_administrator:
        yield "This login may do anything there: have one made that may read, and write payments alone."
    for table in seen.tables:
        yield from _advice_on(table)
    if seen.unseen:
        yield f"Not shown: {'; '.join(seen.unseen)}."


def _advice_on(table: TableSeen) -> Iterator[str]:
    if table.replacing_triggers:
        yield (
            f"{', '.join(table.replacing_triggers)} acts in the stead of writes to {table.name}: have whoever looks "
            "after the database say what it does before anything is approved."
        )
    if table.is_found_by_invoice is False:
        yield (
            f"No index of {table.name} begins with the invoice, so nobody else writes to it while a payment is "
            "written: have such an index made."
        )
    if table.slow_keys:
        yield (
            f"A key in {' or '.join(table.slow_keys)} of {table.name} that has letters beyond ASCII is looked for row "
            "by row: have the column made NVARCHAR if there are any."
        )
    if table.is_view:
        yield f"{table.name} is a view: what acts on the tables behind it is not looked at."
    if table.triggers is None or table.filters is None:
        yield (
            f"Whether triggers or policies act on {table.name} is not shown to this login: "
            f"GRANT VIEW DEFINITION ON {table.name} shows it."
        )
