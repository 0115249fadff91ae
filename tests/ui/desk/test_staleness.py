"""What is too old to apply by says why, as far as that is known, and what to do about it."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import Pause, PollOutcome
from cmxero_desktop.services.records.settings import PollSettings, Settings, WorkingHours
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.bell import items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.notices import NOT_CHECKING
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.desk.staleness import too_old
from tests.ui.conftest import MakeStage
from tests.ui.desk.test_failing import Stopped, failing
from tests.ui.story import stale_view
from tests.ui.views import NOW, entry, firm_view, run

GOOD = NOW - timedelta(hours=2)
CLOSED = " What stands here may be incomplete, and Apply is closed until the next good check. Check now (F5)."


class Paused(NoSchedule):
    """A schedule that somebody paused."""

    @property
    def is_paused(self) -> bool:
        """Yes."""
        return True

    @property
    def paused_until(self) -> datetime | None:
        """Until somebody resumes it."""
        return None


def old(view: DeskView | None = None) -> DeskView:
    view = view or firm_view()
    comparison = replace(view.state.comparison, last_polled_at=GOOD)
    return replace(view, state=replace(view.state, comparison=comparison))


def why(view: DeskView, schedule: NoSchedule | None = None, settings: Settings | None = None) -> str:
    said = too_old(DeskContent(view=view, settings=settings or Settings()), schedule or NoSchedule(), NOW)
    return said.text if said is not None else ""


def test_nothing_is_said_of_what_is_fresh_was_never_read_or_is_told_by_others() -> None:
    view = firm_view()
    assert not why(view)
    assert not why(
        replace(view, state=replace(view.state, comparison=replace(view.state.comparison, last_polled_at=None)))
    )
    assert not why(old(), Stopped())
    assert too_old(None, NoSchedule(), NOW) is None


def test_what_the_last_try_met_is_the_reason() -> None:
    tried = run(NOW - timedelta(minutes=4), PollOutcome.AWAY, "SRV02 does not answer.")
    said = why(replace(old(), runs=(tried,)))
    assert said.startswith("Not checked since 08:4")
    assert "the last try, at 10:4" in said
    assert said.endswith(f", did not come about: SRV02 does not answer.{CLOSED}")


def test_what_history_says_of_checks_that_were_not_made_is_the_reason() -> None:
    missed = entry(90, AuditWhat.SKIPPED_RUN, by="the program", at=NOW - timedelta(minutes=1), stored=None)
    missed = replace(missed, event=replace(missed.event, reason="9 checks were not made: this computer slept."))
    view = replace(old(), runs=(), history=(missed,))
    assert f": 9 checks were not made: this computer slept.{CLOSED}" in why(view)
    assert "it is not known why: this computer may have slept" in why(replace(view, history=()))


@pytest.mark.parametrize("kind", ["paused", "hours", "xero"])
def test_what_is_wanted_so_is_no_alarm(kind: str) -> None:
    view, settings = replace(old(), runs=()), Settings()
    if kind == "hours":
        settings = replace(settings, poll=PollSettings(working_hours=WorkingHours(time(1), time(2))))
    if kind == "xero":
        pause = Pause(until=NOW + timedelta(hours=1), because="its limit is used up")
        view = replace(view, state=replace(view.state, allowance=replace(view.state.allowance, pause=pause)))
    schedule = Paused() if kind == "paused" else NoSchedule()
    content = DeskContent(view=view, settings=settings)
    said = too_old(content, schedule, NOW)
    assert said is not None
    assert said.is_wanted
    words = {
        "paused": "checking is paused (Resume",
        "hours": "outside the hours",
        "xero": "because its limit is used up",
    }
    assert words[kind] in said.text


def test_the_window_says_it_in_a_band_that_checks_and_in_the_bell(make_stage: MakeStage) -> None:
    stage = make_stage(stale_view())
    window = stage.window
    (band,) = [band for band in window.bands.bands if band.text.startswith("Not checked since 08:52: ")]
    (item,) = [item for item in window.bell.items if item.about == NOT_CHECKING]
    assert item.text == band.text
    stage.fake.desk_view = firm_view()
    band.pressed.emit()
    assert not [band for band in window.bands.bands if band.text.startswith("Not checked")], "it is being checked"
    stage.settle()
    assert not [item for item in window.bell.items if item.about == NOT_CHECKING]


def test_checks_that_fail_are_told_once(make_stage: MakeStage) -> None:
    window = make_stage(failing(firm_view())).window
    assert (
        len([band for band in window.bands.bands if "ave failed since" in band.text or "Not checked" in band.text]) == 1
    )
    content = window.desk.content
    assert content is not None
    assert len([item for item in items_of(content) if item.about == NOT_CHECKING]) == 1
