"""What is asked and answered when a mapping is suggested for a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cmxero_desktop.domain.mapping.findings import MappingSuggestion
from cmxero_desktop.domain.mapping.seen import SeenSchema
from cmxero_desktop.services.records.setup import DatabaseSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRequest:
    """A wish for a suggestion: the database, and what a person answered so far.

    An empty `url` means the database of the settings, and a `password` of None the one in the keyring, or in the
    address. With the `schema` of an earlier suggestion the database is not read once more.
    """

    # Never shown: an address may hold a password.
    url: str = field(default="", repr=False)
    password: str | None = field(default=None, repr=False)
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    schema: SeenSchema | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedMapping:
    """A suggestion, the text of its mapping file, and what the check of a mapping says about it.

    Without a whole draft there is no text, and nothing is checked. What is open counts as what is likely in both, so
    that the check can say something before everything is answered.
    """

    suggestion: MappingSuggestion
    schema: SeenSchema = field(repr=False)
    text: str = ""
    seen: DatabaseSeen | None = None
    problems: tuple[str, ...] = ()
