"""Nothing stale is ever shown as fresh, and what can be done about it stands beside it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.reports import ApplyReport
from cmxero_desktop.services.records.runs import Allowance, LastComparison, Pause, PollOutcome, PollProgress, Trigger
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.commands.writing import Apply
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import Offer, TrayState, freshness_of, tray_state
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.theme.colours import Tone
from tests.ui.conftest import Stage
from tests.ui.views import NOW, firm_view, results_of, run, view_of

HOUR = timedelta(hours=1)
DAY_LIMIT = Pause(until=NOW + HOUR, because="Xero's limit of calls a day for this organisation is used up")


def content_at(
    age: timedelta, *, outcome: PollOutcome = PollOutcome.DONE, pause: Pause | None = None, is_warned: bool = False
) -> DeskContent:
    """Return what was checked `age` ago; a later try ended as told."""
    view = view_of(results_of(()), (), polled_at=NOW - age)
    alert = Alert(key="s", kind=AlertKind.SIGN_IN, rule=Rule.SIGN_IN, explanation="E.", next_step="N.", raised_at=NOW)
    runs = (run(NOW, outcome, "Because."),) if outcome is not PollOutcome.DONE else view.runs
    state = replace(view.state, allowance=Allowance(pause=pause))
    return DeskContent(
        view=replace(view, runs=runs, state=state, alerts=(alert,) if is_warned else ()), settings=Settings()
    )


ages = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
pauses = st.one_of(
    st.none(), st.builds(Pause, until=st.datetimes().map(lambda at: at.astimezone()), because=st.just("x"))
)


@given(age=ages, outcome=st.sampled_from(PollOutcome), pause=pauses, is_warned=st.booleans(), is_troubled=st.booleans())
def test_stale_is_never_called_fresh(
    age: timedelta,
    outcome: PollOutcome,
    pause: Pause | None,
    is_warned: bool,  # noqa: FBT001 - given by hypothesis
    is_troubled: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    content = content_at(age, outcome=outcome, pause=pause, is_warned=is_warned)
    shown = freshness_of(content, NoSchedule(), NOW, is_checking=False, is_troubled=is_troubled)
    state = tray_state(content, NoSchedule(), NOW, is_troubled=is_troubled)
    interval = timedelta(minutes=content.settings.poll.interval_min)
    assert shown.is_fresh == (-timedelta(minutes=2) <= age <= 2 * interval)
    assert shown.is_fresh or shown.tone is not Tone.GOOD
    assert ("up to date" in shown.text) == (shown.tone is Tone.GOOD)
    assert not (is_troubled and shown.tone is Tone.GOOD)
    if is_troubled or not shown.is_fresh:
        assert state not in {TrayState.UP_TO_DATE, TrayState.WAITING}
    assert (shown.offer is Offer.SIGN_IN) <= (outcome is PollOutcome.SIGNED_OUT and not is_warned)


@pytest.mark.parametrize(
    ("content", "text", "offer"),
    [
        (content_at(timedelta(minutes=1)), "Checked 10:44 - up to date", Offer.NOTHING),
        (
            content_at(timedelta(minutes=1), pause=DAY_LIMIT),
            "Checked 10:44 - paused until 11:45, because Xero's limit of calls a day for this organisation is used up",
            Offer.CHECK_ANYWAY,
        ),
        (
            content_at(3 * HOUR, pause=DAY_LIMIT),
            (
                "Not checked since 07:45; may be incomplete - paused until 11:45, because Xero's limit of "
                "calls a day for this organisation is used up"
            ),
            Offer.CHECK_ANYWAY,
        ),
        (
            content_at(timedelta(minutes=1), pause=replace(DAY_LIMIT, until=NOW + timedelta(days=400))),
            "Checked 10:44 - up to date",
            Offer.NOTHING,
        ),
        (
            content_at(timedelta(minutes=9), outcome=PollOutcome.BROKEN),
            "Checked 10:36 - Xero does not answer as it should",
            Offer.NOTHING,
        ),
        (
            content_at(timedelta(minutes=9), outcome=PollOutcome.SIGNED_OUT),
            "Checked 10:36 - signed out of Xero",
            Offer.SIGN_IN,
        ),
        (
            content_at(-HOUR),
            "This computer's clock was changed, so nobody knows how fresh this is: check Xero",
            Offer.NOTHING,
        ),
    ],
)
def test_each_state_in_its_words(content: DeskContent, text: str, offer: Offer) -> None:
    shown = freshness_of(content, NoSchedule(), NOW, is_checking=False)
    assert (shown.text, shown.offer) == (text, offer)


def test_an_organisation_that_was_never_checked_says_why() -> None:
    content = content_at(HOUR, outcome=PollOutcome.OFFLINE)
    never = replace(content, view=replace(content.view, state=replace(content.view.state, comparison=LastComparison())))
    assert freshness_of(never, NoSchedule(), NOW, is_checking=False).text == "Not checked yet - no connection to Xero"
    assert freshness_of(never, NoSchedule(), NOW, is_checking=True).text == "Checking Xero for the first time…"
    waits = replace(
        never, view=replace(never.view, state=replace(never.view.state, allowance=Allowance(pause=DAY_LIMIT)))
    )
    shown = freshness_of(waits, NoSchedule(), NOW, is_checking=False)
    assert shown.text.startswith("Not checked yet - paused until 11:45, because")
    assert shown.offer is Offer.CHECK_ANYWAY


def test_a_pause_can_be_ended_from_the_head(stage: Stage) -> None:
    view = firm_view()
    stage.fake.desk_view = replace(view, state=replace(view.state, allowance=Allowance(pause=DAY_LIMIT)))
    stage.window.desk.refresh()
    stage.settle()
    header = stage.window.header
    assert header.offer_button.text().replace("&", "") == "Check anyway"
    header.offer_button.click()
    assert stage.window.desk.is_checking
    stage.settle()
    assert stage.fake.asks[-1].ends_pause


def test_a_wait_has_an_end_and_can_be_stopped_while_the_worker_waits(stage: Stage) -> None:
    stage.window.desk.check()
    header, look = stage.window.header, stage.window.pulse.look
    stage.fake.progress = PollProgress(text="Reading payments from Xero: 12,000 so far")
    look()
    assert header.freshness.text() == "Reading payments from Xero: 12,000 so far…"
    assert not header.offer_button.isVisible()
    goes_on = datetime(2026, 11, 25, 10, 46, tzinfo=NOW.tzinfo)
    stage.fake.progress = PollProgress(text="Xero's limit of 60 calls a minute is used up.", waits_until=goes_on)
    look()
    at = f"{goes_on.astimezone():%H:%M:%S}"
    assert header.freshness.text() == f"Xero's limit of 60 calls a minute is used up - goes on at {at}"
    header.offer_button.click()
    assert stage.fake.calls[-1] == ("stop_waiting",)
    stage.fake.progress = None
    look()
    assert "goes on" not in header.freshness.text(), "at once, not with the next tick"
    assert not header.offer_button.isVisible()


def test_progress_is_looked_at_while_the_worker_works_at_anything(stage: Stage) -> None:
    timer = stage.window.pulse.looks
    assert not timer.isActive()
    stage.window.desk.change(Apply(ids=("p-1",), by="Ann"), "Applying…")
    assert timer.isActive(), "an apply reads Xero too, and may have to wait"
    stage.fake.progress = PollProgress(text="Waiting.", waits_until=NOW)
    stage.window.pulse.look()
    assert "Waiting" in stage.window.header.freshness.text()
    stage.fake.progress = None
    stage.settle()
    assert not timer.isActive()
    assert "Waiting" not in stage.window.header.freshness.text()


def test_what_was_written_is_told_although_nothing_can_be_read_afterwards(stage: Stage) -> None:
    def full(_: ReadView) -> DeskView:
        raise StoreError("The program's store could not be read: the disk is full.", "Make room.")

    stage.fake.answer(ReadView.handled_by(full))
    told: list[ApplyReport] = []
    stage.window.desk.change(Apply(ids=("p-1",), by="Ann"), "Applying…", told.append)
    stage.settle()
    assert [row.row_id for report in told for row in report.applied] == ["p-1"]
    assert len(stage.window.bands.bands) == 1, "and why nothing new is shown"


@pytest.mark.parametrize("trigger", [Trigger.PERSON, Trigger.SCHEDULE])
def test_a_check_that_was_not_made_is_explained_to_whoever_asked_for_it(stage: Stage, trigger: Trigger) -> None:
    reason = "Another desktop checks this store now."
    stage.fake.poll_run = replace(run(NOW, PollOutcome.ELSEWHERE, reason), trigger=trigger)
    stage.window.desk.check()
    stage.settle()
    assert stage.window.bands.bands == [], "nothing is wrong"
    assert (stage.window.strip.busy.text() == reason) == (trigger is Trigger.PERSON)


def test_the_pauses_are_in_the_head_too(stage: Stage) -> None:
    menu = stage.window.pause_menu
    stage.window.header.pause_button.click()
    assert menu.isVisible()
    menu.actions()[0].trigger()
    menu.close()
    assert stage.schedule.paused_until == NOW + HOUR
    assert "paused until 11:45" in stage.window.header.freshness.text()
    stage.window.header.pause_button.click()
    menu.resume_action.trigger()
    menu.close()
    assert not stage.schedule.is_paused
