"""Decide which notification a new content gives rise to, if any; texts carry counts only, never names."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.connecting.sign_in_age import sign_in_ends_at
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollOutcome, PollRun
from cmxero_desktop.services.records.settings import NoticeSettings
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import last_run
from cmxero_desktop.ui.desk.silence import Silence
from cmxero_desktop.ui.theme.formatting import clock_time, plural
from cmxero_desktop.ui.theme.words import kind_counts

TO_APPROVE, REMOVALS, NOT_CHECKING, SOR = "to approve", "removals", "not checking", "sor"

_AT_MOST_EVERY = timedelta(hours=1)
_NOT_CHECKING_EVERY = timedelta(hours=4)
_FAILED_RUNS = 2
# The first retries follow within seconds: a moment without network is no news.
_FAILING_FOR = timedelta(minutes=5)


# Checks that were wanted and did not come about; one that was put off, paused or made elsewhere is no failure.
_FAILURES = {
    PollOutcome.OFFLINE: "No connection.",
    PollOutcome.BROKEN: "Xero does not answer as it should.",
    PollOutcome.SIGNED_OUT: "Signed out of Xero.",
    PollOutcome.FAILED: "The last check failed.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification: two short lines. `about` names its cause, so that a click opens the very rows."""

    title: str
    text: str
    about: str = field(default="", compare=False)


_SIGN_IN_ENDED = Notice("Xero sign-in has ended", "Sign in again to keep checking. Nothing is lost.")


def about_alert(alert: Alert) -> str:
    """Return the name of an alert's cause."""
    return f"alert {alert.key}"


class NoticeBoard:
    """Remembers what was said, so that nothing is said twice. The first content is never news."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._newest: DeskContent | None = None
        # The content that news is measured by: in quiet hours it stays, so that what comes is said afterwards.
        self._told: DeskContent | None = None
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
        if self.is_quiet(now) and self._told is not None:
            return None
        told, self._told = self._told, content
        if told is None:
            return None
        return _warning(told, content, now) or self._failing(now) or self._news(told, content, now)

    def standstill_notice(self, since: datetime | None, now: datetime) -> Notice | None:
        """Return what to say about a schedule that stands still since then, once; None: it goes on."""
        if since is None or self._still_since is not None or self.is_quiet(now):
            self._still_since = self._still_since if since is not None else None
            return None
        self._still_since = since
        text = "The schedule stopped. Check by hand, or quit and start the program again."
        return Notice(f"Not checking Xero since {clock_time(since)}", text)

    def silence_notice(self, silence: Silence | None, now: datetime) -> Notice | None:
        """Return what to say about checks that do not end any more, once; None: they do."""
        if silence is None or self._is_silent or self.is_quiet(now):
            self._is_silent = self._is_silent and silence is not None
            return None
        self._is_silent = True
        what = "A check does not end." if silence.is_checking else "No check ends, although one is due."
        return Notice(
            f"Not checking Xero since {clock_time(silence.since)}", f"{what} Quit and start the program again."
        )

    def lost_notice(self, run: PollRun | None, now: datetime) -> Notice | None:
        """Return what to say after a check that left no run; `run` is that of a check which did."""
        if run is not None:
            if run.outcome not in _FAILURES:
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

    def _news(self, known: DeskContent, content: DeskContent, now: datetime) -> Notice | None:
        """Say that something waits: where nothing waited before, or a removal is new; at most hourly."""
        waiting = [row.stored.proposal for row in content.to_approve]
        old = known.to_approve
        removals = [proposal for proposal in waiting if proposal.kind is ProposalKind.REMOVE]
        known_ids = {row.row_id for row in old} if removals else frozenset()
        new_removals = [removal for removal in removals if removal.proposal_id not in known_ids]
        is_news = bool(waiting) and (not old or bool(new_removals))
        if not is_news or (self._news_at is not None and now - self._news_at < _AT_MOST_EVERY):
            return None
        self._news_at = now
        if old and new_removals:
            waits = f"{plural(len(new_removals), 'removal')} {'waits' if len(new_removals) == 1 else 'wait'} for you."
            text = f"{waits} Nothing has changed in Case Manager."
            return Notice("A payment was deleted in Xero", text, REMOVALS)
        checked = content.view.state.comparison.last_polled_at
        when = f" Checked {clock_time(checked)}." if checked else ""
        return Notice(f"{plural(len(waiting), 'payment')} to approve", f"{kind_counts(waiting)}.{when}", TO_APPROVE)

    def _failing(self, now: datetime) -> Notice | None:
        """Say that checking fails after two failed checks and five minutes, then every four hours."""
        failed = failed_in_a_row(self._newest)
        begun = [run.started_at for run in failed[-1:]] + [at for at in (self._lost_since,) if at is not None]
        if len(failed) + self._lost < _FAILED_RUNS or now - min(begun) < _FAILING_FOR:
            self._not_checking_at = None
            return None
        if self._not_checking_at is not None and now - self._not_checking_at < _NOT_CHECKING_EVERY:
            return None
        self._not_checking_at = now
        if failed and failed[0].outcome is PollOutcome.SIGNED_OUT and not self._lost:
            return _SIGN_IN_ENDED
        good = self._newest.view.state.comparison.last_polled_at if self._newest else None
        from_ = f" Last good data from {clock_time(good)}." if good else ""
        why = "A check could not even be recorded." if self._lost else _FAILURES[failed[0].outcome]
        return Notice(f"Not checking Xero since {clock_time(min(begun))}", f"{why} Will retry.{from_}", NOT_CHECKING)


def failed_in_a_row(content: DeskContent | None) -> list[PollRun]:
    """Return the checks that failed since the last one that worked, newest first."""
    runs = content.view.runs if content is not None else ()
    tried = [run for run in runs if run.outcome is PollOutcome.DONE or run.outcome in _FAILURES]
    newest_first = sorted(tried, key=lambda run: run.finished_at, reverse=True)
    return list(takewhile(lambda run: run.outcome is not PollOutcome.DONE, newest_first))


def _warning(known: DeskContent, content: DeskContent, now: datetime) -> Notice | None:
    old = {alert.key for alert in known.view.alerts}
    new = [alert for alert in content.view.alerts if alert.key not in old]
    notice = _about_new(new, content, now)
    return replace(notice, about=about_alert(new[0])) if notice is not None and new else notice


def _about_new(new: Sequence[Alert], content: DeskContent, now: datetime) -> Notice | None:
    kinds = {alert.kind for alert in new}
    if AlertKind.OTHER_WRITER in kinds:
        return Notice(
            "Case Manager's own Xero link seems to be on", "Switched to Observe only so nothing is added twice."
        )
    if AlertKind.REMOVAL_LIMIT in kinds:
        held = sum(row.stored.proposal.kind is ProposalKind.REMOVE for row in content.to_approve)
        limit = content.settings.policy.removal_limit_count
        return Notice("Large change held", f"{plural(held, 'removal')} found, limit {limit}. Nothing was applied.")
    if AlertKind.SIGN_IN in kinds:
        return _sign_in(content, now)
    if new:
        return Notice("CM-Xero Desk needs attention", f"{plural(len(new), 'new warning')}. Open to see what to do.")
    return None


def _sign_in(content: DeskContent, now: datetime) -> Notice:
    """Say that the sign-in has ended, or how long it lives on."""
    run, ends_at = last_run(content), sign_in_ends_at(content.view.state)
    if ends_at is None or ends_at <= now or (run is not None and run.outcome is PollOutcome.SIGNED_OUT):
        return _SIGN_IN_ENDED
    left = plural(max(1, (ends_at - now).days), "day")
    return Notice(f"Xero sign-in ends in {left}", "Sign in again to keep checking.")
