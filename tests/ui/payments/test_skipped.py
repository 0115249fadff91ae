"""Skipped: below each row stands what to do about it, and when it leaves."""

from dataclasses import replace
from datetime import date

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.placements import Bucket, Reason
from cmxero_desktop.domain.records import PaymentStatus
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.viewing.desk_view import GroupPart, PaymentRow
from cmxero_desktop.ui.payments.skipped_steps import short_step
from cmxero_desktop.ui.widgets.row_delegate import MARGIN, badge_width
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable
from tests.ui.conftest import Stage
from tests.ui.views import aud, firm_view


def skipped_table(stage: Stage, width: int = 1366) -> TwoLineTable[PaymentRow]:
    stage.window.resize(width, 768)
    stage.window.tabs.setCurrentWidget(stage.window.tabs.skipped)
    for _ in range(3):
        QApplication.processEvents()
    table = stage.window.tabs.skipped.table
    assert isinstance(table, TwoLineTable)
    return table


def row_for(reason: Reason) -> PaymentRow:
    """Return a skipped row with another reason and without a day."""
    row = firm_view().skipped[0]
    return replace(row, placement=replace(row.placement, reason=reason, ready_on=None))


def said_below(table: TwoLineTable[PaymentRow], key: str, row: PaymentRow) -> tuple[str, int]:
    """Return what stands below a column, and how many pixels it has."""
    at = [column.key for column in table.rows.columns].index(key)
    below = table.rows.columns[at].below
    assert below is not None
    return below(row).text, table.room_below(at)[1] - 2 * MARGIN


def test_on_a_small_laptop_no_reason_no_step_and_no_end_is_cut(stage: Stage) -> None:
    table = skipped_table(stage)
    metrics = QFontMetrics(table.font())
    ahead = next(row for row in firm_view().skipped if row.placement.ready_on is not None)
    for row in (*map(row_for, Reason), ahead):
        for key in ("reason", "paid_on"):
            text, room = said_below(table, key, row)
            assert metrics.horizontalAdvance(text) <= room, text
        (badge,) = table.rows.columns[0].badges(row) if table.rows.columns[0].badges else ()
        assert badge_width(metrics, badge) <= table.columnWidth(0) - 2 * MARGIN, badge.text


def test_every_row_has_two_lines_and_the_second_says_what_to_do_and_when_it_leaves(stage: Stage) -> None:
    table = skipped_table(stage)
    assert {table.rowHeight(at) for at in range(table.rows.rowCount())} == {table.height_of_two()}
    ahead = next(row for row in firm_view().skipped if row.placement.ready_on is not None)
    assert said_below(table, "reason", ahead)[0] == ("Comes to Review on 7 Dec 2026. Date wrong? Correct it in Xero.")
    assert said_below(table, "paid_on", ahead)[0] == "Leaves on 7 Dec 2026, by itself."
    assert said_below(table, "paid_on", row_for(Reason.NOTES_FULL))[0] == "Leaves when the line fits."


def locked(**values: object) -> PaymentRow:
    """Return the row of the locked payment with other facts."""
    row = next(row for row in firm_view().skipped if row.placement.invoice_number == "CM-10120")
    return replace(row, placement=replace(row.placement, **values))  # type: ignore[arg-type]  # by name


def test_the_row_itself_names_the_entry_with_amount_and_sign() -> None:
    assert short_step(locked()) == "Never came? Type a refund of 640.00, say Corrected elsewhere."
    assert short_step(locked(rule=Rule.R20A)) == "One too many: type a refund of 640.00, say Corrected elsewhere."
    assert short_step(locked(to_type=aud("0"))) == "Nothing more to type: say Corrected elsewhere once both agree."
    gone = locked().placement.xero
    assert gone is not None
    live = replace(gone, status=PaymentStatus.AUTHORISED, amount=aud("700.00"))
    less = locked(xero=live, to_type=aud("-60.00"))
    assert short_step(less) == "Xero right? Type an adjustment of -60.00, say Corrected elsewhere."
    same = replace(live, amount=aud("640.00"))
    assert short_step(locked(xero=same)) == "Only the date differs: say that it is Xero's payment."


def test_the_row_asks_for_no_more_than_the_pane_does() -> None:
    """Of 640.00, 300.00 were typed already: whoever types 640.00 by the row owes 300.00 too much."""
    assert short_step(locked(to_type=aud("340.00"))) == "Never came? Type a refund of 340.00, say Corrected elsewhere."
    pane = "Type what the pane names, then say Corrected elsewhere."
    assert short_step(locked(to_type=None)) == pane


def test_the_row_of_a_group_names_its_other_lines(stage: Stage) -> None:
    table = skipped_table(stage)
    row = next(row for row in firm_view().skipped if row.placement.reason is Reason.MULTI_INVOICE)
    parts = tuple(GroupPart(f"CM-1011{n}", aud("13500.00"), Bucket.MATCHED) for n in (2, 3, 4))
    known = replace(row, parts=parts)
    text, room = said_below(table, "reason", known)
    assert text == "Compare it with CM-10112 13,500.00, CM-10113 13,500.00 and 1 more."
    assert QFontMetrics(table.font()).horizontalAdvance(text) <= room
    group = next(column for column in table.rows.columns if column.key == "group")
    assert group.text(known) == "CM-10112 13,500.00, CM-10113 13,500.00, CM-10114 13,500.00"


def test_the_longest_entry_has_room(stage: Stage) -> None:
    table = skipped_table(stage)
    gone = locked().placement.xero
    assert gone is not None
    live = replace(gone, status=PaymentStatus.AUTHORISED, amount=aud("13640.00"))
    text, room = said_below(table, "reason", locked(xero=live, to_type=aud("-13000.00")))
    assert QFontMetrics(table.font()).horizontalAdvance(text) <= room, text


def test_rows_are_sorted_by_the_day_on_which_they_leave(stage: Stage) -> None:
    table = skipped_table(stage)
    columns = {column.key: column for column in table.rows.columns}
    for key in ("leaves", "ready_on"):
        first, *rest = sorted(firm_view().skipped, key=columns[key].key_of)
        assert first.placement.ready_on == date(2026, 12, 7)
        assert columns[key].text(rest[0]) != columns[key].text(first)


def test_the_pane_says_what_to_do_and_when_a_skipped_row_leaves(stage: Stage) -> None:
    table = skipped_table(stage)
    names = [row.placement.invoice_number for row in table.rows.shown_rows()]
    table.go_to(names.index("CM-10120"))
    said = stage.window.evidence.as_text()
    assert (
        "What to do:\nIf the money never came: type a refund of 640.00 (an adjustment of +640.00 does the same) on"
        in said
    )
    assert "Leaves this list: When Xero has an equal payment, when you say whose money it is" in said
    assert said.count("type a refund") == 1
    assert "Tie-out: Its 640.00 is named under Skipped now. Once you say Corrected elsewhere" in said
    stage.window.tabs.setCurrentWidget(stage.window.tabs.matched)
    assert "Leaves" not in stage.window.evidence.as_text()


def test_a_sum_of_two_currencies_below_the_rows_is_read_whole(stage: Stage) -> None:
    skipped_table(stage)
    page = stage.window.tabs.skipped
    said = ": 12 only in Xero, 8,560.00 AUD + 1,200.00 NZD; 12 only in Case Manager, 11,410.00 AUD; 3 in both"
    page._sums = lambda _: f"{said}; Case Manager less Xero +2,850.05 AUD, +100.00 NZD"
    page._show_total()
    for _ in range(3):
        QApplication.processEvents()
    foot = page.total_label
    assert foot.height() >= foot.heightForWidth(foot.width()) > QFontMetrics(foot.font()).height() * 1.5
    assert foot.text().endswith("+100.00 NZD")
    assert "+100.00 NZD" in foot.toolTip()
