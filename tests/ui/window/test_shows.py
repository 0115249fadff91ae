"""What *Show* of a band, a line of the bell or a notice opens has the very rows in sight, whatever hid them before."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.viewing.desk_view import DeskView, ReviewRow
from cmxero_desktop.ui.desk.bell import BellItem, items_of
from cmxero_desktop.ui.desk.notices import CHANGED, FAILED, REMOVALS, SOR, TO_APPROVE, Notice
from cmxero_desktop.ui.widgets.table_view import DeskTable
from tests.ui.conftest import MakeStage, Stage
from tests.ui.sor_boards import sor_board
from tests.ui.views import NOW, account_alert, aud, firm_view

# Where the answer is a sheet, which says what it is about.
SHEETS = {
    AlertKind.OTHER_WRITER: "Copied by others",
    AlertKind.QUICK_COPIES: "Copied by others",
    AlertKind.RENUMBERED: "Which invoice is CM-101?",
    AlertKind.SIGN_IN: "Connection to Xero",
    AlertKind.ACCOUNT: "What is Trust money held",
    AlertKind.TOTALS: "Accept that the totals differ?",
    AlertKind.DATABASE_MOVED: "",
    AlertKind.OTHER_BOOKS: "",
    AlertKind.STORE_RESTORED: "",
    AlertKind.STORE_CAME: "",
    AlertKind.MAIL: "Mail",
    AlertKind.NOT_EXPLAINED: "Tie-out",
}
NUMBERS = {
    AlertKind.RENUMBERED: "CM-10101",
    AlertKind.VOIDED: "CM-10160",
    AlertKind.NUMBER_SHARED: "CM-10115",
    AlertKind.LOOKS_LIKE_CM: "cm-23311",
}


def alert_of(kind: AlertKind) -> Alert:
    if kind is AlertKind.ACCOUNT:
        return account_alert()
    return Alert(
        key=f"a-{kind.value}",
        kind=kind,
        rule=Rule.R1,
        explanation="Something is odd.",
        next_step="Look at it.",
        raised_at=NOW,
        invoice_number=NUMBERS.get(kind, ""),
        amount=aud("410.00"),
    )


def hidden(make_stage: MakeStage, view: DeskView) -> Stage:
    """Stand elsewhere, with a search, a filter and a view that hide every row."""
    stage = make_stage(view)
    window = stage.window
    window.resize(1440, 1000)
    window.review.view_box.setCurrentText("Rejected")
    window.review.flag_box.setCurrentIndex(1)
    window.header.search.setText("nothing is called so")
    window.tabs.setCurrentWidget(window.health)
    return stage


def stood_on(stage: Stage) -> object:
    """Return the row that is stood on, in the table where keys act; it has to be in sight."""
    QApplication.processEvents()
    tables = [t for t in stage.window.findChildren(DeskTable) if t.isVisible() and t.window() is stage.window]
    table = next(table for table in tables if table.hasFocus() or table is stage.window.tabs.table())
    if stage.window.tabs.currentWidget() is stage.window.tabs.unmatched:
        open_folds = [fold for fold in stage.window.tabs.unmatched.folds if fold.table.isVisible()]
        table = open_folds[0].table if open_folds else table
    row, cell = table.current_row(), table.visualRect(table.currentIndex())
    assert row is not None, "an empty list is shown"
    assert table.viewport().rect().contains(cell.center()), "the row is out of sight"
    return row


def with_alerts(*alerts: Alert) -> DeskView:
    view = firm_view()
    return replace(view, review=tuple(map(held, view.review)), alerts=alerts)


def held(row: ReviewRow) -> ReviewRow:
    """Let the limit hold the one removal."""
    stored, proposal = row.stored, row.stored.proposal
    if proposal.invoice_number != "CM-10101":
        return row
    flagged = replace(proposal, flags=proposal.flags | {Flag.OVER_LIMIT})
    return replace(row, stored=replace(stored, proposal=flagged))


@pytest.mark.parametrize("kind", list(AlertKind))
def test_the_button_of_a_band_opens_the_rows_or_the_sheet_of_every_kind(make_stage: MakeStage, kind: AlertKind) -> None:
    alert = alert_of(kind)
    stage = hidden(make_stage, with_alerts(alert))
    stage.window.bands.show_asked.emit(alert)
    stage.settle()
    if kind in SHEETS:
        assert stage.sheet().windowTitle().startswith(SHEETS[kind])
        return
    row = stood_on(stage)
    if kind is AlertKind.LOOKS_LIKE_CM:
        assert row == alert
        assert stage.window.tabs.unmatched.looks_like.button.isChecked()
    elif kind is AlertKind.REMOVAL_LIMIT:
        assert Flag.OVER_LIMIT in row.stored.proposal.flags  # type: ignore[attr-defined]  # a row of Review
        assert stage.window.review.model.rows_shown == 1
    elif kind is AlertKind.UNREADABLE:
        assert stage.window.tabs.currentWidget() is stage.window.review, "none of this firm could not be read"
    else:
        assert NUMBERS[kind] in str(row)


def test_an_invoice_of_which_no_page_has_a_row_opens_its_history(make_stage: MakeStage) -> None:
    alert = replace(alert_of(AlertKind.NUMBER_SHARED), invoice_number="CM-404")
    stage = hidden(make_stage, with_alerts(alert))
    stage.window.bands.show_asked.emit(alert)
    stage.settle()
    assert "CM-404" in stage.sheet().windowTitle()


def lines(stage: Stage) -> dict[str, BellItem]:
    assert stage.window.desk.content is not None
    return {item.about: item for item in items_of(stage.window.desk.content)}


@pytest.mark.parametrize("about", [FAILED, CHANGED, REMOVALS, TO_APPROVE, SOR])
@pytest.mark.parametrize("is_notice", [True, False])
def test_a_line_of_the_bell_and_a_notice_open_the_very_rows(
    make_stage: MakeStage, about: str, *, is_notice: bool
) -> None:
    view = firm_view()
    states = {"CM-10160": ProposalState.FAILED, "CM-10166": ProposalState.STALE}
    review = tuple(
        replace(row, stored=replace(row.stored, state=states.get(row.stored.proposal.invoice_number, row.stored.state)))
        for row in view.review
    )
    stage = hidden(make_stage, replace(view, review=review, sor=sor_board()))
    if is_notice:
        stage.window.bell.follow(Notice("Something", "", about), stage.window.come_forward)
    else:
        stage.window.bell.show_rows(lines(stage)[about])
    row = stood_on(stage)
    if about == SOR:
        assert row.invoice_number == sor_board().standing[0].invoice_number  # type: ignore[attr-defined]  # one of the watch
        return
    shown = stage.window.review.model.shown_rows()
    if about in {FAILED, CHANGED}:
        wanted = ProposalState.FAILED if about == FAILED else ProposalState.STALE
        assert {row.stored.state for row in shown} == {wanted}
    elif about == REMOVALS:
        assert {row.stored.proposal.kind.value for row in shown} == {"remove"}
    else:
        assert len(shown) > 1


def test_the_band_of_the_watch_stands_on_the_invoice_that_has_the_alert(make_stage: MakeStage) -> None:
    stage = hidden(make_stage, replace(firm_view(), sor=sor_board()))
    stage.window.bands.sor_asked.emit()
    row = stood_on(stage)
    assert row.invoice_number == sor_board().standing[0].invoice_number  # type: ignore[attr-defined]  # one of the watch
