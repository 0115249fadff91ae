"""What is asked to write to Case Manager, and to take it back."""

from dataclasses import dataclass

from cmxero_desktop.services.records.reports import ApplyReport, DecisionReport
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureApply(Command[None]):
    """Ask whether anything may be applied now: on old data it raises, before a decision is stored for nothing."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Command[ApplyReport]):
    """Write approved proposals to Case Manager; `ids` None means all of them."""

    ids: tuple[str, ...] | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Command[ApplyReport]):
    """Take applied changes back, by id or history number; the wish of the first of two is kept where two are asked."""

    ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawUndo(Command[DecisionReport]):
    """Let nobody ask any more to undo these applied proposals."""

    ids: tuple[str, ...]
    by: str
    reason: str
