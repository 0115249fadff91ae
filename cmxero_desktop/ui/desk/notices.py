"""Decide which notification a new content gives rise to, if any; names stand in its text only where they are wished."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.sor.notices import SorNotice, SorNoticeKind
from cmxero_desktop.services.connecting.sign_in_age import sign_in_ends_at
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollOutcome, PollRun
from cmxero_desktop.services.records.settings import NoticeSettings
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.failing import FAILED_RUNS, FAILING_FOR, FAILURES, failed_in_a_row, failing_since
from cmxero_desktop.ui.desk.freshness import last_run
from cmxero_desktop.ui.desk.noted import SKIPPED_DUE, UNMATCHED_DUE, due_in
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.desk.silence import Silence
from cmxero_desktop.ui.desk.summary import names_of, summary_text, summary_title, to_look_at
from cmxero_desktop.ui.desk.told import ToldMemory, alert_key, keys_of, row_key
from cmxero_desktop.ui.theme.formatting import plural, since
from cmxero_desktop.ui.theme.words import kind_counts

TO_APPROVE, REMOVALS, NOT_CHECKING, SOR = "to approve", "removals", "not checking", "sor"
FAILED, CHANGED = "failed", "changed"
_LOOKS = {ProposalState.FAILED: FAILED, ProposalState.STALE: CHANGED}

# Where there is no quiet time that ends, the day's summary comes then.
_SUMMARY_AT = time(9)
_WAIT_FOR_CHECK = timedelta(minutes=15)
_AT_MOST_EVERY = timedelta(hours=1)
_NOT_CHECKING_EVERY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification: two short lines. `about` names its cause, so that a click opens the very rows."""

    title: str
    text: str
    about: str = field(default="", compare=False)


_SIGN_IN_ENDED = Notice(
    "Xero sign-in has ended", "Sign in again to keep checking. Nothing is lost.", "alert signed-out"
)


def about_alert(alert: Alert) -> str:
    """Return the name of an alert's cause."""
    return f"alert {alert.key}"


class NoticeBoard:
    """Says of each occasion once, over restarts too. The first content ever is no news.

    What came in quiet time, or while the program did not run, is said by one summary as soon as there is a reading of
    Xero that shows all of it, and a quarter of an hour later without one.
    """

    def __init__(self, preferences: Preferences | None = None) -> None:
        """Begin with what was told before."""
        self._told = ToldMemory(preferences)
        self._newest: DeskContent | None = None
        # Since when notices may be said, None in quiet time, and whether what came before is still to be summed up.
        self._open_since: datetime | None = None
        self._owes_summary = False
        # Whether rows waited in the last content by which news was looked for, None after a start, and news that came
        # within the hour.
        self._waited: bool | None = None
        self._owes_news = False
        self._sor_told: frozenset[str] = frozenset()
        self._news_at: datetime | None = None
        self._not_checking_at: datetime | None = None
        self._still_since: datetime | None = None
        self._is_silent = False
        # Checks in a row that left no run, because not even that could be stored, and when the first of them ended.
        self._lost = 0
        self._lost_since: datetime | None = None
        self.quiet_on: date | None = None

    def notice_for(self, content: DeskContent, now: datetime) -> Notice | None:
        """Return what to say about the new content, the most urgent thing first."""
        self._newest = content
        if not self._told.has_begun:
            self._told.sum_up(keys_of(content), now.astimezone().date())
            self._waited, self._open_since = bool(content.to_approve), now
        self._told.forget_others(keys_of(content))
        summary = self.summary(now)
        if summary is not None or self.is_quiet(now) or self._owes_summary:
            return summary
        rows, waited = content.to_approve, self._waited
        if waited is None:
            waited = any(self._told.is_told(row_key(row.stored)) for row in rows)
        self._waited, self._owes_news = bool(rows), bool(rows) and (self._owes_news or not waited)
        return self._warning(content, now) or self._failing(now) or self._news(content, now)

    def summary(self, now: datetime) -> Notice | None:
        """Return the summary where it is due: when quiet time is over, and once a day; to be asked as time goes by."""
        content = self._newest
        if content is None or self.is_quiet(now):
            self._open_since = None
            return None
        if not content.settings.notices.summary:
            self._open_since, self._owes_summary = now, False
            return None
        local = now.astimezone()
        is_new_day = self._told.summed_up_on != local.date().isoformat()
        if self._open_since is None or (is_new_day and local.time() >= _SUMMARY_AT and not self._owes_summary):
            self._open_since, self._owes_summary = now, True
        if not self._owes_summary or not (_is_fresh(content, now) or now - self._open_since >= _WAIT_FOR_CHECK):
            return None
        return self._sum_up(content, now, is_new_day=is_new_day)

    def waits_for_summary(self, now: datetime) -> bool:
        """Say whether other notices wait: it is quiet, or a summary will be said soon."""
        return self.is_quiet(now) or self._owes_summary

    def has_summed_up(self, notice: SorNotice, now: datetime) -> bool:
        """Say whether today's summary told of what a notice of the SOR watch is about, and nothing else came of it."""
        is_of_today = self._told.summed_up_on == now.astimezone().date().isoformat()
        is_plain = notice.kind in {SorNoticeKind.FOUND, SorNoticeKind.REMINDER}
        return is_of_today and is_plain and notice.alert_key in self._sor_told

    def _sum_up(self, content: DeskContent, now: datetime, *, is_new_day: bool) -> Notice | None:
        """Say in one notice what nobody was told; on a new day also what still waits."""
        self._owes_summary = False
        keys = keys_of(content)
        new_alerts = [alert for alert in content.view.alerts if not self._told.is_told(alert_key(alert))]
        warning = _about_new(new_alerts, content, now) if new_alerts else None
        failing = self._failing(now)
        urgent = [each.title for each in (warning[0] if warning else None, failing) if each is not None]
        view = content.view
        is_waiting = bool(content.to_approve or to_look_at(content) or view.alerts or view.sor.standing or due_in(view))
        is_wanted = bool(self._told.untold(keys) or failing or (is_new_day and is_waiting))
        text = summary_text(content, self._told, urgent)
        self._told.sum_up(keys, now.astimezone().date())
        self._waited, self._owes_news = bool(content.to_approve), False
        if not is_wanted:
            return None
        self._sor_told = frozenset(alert.key for alert in content.view.sor.standing)
        about = warning[0].about if warning else failing.about if failing else _about_what_waits(content)
        return Notice(summary_title(content, now), text, about)

    def standstill_notice(self, stopped_at: datetime | None, now: datetime) -> Notice | None:
        """Return what to say about a schedule that stands still since an instant, once; None: it goes on."""
        if stopped_at is None or self._still_since is not None or self.is_quiet(now):
            self._still_since = self._still_since if stopped_at is not None else None
            return None
        self._still_since = stopped_at
        text = "The schedule stopped. Check by hand, or quit and start the program again."
        return Notice(f"Not checking Xero since {since(stopped_at, now)}", text, NOT_CHECKING)

    def silence_notice(self, silence: Silence | None, now: datetime) -> Notice | None:
        """Return what to say about checks that do not end any more, once; None: they do."""
        if silence is None or self._is_silent or self.is_quiet(now):
            self._is_silent = self._is_silent and silence is not None
            return None
        self._is_silent = True
        what = "A check does not end." if silence.is_checking else "No check ends, although one is due."
        since_then = f"Not checking Xero since {since(silence.since, now)}"
        return Notice(since_then, f"{what} Quit and start the program again.", NOT_CHECKING)

    def lost_notice(self, run: PollRun | None, now: datetime) -> Notice | None:
        """Return what to say after a check that left no run; `run` is that of a check which did."""
        if run is not None:
            if run.outcome not in FAILURES:
                self._lost, self._lost_since = 0, None
            return None
        self._lost += 1
        self._lost_since = self._lost_since or now
        return None if self.is_quiet(now) else self._failing(now)

    def is_quiet(self, now: datetime) -> bool:
        """Say whether nothing is to be said now: somebody switched it off for today, or these are quiet hours."""
        local = now.astimezone()
        notices = self._newest.settings.notices if self._newest is not None else NoticeSettings()
        return self.quiet_on == local.date() or notices.is_quiet(local)

    def _warning(self, content: DeskContent, now: datetime) -> Notice | None:
        """Say the most urgent kind of warning that nobody was told of."""
        new = [alert for alert in content.view.alerts if not self._told.is_told(alert_key(alert))]
        if not new:
            return None
        notice, said = _about_new(new, content, now)
        self._told.tell([alert_key(alert) for alert in said])
        return notice

    def _news(self, content: DeskContent, now: datetime) -> Notice | None:
        """Say that something waits: where nothing waited before, or a removal is new; at most hourly."""
        rows = content.to_approve
        new_removals = [
            row
            for row in rows
            if row.stored.proposal.kind is ProposalKind.REMOVE and not self._told.is_told(row_key(row.stored))
        ]
        is_news = self._owes_news or bool(new_removals)
        if not is_news or (self._news_at is not None and now - self._news_at < _AT_MOST_EVERY):
            return None
        self._news_at = now
        if not self._owes_news:
            self._told.tell([row_key(row.stored) for row in new_removals])
            waits = f"{plural(len(new_removals), 'removal')} {'waits' if len(new_removals) == 1 else 'wait'} for you"
            text = f"{waits}{names_of(new_removals, content)}. Nothing has changed in Case Manager."
            return Notice("A payment was deleted in Xero", text, REMOVALS)
        self._owes_news = False
        self._told.tell([row_key(row.stored) for row in rows])
        checked = content.view.state.comparison.last_polled_at
        when = f" Checked {since(checked, now)}." if checked else ""
        counts = f"{kind_counts(row.stored.proposal for row in rows)}{names_of(rows, content)}"
        return Notice(f"{plural(len(rows), 'payment')} to approve", f"{counts}.{when}", TO_APPROVE)

    def _failing(self, now: datetime) -> Notice | None:
        """Say that checking fails after two failed checks and five minutes, then every four hours."""
        failed = failed_in_a_row(self._newest)
        lost = [self._lost_since] if self._lost_since is not None else []
        begun = [failing_since(self._newest, failed), *lost] if self._newest is not None and failed else lost
        if len(failed) + self._lost < FAILED_RUNS or now - min(begun) < FAILING_FOR:
            self._not_checking_at = None
            return None
        if self._not_checking_at is not None and now - self._not_checking_at < _NOT_CHECKING_EVERY:
            return None
        self._not_checking_at = now
        if failed and failed[0].outcome is PollOutcome.SIGNED_OUT and not self._lost:
            return _SIGN_IN_ENDED
        good = self._newest.view.state.comparison.last_polled_at if self._newest else None
        from_ = f" Last good data from {since(good, now)}." if good else ""
        why = "A check could not even be recorded." if self._lost else FAILURES[failed[0].outcome]
        return Notice(f"Not checking Xero since {since(min(begun), now)}", f"{why} Will retry.{from_}", NOT_CHECKING)


def _is_fresh(content: DeskContent, now: datetime) -> bool:
    """Say whether what stands in the content was read in Xero a moment ago, or could not be."""
    run = last_run(content)
    ended_at = content.view.state.comparison.last_polled_at if run is None else run.finished_at
    return ended_at is not None and abs(now - ended_at) <= 2 * timedelta(minutes=content.settings.poll.interval_min)


def _about_what_waits(content: DeskContent) -> str:
    """Return what a click on a summary opens."""
    if any(row.stored.proposal.kind is not ProposalKind.REMOVE for row in content.to_approve):
        return TO_APPROVE
    if content.to_approve:
        return REMOVALS
    if content.view.alerts:
        return about_alert(content.view.alerts[0])
    looks = {_LOOKS[row.stored.state] for row in to_look_at(content)}
    if looks:
        return FAILED if FAILED in looks else CHANGED
    return SOR if content.view.sor.standing else _about_due(content)


def _about_due(content: DeskContent) -> str:
    due = due_in(content.view)
    return SKIPPED_DUE if due and due[0].placement.bucket is Bucket.SKIPPED else UNMATCHED_DUE


def _about_new(new: Sequence[Alert], content: DeskContent, now: datetime) -> tuple[Notice, Sequence[Alert]]:
    """Return what to say of new warnings, of which there are some, and of which of them it is said."""
    for kind in (AlertKind.OTHER_WRITER, AlertKind.REMOVAL_LIMIT, AlertKind.SIGN_IN):
        if of_kind := [alert for alert in new if alert.kind is kind]:
            return replace(_of_kind(of_kind[0], content, now), about=about_alert(of_kind[0])), of_kind
    text = f"{plural(len(new), 'new warning')}. Open to see what to do."
    return Notice("CM-Xero Desk needs attention", text, about_alert(new[0])), new


def _of_kind(alert: Alert, content: DeskContent, now: datetime) -> Notice:
    if alert.kind is AlertKind.OTHER_WRITER:
        return Notice(
            "Case Manager's own Xero link seems to be on", "Switched to Observe only so nothing is added twice."
        )
    if alert.kind is AlertKind.REMOVAL_LIMIT:
        held = sum(row.stored.proposal.kind is ProposalKind.REMOVE for row in content.to_approve)
        limit = content.settings.policy.removal_limit_count
        # It may be another limit: of their part of all, of their amount, or with changes that lower amounts (R27).
        is_count = held > limit
        said = (
            f"{plural(held, 'removal')} found, limit {limit}. Nothing was applied." if is_count else alert.explanation
        )
        return Notice("Large change held", said)
    return _sign_in(content, now)


def _sign_in(content: DeskContent, now: datetime) -> Notice:
    """Say that the sign-in has ended, or how long it lives on."""
    run, ends_at = last_run(content), sign_in_ends_at(content.view.state)
    if ends_at is None or ends_at <= now or (run is not None and run.outcome is PollOutcome.SIGNED_OUT):
        return _SIGN_IN_ENDED
    left = plural(max(1, (ends_at - now).days), "day")
    return Notice(f"Xero sign-in ends in {left}", "Sign in again to keep checking.")
