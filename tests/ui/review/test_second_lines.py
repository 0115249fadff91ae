"""The second line of a row: its state and flags as whole words, what the other side has, and what happens next."""

from dataclasses import replace
from datetime import date
from itertools import combinations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.services.records.decisions import Decision
from cmxero_desktop.services.viewing.desk_view import DeskView, ReviewRow
from cmxero_desktop.ui.review.columns import review_columns
from cmxero_desktop.ui.review.groups import GROUPS, groups_of
from cmxero_desktop.ui.review.sides import what_follows
from cmxero_desktop.ui.theme.words import CHIP_WORD, FLAG_WORD, STEP_WORD, flag_badges, state_badge, why
from cmxero_desktop.ui.widgets.grouped_table import GroupedTable
from cmxero_desktop.ui.widgets.row_delegate import MARGIN, badge_width, badges_that_fit
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, firm_view, many_view

LAPTOP = (1366, 768)


def table_of(stage: Stage, size: tuple[int, int] = LAPTOP) -> GroupedTable[ReviewRow]:
    stage.window.resize(*size)
    for _ in range(3):
        QApplication.processEvents()
    return stage.window.review.table


def room(table: GroupedTable[ReviewRow], key: str) -> int:
    """Return how many pixels the second line of a column has for what it says."""
    at = [column.key for column in table.rows.columns].index(key)
    return table.room_below(at)[1] - 2 * MARGIN


def shown_chips(table: GroupedTable[ReviewRow], row: ReviewRow) -> list[str]:
    """Return the chips of a row for which there is room, as the table paints them."""
    (speaker,) = (column for column in table.rows.columns if column.badges_below is not None)
    badges = speaker.badges_below(row) if speaker.badges_below else ()
    metrics = QFontMetrics(table.font())
    widths = [badge_width(metrics, badge) for badge in badges]
    return [b.text for b in badges[: badges_that_fit(widths, room(table, speaker.key), _more(metrics))]]


def _more(metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance("+99")


def with_states(states: dict[str, ProposalState], until: date | None = None) -> DeskView:
    """Return the firm with rows in other states, held ones until a day."""
    view = firm_view()
    said = Decision(by="R. Patel", at=NOW, until=until)
    rows = [
        replace(row, stored=replace(row.stored, state=states[number], decision=said)) if number in states else row
        for row in view.review
        for number in (row.stored.proposal.invoice_number,)
    ]
    return replace(view, review=tuple(rows))


def test_on_a_small_laptop_every_flag_is_a_whole_word_beside_any_other(stage: Stage) -> None:
    table = table_of(stage)
    metrics, wide = QFontMetrics(table.font()), room(table, "change")
    for pair in combinations(Flag, 2):
        widths = [badge_width(metrics, badge) for badge in flag_badges(pair)]
        assert badges_that_fit([*widths, wide], wide, _more(metrics)) == len(widths), pair


def test_on_a_small_laptop_every_state_is_a_whole_word_and_says_that_there_is_more(stage: Stage) -> None:
    table = table_of(stage)
    metrics = QFontMetrics(table.font())
    for state in ProposalState:
        badge = state_badge(state)
        if badge is not None:
            assert badge_width(metrics, badge) + 5 + _more(metrics) <= room(table, "change"), state


def test_what_to_do_is_never_cut_on_a_small_laptop(make_stage: MakeStage) -> None:
    stage = make_stage(with_states({"CM-10234": ProposalState.STALE, "CM-10155": ProposalState.FAILED}))
    table = table_of(stage)
    metrics, wide = QFontMetrics(table.font()), room(table, "why")
    steps = {flag: metrics.horizontalAdvance(step) for flag, step in STEP_WORD.items()}
    assert {flag: width for flag, width in steps.items() if width > wide} == {}
    stage.window.review.view_box.setCurrentText("All")
    for row in stage.window.review.model.shown_rows():
        assert metrics.horizontalAdvance(what_follows(row)) <= wide, what_follows(row)
        assert metrics.horizontalAdvance(why(row)) <= wide, why(row)


def test_flags_stand_below_the_change_and_run_on_to_the_side(stage: Stage) -> None:
    table = table_of(stage)
    keys = [column.key for column in table.rows.columns]
    above = {keys[at]: keys[table.speaker_below(at)] for at in range(len(keys)) if not table.isColumnHidden(at)}
    del above["tick"]
    assert [above[key] for key in ("change", "invoice", "bill_to")] == ["change"] * 3
    assert [above[key] for key in ("side", "paid_on", "amount")] == ["side", "paid_on", "amount"]
    close = next(r for r in firm_view().review if r.stored.proposal.invoice_number == "CM-10240")
    assert shown_chips(table, close)[:2] == ["overpays", "≈2x double"]
    # Where a person moves a column with a second line of its own between them, they end before it.
    header, side = table.horizontalHeader(), keys.index("side")
    header.moveSection(header.visualIndex(side), header.visualIndex(keys.index("invoice")))
    assert table.speaker_below(side) == side
    assert table.speaker_below(keys.index("invoice")) == -1
    assert room(table, "change") == table.columnWidth(keys.index("change")) - 2 * MARGIN


def test_the_chips_are_painted_below_the_change_and_go_with_the_flags(stage: Stage) -> None:
    """Without its flags the picture of a row is another one there, also where they run on; its first line is not."""
    table, model = table_of(stage), stage.window.review.model
    keys = [column.key for column in model.columns]
    at = next(i for i, row in enumerate(model.shown_rows()) if row.stored.proposal.invoice_number == "CM-10166")

    def lines(key: str) -> tuple[QImage, QImage]:
        cell = table.visualRect(model.index(at, keys.index(key)))
        half = cell.height() // 2
        upper, lower = cell.adjusted(1, 3, -1, -half - 3), cell.adjusted(1, half + 2, -1, -3)
        return table.viewport().grab(upper).toImage(), table.viewport().grab(lower).toImage()

    flagged = {key: lines(key) for key in ("change", "invoice", "bill_to")}
    rows = model.shown_rows()
    proposal = replace(rows[at].stored.proposal, flags=frozenset())
    rows[at] = replace(rows[at], stored=replace(rows[at].stored, proposal=proposal))
    model.set_rows(model.arranged(rows, bytes(len(rows))))
    QApplication.processEvents()
    for key, (upper, lower) in flagged.items():
        assert lines(key)[0] == upper, key
        assert lines(key)[1] != lower, key


def test_the_tool_tip_leads_from_the_chip_to_the_name_that_the_filter_and_the_copied_column_have() -> None:
    close = next(r for r in firm_view().review if r.stored.proposal.invoice_number == "CM-10240")
    columns = {column.key: column for column in review_columns(lambda: NOW)}
    assert "≈2x close double" in columns["flags"].text(close)
    tip = columns["change"].tooltip
    assert tip is not None
    assert tip(close).startswith("overpays (would overpay): The payment is more than the balance")
    assert set(CHIP_WORD) == set(FLAG_WORD) == set(STEP_WORD) == set(Flag)
    assert len(set(CHIP_WORD.values())) == len(CHIP_WORD), "two flags are called the same"


def test_every_row_of_all_says_what_happens_next(make_stage: MakeStage) -> None:
    states = {
        "CM-10234": ProposalState.STALE,
        "CM-10155": ProposalState.FAILED,
        "CM-10166": ProposalState.REJECTED,
        "CM-10160": ProposalState.APPLYING,
        "CM-10101": ProposalState.HELD,
    }
    stage = make_stage(with_states(states, until=date(2026, 12, 2)))
    review = stage.window.review
    review.view_box.setCurrentText("All")
    said = {row.stored.proposal.invoice_number: what_follows(row) for row in review.model.shown_rows()}
    assert said == {
        "CM-10236": "Is written with the next Apply.",
        "CM-10190": "Is written with the next Apply.",
        "CM-10234": "The next check offers it anew if it still holds.",
        "CM-10155": "Approve it to try again, or hold it.",
        "CM-10166": "Stays out until a side changes, or Put back.",
        "CM-10160": "Is being written.",
        "CM-10101": "Comes back on 2 Dec 2026.",
        "CM-10238": "Comes back on 2 Dec 2026.",
        "CM-10240": "Same payment? Adding overpays by 330.00.",
    }
    assert all(review.table.is_tall(at) for at in range(review.model.rowCount()))


def test_a_hold_without_a_day_waits() -> None:
    view = with_states({"CM-10101": ProposalState.HELD})
    held = next(row for row in view.review if row.stored.proposal.invoice_number == "CM-10101")
    assert what_follows(held) == "Waits until it is put back."
    applied = replace(held, stored=replace(held.stored, state=ProposalState.APPLIED))
    assert what_follows(applied) == ""


def test_what_was_tried_in_vain_needs_a_look(make_stage: MakeStage) -> None:
    view = with_states({"CM-10234": ProposalState.FAILED})
    tried = [
        replace(row, stored=replace(row.stored, outcome="Case Manager refused it."))
        if row.stored.state is ProposalState.FAILED
        else row
        for row in view.review
    ]
    stage = make_stage(replace(view, review=tuple(tried)))
    content = stage.window.desk.content
    assert content is not None
    rows = content.view.review
    groups = groups_of(rows, content, NOW)
    of_row = {row.stored.proposal.invoice_number: GROUPS[group] for row, group in zip(rows, groups, strict=True)}
    assert of_row["CM-10234"] is None


def test_however_many_rows_need_a_look_all_have_two_lines(make_stage: MakeStage) -> None:
    view = many_view(3_000)
    large = [
        replace(
            row,
            stored=replace(
                row.stored,
                proposal=replace(row.stored.proposal, after=replace(after, amount=Money.of("9000", "AUD"))),
            ),
        )
        for row in view.review
        if (after := row.stored.proposal.after) is not None
    ]
    stage = make_stage(replace(view, review=tuple(large)))
    table = table_of(stage)
    assert table.is_tall(2_999)
    assert table.rowHeight(2_999) == table.height_of_two()
    assert table.rowHeight(0) > table.height_of_two()
    table.sort_by(2, Qt.SortOrder.DescendingOrder)
    assert table.rowHeight(2_999) == table.height_of_two()
