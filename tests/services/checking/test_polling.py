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
from cmxero_desktop.domain.identifiers import CaseInvoiceId, OrganisationId, XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.policy import Locks
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import Account, Side, UnreadableRow
from cmxero_desktop.services.ports.xero import XeroReader
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollState
from tests.services.desk import ANN, NOV_1, Desk, nov


def state_of(desk: Desk) -> PollState:
    with desk.store.read() as unit:
        return unit.polling.state()


def three_payments(desk: Desk) -> None:
    desk.bill()
    for amount in ("10.00", "20.00", "30.00"):
        desk.xero.pay("CM-100", amount, NOV_1)


def test_the_fake_keeps_the_port(desk: Desk) -> None:
    reader: XeroReader = desk.xero
    assert reader.requests_made == 0


def test_the_first_poll_reads_everything_and_the_next_from_the_cursor_with_overlap(desk: Desk) -> None:
    three_payments(desk)
    first = desk.poll()
    assert (first.fetched, first.is_full) == (3, True)
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
    assert run.outcome is PollOutcome.FAILED
    assert "Wu & Partners" in run.reason
    settings = desk.settings.settings
    desk.settings.settings = replace(settings, xero=replace(settings.xero, tenant_id="org-2"))
    assert desk.polling.poll(PollAsk()).outcome is PollOutcome.FAILED
    assert state_of(desk).organisation.organisation_id == "org-1"


# Scope


def test_only_cm_invoices_and_customer_payments_are_kept(desk: Desk) -> None:
    desk.xero.bill("INV-1")
    desk.xero.bill("cm-1")
    desk.xero.pay("INV-1", "10.00", NOV_1)
    desk.bill()
    payment_id = desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.change(payment_id, payment_type="ARCREDITPAYMENT")
    run = desk.poll()
    assert (run.fetched, run.counts.unmatched) == (2, 0)
    with desk.store.read() as unit:
        assert [t.number for t in unit.facts.tracked().values()] == ["CM-100"]


def test_a_bare_prefix_is_of_no_invoice(desk: Desk) -> None:
    desk.xero.bill("CM-")
    desk.xero.pay("CM-", "10.00", NOV_1)
    desk.poll()
    (row,) = desk.view().skipped
    assert row.placement.reason is Reason.NO_INVOICE


def test_an_invoice_first_seen_by_its_payment_is_tracked(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.clock.pass_days(1)
    desk.bill("200")
    desk.xero.pay("CM-200", "10.00", NOV_1)
    late = desk.xero.invoices.pop(XeroInvoiceId("invoice-2"))
    run = desk.poll()
    assert run.counts.skipped == 1
    desk.xero.invoices[late.invoice_id] = late
    assert desk.poll().counts.proposed == 1


def test_an_invoice_that_gets_its_number_later_brings_its_older_payments(desk: Desk) -> None:
    desk.case.bill("100")
    invoice_id = desk.xero.bill("INV-1")
    desk.xero.pay("INV-1", "10.00", NOV_1)
    # Before the first check, so that the payment is older than the cursor with its overlap.
    desk.clock.pass_days(2)
    desk.poll()
    desk.xero.renumber(invoice_id, "CM-100")
    desk.poll()
    assert None not in desk.xero.since[1:], "a full list would bring it anyway"
    assert desk.proposal().proposal.kind is ProposalKind.ADD


def test_payments_before_the_start_date_are_counted_and_not_listed(desk: Desk) -> None:
    desk.set_policy(start_date=nov(28))
    three_payments(desk)
    assert desk.poll().counts.unmatched == 0
    assert desk.view().out_of_scope == 3


def test_an_older_payment_that_was_applied_after_the_start_is_listed_and_looked_at_alone(desk: Desk) -> None:
    desk.set_policy(start_date=nov(2))
    three_payments(desk)
    assert desk.poll().counts.proposed == 3
    assert all(Flag.BEFORE_START in row.proposal.flags for row in desk.proposals())
    assert desk.approve_in_bulk().done == ()


def test_settled_another_way(desk: Desk) -> None:
    desk.bill()
    desk.xero.credit(XeroInvoiceId("invoice-1"), "1000.00")
    assert desk.poll().counts.proposed == 0
    (row,) = desk.view().settled_another_way
    assert (row.invoice_number, row.contact_name, row.settlement.number) == ("CM-100", "Ms Ito", "CN-1")


def test_r33_xero_s_lock_dates_and_the_lodged_period_come_with_the_next_full_check(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    assert {p.proposal.flags for p in desk.proposals()} == {frozenset()}
    desk.xero.org = replace(desk.xero.org, locks=Locks(period=NOV_1))
    desk.poll(is_full=True)
    assert state_of(desk).organisation.locks == Locks(period=NOV_1)
    assert {p.proposal.flags for p in desk.proposals()} == {frozenset({Flag.CLOSED_PERIOD})}
    desk.set_policy(lodged_until=NOV_1)
    desk.xero.org = replace(desk.xero.org, locks=Locks())
    desk.poll(is_full=True)
    assert {p.proposal.flags for p in desk.proposals()} == {frozenset({Flag.CLOSED_PERIOD})}


def test_accounts_that_xero_cannot_tell_cost_no_check_unless_nothing_can_be_asked(desk: Desk) -> None:
    three_payments(desk)
    desk.xero.errors["accounts"] = XeroUnavailableError("Xero does not answer as it should.")
    assert desk.poll(is_full=True).counts.proposed == 3
    desk.xero.errors["accounts"] = XeroPausedError("Wait.", retry_after_s=7)
    assert desk.polling.poll(PollAsk(is_full=True)).outcome is PollOutcome.PAUSED


def test_the_accounts_are_read_with_each_full_check_and_where_one_is_new(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.change(first, account_id="A-1")
    desk.xero.chart = [Account(account_id="a-1", account_type="CURRENT")]
    desk.poll()
    assert desk.xero.asked.count("accounts") == 1
    assert desk.proposal().proposal.flags == {Flag.NOT_BANK}
    desk.poll()
    assert desk.xero.asked.count("accounts") == 1
    desk.xero.change(desk.xero.pay("CM-100", "20.00", NOV_1), account_id="a-2")
    desk.poll()
    assert desk.xero.asked.count("accounts") == 2
    # The account that the chart does not have is asked for with full comparisons only, also in another program run.
    desk.restart()
    desk.poll()
    assert desk.xero.asked.count("accounts") == 2
    desk.poll(is_full=True)
    assert desk.xero.asked.count("accounts") == 3


# Renumbered and reused numbers


def test_a_renumbered_invoice_stays_in_scope_and_is_an_alert(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "INV-9")
    desk.xero.pay("INV-9", "40.00", NOV_1)
    run = desk.poll()
    assert (run.counts.proposed, run.counts.alerts) == (4, 1)
    (alert,) = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.RENUMBERED, "CM-100")
    assert "INV-9" in alert.explanation
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-100")
    assert desk.poll().counts.alerts == 0


def test_a_renumbered_invoice_without_payments_is_an_alert_too(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "")
    assert desk.poll().counts.alerts == 1
    assert "(no number)" in desk.view().alerts[0].explanation


def test_a_renumbered_invoice_finds_case_manager_s_new_number(desk: Desk) -> None:
    desk.xero.bill("CM-100")
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-101")
    desk.xero.pay("CM-101", "40.00", NOV_1)
    desk.case.bill("101")
    desk.poll()
    desk.approve_and_apply(desk.proposal())
    assert desk.paid("101") == ["40.00"]


@pytest.mark.parametrize("new_number", ["CM-101", "101", ""])
def test_a_number_that_another_invoice_took_over_takes_no_money_along(desk: Desk, new_number: str) -> None:
    desk.bill()
    desk.case.bill("101")
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-1"), new_number)
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.poll()
    assert desk.view().alerts[0].kind is AlertKind.RENUMBERED
    desk.approve_and_apply(*desk.proposals())
    assert desk.paid("100") == ["90.00"]
    assert desk.paid("101") == (["40.00"] if new_number == "CM-101" else [])
    if new_number != "CM-101":
        assert [row.placement.reason for row in desk.view().skipped] == [Reason.NO_INVOICE]


def test_two_invoices_with_one_number_share_its_case_invoice(desk: Desk) -> None:
    desk.bill()
    first = desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.xero.delete(first)
    old = XeroInvoiceId("invoice-1")
    desk.xero.invoices[old] = replace(desk.xero.invoices[old], status="VOIDED")
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.poll()
    add = desk.proposal()
    assert add.proposal.xero_invoice_id == "invoice-2"
    desk.approve_and_apply(add)
    assert desk.view().alerts == ()


@pytest.mark.parametrize("is_full", [False, True])
def test_r13_a_time_zone_that_changes_in_xero_moves_today_within_a_day_whatever_is_compared(
    desk: Desk, *, is_full: bool
) -> None:
    """It is 12:00 on 22 November in Sydney at the first check, and on 23 November 02:00 in UTC at the last."""
    three_payments(desk)
    desk.poll()
    assert state_of(desk).comparison.today == nov(22)
    desk.xero.org = replace(desk.xero.org, time_zone="Etc/GMT+11", locks=Locks(period=nov(30)))
    desk.poll()
    assert state_of(desk).organisation.time_zone == "Australia/Sydney", "known at once only where all is compared"
    asked = desk.xero.asked.count("organisation")
    desk.clock.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    desk.poll(is_full=is_full)
    state = state_of(desk)
    assert (state.organisation.time_zone, state.comparison.today) == ("Etc/GMT+11", nov(22))
    assert state.organisation.locks.period == nov(30)
    desk.poll()
    assert desk.xero.asked.count("organisation") == asked + 1, "once a day is enough"


def test_an_organisation_of_another_id_is_refused_on_a_new_day_too(desk: Desk) -> None:
    three_payments(desk)
    desk.poll()
    desk.xero.org = replace(desk.xero.org, organisation_id=OrganisationId("org-2"), name="Other")
    desk.clock.pass_days(1)
    run = desk.polling.poll(PollAsk())
    assert run.outcome is PollOutcome.FAILED
    assert "Other (org-2)" in run.reason


def test_r1_two_living_invoices_of_one_number_are_an_alert_and_nothing_of_them_is_written(desk: Desk) -> None:
    desk.bill()
    second = desk.xero.bill("CM-100", "250.00")
    desk.xero.pay("CM-100", "90.00", NOV_1)
    desk.poll()
    [alert] = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.NUMBER_SHARED, "CM-100")
    assert "Xero has 2 invoices that are called CM-100 and are not void" in alert.explanation
    assert "one of 1,000.00 to Ms Ito and one of 250.00 to Ms Ito" in alert.explanation
    add = desk.proposal()
    assert Flag.NUMBER_SHARED in add.proposal.flags
    assert "may also be another of Xero's invoices called CM-100." in add.proposal.explanation
    assert desk.deciding.approve([add.proposal_id], by=ANN).done == ()
    assert desk.paid("100") == []
    # One alert while it lasts, also over a full check; gone with its cause.
    desk.poll(is_full=True)
    assert desk.view().alerts == (alert,)
    desk.xero.renumber(second, "CM-250")
    desk.poll(is_full=True)
    assert AlertKind.NUMBER_SHARED not in {each.kind for each in desk.view().alerts}


def copied(desk: Desk, number: str, amount: str) -> None:
    """Make an invoice in both systems with a payment that this program copied."""
    desk.bill(number)
    desk.xero.pay(f"CM-{number}", amount, NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())


def flags_by_invoice(desk: Desk) -> dict[str, set[Flag]]:
    """Poll, see that nothing goes in bulk, and return what is flagged."""
    desk.poll()
    assert desk.approve_in_bulk().done == ()
    found: dict[str, set[Flag]] = {}
    for stored in desk.proposals():
        found.setdefault(stored.proposal.invoice_number, set()).update(stored.proposal.flags)
    return found


def test_r1_nothing_of_a_renumbered_invoice_goes_in_bulk_while_the_alert_stands(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "INV-9")
    desk.xero.pay("INV-9", "60.00", nov(20))
    assert flags_by_invoice(desk) == {"CM-100": {Flag.RENUMBERED}}
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "")
    assert flags_by_invoice(desk) == {"CM-100": {Flag.RENUMBERED}}
    assert "(no number)" in desk.proposal().proposal.explanation
    desk.xero.renumber(XeroInvoiceId("invoice-1"), "CM-100")
    desk.poll()
    assert desk.approve_in_bulk().done != ()


def test_r1_where_numbers_were_swapped_what_stands_under_the_old_ones_blocks(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    copied(desk, "101", "70.00")
    for invoice, number in (("invoice-1", ""), ("invoice-2", "CM-100"), ("invoice-1", "CM-101")):
        desk.xero.renumber(XeroInvoiceId(invoice), number)
    desk.xero.pay("CM-101", "60.00", nov(20))
    flags = flags_by_invoice(desk)
    # Each goes with the invoice that holds its copies, so that nothing is proposed of the one that is matched.
    assert flags == {"CM-101": {Flag.RENUMBERED, Flag.NUMBER_SHARED}}
    explanation = desk.proposal().proposal.explanation
    assert "CM-100 is called CM-101 in Xero now. It is compared with Case Manager's invoice 100." in explanation
    assert "Invoice 100 of Case Manager may also be Xero's CM-100." in explanation
    found = [(r.placement.invoice_number, r.placement.case) for r in desk.view().matched]
    assert [(number, case.invoice_id.value) for number, case in found if case] == [("CM-100", 2), ("CM-101", 1)]
    assert [(a.kind, a.invoice_number) for a in desk.view().alerts] == [
        (AlertKind.RENUMBERED, "CM-101"),
        (AlertKind.RENUMBERED, "CM-100"),
    ]


def test_r1_swapped_numbers_without_copies_are_flagged_only(desk: Desk) -> None:
    desk.bill("100")
    desk.bill("101")
    desk.poll()
    for invoice, number in (("invoice-1", ""), ("invoice-2", "CM-100"), ("invoice-1", "CM-101")):
        desk.xero.renumber(XeroInvoiceId(invoice), number)
    desk.xero.pay("CM-101", "60.00", nov(20))
    assert flags_by_invoice(desk) == {"CM-101": {Flag.RENUMBERED}}
    assert (
        "CM-100 is called CM-101 in Xero now. It is compared with Case Manager's invoice 101."
        in desk.proposal().proposal.explanation
    )


def test_r1_an_invoice_that_was_voided_and_issued_again_blocks_until_its_copies_are_gone(desk: Desk) -> None:
    copied(desk, "100", "40.00")
    old = XeroInvoiceId("invoice-1")
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.xero.invoices[old] = replace(desk.xero.invoices[old], status="VOIDED")
    desk.xero.bill("CM-100")
    desk.xero.pay("CM-100", "40.00", nov(20))
    (flags,) = flags_by_invoice(desk).values()
    assert Flag.NUMBER_SHARED in flags
    assert all(p.proposal.blocking_flags for p in desk.proposals())
    desk.case.rows.clear()
    desk.poll()
    assert Flag.NUMBER_SHARED not in desk.proposal().proposal.flags


# What Xero has and Case Manager should not, and the other way round


def test_r2_an_invoice_that_is_void_in_xero_is_told_until_case_manager_holds_nothing_of_it(desk: Desk) -> None:
    desk.bill()
    desk.xero.bill("CM-999")
    desk.poll()
    assert desk.view().alerts == ()
    for invoice_id in desk.xero.invoices:
        voided = replace(desk.xero.invoices[invoice_id], status="VOIDED", updated_at=desk.clock())
        desk.xero.invoices[invoice_id] = voided
    key = desk.case.type_in("100", "1000.00", NOV_1)
    desk.poll()
    (alert,) = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.VOIDED, "CM-100")
    assert "CM-100 is voided in Xero, and Case Manager still holds it, with 1,000.00 paid" in alert.explanation
    del desk.case.rows[key]
    desk.poll()
    assert "0.00 paid and 1,000.00 owed" in desk.view().alerts[0].explanation
    (case_id,) = desk.case.invoices
    adjusted = replace(desk.case.invoices[case_id], adjustments=Money.of("-1000.00", "AUD"))
    desk.case.invoices[case_id] = adjusted
    desk.poll(is_full=True)
    assert desk.view().alerts == ()


@pytest.mark.parametrize("number", ["cm-102", "CM 102", " CM-102", "CM102", "Cm - 0102"])
def test_r1_a_number_that_only_looks_like_a_cm_number_is_told_until_it_is_corrected(desk: Desk, number: str) -> None:
    invoice_id = desk.xero.bill(number)
    desk.xero.pay(number, "40.00", NOV_1)
    desk.poll()
    (alert,) = desk.view().alerts
    assert (alert.kind, alert.invoice_number) == (AlertKind.LOOKS_LIKE_CM, number)
    assert alert.next_step == "If it is one, give it the number CM-102 in Xero."
    assert "Case Manager has" not in alert.explanation
    desk.poll()
    assert desk.view().alerts == (alert,)
    desk.xero.renumber(invoice_id, "CM-102")
    desk.poll()
    assert desk.view().alerts == ()


@pytest.mark.parametrize(
    ("number", "there", "told"),
    [
        ("cm-102", "102", "102"),
        ("CM 0102", "102", "102"),
        ("CM102", "00102", "00102"),
        (" CM-20301A", "20301a", "20301a"),
        ("cm-102", "1020", ""),
    ],
)
def test_r1_where_case_manager_has_the_near_number_the_words_name_it(
    desk: Desk, number: str, there: str, told: str
) -> None:
    desk.xero.bill(number)
    desk.case.bill(there)
    for is_full in (False, False, True):
        desk.poll(is_full=is_full)
        (alert,) = desk.view().alerts
        assert (f"Case Manager has invoice {told}." in alert.explanation) is bool(told)
        assert alert.next_step.endswith(f"the number CM-{told or 102} in Xero.")


def test_r1_a_look_alike_is_told_anew_when_its_number_or_case_manager_changes(desk: Desk) -> None:
    invoice_id = desk.xero.bill("cm-102")
    desk.case.bill_others()
    desk.case.bill("103")
    desk.poll()
    desk.xero.renumber(invoice_id, "cm-103")
    desk.poll()
    (alert,) = desk.view().alerts
    assert (alert.invoice_number, "Case Manager has invoice 103." in alert.explanation) == ("cm-103", True)
    del desk.case.invoices[CaseInvoiceId(1)]
    desk.poll()
    assert "Case Manager has" not in desk.view().alerts[0].explanation


@pytest.mark.parametrize(
    ("number", "there"), [("CM-00102", "102"), ("CM-102", "0102"), ("CM- 102", "102"), ("CM-10a", "10A")]
)
def test_r1_a_number_that_case_manager_writes_otherwise_is_named_and_never_taken_for_it(
    desk: Desk, number: str, there: str
) -> None:
    desk.xero.bill(number)
    desk.xero.pay(number, "40.00", NOV_1)
    desk.case.bill(there)
    key = desk.case.type_in(there, "40.00", NOV_1)
    desk.poll()
    (row,) = desk.view().skipped
    assert row.placement.reason is Reason.NO_INVOICE
    assert row.placement.explanation == (f"{number} was not found in Case Manager. Case Manager has invoice {there}.")
    assert desk.proposals() == []
    assert desk.case.rows[key].notes == ""


@pytest.mark.parametrize("number", ["INV-102", "CMS-102", "CM-", "cm", "XCM-102", "CM-10A2", "cm 2024catering"])
def test_r1_another_number_is_just_another_invoice(desk: Desk, number: str) -> None:
    desk.xero.bill(number)
    desk.xero.bill("CM 7", status="VOIDED")
    desk.poll()
    assert desk.view().alerts == ()


def test_r1_what_a_full_list_gives_no_reason_for_is_told_no_more(desk: Desk) -> None:
    invoice_id = desk.xero.bill("cm-102")
    kept = desk.xero.bill("cm-103")
    desk.poll()
    assert len(desk.view().alerts) == 2
    del desk.xero.invoices[invoice_id]
    desk.poll(is_full=True)
    assert [alert.key for alert in desk.view().alerts] == [f"looks-like:{kept}"]


# Control totals


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


# Unreadable rows


@pytest.mark.parametrize("is_told", [True, False])
def test_an_unreadable_row_costs_only_itself_until_it_can_be_read(desk: Desk, *, is_told: bool) -> None:
    three_payments(desk)
    desk.bill("200")
    desk.xero.pay("CM-200", "5.00", NOV_1)
    desk.xero.break_row(next(iter(desk.xero.payments)), is_told=is_told)
    run = desk.poll()
    assert (run.fetched, run.counts.proposed) == (4, 1)
    assert Reason.UNREADABLE in {row.placement.reason for row in desk.view().skipped}
    desk.xero.broken.clear()
    assert desk.poll().counts.proposed == 4
    assert desk.view().skipped == ()


def row_without_id(place: str, **values: object) -> UnreadableRow:
    row = UnreadableRow(side=Side.XERO, place=place, problem="PaymentID is missing.")
    return replace(row, **values)  # type: ignore[arg-type]  # by name


def test_a_row_that_tells_only_its_number_stands_with_that_invoice(desk: Desk) -> None:
    three_payments(desk)
    first = next(iter(desk.xero.payments))
    desk.xero.broken[first] = row_without_id("Payments page 1, row 1", invoice_number="CM-100")
    desk.poll()
    assert {row.placement.invoice_number for row in desk.view().skipped} == {"CM-100"}


def test_rows_that_are_surely_of_no_cm_invoice_are_left_out(desk: Desk) -> None:
    desk.xero.bill("INV-1")
    first = desk.xero.pay("INV-1", "5.00", NOV_1)
    desk.xero.broken[first] = row_without_id("Payments page 1, row 1", invoice_number="INV-1")
    assert desk.poll().counts.skipped == 0


def test_a_row_without_an_id_is_forgotten_once_a_full_reading_shows_it_no_more(desk: Desk) -> None:
    three_payments(desk)
    first, second, _ = desk.xero.payments
    desk.xero.broken[first] = row_without_id("Payments page 1, row 1")
    desk.xero.broken[second] = row_without_id("Payments page 1, row 2")
    desk.poll()
    assert len([r for r in desk.view().skipped if r.placement.reason is Reason.UNREADABLE]) == 2
    del desk.xero.broken[first]
    desk.poll(is_full=True)
    unreadable = [r for r in desk.view().skipped if r.placement.reason is Reason.UNREADABLE]
    assert [r.placement.unreadable for r in unreadable] == [desk.xero.broken[second]]
    desk.xero.broken.clear()
    assert desk.poll(is_full=True).counts.skipped == 0


@pytest.mark.parametrize("is_named", [True, False])
def test_r30_an_invoice_that_cannot_be_read_is_told_and_nothing_is_proposed_by_its_older_figures(
    desk: Desk, *, is_named: bool
) -> None:
    desk.bill()
    desk.bill("200")
    desk.poll()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.xero.break_invoice(XeroInvoiceId("invoice-1"), is_named=is_named)
    desk.xero.pay("CM-200", "5.00", NOV_1)
    assert desk.poll().counts.proposed == 1
    broken = [r.placement for r in desk.view().skipped if r.placement.unreadable is not None]
    assert [p.explanation for p in broken] == ["Invoices invoice-1: Total is missing."]
    assert broken[0].xero_amount is None
    desk.xero.broken_invoices.clear()
    desk.clock.pass_days(1)
    desk.poll(is_full=True)
    assert (len(desk.proposals()), desk.view().skipped) == (2, ())


def test_r30_an_unreadable_invoice_of_another_number_is_nobodys_concern(desk: Desk) -> None:
    desk.bill()
    desk.xero.break_invoice(desk.xero.bill("INV-7"))
    desk.poll()
    assert desk.view().skipped == ()


def test_an_unreadable_row_of_case_manager_holds_its_invoice(desk: Desk) -> None:
    three_payments(desk)
    row = UnreadableRow(
        side=Side.CASE_MANAGER, place="payments row 9", problem="The date is empty", invoice_number="100"
    )
    desk.case.unreadable.append(row)
    assert desk.poll().counts.proposed == 0


# Forward dating, by the organisation's own date


def test_today_is_the_organisation_s(desk: Desk) -> None:
    # 22 November 12:30 in London is 23:30 in Sydney.
    desk.clock.now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    desk.bill()
    desk.xero.pay("CM-100", "400.00", nov(28))
    desk.poll()
    (row,) = desk.view().skipped
    assert (row.placement.reason, row.placement.ready_on) == (Reason.FUTURE_DATED, nov(23))
    desk.clock.now = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
    desk.poll()
    assert state_of(desk).comparison.today == nov(23)
    assert desk.proposal().proposal.kind is ProposalKind.ADD


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


# Removal limits


def test_too_many_removals_are_an_alert_until_they_are_gone(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=1)
    three_payments(desk)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    assert desk.poll().counts.alerts == 1
    assert desk.view().alerts[0].kind is AlertKind.REMOVAL_LIMIT
    removals = desk.proposals()
    desk.approve(*removals, release="all right")
    desk.apply()
    assert desk.poll().counts.alerts == 0


def test_the_flag_of_a_limit_stays_while_an_invoice_is_compared_again(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=1)
    three_payments(desk)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    desk.poll()
    one, *others = desk.proposals()
    desk.approve(one, release="all right")
    desk.apply()
    report = desk.deciding.approve([row.proposal_id for row in others], by="Ann")
    assert len(report.held_back) == 2


def test_releasing_one_removal_does_not_release_the_others(desk: Desk) -> None:
    held_removals(desk)
    one, *others = desk.proposals()
    desk.approve(one, release="all right")
    desk.apply()
    assert desk.poll().counts.alerts == 1
    report = desk.deciding.approve([row.proposal_id for row in others], by="Ann")
    assert len(report.held_back) == 2


def test_a_wider_limit_releases_what_was_held(desk: Desk) -> None:
    held_removals(desk)
    desk.set_policy(removal_limit_count=5)
    assert desk.poll().counts.alerts == 0
    assert not any(row.proposal.flags for row in desk.proposals())


def held_removals(desk: Desk) -> None:
    desk.set_policy(removal_limit_count=2)
    three_payments(desk)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    desk.poll()


def test_a_lease_that_was_lost_within_a_check_ends_it(desk: Desk) -> None:
    """It was another desktop's in between, and is ours again under another number."""
    desk.poll()
    desk.polling._fence.lease = -1
    with pytest.raises(CheckedElsewhereError):
        desk.polling._renew_lease()
