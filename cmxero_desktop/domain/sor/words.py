"""The words of the watch: what happened, what Apxium does about it, and what to do next, by case (S5, S6)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from cmxero_desktop.domain.money import named_money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.sor.alerts import DAYS_TO_DEBIT, DebitDateIs, SorAlert, SorAlertState, SorEvidence, SorKind
from cmxero_desktop.domain.sor.board import EndingItem
from cmxero_desktop.domain.sor.schedules import FirmType, SorSchedule
from cmxero_desktop.domain.sor.sighting import Sighting
from cmxero_desktop.domain.wording import day

KIND_WORDS: Mapping[SorKind, str] = MappingProxyType(
    {
        SorKind.OTHER_PAYMENT: "Another payment",
        SorKind.DISBURSEMENT: "The full disbursement, receipted",
        SorKind.CREDIT_NOTE: "A credit note",
        SorKind.OVERPAYMENT: "An overpayment, applied",
        SorKind.PREPAYMENT: "A prepayment, applied",
        SorKind.VOIDED: "The invoice, voided",
        SorKind.NUMBER_CHANGED: "Its number, changed",
        SorKind.REFERENCE_CHANGED: "Its reference, changed",
        SorKind.CASE_PAYMENT: "A payment typed in Case Manager",
        SorKind.CASE_ADJUSTMENT: "An adjustment in Case Manager",
        SorKind.TOO_MUCH: "More instalments than room",
        SorKind.INSTALMENT_DELETED: "An instalment, deleted",
    }
)

_WHILE = "{what} while the SOR schedule of {number} runs"
_LEADS = {
    SorKind.VOIDED: _WHILE,
    SorKind.NUMBER_CHANGED: _WHILE,
    SorKind.REFERENCE_CHANGED: _WHILE,
    SorKind.TOO_MUCH: "{what} in the SOR schedule of {number}",
    SorKind.INSTALMENT_DELETED: "{what} from the SOR schedule of {number}",
}
_UNLESS = {
    SorKind.VOIDED: "",
    SorKind.NUMBER_CHANGED: " unless it has its old number again before the debit date",
    SorKind.REFERENCE_CHANGED: " unless it has its old reference again before the debit date",
    SorKind.INSTALMENT_DELETED: " unless it is entered again before the debit date",
}
_SYSTEMS = {Side.XERO: "Xero", Side.CASE_MANAGER: "Case Manager"}
_CANCELS = "and it may cancel the schedule"
_DISREGARD = (
    "Not recommended while the schedule runs: better reverse it and let the instalments come. If it has to stay, ask "
    "Apxium to disregard the errors, and to mark it written back at the end."
)
_FULL = (
    "If the client paid the firm in full: have Apxium cancel the schedule, which itself takes back what is "
    "outstanding; the payment stays, and neither a refund nor a credit is needed. After that it syncs within two "
    "hours, where the invoice has room, and the desk looks again then. If the client only wants to pay now: Make "
    "Payment in Apxium, which takes nothing back."
)
_PARTIAL = (
    "Take it off the invoice in Xero, and either refund it to the client, or keep it as the client's credit and "
    "allocate that when the schedule ends: one of the two is enough. If the client would rather pay "
    "all that is left at once: take this off too, and have it paid by Make Payment in Apxium, which takes nothing back."
)
_OFF = "Take the {what} off the invoice: refund it, or keep it and apply it when the schedule ends; one is enough."
_NEXT = {
    SorKind.DISBURSEMENT: _DISREGARD,
    SorKind.CREDIT_NOTE: "Take the credit note off the invoice, and apply it when the schedule ends.",
    SorKind.OVERPAYMENT: _OFF.format(what="overpayment"),
    SorKind.PREPAYMENT: _OFF.format(what="prepayment"),
    SorKind.VOIDED: "Ask Apxium at once what becomes of the schedule: a void invoice cannot be brought back.",
    SorKind.NUMBER_CHANGED: "Give the invoice its old number again in Xero.",
    SorKind.REFERENCE_CHANGED: "Give the invoice its old reference again in Xero.",
    SorKind.CASE_PAYMENT: (
        "If it is an instalment, link it to Xero's; else take it out of Case Manager until the schedule ends."
    ),
    SorKind.CASE_ADJUSTMENT: "Take the adjustment back in Case Manager until the schedule ends.",
    SorKind.TOO_MUCH: (
        "Compare the schedule in Apxium with the invoice: Apxium cannot hold an overpayment. Ask it to shorten the "
        "schedule, or refund the excess."
    ),
    SorKind.INSTALMENT_DELETED: (
        "Enter the instalment again in Xero as Apxium wrote it, into the SOR clearing account, and tell Apxium."
    ),
}


def explained(sighting: Sighting, number: str) -> str:
    """Say what was seen, with the record and its figures."""
    evidence = sighting.evidence
    called = f" ({evidence.reference})" if evidence.reference and evidence.reference not in evidence.name else ""
    contact = f", {evidence.contact}" if evidence.contact else ""
    return _seen(sighting.kind, evidence, number, evidence.name, f"{called}{contact}")


def explained_to_anybody(alert: SorAlert) -> str:
    """Say it without payer and reference, which may name a client: a mail and a calendar pass through other hands."""
    evidence = alert.evidence
    name = "another reference than before" if alert.kind is SorKind.REFERENCE_CHANGED else evidence.name
    return _seen(alert.kind, evidence, alert.invoice_number, name)


def _seen(kind: SorKind, evidence: SorEvidence, number: str, name: str, more: str = "") -> str:
    on = f" dated {day(evidence.on)}" if evidence.on else ""
    lead = _LEADS.get(kind, "{what}, outside the SOR schedule of {number}").format(what=KIND_WORDS[kind], number=number)
    return f"{lead}: {name}{on}{more}, in {_SYSTEMS[evidence.side]}."


def consequence(sighting: Sighting, firm: FirmType, home: str) -> str:
    """Say what Apxium does about it (S5); `home` is the organisation's currency."""
    at_risk = named_money(sighting.at_risk, home)
    if firm is FirmType.OTHER:
        return "Apxium does not sync it while the schedule runs, and the schedule's own records break."
    if sighting.evidence.side is Side.CASE_MANAGER:
        return f"If it goes on to Xero, Apxium takes {at_risk} back from the firm, {_CANCELS}."
    if sighting.kind is SorKind.TOO_MUCH:
        return f"Apxium cannot hold an overpayment: {at_risk} of its instalments has no room, {_CANCELS}."
    unless = _UNLESS.get(sighting.kind, " unless it is removed before the debit date")
    return f"Apxium takes {at_risk} back from the firm{unless}, {_CANCELS}."


def next_step(sighting: Sighting) -> str:
    """Say what to do, by case (S6)."""
    if sighting.kind is SorKind.OTHER_PAYMENT:
        return _FULL if sighting.is_full else _PARTIAL
    return _NEXT[sighting.kind]


def history_words(alert: SorAlert, moment: Callable[[datetime], str]) -> str:
    """Say who did it as far as Xero's history tells, in Xero's own word; `moment` writes an instant."""
    if alert.evidence.side is not Side.XERO or alert.kind is SorKind.TOO_MUCH:
        return ""
    if (line := alert.history.line) is not None:
        return f"Xero's history: {line.what or 'changed'} by {line.who}, {moment(line.at)}."
    return "Xero did not say who did it." if alert.history.is_over else "Xero was not asked yet who did it."


def history_words_for_anybody(alert: SorAlert) -> str:
    """Say whether Xero's history names somebody, and name nobody: a mail passes through other hands."""
    if alert.history.line is not None:
        return "Who did it, and when, stands in the SOR watch, from Xero's history."
    return "Xero did not say who did it." if alert.history.is_over and alert.evidence.side is Side.XERO else ""


STATE_WORDS: Mapping[SorAlertState, str] = MappingProxyType(
    {
        SorAlertState.OPEN: "open",
        SorAlertState.CLEARED: "cleared in time",
        SorAlertState.PASSED: "debit date passed",
        SorAlertState.CLOSED: "closed",
    }
)


def when_words(alert: SorAlert) -> str:
    """Say by when it has to be gone, and where the date comes from."""
    if alert.debit_on is None or alert.last_safe_day is None or alert.debit_date_is is None:
        return "Apxium names no debit date for this practice software."
    is_entered = alert.debit_date_is is DebitDateIs.ENTERED
    source = "as entered from Apxium's mail" if is_entered else "estimated: seven days after it was first seen"
    return f"Debit date {day(alert.debit_on)}, {source}; the last safe day is {safe_day_words(alert.last_safe_day)}."


_FRIDAY = 4
_WEEKEND = ("Saturday", "Sunday")


def safe_day_words(last: date) -> str:
    """Name a last safe day; of one in a weekend also the weekday before it, since nobody may be there on the day."""
    before = last_weekday(last)
    if before == last:
        return day(last)
    return f"{day(last)} (a {_WEEKEND[(last - before).days - 1]}; the last weekday is {day(before)})"


def last_weekday(last: date) -> date:
    """Return a day, or of one in a weekend the Friday before it."""
    return last - timedelta(days=max(last.weekday() - _FRIDAY, 0))


def due_words(alert: SorAlert, today: date | None) -> str:
    """Say by when it has to be gone and what becomes of it then; of what has passed, that it has (S4)."""
    if alert.state is not SorAlertState.PASSED or alert.debit_on is None:
        number = alert.day_on(today or alert.first_seen_on)
        counted = f"Day {number} of {DAYS_TO_DEBIT}. " if number else ""
        return f"{counted}{when_words(alert)}"
    gone = f" It was removed on {day(alert.removed_on)}, too late." if alert.removed_on else ""
    return f"The debit date {day(alert.debit_on)} has come.{gone}"


def risk_words(alert: SorAlert) -> str:
    """Say what is at risk and what Apxium does about it, the amount once (S5)."""
    return alert.consequence if alert.risk_words in alert.consequence else f"{alert.risk_words}. {alert.consequence}"


def to_do_words(alert: SorAlert) -> str:
    """Say what to do, and by which day; once the debit date has come, to look whether it was debited (S4, S6)."""
    if alert.state is SorAlertState.PASSED:
        first = "" if alert.removed_on else f"{alert.next_step} "
        return f"{first}See whether Apxium has debited {alert.risk_words}, then close this alert."
    if alert.last_safe_day is None:
        return alert.next_step
    return f"By {day(alert.last_safe_day)}: {_lowered(alert.next_step)}"


def done_words(alert: SorAlert, seen_here: str = "") -> str:
    """Say after *done when* by what one sees that it worked, and who ends the alert; `seen_here` adds where (S4)."""
    if alert.state is SorAlertState.PASSED:
        return "You close the alert: nothing ends it by itself any more."
    if alert.kind is SorKind.VOIDED:
        return "You say how the schedule ended, or close the alert."
    cleared = f"The next check finds it gone and ends the alert by itself: cleared in time. {seen_here}".strip()
    if alert.kind in _MAY_STAY:
        return f"{cleared} If it stays: when you close the alert, or say how the schedule ended."
    return cleared


# Where the next step itself says that it may stay.
_MAY_STAY = frozenset({SorKind.OTHER_PAYMENT, SorKind.DISBURSEMENT})


def _lowered(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"


def quiet_words(schedule: SorSchedule, number: str, left: Sequence[EndingItem]) -> str:
    """Say what to do about an invoice of which nothing stands: nothing, while its schedule runs (S2, S9).

    `left` is what is still to be done after the schedule ended, on all its invoices.
    """
    if schedule.is_running:
        return (
            "Nothing. Apxium writes each instalment into Xero as it takes it; until the schedule ends, put no other "
            "payment, credit or change on the invoice."
        )
    if not left:
        return "Nothing: the schedule has ended."
    own = [item for item in left if item.invoice_number == number]
    others = sorted({item.invoice_number for item in left if item.invoice_number != number})
    if not own:
        return f"Nothing on this invoice; what is left to do of the schedule stands at {' and '.join(others)}."
    return " ".join(f"{item.amount}: {item.words}" if item.amount is not None else item.words for item in own)


DONE_AFTER_END = (
    "Each step is ticked under What is left to do, which keeps who did it and when. The row stays, as ended, below "
    "those that run."
)
"""By what one sees that what a schedule left behind is done (S9)."""

DONE_AFTER_FAILURE = "Apxium has written the instalment into Xero: the next check calls the schedule active again."
"""By what one sees that a failed instalment was taken after all."""


def failed_words(schedule: SorSchedule, due: str, today: date | None) -> tuple[str, str, str]:
    """Say of a failed instalment by when, what is at risk (`due` says what is owed), and what to do."""
    on = day(schedule.retry_on) if schedule.retry_on is not None else "a day that it did not say"
    if today is not None and schedule.retry_on is not None and today > schedule.retry_on:
        when = f"Apxium was to try again on {on}, and no instalment was written since."
        what = "See in Apxium how the schedule stands. If it was cancelled, say so; else enter the day of the next try."
    else:
        when = f"Apxium tries again on {on}."
        what = "Ask the client to have the money there on that day, or to pay by Make Payment in Apxium before it."
    risk = "If that fails too, Apxium cancels the schedule and debits the firm with what is outstanding"
    return when, f"{risk}{f': in Xero {due}' if due else ''}.", what


def ended_words(schedule: SorSchedule) -> str:
    """Say why an alert of a schedule ends with it."""
    return f"The schedule is {schedule.state.value}."
