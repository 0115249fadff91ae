"""A year of checks with events at any instant: each is told once, never in quiet time, none is lost (UX C8)."""

import random
import re
import sys
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmxero_desktop.adapters.settings_file.closed_days import holidays_of, span_of
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.settings import Never, NoticeSettings, PollSettings, Settings
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.notices import Notice, NoticeBoard
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from tests.ui.views import firm_view, results_of, run, view_of

# What it runs of the program others run as well.
pytestmark = pytest.mark.untraced

# As rules rather than names, so that a system without a table of zones knows them.
ZONES = {
    "Australia/Sydney": ("AEST-10AEDT,M10.1.0,M4.1.0/3", "NSW"),
    "Australia/Darwin": ("ACST-9:30", "NT"),
    "Australia/Adelaide": ("ACST-9:30ACDT,M10.1.0,M4.1.0/3", "SA"),
    "Pacific/Auckland": ("NZST-12NZDT,M9.5.0,M4.1.0/3", "NZ Auckland"),
}
START = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
EVERY = timedelta(minutes=30)
CHRISTMAS = span_of("24 Dec to 3 Jan")
EMPTY = view_of(results_of(()), ())
ADD = next(row for row in firm_view().review if row.stored.proposal.kind is ProposalKind.ADD)
REMOVE = next(row for row in firm_view().review if row.stored.proposal.kind is ProposalKind.REMOVE)
WARNINGS = {
    AlertKind.OTHER_WRITER: "Case Manager's own Xero link seems to be on",
    AlertKind.REMOVAL_LIMIT: "Large change held",
    AlertKind.MAIL: "CM-Xero Desk needs attention",
}


@dataclass(frozen=True)
class Event:
    """Something that needs a person from `born` until `gone`: a row of Review, or a warning."""

    number: int
    what: ProposalKind | AlertKind
    born: datetime
    gone: datetime

    def row(self) -> ReviewRow:
        base = ADD if self.what is ProposalKind.ADD else REMOVE
        proposal = replace(base.stored.proposal, fingerprint=Fingerprint(f"{self.number:08x}" * 8))
        return replace(base, stored=replace(base.stored, proposal=proposal))

    def alert(self) -> Alert:
        assert isinstance(self.what, AlertKind)
        key = f"k{self.number}"
        return Alert(key=key, kind=self.what, rule=Rule.R27, explanation="Odd.", next_step="Look.", raised_at=self.born)


def events_of_a_year(chance: random.Random) -> list[Event]:
    kinds = [ProposalKind.ADD] * 5 + [ProposalKind.REMOVE] * 2 + [*WARNINGS]
    events = []
    for number in range(700):
        born = START + timedelta(seconds=chance.uniform(0, 365 * 86_400))
        lasts = timedelta(hours=chance.choice([0.2, 1, 5, 30, 100]) * chance.uniform(0.5, 1.5))
        events.append(Event(number, chance.choice(kinds), born, born + lasts))
    return sorted(events, key=lambda event: event.born)


@dataclass
class Listener:
    """Knows from the texts alone what a person was told, and holds each notice against what there was to tell."""

    settings: NoticeSettings
    zone: ZoneInfo
    told: set[int] = field(default_factory=set)
    said: list[tuple[datetime, Notice]] = field(default_factory=list)

    def is_quiet(self, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        is_closed = local.date() in self.settings.holidays.names or (
            (bool(self.settings.closed) and (local.month, local.day) >= (12, 24)) or (local.month, local.day) <= (1, 3)
        )
        hours = self.settings.quiet_from is not Never.OFF and not time(8, 30) <= local.time() < time(17, 30)
        return is_closed or hours or local.weekday() in self.settings.quiet_days

    def hear(self, notice: Notice, alive: list[Event], now: datetime) -> None:
        assert not self.is_quiet(now), f"{notice} at {now.astimezone(self.zone)}"
        untold = [event for event in alive if event.number not in self.told]
        if re.match("Good morning|Meanwhile", notice.title):
            self._hear_summary(notice, alive, untold)
            heard = alive
        elif notice.title.endswith("to approve"):
            heard = [event for event in alive if isinstance(event.what, ProposalKind)]
            assert notice.title.startswith(f"{len(heard)} payment")
        elif notice.title == "A payment was deleted in Xero":
            heard = [event for event in untold if event.what is ProposalKind.REMOVE]
            assert heard
            assert notice.text.startswith(f"{len(heard)} removal")
        else:
            kinds = {kind for kind, title in WARNINGS.items() if title == notice.title}
            heard = [event for event in untold if event.what in kinds]
            assert heard, f"{notice} is told twice"
        self.told |= {event.number for event in heard}
        self.said.append((now, notice))

    def _hear_summary(self, notice: Notice, alive: list[Event], untold: list[Event]) -> None:
        waiting = sum(isinstance(event.what, ProposalKind) for event in alive)
        assert (f"{waiting} to approve" in notice.title) == bool(waiting)
        for kind, noun in ((ProposalKind.ADD, "addition"), (ProposalKind.REMOVE, "removal")):
            number = sum(event.what is kind for event in untold)
            told = re.search(rf"(\d+) {noun}", notice.text)
            assert (int(told[1]) if told else 0) == number
        assert ("Nothing is new" in notice.text) == (not untold)


@pytest.fixture(params=ZONES)
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let this computer stand in one zone after the other."""
    if sys.platform == "win32":
        pytest.skip("Windows has one zone for all programs.")
    monkeypatch.setenv("TZ", ZONES[request.param][0])
    clock.tzset()
    yield request.param
    monkeypatch.undo()
    clock.tzset()


def settings_for(place: str, *, has_quiet_time: bool) -> NoticeSettings:
    assert CHRISTMAS is not None
    if has_quiet_time:
        return NoticeSettings(holidays=holidays_of(ZONES[place][1]), closed=(CHRISTMAS,))
    return NoticeSettings(quiet_from=Never.OFF, quiet_days=frozenset(), closed=(CHRISTMAS,))


@pytest.mark.parametrize("has_quiet_time", [True, False])
def test_in_a_year_each_event_is_told_once_and_none_in_quiet_time(place: str, *, has_quiet_time: bool) -> None:
    chance = random.Random(f"{place} {has_quiet_time}")
    notices = settings_for(place, has_quiet_time=has_quiet_time)
    settings = Settings(notices=notices, poll=PollSettings(interval_min=30))
    listener = Listener(notices, ZoneInfo(place))
    events, kept = events_of_a_year(chance), MemoryPreferences()
    board, content = NoticeBoard(kept), DeskContent(view=EMPTY, settings=settings)
    board.notice_for(content, START)
    now, opened_at, off_until, coming = START, None, START, 0
    alive: list[Event] = []
    while now < START + timedelta(days=365):
        now += EVERY
        if now < off_until:
            continue
        while coming < len(events) and events[coming].born <= now:
            alive.append(events[coming])
            coming += 1
        alive = [event for event in alive if event.gone > now]
        listener.told &= {event.number for event in alive}
        rows = tuple(event.row() for event in alive if isinstance(event.what, ProposalKind))
        alerts = tuple(event.alert() for event in alive if isinstance(event.what, AlertKind))
        content = replace(content, view=replace(EMPTY, review=rows, alerts=alerts, runs=(run(now),)))
        content = DeskContent(view=content.view, settings=settings)
        is_quiet, before = listener.is_quiet(now), len(listener.said)
        for notice in (board.notice_for(content, now), board.summary(now)):
            if notice is not None:
                listener.hear(notice, alive, now)
        assert len(listener.said) - before <= 1
        if not is_quiet and opened_at is None:
            untold = [event for event in alive if event.number not in listener.told]
            assert not untold, f"{untold} wait longer than until {now.astimezone(listener.zone)}"
        opened_at = None if is_quiet else opened_at or now
        if chance.random() < 0.004:
            # Closed and started again, at once or after a night, a weekend, a fortnight.
            board, opened_at = NoticeBoard(kept), None
            off_until = now + timedelta(hours=chance.choice([0, 2, 14, 60, 330]))
    summaries = [at.astimezone(listener.zone) for at, notice in listener.said if "Nothing is new" in notice.text]
    assert len(summaries) == len({at.date() for at in summaries}), "a summary without news comes once a day"
    assert len(listener.said) > 150


def test_after_a_quiet_weekend_there_is_exactly_one(place: str) -> None:
    settings = Settings(notices=settings_for(place, has_quiet_time=True), poll=PollSettings(interval_min=30))
    zone = ZoneInfo(place)
    friday = datetime.combine(date(2026, 11, 20), time(16), tzinfo=zone).astimezone(UTC)
    board, said = NoticeBoard(MemoryPreferences()), []
    board.notice_for(DeskContent(view=EMPTY, settings=settings), friday)
    for half_hours in range(1, 140):
        now = friday + half_hours * EVERY
        events = [Event(n, kind, friday, now) for n, kind in enumerate([*WARNINGS, *ProposalKind] * (half_hours // 20))]
        rows = tuple(e.row() for e in events if e.what in {ProposalKind.ADD, ProposalKind.REMOVE})
        alerts = tuple(e.alert() for e in events if isinstance(e.what, AlertKind))
        view = replace(EMPTY, review=rows, alerts=alerts, runs=(run(now),))
        said += [(now, n) for n in (board.notice_for(DeskContent(view=view, settings=settings), now),) if n is not None]
    assert [f"{at.astimezone(zone):%a %H:%M}" for at, _ in said] == ["Mon 08:30"]
    assert said[0][1].title == "Good morning: 12 to approve, 18 warnings"
    assert said[0][1].text.startswith("Case Manager's own Xero link seems to be on. New: 6 additions, 6 removals, ")
