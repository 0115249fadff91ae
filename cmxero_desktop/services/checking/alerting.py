"""Raise the alerts that a poll gives rise to, and clear those whose cause is gone (R1, R27, R29)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.services.checking.lookalikes import name_near_invoices
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.correlation.correlating import Correlated
from cmxero_desktop.services.correlation.snapshots import DEAD, NO_NUMBER_WORDS, Known
from cmxero_desktop.services.ports.computer import SettingsFile
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import PollState
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import tie_out_of

# Only another writer's alert needs a person to clear it; the others go with their cause.
_BY_CAUSE = frozenset({AlertKind.REMOVAL_LIMIT, AlertKind.RENUMBERED, AlertKind.NOT_EXPLAINED, AlertKind.VOIDED})


def raise_poll_alerts(
    outside: Outside, correlated: Correlated, state: PollState, policy: Policy, now: datetime
) -> None:
    """Store the alerts of one poll; drop to observe where another writer was seen."""
    with outside.store.begin() as unit:
        writer = _other_writer(unit, correlated, state, now)
        standing = [
            *_renumbered(correlated.known, now),
            *_voided(correlated, now),
            *_limit(correlated, now),
            *_unexplained(correlated, policy, now),
        ]
        keys = {alert.key for alert in standing}
        # Whoever set the mode back to approve has dealt with the other writer.
        is_dealt_with = outside.settings_file.load().mode is Mode.APPROVE
        kinds = _BY_CAUSE | {AlertKind.OTHER_WRITER} if is_dealt_with else _BY_CAUSE
        unit.alerts.clear(a.key for a in unit.alerts.standing() if a.kind in kinds and a.key not in keys)
        new = unit.alerts.raise_new([*writer, *standing])
        name_near_invoices(unit, correlated.case_numbers, policy)
        unit.pairs.add_copies(correlated.copies)
        unit.audit.append(alert_event(alert, now) for alert in new)
        if writer:
            unit.audit.append([_mode_event(now)])
            # Before the copies count as known: if the program ends between the two, the next check sees them again.
            _drop_to_observe(outside.settings_file)
        unit.commit()


def _other_writer(unit: UnitOfWork, correlated: Correlated, state: PollState, now: datetime) -> list[Alert]:
    """Find imported copies that appeared after the first poll and that are not ours (R29)."""
    if state.comparison.first_polled_at is None:
        return []
    foreign = correlated.copies - unit.pairs.copies()
    payments = _payments(correlated.results, foreign)
    return [
        Alert(
            key=f"writer:{payment.payment_id}",
            kind=AlertKind.OTHER_WRITER,
            rule=Rule.R29,
            explanation=(
                f"The imported payment of {paid(payment)} on invoice {number} was not written by this program: "
                "Case Manager's own Xero link seems to be on. Switched to observe only, so that nothing is added twice."
            ),
            next_step="Switch Case Manager's own Xero link off, check Xero again, then set the mode to approve.",
            raised_at=now,
            invoice_number=number,
            amount=payment.amount,
            case_payment_id=payment.payment_id,
            on=payment.paid_on,
        )
        for number, payment in payments
    ]


def _payments(results: Iterable[InvoiceResult], wanted: frozenset[CasePaymentId]) -> list[tuple[str, CasePayment]]:
    return [
        (result.snapshot.number, payment)
        for result in results
        for payment in (result.snapshot.case_payments if wanted else ())
        if payment.payment_id in wanted
    ]


def _renumbered(known: Known, now: datetime) -> Iterable[Alert]:
    """Find tracked invoices that bear another number by now, also those with no payment yet (R1)."""
    first_numbers = {i.xero_invoice_id: i.number for side in known.sides.values() for i in side.invoices}
    for invoice in (invoice for side in known.sides.values() for invoice in side.facts):
        invoice_id, number = invoice.invoice_id, first_numbers[invoice.invoice_id]
        if invoice.number != number:
            yield Alert(
                key=f"renumbered:{invoice_id}:{invoice.number}",
                kind=AlertKind.RENUMBERED,
                rule=Rule.R1,
                explanation=f"Invoice {number} is called {invoice.number or NO_NUMBER_WORDS} in Xero now.",
                next_step="Give it its old number in Xero, or make sure that Case Manager has the same invoice.",
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


def _mode_event(now: datetime) -> AuditEvent:
    reason = "Another program writes imported payments, so this one only observes."
    return AuditEvent(at=now, by="program", what=AuditWhat.MODE_CHANGED, reason=reason, rule=Rule.R29)


def _drop_to_observe(settings_file: SettingsFile) -> None:
    settings_file.save(replace(settings_file.load(), mode=Mode.OBSERVE))
