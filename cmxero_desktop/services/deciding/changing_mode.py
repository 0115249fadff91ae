"""Change the mode, which a person does for a reason; the way back to approving says what has to be true first (R29)."""

from collections.abc import Collection
from dataclasses import replace

from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError
from cmxero_desktop.domain.other_writer import COMING_BACK, ForeignCopy
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.correlation.situations import ensure_approves, error_of, office_of
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.abilities import CANNOT_APPROVE, Able
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY, is_held_by_other_writer
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.settings import Mode


def change_mode(outside: Outside, mode: Mode, said: Saying) -> str:
    """Change the mode of this desktop and return how it stands now, as a sentence.

    Going back to approving ends the alert about another writer, for all desktops of the store: what it wrote counts as
    known from then on. Raises NotAllowedError without a reason for that, and where no check since the last foreign copy
    has shown that none comes any more; CaseManagerError where Case Manager's database would refuse what is approved.
    """
    tried = _tried(outside) if mode is Mode.APPROVE else ""
    with outside.store.begin() as unit:
        # Not before: the unit may have waited for somebody who said what an account is, and all of it is saved again.
        settings = outside.settings_file.load()
        if mode is Mode.APPROVE:
            ensure_approves(office_of(unit.polling.state(), settings), said.by)
        is_held = is_held_by_other_writer(unit.alerts.standing())
        if mode is settings.mode and (mode is Mode.OBSERVE or not is_held):
            return f"The mode is {mode} already."
        if mode is Mode.APPROVE and is_held:
            _deal_with_other_writer(unit, said)
        event = AuditEvent(
            at=outside.clock(),
            by=said.by,
            what=AuditWhat.MODE_CHANGED,
            reason=said.reason or f"The mode is {mode} now.",
            rule=Rule.R29 if is_held else "",
            evidence={"mode": mode.value},
        )
        unit.audit.append([event])
        # Before the commit: a file that says approve while the alert stands lets nothing be written.
        outside.settings_file.save(replace(settings, mode=mode))
        unit.commit()
    return f"The mode is {mode} now. {tried}".rstrip()


def _tried(outside: Outside) -> str:
    """Say how trying to write ended: before anybody approves, rather than at the first approval."""
    settings = outside.settings_file.load()
    if settings.mode is Mode.APPROVE:
        return ""
    try:
        rehearsal = outside.case_manager.rehearse(settings.policy.payment_types.values())
    except CaseManagerError as error:
        return f"What an approval needs could not be tried: {error.message}"
    if rehearsal.those(Able.NO):
        raise CaseManagerError(rehearsal.in_words(), CANNOT_APPROVE)
    return rehearsal.in_words()


def _deal_with_other_writer(unit: UnitOfWork, said: Saying) -> None:
    if not said.reason.strip():
        raise error_of(refused(Why.NO_REASON))
    foreign = unit.pairs.foreign()
    _require_quiet_check(unit, foreign)
    dealt_with = [copy.case_id for copy in foreign]
    unit.pairs.add_copies(dealt_with)
    unit.pairs.forget_foreign(dealt_with)
    unit.alerts.clear([OTHER_WRITER_KEY])


def _require_quiet_check(unit: UnitOfWork, foreign: Collection[ForeignCopy]) -> None:
    last = unit.polling.state().comparison.checks
    if any(last <= copy.seen_by for copy in foreign):
        message = "The last check still found a new copy that this program did not write."
        raise NotAllowedError(message, " ".join(COMING_BACK[:2]))
