"""Write each file of a diagnostics bundle, field by field: what is not named here is in none of them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TypeAlias

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.diagnostics.redacting import AMOUNT, NAME
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.releases import HTTPS
from cmxero_desktop.services.records.reports import BundleChoice, HealthCheck, HealthFacts, VerifyReport
from cmxero_desktop.services.records.runs import CallLimits, PollRun, PollState
from cmxero_desktop.services.records.settings import Never, PolicySettings, Settings, WorkingHours, XeroSettings

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"
Document: TypeAlias = dict[str, Value]
Redact = Callable[[str], str]

RUNS_KEPT = 20
LEFT_OUT = "[left out]"
_MASKED_FROM = 16
_SHOWN_OF_MASKED = 4
# What these see is this computer's; the others may name the firm in words that our store does not know.
_PLAIN_CHECKS = frozenset(
    {
        "settings",
        "store",
        "keyring",
        "sign-in",
        "clock",
        "calls",
        "proxy",
        "disk",
        "payments",
        "rights",
        "log",
        "version",
    }
)


def text_of(document: Value) -> str:
    """Return a document as it stands in its file."""
    return harmless(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def computer_part(facts: HealthFacts) -> Document:
    """Say which program runs on what."""
    return {"versions": dict(facts.versions), "disk_free_bytes": facts.disk_free_bytes}


def settings_part(settings: Settings, choice: BundleChoice) -> Document:
    """Return the settings that say nothing about the firm; of the others, whether they are set."""
    poll = settings.poll
    return {
        "mode": settings.mode.value,
        "xero": _xero_settings(settings.xero),
        "case_manager": {
            "database": _database_kind(settings.case_manager.url),
            "mapping": "reference" if settings.case_manager.mapping == "reference" else "a file of the firm",
        },
        "policy": _policy_settings(settings.policy, choice),
        "poll": {
            "interval_min": poll.interval_min,
            "working_hours": _hours(poll.working_hours),
            "working_days": [*sorted(poll.working_days)],
            "full_at": _time(poll.full_at),
        },
        "store": {
            "database": _database_kind(settings.store.url) if settings.store.url else "sqlite, in the home folder"
        },
        "sor": {
            "firm_type": settings.sor.firm_type.value,
            "breaks_quiet_hours": settings.sor.breaks_quiet_hours,
        },
        "notices": {
            "quiet_from": _time(settings.notices.quiet_from),
            "quiet_to": _time(settings.notices.quiet_to),
            "quiet_days": [*sorted(settings.notices.quiet_days)],
            "holidays": settings.notices.holidays.region,
            "closed": len(settings.notices.closed),
            "summary": settings.notices.summary,
            "show_names": settings.notices.show_names,
        },
        "mail": {
            "is_set": settings.mail.is_set,
            "encryption": settings.mail.encryption.value,
            "recipients": len(settings.mail.recipients),
        },
        "people": {"approvers": len(settings.people.approvers), "two": settings.people.second_approver.value},
        "updates": {"is_on": settings.updates.is_on, "is_by_https": settings.updates.address.startswith(HTTPS)},
    }


def polling_part(state: PollState, runs: Sequence[PollRun], redact: Redact) -> Document:
    """Say where polling stands, and how the last runs went."""
    pause = state.allowance.pause
    return {
        "organisation": masked(state.organisation.organisation_id),
        "currency": state.organisation.currency,
        "time_zone": state.organisation.time_zone,
        "payments_cursor": _at(state.cursors.payments),
        "invoices_cursor": _at(state.cursors.invoices),
        "first_polled_at": _at(state.comparison.first_polled_at),
        "last_polled_at": _at(state.comparison.last_polled_at),
        "last_full_at": _at(state.cursors.last_full_at),
        "compared_as_of": _at(state.cursors.as_of),
        "today": _at(state.comparison.today),
        "full_requests": state.allowance.full_requests,
        "sign_in_renewed_at": _at(state.sign_in.renewed_at),
        "pause": {"until": _at(pause.until), "because": redact(pause.because)} if pause else None,
        "limits": _limits(state.allowance.limits),
        "runs": [_run(run, redact) for run in runs],
    }


def counts_part(unit: UnitOfWork, report: VerifyReport, redact: Redact) -> Document:
    """Count what stands where, without a single row."""
    results = unit.results.latest()
    placements = [placement for result in results for placement in result.correlation.placements]
    proposals, alerts = unit.proposals.in_states(tuple(ProposalState)), unit.alerts.standing()
    return {
        "invoices": len(results),
        "tracked_invoices": len(unit.facts.tracked()),
        "placements": {
            "by_bucket": _counted(p.bucket.value for p in placements),
            "by_reason": _counted(p.reason.value for p in placements if p.reason is not None),
            "by_rule": _counted(p.rule for p in placements),
        },
        "proposals": {
            "by_kind": _counted(p.proposal.kind.value for p in proposals),
            "by_state": _counted(p.state.value for p in proposals),
            "by_flag": _counted(flag.value for p in proposals for flag in p.proposal.flags),
        },
        "alerts": {
            "by_kind": _counted(alert.kind.value for alert in alerts),
            "by_rule": _counted(alert.rule for alert in alerts),
        },
        "unreadable_rows": len(unit.gaps.unreadable()),
        "open_intents": len(unit.intents.still_open()),
        "audit": {
            "entries": report.audit_entries,
            "newest_hash": report.newest_hash,
            "chain_holds": unit.audit.first_broken() is None,
            "findings": [redact(finding) for finding in report.findings],
        },
    }


def doctor_part(
    checks: Iterable[HealthCheck], redact: Redact, choice: BundleChoice, *, knows_names: bool
) -> list[Value]:
    """Return the doctor's lines. What may hold a name that nobody could look for is left out, unless names go along."""
    return [_check(check, redact, choice, knows_names=knows_names) for check in checks]


def masked(text: str) -> str:
    """Return enough of an id to tell two apart, and not enough to use it."""
    if not text:
        return "not set"
    return f"{text[:_SHOWN_OF_MASKED]}…" if len(text) >= _MASKED_FROM else "set"


def _check(check: HealthCheck, redact: Redact, choice: BundleChoice, *, knows_names: bool) -> Value:
    is_shown = choice.has_names or check.name in _PLAIN_CHECKS or (knows_names and not check.is_good)
    return {
        "check": check.name,
        "good": check.is_good,
        "seen": redact(check.seen) if is_shown else LEFT_OUT,
        "remedy": redact(check.remedy) if is_shown else LEFT_OUT,
    }


def _xero_settings(xero: XeroSettings) -> Document:
    return {
        "sign_in": xero.sign_in.value,
        "client_id": masked(xero.client_id),
        "tenant_id": masked(xero.tenant_id),
        "redirect_port": xero.redirect_port,
        "tier": xero.tier.value,
        "proxy": "set" if xero.proxy else "not set",
        "addresses": "of a sandbox on this computer" if xero.identity_url or xero.api_url else "Xero's own",
    }


def _policy_settings(policy: PolicySettings, choice: BundleChoice) -> Document:
    standard = PolicySettings()
    return {
        "invoice_prefix": _if_standard(policy.invoice_prefix, standard.invoice_prefix, choice),
        "start_date": _at(policy.start_date),
        "near_days": policy.near_days,
        "removal_limit_count": policy.removal_limit_count,
        "removal_limit_percent": str(policy.removal_limit_percent),
        "removal_limit_amount": f"{policy.removal_limit_amount:.2f}" if choice.has_amounts else AMOUNT,
        "bulk_amount_limit": f"{policy.bulk_amount_limit:.2f}" if choice.has_amounts else AMOUNT,
        "total_tolerance": f"{policy.total_tolerance:.2f}" if choice.has_amounts else AMOUNT,
        "edit_days": policy.edit_days,
        "lodged_until": _at(policy.lodged_until),
        "accounts_with_a_payment_type": len(policy.payment_types),
        "accounts_never_copied": len(policy.never_copy),
        "accounts_kept_flagged": len(policy.keep_flagging),
        "forward_dating_days": policy.forward_dating_days,
        "sor_account": _if_standard(policy.sor_account, standard.sor_account, choice),
        "sor_unallocated": _if_standard(policy.sor_unallocated, standard.sor_unallocated, choice),
    }


def _if_standard(value: str, standard: str, choice: BundleChoice) -> str:
    return value if value == standard or choice.has_names else NAME


def _database_kind(url: str) -> str:
    kind = url.partition(":")[0].partition("+")[0].lower()
    known = {"sqlite", "postgres", "postgresql", "mysql", "mariadb", "mssql"}
    return kind if kind in known else "another kind" if url else "not set"


def _time(moment: time | Never) -> str:
    return moment.isoformat("minutes") if isinstance(moment, time) else moment.value


def _hours(hours: WorkingHours | None) -> str:
    return f"{hours.start:%H:%M} to {hours.end:%H:%M}" if hours else "all day"


def _limits(limits: CallLimits) -> Document:
    return {
        "minute": limits.minute,
        "day": limits.day,
        "app_minute": limits.app_minute,
        "seen_at": _at(limits.seen_at),
    }


def _run(run: PollRun, redact: Redact) -> Document:
    counts = run.counts
    return {
        "started_at": _at(run.started_at),
        "finished_at": _at(run.finished_at),
        "trigger": run.trigger.value,
        "outcome": run.outcome.value,
        "is_full": run.is_full,
        "fetched": run.fetched,
        "requests": run.requests,
        "matched": counts.matched,
        "unmatched": counts.unmatched,
        "skipped": counts.skipped,
        "proposed": counts.proposed,
        "alerts": counts.alerts,
        "reason": redact(run.reason),
    }


def _at(moment: datetime | date | None) -> str | None:
    return moment.isoformat() if moment else None


def _counted(names: Iterable[str]) -> Document:
    counted: Mapping[str, int] = Counter(names)
    return {name: counted[name] for name in sorted(counted)}
