"""Find out whether the store is the one that this computer left, and begin a new epoch where it is not (R35).

Whatever decides, writes or checks asks before, and the keyring is told afterwards, when the store has it. The keyring
holds counters and a hash here, and nothing secret.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from cmxero_desktop.domain.epochs import (
    LastSeen,
    Standing,
    StandingWords,
    StoreMark,
    arrived_words,
    standing_of,
    standing_words,
)
from cmxero_desktop.domain.errors import NotAllowedError, SecretsError
from cmxero_desktop.domain.proposals import ProposalState, moved
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.ways import CHECK
from cmxero_desktop.services.correlation.giving_up import give_up
from cmxero_desktop.services.correlation.moment import deeds_so_far
from cmxero_desktop.services.correlation.proposal_events import event_of, wish_event_of
from cmxero_desktop.services.correlation.situations import ensure_approves, error_of, office_of
from cmxero_desktop.services.ports.computer import Secrets
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import STORE_KEY, Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.epochs import ConfirmedStore, StoreEpoch

_log = logging.getLogger(__name__)

_KEYRING_NAME = "store-keyring"

_VOID = "The program's own store was put back or came from another computer after this was approved: look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlace:
    """Where the store is, which computer this is, and whether other computers reach the store as well."""

    place: str
    computer: str
    is_shared: bool = False


class Epochs:
    """What this computer remembers of its store. `trouble` says why it could not remember, empty where it could."""

    def __init__(self, outside: Outside, secrets: Secrets, where: StorePlace) -> None:
        """Keep the ports; nothing is asked yet."""
        self._outside = outside
        self._secrets = secrets
        self._where = where
        self._kept: StoreMark | None = None
        self._own_keyring = ""
        self.trouble = ""

    def require_known(self) -> None:
        """Look; raise NotAllowedError where that found that the store was put back: the person has not seen it yet."""
        words = self.look()
        if words is not None:
            raise NotAllowedError(f"{words.reason} {words.follows}", words.remedy)

    def look(self) -> StandingWords | None:
        """Compare the store with what this computer remembers; return what was found just now, if it is in doubt.

        The keyring is asked before the store: what another process of this computer does meanwhile makes the store
        newer than what is remembered, never older.
        """
        with self._outside.store.read() as unit:
            epoch_id = unit.polling.state().epoch.epoch_id
        remembered = self._remembered(epoch_id)
        if remembered is None:
            return None
        with self._outside.store.read() as unit:
            epoch, now = unit.polling.state().epoch, mark_of(unit)
            if epoch.epoch_id != epoch_id:
                return None
            standing = standing_of(now, epoch.past, remembered, lambda number: _hash_of(unit, number))
        if standing.is_in_doubt:
            words = standing_words(standing, now, remembered.mark)
            return self._begun(epoch, words, is_closed=True)
        if standing is Standing.UNKNOWN and epoch.epoch_id and not self._is_kept_here(epoch):
            words = arrived_words(epoch.kept_on, is_called_alike=epoch.kept_on == self._computer)
            return self._begun(epoch, words, is_closed=False)
        kept = self._kept_here(replace(epoch, epoch_id=epoch.epoch_id or self._outside.new_id()))
        if kept != epoch:
            self._save(epoch, kept)
        return None

    def _is_kept_here(self, epoch: StoreEpoch) -> bool:
        """Say whether nothing tells that another computer, or another one of this name, remembered the store last."""
        is_alike = epoch.kept_on in {"", self._computer}
        return is_alike and (not self._keyring or epoch.kept_by in {"", self._keyring})

    def _kept_here(self, epoch: StoreEpoch) -> StoreEpoch:
        """Return the epoch as this computer keeps it."""
        return replace(epoch, kept_on=self._computer, kept_by=self._keyring or epoch.kept_by)

    def keep(self) -> None:
        """Remember where the store is now; where that does not work nobody is stopped: there is a report to give.

        What is not remembered makes the store newer than what is, never older.
        """
        try:
            self._keep()
        except Exception as error:  # noqa: BLE001 - whoever calls has the outcome of a write in hand
            _log.warning("Where the store was left was not remembered: %s", type(error).__name__)

    def _keep(self) -> None:
        with self._outside.store.read() as unit:
            now = mark_of(unit)
        if now == self._kept or not now.epoch_id:
            return
        try:
            self._secrets.set(_mark_name(now.epoch_id), json.dumps(asdict(now)))
            if self._kept is None or self._kept.epoch_id != now.epoch_id:
                self._secrets.set(self._place_name, now.epoch_id)
        except SecretsError as error:
            self._cannot(error)
        else:
            self._kept, self.trouble = now, ""

    @property
    def _computer(self) -> str:
        """The computer's name, where the store is its own."""
        return "" if self._where.is_shared else self._where.computer

    @property
    def _keyring(self) -> str:
        """By what this keyring is told from others, where the store is the computer's own; empty where it cannot be."""
        if not self._own_keyring and not self._where.is_shared:
            try:
                self._own_keyring = self._secrets.get(_KEYRING_NAME) or self._outside.new_id()
                self._secrets.set(_KEYRING_NAME, self._own_keyring)
            except SecretsError as error:
                self._own_keyring = ""
                self._cannot(error)
        return self._own_keyring

    @property
    def _place_name(self) -> str:
        return f"store-here-{hashlib.sha256(self._where.place.encode()).hexdigest()[:16]}"

    def _remembered(self, epoch_id: str) -> LastSeen | None:
        try:
            text = self._secrets.get(_mark_name(epoch_id)) if epoch_id else None
            here = self._secrets.get(self._place_name)
        except SecretsError as error:
            self._cannot(error)
            return None
        self.trouble = ""
        return LastSeen(mark=_mark_in(text), epoch_here=here)

    def _cannot(self, error: SecretsError) -> None:
        self.trouble = str(error)
        _log.info("Where the store was left cannot be remembered: %s", error)

    def _begun(self, seen: StoreEpoch, words: StandingWords, *, is_closed: bool) -> StandingWords | None:
        """Void what was approved and say why; begin a new epoch where something may be missing."""
        after = seen
        if is_closed:
            with self._outside.store.read() as unit:
                deed, check = deeds_so_far(unit), unit.polling.state().comparison.checks
            after = StoreEpoch(
                epoch_id=self._outside.new_id(),
                past=tuple(filter(None, (*seen.past, seen.epoch_id))),
                why=words.reason,
                after_deed=deed,
                after_check=check,
            )
        kind = AlertKind.STORE_RESTORED if is_closed else AlertKind.STORE_CAME

        def say(unit: UnitOfWork) -> None:
            now, said = self._outside.clock(), f"{words.reason} {words.follows}"
            unit.alerts.clear([STORE_KEY])
            unit.alerts.raise_new(
                [
                    Alert(
                        key=STORE_KEY,
                        kind=kind,
                        rule=Rule.R35,
                        explanation=said if is_closed else f"{said} {seen.why_closed}".strip(),
                        next_step=words.remedy,
                        raised_at=now,
                    )
                ]
            )
            unit.audit.append([AuditEvent(at=now, by="program", what=AuditWhat.RESTORED, reason=said, rule=Rule.R35)])
            _void_approvals(unit, now)

        is_ours = self._save(seen, after, say)
        self.keep()
        return words if is_ours else None

    def _save(self, seen: StoreEpoch, after: StoreEpoch, say: Callable[[UnitOfWork], None] = lambda _: None) -> bool:
        """Store an epoch and return whether it was done: another desktop may have been faster."""
        with self._outside.store.begin() as unit:
            if unit.polling.state().epoch != seen:
                return False
            unit.polling.save_epoch(self._kept_here(after))
            say(unit)
            unit.commit()
        return True


def confirm_store(outside: Outside, *, by: str, reason: str) -> str:
    """Say that the store is the one to go on with, and return it as a sentence.

    Raises NotAllowedError without a reason, where nothing is in doubt, and before a check has looked at both sides.
    """
    if not reason.strip():
        raise error_of(refused(Why.NO_REASON))
    with outside.store.begin() as unit:
        state = unit.polling.state()
        ensure_approves(office_of(state, outside.settings_file.load()), by)
        if not any(alert.key == STORE_KEY for alert in unit.alerts.standing()):
            raise NotAllowedError("Nothing about the program's own store is in doubt.", "Nothing is to be said.")
        if state.epoch.why_closed and state.comparison.checks <= state.epoch.after_check:
            message = "No check has looked yet at what this store lacks."
            raise NotAllowedError(message, f"Check Xero first ({CHECK}), and look through Review.")
        now = outside.clock()
        unit.polling.save_epoch(replace(state.epoch, confirmed=ConfirmedStore(by=by, at=now, reason=reason)))
        unit.alerts.clear([STORE_KEY])
        unit.audit.append([AuditEvent(at=now, by=by, what=AuditWhat.STORE_CONFIRMED, reason=reason, rule=Rule.R35)])
        unit.commit()
    return "The program goes on with this store."


def mark_of(unit: UnitOfWork) -> StoreMark:
    """Return where the store is."""
    last = next(iter(unit.audit.entries(newest=1)), None)
    return StoreMark(
        epoch_id=unit.polling.state().epoch.epoch_id,
        deeds=deeds_so_far(unit),
        entries=last.sequence if last is not None else 0,
        entry_hash=last.entry_hash if last is not None else "",
    )


def _hash_of(unit: UnitOfWork, number: int) -> str | None:
    entry = unit.audit.entry(number)
    return entry.entry_hash if entry is not None else None


def _void_approvals(unit: UnitOfWork, now: datetime) -> None:
    """Put every approval back to review, also the first of two: who gave it may have taken it back in what is missing.

    Wishes to undo end for the same reason.

    What was planned to be written and was not begun is approved, too.
    """
    give_up(unit, unit.intents.still_open(), lambda: now)
    approved = unit.proposals.in_states({ProposalState.APPROVED})
    void = [
        replace(
            stored,
            state=moved(stored.state, ProposalState.PROPOSED),
            changed_at=now,
            decision=None,
            release=None,
            first=None,
            outcome=_VOID,
        )
        for stored in approved
    ]
    unit.proposals.update((stored, ProposalState.APPROVED) for stored in void)
    half = [
        replace(stored, changed_at=now, first=None, outcome=_VOID)
        for stored in unit.proposals.in_states({ProposalState.PROPOSED})
        if stored.yes_by
    ]
    unit.proposals.update((stored, ProposalState.PROPOSED) for stored in half)
    back = (event_of(stored, AuditWhat.REOPENED, at=now, by="program", reason=_VOID) for stored in (*void, *half))
    unit.audit.append(back)
    asked = [replace(s, undo_asked=None) for s in unit.proposals.in_states({ProposalState.APPLIED}) if s.undo_by]
    unit.proposals.update((stored, ProposalState.APPLIED) for stored in asked)
    unit.audit.append(wish_event_of(s, AuditWhat.UNDO_WITHDRAWN, at=now, by="program", reason=_VOID) for s in asked)


def _mark_name(epoch_id: str) -> str:
    return f"store-{epoch_id}"


def _mark_in(text: str | None) -> StoreMark | None:
    """Read what was kept; what cannot be read says nothing."""
    try:
        found = json.loads(text or "")
        return StoreMark(
            epoch_id=str(found["epoch_id"]),
            deeds=int(found["deeds"]),
            entries=int(found["entries"]),
            entry_hash=str(found["entry_hash"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
