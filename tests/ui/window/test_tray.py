"""What the tray says: state by shape, tooltip, menu, and notifications that do not nag."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollOutcome, SignInAge
from cmxero_desktop.services.records.settings import Never, NoticeSettings, Settings
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.bell import BellMemory, items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import TrayState, freshness_of, tray_state, tray_tooltip
from cmxero_desktop.ui.desk.noted import SKIPPED_DUE, UNMATCHED_DUE
from cmxero_desktop.ui.desk.notices import NoticeBoard
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.desk.silence import Silence
from cmxero_desktop.ui.health.lines import lines_of
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.window.tray import state_icon
from tests.ui.conftest import MakeStage, Stage
from tests.ui.sor_boards import sor_board
from tests.ui.views import NOW, firm_view, results_of, run, view_of

HOUR = timedelta(hours=1)


def content_of(view: DeskView) -> DeskContent:
    return DeskContent(view=view, settings=Settings())


def empty() -> DeskContent:
    return content_of(view_of(results_of(()), ()))


def only(*kinds: ProposalKind) -> DeskContent:
    view = firm_view()
    return content_of(replace(view, review=tuple(r for r in view.review if r.stored.proposal.kind in kinds)))


def alert(kind: AlertKind, key: str = "k") -> Alert:
    return Alert(key=key, kind=kind, rule=Rule.R27, explanation="Many.", next_step="Look.", raised_at=NOW)


def checked(content: DeskContent, at: datetime) -> DeskContent:
    """Return the content as of a check that ended a moment before."""
    return replace(content, view=replace(content.view, runs=(run(at - timedelta(minutes=1)),)))


class Planned(NoSchedule):
    @property
    def next_check_at(self) -> datetime | None:
        return NOW + timedelta(minutes=7)


class StoodStill(NoSchedule):
    """A schedule that stopped at 09:45."""

    @property
    def still_since(self) -> datetime | None:
        return NOW - HOUR


def test_every_state_has_an_icon_of_its_own() -> None:
    application()
    pictures = [state_icon(state, 3).pixmap(32, 32).toImage() for state in TrayState]
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])
    shapes = [image.createAlphaMask() for image in pictures]
    assert shapes[0] != shapes[2], "the ground itself differs, not only the colour"


@pytest.mark.parametrize(
    ("content", "state", "tooltip"),
    [
        (None, TrayState.NOT_CHECKING, "Not checking"),
        (empty(), TrayState.UP_TO_DATE, "Up to date - checked 10:42 - 0 to approve"),
        (content_of(firm_view()), TrayState.WAITING, "Up to date - checked 10:42 - 6 to approve"),
        (
            content_of(replace(firm_view(), alerts=(alert(AlertKind.REMOVAL_LIMIT),))),
            TrayState.ATTENTION,
            "Needs attention - checked 10:42 - 6 to approve - 1 warning",
        ),
        (
            content_of(view_of((), (), polled_at=NOW - HOUR)),
            TrayState.NOT_CHECKING,
            "Not checking - checked 09:45 - 0 to approve",
        ),
    ],
)
def test_state_and_tooltip(content: DeskContent | None, state: TrayState, tooltip: str) -> None:
    assert tray_state(content, NoSchedule(), NOW) is state
    assert tray_tooltip(content, NoSchedule(), NOW) == tooltip


def test_a_schedule_that_stopped_is_said_so_everywhere() -> None:
    content = empty()
    advice = "the schedule stopped at 09:45: check by hand, or quit and start again"
    shown = freshness_of(content, StoodStill(), NOW, is_checking=False)
    assert (shown.text, shown.tone) == (f"Checked 10:42 - {advice}", Tone.DANGER)
    assert freshness_of(None, StoodStill(), NOW, is_checking=False).text == f"Not checked yet - {advice}"
    assert tray_state(content, StoodStill(), NOW) is TrayState.NOT_CHECKING
    assert tray_tooltip(content, StoodStill(), NOW) == "Not checking - checked 10:42 - 0 to approve"
    checks = next(line for line in lines_of(content, StoodStill(), NOW) if line.name == "Checks")
    assert checks.needs_you
    assert advice in checks.text


def test_a_schedule_that_stopped_is_notified_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    tray, watched = stage.window.tray, list[str]()
    monkeypatch.setattr(NoSchedule, "watch", lambda _: watched.append("watched"))
    stage.window.tick()
    assert (watched, tray.last_notice) == (["watched"], None)
    monkeypatch.setattr(NoSchedule, "still_since", property(lambda _: NOW - HOUR))
    stage.window.tick()
    notice, tray.last_notice = tray.last_notice, None
    assert notice is not None
    assert notice.title == "Not checking Xero since 09:45"
    stage.window.tick()
    assert tray.last_notice is None
    board = NoticeBoard()
    board.quiet_on = NOW.astimezone().date()
    assert board.standstill_notice(NOW, NOW) is None


def test_freshness_names_next_check_pause_and_failure() -> None:
    content = empty()
    assert freshness_of(content, Planned(), NOW, is_checking=False).text == "Checked 10:42 - next 10:52 - up to date"
    paused = NoSchedule()
    paused.pause(NOW + HOUR)
    assert (
        freshness_of(content, paused, NOW, is_checking=False).text == "Checked 10:42 - paused until 11:45 - up to date"
    )
    failed = content_of(replace(content.view, runs=(run(NOW, PollOutcome.OFFLINE, "No connection."),)))
    assert (
        freshness_of(failed, Planned(), NOW, is_checking=False).text
        == "Checked 10:42 - no connection to Xero - next 10:52"
    )


def test_first_content_is_no_news() -> None:
    assert NoticeBoard().notice_for(content_of(firm_view()), NOW) is None


def test_news_only_when_something_waits_where_nothing_did() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    notice = board.notice_for(only(ProposalKind.ADD, ProposalKind.CHANGE), NOW)
    assert notice is not None
    assert notice.title == "5 payments to approve"
    assert notice.text == "4 additions, 1 change. Checked 10:42."
    assert board.notice_for(only(ProposalKind.ADD), NOW + 2 * HOUR) is None


def test_new_removal_is_news_but_at_most_hourly() -> None:
    board = NoticeBoard()
    board.notice_for(only(ProposalKind.ADD), NOW)
    notice = board.notice_for(only(ProposalKind.ADD, ProposalKind.REMOVE), NOW)
    assert notice is not None
    assert notice.title == "A payment was deleted in Xero"
    assert notice.text == "1 removal waits for you. Nothing has changed in Case Manager."
    board.notice_for(empty(), NOW + HOUR / 2)
    assert board.notice_for(only(ProposalKind.ADD), NOW + HOUR / 2) is None


def test_limit_and_other_writer_are_said_at_once() -> None:
    board = NoticeBoard()
    board.notice_for(content_of(firm_view()), NOW)
    held = content_of(replace(firm_view(), alerts=(alert(AlertKind.REMOVAL_LIMIT),)))
    notice = board.notice_for(held, NOW)
    assert notice is not None
    assert (notice.title, notice.text) == ("Large change held", "Many."), "one is not past a limit of ten"
    assert board.notice_for(held, NOW) is None, "a standing alert is not said again"
    writer = content_of(replace(held.view, alerts=(*held.view.alerts, alert(AlertKind.OTHER_WRITER, "w"))))
    notice = board.notice_for(writer, NOW)
    assert notice is not None
    assert notice.title == "Case Manager's own Xero link seems to be on"


def test_a_limit_on_how_many_is_named_only_where_that_one_is_passed() -> None:
    held = content_of(replace(firm_view(), alerts=(alert(AlertKind.REMOVAL_LIMIT),)))
    policy = replace(held.settings.policy, removal_limit_count=0)
    few = replace(held, settings=replace(held.settings, policy=policy))
    board = NoticeBoard()
    board.notice_for(content_of(firm_view()), NOW)
    notice = board.notice_for(few, NOW)
    assert notice is not None
    assert (notice.title, notice.text) == ("Large change held", "1 removal found, limit 0. Nothing was applied.")


def test_not_checking_after_two_failed_runs_then_every_four_hours() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    failed = [run(NOW - timedelta(minutes=m), PollOutcome.OFFLINE, "No connection.") for m in (15, 5)]
    content = content_of(replace(empty().view, runs=tuple(failed)))
    notice = board.notice_for(content, NOW)
    assert notice is not None
    assert notice.title == "Not checking Xero since 10:30"
    assert board.notice_for(content, NOW + HOUR) is None
    assert board.notice_for(content, NOW + 5 * HOUR) is not None


def test_retries_within_a_moment_without_network_are_no_news() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    failed = tuple(run(NOW - timedelta(seconds=s), PollOutcome.OFFLINE, "No connection.") for s in (90, 60, 0))
    assert board.notice_for(content_of(replace(empty().view, runs=failed)), NOW) is None
    notice = board.notice_for(content_of(replace(empty().view, runs=failed)), NOW + timedelta(minutes=4))
    assert notice is not None
    assert notice.title == "Not checking Xero since 10:43"


def test_checks_that_left_no_run_count_like_failed_ones() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW - HOUR)
    assert board.lost_notice(None, NOW - timedelta(minutes=10)) is None
    notice = board.lost_notice(None, NOW)
    assert notice is not None
    assert notice.title == "Not checking Xero since 10:35"
    assert notice.text == "A check could not even be recorded. Will retry. Last good data from 10:42."
    assert board.lost_notice(None, NOW + HOUR) is None, "said once, then every four hours"
    assert board.lost_notice(None, NOW + 5 * HOUR) is not None
    board.lost_notice(run(NOW + 5 * HOUR, PollOutcome.DONE), NOW + 5 * HOUR)
    assert board.lost_notice(None, NOW + 10 * HOUR) is None, "one alone is no news"


def test_a_stored_failure_and_one_that_left_no_run_are_two_in_a_row() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW - HOUR)
    failed = run(NOW - timedelta(minutes=10), PollOutcome.FAILED, "Odd.")
    assert board.notice_for(content_of(replace(empty().view, runs=(failed,))), NOW) is None
    board.lost_notice(failed, NOW)
    assert board.lost_notice(None, NOW) is not None
    # Before anything could be read at all, too.
    first = NoticeBoard()
    first.lost_notice(None, NOW)
    notice = first.lost_notice(None, NOW + HOUR)
    assert notice is not None
    assert notice.text == "A check could not even be recorded. Will retry."


def test_the_tray_hears_of_each_check_and_of_those_that_left_no_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tray, now = stage.window.tray, NOW
    monkeypatch.setattr(tray, "_now", lambda: now)

    def said() -> str:
        notice, tray.last_notice = tray.last_notice, None
        return notice.text if notice is not None else ""

    stage.window.desk.check_finished.emit(None)
    assert said() == ""
    now += HOUR
    stage.window.desk.check_finished.emit(None)
    assert "could not even be recorded" in said()
    stage.window.desk.check_started.emit()
    for _ in range(45):
        now += timedelta(minutes=3)
        stage.window.tick()
    assert said() == "A check does not end. Quit and start the program again."


def test_what_was_put_off_or_made_elsewhere_is_no_failure() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    calm = (PollOutcome.PAUSED, PollOutcome.PUT_OFF, PollOutcome.ELSEWHERE)
    runs = tuple(run(NOW - timedelta(minutes=10 * n), outcome, "Why.") for n, outcome in enumerate(calm, start=1))
    assert board.notice_for(content_of(replace(empty().view, runs=runs)), NOW) is None


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (PollOutcome.OFFLINE, "No connection to Xero. Will retry. Last good data from 10:42."),
        (PollOutcome.BROKEN, "Xero does not answer as it should. Will retry. Last good data from 10:42."),
        (PollOutcome.FAILED, "The last check failed. Will retry. Last good data from 10:42."),
        (PollOutcome.SIGNED_OUT, "Sign in again to keep checking. Nothing is lost."),
    ],
)
def test_not_checking_says_why(outcome: PollOutcome, text: str) -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    runs = tuple(run(NOW - timedelta(minutes=m), outcome, "Why.") for m in (15, 5))
    notice = board.notice_for(content_of(replace(empty().view, runs=runs)), NOW)
    assert notice is not None
    assert notice.text == text


@pytest.mark.parametrize(
    ("days", "title"),
    [(7, "Xero sign-in ends in 7 days"), (2, "Xero sign-in ends in 2 days"), (0, "Xero sign-in has ended")],
)
def test_the_end_of_the_sign_in_is_foreseen(days: int, title: str) -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    view = empty().view
    state = replace(view.state, sign_in=SignInAge(renewed_at=NOW - timedelta(days=60 - days)))
    notice = board.notice_for(content_of(replace(view, state=state, alerts=(alert(AlertKind.SIGN_IN),))), NOW)
    assert notice is not None
    assert notice.title == title


def test_an_ended_sign_in_is_said_at_once() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    view = replace(
        empty().view, runs=(run(NOW, PollOutcome.SIGNED_OUT, "Revoked."),), alerts=(alert(AlertKind.SIGN_IN),)
    )
    notice = board.notice_for(content_of(view), NOW)
    assert notice is not None
    assert notice.title == "Xero sign-in has ended"


def test_notices_name_nobody() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    notice = board.notice_for(content_of(firm_view()), NOW)
    assert notice is not None
    names = {row.bill_to for row in firm_view().review}
    assert not any(name in f"{notice.title} {notice.text}" for name in names)


def test_quiet_for_today() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    board.quiet_on = NOW.astimezone().date()
    assert board.notice_for(content_of(firm_view()), NOW) is None


def test_in_quiet_hours_nothing_is_said_and_what_came_is_summed_up_afterwards() -> None:
    evening = NOW.astimezone().replace(hour=20, minute=0)
    morning = (evening + timedelta(days=1)).replace(hour=8)
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    assert board.notice_for(only(ProposalKind.ADD), evening) is None
    assert board.standstill_notice(evening, evening) is None
    assert board.silence_notice(Silence(evening, is_checking=False), evening) is None
    # What is gone again by the morning is no news any more.
    assert board.standstill_notice(None, evening) is None
    assert board.notice_for(only(ProposalKind.ADD), morning) is None
    loud = morning.replace(minute=30)
    notice = board.notice_for(checked(only(ProposalKind.ADD), loud), loud)
    assert notice is not None
    assert notice.title == "Good morning: 4 to approve"
    assert notice.text == "New: 4 additions, Case Manager +2,480.00."
    assert board.silence_notice(Silence(evening, is_checking=False), loud) is not None
    assert board.silence_notice(Silence(evening, is_checking=False), loud) is None
    assert board.notice_for(only(ProposalKind.ADD), loud + 2 * HOUR) is None


def test_what_is_there_when_the_program_is_started_at_night_is_no_news_in_the_morning() -> None:
    evening = NOW.astimezone().replace(hour=20, minute=0)
    board = NoticeBoard()
    assert board.notice_for(only(ProposalKind.ADD), evening) is None
    notice = board.notice_for(checked(only(ProposalKind.ADD), evening + 14 * HOUR), evening + 14 * HOUR)
    assert notice is not None
    assert (notice.title, notice.text) == ("Good morning: 4 to approve", "Nothing is new.")
    assert board.notice_for(checked(only(ProposalKind.ADD), evening + 15 * HOUR), evening + 15 * HOUR) is None


def test_a_summary_waits_for_a_check_but_not_for_long() -> None:
    """What is read at night is old in the morning: the first check may bring more, and may never come."""
    evening = NOW.astimezone().replace(hour=20, minute=0)
    loud = (evening + timedelta(days=1)).replace(hour=8, minute=30)
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    assert board.summary(NOW) is None
    board.notice_for(checked(only(ProposalKind.ADD), evening), evening)
    assert board.summary(loud) is None
    assert board.waits_for_summary(loud), "nothing else is said before it"
    assert board.notice_for(checked(only(ProposalKind.CHANGE), evening), loud) is None
    late = board.summary(loud + timedelta(minutes=15))
    assert late is not None
    assert late.title == "Good morning: 1 to approve"
    assert not board.waits_for_summary(loud + timedelta(minutes=15))


def test_a_summary_says_the_most_urgent_first_and_leads_there() -> None:
    loud = NOW.astimezone().replace(hour=8, minute=30) + timedelta(days=1)
    failed = tuple(run(loud - timedelta(minutes=m), PollOutcome.OFFLINE, "No connection.") for m in (25, 5))
    for content, text, about in (
        (
            replace(only(ProposalKind.REMOVE).view, alerts=(alert(AlertKind.REMOVAL_LIMIT),)),
            "Large change held. New: 1 rem",
            "alert k",
        ),
        (replace(only(ProposalKind.REMOVE).view, runs=failed), "Not checking Xero since", "not checking"),
        (only(ProposalKind.REMOVE).view, "New: 1 removal", "removals"),
        (replace(empty().view, sor=sor_board()), "Nothing is new", "sor"),
    ):
        board = NoticeBoard()
        board.notice_for(empty(), NOW)
        assert board.summary(loud - HOUR) is None
        view = content if content.runs == failed else checked(content_of(content), loud).view
        notice = board.notice_for(content_of(view), loud)
        assert notice is not None
        assert notice.text.startswith(text)
        assert notice.about == about
    told = checked(content_of(replace(empty().view, alerts=(alert(AlertKind.MAIL),))), loud)
    board = NoticeBoard()
    board.notice_for(told, NOW)
    board.summary(loud - HOUR)
    notice = board.notice_for(told, loud)
    assert notice is not None
    assert (notice.title, notice.text, notice.about) == ("Good morning: 1 warning", "Nothing is new.", "alert k")


def test_what_was_told_is_known_after_a_restart_and_what_was_not_is_told() -> None:
    kept = MemoryPreferences()
    NoticeBoard(kept).notice_for(checked(empty(), NOW), NOW)
    later = NOW + 3 * HOUR
    notice = NoticeBoard(kept).notice_for(checked(only(ProposalKind.ADD), later), later)
    assert notice is not None
    assert notice.text.startswith("New: 4 additions")
    assert NoticeBoard(kept).notice_for(checked(only(ProposalKind.ADD), later), later) is None


def test_without_a_summary_what_came_is_said_by_its_own_notices() -> None:
    evening = NOW.astimezone().replace(hour=20, minute=0)
    loud = (evening + timedelta(days=1)).replace(hour=8, minute=30)
    board = NoticeBoard()
    plain = Settings(notices=NoticeSettings(summary=False))
    came = replace(content_of(replace(firm_view(), alerts=(alert(AlertKind.MAIL),))), settings=plain)
    board.notice_for(replace(empty(), settings=plain), NOW)
    assert board.notice_for(came, evening) is None
    assert [n.title for n in (board.notice_for(came, loud), board.notice_for(came, loud)) if n is not None] == [
        "CM-Xero Desk needs attention",
        "6 payments to approve",
    ]
    assert board.notice_for(came, loud) is None


def test_news_that_came_within_the_hour_is_said_when_it_is_over() -> None:
    board = NoticeBoard()
    board.notice_for(empty(), NOW)
    assert board.notice_for(only(ProposalKind.ADD), NOW) is not None
    both = only(ProposalKind.ADD, ProposalKind.REMOVE)
    assert board.notice_for(both, NOW + HOUR / 2) is None
    notice = board.notice_for(both, NOW + HOUR)
    assert notice is not None
    assert notice.title == "A payment was deleted in Xero"
    assert board.notice_for(both, NOW + 3 * HOUR) is None
    board.notice_for(empty(), NOW + 3 * HOUR)
    assert board.notice_for(only(ProposalKind.ADD), NOW + 3 * HOUR) is not None


def test_names_are_said_only_where_that_is_wished() -> None:
    board = NoticeBoard()
    named = Settings(notices=NoticeSettings(show_names=True))
    board.notice_for(replace(empty(), settings=named), NOW)
    notice = board.notice_for(replace(content_of(firm_view()), settings=named), NOW)
    assert notice is not None
    names = list(dict.fromkeys(row.bill_to for row in content_of(firm_view()).to_approve))
    assert notice.text.partition(".")[0].endswith(f", from {names[0]}, {names[1]} and {len(names) - 2} others")
    two = replace(firm_view(), review=firm_view().review[:1])
    board = NoticeBoard()
    board.notice_for(replace(empty(), settings=named), NOW)
    notice = board.notice_for(replace(content_of(two), settings=named), NOW)
    assert notice is not None
    assert f", from {two.review[0].bill_to}. " in notice.text


def test_the_firm_says_when_it_is_quiet() -> None:
    off = NoticeSettings(quiet_from=Never.OFF, quiet_days=frozenset())
    board = NoticeBoard()
    night = NOW.astimezone().replace(hour=23)
    board.notice_for(replace(empty(), settings=replace(empty().settings, notices=off)), night)
    assert not board.is_quiet(night)
    board.notice_for(empty(), night)
    assert board.is_quiet(night)


def test_menu_pauses_and_resumes(stage: Stage) -> None:
    tray = stage.window.tray
    texts = [action.text().replace("&", "") for action in tray.menu.actions() if action.text()]
    assert texts == [
        "Open",
        "Check Xero now",
        "6 to approve",
        "Pause",
        "Resume checking",
        "Notifications off for today (SOR warnings still come)",
        "Settings…",
        "Quit",
    ]
    tray.pause_menu.actions()[0].trigger()
    assert stage.schedule.paused_until == NOW + HOUR
    assert "paused until 11:45" in stage.window.header.freshness.text()
    tray.resume_action.trigger()
    assert not stage.schedule.is_paused


def test_the_menu_says_what_of_the_sor_watch_comes_all_the_same(stage: Stage) -> None:
    """Whoever switches notices off for the day must know whether a debit date is still told."""
    content = stage.window.desk.content
    assert content is not None
    quiet = replace(content.settings, sor=replace(content.settings.sor, breaks_quiet_hours=False))
    stage.window.tray.show_content(replace(content, settings=quiet))
    action = stage.window.tray.quiet_action
    assert action.text() == "&Notifications off for today (SOR warnings only where tomorrow is too late)"
    stage.window.tray.show_content(content)
    assert action.text() == "&Notifications off for today (SOR warnings still come)"


def test_menu_says_what_is_new(stage: Stage) -> None:
    view = stage.fake.desk_view
    stage.fake.desk_view = replace(view, review=())
    stage.window.desk.check()
    stage.settle()
    stage.fake.desk_view = view
    stage.window.desk.check()
    stage.settle()
    assert stage.window.tray.last_notice is not None
    assert stage.window.tray.last_notice.title == "6 payments to approve"


LOUD = NOW.astimezone().replace(hour=8, minute=30) + timedelta(days=1)


def test_what_is_to_be_followed_up_is_counted_in_the_morning_and_leads_to_its_list() -> None:
    full, today = firm_view(), LOUD.date()
    note = DeskNote(invoice_number="CM-1", text="Ask Jo", follow_up=today, by="Ann", at=NOW)
    due = tuple(replace(row, notes=(note,)) for row in full.skipped[:2])
    other = replace(full.unmatched[0], notes=(note,))
    for skipped, unmatched, title, about in (
        (due, (), "Good morning: 2 to follow up", SKIPPED_DUE),
        (due[:1], (other,), "Good morning: 2 to follow up", SKIPPED_DUE),
        ((), (other,), "Good morning: 1 to follow up", UNMATCHED_DUE),
    ):
        came = checked(content_of(replace(empty().view, skipped=skipped, unmatched=unmatched)), LOUD)
        state = came.view.state
        state = replace(state, comparison=replace(state.comparison, today=today))
        board = NoticeBoard()
        board.notice_for(empty(), NOW)
        board.summary(LOUD - HOUR)
        notice = board.notice_for(replace(came, view=replace(came.view, state=state)), LOUD)
        assert notice is not None
        assert (notice.title, notice.about) == (title, about)


def test_what_failed_at_night_is_said_in_the_morning_and_leads_there() -> None:
    row = firm_view().review[0]
    for states, title, text, about in (
        (("failed", "stale"), "2 to look at again", "1 row failed. 1 row changed since approval.", "failed"),
        (("stale",), "1 to look at again", "1 row changed since approval.", "changed"),
    ):
        rows = tuple(replace(row, stored=replace(row.stored, state=ProposalState(state))) for state in states)
        came = checked(content_of(replace(empty().view, review=rows)), LOUD)
        board = NoticeBoard()
        board.notice_for(empty(), NOW)
        board.summary(LOUD - HOUR)
        notice = board.notice_for(came, LOUD)
        assert notice is not None
        assert (notice.title, notice.text, notice.about) == (f"Good morning: {title}", text, about)


def test_what_was_told_without_a_summary_is_not_told_again_after_a_restart() -> None:
    kept = MemoryPreferences()
    plain = replace(only(ProposalKind.ADD), settings=Settings(notices=NoticeSettings(summary=False)))
    board = NoticeBoard(kept)
    board.notice_for(replace(empty(), settings=plain.settings), NOW)
    assert board.notice_for(plain, NOW) is not None
    assert NoticeBoard(kept).notice_for(plain, NOW + 2 * HOUR) is None


def test_a_mail_that_is_tried_again_and_again_is_one_occasion() -> None:
    """Each try says anew when it was: the server that refuses it is no news every quarter of an hour."""
    board, memory = NoticeBoard(), BellMemory(MemoryPreferences())
    board.notice_for(empty(), NOW)
    said = []
    for quarters in range(1, 6):
        at = NOW + quarters * HOUR / 4
        failing = replace(alert(AlertKind.MAIL), raised_at=at)
        content = content_of(replace(empty().view, alerts=(failing,)))
        said.append(board.notice_for(content, at) is not None)
        said.append(bool(memory.unseen(items_of(content))))
        memory.see(items_of(content))
    assert said == [True, True] + [False] * 8


def test_a_tray_that_comes_late_says_what_came_before_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started at sign-in, the program may read before the desktop has its tray."""
    tray = stage.window.tray
    shown: list[str] = []
    monkeypatch.setattr(tray.icon, "showMessage", lambda title, *_: shown.append(title))
    view = stage.fake.desk_view
    for seen in (replace(view, review=()), view):
        stage.fake.desk_view = seen
        stage.window.desk.check()
        stage.settle()
    assert shown == []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(type(tray), "is_there", property(lambda _: True))
    monkeypatch.setattr(tray.icon, "isVisible", lambda: False)
    monkeypatch.setattr(tray.icon, "show", lambda: None)
    tray.appear()
    tray.appear()
    assert shown == ["6 payments to approve"]


def test_notifications_stay_off_for_the_day_over_a_restart_and_are_on_the_next_one(make_stage: MakeStage) -> None:
    first = make_stage()
    first.window.tray.quiet_action.setChecked(True)
    again = make_stage(preferences=first.preferences)
    assert again.window.tray.quiet_action.isChecked()
    assert again.window.tray.board.is_quiet(NOW)
    again.window.tray._now = lambda: NOW + timedelta(days=1)
    again.window.tray.show_state(again.window.desk.content)
    assert not again.window.tray.quiet_action.isChecked()
    assert first.preferences.get("quiet_on") == ""


def test_the_menu_opens_the_settings_before_the_window(stage: Stage) -> None:
    stage.window.hide()
    settings = next(action for action in stage.window.tray.menu.actions() if action.text() == "&Settings…")
    settings.trigger()
    stage.settle()
    assert stage.window.isVisible()
    assert stage.sheet().windowTitle() == "Settings"
