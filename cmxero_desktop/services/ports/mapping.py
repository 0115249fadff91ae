"""What the services need of a database whose tables nobody has named yet, and of a mapping file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cmxero_desktop.domain.mapping.findings import MappingSuggestion
from cmxero_desktop.domain.mapping.seen import SeenSchema, SeenTable
from cmxero_desktop.services.records.setup import DatabaseSeen


class SchemaReader(Protocol):
    """Reads what a database has, and writes nothing. Every method raises CaseManagerError."""

    def outline(self) -> SeenSchema:
        """Read every table and view with its columns, and no row."""

    def look_into(self, tables: Sequence[SeenTable], most_rows: int) -> tuple[SeenTable, ...]:
        """Return the tables with their keys, how many rows they have, and the newest of these."""

    def troubles(self) -> tuple[str, ...]:
        """Return what could not be read, in sentences."""


class MappingFiles(Protocol):
    """Makes a suggestion the text of a mapping file, and tries and writes one."""

    def text_of(self, suggestion: MappingSuggestion) -> str:
        """Return the text of the mapping file."""

    def check(self, url: str, password: str | None, text: str) -> DatabaseSeen:
        """Compare the database with such a text, as with any mapping file. Raises CaseManagerError."""

    def write(self, text: str, path: Path, *, may_replace: bool) -> Path:
        """Write a mapping file, over another one only where that is allowed. Raises SettingsError."""
