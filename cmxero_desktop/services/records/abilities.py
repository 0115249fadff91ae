"""What a login can do with Case Manager's database, tried and taken back before anybody approves anything."""

from dataclasses import dataclass
from enum import StrEnum


class Able(StrEnum):
    """Whether something can be done."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


CANNOT_APPROVE = (
    "Have the rights, the mapping or the view changed (see The mapping file in the manual), or stay in Observe mode."
)
"""What to do where an approval would fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """One step of an approval: `name` completes "it can …", `why` says why not, or why nobody knows."""

    name: str
    able: Able
    why: str = ""

    def __str__(self) -> str:
        """Return the ability as a sentence without a full stop."""
        if self.able is Able.YES:
            return f"It can {self.name}"
        can = "cannot" if self.able is Able.NO else "may or may not be able to"
        return f"It {can} {self.name}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What was found by trying; `left` says what trying could not take back, or nothing."""

    abilities: tuple[Ability, ...]
    left: str = ""

    def in_words(self) -> str:
        """Say for a person what cannot be done, else what nobody knows, else that all of it was tried."""
        told = self.those(Able.NO) or self.those(Able.UNKNOWN)
        if told:
            return " ".join(f"{ability}." for ability in told)
        said = "Adding, changing and removing a payment was tried, and taken back."
        return f"{said} {self.left}".rstrip()

    def those(self, able: Able) -> tuple[Ability, ...]:
        """Return the abilities with one answer."""
        return tuple(ability for ability in self.abilities if ability.able is able)
