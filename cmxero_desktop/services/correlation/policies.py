"""Make the policy of the rules from the firm's settings and from what Case Manager itself says."""

from dataclasses import replace

from cmxero_desktop.domain.policy import NO_LOCKS, AcceptedShape, Locks, Policy, RemovalLimits
from cmxero_desktop.services.correlation.organisation_day import start_of
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.runs import PollState
from cmxero_desktop.services.records.settings import ForwardDating, PolicySettings


def policy_of(
    settings: PolicySettings,
    facts: CaseManagerFacts,
    currency: str,
    locks: Locks = NO_LOCKS,
    totals: AcceptedShape | None = None,
    time_zone: str = "",
) -> Policy:
    """Return the policy; `currency`, `locks`, `time_zone` are the organisation's, `totals` is how totals may differ."""
    return Policy(
        currency=currency,
        invoice_prefix=settings.invoice_prefix,
        start_date=settings.start_date,
        started_at=start_of(settings.start_date, time_zone) if settings.start_date is not None else None,
        near_days=settings.near_days,
        forward_dating_days=_forward_dating_days(settings, facts),
        is_forward_dating_own=settings.forward_dating_days is not ForwardDating.CASE_MANAGER,
        is_journalled_locked=facts.is_journalled_locked,
        notes_limit=facts.notes_limit,
        reference_limit=facts.reference_limit,
        payment_type=facts.payment_type,
        imported_text=facts.imported_text,
        columns=facts.columns,
        sor_account_text=settings.sor_account,
        sor_unallocated_text=settings.sor_unallocated,
        removal_limits=RemovalLimits(
            count=settings.removal_limit_count,
            percent=settings.removal_limit_percent,
            amount=settings.removal_limit_amount,
        ),
        edit_days=settings.edit_days,
        total_tolerance=settings.total_tolerance,
        bulk_amount_limit=settings.bulk_amount_limit,
        payment_types=settings.payment_types,
        never_copy=frozenset(settings.never_copy),
        keep_flagging=frozenset(settings.keep_flagging),
        locks=replace(locks, lodged=settings.lodged_until),
        accepted_totals=totals,
        time_zone=time_zone,
    )


def policy_for(settings: PolicySettings, facts: CaseManagerFacts, state: PollState) -> Policy:
    """Return the policy of the organisation that the store belongs to."""
    organisation = state.organisation
    return policy_of(
        settings, facts, organisation.currency, organisation.locks, state.totals.shape, organisation.time_zone
    )


def _forward_dating_days(settings: PolicySettings, facts: CaseManagerFacts) -> int | None:
    if settings.forward_dating_days is ForwardDating.CASE_MANAGER:
        return facts.forward_dating_days
    if isinstance(settings.forward_dating_days, ForwardDating):
        return None
    return settings.forward_dating_days
