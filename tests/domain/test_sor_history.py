"""Who did it is told by Xero's own history or by nobody: no other name, no other day is taken for it (S3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.sor.alerts import SorAlertState, SorKind, XeroHistory
from cmxero_desktop.domain.sor.history import history_to_ask, with_answer, without_answer
from cmxero_desktop.domain.sor.notices import SorNoticeKind
from cmxero_desktop.domain.sor.reminding import notice_of
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice, ScheduleSource, SorSchedule
from cmxero_desktop.domain.sor.words import history_words
from cmxero_desktop.domain.xero_history import HistoryKind, HistoryLine, HistoryOf
from tests.domain.test_sor_records import ALERT

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEEN = replace(
    ALERT,
    kind=SorKind.OTHER_PAYMENT,
    evidence=replace(ALERT.evidence, side=Side.XERO, record_id="p9", changed_at=AT, contact="Mr Ito"),
)
SCHEDULE = SorSchedule(
    schedule_id=SEEN.schedule_id,
    source=ScheduleSource.MARKED,
    known_at=AT,
    invoices=(
        ScheduledInvoice(number="CM-7", invoice_id=XeroInvoiceId("INV-7")),
        ScheduledInvoice(number=SEEN.invoice_number, invoice_id=XeroInvoiceId("INV-100")),
    ),
)


def line(minutes: float, who: str, what: str = "Edited") -> HistoryLine:
    return HistoryLine(at=AT + timedelta(minutes=minutes), who=who, what=what)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (SorKind.OTHER_PAYMENT, HistoryOf(HistoryKind.PAYMENT, "p9")),
        (SorKind.DISBURSEMENT, HistoryOf(HistoryKind.PAYMENT, "p9")),
        (SorKind.INSTALMENT_DELETED, HistoryOf(HistoryKind.PAYMENT, "p9")),
        (SorKind.CREDIT_NOTE, HistoryOf(HistoryKind.INVOICE, "INV-100")),
        (SorKind.OVERPAYMENT, HistoryOf(HistoryKind.INVOICE, "INV-100")),
        (SorKind.PREPAYMENT, HistoryOf(HistoryKind.INVOICE, "INV-100")),
        (SorKind.VOIDED, HistoryOf(HistoryKind.INVOICE, "INV-100")),
        (SorKind.NUMBER_CHANGED, HistoryOf(HistoryKind.INVOICE, "INV-100")),
        (SorKind.REFERENCE_CHANGED, HistoryOf(HistoryKind.INVOICE, "INV-100")),
        (SorKind.TOO_MUCH, None),
    ],
)
def test_each_kind_is_asked_about_its_own_record(kind: SorKind, asked: HistoryOf | None) -> None:
    assert history_to_ask(replace(SEEN, kind=kind), [SCHEDULE]) == asked


def test_what_cannot_be_asked_or_was_asked_enough_is_left_alone() -> None:
    case_side = replace(SEEN, kind=SorKind.CASE_PAYMENT, evidence=replace(SEEN.evidence, side=Side.CASE_MANAGER))
    undated = replace(SEEN, evidence=replace(SEEN.evidence, changed_at=None))
    tried = SEEN
    for _ in range(3):
        assert history_to_ask(tried, [SCHEDULE]) is not None
        tried = without_answer(tried)
    over = replace(SEEN, state=SorAlertState.CLEARED)
    for alert in (case_side, undated, tried, over, with_answer(SEEN, None)):
        assert history_to_ask(alert, [SCHEDULE]) is None
    void = replace(SEEN, kind=SorKind.VOIDED)
    assert history_to_ask(void, []) is None


def test_a_payment_was_entered_by_whom_its_first_line_names_whoever_reconciled_it_since() -> None:
    said = with_answer(SEEN, [line(0, "Bank Rule", "Reconciled"), line(-600, "R. Patel", "Created"), line(-700, "")])
    assert said.history.line == line(-600, "R. Patel", "Created")


def test_a_change_was_made_by_whom_the_line_of_that_minute_names_and_by_nobody_else() -> None:
    deleted = replace(SEEN, kind=SorKind.INSTALMENT_DELETED)
    lines = [line(600, "Later", "Edited"), line(0.1, "J. Wu", "Deleted"), line(0, "Ann", "Note"), line(-90, "Apxium")]
    assert with_answer(deleted, lines).history.line == line(0.1, "J. Wu", "Deleted")
    assert with_answer(deleted, [line(3, "Somebody")]).history == XeroHistory(is_answered=True)
    assert with_answer(replace(deleted, evidence=replace(SEEN.evidence, changed_at=None)), lines).history.line is None


def test_it_is_said_in_xeros_own_word_or_that_xero_did_not_say() -> None:
    def written(alert: object = SEEN) -> str:
        return history_words(alert, lambda at: f"{at:%d %H:%M}")  # type: ignore[arg-type]  # an alert

    named, wordless = with_answer(SEEN, [line(1, "R. Patel", "Created")]), with_answer(SEEN, [line(1, "R. Patel", "")])
    assert written() == "Xero was not asked yet who did it."
    assert written(named) == "Xero's history: Created by R. Patel, 20 12:01."
    assert written(wordless) == "Xero's history: changed by R. Patel, 20 12:01."
    assert written(with_answer(SEEN, None)) == "Xero did not say who did it."
    assert written(replace(SEEN, kind=SorKind.TOO_MUCH)) == ""
    assert written(replace(SEEN, evidence=replace(SEEN.evidence, side=Side.CASE_MANAGER))) == ""


def test_a_mail_says_whether_somebody_is_named_and_names_nobody() -> None:
    named = notice_of(with_answer(SEEN, [line(1, "R. Patel")]), SorNoticeKind.FOUND, date(2026, 11, 21))
    silent = notice_of(with_answer(SEEN, None), SorNoticeKind.FOUND, date(2026, 11, 21))
    assert "Who did it, and when, stands in the SOR watch, from Xero's history." in named.text
    assert "Patel" not in named.text
    assert "Xero did not say who did it." in silent.text
    assert "who did it" not in notice_of(SEEN, SorNoticeKind.FOUND, date(2026, 11, 21)).text
