"""A sign-in that nobody uses ends after sixty days: it is renewed weekly, and its end is foreseen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.errors import DeskError, SecretsError, SignInError, XeroOfflineError
from cmxero_desktop.services.checking.noting import note_missed
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.renewing import renew_sign_in
from cmxero_desktop.services.connecting.sign_in_age import ending_alert, is_renewal_due, sign_in_ends_at
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import MissedChecks, PollState, SignInAge
from tests.services.desk import Desk
from tests.services.fake_sign_in import FakeSignIn

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def signed_in(desk: Desk, days_ago: int) -> None:
    desk.xero.sign_in_renewed_at = desk.clock.now
    desk.poll()
    desk.xero.sign_in_renewed_at = None
    desk.clock.pass_days(days_ago)


def warnings(desk: Desk) -> list[str]:
    return [alert.key for alert in desk.view().alerts if alert.kind is AlertKind.SIGN_IN]


@given(days=st.floats(0, 90), ages=st.booleans())
def test_the_end_is_announced_at_seven_and_at_two_days_and_never_before(days: float, ages: bool) -> None:  # noqa: FBT001
    now = NOW
    state = PollState(sign_in=SignInAge(renewed_at=now - timedelta(days=days) if ages else None))
    alert = ending_alert(state, now)
    left = 60 - days
    expected = None if not ages or left > 7 else "sign-in-ends-2" if left <= 2 else "sign-in-ends-7"
    assert (alert.key if alert else None) == expected
    assert is_renewal_due(state, now) == (ages and days >= 6)


@pytest.mark.parametrize(("ahead", "due"), [(timedelta(days=365), True), (timedelta(minutes=1), False)])
def test_a_renewal_that_a_wrong_clock_noted_says_nothing_of_when_it_was(
    desk: Desk, ahead: timedelta, *, due: bool
) -> None:
    """Without this a sign-in that nobody uses would end without a warning (R35)."""
    desk.xero.sign_in_renewed_at = desk.clock.now + ahead
    desk.poll()
    desk.xero.sign_in_renewed_at = None
    sign_in = FakeSignIn()
    sign_in.renewed_at = desk.clock.now + ahead
    renew_sign_in(desk.outside, sign_in)
    assert sign_in.done == (["renew"] if due else [])
    assert is_renewal_due(desk.state(), desk.clock.now) is False


def test_the_warning_says_when_and_what_to_do() -> None:
    now = NOW
    for days, words in ((54, "ends in 6 days"), (58.5, "ends within a day or two"), (61, "has ended")):
        state = PollState(sign_in=SignInAge(renewed_at=now - timedelta(days=days)))
        alert = ending_alert(state, now)
        assert alert is not None
        assert words in alert.explanation
        assert "Sep 2026" in alert.explanation
        assert alert.next_step.startswith("Sign in to Xero again")
        ends_at = sign_in_ends_at(state)
        assert ends_at is not None
        assert ends_at - now == timedelta(days=60 - days)


def test_a_check_renews_the_sign_in_and_clears_its_warnings(desk: Desk) -> None:
    signed_in(desk, days_ago=59)
    renew_sign_in(desk.outside, FakeSignIn(error=XeroOfflineError("No network.")))
    assert warnings(desk) == ["sign-in-ends-2"]
    desk.xero.sign_in_renewed_at = desk.clock.now
    desk.poll()
    assert warnings(desk) == []


def test_a_sign_in_that_was_used_lately_is_left_alone(desk: Desk) -> None:
    signed_in(desk, days_ago=5)
    sign_in = FakeSignIn(renewed_at=desk.clock.now - timedelta(days=5))
    renew_sign_in(desk.outside, sign_in)
    assert (sign_in.done, warnings(desk)) == ([], [])


@pytest.mark.parametrize("own_days_ago", [None, 7])
def test_a_desktop_that_another_one_checks_for_keeps_its_own_sign_in_alive(
    desk: Desk, own_days_ago: int | None
) -> None:
    signed_in(desk, days_ago=0)
    renewed_at = None if own_days_ago is None else desk.clock.now - timedelta(days=own_days_ago)
    sign_in = FakeSignIn(renewed_at=renewed_at)
    renew_sign_in(desk.outside, sign_in)
    assert (sign_in.done, warnings(desk)) == (["renew"], [])
    signed_out = FakeSignIn(error=SignInError("Not signed in here.", "Sign in."))
    renew_sign_in(desk.outside, signed_out)
    assert warnings(desk) == [], "whoever checks is signed in"


def test_a_sign_in_that_does_not_age_is_left_alone(desk: Desk) -> None:
    desk.poll()
    desk.clock.pass_days(400)
    sign_in = FakeSignIn()
    renew_sign_in(desk.outside, sign_in)
    assert (sign_in.done, warnings(desk)) == ([], [])


def test_while_nothing_is_checked_the_sign_in_is_renewed_weekly(desk: Desk) -> None:
    signed_in(desk, days_ago=0)
    for _ in range(40):
        desk.clock.pass_days(7)
        sign_in = FakeSignIn()
        renew_sign_in(desk.outside, sign_in)
        assert (sign_in.done, warnings(desk)) == (["renew"], [])


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (XeroOfflineError("No network."), ["sign-in-ends-7"]),
        (SecretsError("The keyring is locked."), ["sign-in-ends-7"]),
        (SignInError("Xero has ended the sign-in.", "Sign in again."), ["sign-in-ends-7", "signed-out"]),
    ],
)
def test_what_keeps_it_from_being_renewed_is_told_once_it_matters(
    desk: Desk, error: DeskError, after: list[str]
) -> None:
    signed_in(desk, days_ago=54)
    renew_sign_in(desk.outside, FakeSignIn(error=error))
    assert warnings(desk) == after
    renew_sign_in(desk.outside, FakeSignIn())
    assert "sign-in-ends-7" not in warnings(desk)


def test_a_renewal_does_not_bring_back_a_sign_in_that_was_disconnected_meanwhile(desk: Desk) -> None:
    signed_in(desk, days_ago=59)
    gone = FakeSignIn()

    class Renewing(FakeSignIn):
        def renew(self) -> None:
            Connecting(sign_in=gone, settings_file=desk.settings, store=desk.store, clock=desk.clock).disconnect("Ann")

    renew_sign_in(desk.outside, Renewing())
    assert gone.done == ["sign_out"]
    assert desk.state().sign_in.renewed_at is None
    assert warnings(desk) == []


def test_missed_checks_are_one_row_in_history(desk: Desk) -> None:
    first = desk.clock.now
    for count, words in ((1, "1 check was not made: the computer slept."), (12, "12 checks were not made: ")):
        missed = MissedChecks(
            count=count, first_at=first, last_at=first + timedelta(hours=1), why="the computer slept."
        )
        note_missed(desk.outside, missed)
        event = desk.history()[-1].event
        assert event.what is AuditWhat.SKIPPED_RUN
        assert event.reason.startswith(words)
        assert event.evidence["checks"] == str(count)
