"""What was found out about each key of a mapping, what is asked, and what a person answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.marks import Mark


class Sureness(StrEnum):
    """How sure a finding is, and by whom; the texts are what a person reads."""

    SURE = "sure"
    LIKELY = "likely"
    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that may be so. `reasons` say in sentences what speaks for it; `samples` are a few values."""

    key: str
    words: str
    reasons: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFinding:
    """One key of the mapping, as `invoices.total`: what is `likely`, what else may be, and how sure that is.

    `why` says why it is asked. Where it `takes_text`, an answer may also be a text of the person's own.
    """

    key: str
    title: str
    options: tuple[Option, ...]
    likely: str = ""
    sureness: Sureness = Sureness.ASKED
    why: str = ""
    takes_text: bool = False
    is_money: bool = True

    @property
    def is_open(self) -> bool:
        """Whether nobody and nothing has decided it."""
        return self.sureness is Sureness.ASKED

    @property
    def taken(self) -> str:
        """The option that counts, as if what is likely were so where nobody has answered; empty for none."""
        return self.likely

    def option(self, key: str) -> Option | None:
        """Return an option by its key."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSection:
    """A section of a mapping file by its path: what stands there, and why, by its key; `where` tells what counts."""

    path: tuple[str, ...]
    values: Mapping[str, Value | tuple[Value, ...]]
    where: Mark | None = None
    why: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSuggestion:
    """Everything that was found. `draft` is empty where something needed is missing or stands in the way.

    `obstacles` are sentences about what no mapping can say of this schema. `notes` are about the tables.
    """

    label: str
    kind: str
    tables: int
    looked_into: int
    findings: tuple[MappingFinding, ...] = ()
    obstacles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draft: tuple[DraftSection, ...] = ()
    unknown_answers: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[MappingFinding, ...]:
        """What a person has to answer."""
        return tuple(finding for finding in self.findings if finding.is_open)

    @property
    def is_complete(self) -> bool:
        """Whether there is a whole mapping and nothing is open."""
        return bool(self.draft) and not self.questions and not self.unknown_answers

    def finding(self, key: str) -> MappingFinding | None:
        """Return a finding by its key."""
        return next((finding for finding in self.findings if finding.key == key), None)


Answers = Mapping[str, str]
"""What a person answered, by the keys of findings: the key of an option, or a text where one is taken."""

_ENOUGH, _AHEAD = 12, 8


def answered(finding: MappingFinding, answers: Answers) -> MappingFinding:
    """Return a finding as a person decided it, or as it is."""
    answer = answers.get(finding.key)
    if answer is None or not (finding.takes_text or finding.option(answer)):
        return finding
    return replace(finding, likely=answer, sureness=Sureness.ANSWERED)


def best_of(options: Sequence[Option]) -> tuple[Option, ...]:
    """Return options with the best ones first, always in the same order."""
    return tuple(sorted(options, key=lambda option: (-option.points, option.key)))


def is_clear(options: Sequence[Option], enough: int = _ENOUGH, ahead: int = _AHEAD) -> bool:
    """Say whether the first of several options has enough for it and is well ahead of the second."""
    if not options or options[0].points < enough:
        return False
    return len(options) == 1 or options[0].points - max(options[1].points, 0) >= ahead
