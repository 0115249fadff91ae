"""The poll: facts are stored before the cursor moves, and whatever goes wrong outside is a state that loses nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.errors import (
    CaseManagerError,
    CheckedElsewhereError,
    DeskError,
    SignInError,
    XeroOfflineError,
    XeroPausedError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.freshness import OVERLAP
from cmxero_desktop.domain.identifiers import OrganisationId, XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.ports.xero import XeroReader
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.services.checking.checks import state_of, three_payments
from tests.services.desk import NOV_1, Desk, nov


def test_the_fake_keeps_the_port(desk: Desk) -> None:
    reader: XeroReader = desk.xero
    assert reader.requests_made == 0


def test_the_first_poll_reads_everything_and_the_next_from_the_cursor_with_overlap(desk: Desk) -> None:
    three_payments(desk)
    first = desk.poll()
    assert (first.fetched, first.is_full) == (3, True)
    assert (first.desktop, first.label) == (desk.desk.holder, desk.desk.label)
    cursor = state_of(desk).cursors.payments
    assert cursor is not None
    desk.poll()
    assert desk.xero.since == [None, cursor - OVERLAP]
    desk.poll(is_full=True)
    assert desk.xero.since[-1] is None
    last_full = state_of(desk).cursors.last_full_at
    assert last_full is not None
    assert last_full > cursor


def test_the_cursor_is_the_first_page_s_instant_on_xero_s_clock(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    state = state_of(desk)
    assert state.cursors.payments is not None
    assert state.cursors.as_of is not None
    # Two pages: what changes while the second is read must not be missed.
    assert state.cursors.payments < state.cursors.as_of


def test_without_xero_s_clock_the_newest_row_is_the_cursor_and_stays_it(desk: Desk) -> None:
    desk.xero.has_clock = False
    three_payments(desk)
    desk.poll()
    newest = max(p.updated_at for p in list(desk.xero.payments.values())[:2])
    assert state_of(desk).cursors.payments == newest
    desk.poll()
    assert state_of(desk).cursors.payments == newest


def test_no_cursor_where_there_is_nothing_and_no_clock(desk: Desk) -> None:
    desk.xero.has_clock = False
    desk.poll()
    assert state_of(desk).cursors.payments is None
    assert state_of(desk).cursors.as_of is not None


def test_a_page_that_fails_leaves_the_cursor_where_it_was_and_keeps_the_facts(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    before = state_of(desk)
    for amount in ("10.00", "20.00", "30.00"):
        desk.xero.pay("CM-100", amount, NOV_1)
    desk.xero.fails_after_page = 1
    desk.xero.errors["page"] = XeroUnavailableError("No connection.")
    run = desk.polling.poll(PollAsk())
    assert (run.outcome, run.reason) == (PollOutcome.BROKEN, "No connection.")
    after = state_of(desk)
    assert after.cursors.payments == before.cursors.payments
    assert after.comparison.last_polled_at == before.comparison.last_polled_at
    with desk.store.read() as unit:
        assert len(unit.facts.payments_of_tracked()[XeroInvoiceId("invoice-1")]) == 2
    desk.xero.fails_after_page = None
    assert desk.poll().counts.proposed == 3


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (XeroPausedError("Wait.", retry_after_s=7), PollOutcome.PAUSED),
        (XeroOfflineError("No connection."), PollOutcome.OFFLINE),
        (XeroUnavailableError("Xero has trouble of its own."), PollOutcome.BROKEN),
        (SignInError("The sign-in has ended."), PollOutcome.SIGNED_OUT),
    ],
)
def test_what_goes_wrong_at_xero_is_a_recorded_outcome_and_keeps_everything(
    desk: Desk, error: DeskError, outcome: PollOutcome
) -> None:
    three_payments(desk)
    desk.poll()
    before = desk.view()
    desk.xero.errors["changed_invoices"] = error
    run = desk.polling.poll(PollAsk())
    assert (run.outcome, run.reason, run.fetched) == (outcome, str(error), 0)
    assert run.started_at < run.finished_at
    after = desk.view()
    assert after.runs[0] == run
    after_told = replace(after, runs=(), history=(), alerts=(), counts=before.counts, state=before.state)
    assert after_told == replace(before, runs=(), history=(), alerts=())
    assert replace(after.state, allowance=before.state.allowance) == before.state
    assert replace(after.state.allowance, pause=None) == before.state.allowance


def test_case_manager_out_of_reach_keeps_what_xero_said(desk: Desk) -> None:
    three_payments(desk)
    desk.case.is_down = True
    run = desk.polling.poll(PollAsk())
    assert (run.outcome, run.fetched) == (PollOutcome.FAILED, 3)
    desk.case.is_down = False
    assert desk.poll().counts.proposed == 3


def test_case_manager_that_breaks_while_it_is_read(desk: Desk) -> None:
    three_payments(desk)
    desk.steps.fail_at("read", CaseManagerError("case.db: locked."))
    assert desk.polling.poll(PollAsk()).outcome is PollOutcome.FAILED
    assert desk.poll().counts.proposed == 3


def test_requests_are_counted(desk: Desk) -> None:
    assert desk.poll().requests == 7, "the organisation, invoices, payments, accounts, and refunds of three kinds"
    assert desk.poll().requests == 2


def test_another_organisation_is_refused_before_anything_is_stored(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    desk.xero.org = replace(desk.xero.org, organisation_id=OrganisationId("org-2"))
    run = desk.polling.poll(PollAsk(is_full=True))
    assert run.outcome is PollOutcome.OTHER_BOOKS
    assert "Wu & Partners" in run.reason
    settings = desk.settings.settings
    desk.settings.settings = replace(settings, xero=replace(settings.xero, tenant_id="org-2"))
    assert desk.polling.poll(PollAsk()).outcome is PollOutcome.OTHER_BOOKS
    assert state_of(desk).organisation.organisation_id == "org-1"


def test_a_payment_made_while_xero_was_read_is_read_again_and_healed(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.clock.pass_days(1)
    desk.xero.pay("CM-100", "40.00", NOV_1)
    payment_id = next(iter(desk.xero.payments))
    # Xero's list of changes does not show it yet, its invoice does.
    stamp = desk.xero.payments[payment_id].updated_at - timedelta(days=1, hours=1)
    desk.xero.payments[payment_id] = replace(desk.xero.payments[payment_id], updated_at=stamp)
    run = desk.poll()
    assert (run.fetched, run.counts.proposed) == (0, 1)


def test_a_control_total_that_stays_wrong_holds_the_invoice(desk: Desk) -> None:
    three_payments(desk)
    desk.xero.skew[XeroInvoiceId("invoice-1")] = Money.of("61.00", "AUD")
    run = desk.poll()
    assert (run.counts.proposed, run.counts.skipped) == (0, 3)
    assert {row.placement.reason for row in desk.view().skipped} == {Reason.CONTROL_TOTAL}
    desk.xero.skew.clear()
    assert desk.poll().counts.proposed == 3


def test_a_clock_of_xero_s_that_runs_backwards_moves_no_date(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", nov(1))
    desk.poll()
    before = state_of(desk)
    monkeypatch.setattr(type(desk.xero), "_as_of", lambda _: datetime(2015, 3, 1, tzinfo=UTC))
    desk.poll()
    assert state_of(desk).comparison.today == before.comparison.today
    assert state_of(desk).cursors.payments == before.cursors.payments
    assert desk.xero.since[-1] is None, "what it stamps with that clock is in no list of changes"


def test_a_clock_of_xero_s_that_once_ran_ahead_hides_no_change(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bill()
    desk.poll()
    with monkeypatch.context() as wrong:
        wrong.setattr(type(desk.xero), "_as_of", lambda xero: xero.clock() + timedelta(hours=10))
        desk.poll()
    ahead = state_of(desk)
    assert ahead.cursors.payments is not None
    assert ahead.cursors.payments > desk.clock.now + timedelta(hours=9)
    desk.xero.pay("CM-100", "400.00", nov(1))
    desk.poll()
    assert desk.proposal().proposal.kind is ProposalKind.ADD
    state = state_of(desk)
    assert state.cursors.payments is not None
    assert state.cursors.invoices is not None
    assert max(state.cursors.payments, state.cursors.invoices) <= desk.clock.now
    assert state.cursors.as_of is not None
    assert state.cursors.as_of <= desk.clock.now
    desk.poll()
    assert desk.xero.since[-1] == state.cursors.payments - OVERLAP, "and that is that"


def test_a_lease_that_was_lost_within_a_check_ends_it(desk: Desk) -> None:
    """It was another desktop's in between, and is ours again under another number."""
    desk.poll()
    desk.polling._fence.lease = -1
    with pytest.raises(CheckedElsewhereError):
        desk.polling._renew_lease()
