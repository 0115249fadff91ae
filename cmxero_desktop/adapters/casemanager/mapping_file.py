"""Reads a mapping file; everything unknown, missing or badly valued is named with its key and line, all at once."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from cmxero_desktop.adapters.casemanager.mapping import (
    NEVER,
    CaseMapping,
    Constant,
    InvoiceColumns,
    KeySource,
    PaymentColumns,
    SettingsRows,
    TableName,
    Tell,
    Told,
)
from cmxero_desktop.adapters.toml.lines import line_numbers
from cmxero_desktop.adapters.toml.reading import NoTomlError, parsed, read_text
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.shipped import shipped

_CHOICE = TypeVar("_CHOICE", bound=StrEnum)
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_MISSING = object()


def load_mapping(name_or_path: str) -> CaseMapping:
    """Read a mapping that comes with the program ("reference"), or a file by its path; raise CaseManagerError."""
    source, text = _text_of(name_or_path)
    try:
        content = parsed(text)
    except NoTomlError as error:
        message = f"The mapping file {source} is not valid TOML, {error}."
        raise CaseManagerError(message, "Correct that line and try again.") from None
    reader = _MappingReader(source, text)
    mapping = reader.read(content)
    if mapping is None or reader.problems:
        message = f"The mapping file {source} cannot be used:"
        remedy = "Correct these lines; the mapping named reference shows every key with its meaning."
        raise CaseManagerError(message, remedy, problems=tuple(reader.problems))
    return mapping


def _text_of(name_or_path: str) -> tuple[str, str]:
    """Return what to call the mapping, and its text."""
    if _NAME.fullmatch(name_or_path):
        ours = shipped("mappings", f"{name_or_path}.toml")
        if ours.is_file():
            return name_or_path, ours.read_text(encoding="utf-8")
    path = Path(name_or_path).expanduser()
    try:
        return str(path), read_text(path)
    except OSError as error:
        message = f"The mapping {name_or_path} cannot be read: {error.strerror or error}."
    except UnicodeDecodeError:
        message = f"The mapping file {name_or_path} is not UTF-8 text."
    raise CaseManagerError(message, "Name the mapping that comes with the program (reference), or a mapping file.")


class _MappingReader:
    """Takes one file apart and collects every problem on the way."""

    def __init__(self, source: str, text: str) -> None:
        self.source = source
        self.problems: list[str] = []
        self._lines = line_numbers(text)

    def read(self, content: Mapping[str, Any]) -> CaseMapping | None:
        """Return the mapping, or None where a whole section is missing."""
        for name in content:
            if name not in {"invoices", "payments", "settings"}:
                self._problem((), name, "is not known here")
        invoices, payments = self._section(content, "invoices"), self._section(content, "payments")
        settings = self._section(content, "settings") if "settings" in content else None
        if invoices is None or payments is None:
            return None
        return CaseMapping(
            source=self.source,
            invoices=_Section(self, ("invoices",), invoices).invoices(),
            payments=_Section(self, ("payments",), payments).payments(),
            settings=_Section(self, ("settings",), settings).settings() if settings is not None else None,
        )

    def _section(self, content: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        section = content.get(name, _MISSING)
        if isinstance(section, dict):
            return section
        self._problem((), name, "is missing" if section is _MISSING else "must be a section of its own")
        return None

    def problem(self, section: tuple[str, ...], key: str, what: str) -> None:
        """Name a problem with its key, and its line where the key is in the file."""
        self._problem(section, key, what)

    def _problem(self, section: tuple[str, ...], key: str, what: str) -> None:
        line = self._lines.get((*section, key)) or self._lines.get(section)
        where = f"line {line}: " if line else ""
        self.problems.append(f"{where}{'.'.join((*section, key))} {what}.")


class _Section:
    """One section of the file; every key that nobody asked for is a problem."""

    def __init__(self, reader: _MappingReader, path: tuple[str, ...], content: Mapping[str, Any]) -> None:
        self.reader = reader
        self.path = path
        self.left = dict(content)

    def invoices(self) -> InvoiceColumns:
        """Read the section of the invoices table."""
        table = self._table()
        columns = {f.name: self._column(f.name, is_needed=f.default is MISSING) for f in fields(InvoiceColumns)[1:]}
        self._finish()
        return InvoiceColumns(table=table, **columns)  # type: ignore[arg-type]  # needed ones are text or a problem

    def payments(self) -> PaymentColumns:
        """Read the section of the payments table."""
        names = ("key", "invoice", "paid_on", "amount", "payment_type", "reference", "notes")
        columns = {name: self._text(name) for name in names}
        payments = PaymentColumns(
            table=self._table(),
            **columns,
            journal_number=self._column("journal_number", is_needed=False),
            payer=self._column("payer", is_needed=False),
            key_source=self._choice("key_source", KeySource.GENERATED),
            are_amounts_negative=self._sign(),
            added_payment_type=self._text("added_payment_type", "EFT"),
            imported_text=self._text("imported_text", "Xero payment"),
            journalled=self._tell("journalled", (Told.NEVER, Told.NOT_NULL, Told.EQUALS)),
            multi_invoice=self._tell("multi_invoice", tuple(Told)),
            constants=self._constants(frozenset(columns.values())),
        )
        self._finish()
        return payments

    def settings(self) -> SettingsRows:
        """Read the section of the settings table."""
        rows = SettingsRows(
            table=self._table(),
            name=self._text("name"),
            value=self._text("value"),
            forward_dating_days=self._column("forward_dating_days", is_needed=False),
            journalled_row=self._column("journalled_row", is_needed=False),
            journalled_unlocked=self._column("journalled_unlocked", is_needed=False),
        )
        if (rows.journalled_row is None) != (rows.journalled_unlocked is None):
            self._problem("journalled_row", "and journalled_unlocked are needed together")
        self._finish()
        return rows

    def _table(self) -> TableName:
        return TableName(name=self._text("table"), schema=self._column("schema", is_needed=False))

    def _column(self, key: str, *, is_needed: bool) -> str | None:
        return self._text(key) if is_needed or key in self.left else None

    def _text(self, key: str, default: str | None = None) -> str:
        value = self.left.pop(key, default if default is not None else _MISSING)
        if isinstance(value, str) and value.strip():
            return value
        what = "is missing" if value is _MISSING else f"must be text in quotes, not {_shown(value)}"
        self._problem(key, what)
        return ""

    def _choice(self, key: str, default: _CHOICE) -> _CHOICE:
        value = self.left.pop(key, default)
        choices = type(default)
        if value in tuple(choices):
            return choices(value)
        self._problem(key, f"must be one of {', '.join(choices)}, not {_shown(value)}")
        return default

    def _sign(self) -> bool:
        value = self.left.pop("amount_sign", "positive")
        if value not in {"positive", "negative"}:
            self._problem("amount_sign", f"must be positive or negative, not {_shown(value)}")
        return bool(value == "negative")

    def _tell(self, key: str, allowed: tuple[Told, ...]) -> Tell:
        content = self.left.pop(key, _MISSING)
        if not isinstance(content, dict):
            self._problem(key, "is missing" if content is _MISSING else "must be a section of its own")
            return NEVER
        section = _Section(self.reader, (*self.path, key), content)
        told = section._choice("when", Told.NEVER) if "when" in content else None
        if told not in allowed:
            section._problem("when", f"must be one of {', '.join(allowed)}")
            return NEVER
        tell = Tell(
            told=told,
            column=section._text("column") if told is not Told.NEVER else "",
            value=section._constant("value") if told is Told.EQUALS else None,
            none=section._constant("none") if told is Told.SHARED and "none" in section.left else None,
        )
        section._finish()
        return tell

    def _constants(self, taken: frozenset[str]) -> Mapping[str, Constant]:
        content = self.left.pop("constants", {})
        if not isinstance(content, dict):
            self._problem("constants", "must be a section of its own")
            return MappingProxyType({})
        section = _Section(self.reader, (*self.path, "constants"), content)
        for column in sorted(taken & content.keys()):
            section._problem(column, "is filled with the payment's own value already")
        return MappingProxyType({column: section._constant(column) for column in content})

    def _constant(self, key: str) -> Constant:
        value = self.left.pop(key, _MISSING)
        if isinstance(value, str | int | Decimal | date) and not isinstance(value, datetime):
            return value
        what = (
            "is missing" if value is _MISSING else f"must be text, a number, a date, true or false, not {_shown(value)}"
        )
        self._problem(key, what)
        return ""

    def _finish(self) -> None:
        for key in self.left:
            self._problem(key, "is not known here")

    def _problem(self, key: str, what: str) -> None:
        self.reader.problem(self.path, key, what)


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
