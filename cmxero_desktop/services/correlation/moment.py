"""What holds for one correlation: the policy, the organisation's day, and the time."""

from dataclasses import dataclass
from datetime import date, datetime

from cmxero_desktop.domain.freshness import as_of_or_now
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.policies import policy_for
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The policy and the instant that a correlation is made by; `today` is the organisation's local date.

    `deeds` is the store's counter when the correlation began: what was done later is newer than its facts (R35).
    """

    policy: Policy
    today: date
    as_of: datetime
    now: datetime
    deeds: int


def deeds_so_far(unit: UnitOfWork) -> int:
    """Return the last moment of the store's counter."""
    last = unit.past.moment()
    return 0 if last is None else last.number


def current_moment(outside: Outside) -> Moment:
    """Return the policy as Case Manager and the settings give it now, and today in the organisation."""
    facts = outside.case_manager.check()
    with outside.store.read() as unit:
        state, deeds = unit.polling.state(), deeds_so_far(unit)
    now = state.cursors.right_time(outside.clock())
    organisation, as_of = state.organisation, as_of_or_now(state.cursors.as_of, now)
    policy = policy_for(outside.settings_file.load().policy, facts, state)
    return Moment(policy=policy, today=local_date(as_of, organisation.time_zone), as_of=as_of, now=now, deeds=deeds)
