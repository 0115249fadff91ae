"""Clean up old leftovers in one act, and take it back as one; nothing is written to Case Manager (R19a, R19b)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from cmxero_desktop.domain.cleanup import Cleanup, CleanupGroup, Group, Leftover, clean_up
from cmxero_desktop.domain.cleanup_said import said_of
from cmxero_desktop.domain.decisions import Action, Situation, may
from cmxero_desktop.domain.errors import DeskError, NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState, moved
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.firm import firm_of
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.correlation.situations import demand, error_of, situation_of
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.reports import CleanupReport, RowOutcome
from cmxero_desktop.services.writing.accepting import keep_accepted, take_back_accepted

_CHANGED = "It is not what it was when it was shown, or somebody decided about it since; look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupAct:
    """Who says it, why, and of which groups; `shown` are the members that somebody saw: of no other it is said."""

    groups: frozenset[Group]
    by: str
    reason: str
    shown: frozenset[str]


def find_cleanup(outside: Outside) -> Cleanup:
    """Return what can be said of all old leftovers together, and what was said of others, as both sides are now.

    Raises DeskError before the first check, and CaseManagerError where Case Manager cannot be read.
    """
    return _found(outside, _moment(outside))


def clean_up_at_once(outside: Outside, asked: CleanupAct) -> CleanupReport:
    """Accept and set aside the members of the groups in one transaction, and return what became of each.

    What changed since it was shown is left out and named. Raises NotAllowedError without a reason, and for the accepts
    where nothing may be applied now; CaseManagerError where Case Manager cannot be read: then nothing was said.
    """
    moment = _moment(outside)
    _demand(outside, asked)
    found = _found(outside, moment)
    act, now = outside.new_id(), outside.clock()
    done: dict[str, Leftover] = {}
    with outside.store.begin() as unit:
        situation = situation_of(unit, outside.settings_file.load(), now)
        accepts = _stored(unit, found.members_of(asked.groups))
        said = _standing(unit)
        for one in found.members_of(asked.groups):
            stored = accepts.get(one.row_id)
            # Case Manager was read before this unit began: what somebody said of a payment meanwhile stands.
            if one.row_id not in asked.shown or (one.copy is not None and _values(one.copy) in said):
                continue
            if one.copy is not None:
                _set_aside(unit, one, one.copy, asked, act, now)
                done[one.row_id] = one
            elif stored is not None and _may_be_accepted(stored, asked.by, situation):
                _accept(unit, one, stored, asked, act, now)
                done[one.row_id] = one
        report = CleanupReport(
            act=act if done else "",
            at=now,
            by=asked.by,
            reason=asked.reason,
            done=tuple(_done_of(found.groups, asked.groups, done)),
            left_out=tuple(RowOutcome(row_id, _CHANGED) for row_id in sorted(asked.shown - done.keys())),
        )
        if done:
            unit.audit.append([_event_of(report)])
            unit.commit()
    if done:
        correlate_afterwards(outside, moment, {one.number for one in done.values()})
    return report


def take_back_cleanup(outside: Outside, act: str, *, by: str, reason: str) -> str:
    """Take back all that was said in one act, as far as it stands; return what was taken back as a sentence.

    Raises NotAllowedError where no such act stands, and without a reason.
    """
    moment, now = current_moment(outside), outside.clock()
    with outside.store.begin() as unit:
        events = [entry.event for entry in unit.audit.shown() if act and entry.event.batch_id == act]
        if not any(event.what is AuditWhat.CLEANED_UP for event in events):
            message = f"No clean-up is called {act}."
            raise NotAllowedError(message, "Its name stands in its report, and in History.")
        accepts = _standing_accepts(unit, act)
        situation = situation_of(unit, outside.settings_file.load(), now)
        demand(Action.UNDO if accepts else Action.EXPLAIN, by, situation, reason=reason)
        for stored in accepts:
            take_back_accepted(unit, stored, by=by, at=now, reason=reason)
        aside = _set_aside_by(unit, act)
        back = [event for event in events if event.what is AuditWhat.EXPLAINED and _said(event) in aside]
        for event in back:
            unit.memory.forget_explanation(aside[_said(event)].case_id)
        if not accepts and not back:
            message = f"Nothing that was said in {act} stands any more."
            raise NotAllowedError(message, "Look at History for what became of it.")
        unit.audit.append(
            [
                *(replace(event, what=AuditWhat.UNDONE, at=now, by=by, reason=reason) for event in back),
                AuditEvent(
                    at=now,
                    by=by,
                    what=AuditWhat.UNDONE,
                    reason=reason,
                    rule=Rule.R19A,
                    evidence={"accepted": str(len(accepts)), "set aside": str(len(back))},
                    batch_id=act,
                ),
            ]
        )
        unit.commit()
    correlate_afterwards(
        outside, moment, {s.proposal.invoice_number for s in accepts} | {e.invoice_number for e in back}
    )
    return f"Taken back: {len(accepts)} accepted, {len(back)} set aside."


def _moment(outside: Outside) -> Moment:
    with outside.store.read() as unit:
        state = unit.polling.state()
    if state.comparison.last_polled_at is None:
        message = "Nothing was compared yet, so there is nothing to clean up."
        raise DeskError(message, "Check Xero first.")
    return current_moment(outside)


def _found(outside: Outside, moment: Moment) -> Cleanup:
    policy = moment.policy
    with outside.store.read() as unit:
        known = read_known(unit, policy.invoice_prefix, moment.today)
    reading = outside.case_manager.read(known.case_numbers(policy.invoice_prefix), policy.currency)
    with outside.store.read() as unit:
        firm = firm_of(unit, known, reading, moment)
        explained = [one for some in unit.memory.explained().values() for one in some]
    judged = firm.judged(moment).correlations
    rows = [(snapshot, judged[number]) for number, snapshot in firm.snapshots.items()]
    found = clean_up(rows, firm.strays, policy, moment.today)
    return replace(found, said=said_of(rows, firm.strays, explained, policy))


def _demand(outside: Outside, asked: CleanupAct) -> None:
    with outside.store.read() as unit:
        now = situation_of(unit, outside.settings_file.load(), outside.clock())
    demand(Action.EXPLAIN, asked.by, now, reason=asked.reason)
    if Group.SAME_MONEY in asked.groups:
        demand(Action.APPLY, asked.by, now)
    if now.in_doubt:
        raise error_of(refused(Why.STORE_IN_DOUBT, now.in_doubt.removesuffix(".")))


def _stored(unit: UnitOfWork, members: Iterable[Leftover]) -> dict[str, StoredProposal]:
    """Return the stored accepts by id, each as it was judged now: our store is a file that others can edit, too."""
    fresh = {one.accept.fingerprint: one.accept for one in members if one.accept is not None}
    stored = unit.proposals.by_fingerprint(fresh.keys())
    return {s.proposal_id: replace(s, proposal=fresh[s.fingerprint]) for s in stored.values()}


def _standing(unit: UnitOfWork) -> frozenset[tuple[CasePaymentId, Money, date]]:
    """Return the payments that persons said something of, with the values for which it holds."""
    said = (one for some in unit.memory.explained().values() for one in some)
    return frozenset((one.case_id, one.amount, one.paid_on) for one in said)


def _values(copy: CasePayment) -> tuple[CasePaymentId, Money, date]:
    return copy.payment_id, copy.amount, copy.paid_on


def _set_aside(unit: UnitOfWork, one: Leftover, copy: CasePayment, asked: CleanupAct, act: str, now: datetime) -> None:
    said = Explanation(
        case_id=copy.payment_id,
        what=Explained.SET_ASIDE,
        amount=copy.amount,
        paid_on=copy.paid_on,
        by=asked.by,
        reason=asked.reason,
        act=act,
    )
    unit.memory.explain(one.own_number, said)
    unit.audit.append(
        [
            AuditEvent(
                at=now,
                by=asked.by,
                what=AuditWhat.EXPLAINED,
                invoice_number=one.number,
                case_payment_id=copy.payment_id,
                reason=asked.reason,
                rule=Rule.R19A,
                evidence={"payment": paid(copy), "said": Explained.SET_ASIDE.value},
                batch_id=act,
            )
        ]
    )


def _accept(
    unit: UnitOfWork, one: Leftover, stored: StoredProposal, asked: CleanupAct, act: str, now: datetime
) -> None:
    """Approve and keep an accept: both stand in History, as those of a bulk approval do."""
    decision = Decision(by=asked.by, at=now, reason=asked.reason)
    state = moved(stored.state, ProposalState.APPROVED)
    approved = replace(stored, state=state, changed_at=now, decision=decision, batch_id=act, outcome="")
    unit.proposals.update([(approved, stored.state)])
    unit.audit.append([event_of(approved, AuditWhat.APPROVED, at=now, by=asked.by, reason=asked.reason)])
    keep_accepted(unit, approved, one.own_number, by=asked.by, at=now, batch_id=act)


def _may_be_accepted(stored: StoredProposal, by: str, situation: Situation) -> bool:
    return not isinstance(may(Action.APPROVE_IN_BULK, [stored], Person(by), situation).whole, Refused)


def _done_of(groups: Iterable[CleanupGroup], asked: Collection[Group], done: Collection[str]) -> Iterable[CleanupGroup]:
    for group in groups:
        members = tuple(one for one in group.members if group.group in asked and one.row_id in done)
        if members:
            yield CleanupGroup(group.group, members)


def _event_of(report: CleanupReport) -> AuditEvent:
    """Word the act as one event; its members have their own, of the same batch."""
    counts = {group.group.value: f"{len(group.members)}, {group.total}" for group in report.done}
    return AuditEvent(
        at=report.at,
        by=report.by,
        what=AuditWhat.CLEANED_UP,
        reason=report.reason,
        rule=Rule.R19A,
        evidence=counts | {"left out": str(len(report.left_out))},
        batch_id=report.act,
    )


def _standing_accepts(unit: UnitOfWork, act: str) -> list[StoredProposal]:
    applied = unit.proposals.in_states({ProposalState.APPLIED})
    return [s for s in applied if s.batch_id == act and s.proposal.kind is ProposalKind.ACCEPT]


_Said = tuple[CasePaymentId | None, str, str]


def _set_aside_by(unit: UnitOfWork, act: str) -> Mapping[_Said, Explanation]:
    """Return what is set aside now by this act: what was said since is another saying, also in the same words.

    A saying from before acts were kept goes by its payment, person and reason alone.
    """
    said = (one for some in unit.memory.explained().values() for one in some)
    aside = (one for one in said if one.what is Explained.SET_ASIDE and one.act in {None, act})
    return {(one.case_id, one.by, one.reason): one for one in aside}


def _said(event: AuditEvent) -> _Said:
    return event.case_payment_id, event.by, event.reason
