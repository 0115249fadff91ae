"""Which use case answers which command of the SOR watch."""

from cmxero_desktop.services.checking.polling import PollingDesk
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.listing import take_schedules
from cmxero_desktop.services.sor.noticing import said_notices, take_notices
from cmxero_desktop.services.sor.saying import (
    close_alert,
    end_schedule,
    fail_instalment,
    mark_schedule,
    reopen_schedule,
    say_clearing_balance,
    say_disbursed,
    set_debit_date,
    tick_ending,
    unmark_schedule,
)
from cmxero_desktop.services.verbs.commands.command import Handler
from cmxero_desktop.services.verbs.commands.sor import (
    CloseSorAlert,
    EndSchedule,
    FailInstalment,
    MarkSchedule,
    ReopenSchedule,
    SaidSorNotices,
    SayClearingBalance,
    SayDisbursed,
    SetDebitDate,
    TakeSchedules,
    TakeSorNotices,
    TickEnding,
    UnmarkSchedule,
)


def schedule_handlers(outside: Outside) -> tuple[Handler, ...]:
    """Return the lines by which persons say something of schedules."""

    def said(by: str, reason: str = "") -> SorSaying:
        return SorSaying(by=by, reason=reason)

    def tick(c: TickEnding) -> str:
        return tick_ending(outside, c.schedule_id, c.key, said(c.by), is_done=c.is_done)

    return (
        TakeSchedules.handled_by(
            lambda c: take_schedules(outside, c.lines, source=c.source, by=c.by, is_preview=c.is_preview)
        ),
        MarkSchedule.handled_by(lambda c: mark_schedule(outside, c.invoice, said(c.by, c.reason))),
        UnmarkSchedule.handled_by(lambda c: unmark_schedule(outside, c.invoice, said(c.by, c.reason))),
        EndSchedule.handled_by(lambda c: end_schedule(outside, c.invoice, c.state, said(c.by, c.reason))),
        ReopenSchedule.handled_by(lambda c: reopen_schedule(outside, c.invoice, said(c.by, c.reason), c.schedule_id)),
        FailInstalment.handled_by(lambda c: fail_instalment(outside, c.invoice, c.retry_on, said(c.by, c.reason))),
        SetDebitDate.handled_by(lambda c: set_debit_date(outside, c.invoice, c.on, said(c.by))),
        CloseSorAlert.handled_by(lambda c: close_alert(outside, c.key, said(c.by, c.reason))),
        TickEnding.handled_by(tick),
        SayDisbursed.handled_by(lambda c: say_disbursed(outside, c.invoice, c.amount, said(c.by))),
        SayClearingBalance.handled_by(lambda c: say_clearing_balance(outside, c.amount, c.on, said(c.by))),
    )


def notice_handlers(outside: Outside, desktop: PollingDesk) -> tuple[Handler, ...]:
    """Return the lines by which notices are taken and said."""
    return (
        TakeSorNotices.handled_by(lambda c: take_notices(outside, c.way, desktop.holder, is_quiet=c.is_quiet)),
        SaidSorNotices.handled_by(lambda c: said_notices(outside, c.way, c.keys)),
    )
