"""What is asked to read Xero, and to stay able to."""

from dataclasses import dataclass, field

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.xero_history import ToldHistory
from cmxero_desktop.services.records.runs import MissedChecks, PollAsk, PollRun
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True)
class Poll(Command[PollRun]):
    """Check Xero."""

    ask: PollAsk = field(default_factory=PollAsk)


@dataclass(frozen=True, slots=True)
class NoteMissed(Command[None]):
    """Write checks that were not made into History."""

    missed: MissedChecks


@dataclass(frozen=True, slots=True)
class RenewSignIn(Command[None]):
    """Keep the sign-in alive in the hours and weeks in which nothing is checked."""


@dataclass(frozen=True, slots=True)
class AskHistory(Command[ToldHistory]):
    """Ask Xero who did what with a payment; as long as that has not changed since, what it said is kept."""

    payment_id: XeroPaymentId
