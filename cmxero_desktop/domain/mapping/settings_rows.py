"""Finds the table of Case Manager's own settings, for how far ahead it takes a payment's date."""

from collections.abc import Sequence

from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.findings import Answers, MappingFinding, Option, Sureness, answered
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.seen import SeenTable
from cmxero_desktop.domain.mapping.words import meaning_of

SETTINGS = "settings.forward_dating_days"
LEFT_OUT = "none"
_TEXT = frozenset({ColumnKind.TEXT, ColumnKind.ANY})
_MOST_ROWS = 2_000


def settings_finding(
    tables: Sequence[SeenTable], answers: Answers
) -> tuple[MappingFinding, dict[str, tuple[SeenTable, str, str, str]]]:
    """Say where the days ahead stand, and what each option means: the table, its two columns, and the row."""
    options = [Option(key=LEFT_OUT, words="Case Manager has no such setting, or it is left out")]
    meant: dict[str, tuple[SeenTable, str, str, str]] = {}
    for table in tables:
        columns = _name_and_value(table)
        if columns is None or len(table.rows) > _MOST_ROWS:
            continue
        name, value = columns
        for setting, days in zip(table.values(name), table.values(value), strict=True):
            if isinstance(setting, str) and _is_forward(setting) and str(days).strip().isdecimal():
                key = f"{table.place}:{setting.strip()}"
                meant[key] = (table, name, value, setting.strip())
                options.append(Option(key=key, words=f"{setting.strip()} in {table.place}", samples=(str(days),)))
    found = MappingFinding(
        key=SETTINGS,
        title="How many days ahead a payment may be dated",
        options=tuple(options),
        likely=options[1].key if len(options) == 2 else LEFT_OUT,  # noqa: PLR2004 - exactly one was found
        sureness=Sureness.LIKELY,
        is_money=False,
    )
    return answered(found, answers), meant


def _name_and_value(table: SeenTable) -> tuple[str, str] | None:
    names = [c for c in table.columns if c.kind in _TEXT and table.is_unique(c.name) and Word.VALUE not in c.meaning]
    values = [c for c in table.columns if c.kind in _TEXT | {ColumnKind.NUMBER} and Word.VALUE in c.meaning]
    return (names[0].name, values[0].name) if names and values else None


def _is_forward(setting: str) -> bool:
    meaning = meaning_of(setting)
    return Word.FORWARD in meaning and bool(meaning & {Word.DAYS, Word.DATE})
