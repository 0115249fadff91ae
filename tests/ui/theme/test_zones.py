"""Where this computer's clock is not the firm's, it is told whose the times and whose the days are."""

from datetime import timedelta

import pytest

from cmxero_desktop.ui.theme import zones
from cmxero_desktop.ui.theme.zones import zone_difference, zone_note
from tests.ui.conftest import MakeStage
from tests.ui.story import story_view
from tests.ui.views import FIRMS_ZONE, NOW


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (timedelta(hours=11), ""),
        (timedelta(hours=8), "3 hours ahead of"),
        (timedelta(hours=13), "2 hours behind"),
        (timedelta(hours=9, minutes=30), "1 hour 30 minutes ahead of"),
        (timedelta(hours=10, minutes=30), "30 minutes ahead of"),
    ],
)
def test_how_the_firms_time_stands_to_this_computers(
    monkeypatch: pytest.MonkeyPatch, here: timedelta, said: str
) -> None:
    monkeypatch.setattr(zones, "offset_here", lambda _: here)
    assert zone_difference(FIRMS_ZONE, NOW) == said
    assert bool(zone_note(FIRMS_ZONE, NOW)) == bool(said)


@pytest.mark.parametrize("unknown", ["", "Nowhere/Nothing", "../etc"])
def test_of_a_zone_that_nobody_knows_nothing_is_said(unknown: str) -> None:
    assert zone_note(unknown, NOW) == ""


def test_it_is_said_where_times_and_days_stand_beside_each_other(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_office = make_stage(story_view()).window
    assert in_office.history.zone.isHidden()
    assert in_office.tabs.sor.zone.isHidden()
    assert "\n" not in in_office.header.freshness.toolTip()
    monkeypatch.setattr(zones, "offset_here", lambda _: timedelta(hours=8))
    away = make_stage(story_view()).window
    note = (
        "Times of day are this computer's; days that count, such as the last safe day and Ready on, are the firm's in "
        "Xero (Australia/Melbourne, 3 hours ahead of this computer)."
    )
    assert away.history.zone.text() == note
    assert away.tabs.sor.zone.text() == note
    assert note in away.header.freshness.toolTip()
    assert "3 hours ahead of this computer" in away.health.lines["Xero"].text()
