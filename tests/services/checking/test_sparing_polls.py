"""Checks that are not made, or not here, or not in full: pauses, calls kept for persons, leases, nights."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.errors import (
    CaseManagerAwayError,
    SecretsError,
    SignInError,
    XeroOfflineError,
    XeroPausedError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.services.checking import fetching
from cmxero_desktop.services.checking.polling import PollingDesk
from cmxero_desktop.services.checking.spending import calls_kept, calls_left, count_requests, reason_to_put_off
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import CallLimits, Lease, Pause, PollAsk, PollOutcome, PollRun, Trigger
from cmxero_desktop.services.records.settings import Tier
from tests.services.desk import NOV_1, Desk
from tests.services.fake_store import MemoryStore

SCHEDULED = PollAsk(trigger=Trigger.SCHEDULE)
BY_HAND = PollAsk()
DAY_LIMIT = XeroPausedError(
    "Xero has reached its limit of calls a day.",
    retry_after_s=7_200,
    because="Xero's limit of calls a day for this organisation is used up",
)


def check(desk: Desk, ask: PollAsk = SCHEDULED) -> PollRun:
    return desk.polling.poll(ask)


def starter(desk: Desk) -> None:
    settings = desk.settings.settings
    desk.settings.settings = replace(settings, xero=replace(settings.xero, tier=Tier.STARTER))


def said_by_history(desk: Desk, what: AuditWhat) -> list[str]:
    return [entry.event.reason for entry in desk.history() if entry.event.what is what]


# A pause that Xero asked for


def paused(desk: Desk, error: XeroPausedError = DAY_LIMIT) -> Pause:
    desk.poll()
    desk.xero.errors["changed_payments"] = error
    assert check(desk).outcome is PollOutcome.PAUSED
    del desk.xero.errors["changed_payments"]
    pause = desk.state().allowance.pause
    assert pause is not None
    return pause


def test_a_pause_has_an_end_and_a_reason(desk: Desk) -> None:
    before = desk.clock.now
    pause = paused(desk)
    assert timedelta(hours=2) < pause.until - before < timedelta(hours=2, minutes=1)
    assert pause.because == "Xero's limit of calls a day for this organisation is used up"


def test_nothing_is_asked_of_xero_while_it_wants_a_pause_not_even_by_a_person(desk: Desk) -> None:
    paused(desk)
    for ask in (SCHEDULED, BY_HAND):
        asked = len(desk.xero.asked)
        run = check(desk, ask)
        assert (run.outcome, run.requests, len(desk.xero.asked)) == (PollOutcome.PAUSED, 0, asked)
        assert run.reason == (
            "Xero asked for a pause until 14:00, because Xero's limit of calls a day for this organisation is used up."
        )


def test_a_pause_that_lasts_into_another_day_says_which(desk: Desk) -> None:
    paused(desk, XeroPausedError("Wait.", retry_after_s=23 * 3_600, because=DAY_LIMIT.because))
    reason = check(desk).reason
    assert reason.startswith("Xero asked for a pause until 23 Nov 2026 11:00, because "), reason


def test_a_person_may_end_a_pause_and_a_good_answer_forgets_it(desk: Desk) -> None:
    paused(desk)
    assert check(desk, PollAsk(ends_pause=True)).outcome is PollOutcome.DONE
    assert desk.state().allowance.pause is None
    assert check(desk).outcome is PollOutcome.DONE


def test_a_pause_ends_by_itself(desk: Desk) -> None:
    pause = paused(desk)
    desk.clock.now = pause.until
    assert check(desk).outcome is PollOutcome.DONE


def test_a_pause_without_a_length_lasts_a_minute(desk: Desk) -> None:
    before = desk.clock.now
    pause = paused(desk, XeroPausedError("Too many calls at once."))
    assert pause.because == "Too many calls at once"
    assert timedelta(seconds=60) <= pause.until - before <= timedelta(seconds=90)


def test_a_pause_longer_than_any_limit_of_xero_was_told_by_a_wrong_clock(desk: Desk) -> None:
    pause = paused(desk)
    desk.clock.now = pause.until - timedelta(hours=30)
    assert check(desk).outcome is PollOutcome.DONE


def test_the_first_check_of_a_pause_is_told_in_history_and_the_others_in_health(desk: Desk) -> None:
    paused(desk)
    check(desk)
    check(desk)
    assert len(said_by_history(desk, AuditWhat.SKIPPED_RUN)) == 1
    assert [run.outcome for run in desk.view().runs[:3]] == [PollOutcome.PAUSED] * 3


# Calls that are kept for persons


def little_left(desk: Desk, left: int) -> None:
    starter(desk)
    desk.xero.limits = CallLimits(minute=60, day=left, app_minute=9_999, seen_at=desk.clock())
    desk.poll()


def test_the_last_tenth_of_a_day_s_calls_is_kept_for_persons(desk: Desk) -> None:
    little_left(desk, 101)
    run = check(desk)
    assert (run.outcome, run.requests) == (PollOutcome.PUT_OFF, 0)
    assert "Only 101 of the 1,000 calls" in run.reason
    assert check(desk, BY_HAND).outcome is PollOutcome.DONE
    assert said_by_history(desk, AuditWhat.SKIPPED_RUN) == [run.reason]


def test_as_long_as_enough_is_left_the_schedule_goes_on(desk: Desk) -> None:
    little_left(desk, 102)
    assert check(desk).outcome is PollOutcome.DONE


def test_xero_is_asked_once_an_hour_whether_its_day_has_begun_anew(desk: Desk) -> None:
    little_left(desk, 3)
    assert check(desk).outcome is PollOutcome.PUT_OFF
    desk.clock.now += timedelta(hours=1)
    desk.xero.limits = CallLimits(minute=60, day=998, seen_at=desk.clock.now)
    assert check(desk).outcome is PollOutcome.DONE
    assert desk.state().allowance.limits.day == 998
    assert check(desk).outcome is PollOutcome.DONE


def test_what_xero_said_of_its_limits_outlives_an_answer_that_says_nothing(desk: Desk) -> None:
    little_left(desk, 500)
    said = desk.state().allowance.limits
    desk.xero.limits = CallLimits()
    desk.poll()
    assert desk.state().allowance.limits == said


def test_without_a_word_of_xero_s_our_own_count_decides(desk: Desk) -> None:
    starter(desk)
    today = desk.clock.now.astimezone(desk.desk.zone).date()
    count_requests(desk.store, today, 0)
    count_requests(desk.store, today, 400)
    count_requests(desk.store, today, 500)
    with desk.store.read() as unit:
        assert unit.polling.requests_on(today) == 900
        assert unit.polling.requests_on(today + timedelta(days=1)) == 0
    assert calls_left(CallLimits(), 1_000, 900) == 100
    assert calls_left(CallLimits(), 1_000, 1_100) == 0


@given(
    trigger=st.sampled_from(Trigger),
    day=st.none() | st.integers(0, 6_000),
    used=st.integers(0, 6_000),
    tier=st.sampled_from(Tier),
    age_s=st.none() | st.integers(-90_000, 90_000),
)
def test_a_person_s_check_is_never_put_off_and_the_schedule_leaves_enough_for_it(
    trigger: Trigger, day: int | None, used: int, tier: Tier, age_s: int | None
) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    limits = CallLimits(day=day, seen_at=None if age_s is None else now - timedelta(seconds=age_s))
    reason = reason_to_put_off(trigger, limits, tier.calls_a_day, used, now)
    is_fresh = age_s is not None and 0 <= age_s < 3_600
    is_short = calls_left(limits, tier.calls_a_day, used) - 2 < calls_kept(tier.calls_a_day)
    assert bool(reason) == (trigger is not Trigger.PERSON and is_fresh and is_short)


# Everything is compared once a night


def test_the_first_scheduled_check_after_the_hour_compares_everything_once(desk: Desk) -> None:
    desk.poll()
    assert not check(desk).is_full
    desk.clock.pass_days(1)
    full = check(desk)
    assert (full.is_full, full.requests) == (True, 7)
    assert desk.state().allowance.full_requests == 7
    assert not check(desk).is_full


def test_a_person_s_check_is_quick_even_when_everything_is_due(desk: Desk) -> None:
    desk.poll()
    desk.clock.pass_days(1)
    assert not check(desk, BY_HAND).is_full
    assert check(desk).is_full


def test_a_comparison_that_would_eat_what_persons_need_waits(desk: Desk) -> None:
    little_left(desk, 107)
    desk.clock.pass_days(1)
    run = check(desk)
    assert (run.outcome, run.is_full) == (PollOutcome.DONE, True)
    desk.clock.pass_days(1)
    desk.xero.limits = CallLimits(day=102, seen_at=desk.clock())
    check(desk, BY_HAND)
    run = check(desk)
    assert (run.outcome, run.is_full) == (PollOutcome.DONE, False)
    desk.xero.limits = CallLimits(day=999, seen_at=desk.clock())
    check(desk, BY_HAND)
    assert check(desk).is_full


def test_a_payment_that_the_full_list_lacks_is_asked_for_by_its_id(desk: Desk) -> None:
    desk.bill()
    kept = desk.xero.pay("CM-100", "10.00", NOV_1)
    lost = desk.xero.pay("CM-100", "20.00", NOV_1)
    desk.poll()
    del desk.xero.payments[lost]
    desk.xero.forgotten.add(lost)
    desk.poll(is_full=True)
    with desk.store.read() as unit:
        assert unit.gaps.unknown_ids() == {lost}
        assert XeroPaymentId(kept) in unit.facts.payments_by_id([kept])
    assert desk.xero.asked.count("payments_by_id") == 1
    desk.poll(is_full=True)
    assert desk.xero.asked.count("payments_by_id") == 1, "known to be unknown: not asked again"


def test_a_list_that_was_cut_short_begins_where_it_broke_not_before(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.xero.errors["changed_payments"] = XeroUnavailableError("Xero has trouble.")
    assert check(desk).outcome is PollOutcome.BROKEN
    state = desk.state()
    assert state.cursors.invoices is not None
    assert (state.cursors.payments, state.cursors.last_full_at, state.comparison.last_polled_at) == (None, None, None)
    del desk.xero.errors["changed_payments"]
    run = check(desk)
    assert (run.is_full, run.counts.proposed) == (True, 1)


# One desktop at a time


def neighbour(desk: Desk) -> None:
    desk.desk = PollingDesk(holder="desk-2", label="SRV03", zone=desk.desk.zone)
    desk.restart()


def test_another_desktop_of_the_store_leaves_checking_to_the_one_that_has_the_lease(desk: Desk) -> None:
    first = desk.poll()
    neighbour(desk)
    run = check(desk, BY_HAND)
    assert (run.outcome, run.requests) == (PollOutcome.ELSEWHERE, 0)
    assert run.reason.startswith("SRV02 checks Xero for every desktop that shares this store.")
    assert desk.view().runs == (first,), "the runs of a shared store are those of the desktop that checks"


def test_the_lease_is_taken_over_when_its_holder_is_gone(desk: Desk, memory: MemoryStore) -> None:
    desk.poll()
    neighbour(desk)
    memory.set_time = datetime.now(UTC) + timedelta(hours=1)
    assert check(desk).outcome is PollOutcome.DONE
    with desk.store.read() as unit:
        lease = unit.sharing.lease()
    assert lease is not None
    assert (lease.holder, lease.label) == ("desk-2", "SRV03")


def test_a_lease_that_is_lost_in_the_middle_ends_the_reading_before_anything_is_stored(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    holder = desk.polling
    taken = iter(["desk-1", "desk-2"])

    def take_lease(_unit: object, _holder: str, label: str, hold_for: timedelta) -> Lease:
        return Lease(holder=next(taken), label=label, until=datetime.now(UTC) + hold_for)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.services.fake_store_parts.Sharing.take_lease", take_lease)
        run = holder.poll(BY_HAND)
    assert run.outcome is PollOutcome.ELSEWHERE
    assert desk.state().cursors.invoices is None
    assert desk.poll().counts.proposed == 1


def test_a_wish_that_waited_for_another_process_is_answered_by_what_that_one_found(desk: Desk) -> None:
    desk.poll()
    others: list[PollRun] = []

    @contextmanager
    def after_another() -> Iterator[None]:
        others.append(polling_without_turn.poll(BY_HAND))
        yield

    polling_without_turn = desk.polling
    desk.restart()
    waiting = desk.polling
    waiting._turn = after_another
    assert waiting.poll(BY_HAND) == others[0]
    full = waiting.poll(PollAsk(is_full=True))
    assert full.is_full, "a check of changes does not answer a wish to compare everything"


@pytest.mark.parametrize("ask", [BY_HAND, PollAsk(ends_pause=True)])
def test_a_check_that_came_to_nothing_answers_no_wish(desk: Desk, ask: PollAsk) -> None:
    paused(desk)

    @contextmanager
    def after_another() -> Iterator[None]:
        assert refused.poll(SCHEDULED).outcome is PollOutcome.PAUSED
        yield

    refused = desk.polling
    desk.restart()
    waiting = desk.polling
    waiting._turn = after_another
    run = waiting.poll(ask)
    assert run.trigger is Trigger.PERSON
    assert run.outcome is (PollOutcome.DONE if ask.ends_pause else PollOutcome.PAUSED)


def test_a_locked_keyring_is_a_failed_check_with_its_reason(desk: Desk) -> None:
    desk.xero.errors["changed_payments"] = SecretsError("The keyring is locked.", "Unlock it.")
    run = check(desk)
    assert (run.outcome, run.reason) == (PollOutcome.FAILED, "The keyring is locked. Unlock it.")


def test_a_case_manager_that_does_not_answer_is_an_outcome_of_its_own(desk: Desk) -> None:
    desk.xero.errors["changed_payments"] = CaseManagerAwayError("SRV02 does not answer.", "Look at it.")
    run = check(desk)
    assert (run.outcome, run.reason) == (PollOutcome.AWAY, "SRV02 does not answer. Look at it.")


def test_a_wait_of_ages_is_a_pause_of_a_day_at_most(desk: Desk) -> None:
    pause = paused(desk, XeroPausedError("Wait.", retry_after_s=1e300, because="x"))
    assert pause.until - desk.clock.now <= timedelta(hours=25)


def test_every_payment_that_stays_absent_gets_its_turn() -> None:
    absent = [XeroPaymentId(f"p{number:04}") for number in range(1_000)]
    asked: set[XeroPaymentId] = set()
    for days in range(4):
        turn = fetching._turn_of(absent, datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=days))
        assert len(turn) == len(set(turn)) == 300
        asked.update(turn)
    assert asked == set(absent)
    assert set(fetching._turn_of(absent[:2], datetime(2026, 11, 22, tzinfo=UTC))) == set(absent[:2])


def test_a_turn_that_never_comes_is_a_failed_check_with_its_reason(desk: Desk) -> None:
    def never() -> AbstractContextManager[object]:
        raise XeroUnavailableError("Another running copy has been checking Xero for half an hour.")

    polling = desk.polling
    polling._turn = never
    run = polling.poll(BY_HAND)
    assert (run.outcome, run.requests) == (PollOutcome.FAILED, 0)
    assert "half an hour" in run.reason


def test_progress_is_told_and_ends_in_rest(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    desk.poll()
    assert desk.told[0] == "Checking Xero"
    assert "Reading payments from Xero: 1 so far" in desk.told
    assert desk.told[-1] == ""


# Offline, broken, signed out


def test_offline_and_broken_are_two_outcomes(desk: Desk) -> None:
    desk.poll()
    for error, outcome in (
        (XeroOfflineError("This computer is offline."), PollOutcome.OFFLINE),
        (XeroUnavailableError("Xero has trouble."), PollOutcome.BROKEN),
    ):
        desk.xero.errors["changed_invoices"] = error
        assert check(desk).outcome is outcome


def test_an_ended_sign_in_is_a_warning_until_a_check_works_again(desk: Desk) -> None:
    desk.poll()
    desk.xero.errors["changed_invoices"] = SignInError("Xero has ended the sign-in.", "Sign in again.")
    check(desk)
    assert [(a.kind, a.key) for a in desk.view().alerts] == [(AlertKind.SIGN_IN, "signed-out")]
    desk.xero.errors["changed_invoices"] = XeroOfflineError("This computer is offline.")
    check(desk)
    assert [a.key for a in desk.view().alerts] == ["signed-out"], "offline says nothing about the sign-in"
    desk.xero.errors.clear()
    desk.poll()
    assert desk.view().alerts == ()
