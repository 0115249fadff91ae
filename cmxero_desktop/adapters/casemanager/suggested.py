"""Tries a suggested mapping on its database, and opens a database of which no mapping is known yet."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import mapping_of
from cmxero_desktop.adapters.casemanager.mapping_text import mapping_text, write_mapping
from cmxero_desktop.adapters.casemanager.reflecting import ReflectedSchema
from cmxero_desktop.domain.mapping.findings import MappingSuggestion
from cmxero_desktop.services.records.setup import DatabaseSeen

_SOURCE = "that is suggested"


class SuggestedFiles:
    """Implements `MappingFiles`."""

    def text_of(self, suggestion: MappingSuggestion) -> str:
        """Return the text of the mapping file."""
        return mapping_text(suggestion)

    def check(self, url: str, password: str | None, text: str) -> DatabaseSeen:
        """Compare the database with the text, and look at what it is; raises CaseManagerError."""
        with closing(CaseManagerDatabase(url, mapping_of(_SOURCE, text), password=password)) as database:
            return database.examine()

    def write(self, text: str, path: Path, *, may_replace: bool) -> Path:
        """Write a mapping file."""
        return write_mapping(text, path, may_replace=may_replace)


@contextmanager
def opened_schema(url: str, password: str | None) -> Iterator[ReflectedSchema]:
    """Open a database to read its tables; raises CaseManagerError."""
    with closing(ReflectedSchema(url, password)) as schema:
        yield schema
