"""Reads a mapping file; everything unknown, missing or badly valued is named with its key and line, all at once."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cmxero_desktop.adapters.casemanager.mapping import (
    COMPARED,
    NEVER,
    CaseMapping,
    Constant,
    Figure,
    InvoiceColumns,
    KeySource,
    PaymentColumns,
    SettingsRows,
    Sum,
    Tell,
    Told,
)
from cmxero_desktop.adapters.casemanager.mapping_section import MISSING_KEY, Section
from cmxero_desktop.adapters.toml.lines import line_numbers
from cmxero_desktop.adapters.toml.reading import NoTomlError, parsed, read_text
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.shipped import shipped

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SAVE_AS = "Save it as UTF-8: in Notepad by Save as, with the encoding UTF-8."
_FIGURES = frozenset({"adjustments", "refunds"})
_LOCKS = (Told.NEVER, Told.NOT_NULL, Told.EQUALS, Told.NOT_EQUALS)
_COUNTING = (Told.NULL, Told.NOT_NULL, Told.EQUALS, Told.NOT_EQUALS)


def load_mapping(name_or_path: str) -> CaseMapping:
    """Read a mapping that comes with the program ("reference"), or a file by its path; raise CaseManagerError."""
    return mapping_of(*_text_of(name_or_path))


def mapping_of(source: str, text: str) -> CaseMapping:
    """Read the text of a mapping file, which a person calls `source`; raise CaseManagerError."""
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
    except UnicodeDecodeError as error:
        message = f"The mapping file {name_or_path} is not UTF-8 text: {error.reason}."
        raise CaseManagerError(message, _SAVE_AS) from None
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
            invoices=_invoices(invoices),
            payments=_payments(payments),
            settings=_settings(settings) if settings is not None else None,
        )

    def _section(self, content: Mapping[str, Any], name: str) -> Section | None:
        section = content.get(name, MISSING_KEY)
        if isinstance(section, dict):
            return Section((name,), section, self._problem)
        self._problem((), name, "is missing" if section is MISSING_KEY else "must be a section of its own")
        return None

    def _problem(self, section: tuple[str, ...], key: str, what: str) -> None:
        """Name a problem with its key, and its line where the key is in the file."""
        line = self._lines.get((*section, key)) or self._lines.get(section)
        where = f"line {line}: " if line else ""
        self.problems.append(f"{where}{'.'.join((*section, key))} {what}.")


def _invoices(section: Section) -> InvoiceColumns:
    """Read the section of the invoices table."""
    columns = {
        f.name: section.column(f.name, is_needed=f.default is MISSING)
        for f in fields(InvoiceColumns)[1:]
        if f.name not in _FIGURES | {"only"}
    }
    invoices = InvoiceColumns(
        table=section.table(),
        adjustments=_figure(section, "adjustments"),
        refunds=_figure(section, "refunds"),
        only=_only(section),
        **columns,  # type: ignore[arg-type]  # needed ones are text or a problem
    )
    section.finish()
    return invoices


def _figure(section: Section, key: str) -> Figure:
    """Read where a figure stands: a column's name, a section with a sum over a table, or 0 for "there are none"."""
    value = section.left.get(key)
    if isinstance(value, dict):
        return _sum(section.inner(key))
    if type(value) is int and value == 0:
        del section.left[key]
        return 0
    return section.column(key, is_needed=False)


def _sum(section: Section) -> Sum:
    found = Sum(
        table=section.table(),
        amount=section.text("amount"),
        invoice=section.text("invoice"),
        where=_where(section.inner("where")) if "where" in section.left else NEVER,
        is_negative=section.is_negative("sign"),
    )
    section.finish()
    return found


def _where(section: Section) -> Tell:
    told, key = (Told.NOT_EQUALS, "not_equals") if "not_equals" in section.left else (Told.EQUALS, "equals")
    tell = Tell(told=told, column=section.text("column"), values=section.constants(key))
    section.finish()
    return tell


def _only(section: Section) -> Tell:
    return _tell(section.inner("only"), _COUNTING) if "only" in section.left else NEVER


def _payments(section: Section) -> PaymentColumns:
    """Read the section of the payments table."""
    names = ("key", "invoice", "paid_on", "amount", "payment_type", "reference", "notes")
    columns = {name: section.text(name) for name in names}
    payments = PaymentColumns(
        table=section.table(),
        **columns,
        journal_number=section.column("journal_number", is_needed=False),
        payer=section.column("payer", is_needed=False),
        entered_by=section.column("entered_by", is_needed=False),
        key_source=section.choice("key_source", KeySource.GENERATED),
        are_amounts_negative=section.is_negative("amount_sign"),
        added_payment_type=section.text("added_payment_type", "EFT"),
        imported_text=section.text("imported_text", "Xero payment"),
        journalled=_tell(section.inner("journalled"), _LOCKS),
        multi_invoice=_tell(section.inner("multi_invoice"), (*_LOCKS, Told.SHARED)),
        only=_only(section),
        constants=_constants(section, frozenset(columns.values())),
    )
    section.finish()
    return payments


def _tell(section: Section, allowed: tuple[Told, ...]) -> Tell:
    value = section.left.pop("when", None)
    if value not in allowed:
        section.problem("when", f"must be one of {', '.join(allowed)}")
        return NEVER
    told = Told(value)
    tell = Tell(
        told=told,
        column=section.text("column") if told is not Told.NEVER else "",
        values=section.constants("value") if told in COMPARED else (),
        none=section.constants("none") if told is Told.SHARED and "none" in section.left else (),
    )
    section.finish()
    return tell


def _constants(section: Section, taken: frozenset[str]) -> Mapping[str, Constant]:
    if "constants" not in section.left:
        return MappingProxyType({})
    constants = section.inner("constants")
    for column in sorted(taken & constants.left.keys()):
        constants.problem(column, "is filled with the payment's own value already")
    return MappingProxyType({column: constants.constant(column) for column in tuple(constants.left)})


def _settings(section: Section) -> SettingsRows:
    """Read the section of the settings table."""
    rows = SettingsRows(
        table=section.table(),
        name=section.text("name"),
        value=section.text("value"),
        forward_dating_days=section.column("forward_dating_days", is_needed=False),
        journalled_row=section.column("journalled_row", is_needed=False),
        journalled_unlocked=section.column("journalled_unlocked", is_needed=False),
    )
    if (rows.journalled_row is None) != (rows.journalled_unlocked is None):
        section.problem("journalled_row", "and journalled_unlocked are needed together")
    section.finish()
    return rows
