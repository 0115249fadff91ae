"""One section of a mapping file: takes keys out by what they should be, and names every one that is not."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from cmxero_desktop.adapters.casemanager.mapping import Constant, TableName

MISSING_KEY = object()
"""Stands for the value of a key that is not in the file."""

_CHOICE = TypeVar("_CHOICE", bound=StrEnum)
_Problem = Callable[[tuple[str, ...], str, str], None]


class Section:
    """The keys of a section that are `left`; every key that nobody asked for is a problem in the end."""

    def __init__(
        self, path: tuple[str, ...], content: Mapping[str, Any], named: _Problem, *, is_absent: bool = False
    ) -> None:
        """Begin with all keys; `named` takes the section, the key and what is wrong with it."""
        self.left = dict(content)
        self._is_absent = is_absent
        self._path = path
        self._named = named

    def inner(self, key: str) -> "Section":
        """Take out a section within this one; where it is none an absent one, so that the reading can go on."""
        content = self.left.pop(key, MISSING_KEY)
        is_section = isinstance(content, dict)
        if not is_section:
            self.problem(key, "is missing" if content is MISSING_KEY else "must be a section of its own")
        return Section((*self._path, key), content if is_section else {}, self._named, is_absent=not is_section)

    def table(self) -> TableName:
        """Take out the name of a table and of its schema."""
        return TableName(name=self.text("table"), schema=self.column("schema", is_needed=False))

    def column(self, key: str, *, is_needed: bool) -> str | None:
        """Take out a name that may be missing unless it is needed."""
        return self.text(key) if is_needed or key in self.left else None

    def text(self, key: str, default: str | None = None) -> str:
        """Take out text that is not blank."""
        value = self.left.pop(key, default if default is not None else MISSING_KEY)
        if isinstance(value, str) and value.strip():
            return value
        self.problem(key, "is missing" if value is MISSING_KEY else f"must be text in quotes, not {_shown(value)}")
        return ""

    def choice(self, key: str, default: _CHOICE) -> _CHOICE:
        """Take out one of the texts of an enumeration."""
        value = self.left.pop(key, default)
        choices = type(default)
        if value in tuple(choices):
            return choices(value)
        self.problem(key, f"must be one of {', '.join(choices)}, not {_shown(value)}")
        return default

    def is_negative(self, key: str) -> bool:
        """Take out a sign, positive unless it is given."""
        value = self.left.pop(key, "positive")
        if value not in ("positive", "negative"):
            self.problem(key, f"must be positive or negative, not {_shown(value)}")
        return bool(value == "negative")

    def constant(self, key: str) -> Constant:
        """Take out a value that a column can hold."""
        value = self.left.pop(key, MISSING_KEY)
        if isinstance(value, str | int | Decimal | date) and not isinstance(value, datetime):
            return value
        allowed = "text, a number, a date, true or false"
        self.problem(key, "is missing" if value is MISSING_KEY else f"must be {allowed}, not {_shown(value)}")
        return ""

    def constants(self, key: str) -> tuple[Constant, ...]:
        """Take out one value that a column can hold, or a list of such values."""
        value = self.left.get(key, MISSING_KEY)
        if not isinstance(value, list):
            return (self.constant(key),)
        if not value:
            self.problem(key, "must not be an empty list")
        found = []
        for one in value:
            self.left[key] = one
            found.append(self.constant(key))
        self.left.pop(key, None)
        return tuple(found)

    def finish(self) -> None:
        """Name every key that nobody asked for."""
        for key in self.left:
            self.problem(key, "is not known here")

    def problem(self, key: str, what: str) -> None:
        """Name a problem of a key; of an absent section it was named already that it is absent."""
        if not self._is_absent:
            self._named(self._path, key, what)


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
