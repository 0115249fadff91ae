"""Say of a part whether it is well, in the words that Health and the doctor share."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import PurePath

from cmxero_desktop.domain.room import Room
from cmxero_desktop.domain.ways import SET_MAIL, way
from cmxero_desktop.domain.wording import day
from cmxero_desktop.domain.wording_accounts import ACCOUNTS_KNOWN, named_payments
from cmxero_desktop.services.checking.spending import IDLE_COST, calls_kept, calls_left, may_spend
from cmxero_desktop.services.connecting.sign_in_age import ending_alert, sign_in_ends_at
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.reports import OpenToOthers
from cmxero_desktop.services.records.runs import CallLimits, PollState
from cmxero_desktop.services.records.settings import MailSettings, SignInKind

_GIGABYTE = 1_000_000_000
_MEGABYTE = 1_000_000
_KILOBYTE = 1_000
_DISK_NEEDED_BYTES = 500 * _MEGABYTE
_ROOM_TO_GROW = 1.25
_PATHS_NAMED = 3
_NUMBERS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """How a part is, as a sentence, and what to do; nothing is to be done where all is well."""

    seen: str
    remedy: str = ""

    @property
    def is_good(self) -> bool:
        """Whether no person needs to do anything."""
        return not self.remedy


def condition_of_disk(free_bytes: int, home: str) -> Condition:
    """Say how much room there is where the program keeps its records."""
    seen = f"{size(free_bytes)} free where {home} is."
    if free_bytes >= _DISK_NEEDED_BYTES:
        return Condition(seen)
    return Condition(seen, f"Make room: at least {size(_DISK_NEEDED_BYTES)} are needed to work safely.")


def condition_of_room(stored: int, room: Room) -> Condition:
    """Say how many payments there are, and which limit comes next."""
    seen = f"{stored:,} payments are stored."
    limit = room.limit(stored)
    if limit is None:
        return Condition(f"{seen} How many more there can be is not known.")
    most, what = limit
    seen = f"{seen} There is room for about {most:,} in all; then {what} ends first."
    if most >= stored * _ROOM_TO_GROW:
        return Condition(seen)
    return Condition(seen, f"Make room before it does: {what} will not do for long.")


def condition_of_mail(mail: MailSettings, sent: MailSent | None, alerts: Iterable[Alert], zone: tzinfo) -> Condition:
    """Say whether warnings go out by mail, when the newest did, and what is wrong with the last that did not."""
    if not mail.is_set:
        return Condition(f"None is sent; warnings of the SOR watch are shown here alone. To set it up: {SET_MAIL}.")
    people = "1 recipient" if len(mail.recipients) == 1 else f"{len(mail.recipients)} recipients"
    last = f"Last sent {_moment(sent.at, zone)}: {sent.subject}." if sent else "None was sent yet."
    seen = f"By {mail.host} to {people}. {last}"
    trouble = next((alert for alert in alerts if alert.kind is AlertKind.MAIL), None)
    if trouble is None:
        return Condition(seen)
    return Condition(f"{seen} Since {_moment(trouble.raised_at, zone)}: {trouble.explanation}", trouble.next_step)


def condition_of_rights(found: OpenToOthers, home: str) -> Condition:
    """Say whether other people of this computer can read or change the program's files, and how to end it."""
    if found.synchronised_by and not found.paths:
        return Condition(
            f"{home} is copied to other computers by {found.synchronised_by}, which may hold back what is written.",
            "End the program, move that folder out of it, and name its new place by CMXERO_HOME or --home.",
        )
    if not found.is_known:
        return Condition(_rights_unknown(home, is_in_own_folder=found.is_in_own_folder))
    if not found.paths:
        return Condition(f"Only you can read what is in {home}.")
    first = ", ".join(found.paths[:_PATHS_NAMED])
    more = f" and {len(found.paths) - _PATHS_NAMED:,} more" if len(found.paths) > _PATHS_NAMED else ""
    outside = [path for path in found.paths if not PurePath(path).is_relative_to(home)]
    places = " ".join(f"'{place}'" for place in (home, *outside))
    return Condition(
        f"Other people of this computer can read or change {first}{more}.",
        f"Take their rights away, as the owner of the files: chmod -R go= {places}",
    )


def _rights_unknown(home: str, *, is_in_own_folder: bool) -> str:
    if is_in_own_folder:
        return f"{home} lies in your own folder, which Windows keeps from other people."
    return f"{home} lies outside your own folder: Windows shows who may read it under Properties, Security."


def condition_of_memory(trouble: str) -> Condition:
    """Say that the keyring could not tell whether the program's own store is in its newest state (R35)."""
    return Condition(f"Nobody can tell whether the program's own store was put back from a backup. {trouble}", trouble)


def condition_of_calls(limits: CallLimits, calls_a_day: int, requests_today: int) -> Condition:
    """Say how many calls of Xero's day were used, are left, and are kept for persons."""
    left, kept = calls_left(limits, calls_a_day, requests_today), calls_kept(calls_a_day)
    seen = f"{requests_today:,} used today, {left:,} of {calls_a_day:,} left, {kept:,} of them kept for Check Xero."
    if may_spend(IDLE_COST, limits, calls_a_day, requests_today):
        return Condition(seen)
    return Condition(seen, "Checks by the schedule wait until Xero allows more; yours still work while any are left.")


def condition_of_sign_in(state: PollState, kind: SignInKind, now: datetime, zone: tzinfo) -> Condition:
    """Say how this program is signed in and when that would end; that it is signed in at all is known already."""
    warning, ends_at = ending_alert(state, now), sign_in_ends_at(state)
    if kind is SignInKind.CUSTOM_CONNECTION:
        return Condition("By a custom connection, whose secret the keyring holds; it does not end.")
    if ends_at is None or state.sign_in.renewed_at is None:
        return Condition("In the browser; this program has not renewed it yet.")
    renewed, end = (day(instant.astimezone(zone).date()) for instant in (state.sign_in.renewed_at, ends_at))
    seen = f"In the browser, renewed on {renewed}; unused it would end on {end}."
    return Condition(seen, warning.next_step if warning is not None else "")


def condition_of_accounts(state: PollState, alerts: Iterable[Alert]) -> Condition:
    """Say whether a person has spoken of every account that payments went to (R3)."""
    if state.comparison.last_polled_at is None:
        return Condition("Not known before the first check.")
    asked = [alert.account for alert in alerts if alert.account is not None]
    if not asked:
        return Condition(ACCOUNTS_KNOWN)
    named = "; ".join(named for one in asked if (named := named_payments(one)))
    about = f": {named}" if named else ""
    seen = f"Nobody has said yet what payments to {' and '.join(one.title for one in asked)} are{about}."
    return Condition(seen, f"Say it once: {way('Decide, What an account is', 'account CODE')}.")


def condition_of_totals(state: PollState, zone: tzinfo) -> Condition:
    """Say whether both sides mean the same by an invoice's total, or who accepted that they do not (R24a)."""
    if state.comparison.last_polled_at is None:
        return Condition("Not compared before the first check.")
    totals = state.totals
    if totals.finding is None:
        return Condition("The totals of invoices show no common difference; Debtors names single ones that differ.")
    accepted = totals.accepted
    if accepted is None:
        return Condition(str(totals.finding), totals.finding.next_step)
    on = day(accepted.at.astimezone(zone).date())
    return Condition(f"{totals.finding} {accepted.by} accepted it on {on}: {accepted.reason}")


def condition_of_doubts(state: PollState, zone: tzinfo) -> Condition:
    """Say on which invoices Xero's payments are not what it says was paid, and when it is asked again (R22)."""
    if state.comparison.last_polled_at is None:
        return Condition("Not compared before the first check.")
    each = state.doubts.each
    if not each:
        return Condition("On every invoice Xero's payments add up to what it says was paid.")
    numbers = sorted({doubt.number for doubt in each})
    more = f" and {len(numbers) - _NUMBERS_NAMED:,} more" if len(numbers) > _NUMBERS_NAMED else ""
    seen = f"Xero's payments are not what it says was paid on {', '.join(numbers[:_NUMBERS_NAMED])}{more}."
    due = [doubt.due_at for doubt in each if doubt.due_at is not None]
    if not due:
        return Condition(f"{seen} It is asked again at the next check.")
    next_at, often = min(due).astimezone(zone), max(doubt.equal_answers for doubt in each)
    seldom = (
        f"It said the same {often:,} times, so it is asked less often, next from {day(next_at.date())} {next_at:%H:%M}."
    )
    return Condition(
        f"{seen} {seldom}", "Compare what was paid on them in Xero; nothing is proposed on them until then."
    )


def _moment(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"


def size(count: int) -> str:
    """Write a number of bytes for a person, never as nought where there are any."""
    if count >= _GIGABYTE:
        return f"{count / _GIGABYTE:,.1f} GB"
    return f"{count // _MEGABYTE:,} MB" if count >= _MEGABYTE else f"{math.ceil(count / _KILOBYTE):,} kB"
