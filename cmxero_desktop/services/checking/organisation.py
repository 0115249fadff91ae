"""Know the organisation of a check: whose records these are, its local date, its lock dates."""

from dataclasses import replace

from cmxero_desktop.services.connecting.belonging import require_ours, require_same_organisation
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.runs import PinnedOrganisation, PollState


def with_organisation(outside: Outside, *, is_full: bool) -> PollState:
    """Return the state with the organisation in it: read once, and again with each full check.

    Raises OtherOrganisationError and OtherDatabaseError before anything is read that is not the store's.
    """
    require_ours(outside)
    state = _state(outside)
    if state.organisation.organisation_id and not is_full:
        return state
    return replace(state, organisation=_read(outside, state))


def on_a_new_day(outside: Outside, state: PollState) -> PollState:
    """Return the state with the organisation read again where its local date is another than at the last comparison.

    Its time zone and its lock dates may have changed, and not everybody compares in full every night (R13, R33).
    """
    as_of = state.cursors.as_of
    if as_of is None or state.comparison.today in {None, local_date(as_of, state.organisation.time_zone)}:
        return state
    return replace(state, organisation=_read(outside, state))


def _read(outside: Outside, state: PollState) -> PinnedOrganisation:
    """Read the organisation and keep it. Raises OtherOrganisationError, and what XeroReader raises."""
    organisation = outside.xero.organisation()
    require_same_organisation(state, organisation.organisation_id, lambda: organisation.name)
    pinned = PinnedOrganisation(
        organisation_id=organisation.organisation_id,
        name=organisation.name,
        currency=organisation.currency,
        time_zone=organisation.time_zone,
        locks=organisation.locks,
    )
    with outside.store.begin() as unit:
        unit.polling.save_organisation(pinned)
        unit.commit()
    return pinned


def _state(outside: Outside) -> PollState:
    with outside.store.read() as unit:
        return unit.polling.state()
