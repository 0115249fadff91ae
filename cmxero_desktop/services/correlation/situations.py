"""Make the situation that decisions depend on from the store and the settings, and refuse by the answer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from cmxero_desktop.domain.acts import Company
from cmxero_desktop.domain.decisions import Action, Allowed, Need, Situation, Verdict, company_of, may
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.freshness import DataAge, data_age
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import Person, bare_name
from cmxero_desktop.domain.proposals import DECLINED_STATES, OPEN_STATES, ProposalState
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import Alert, is_held_by_other_writer
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import busy_of
from cmxero_desktop.services.records.results import standing_of
from cmxero_desktop.services.records.runs import PollState
from cmxero_desktop.services.records.settings import Mode, Settings


def may_write(settings: Settings, alerts: Iterable[Alert]) -> bool:
    """Say whether anything may be approved and written: by the mode, and while no other program writes (R29)."""
    return settings.mode is Mode.APPROVE and not is_held_by_other_writer(alerts)


def office_of(state: PollState, settings: Settings) -> Office:
    """Return the firm's people: as they were set for all desktops of the store, else as this one's file has them."""
    return state.office or settings.people.office


def situation(
    settings: Settings,
    state: PollState,
    now: datetime,
    *,
    alerts: Iterable[Alert],
    busy: frozenset[Fingerprint] = frozenset(),
    standing: frozenset[Fingerprint] = frozenset(),
    company: Company | None = None,
    is_away: bool = False,
) -> Situation:
    """Put the situation together from parts that were read already."""
    return Situation(
        may_write=may_write(settings, alerts),
        age=_age(settings, state, now),
        policy=state.comparison.policy,
        busy=busy,
        standing=standing,
        company=company or Company(),
        totals=state.totals.why_closed,
        in_doubt=state.epoch.why_closed,
        is_away=is_away,
        office=office_of(state, settings),
    )


def _age(settings: Settings, state: PollState, now: datetime) -> DataAge:
    """Say how old the data is; what a store that was put back says of its last check is old (R35)."""
    epoch = state.epoch
    if epoch.why_closed and state.comparison.checks <= epoch.after_check:
        return DataAge.OLD
    return data_age(state.comparison.last_polled_at, now, timedelta(minutes=settings.poll.interval_min))


def situation_of(
    unit: UnitOfWork,
    settings: Settings,
    now: datetime,
    numbers: Collection[str] = (),
    rows: Sequence[StoredProposal] = (),
) -> Situation:
    """Read the situation.

    `numbers` are the invoices of which it has to know what correlation gives, `rows` those of which it has to know the
    rows that they are right only with (R16b, R24b).
    """
    return situation(
        settings,
        unit.polling.state(),
        now,
        alerts=unit.alerts.standing(),
        busy=busy_of(unit.intents.still_open()),
        standing=standing_of(unit.results.latest(numbers)),
        company=_company(unit, rows),
    )


def _company(unit: UnitOfWork, rows: Sequence[StoredProposal]) -> Company:
    """Read the rows that these are right only with; seldom any is, and all are read only for a move."""
    named = {other for row in rows for other in row.proposal.depends_on}
    found = tuple(unit.proposals.by_id(named).values()) if named else ()
    if any(row.proposal.move_id for row in rows):
        found += unit.proposals.in_states(OPEN_STATES | DECLINED_STATES | {ProposalState.APPLIED})
    return company_of((*rows, *found))


def demand(action: Action, by: str, now: Situation, *, reason: str = "") -> None:
    """Raise NotAllowedError where nobody is named, or the act is not open to this person now or lacks its reason.

    What the window asks before somebody gave a name is of anybody; what is decided is of a person.
    """
    if not bare_name(by):
        raise error_of(refused(Why.NO_NAME))
    answer = may(action, (), Person(by), now)
    needs_reason = isinstance(answer.act, Allowed) and Need.REASON in answer.act.needs
    if needs_reason and not reason.strip():
        raise error_of(refused(Why.NO_REASON))
    ensure(answer)


def ensure_approves(office: Office, by: str) -> None:
    """Raise NotAllowedError where this person does not approve in the firm; nobody without a name does."""
    if not bare_name(by):
        raise error_of(refused(Why.NO_NAME))
    if not office.lets_approve(by):
        raise error_of(refused(Why.NO_RIGHT, by))


def ensure(answer: Verdict) -> None:
    """Raise NotAllowedError where the act itself is closed."""
    if isinstance(answer.act, Refused):
        raise error_of(answer.act)


def error_of(refusal: Refused) -> NotAllowedError:
    """Make the error that says so."""
    if refusal.also:
        return NotAllowedError(str(refusal))
    return NotAllowedError(refusal.reason, refusal.remedy)
