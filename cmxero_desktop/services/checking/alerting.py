"""Raise the alerts that a poll gives rise to, and clear those whose cause is gone (R1, R27, R29)."""

from collections.abc import Iterable
from datetime import datetime

from cmxero_desktop.domain.accounts import questions_of
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import DEAD
from cmxero_desktop.domain.wording import account_asked, renumbered
from cmxero_desktop.services.checking.lookalikes import name_near_invoices
from cmxero_desktop.services.checking.other_writer import watch_other_writer
from cmxero_desktop.services.checking.strangers import Strangers
from cmxero_desktop.services.checking.totals import keep_totals
from cmxero_desktop.services.correlation.alert_events import alert_event, renumbering_key
from cmxero_desktop.services.correlation.correlated import Correlated
from cmxero_desktop.services.correlation.snapshots import NO_NUMBER_WORDS
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.viewing.desk_view import tie_out_of

# Only another writer's alert needs a person to clear it; the others go with their cause.
_BY_CAUSE = frozenset(
    {
        AlertKind.REMOVAL_LIMIT,
        AlertKind.RENUMBERED,
        AlertKind.NOT_EXPLAINED,
        AlertKind.VOIDED,
        AlertKind.NUMBER_SHARED,
        AlertKind.ACCOUNT,
        AlertKind.TOTALS,
    }
)


def raise_poll_alerts(
    outside: Outside, correlated: Correlated, strangers: Strangers, policy: Policy, now: datetime
) -> None:
    """Store the alerts of one poll; drop to observe where another writer was seen."""
    with outside.store.begin() as unit:
        standing = [
            *_renumbered(correlated, now),
            *_voided(correlated, now),
            *_shared(correlated, now),
            *_limit(correlated, now),
            *_unexplained(correlated, policy, now),
            *_accounts(correlated, policy, now),
            *keep_totals(unit, correlated, policy, now),
        ]
        keys = {alert.key for alert in standing}
        unit.alerts.clear(a.key for a in unit.alerts.standing() if a.kind in _BY_CAUSE and a.key not in keys)
        new = unit.alerts.raise_new(standing)
        name_near_invoices(unit, correlated.case_numbers, policy)
        unit.audit.append(alert_event(alert, now) for alert in new)
        watch_other_writer(unit, outside.settings_file, strangers, now)
        unit.commit()


def _renumbered(correlated: Correlated, now: datetime) -> Iterable[Alert]:
    """Find invoices that bear another number by now, also those with no payment yet, until it is said which (R1)."""
    for number, side in correlated.known.sides.items():
        case = correlated.sides.get(number)
        if side.is_renumbered:
            yield Alert(
                key=renumbering_key(side.invoice_id, side.renumbered_to),
                kind=AlertKind.RENUMBERED,
                rule=Rule.R1,
                explanation=renumbered(
                    side.renumbered_from or NO_NUMBER_WORDS,
                    side.renumbered_to or NO_NUMBER_WORDS,
                    case.invoice if case is not None else None,
                ),
                next_step="Say which invoice of Case Manager it is, or give it its old number in Xero.",
                raised_at=now,
                invoice_number=number,
            )


def _voided(correlated: Correlated, now: datetime) -> Iterable[Alert]:
    """Find invoices that are void in Xero while Case Manager still holds payments of them, or money owed (R2)."""
    for number, side in correlated.known.sides.items():
        case, invoice = correlated.sides.get(number), side.invoice
        if case is None or invoice is None or invoice.status not in DEAD:
            continue
        balance = balance_of(case.invoice, case.payments)
        if case.payments or balance.minor:
            yield Alert(
                key=f"voided:{invoice.invoice_id}",
                kind=AlertKind.VOIDED,
                rule=Rule.R2,
                explanation=(
                    f"Invoice {number} is {invoice.status.lower()} in Xero, and Case Manager still holds it, "
                    f"with {total((p.amount for p in case.payments), balance.currency)} paid and {balance} owed."
                ),
                next_step="Cancel it in Case Manager too, or adjust it to nothing, if it is not to be paid.",
                raised_at=now,
                invoice_number=number,
                amount=balance,
            )


def _shared(correlated: Correlated, now: datetime) -> Iterable[Alert]:
    """Find numbers that more than one living invoice of Xero's bears: which of them is Case Manager's? (R1)."""
    for number, side in correlated.known.sides.items():
        if side.is_shared:
            of_whom = " and ".join(f"one of {i.total} to {i.contact_name or '(no name)'}" for i in side.all_living)
            yield Alert(
                key=":".join(["number-shared", *sorted(invoice.invoice_id for invoice in side.all_living)]),
                kind=AlertKind.NUMBER_SHARED,
                rule=Rule.R1,
                explanation=(
                    f"Xero has {len(side.all_living)} invoices that are called {number} and are not void: {of_whom}. "
                    "None of their payments can be approved."
                ),
                next_step="Give each its own number in Xero, or void what is there by mistake.",
                raised_at=now,
                invoice_number=number,
            )


def _limit(correlated: Correlated, now: datetime) -> Iterable[Alert]:
    if correlated.breach:
        yield Alert(
            key="removal-limit",
            kind=AlertKind.REMOVAL_LIMIT,
            rule=Rule.R27,
            explanation=f"{correlated.breach}. None of them will be applied.",
            next_step="Look at them in Review; release them by name and reason if they are right.",
            raised_at=now,
        )


def _unexplained(correlated: Correlated, policy: Policy, now: datetime) -> Iterable[Alert]:
    statement = tie_out_of(correlated.results, policy)
    if statement is not None and not statement.is_explained:
        yield Alert(
            key="not-explained",
            kind=AlertKind.NOT_EXPLAINED,
            rule=Rule.TIE_OUT,
            explanation=f"{statement.difference} between Xero and Case Manager is not explained by any row.",
            next_step="Approve nothing; make a diagnostics bundle and ask for support.",
            raised_at=now,
            amount=statement.difference,
        )


def _accounts(correlated: Correlated, policy: Policy, now: datetime) -> Iterable[Alert]:
    """Ask once about each account that payments went to and that nobody has spoken of (R3).

    Only what is listed counts: nobody is asked about an account that was used before the start date alone.
    """
    listed = (row.xero for result in correlated.results for row in result.correlation.placements)
    for question in questions_of((payment for payment in listed if payment is not None), policy):
        yield Alert(
            key=f"account:{question.account_id}",
            kind=AlertKind.ACCOUNT,
            rule=Rule.R3,
            explanation=account_asked(question),
            next_step="Say once what becomes of them: copy them as a payment type, never copy them, or flag each.",
            raised_at=now,
            amount=question.amount,
            account=question,
        )
