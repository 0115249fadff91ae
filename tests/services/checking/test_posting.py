"""Notices of the SOR watch go out by mail once, and what a server refuses waits without a storm (S4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.closed_days import PublicHolidays
from cmxero_desktop.domain.errors import MailError, StoreError
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice, SorNoticeKind
from cmxero_desktop.services.checking.posting import Posting
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.settings import MailSettings, Never, NoticeSettings
from tests.services.desk import Desk
from tests.services.fake_mail_server import FakeMailServer
from tests.ui.sor_boards import OUTSIDE

MAIL = MailSettings(host="smtp.firm.example", sender="desk@firm.example", recipients=("ann@firm.example",))
DOWN = MailError("The mail server does not answer.", "Look at it.")
WRONG = MailError("The mail server refused the login.", "Look at the password.", is_lasting=True)


class PostRoom:
    """A desk with a mail server, and the desktops that share it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.server = FakeMailServer()
        desk.settings.settings = replace(desk.settings.settings, mail=MAIL)

    def posting(self, holder: str = "desk-1") -> Posting:
        mailing = Mailing(
            settings_file=self.desk.settings, secrets=MemorySecrets(), server=self.server, clock=self.desk.clock
        )
        return Posting(self.desk.outside, mailing, holder, lambda days, _: " ".join(day.uid for day in days))

    def post(self, *keys: str, kind: SorNoticeKind = SorNoticeKind.PASSED, alert_key: str = OUTSIDE.key) -> None:
        notices = [
            SorNotice(
                key=key,
                kind=kind,
                schedule_id="A",
                invoice_number="CM-22002",
                on=date(2026, 11, 22),
                title=f"Title {key}",
                text=f"Text {key}.",
                alert_key=alert_key,
            )
            for key in keys
        ]
        with self.desk.store.begin() as unit:
            unit.sor.save_alerts([replace(OUTSIDE, first_seen_on=date(2026, 11, 22))])
            unit.sor.post(notices)
            unit.commit()

    def alerts(self) -> list[Alert]:
        with self.desk.store.read() as unit:
            return [alert for alert in unit.alerts.standing() if alert.kind is AlertKind.MAIL]

    def pass_time(self, **parts: int) -> None:
        self.desk.clock.now += timedelta(**parts)


@pytest.fixture
def room(desk: Desk) -> PostRoom:
    return PostRoom(desk)


def test_a_notice_goes_once_also_after_a_restart_and_by_another_desktop_s4(room: PostRoom) -> None:
    room.post("a")
    for holder in ("desk-1", "desk-1", "desk-2"):
        room.posting(holder).send_waiting()
    (letter,) = room.server.letters
    assert (letter.key, letter.subject) == ("a", "Title a")
    assert letter.text.startswith("Text a.\n")
    assert letter.calendar == f"{OUTSIDE.key}@sor.cm-xero-desk"
    assert room.alerts() == []


def test_no_mail_goes_while_the_office_is_closed_where_the_watch_keeps_quiet_hours(room: PostRoom) -> None:
    """UX C8: on public holidays and days of the firm's own nobody is written to, unless it may break through."""
    kept = room.desk.settings.settings
    today = room.desk.clock().astimezone().date()
    always = NoticeSettings(
        quiet_from=Never.OFF, quiet_days=frozenset(), holidays=PublicHolidays("VIC", {today: "Cup"})
    )
    breaking, waiting = (replace(kept.sor, breaks_quiet_hours=breaks) for breaks in (True, False))
    room.post("a")
    room.desk.settings.settings = replace(kept, notices=always, sor=waiting)
    room.posting().send_waiting()
    assert room.server.letters == []
    room.desk.settings.settings = replace(kept, notices=always, sor=breaking)
    room.posting().send_waiting()
    assert [letter.key for letter in room.server.letters] == ["a"]
    room.post("b")
    room.desk.settings.settings = replace(kept, notices=always, sor=waiting)
    room.pass_time(days=1)
    room.posting().send_waiting()
    assert {"a", "b"} < {letter.key for letter in room.server.letters}, "it waits until the office is open"


def test_a_mail_brings_the_newest_hash_along_and_is_noted(room: PostRoom) -> None:
    with room.desk.store.begin() as unit:
        unit.audit.append([AuditEvent(at=room.desk.clock(), by="Ann", what=AuditWhat.SOR, reason="r")])
        unit.commit()
    room.post("a")
    room.posting().send_waiting()
    with room.desk.store.read() as unit:
        (newest,) = unit.audit.entries(newest=1)
        sent = unit.sor.mail_sent()
    assert room.server.letters[0].text.endswith(f"Newest entry of the audit trail: 1, hash {newest.entry_hash}.")
    assert sent is not None
    assert sent.subject == "Title a"


def test_what_a_refusing_server_did_not_take_is_not_noted_as_sent(room: PostRoom) -> None:
    room.post("a")
    room.server.error = DOWN
    room.posting().send_waiting()
    with room.desk.store.read() as unit:
        assert unit.sor.mail_sent() is None


@pytest.mark.allow_log
def test_what_nobody_foresaw_in_a_mail_is_an_alert_and_hides_no_check_s4(room: PostRoom) -> None:
    room.post("a")
    room.server.error = ArithmeticError("p4ssword")  # type: ignore[assignment]  # whatever it is
    room.posting().send_waiting()
    (alert,) = room.alerts()
    assert "(ArithmeticError)" in alert.explanation
    assert "p4ssword" not in alert.explanation
    room.server.error = None
    room.pass_time(hours=5)
    room.posting().send_waiting()
    assert (len(room.server.letters), room.alerts()) == (1, [])


@pytest.mark.allow_log
def test_neither_does_anything_else_that_goes_wrong_beside_a_mail_s4(
    room: PostRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object, **__: object) -> None:
        raise ArithmeticError("odd")

    room.post("a")
    monkeypatch.setattr("cmxero_desktop.services.checking.posting.take_notices", odd)
    room.posting().send_waiting()
    assert room.server.letters == []


def test_what_another_desktop_is_sending_is_not_sent_twice_s4(room: PostRoom) -> None:
    room.post("a")
    with room.desk.store.begin() as unit:
        now = room.desk.clock()
        assert unit.sor.take(NoticeWay.MAIL, "desk-2", now, now + timedelta(minutes=10), lambda _: True)
        unit.commit()
    room.posting().send_waiting()
    assert room.server.letters == []
    # It ended before it said that it had sent it.
    room.pass_time(minutes=11)
    room.posting().send_waiting()
    assert [letter.key for letter in room.server.letters] == ["a"]


def test_many_notices_are_one_mail_s4(room: PostRoom) -> None:
    room.post("a", "b", "c")
    room.posting().send_waiting()
    assert [letter.subject for letter in room.server.letters] == ["Title a", "Title b", "Title c"]
    room.post("d", "e", "f", "g")
    room.posting().send_waiting()
    last = room.server.letters[-1]
    assert (last.key, last.subject) == ("d+e+f+g", "SOR watch: 4 notices")
    assert "Title e\n\nText e." in last.text


def test_a_notice_without_a_debit_date_has_no_calendar_s4(room: PostRoom) -> None:
    room.post("a", kind=SorNoticeKind.LOOKED_AGAIN, alert_key="")
    room.posting().send_waiting()
    assert [letter.calendar for letter in room.server.letters] == [""]


def test_without_a_mail_server_nothing_is_taken_s4(room: PostRoom) -> None:
    room.desk.settings.settings = replace(room.desk.settings.settings, mail=MailSettings())
    room.post("a")
    room.posting().send_waiting()
    room.desk.settings.settings = replace(room.desk.settings.settings, mail=MAIL)
    room.posting().send_waiting()
    assert [letter.key for letter in room.server.letters] == ["a"]


@pytest.mark.parametrize(
    ("error", "wait", "again"),
    [
        (DOWN, timedelta(minutes=15), "after a quarter of an hour"),
        (WRONG, timedelta(hours=4), "in four hours"),
    ],
)
def test_what_is_refused_waits_and_is_told_once_s4(
    room: PostRoom, error: MailError, wait: timedelta, again: str
) -> None:
    room.post("a")
    room.server.error = error
    for _ in range(5):
        room.posting().send_waiting()
    assert room.server.asked == 1
    (alert,) = room.alerts()
    assert alert.explanation == f"1 warning of the SOR watch was not sent by mail: {error.message}"
    assert alert.next_step == f"{error.remedy} It is tried again {again}."
    room.desk.clock.now += wait
    room.posting().send_waiting()
    assert room.server.asked == 2
    assert len(room.alerts()) == 1
    with room.desk.store.read() as unit:
        assert sum("not sent by mail" in entry.event.reason for entry in unit.audit.entries()) == 1
    room.server.error = None
    room.desk.clock.now += wait
    room.posting().send_waiting()
    assert [letter.key for letter in room.server.letters] == ["a"]
    assert room.alerts() == []


def test_what_was_sent_before_a_refusal_is_not_sent_again_s4(room: PostRoom) -> None:
    room.post("a", "b")
    sent = room.server.send

    def only_first(*asked: object) -> tuple[str, ...]:
        if room.server.letters:
            raise DOWN
        return sent(*asked)  # type: ignore[arg-type] # handed on as it came

    room.server.send = only_first  # type: ignore[method-assign, assignment] # this test's own server
    room.posting().send_waiting()
    (alert,) = room.alerts()
    assert alert.explanation.startswith("2 warnings of the SOR watch were not sent")
    room.server.send = sent  # type: ignore[method-assign] # as above
    room.pass_time(minutes=20)
    room.posting().send_waiting()
    assert [letter.key for letter in room.server.letters] == ["a", "b"]


def test_a_clock_that_was_put_back_does_not_keep_mails_waiting_s4(room: PostRoom) -> None:
    room.post("a")
    room.server.error = WRONG
    room.posting().send_waiting()
    room.server.error = None
    room.pass_time(hours=-3)
    room.posting().send_waiting()
    assert len(room.server.letters) == 1


def test_a_recipient_that_is_refused_is_told_and_the_mail_counts_as_sent_s4(room: PostRoom) -> None:
    room.post("a")
    room.server.refused = ("bob@firm.example",)
    room.posting().send_waiting()
    room.posting().send_waiting()
    assert len(room.server.letters) == 1
    assert "refused bob@firm.example; the others got" in room.alerts()[0].explanation
    room.server.refused = ()
    room.post("b")
    room.posting().send_waiting()
    assert room.alerts() == []


@pytest.mark.allow_log("cmxero_desktop.services.checking.posting")
def test_a_store_that_fails_fails_no_check(room: PostRoom, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> object:
        raise StoreError("The disk is full.")

    room.posting()
    room.desk.store.begin = fail  # type: ignore[method-assign, assignment] # this test's own store
    room.posting().send_waiting()
    assert "could not be sent: StoreError" in caplog.text
