"""A quarter, day by day: exactly the alerts, reminders and clearances that were written down beforehand (S1 to S10)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.services.checking.posting import Posting
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.sor.noticing import said_notices, take_notices
from tests.services.checking.test_posting import DOWN, MAIL
from tests.services.desk import Desk
from tests.services.fake_mail_server import FakeMailServer
from tests.services.fake_store import MemoryStore
from tests.services.sor.quarter import ASLEEP, EXPECTED, STATES, WITHOUT_SCHEDULE, Expected, Quarter, on

# The rules have tests of their own; three months of two desktops are long.
pytestmark = pytest.mark.untraced

AFTERNOON = timedelta(hours=3)


class TwoDesktops:
    """Two desktops on one store that take turns: one checks, both say what there is to be said; both start anew.

    Every sixth day the mail server refuses until the afternoon, and every seventh a desktop ends before it has said by
    the tray what it took.
    """

    def __init__(self, store: MemoryStore) -> None:
        self.first, self.second = Desk(store), Desk(store)
        for part in ("clock", "xero", "case", "settings"):
            setattr(self.second, part, getattr(self.first, part))
        self.store = store
        self.server = FakeMailServer()
        settings = self.first.settings.settings
        self.first.settings.settings = replace(settings, mail=MAIL)
        self.heard: list[SorNotice] = []

    def day(self, day: date) -> None:
        """Check twice and say what is due, each time by another desktop; every fifth day both were started anew."""
        for place, hours in enumerate((timedelta(), AFTERNOON)):
            self.first.clock.now += hours
            self.store.set_time = self.first.clock.now
            desks = [self.first, self.second] if (day.day + place) % 2 else [self.second, self.first]
            for desk in desks:
                if day.day % 5 == 0:
                    desk.restart()
                desk.polling.poll(PollAsk())
            self.server.error = DOWN if day.day % 6 == 0 and not place else None
            for desk in desks:
                self._say(desk, is_forgotten=day.day % 7 == 0 and desk is desks[0])
                self._mail(desk)

    def _holder(self, desk: Desk) -> str:
        return desk.desk.holder + str(desk is self.first)

    def _say(self, desk: Desk, *, is_forgotten: bool) -> None:
        """Say by the tray what is taken; a desktop that ends in between has said nothing, and another one says it."""
        taken = take_notices(desk.outside, NoticeWay.TRAY, self._holder(desk), is_quiet=True)
        if is_forgotten:
            self.first.clock.now += timedelta(minutes=11)
            return
        self.heard += taken
        said_notices(desk.outside, NoticeWay.TRAY, [notice.key for notice in taken])

    def _mail(self, desk: Desk) -> None:
        mailing = Mailing(
            settings_file=desk.settings, secrets=MemorySecrets(), server=self.server, clock=self.first.clock
        )
        Posting(desk.outside, mailing, self._holder(desk), lambda days, _: str(len(days))).send_waiting()

    def mailed(self) -> list[str]:
        """Return the keys of all that was in mails."""
        return [key for letter in self.server.letters for key in letter.key.split("+")]

    def alerts(self) -> list[SorAlert]:
        with self.store.read() as unit:
            return list(unit.sor.alerts())


@pytest.fixture(scope="module")
def lived() -> TwoDesktops:
    """Return the desktops after the quarter."""
    both = TwoDesktops(MemoryStore())
    quarter = Quarter(both.first)
    quarter.begin()
    for day in quarter.days():
        both.day(day)
    return both


def _told(alert: SorAlert) -> Expected:
    """Write an alert as the table does."""

    def text(day: date | None) -> str:
        return f"{day.month}-{day.day}" if day is not None else ""

    return Expected(
        invoice=alert.invoice_number.removeprefix("CM-"),
        kind=alert.kind.value,
        amount=str(alert.at_risk.amount),
        found=text(alert.first_seen_on),
        debit=text(alert.debit_on),
        is_entered=alert.debit_date_is is not None and alert.debit_date_is.value == "entered",
        passed=text(alert.passed_on),
        cleared=text(alert.ended_on) if alert.state.value == "cleared" else "",
        closed=text(alert.ended_on) if alert.state.value == "closed" else "",
    )


def test_every_alert_is_found_on_its_day_once_and_ends_as_it_should(lived: TwoDesktops) -> None:
    told = Counter(_told(alert) for alert in lived.alerts())
    assert told - Counter(EXPECTED) == Counter(), "raised, and not in the table"
    assert Counter(EXPECTED) - told == Counter(), "in the table, and not raised so"
    assert {one.end_state for one in EXPECTED} == {"cleared", "passed", "closed"}


def test_everything_is_said_once_on_its_day_and_nothing_else(lived: TwoDesktops) -> None:
    expected: Counter[tuple[str, str, date]] = Counter()
    for one in EXPECTED:
        expected[one.invoice, "found", on(one.found)] += 1
        expected.update((one.invoice, "reminder", day) for day in one.reminded())
        if one.passed:
            expected[one.invoice, "passed", on(one.passed)] += 1
        if one.cleared:
            expected[one.invoice, "cleared", on(one.cleared)] += 1
    # Two hours after the cancellation of its schedule.
    expected["108", "looked again", on("9-21")] += 1
    # Its second try, on the third, brought no instalment: by the seventh a debit from a bank has long cleared.
    expected["123", "not retried", on("10-7")] += 1
    heard = Counter((n.invoice_number.removeprefix("CM-"), n.kind.value, n.on) for n in lived.heard)
    assert heard - expected == Counter(), "said, and not in the table"
    assert expected - heard == Counter(), "in the table, and not said"
    assert len(heard) > 100
    assert not {day for _, _, day in heard} & ASLEEP


def test_everything_that_is_said_is_mailed_once_and_on_the_same_day_although_the_server_refuses(
    lived: TwoDesktops,
) -> None:
    assert Counter(lived.mailed()) == Counter(notice.key for notice in lived.heard)
    assert lived.server.asked > len(lived.server.letters), "it refused now and then"
    days = {notice.key: notice.on for notice in lived.heard}
    for letter in lived.server.letters:
        # A reminder of yesterday would be none; and what was refused in the morning went in the afternoon.
        assert len({days[key] for key in letter.key.split("+")}) == 1
    assert any("SOR watch:" in letter.subject for letter in lived.server.letters), "many at once are one mail"
    with_calendar = {key for letter in lived.server.letters if letter.calendar for key in letter.key.split("+")}
    assert {notice.key for notice in lived.heard if notice.kind.value in {"found", "reminder"}} <= with_calendar


def test_schedules_stand_as_the_story_left_them_s1(lived: TwoDesktops) -> None:
    with lived.store.read() as unit:
        states = {s.numbers[0].removeprefix("CM-"): s.state for s in unit.sor.schedules()}
    assert {number: states.get(number) for number in STATES} == STATES
    assert WITHOUT_SCHEDULE not in states


def test_removal_days_are_xeros_although_the_computer_slept_s4(lived: TwoDesktops) -> None:
    removed = {a.invoice_number: a.removed_on for a in lived.alerts() if a.invoice_number in {"CM-111", "CM-112"}}
    assert removed == {"CM-111": on("10-18"), "CM-112": on("10-21")}
