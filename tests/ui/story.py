"""The one story that all pictures tell: the invented firm on one morning, from which every sheet takes its facts."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from cmxero_desktop.domain.accounts import AskedPayment
from cmxero_desktop.domain.cleanup import Cleanup, clean_up
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.importing import BadLine, ListLine, SorImport
from cmxero_desktop.domain.sor.schedules import Instalment, ScheduledInvoice, ScheduleSource, SorSchedule
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.domain.transition import Addition, Deeds, Sightings, Transition, typed_payments, weeks_until
from cmxero_desktop.domain.wording import account_asked
from cmxero_desktop.services.checking.transition_report import _steps
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.changes import WrittenChange
from cmxero_desktop.services.records.history import CaseSide, Remembered, RowPlace, Seen
from cmxero_desktop.services.records.numbers import NumberChoices
from cmxero_desktop.services.records.reports import VerifyReport
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import Counts, PollOutcome, PollState, SignInAge, Trigger
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth, Verify
from cmxero_desktop.services.verbs.commands.saying import ReadNumberChoices
from cmxero_desktop.services.verbs.commands.viewing import ShowInvoice
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.showing import InvoiceHistory
from tests.ui.fake_desk import HEALTH, FakeDesk
from tests.ui.story_sor import ENDED_AT, SOR_7, TICKED_AT, sor_facts, story_board
from tests.ui.views import (
    MONEY_BACK,
    NOW,
    POLICY,
    TODAY,
    C,
    X,
    account_alert,
    aud,
    day,
    debtors_of,
    entry,
    firm,
    firm_view,
    results_of,
    run,
    snapshot,
    stored_of,
    view_of,
)

_BEGUN = NOW - timedelta(days=9)
_CHECKED = NOW - timedelta(minutes=3)
_COPY = 510
WRITTEN = snapshot(
    "CM-10050",
    "TAC",
    "4111 Roe, B",
    "90.00",
    [X(name="z1", amount="90.00", on=day(10))],
    [C(number=_COPY, amount="90.00", on=day(10), xero="z1")],
)
"""The one payment that was written, the day before, and is matched since."""

READ = ScheduleList(
    name="list.csv",
    headings=("Schedule", "Our no", "When", "Amount"),
    columns={ListColumn.SCHEDULE: 0, ListColumn.INVOICE: 1, ListColumn.DUE_ON: 2, ListColumn.AMOUNT: 3},
    missing=(),
    samples=(),
    lines=tuple(
        ListLine(line=line, schedule=name, invoice=number, due_on=due, amount=aud(amount))
        for line, name, number, due, amount in (
            (2, "SOR-7", "CM-22003", date(2026, 10, 1), "100.00"),
            (3, "SOR-7", "CM-22003", date(2026, 11, 1), "100.00"),
            (4, "SOR-7", "CM-22003", date(2026, 12, 1), "100.00"),
            (5, "SOR-7", "CM-22004", date(2026, 12, 1), "40.00"),
            (6, "SOR-8", "CM-22005", date(2026, 12, 4), "250.00"),
            (7, "SOR-8", "CM-22005", date(2026, 12, 18), "250.00"),
            (8, "SOR-9", "CM-22009", date(2026, 12, 11), "90.00"),
        )
    ),
    notes=("Dates are read with the day first.",),
)
TAKEN = SorImport(
    accepted=(
        SorSchedule(
            schedule_id="SOR-8",
            source=ScheduleSource.LIST,
            known_at=NOW,
            invoices=(ScheduledInvoice(number="CM-22005"),),
            instalments=tuple(
                Instalment(due_on=date(2026, 12, due), amount=aud("250.00"), invoice_number="CM-22005")
                for due in (4, 18)
            ),
        ),
    ),
    unchanged=("SOR-7",),
    refused=("SOR-9",),
    bad=(BadLine(line=8, schedule="SOR-9", why="Xero has no invoice CM-22009."),),
)
"""A list of seven lines: a schedule that is known, one of two lines that can be taken, and one that cannot."""


STRAYS = tuple(
    StrayPayment(
        payment=CasePayment(
            payment_id=CasePaymentId(600 + at),
            invoice_id=CaseInvoiceId(9012),
            paid_on=day(3, 6),
            amount=aud(amount),
            payment_type="EFT",
        ),
        number="9012",
        payer="WorkSafe Victoria",
    )
    for at, amount in enumerate(("20.50", "9.50"))
)
"""What was typed on an invoice from before, which Xero never had."""

_HELD_IN_TRUST = {"m10003", "m10012"}
_TRUST = "Trust money held"


@cache
def story_results() -> tuple[InvoiceResult, ...]:
    return results_of(_in_trust(each) for each in (*firm(), WRITTEN, *sor_facts()))


def _in_trust(facts: InvoiceSnapshot) -> InvoiceSnapshot:
    """Let two payments stand on an account of which nobody has spoken yet."""
    payments = (
        replace(each, account_name=_TRUST, account_code="882") if each.payment_id in _HELD_IN_TRUST else each
        for each in facts.xero_payments
    )
    return replace(facts, xero_payments=tuple(payments))


def story_account_alert() -> Alert:
    """Ask about that account, with the count and the sum of what went there."""
    asked = account_alert()
    placed = [row for each in story_results() for row in each.correlation.placements]
    there = [
        AskedPayment(row.xero, row.invoice_number, row.bucket.value.capitalize())
        for row in placed
        if row.xero is not None and row.xero.account_name == _TRUST
    ]
    assert asked.account is not None
    sum_ = total((one.payment.amount for one in there), "AUD")
    named = tuple(one.named for one in there)
    question = replace(asked.account, payments=len(there), amount=sum_, named=named)
    at = NOW.replace(hour=2, minute=0)
    return replace(asked, explanation=account_asked(question), account=question, amount=question.amount, raised_at=at)


def story_cleanup() -> Cleanup:
    """Return the firm's own leftovers, and those on an invoice from before."""
    return clean_up([(each.snapshot, each.correlation) for each in story_results()], STRAYS, POLICY, TODAY)


NUMBERS = NumberChoices(
    invoice_number="CM-99999",
    shown="CM-99999",
    before="",
    contact="Unknown Pty Ltd",
    total=aud("150.00"),
    due=aud("0.00"),
    payments=1,
)
"""Nothing in Case Manager is like the invoice that it does not have."""


@cache
def story_view() -> DeskView:
    """Return the firm as all its pages and sheets tell it; its checks count what the tabs count."""
    base = firm_view()
    of_watched = stored_of(each for each in story_results() if each.snapshot in sor_facts())
    stored = (*base.proposals.values(), *of_watched)
    view = view_of(story_results(), stored, history=_told(base), money_back=MONEY_BACK)
    waiting = sum(row.stored.state.value == "proposed" for row in view.review)
    placed = Counts(
        matched=len(view.matched), unmatched=len(view.unmatched), skipped=len(view.skipped), proposed=waiting
    )
    runs = tuple(replace(each, counts=placed, trigger=Trigger.SCHEDULE) for each in view.runs)
    return replace(view, runs=runs, counts=placed, state=known_state(view.state), sor=story_board())


def known_state(state: PollState) -> PollState:
    """Return the state of a desk that was connected nine days ago, and that reads everything each night at two."""
    return replace(
        state,
        cursors=replace(state.cursors, last_full_at=NOW.replace(hour=2, minute=0)),
        comparison=replace(state.comparison, first_polled_at=_BEGUN),
        sign_in=SignInAge(renewed_at=_CHECKED),
    )


def _told(base: DeskView) -> tuple[AuditEntry, ...]:
    """Tell what persons did, in order; a check is no act, and stands in Health."""
    by_number = {stored.proposal.invoice_number: stored for stored in base.proposals.values()}
    written = by_number["CM-10050"]
    hold = by_number["CM-10238"]
    why = hold.decision.reason if hold.decision is not None else ""
    acts = (
        (AuditWhat.CONNECTED, "R. Patel", _BEGUN, None, ""),
        (AuditWhat.SOR, SOR_7.ended_by, ENDED_AT, None, "SOR-7, CM-22003 and CM-22004: cancelled"),
        (AuditWhat.APPROVED, "J. Wu", written.changed_at - timedelta(hours=1), written, ""),
        (AuditWhat.SOR, SOR_7.ended_by, TICKED_AT, None, "SOR-7: Apxium's debit is entered"),
        (AuditWhat.APPLIED, "J. Wu", written.changed_at, written, ""),
        (AuditWhat.APPROVED, "J. Wu", NOW - timedelta(hours=2), by_number["CM-10236"], ""),
        (AuditWhat.HELD, "R. Patel", NOW - timedelta(hours=1), hold, why),
        (AuditWhat.APPROVED, "J. Wu", NOW - timedelta(minutes=2), by_number["CM-10190"], ""),
    )
    return tuple(
        entry(number + 1, what, by=by, at=at, stored=stored, why=said)
        for number, (what, by, at, stored, said) in enumerate(acts)
    )


def changes_of(view: DeskView) -> tuple[WrittenChange, ...]:
    """Return what History says was applied, as the list of what was written tells it."""
    return tuple(
        _change(view, each.event, each.sequence) for each in view.history if each.event.what.value == "applied"
    )


def _change(view: DeskView, event: AuditEvent, sequence: int) -> WrittenChange:
    assert event.proposal_id is not None
    proposal = view.proposals[event.proposal_id].proposal
    return WrittenChange(
        at=event.at,
        on=event.at.astimezone().date(),
        by=event.by,
        approved_by=event.by,
        kind=proposal.kind,
        is_undo=False,
        invoice_number=event.invoice_number,
        case_payment_id=CasePaymentId(_COPY),
        before=event.before,
        after=event.after,
        effect=proposal.effect,
        reason="",
        batch_id=event.batch_id,
        sequence=sequence,
    )


def transition_of(view: DeskView) -> Transition:
    """Count the firm's own rows as the desk would; what was linked, its notes say it, and is no typing."""
    linked = frozenset(CasePaymentId(number) for number in range(10000, 10040))
    deeds = Deeds(
        added=(Addition(case_id=CasePaymentId(_COPY), on=TODAY - timedelta(days=1), waited=timedelta(days=2)),),
        noted=linked,
    )
    judged = [(each.snapshot, each.correlation) for each in story_results()]
    typed = tuple(typed_payments(judged, Sightings(), deeds, POLICY.imported_text, TODAY))
    weeks = weeks_until(TODAY, typed, Sightings(), deeds)
    return Transition(weeks=weeks, typed=typed, steps=tuple(_steps(view, typed, TODAY, may=True, now=NOW, deeds=deeds)))


def history_of(view: DeskView, number: str, as_of: datetime | None) -> InvoiceHistory:
    """Return an invoice as the lists have it, since the first check."""
    result = next((each for each in story_results() if each.snapshot.number == number), story_results()[0])
    facts = result.snapshot
    stored = [each for each in view.proposals.values() if each.proposal.invoice_number == facts.number]
    return InvoiceHistory(
        number=facts.number,
        as_of=(as_of or NOW).astimezone(),
        is_now=as_of is None,
        kept_since=_BEGUN.astimezone(),
        checked_at=_CHECKED.astimezone(),
        xero_invoices=(Seen(fact=facts.xero_invoice, since=_BEGUN, until=None),) if facts.xero_invoice else (),
        xero_payments=tuple(
            Seen(fact=each, since=max(_BEGUN, each.updated_at), until=None) for each in facts.xero_payments
        ),
        case=CaseSide(
            invoice=Seen(fact=facts.case_invoice, since=_BEGUN, until=None) if facts.case_invoice else None,
            payments=tuple(Seen(fact=each, since=_BEGUN, until=None) for each in facts.case_payments),
            places=tuple(RowPlace.of(each) for each in result.correlation.placements),
        ),
        proposals=tuple(Seen(fact=each, since=each.first_seen_at, until=None) for each in stored),
        remembered=Remembered(),
        entries=tuple(each for each in view.history if each.event.invoice_number == facts.number),
    )


def story_desk(view: DeskView, mode: Mode = Mode.APPROVE) -> FakeDesk:
    """Return a desk whose every sheet tells of the rows of this view."""
    desk = FakeDesk(view, mode=mode)
    organisation = view.state.organisation
    desk.settings = replace(
        desk.settings,
        xero=replace(
            desk.settings.xero,
            client_id="0F3A61C2B7D94E5896A1C0D2E4F6A8B0",
            tenant_id=organisation.organisation_id if organisation.name else "",
        ),
    )
    desk.debtors = debtors_of(story_results())
    desk.changes, desk.transition, desk.cleanup = changes_of(view), transition_of(view), story_cleanup()
    desk.answer(ReadNumberChoices.handled_by(lambda c: replace(NUMBERS, invoice_number=c.invoice)))
    desk.answer(ShowInvoice.handled_by(lambda c: history_of(view, c.number, c.as_of)))
    desk.answer(
        Verify.handled_by(lambda _: VerifyReport(audit_entries=len(view.history), invoices=len(story_results())))
    )
    used = sum(each.requests for each in view.runs)
    desk.answer(ReadHealth.handled_by(lambda _: replace(HEALTH, requests_today=used)))
    return desk


def failing_view(*, polled_at: datetime) -> DeskView:
    """Return the story while the last two checks found no connection."""
    view = story_view()
    failed = tuple(run(NOW - timedelta(minutes=m), PollOutcome.OFFLINE, "No connection.") for m in (15, 5))
    return replace(view, runs=failed, state=aged(view, polled_at).state)


def aged(view: DeskView, polled_at: datetime) -> DeskView:
    """Return the same rows as of an earlier check."""
    state = known_state(view_of((), (), polled_at=polled_at).state)
    return replace(view, state=state)


def limited_view() -> DeskView:
    """Return eleven removals, one more than may come at once, with the warning that says so."""
    facts = tuple(
        snapshot(
            f"CM-{number}",
            "TAC",
            "4288 Brown, T",
            "120.00",
            [X(name=f"r{number}", amount="120.00", on=day(20), is_deleted=True)],
            [C(number=number, amount="120.00", on=day(20), xero=f"r{number}")],
        )
        for number in range(10400, 10411)
    )
    found = judge(facts, POLICY, TODAY, limits=Limits(imported_copies=1_000))
    results = tuple(InvoiceResult(snapshot=each, correlation=found.correlations[each.number]) for each in facts)
    held = Alert(
        key="removal-limit",
        kind=AlertKind.REMOVAL_LIMIT,
        rule=Rule.R27,
        explanation=f"Held: {found.breach}. None is applied until a person releases it.",
        next_step="Look at them in Review; release them by name and reason if they are right.",
        raised_at=_CHECKED,
    )
    view = view_of(results, stored_of(results), alerts=(held,))
    return replace(view, state=known_state(view.state))
