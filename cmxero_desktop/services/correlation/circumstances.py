"""What a comparison takes into account beside the payments: where any of it is another, everything is compared."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date

from cmxero_desktop import __version__
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The settings, Case Manager's own, the policy that these make, and the organisation's day."""

    settings: Settings
    facts: CaseManagerFacts
    policy: Policy
    today: date

    def are_as(self, other: "Circumstances") -> bool:
        """Say whether they are those of another comparison; how much Case Manager holds is seen there itself."""
        return replace(self, facts=_uncounted(self.facts)) == replace(other, facts=_uncounted(other.facts))

    def mark(self, epoch_id: str) -> str:
        """Return a text that stands for them, for this version of the program and for a life of our store."""
        told = (__version__, epoch_id, _plain(replace(self, facts=_uncounted(self.facts))))
        return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _uncounted(facts: CaseManagerFacts) -> CaseManagerFacts:
    return replace(facts, invoices=0, payments=0)


def _plain(value: object) -> object:
    """Return a value as a text that is the same in every program; sets and mappings have no order of their own."""
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, [(f.name, _plain(getattr(value, f.name))) for f in fields(value)])
    if isinstance(value, Mapping):
        return sorted(repr((_plain(key), _plain(item))) for key, item in value.items())
    if isinstance(value, AbstractSet):
        return sorted(repr(_plain(item)) for item in value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return repr(value)
