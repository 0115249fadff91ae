"""Write to Case Manager, one or several invoices at once, so that no crash leaves anything lost, doubled or unknown.

The intents are stored, or claimed where they were planned ahead, while Case Manager's invoice is locked and before it
is written; they are closed after the commit, those of a batch together. What a failure leaves open is settled from
what Case Manager really holds.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cmxero_desktop.domain.errors import CaseManagerError, DeskError, NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.proposals import ProposalState, moved
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.intents import Intent, IntentPurpose, IntentState
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite, WriteKind
from cmxero_desktop.services.writing.planning_ahead import HOLD_FOR
from cmxero_desktop.services.writing.settling import record_outcome, settle_open_intents

Sides = Mapping[CaseInvoiceId, CaseInvoiceSide | None]
"""The locked and re-read invoices; None where one is gone."""

Plan = Callable[[Sides], Sequence[Intent]]
"""Decides from the locked invoices what to write."""

_APPLYING = moved(ProposalState.APPROVED, ProposalState.APPLYING)
_SETTLED = "Another desktop found this write unfinished, and settled it as not written."
_NOT_KNOWN = "Whether it was written is not known yet; that is settled with the next check, before anything else."
_NOT_NOTED = (
    "It stands in Case Manager, but that could not be noted here yet ({why}); "
    "the next check finds it there and notes it, before anything else."
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """How the writes of one transaction ended. `failure` is empty where all of them were made.

    `not_noted` says that they were made and could not be noted in our store; else it is empty.
    """

    intents: tuple[Intent, ...] = ()
    failure: str = ""
    not_noted: str = ""

    def state_of(self, fingerprint: str) -> IntentState | None:
        """Return how the write of one proposal ended, None where none was intended."""
        return self._states.get(fingerprint)

    @cached_property
    def _states(self) -> Mapping[str, IntentState]:
        return {intent.fingerprint: intent.state for intent in reversed(self.intents)}


class InvoiceWriter:
    """Writes one invoice at a time, or those of a move together."""

    def __init__(self, outside: Outside) -> None:
        """Keep the ports."""
        self._outside = outside
        self._unnoted: list[Intent] = []

    def write(
        self,
        invoice_ids: Collection[CaseInvoiceId],
        currency: str,
        plan: Plan,
        *,
        what: AuditWhat,
        confirm: Callable[[], None] = lambda: None,
        is_noted_later: bool = False,
    ) -> Written:
        """Lock the invoices, store what `plan` intends, write all of it or nothing, and store how it ended.

        `confirm` is asked last before the commit, and may raise CaseManagerError. That it was written may be noted
        later, with others, by `note`: until then its intents are open.
        """
        intents: list[Intent] = []

        def decide(sides: Sides) -> Sequence[CaseWrite]:
            planned = _knowing_older(plan(sides), sides)
            if planned:
                self._open(planned)
            intents.extend(planned)
            return [_write_of(intent) for intent in planned]

        def still_true() -> None:
            confirm()
            self._demand_open(intents)

        try:
            keys = self._outside.case_manager.change_invoices(invoice_ids, currency, decide, still_true)
        except CaseManagerError as error:
            return self._settled(intents, str(error))
        except (NotAllowedError, StoreError) as error:
            # Somebody else took one of the proposals under our eyes, or our store failed: nothing is written then.
            return Written((), str(error))
        except Exception as error:  # noqa: BLE001 - what Case Manager holds is looked up before anything is said
            _log.exception("Writing to Case Manager met something that nobody foresaw")
            return self._settled(intents, unforeseen(error))
        if not intents:
            return Written()
        closed = _closed(intents, keys)
        if is_noted_later:
            self._unnoted += closed
            return Written(closed)
        return self._recorded(closed, what)

    def note(self, what: AuditWhat) -> str:
        """Store of everything that is to be noted yet that it was written; say where that could not be noted."""
        unnoted, self._unnoted = tuple(self._unnoted), []
        return self._recorded(unnoted, what).not_noted if unnoted else ""

    def _recorded(self, closed: tuple[Intent, ...], what: AuditWhat) -> Written:
        """Store that the intents were written; where our store fails, that is said, and the next check does it."""
        try:
            with self._outside.store.begin() as unit:
                ended = record_outcome(unit, closed, self._outside.clock, what=what, why="")
                unit.commit()
        except StoreError as error:
            return Written(closed, not_noted=_NOT_NOTED.format(why=error.message.rstrip(".")))
        except Exception as error:  # noqa: BLE001 - it is written, and is said to be
            _log.exception("What was written could not be noted, for a reason that nobody foresaw")
            return Written(closed, not_noted=_NOT_NOTED.format(why=type(error).__name__))
        return Written(ended)

    def _open(self, intents: Sequence[Intent]) -> None:
        """Store the intents and take the proposals, so that nobody else can apply them at the same time.

        Those that were planned ahead are claimed: raises NotAllowedError where another desktop has given them up.
        """
        planned, new = [i for i in intents if i.lease], [i for i in intents if not i.lease]
        with self._outside.store.begin() as unit:
            if planned:
                unit.intents.claim(planned)
                unit.sharing.go_on_writing(planned[0].lease, HOLD_FOR)
            unit.intents.open(new)
            applying = [i.fingerprint for i in new if i.purpose is IntentPurpose.APPLY]
            found = unit.proposals.by_fingerprint(applying)
            unit.proposals.update(
                (replace(stored, state=_APPLYING, changed_at=self._outside.clock()), ProposalState.APPROVED)
                for stored in found.values()
            )
            unit.commit()

    def _demand_open(self, intents: Sequence[Intent]) -> None:
        """Raise CaseManagerError where another desk has settled an intent: it found nothing written, and says so."""
        with self._outside.store.read() as unit:
            found = unit.intents.by_id([intent.intent_id for intent in intents])
        if any(intent.state is not IntentState.OPEN for intent in found.values()):
            raise CaseManagerError(_SETTLED, "Nothing was written. Look at it again.")

    def _settled(self, intents: Sequence[Intent], failure: str) -> Written:
        """Find out what became of the intents: a failed commit may have succeeded after all."""
        if not intents:
            return Written((), failure)
        ids = {intent.intent_id for intent in intents}
        try:
            settle_open_intents(self._outside, why=failure, unwritten=ProposalState.FAILED, only=ids)
            with self._outside.store.read() as unit:
                # Read again, because another desk may have settled them before us.
                settled = tuple(unit.intents.by_id(ids).values())
        except Exception as error:  # noqa: BLE001 - what went wrong first is what is said
            _log.info("What became of a write could not be found out: %s", type(error).__name__)
            return Written(tuple(intents), f"{failure} {_NOT_KNOWN}")
        return Written(settled, failure)


def why_stopped(error: Exception) -> str:
    """Say for a person why writing does not go on."""
    if isinstance(error, DeskError):
        return str(error)
    _log.error("Applying met something that nobody foresaw", exc_info=error)
    return unforeseen(error)


def unforeseen(error: Exception) -> str:
    """Say that something happened which nobody foresaw; its words stay out, since they may hold anything."""
    return f"Something went wrong that this program does not expect ({type(error).__name__}); the log says more."


def _knowing_older(intents: Iterable[Intent], sides: Sides) -> list[Intent]:
    """Return the intents; the first insertion into each invoice says which payments were there before."""
    untold = {key: side for key, side in sides.items() if side is not None}
    known = []
    for intent in intents:
        side = untold.pop(intent.case_invoice_id, None) if intent.kind is WriteKind.INSERT else None
        ids = tuple(payment.payment_id for payment in side.payments) if side else ()
        known.append(replace(intent, known_ids=ids))
    return known


def _closed(intents: Iterable[Intent], keys: Mapping[str, CasePaymentId]) -> tuple[Intent, ...]:
    return tuple(
        replace(intent, state=IntentState.WRITTEN, result_id=keys.get(intent.intent_id, intent.payment_id))
        for intent in intents
    )


def _write_of(intent: Intent) -> CaseWrite:
    return CaseWrite(
        intent_id=intent.intent_id,
        kind=intent.kind,
        payment_id=intent.payment_id,
        before=intent.before,
        after=intent.after,
        invoice_id=intent.case_invoice_id,
    )
