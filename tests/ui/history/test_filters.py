"""History by who did it and by the change it is about; Ctrl+Z finds what was written whatever was filtered before."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton

from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.ui.history.columns import change_of
from cmxero_desktop.ui.widgets.row_delegate import MARGIN
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, entry, firm_view


def entries(stage: Stage) -> list[AuditEntry]:
    return stage.window.history.model.shown_rows()


def test_what_one_person_did_is_shown_alone(stage: Stage) -> None:
    page, everything = stage.window.history, entries(stage)
    people = {entry.event.by for entry in everything}
    assert [page.who_box.itemText(at) for at in range(page.who_box.count())] == ["Anybody", *sorted(people)]
    for by in sorted(people):
        page.who_box.setCurrentText(by)
        assert entries(stage) == [entry for entry in everything if entry.event.by == by]
    page.clear_filters()
    assert entries(stage) == everything


def test_one_kind_of_change_is_shown_alone(stage: Stage) -> None:
    page, everything = stage.window.history, entries(stage)
    page.change_box.setCurrentText("Add")
    wanted = [entry for entry in everything if change_of(entry) is ProposalKind.ADD]
    assert 0 < len(wanted) < len(everything)
    assert entries(stage) == wanted


def test_decisions_and_changes_leave_out_what_the_program_only_noted(make_stage: MakeStage) -> None:
    view = firm_view()
    noted = [AuditWhat.SUPERSEDED, AuditWhat.ALERT, AuditWhat.SKIPPED_RUN, AuditWhat.SOR]
    done = [AuditWhat.REOPENED, AuditWhat.STALE, AuditWhat.FAILED, AuditWhat.RECOVERED, AuditWhat.MODE_CHANGED]
    by_program = [entry(n, what, by="program", at=NOW, stored=None) for n, what in enumerate([*noted, *done], 50)]
    by_person = [
        entry(n, what, by="J. Wu", at=NOW, stored=None) for n, what in enumerate([AuditWhat.ALERT, AuditWhat.SOR], 80)
    ]
    stage = make_stage(replace(view, history=(*by_person, *by_program)))
    stage.window.history.kind_box.setCurrentText("Decisions and changes")
    assert {(e.event.by, e.event.what) for e in entries(stage)} == {
        *(("program", what) for what in done),
        ("J. Wu", AuditWhat.ALERT),
        ("J. Wu", AuditWhat.SOR),
    }


def test_who_was_chosen_stays_chosen_when_others_come(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view())
    page = stage.window.history
    by = page.who_box.itemText(1)
    page.who_box.setCurrentText(by)
    first = stage.fake.desk_view.history[0]
    other = replace(first, sequence=first.sequence + 100, event=replace(first.event, by="A. Newcomer"))
    stage.fake.desk_view = replace(firm_view(), history=(other, *firm_view().history))
    stage.window.desk.refresh()
    stage.settle()
    assert page.who_box.currentText() == by
    assert {entry.event.by for entry in entries(stage)} == {by}
    assert page.who_box.findText("A. Newcomer") > 0


def test_the_key_that_undoes_finds_what_was_written_whatever_was_filtered(stage: Stage) -> None:
    page = stage.window.history
    page.change_box.setCurrentText("Remove")
    page.who_box.setCurrentIndex(page.who_box.count() - 1)
    stage.window.wishes.open_undo()
    assert entries(stage)
    assert all(entry.event.what is AuditWhat.APPLIED for entry in entries(stage))


def test_one_button_takes_all_filters_away(stage: Stage) -> None:
    page = stage.window.history
    stage.window.wishes.go_to_page(5)
    everything = entries(stage)
    stage.window.header.search.setText("no such word")
    page.change_box.setCurrentText("Remove")
    clear = next(b for b in page.body.findChildren(QPushButton) if b.text().replace("&", "") == "Clear filters")
    clear.click()
    assert entries(stage) == everything


@pytest.mark.parametrize("width", [960, 1366])
def test_what_would_become_of_a_payment_is_not_cut(make_stage: MakeStage, width: int) -> None:
    view = firm_view()
    much = Money.of("100330.00", "AUD")
    history = tuple(
        replace(entry, event=replace(entry.event, after=replace(entry.event.after, amount=much)))
        if entry.event.after is not None
        else entry
        for entry in view.history
    )
    stage = make_stage(replace(view, history=history))
    stage.window.resize(width, 700)
    stage.window.wishes.go_to_page(5)
    for _ in range(3):
        QApplication.processEvents()
    table = stage.window.history.table
    at = [column.key for column in table.rows.columns].index("after")
    room = table.columnWidth(at) - 2 * MARGIN
    texts = [table.rows.index(row, at).data() for row in range(table.rows.rowCount())]
    longest = max(texts, key=QFontMetrics(table.font()).horizontalAdvance)
    assert "100,330.00 on " in longest
    assert not table.isColumnHidden(at)
    assert QFontMetrics(table.font()).horizontalAdvance(longest) <= room
    assert not table.horizontalScrollBar().isVisible()


def test_what_was_undone_since_is_filtered_by_that_among_very_many_entries(make_stage: MakeStage) -> None:
    """What is made of the entries that are shown already is not made again, but for what an undo says of them."""
    view = firm_view()
    written = next(entry for entry in view.history if entry.event.what is AuditWhat.APPLIED)
    history = tuple(
        replace(written, sequence=n, event=replace(written.event, proposal_id=ProposalId(f"p-{n}"))) for n in range(60)
    )
    stage = make_stage(replace(view, history=history))
    stage.window.history.show_applied()
    assert len(entries(stage)) == len(history)
    undone = replace(history[7], sequence=60, event=replace(history[7].event, what=AuditWhat.UNDONE))
    stage.fake.desk_view = replace(view, history=(undone, *history))
    stage.window.desk.refresh()
    stage.settle()
    assert {entry.sequence for entry in entries(stage)} == set(range(60)) - {7}
