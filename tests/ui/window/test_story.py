"""All pictures tell one story: what a sheet shows of an invoice, the lists of the window have with the same amount."""

from collections.abc import Iterator

from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.ui.desk.bell import items_of
from cmxero_desktop.ui.desk.content import load_content
from cmxero_desktop.ui.desk.notices import TO_APPROVE
from cmxero_desktop.ui.sheets.mode_rungs import rungs
from tests.ui.story import (
    READ,
    changes_of,
    history_of,
    story_account_alert,
    story_cleanup,
    story_desk,
    story_view,
    taken_from_list,
    transition_of,
)
from tests.ui.story_replay import story_results
from tests.ui.story_sor import sor_facts
from tests.ui.views import NOW, TODAY


def in_the_lists() -> set[tuple[str, str]]:
    """Return each invoice with each amount that a row of the window's lists has of it."""
    view = story_view()
    rows = (*view.matched, *view.unmatched, *view.skipped)
    amounts = (
        (row.placement, amount) for row in rows for amount in (row.placement.xero_amount, row.placement.case_amount)
    )
    return {(placement.invoice_number, str(amount)) for placement, amount in amounts if amount is not None}


def in_the_sheets() -> Iterator[tuple[str, str]]:
    view = story_view()
    written = ((change.invoice_number, change.after or change.before) for change in changes_of(view))
    yield from ((number, str(values.amount)) for number, values in written if values is not None)
    yield from ((one.invoice_number, str(one.amount)) for one in transition_of(view).typed)
    for row in view.review:
        shown = history_of(view, row.stored.proposal.invoice_number, None)
        yield from ((shown.number, str(seen.fact.amount)) for seen in shown.case.payments)


def test_what_sheets_show_stands_in_the_lists_with_the_same_amount() -> None:
    shown = set(in_the_sheets())
    assert shown
    assert shown <= in_the_lists()


def test_what_was_applied_was_written_then_and_is_matched_as_long_as_xero_has_it() -> None:
    view = story_view()
    applied = [each.event for each in view.history if each.event.what is AuditWhat.APPLIED]
    assert [(c.invoice_number, c.at, c.by) for c in changes_of(view)] == [
        (e.invoice_number, e.at, e.by) for e in applied
    ]
    matched = {row.placement.xero.payment_id for row in view.matched if row.placement.xero is not None}
    live = {p.payment_id for each in story_results() for p in each.snapshot.xero_payments if p.is_live}
    assert {event.xero_payment_id for event in applied} & live <= matched
    content = load_content(story_desk(view))
    assert list(content.applied_at) == [event.at for event in applied]


def test_all_count_the_same_rows_to_approve() -> None:
    view = story_view()
    content = load_content(story_desk(view))
    number = sum(row.stored.state is ProposalState.PROPOSED for row in view.review)
    assert len(content.to_approve) == number
    last = view.runs[0].counts
    assert last.proposed == number
    assert (last.matched, last.unmatched, last.skipped) == (len(view.matched), len(view.unmatched), len(view.skipped))
    bell = {item.about: item.title for item in items_of(content)}
    assert bell[TO_APPROVE] == f"{number} payments to approve"


def test_the_weeks_count_the_payments_that_they_list_and_the_days_begin_with_the_connection() -> None:
    view = story_view()
    found = transition_of(view)
    assert [week.typed for week in found.weeks] == [len(found.typed_in(week.begins_on)) for week in found.weeks]
    assert sum(typist.payments for typist in found.typists) == sum(week.typed for week in found.weeks[-4:])
    connected = view.history[0].event.at
    assert view.state.comparison.first_polled_at == connected
    assert rungs(load_content(story_desk(view)), NOW)[0][0] is True
    assert [each.event.at for each in view.history] == sorted(each.event.at for each in view.history)


def test_a_list_of_schedules_says_one_thing_of_each() -> None:
    named = {line.schedule for line in READ.lines}
    taken = taken_from_list()
    assert taken.accepted
    assert taken.refused
    said = [*(one.schedule_id for one in taken.accepted), *taken.unchanged, *taken.refused]
    assert sorted(said) == sorted(named)
    ended = {row.schedule.schedule_id for row in story_view().sor.rows if not row.schedule.is_running}
    assert ended
    assert not ended & named, "Apxium's list is of what runs"


def test_what_the_sor_watch_tells_stands_in_the_lists_and_is_of_the_same_day() -> None:
    view = story_view()
    assert view.sor.today == TODAY
    paid = {(each.number, str(p.amount)) for each in sor_facts() for p in each.xero_payments}
    assert paid <= in_the_lists()
    for row in view.sor.rows:
        whole, due = row.invoice_total, row.due
        assert whole is not None
        assert due is not None
        live = [p.amount for each in sor_facts() if each.number == row.invoice_number for p in each.xero_payments]
        assert whole.minor - due.minor == sum(amount.minor for amount in live)
    (alert,) = view.sor.standing
    flagged = [row.stored.proposal for row in view.review if Flag.SOR in row.stored.proposal.flags]
    assert [(p.invoice_number, p.amount) for p in flagged] == [(alert.invoice_number, alert.amount)]
    clearing = view.sor.clearing
    assert clearing is not None
    assert {line.schedule_id: line.is_settled for line in clearing.lines} == {"SOR-7": True, "CM-22002": False}


def test_the_account_that_is_asked_about_has_the_payments_that_the_lists_show() -> None:
    asked = story_account_alert().account
    assert asked is not None
    view = story_view()
    placed = [row.placement.xero for row in (*view.matched, *view.unmatched, *view.skipped) if row.placement.xero]
    there = [payment.amount.minor for payment in placed if payment.account_name == asked.name]
    assert (asked.payments, asked.amount.minor) == (len(there), sum(there))


def test_what_is_to_be_cleaned_up_contradicts_no_list() -> None:
    found = story_cleanup()
    on_lists = {number for number, _ in in_the_lists()}
    assert {one.number for one in found.one_by_one} <= on_lists
    assert found.groups
    assert not {one.number for group in found.groups for one in group.members} & on_lists
