"""The debtors on the tie-out sheet: asked for when looked at, the chosen invoice in full, figures that add up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import CauseTotal, DebtorLists, compare_debtors
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.verbs.commands.viewing import CompareDebtors
from cmxero_desktop.ui.sheets.cause_chips import CauseChips, chip_text
from cmxero_desktop.ui.sheets.debtor_columns import debtor_columns
from cmxero_desktop.ui.sheets.debtors_part import chosen_text, totals_text
from cmxero_desktop.ui.sheets.tie_out_sheet import DEBTORS_SIZE, TieOutSheet
from cmxero_desktop.ui.theme.colours import Tone
from tests.ui.conftest import Stage
from tests.ui.keys import plain
from tests.ui.views import POLICY, TODAY, C, X, aud, debtors_of, firm, results_of, snapshot

NOV_1 = date(2026, 11, 1)


@pytest.fixture
def lists() -> DebtorLists:
    return debtors_of(results_of(firm()))


@pytest.fixture
def sheet(stage: Stage, lists: DebtorLists) -> TieOutSheet:
    stage.fake.debtors = lists
    stage.window.flows.writing.tie_out(stage.window.desk.content)
    opened = stage.sheet()
    assert isinstance(opened, TieOutSheet)
    return opened


def test_the_debtors_are_compared_when_somebody_looks_at_them(
    stage: Stage, sheet: TieOutSheet, lists: DebtorLists
) -> None:
    stage.settle()
    assert sheet.debtors.lists is None
    sheet.look_at_debtors()
    assert sheet.debtors.sentence.text() == "Both debtor lists are being compared…"
    stage.settle()
    assert sheet.bridge.text() == lists.bridge_line, "the same line stands below both tabs"
    assert lists.less_paid is not None
    since = replace(lists, less_paid=lists.less_paid + aud("33"))
    sheet.show_debtors(since)
    told = f"{since.bridge_line} The statement is of the last check; this line counts the payments as they are now."
    assert sheet.bridge.text() == told, "a sum that the statement has not is told of"
    sheet.show_debtors(lists)
    assert sheet.debtors.sentence.text() == lists.sentence == "Case Manager is 630.00 above Xero, all of it named."
    shown = sheet.debtors.model.shown_rows()
    assert [line.size for line in shown] == sorted((line.size for line in lists.lines), reverse=True)
    assert shown[0].invoice_number in sheet.debtors.detail.title.text()


def test_the_chosen_invoice_is_shown_in_full_with_its_danger_first(stage: Stage, sheet: TieOutSheet) -> None:
    sheet.look_at_debtors()
    stage.settle()
    numbers = [line.invoice_number for line in sheet.debtors.model.shown_rows()]
    sheet.debtors.table.go_to(numbers.index("CM-10240"))
    assert sheet.debtors.detail.title.text().startswith("CM-10240, authorised in Xero")
    first, second, *_ = sheet.debtors.detail.reasons.text().splitlines()
    assert first.startswith("-330.00  payment only in Case Manager (may count money twice). Find out whose money")
    assert second == "330.00  payment to add. Look at the flags in Review, then decide: add 330.00 on 23 Nov 2026."


def test_copied_figures_add_up_in_a_spreadsheet(stage: Stage, sheet: TieOutSheet, lists: DebtorLists) -> None:
    sheet.look_at_debtors()
    stage.settle()
    stage.press("Copy")
    titles, *rows = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    at = titles.index("Difference")
    assert sum(Decimal(row[at]) for row in rows) == lists.difference.amount


def test_an_answer_that_comes_after_the_sheet_is_closed_is_let_go(stage: Stage, sheet: TieOutSheet) -> None:
    sheet.look_at_debtors()
    sheet.close()
    stage.settle()
    assert not stage.has_sheet()


def test_lists_that_cannot_be_compared_say_so_and_are_asked_for_again(stage: Stage, sheet: TieOutSheet) -> None:
    def fail(_asked: CompareDebtors) -> DebtorLists:
        raise DeskError("Case Manager is away.", "Start it.")

    stage.fake.answer(CompareDebtors.handled_by(fail))
    sheet.look_at_debtors()
    stage.settle()
    assert sheet.debtors.sentence.text() == "The debtor lists could not be compared."
    sheet.parts.setCurrentIndex(0)
    sheet.look_at_debtors()
    assert sheet.debtors.sentence.text() == "Both debtor lists are being compared…"


def test_the_totals_say_where_to_look_first(lists: DebtorLists) -> None:
    assert totals_text(lists).endswith(
        "Not explained: 0.00. On 6 invoices Case Manager counts what Xero does not: look there first."
    )
    assert totals_text(compare_debtors((), (), POLICY)).endswith("Not explained: 0.00.")


def test_lists_that_agree_show_no_table(stage: Stage, sheet: TieOutSheet) -> None:
    stage.fake.debtors = compare_debtors((), (), POLICY)
    sheet.look_at_debtors()
    stage.settle()
    assert sheet.debtors.sentence.text() == "Both debtor lists agree on every invoice."
    assert not sheet.debtors.table.isVisible()


def test_what_nothing_explains_is_red_and_what_may_count_twice_is_amber(lists: DebtorLists) -> None:
    (why,) = (column for column in debtor_columns() if column.key == "why")
    assert why.badges is not None
    by_number = {line.invoice_number: line for line in lists.lines}
    lost = compare_debtors([(results_of(firm())[0].snapshot, Correlation())], (), POLICY)
    tones = [[badge.tone for badge in why.badges(line)] for line in (by_number["CM-10240"], by_number["CM-10236"])]
    assert tones == [[Tone.CAUTION], []]
    assert [badge.tone for line in lost.lines for badge in why.badges(line)] == [Tone.DANGER]


def test_what_agrees_only_in_sum_stands_last_and_says_so(stage: Stage, sheet: TieOutSheet) -> None:
    bounced = snapshot(
        "CM-10999",
        "Acme",
        "Lee",
        "900.00",
        [X(name="GONE", amount="400.00", on=NOV_1, is_deleted=True), X(name="NEW", amount="400.00", on=TODAY)],
        [C(number=99, amount="400.00", on=NOV_1, xero="GONE", journal="J1")],
    )
    added = snapshot("CM-10998", "Acme", "Lee", "900.00", [X(name="A", amount="5.00", on=NOV_1)])
    found = judge([bounced, added], POLICY, TODAY).correlations
    stage.fake.debtors = compare_debtors([(one, found[one.number]) for one in (bounced, added)], (), POLICY)
    sheet.look_at_debtors()
    stage.settle()
    assert [line.invoice_number for line in sheet.debtors.model.shown_rows()] == ["CM-10998", "CM-10999"]
    sheet.debtors.table.go_to(1)
    said, locked, *_ = sheet.debtors.detail.reasons.text().splitlines()
    assert said == "Agrees in sum, so make all of these entries or none."
    assert locked.startswith("-400.00  journalled, and Xero changed (may count money twice).")
    assert "1 invoice with a difference" in sheet.debtors.totals.text()
    (why,) = (column for column in debtor_columns() if column.key == "why")
    assert why.text(sheet.debtors.model.shown_rows()[1]).startswith("agrees in sum: journalled, and Xero changed")


def test_what_is_unknown_stands_first_and_shows_no_older_figure(stage: Stage, sheet: TieOutSheet) -> None:
    row = UnreadableRow(side=Side.XERO, place="row 7", problem="Total is null.", is_invoice=True)
    here = UnreadableRow(side=Side.CASE_MANAGER, place="row 8", problem="No amount.")
    no_due = replace(snapshot("CM-10999", "Acme", "Lee", "900.00"), unreadable=(row,))
    no_balance = replace(snapshot("CM-10998", "Acme", "Lee", "900.00"), unreadable=(here,))
    added = snapshot("CM-10997", "Acme", "Lee", "900.00", [X(name="A", amount="5.00", on=NOV_1)])
    found = judge([no_due, no_balance, added], POLICY, TODAY).correlations
    stage.fake.debtors = compare_debtors([(s, found[s.number]) for s in (no_due, no_balance, added)], (), POLICY)
    sheet.look_at_debtors()
    stage.settle()
    assert [line.invoice_number for line in sheet.debtors.model.shown_rows()] == ["CM-10998", "CM-10999", "CM-10997"]
    sheet.debtors.table.go_to(1)
    assert sheet.debtors.detail.figures[1:] == [
        ["Total", "", "900.00"],
        ["Credits", "", ""],
        ["Adjustments", "", "0.00"],
        ["Refunds", "", "0.00"],
        ["Payments", "", "0.00"],
        ["Owed", "unknown", "900.00"],
    ]
    sheet.debtors.table.go_to(0)
    assert sheet.debtors.detail.figures[1] == ["Total", "900.00", ""]
    assert sheet.debtors.detail.reasons.text().startswith("unknown  unknown: a row of Case Manager could not be read.")
    (why,) = (column for column in debtor_columns() if column.key == "why")
    assert why.badges is not None
    assert [badge.tone for badge in why.badges(sheet.debtors.model.shown_rows()[0])] == [Tone.DANGER]


def chips_of(sheet: TieOutSheet) -> CauseChips:
    assert isinstance(sheet.debtors.chips, CauseChips)
    return sheet.debtors.chips


def test_a_cause_shows_only_its_invoices_and_what_to_do_about_them(
    stage: Stage, sheet: TieOutSheet, lists: DebtorLists
) -> None:
    sheet.look_at_debtors()
    stage.settle()
    part, twice = sheet.debtors, lists.causes[0]
    assert [plain(chip.text()).strip() for chip in chips_of(sheet).chips.values()] == [
        chip_text(one) for one in lists.causes
    ]
    assert twice.counts_twice
    assert not chips_of(sheet).chips[twice.cause].icon().isNull()
    assert chips_of(sheet).chips[Cause.TO_ADD].icon().isNull()
    chips_of(sheet).chips[twice.cause].click()
    assert tuple(part.model.shown_rows()) == tuple(
        sorted(lists.with_cause(twice.cause), key=lambda line: (-line.size, line.invoice_number))
    )
    assert part.totals.text() == chosen_text(twice)
    chips_of(sheet).chips[Cause.TO_ADD].click()
    assert [chip.isChecked() for chip in chips_of(sheet).chips.values()] == [
        one.cause is Cause.TO_ADD for one in lists.causes
    ]
    assert part.totals.text().endswith("Approve the additions in Review; those that are flagged after a look.")
    chips_of(sheet).chips[Cause.TO_ADD].click()
    assert len(part.model.shown_rows()) == len(lists.lines)
    assert part.totals.text() == totals_text(lists)
    part.show_lists(lists)
    assert part.chips.current is None


def test_causes_that_do_not_fit_begin_a_new_line(stage: Stage, sheet: TieOutSheet) -> None:
    sheet.look_at_debtors()
    stage.settle()
    layout = chips_of(sheet).wrapping
    chips = list(chips_of(sheet).chips.values())
    assert layout.heightForWidth(10_000) == max(chip.sizeHint().height() for chip in chips)
    assert layout.heightForWidth(1) > sum(chip.sizeHint().height() for chip in chips)
    layout.setGeometry(QRect(0, 0, 1, 1_000))
    assert len({chip.x() for chip in chips}) == 1
    assert len({chip.y() for chip in chips}) == len(chips)
    assert layout.itemAt(len(chips)) is None
    assert layout.takeAt(len(chips)) is None


def test_an_unknown_cause_says_unknown_once() -> None:
    unknown = CauseTotal(Cause.DUE_UNKNOWN, 2, None, counts_twice=False)
    assert chip_text(unknown) == "Xero's invoice could not be read  2  unknown"
    assert chosen_text(unknown) == (
        "Only 2 invoices with: unknown: Xero's invoice could not be read. Correct in Xero what could not be read."
    )


def test_many_causes_leave_the_sheet_as_high_as_a_laptop_shows(sheet: TieOutSheet, stage: Stage) -> None:
    sheet.look_at_debtors()
    stage.settle()
    sheet.debtors.chips.show_causes([CauseTotal(cause, 9, aud("1"), counts_twice=True) for cause in list(Cause)[:20]])
    sheet.resize(*DEBTORS_SIZE)
    stage.settle()
    layout = sheet.layout()
    assert layout is not None
    assert layout.totalMinimumHeightForWidth(DEBTORS_SIZE[0]) <= DEBTORS_SIZE[1]
