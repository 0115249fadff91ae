"""Where nothing is checked the window says so by itself, from what is stored: since when, why, and what goes on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.kept_view import RUNS_SHOWN
from cmxero_desktop.ui.desk.bell import items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.desk.failing import unchecked
from cmxero_desktop.ui.desk.freshness import TrayState, tray_state
from cmxero_desktop.ui.desk.notices import NOT_CHECKING, NoticeBoard
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.theme.formatting import moment
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, firm_view, results_of, run, view_of

MINUTE = timedelta(minutes=1)


class Planned(NoSchedule):
    """A schedule that checks next at 10:50."""

    @property
    def next_check_at(self) -> datetime | None:
        """Five minutes from now."""
        return NOW + 5 * MINUTE


class Stopped(NoSchedule):
    """A schedule that a fault stopped an hour ago."""

    @property
    def still_since(self) -> datetime | None:
        """Since 09:45."""
        return NOW - 60 * MINUTE


def failing(view: DeskView, outcome: PollOutcome = PollOutcome.OFFLINE, *ago: int) -> DeskView:
    """Return a view whose last checks failed so many minutes ago; the last good one was at 10:15."""
    runs = tuple(run(NOW - minutes * MINUTE, outcome, "Why.") for minutes in ago or (15, 5))
    comparison = replace(view.state.comparison, last_polled_at=NOW - 30 * MINUTE)
    return replace(view, runs=runs, state=replace(view.state, comparison=comparison))


def content_of(view: DeskView) -> DeskContent:
    return DeskContent(view=view, settings=Settings())


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (view_of(results_of(()), ()), ""),
        (failing(firm_view(), PollOutcome.OFFLINE, 2), ""),
        (failing(firm_view(), PollOutcome.PUT_OFF), ""),
        (
            failing(firm_view()),
            (
                "Checks of Xero have failed since 10:30. No connection to Xero. What stands here is from 10:15. "
                "It is tried again at 10:50."
            ),
        ),
        (
            failing(firm_view(), PollOutcome.SIGNED_OUT),
            (
                "Checks of Xero have failed since 10:30. Signed out of Xero. What stands here is from 10:15. "
                "Sign in again: File, Connection to Xero."
            ),
        ),
    ],
)
def test_it_says_since_when_why_and_what_goes_on(view: DeskView, text: str) -> None:
    assert unchecked(content_of(view), Planned(), NOW) == text


def test_where_none_of_the_known_checks_worked_it_began_with_the_last_good_one() -> None:
    """A weekend has more failed checks than are kept in sight: the oldest of these is not the first."""
    view = failing(firm_view(), PollOutcome.OFFLINE, *range(5, 5 + 10 * RUNS_SHOWN, 10))
    friday = NOW - timedelta(days=3)
    state = replace(view.state, comparison=replace(view.state.comparison, last_polled_at=friday))
    content = content_of(replace(view, state=state))
    assert unchecked(content, NoSchedule(), NOW).startswith(f"Checks of Xero have failed since {moment(friday)}. ")
    (item,) = [item for item in items_of(content) if item.about == NOT_CHECKING]
    assert item.title == f"Checks of Xero have failed since {moment(friday)}"
    later = replace(
        content, view=replace(content.view, runs=failing(firm_view(), PollOutcome.OFFLINE, *range(0, 200, 10)).runs)
    )
    assert [item.key for item in items_of(later) if item.about == NOT_CHECKING] == [item.key], "no news with each check"
    board = NoticeBoard()
    board.notice_for(content_of(firm_view()), NOW)
    notice = board.notice_for(content, NOW)
    assert notice is not None
    assert notice.title == f"Not checking Xero since {moment(friday)}"
    assert notice.text.endswith(f"Last good data from {moment(friday)}.")
    few = replace(content, view=replace(content.view, runs=content.view.runs[:-1]))
    assert unchecked(few, NoSchedule(), NOW).startswith("Checks of Xero have failed since 07:")


def test_a_warning_of_the_sign_in_says_it_already() -> None:
    alert = Alert(key="s", kind=AlertKind.SIGN_IN, rule=Rule.SIGN_IN, explanation="E.", next_step="N.", raised_at=NOW)
    view = replace(failing(firm_view(), PollOutcome.SIGNED_OUT), alerts=(alert,))
    assert not unchecked(content_of(view), NoSchedule(), NOW)


def test_a_schedule_that_stopped_and_a_desk_without_one() -> None:
    assert unchecked(None, Stopped(), NOW) == (
        "Nothing has been checked since 09:45: the schedule stopped. Check by hand, or quit and start again."
    )
    assert unchecked(content_of(failing(firm_view())), NoSchedule(), NOW).endswith("Check again by hand.")


def test_the_window_says_it_once_until_a_check_works(make_stage: MakeStage) -> None:
    stage = make_stage(failing(firm_view()))
    window = stage.window
    (band,) = [band for band in window.bands.bands if "Checks of Xero have failed since" in band.text]
    assert "up to date" not in window.header.freshness.text()
    assert tray_state(window.desk.content, NoSchedule(), NOW) is TrayState.NOT_CHECKING
    window.desk.troubled.emit(Trouble("No connection to Xero", "Gone.", "", is_of_check=True))
    assert len(window.bands.bands) == 1, "the same is not said twice"
    stage.fake.desk_view = firm_view()
    band.pressed.emit()
    assert window.desk.is_checking
    stage.settle()
    assert window.bands.bands == []
    assert window.header.freshness.text() == "Checked 10:42 - up to date"


def test_nothing_is_called_up_to_date_beside_a_trouble(stage: Stage) -> None:
    window = stage.window
    assert window.header.freshness.text() == "Checked 10:42 - up to date"
    window.desk.troubled.emit(Trouble("Case Manager is not there", "It cannot be reached.", "Check again."))
    assert window.header.freshness.text() == "Checked 10:42 - see the warning"
    assert window.tray.icon.toolTip().startswith("Needs attention")
    window.desk.check()
    stage.settle()
    assert window.header.freshness.text() == "Checked 10:42 - up to date"
    assert not window.tray.icon.toolTip().startswith("Needs attention")
