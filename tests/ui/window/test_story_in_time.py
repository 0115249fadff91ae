"""The story could have happened: nothing is seen, decided or written before what it rests on, and all count alike."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest

from cmxero_desktop.domain.copying import COPIED_WITHIN, Fault
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.records import Side, XeroPayment
from cmxero_desktop.domain.sor.schedules import ScheduleState
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.runs import PollOutcome, Trigger
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth, Verify
from cmxero_desktop.services.verbs.commands.viewing import ReportCopying, ShowInvoice
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.groups import with_parts
from cmxero_desktop.ui.desk.bell import items_of
from cmxero_desktop.ui.desk.content import load_content
from tests.ui.story import (
    STRAYS,
    empty_view,
    failing_view,
    observing_view,
    stale_view,
    story_account_alert,
    story_cleanup,
    story_desk,
    story_view,
    transition_of,
)
from tests.ui.story_deeds import runs_of_today
from tests.ui.story_replay import story_results
from tests.ui.story_times import BEGUN, seen_by
from tests.ui.views import NOW, TODAY


def facts_of(stored: StoredProposal) -> Iterator[XeroPayment]:
    """Yield the payments of Xero that a proposal is about."""
    yield from (each for each in (stored.proposal.xero, stored.proposal.replaced) if each is not None)


def waiting() -> list[StoredProposal]:
    """Return what was not written yet."""
    return [each for each in story_view().proposals.values() if each.state is not ProposalState.APPLIED]


def test_a_payment_is_entered_or_deleted_then_seen_by_a_check_and_only_then_decided_about() -> None:
    assert len(waiting()) > 8
    for stored in waiting():
        happened = [each.updated_at for each in facts_of(stored)]
        assert happened, stored.proposal.invoice_number
        assert max(happened) <= stored.first_seen_at
        assert seen_by(stored.first_seen_at) == stored.first_seen_at, "no check was then"
    for stored in story_view().proposals.values():
        assert (stored.decision is None) is (stored.state is ProposalState.PROPOSED)
        if stored.decision is not None:
            assert stored.first_seen_at <= stored.decision.at <= stored.changed_at <= NOW


def test_the_history_of_an_invoice_tells_its_deletion_no_later_than_what_was_proposed_because_of_it() -> None:
    desk = story_desk(story_view())
    deleted = [each for each in waiting() if any(not payment.is_live for payment in facts_of(each))]
    assert {each.proposal.kind for each in deleted} == {ProposalKind.REMOVE, ProposalKind.CHANGE}
    for stored in deleted:
        shown = desk.run(ShowInvoice(number=stored.proposal.invoice_number))
        gone = next(seen for seen in shown.xero_payments if not seen.fact.is_live)
        proposed = next(seen for seen in shown.proposals if seen.fact.proposal_id == stored.proposal_id)
        assert gone.since is not None
        assert proposed.since is not None
        assert gone.fact.updated_at <= gone.since <= proposed.since
        before = desk.run(ShowInvoice(number=shown.number, as_of=gone.fact.updated_at - timedelta(hours=1)))
        assert all(seen.fact.is_live for seen in before.xero_payments)
        assert {place.bucket.value for place in before.case.places} == {"matched"}


def test_what_others_missed_are_the_payments_of_xero_since_the_first_check_that_wait_for_more_than_a_day() -> None:
    found = story_desk(story_view()).run(ReportCopying())
    new = [each.proposal for each in waiting() if each.proposal.kind in {ProposalKind.ADD, ProposalKind.CHANGE}]
    since = {p.xero.payment_id: p.xero.entered_at for p in new if p.xero and p.xero.entered_at > BEGUN}
    overdue = {key for key, at in since.items() if NOW - at > COPIED_WITHIN}
    assert {row.xero_id for row in found.rows if row.what is Fault.MISSED} == overdue
    assert overdue
    assert found.waiting == len(since) - len(overdue) > 0
    assert found.copied > 0


def test_a_week_counts_as_missed_what_was_added_then_and_xero_had_had_for_more_than_a_day() -> None:
    entered = {p.payment_id: p.entered_at for each in story_results() for p in each.snapshot.xero_payments}
    added = [
        each.event
        for each in story_view().history
        if each.event.what is AuditWhat.APPLIED and each.event.evidence["kind"] == ProposalKind.ADD.value
    ]
    missed = [
        each for each in added if each.xero_payment_id and each.at - entered[each.xero_payment_id] > COPIED_WITHIN
    ]
    assert missed
    assert sum(week.misses for week in transition_of(story_view()).weeks) == len(missed)


def test_a_part_of_a_multi_invoice_payment_names_the_other_parts_which_stand_in_the_lists() -> None:
    (parts,) = (row.parts for row in with_parts(story_view()) if row.placement.case and row.placement.case.group)
    assert parts
    stand = {(row.placement.invoice_number, row.placement.case_amount) for row in story_view().matched}
    assert {(part.invoice_number, part.amount) for part in parts} <= stand
    assert all(part.placed.endswith("(in Matched)") for part in parts)


def test_what_went_to_an_account_that_is_no_bank_account_is_reconciled_to_no_bank() -> None:
    asked = story_account_alert().account
    assert asked is not None
    there = [p for each in story_results() for p in each.snapshot.xero_payments if p.account_code == asked.code]
    assert len(there) == asked.payments
    assert not any(payment.is_bank_reconciled for payment in there)


def test_history_has_what_the_firm_did_and_verifying_counts_all_of_it() -> None:
    view = story_view()
    desk = story_desk(view)
    events = [each.event for each in view.history]
    assert desk.run(Verify()).audit_entries == len(events)
    modes = [event for event in events if event.what is AuditWhat.MODE_CHANGED]
    assert [event.evidence["mode"] for event in modes] == [Mode.APPROVE.value]
    assert modes[0].at - BEGUN > timedelta(days=2), "some days of Observe"
    assert all(event.at > modes[0].at for event in events if event.what in {AuditWhat.APPROVED, AuditWhat.APPLIED})
    for row in view.sor.rows:
        told = [event for event in events if event.evidence.get("schedule") == row.schedule.schedule_id]
        assert told[0].at == row.schedule.known_at
        assert told[0].evidence["state"] == ScheduleState.ACTIVE.value
        assert told[-1].evidence["state"] == row.schedule.state.value
    raised = [event for event in events if event.what is AuditWhat.ALERT]
    assert len(raised) == len(view.alerts) + len(view.sor.alerts)


@pytest.mark.parametrize(("made", "mode"), [(story_view, Mode.APPROVE), (observing_view, Mode.OBSERVE)])
def test_the_mode_is_the_one_that_history_told_last(made: Callable[[], DeskView], mode: Mode) -> None:
    view = made()
    told = [each.event.evidence["mode"] for each in view.history if each.event.what is AuditWhat.MODE_CHANGED]
    assert told[-1] == mode.value
    assert [each.sequence for each in view.history] == list(range(1, len(view.history) + 1))
    assert transition_of(view, mode).steps[0].is_clear is (mode is Mode.APPROVE)


@pytest.mark.parametrize("made", [story_view, stale_view, failing_view, empty_view])
def test_the_requests_of_today_are_those_of_every_check_since_midnight(made: Callable[[], DeskView]) -> None:
    view = made()
    last, midnight = view.state.comparison.last_polled_at, datetime.combine(TODAY, time(), NOW.tzinfo)
    assert last is not None
    today = [run for run in runs_of_today() if run.started_at <= last]
    assert min(run.started_at for run in today) - midnight < timedelta(minutes=10)
    assert len(today) == (last - midnight) // timedelta(minutes=10) + 1
    assert story_desk(view).run(ReadHealth()).requests_today == sum(run.requests for run in today)
    whole = [run.started_at for run in today if run.is_full]
    assert whole == [view.state.cursors.last_full_at]
    assert timedelta(0) <= whole[0] - datetime.combine(TODAY, time(2), NOW.tzinfo) < timedelta(minutes=10)
    assert {run.trigger for run in view.runs} == {Trigger.SCHEDULE}


def test_what_is_cleaned_up_one_by_one_stands_alone_in_unmatched() -> None:
    view = story_view()
    alone = {row.placement.case for row in view.unmatched_on(Side.CASE_MANAGER) if row.proposal is None}
    assert {one.copy for one in story_cleanup().one_by_one} == alone
    assert alone
    assert view.state.comparison.other_payments == len(STRAYS) == sum(len(g.members) for g in story_cleanup().groups)


@pytest.mark.parametrize("made", [stale_view, failing_view])
def test_in_trouble_the_same_firm_has_the_same_warnings_and_rows(made: Callable[[], DeskView]) -> None:
    view, full = made(), story_view()
    assert view.alerts == full.alerts == (story_account_alert(),)
    for name in ("review", "matched", "unmatched", "skipped", "history"):
        assert len(getattr(view, name)) == len(getattr(full, name))
    bells = [{item.about for item in items_of(load_content(story_desk(each)))} for each in (full, view)]
    assert bells[0] <= bells[1]
    last = view.state.comparison.last_polled_at
    assert last is not None
    assert not [run for run in view.runs if run.started_at > last and run.outcome is PollOutcome.DONE]
