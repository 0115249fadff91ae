"""The one story that all pictures tell: the invented firm on one morning, from which every sheet takes its facts."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from cmxero_desktop.domain.accounts import AskedPayment, questions_of, with_names
from cmxero_desktop.domain.cleanup import Cleanup, clean_up
from cmxero_desktop.domain.copying import NOT_WATCHED
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.firm_totals import find_totals
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.listing import check_list
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.domain.transition import Transition, typed_payments, weeks_until
from cmxero_desktop.domain.wording_accounts import account_asked
from cmxero_desktop.services.checking.transition_report import _steps
from cmxero_desktop.services.records.alerts import TOTALS_KEY, Alert, AlertKind
from cmxero_desktop.services.records.changes import WrittenChange
from cmxero_desktop.services.records.history import CaseSide, Remembered, RowPlace, Seen
from cmxero_desktop.services.records.numbers import NumberChoices
from cmxero_desktop.services.records.reports import VerifyReport
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import PollOutcome, PollState, SignInAge, Trigger
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.records.totals import FirmTotals
from cmxero_desktop.services.verbs.commands.diagnosing import ReadHealth, Verify
from cmxero_desktop.services.verbs.commands.saying import ReadNumberChoices
from cmxero_desktop.services.verbs.commands.viewing import ShowInvoice
from cmxero_desktop.services.viewing import changes_report
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.showing import InvoiceHistory
from tests.ui.fake_desk import HEALTH, FakeDesk
from tests.ui.story_deeds import deeds_done, history_told, mode_event, runs_of_today, stored_at
from tests.ui.story_notes import with_notes
from tests.ui.story_replay import check_at, copying, sightings, story_results
from tests.ui.story_sor import listed_by, sor_story, story_board
from tests.ui.story_times import BEGUN, CHECKED, LAST_WHOLE, seen_by, stood_since
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
    results_of,
    run,
    snapshot,
    stored_of,
    view_of,
)

READ = ScheduleList(
    name="list.csv",
    headings=("Schedule", "Our no", "When", "Amount"),
    columns={ListColumn.SCHEDULE: 0, ListColumn.INVOICE: 1, ListColumn.DUE_ON: 2, ListColumn.AMOUNT: 3},
    missing=(),
    samples=(),
    lines=tuple(
        ListLine(line=line, schedule=name, invoice=number, due_on=due, amount=aud(amount))
        for line, name, number, due, amount in (
            (2, "SOR-8", "CM-22005", date(2026, 12, 4), "250.00"),
            (3, "SOR-8", "CM-22005", date(2026, 12, 18), "250.00"),
            (4, "SOR-9", "CM-22009", date(2026, 12, 11), "90.00"),
        )
    ),
    notes=("Dates are read with the day first.",),
)
"""A list of this morning, of what runs: a schedule of two lines that can be taken, and one that cannot."""


def taken_from_list() -> SorImport:
    """Return what the desk would say of that list."""
    return check_list(READ.lines, listed_by(sor_story().memory, tuple(each.snapshot for each in story_results()), NOW))


_CHECKS_SHOWN = 12
"""Two hours of them; the desk itself shows more."""

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


def story_account_alert() -> Alert:
    """Ask about the account of which nobody has spoken, since the first check, as the desk would."""
    asked = [
        AskedPayment(row.xero, row.invoice_number, row.bucket.value.capitalize())
        for each in story_results()
        for row in each.correlation.placements
        if row.xero is not None
    ]
    (unnamed,) = questions_of((one.payment for one in asked), POLICY)
    question = with_names(unnamed, asked)
    return replace(
        account_alert(),
        explanation=account_asked(question),
        account=question,
        amount=question.amount,
        raised_at=BEGUN,
    )


def story_cleanup() -> Cleanup:
    """Return the firm's own leftovers, and those on an invoice from before."""
    return clean_up([(each.snapshot, each.correlation) for each in story_results()], STRAYS, POLICY, TODAY)


@cache
def story_view() -> DeskView:
    """Return the firm as all its pages and sheets tell it, at this moment."""
    return _view_at(CHECKED)


def _view_at(checked_at: datetime) -> DeskView:
    """Return the firm as the desk shows it now, where this was its last check that worked."""
    alert = story_account_alert()
    view = view_of(check_at(checked_at).results, stored_at(NOW), money_back=MONEY_BACK, alerts=(alert,))
    view = with_notes(view)
    runs = tuple(each for each in runs_of_today() if each.started_at <= checked_at)
    return replace(
        view,
        runs=runs[:_CHECKS_SHOWN],
        counts=runs[0].counts,
        state=_with_strays(known_state(view.state, checked_at)),
        sor=story_board(),
        history=history_told(view.state.organisation.name, (alert,)),
    )


def known_state(state: PollState, checked_at: datetime = CHECKED) -> PollState:
    """Return the state of a desk that was connected nine days ago, and that reads everything each night at two."""
    return replace(
        state,
        cursors=replace(state.cursors, last_full_at=LAST_WHOLE, as_of=checked_at),
        comparison=replace(state.comparison, first_polled_at=BEGUN, last_polled_at=checked_at),
        sign_in=SignInAge(renewed_at=checked_at),
    )


def _with_strays(state: PollState) -> PollState:
    return replace(state, comparison=replace(state.comparison, other_payments=len(STRAYS)))


def changes_of(view: DeskView) -> tuple[WrittenChange, ...]:
    """Return what History says was written, as the desk reads it there."""
    return tuple(changes_report.changes_of(view.history, lambda at: at.date()))


def transition_of(view: DeskView, mode: Mode = Mode.APPROVE) -> Transition:
    """Count the firm's own rows as the desk would; what was linked, its notes say it, and is no typing."""
    judged = [(each.snapshot, each.correlation) for each in story_results()]
    deeds = deeds_done(view.history)
    typed = tuple(typed_payments(judged, sightings(), deeds, POLICY.imported_text, TODAY))
    weeks = weeks_until(TODAY, typed, sightings(), deeds)
    steps = _steps(view, typed, TODAY, may=mode is Mode.APPROVE, now=NOW, deeds=deeds)
    shown = {week.begins_on for week in weeks}
    return Transition(weeks=weeks, typed=tuple(one for one in typed if one.week in shown), steps=tuple(steps))


def history_of(view: DeskView, number: str, as_of: datetime | None) -> InvoiceHistory:
    """Return an invoice as it stood, and since which check each fact was known so."""
    at = as_of or NOW
    results = check_at(max(at, BEGUN)).results
    result = next((each for each in results if each.snapshot.number == number), results[0])
    facts = result.snapshot
    stored = [each for each in view.proposals.values() if each.proposal.invoice_number == facts.number]
    stored.sort(key=lambda each: (each.first_seen_at, each.fingerprint))
    return InvoiceHistory(
        number=facts.number,
        as_of=at.astimezone(),
        is_now=as_of is None,
        kept_since=BEGUN.astimezone(),
        checked_at=view.state.comparison.last_polled_at,
        xero_invoices=(Seen(fact=facts.xero_invoice, since=seen_by(facts.xero_invoice.updated_at), until=None),)
        if facts.xero_invoice
        else (),
        xero_payments=tuple(
            Seen(fact=each, since=seen_by(each.updated_at), until=None) for each in facts.xero_payments
        ),
        case=CaseSide(
            invoice=Seen(fact=facts.case_invoice, since=BEGUN, until=None) if facts.case_invoice else None,
            payments=tuple(Seen(fact=each, since=stood_since(each), until=None) for each in facts.case_payments),
            places=tuple(RowPlace.of(each) for each in result.correlation.placements),
        ),
        proposals=tuple(Seen(fact=each, since=each.changed_at, until=None) for each in stored),
        remembered=Remembered(),
        entries=tuple(each for each in reversed(view.history) if each.event.invoice_number == facts.number),
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
    desk.changes, desk.transition, desk.cleanup = changes_of(view), transition_of(view, mode), story_cleanup()
    # Before the first check nobody can have been seen to copy.
    desk.copying = copying() if view.counts.matched else NOT_WATCHED
    desk.answer(ReadNumberChoices.handled_by(lambda c: replace(NUMBERS, invoice_number=c.invoice)))
    desk.answer(ShowInvoice.handled_by(lambda c: history_of(view, c.number, c.as_of)))
    desk.answer(
        Verify.handled_by(lambda _: VerifyReport(audit_entries=len(view.history), invoices=len(story_results())))
    )
    desk.answer(ReadHealth.handled_by(lambda _: replace(HEALTH, requests_today=requests_until(view))))
    return desk


def requests_until(view: DeskView) -> int:
    """Return how many requests Xero had had today when a view was made; without a connection it has none."""
    last = max((each.started_at for each in view.runs if each.outcome is PollOutcome.DONE), default=None)
    return sum(each.requests for each in runs_of_today() if last is not None and each.started_at <= last)


def failing_view() -> DeskView:
    """Return the story while the last two checks found no connection."""
    good = runs_of_today()[2:]
    failed = tuple(run(each.started_at, PollOutcome.OFFLINE, "No connection.") for each in runs_of_today()[:2])
    failed = tuple(replace(each, requests=0, fetched=0, trigger=Trigger.SCHEDULE) for each in failed)
    view = _view_at(good[0].started_at)
    return replace(view, runs=(*failed, *view.runs)[:_CHECKS_SHOWN])


def stale_view() -> DeskView:
    """Return the same rows as of a check of two hours ago."""
    return _view_at(seen_by(NOW - timedelta(hours=2)))


def observing_view() -> DeskView:
    """Return the story after somebody went back to observing, this minute."""
    view = story_view()
    event = mode_event(Mode.OBSERVE, NOW, "The month is being closed.")
    last = replace(view.history[-1], sequence=len(view.history) + 1, event=event)
    return replace(view, history=(*view.history, last))


def empty_view(checked_at: datetime = CHECKED) -> DeskView:
    """Return a firm of which neither side has anything, checked as often as the story's."""
    view = view_of((), ())
    runs = tuple(replace(each, fetched=0, counts=view.counts) for each in runs_of_today())
    runs = tuple(each for each in runs if each.started_at <= checked_at)
    return replace(view, runs=runs[:_CHECKS_SHOWN], state=known_state(view.state, checked_at))


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
        next_step="Look at them in Review; release them with a reason if they are right.",
        raised_at=CHECKED,
    )
    view = view_of(results, stored_of(results), alerts=(held,))
    return replace(view, state=known_state(view.state))


def totals_view() -> DeskView:
    """Return a firm whose Case Manager leaves out the tax of each invoice, with the warning that says so."""
    facts = tuple(
        snapshot(
            f"CM-{number}",
            "icare NSW",
            f"{number - 6000} Case",
            "400.00",
            [X(name=f"t{number}", amount="110.00", on=day(number % 20 + 1))],
            xero_total="440.00",
        )
        for number in range(10500, 10506)
    )
    results = results_of(facts)
    pairs = [(each.xero_invoice, each.case_invoice) for each in facts if each.case_invoice is not None]
    finding = find_totals(pairs, POLICY)
    assert finding is not None
    warning = Alert(
        key=TOTALS_KEY,
        kind=AlertKind.TOTALS,
        rule=Rule.R24A,
        explanation=str(finding),
        next_step=finding.next_step,
        raised_at=BEGUN,
    )
    view = view_of(results, stored_of(results), alerts=(warning,))
    return replace(view, state=replace(known_state(view.state), totals=FirmTotals(finding=finding)))
