"""The story from check to check: what each found, and so which was the first to find a proposal or a copy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from cmxero_desktop.domain.copying import Checks, CopyingByOthers, CopyTime, Watch, copying_by_others, times_after
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.identifiers import Fingerprint, XeroPaymentId
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.transition import Sightings
from cmxero_desktop.services.records.results import InvoiceResult
from tests.ui.story_sor import sor_facts
from tests.ui.story_times import (
    ADDED,
    BEGUN,
    CHECKED,
    INTERVAL,
    LINKED_AT,
    WRITTEN_AT,
    as_it_stood,
    instants_of,
    seen_by,
    typed_at,
)
from tests.ui.views import POLICY, C, X, day, firm, snapshot

_TRUST = "Trust money held"
_HELD_IN_TRUST = frozenset({"m10003", "m10012"})
_GROUP = "8"
_PARTS = frozenset({508, 511})


@dataclass(frozen=True, slots=True)
class Check:
    """What the desk knew at an instant; one after a write is no check of Xero's, but judges all the same."""

    at: datetime
    results: tuple[InvoiceResult, ...]

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Everything that was proposed then."""
        return tuple(each for result in self.results for each in result.correlation.proposals)


def story_facts() -> tuple[InvoiceSnapshot, ...]:
    """Return all invoices of the story as they stand in the end, of which only the times are not told."""
    written = snapshot(
        "CM-10050",
        "TAC",
        "4111 Roe, B",
        "90.00",
        [X(name="z1", amount="90.00", on=day(10))],
        [C(number=ADDED, amount="90.00", on=day(10), xero="z1")],
    )
    other_part = snapshot(
        "CM-10112",
        "Lee & Partners",
        "4208 Hart, W",
        "330.00",
        [X(name="k1", amount="330.00", on=day(1), reference="group 8", is_bank_reconciled=True)],
        [C(number=511, amount="330.00", on=day(1), reference="group 8", is_multi=True)],
    )
    unpaid = snapshot("CM-22005", "Acme Insurance", "4603 Shaw, C", "500.00")
    return tuple(map(_told, (*firm(), other_part, written, *sor_facts(), unpaid)))


def _told(facts: InvoiceSnapshot) -> InvoiceSnapshot:
    """Let two payments stand on an account of which nobody has spoken yet, and two be parts of one receipt."""
    xero = (
        replace(
            each,
            account_id="acc-882",
            account_name=_TRUST,
            account_code="882",
            account_type="CURRLIAB",
            is_bank_reconciled=False,
        )
        if each.payment_id in _HELD_IN_TRUST
        else each
        for each in facts.xero_payments
    )
    case = (replace(each, group=_GROUP) if each.payment_id.value in _PARTS else each for each in facts.case_payments)
    return replace(facts, xero_payments=tuple(xero), case_payments=tuple(case))


@cache
def checks() -> tuple[Check, ...]:
    """Judge the firm whenever something new was to be seen, from the first check to the last."""
    facts = story_facts()
    seen = {seen_by(at) for each in facts for at in instants_of(each)}
    return tuple(_judged(facts, at) for at in sorted({BEGUN, LINKED_AT, WRITTEN_AT, CHECKED, *seen}))


def _judged(facts: Iterable[InvoiceSnapshot], at: datetime) -> Check:
    stood = [as_it_stood(each, at) for each in facts]
    found = judge(stood, POLICY, at.date()).correlations
    return Check(at, tuple(InvoiceResult(snapshot=each, correlation=found[each.number]) for each in stood))


def story_results() -> tuple[InvoiceResult, ...]:
    """Return what the last check found."""
    return checks()[-1].results


def check_at(at: datetime) -> Check:
    """Return what was known at an instant."""
    return [each for each in checks() if each.at <= at][-1]


def check_before(at: datetime) -> Check:
    """Return what was known until an instant."""
    return [each for each in checks() if each.at < at][-1]


@cache
def first_seen() -> Mapping[Fingerprint, datetime]:
    """Return when each proposal was made, whatever became of it."""
    found: dict[Fingerprint, datetime] = {}
    for check in checks():
        for proposal in check.proposals:
            found.setdefault(proposal.fingerprint, check.at)
    return found


@cache
def sightings() -> Sightings:
    """Return on which day the payments of Case Manager were seen that came after the first check."""
    payments = [each for facts in story_facts() for each in facts.case_payments]
    return Sightings(met={each.payment_id: seen_by(at).date() for each in payments if (at := typed_at(each)) > BEGUN})


def copying() -> CopyingByOthers:
    """Report how others copied what Xero got since the first check, as the desk would."""
    judged = [(each.snapshot, each.correlation) for each in checks()[-1].results]
    watch = Watch(since=BEGUN, as_of=CHECKED, imported_text=POLICY.imported_text, day_of=_day_of)
    return copying_by_others(_copy_times(), judged, watch)


def _copy_times() -> Mapping[XeroPaymentId, CopyTime]:
    known: dict[XeroPaymentId, CopyTime] = {}
    for check in checks()[1:]:
        if check.at != seen_by(check.at):
            continue
        before = max(BEGUN, check.at - INTERVAL)
        stood = [each for result in check.results for each in result.snapshot.case_payments]
        ours = {each.payment_id for each in stood if each.notes}
        rows = frozenset(each.payment_id for each in stood if typed_at(each) <= before)
        judged = [(each.snapshot, each.correlation) for each in check.results]
        times = times_after(known, judged, ours, Checks(first=BEGUN, before=before, now=check.at, rows_before=rows))
        known |= {folded(each.xero_id): each for each in times.changed}
        known = {key: each for key, each in known.items() if key not in times.gone}
    return known


def _day_of(at: datetime) -> date:
    return at.date()
