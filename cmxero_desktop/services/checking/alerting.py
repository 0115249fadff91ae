"""Raise the alerts that a poll gives rise to, and clear those whose cause is gone (R1, R27, R29)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cmxero_desktop.domain.accounts import questions_of, with_names
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording_accounts import account_asked
from cmxero_desktop.services.checking.lookalikes import name_near_invoices
from cmxero_desktop.services.checking.other_writer import watch_other_writer
from cmxero_desktop.services.checking.strangers import Strangers
from cmxero_desktop.services.checking.totals import keep_totals
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.correlation.correlated import Correlated
from cmxero_desktop.services.correlation.firm_sums import FirmSums
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.alerts import Alert, AlertKind

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
    sums = correlated.kept.sums
    with outside.store.begin() as unit:
        standing = [
            *(replace(alert, raised_at=now) for alerts in sums.warnings.values() for alert in alerts),
            *_limit(correlated, now),
            *_unexplained(sums, policy, now),
            *_accounts(sums, policy, now),
            *keep_totals(unit, sums, policy, now),
        ]
        keys = {alert.key for alert in standing}
        unit.alerts.clear(a.key for a in unit.alerts.standing() if a.kind in _BY_CAUSE and a.key not in keys)
        new = unit.alerts.raise_new(standing)
        name_near_invoices(unit, correlated.kept.near_numbers, policy)
        unit.audit.append(alert_event(alert, now) for alert in new)
        watch_other_writer(unit, outside.settings_file, strangers, now)
        unit.commit()


def _limit(correlated: Correlated, now: datetime) -> Iterable[Alert]:
    if correlated.breach:
        yield Alert(
            key="removal-limit",
            kind=AlertKind.REMOVAL_LIMIT,
            rule=Rule.R27,
            explanation=f"Held: {correlated.breach}. None is applied until a person releases it.",
            next_step="Look at them in Review; release them with a reason if they are right.",
            raised_at=now,
        )


def _unexplained(sums: FirmSums, policy: Policy, now: datetime) -> Iterable[Alert]:
    """Find money that no row accounts for, invoice by invoice: what is lost on one does not make up for another."""
    if sums.unexplained:
        difference = Money.from_minor(sum(sums.unexplained.values()), policy.currency)
        yield Alert(
            key="not-explained",
            kind=AlertKind.NOT_EXPLAINED,
            rule=Rule.TIE_OUT,
            explanation=f"{difference} between Xero and Case Manager is not explained by any row.",
            next_step="Approve nothing; make a diagnostics bundle and ask for support.",
            raised_at=now,
            amount=difference,
        )


def _accounts(sums: FirmSums, policy: Policy, now: datetime) -> Iterable[Alert]:
    """Ask once about each account that payments went to and that nobody has spoken of (R3).

    Only what is listed counts: nobody is asked about an account that was used before the start date alone.
    """
    asked = [one for some in sums.questioned.values() for one in some]
    for unnamed in questions_of((one.payment for one in asked), policy):
        question = with_names(unnamed, asked)
        yield Alert(
            key=f"account:{question.account_id}",
            kind=AlertKind.ACCOUNT,
            rule=Rule.R3,
            explanation=account_asked(question),
            next_step=(
                "Say once what becomes of such payments: copied as a payment type, never copied, or flagged each."
            ),
            raised_at=now,
            amount=question.amount,
            account=question,
        )
