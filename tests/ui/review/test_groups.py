"""Review by risk: what lies in which group, what a group's own yes takes, and what its rows show of both sides."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.decisions import company_of
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState, fingerprinted
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.viewing.desk_view import OtherInvoice, ReviewRow
from cmxero_desktop.ui.review.groups import GROUPS
from cmxero_desktop.ui.review.sides import NOTHING, next_step, other_side, own_side, what_follows
from cmxero_desktop.ui.theme.words import kind_sentence, why
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import firm_view, many_view

# What it runs of the program others run as well.
pytestmark = pytest.mark.untraced

CTRL = Qt.KeyboardModifier.ControlModifier
ADDS, CHANGES = GROUPS.index(ProposalKind.ADD), GROUPS.index(ProposalKind.CHANGE)


def grouped(stage: Stage) -> dict[int, list[str]]:
    """Return the invoices of each group, from top to bottom."""
    model = stage.window.review.model
    return {b.group: [r.stored.proposal.invoice_number for r in model.rows_of(b)()] for b in model.blocks}


def approved(stage: Stage) -> list[int]:
    """Return how many rows each approval took."""
    return [len(call[1]) for call in stage.fake.calls if isinstance(call[1], tuple)]


def row_of(number: str) -> ReviewRow:
    return next(row for row in firm_view().review if row.stored.proposal.invoice_number == number)


def test_what_needs_a_look_lies_first_and_each_kind_below_its_own_head(stage: Stage) -> None:
    assert grouped(stage) == {
        0: ["CM-10101", "CM-10160", "CM-10166", "CM-10240"],
        ADDS: ["CM-10234"],
        CHANGES: ["CM-10155"],
    }
    heads = stage.window.review.heads
    assert [head.title.text() for head in heads if head.isVisible()] == [
        "Needs a look 4",
        "Plain additions 1",
        "Changes 1",
    ]
    assert heads[ADDS].effect.text() == "Case Manager +1,500.00"
    assert heads[CHANGES].effect.text() == "Case Manager +25.00"
    assert not heads[0].approve_button.isVisible()


def test_a_groups_button_approves_the_group_alone(stage: Stage) -> None:
    button = stage.window.review.heads[ADDS].approve_button
    assert (button.text(), button.isEnabled()) == ("Approve 1", True)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-10234"), "J. Wu", "")]
    assert ADDS not in grouped(stage)


def test_the_key_approves_the_group_of_the_row_one_stands_on_and_never_what_needs_a_look(stage: Stage) -> None:
    stage.go_to("CM-10240")
    QTest.keyClick(stage.window, Qt.Key.Key_G, CTRL)
    stage.settle()
    assert stage.fake.calls == []
    stage.go_to("CM-10155")
    QTest.keyClick(stage.window, Qt.Key.Key_G, CTRL)
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-10155"), "J. Wu", "")]


def test_a_group_takes_only_what_is_shown_of_it(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(12, most=100_000))
    stage.window.header.search.setText("REF1")
    head = stage.window.review.heads[ADDS]
    assert (head.title.text(), head.approve_button.text()) == ("Plain additions 3", "Approve 3")
    head.approve_button.click()
    stage.settle()
    assert approved(stage) == [3]


def test_what_is_being_decided_is_not_asked_for_again_with_its_group(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(3, most=100_000))
    stage.window.review.table.go_to(0)
    stage.window.evidence.approve_button.click()
    stage.window.review.heads[ADDS].approve_button.click()
    stage.settle()
    assert approved(stage) == [1, 2]


def test_what_another_row_must_come_before_is_counted_out(make_stage: MakeStage) -> None:
    view = firm_view()
    change = next(r for r in view.review if r.stored.proposal.kind is ProposalKind.CHANGE).stored.proposal
    plain = next(r for r in view.review if r.stored.proposal.invoice_number == "CM-10234")
    waits = fingerprinted(replace(plain.stored.proposal, xero_invoice_id=XeroInvoiceId("other")))
    other = replace(plain, stored=replace(plain.stored, proposal=replace(waits, depends_on=(change.proposal_id,))))
    rows = (*view.review, other)
    stage = make_stage(replace(view, review=rows, company=company_of([row.stored for row in rows])))
    assert stage.window.review.heads[ADDS].approve_button.text() == "Approve 1 of 2"


def test_observing_changes_no_group_and_closes_their_buttons(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    assert grouped(stage)[ADDS] == ["CM-10234"]
    button = stage.window.review.heads[ADDS].approve_button
    assert (button.text(), button.isEnabled()) == ("Approve 1", False)
    assert "observe" in button.toolTip().lower()


def test_many_rows_are_added_up_on_the_worker(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(600, most=100_000))
    head = stage.window.review.heads[ADDS]
    stage.window.review.model.sort(2)
    assert not head.approve_button.isEnabled()
    stage.window.review.model.sort(3)
    stage.settle()
    assert (head.approve_button.text(), head.approve_button.isEnabled()) == ("Approve 600", True)


def test_only_what_waits_is_grouped(stage: Stage) -> None:
    stage.window.review.view_box.setCurrentText("All")
    assert grouped(stage) == {}
    assert not any(head.isVisible() for head in stage.window.review.heads)
    stage.window.review.clear_filters()
    stage.window.review.view_box.setCurrentText("To approve")
    assert 0 in grouped(stage)


def test_a_title_sorts_in_each_group(stage: Stage) -> None:
    amount = [column.key for column in stage.window.review.model.columns].index("amount")
    stage.window.review.table.sort_by(amount, Qt.SortOrder.AscendingOrder)
    assert grouped(stage)[0] == ["CM-10160", "CM-10240", "CM-10166", "CM-10101"]
    stage.window.review.table.sort_by(amount, Qt.SortOrder.DescendingOrder)
    assert grouped(stage)[0] == ["CM-10101", "CM-10166", "CM-10240", "CM-10160"]
    assert grouped(stage)[ADDS] == ["CM-10234"]


def test_rows_that_need_a_look_have_two_lines_and_heads_stay_above_their_group(stage: Stage) -> None:
    table = stage.window.review.table
    tall, plain = table.rowHeight(1), table.verticalHeader().defaultSectionSize()
    assert tall > plain
    assert table.is_tall(3)
    assert not table.is_tall(4)
    head = stage.window.review.heads[ADDS]
    assert head.y() == table.rowViewportPosition(4)
    assert table.rowHeight(4) == plain + head.height()
    stage.window.resize(stage.window.width(), 560)
    QApplication.processEvents()
    table.verticalScrollBar().setValue(30)
    QApplication.processEvents()
    assert head.y() == table.rowViewportPosition(4)
    row = table.visualRect(stage.window.review.model.index(4, 0))
    assert table.rowAt(row.center().y()) == 4
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.center().x(), row.bottom() - 4))
    assert [r.stored.proposal.invoice_number for r in stage.window.review.ticked()] == ["CM-10234"]


def test_both_sides_stand_in_the_row_and_only_what_differs_is_marked(stage: Stage) -> None:
    columns = {column.key: column for column in stage.window.review.model.columns}
    below = {key: column.below for key, column in columns.items() if column.below is not None}
    close = row_of("CM-10240")
    said = {key: of(close) for key, of in below.items()}
    assert (columns["side"].text(close), said["side"].text) == ("Xero", "CM")
    assert (said["paid_on"].text, said["paid_on"].is_different) == ("22 Nov 2026", True)
    assert (said["amount"].text, said["amount"].is_different) == ("330.00", False)
    assert (said["reference"].text, said["reference"].is_different) == ("EFT 22/11", True)
    assert said["why"].text == next_step(close.stored.proposal)


def test_a_removal_shows_the_copy_first_and_what_xero_deleted_below() -> None:
    removal = row_of("CM-10101")
    proposal = removal.stored.proposal
    assert own_side(removal) == "CM"
    assert (other_side(proposal).where, other_side(proposal).amount) == ("Xero", "deleted")
    assert other_side(replace(proposal, xero=None, replaced=None)).paid_on == NOTHING
    assert next_step(replace(proposal, flags=frozenset())) == "Approve it if the money did not come."


def test_without_a_copy_the_other_side_is_what_the_flag_speaks_of() -> None:
    twin, plain = row_of("CM-10160").stored.proposal, row_of("CM-10234").stored.proposal
    near = row_of("CM-10240").stored.proposal.near
    assert other_side(plain).paid_on == NOTHING
    assert other_side(replace(plain, near=near)).reference == "other invoice"
    assert plain.xero is not None
    assert other_side(replace(twin, case=None, near=(), near_xero=(plain.xero,))).where == "Xero"
    assert next_step(plain) == "Look at this addition; approve or reject it."
    assert "Delete one there" in next_step(replace(plain, flags=frozenset({Flag.TWIN})))
    assert other_side(twin).amount == "400.00", "of a remittance, what was typed is asked about first"
    assert next_step(twin) == "Compare the lines: is it the same money?"


def test_a_payment_of_another_invoice_is_said_to_stand_there_in_the_line() -> None:
    twin = row_of("CM-10160")
    (near, *_) = twin.stored.proposal.near
    named = OtherInvoice(invoice_id=near.invoice_id, number="CM-10166", bill_to="QBE")
    assert what_follows(replace(twin, elsewhere=(named,))) == "400.00 is on CM-10166: the same money?"
    assert what_follows(replace(twin, elsewhere=())) == "400.00 is on another invoice: the same money?"


def test_the_next_step_of_a_row_is_what_its_first_button_does() -> None:
    over = row_of("CM-10166").stored.proposal
    assert next_step(over) == "Same payment? Adding overpays by 350.00."
    locked = tuple(replace(payment, is_journalled=True) for payment in over.near)
    assert next_step(replace(over, near=locked)).startswith("Check the invoice")
    assert next_step(replace(over, balance_after=None)).startswith("Check the invoice")


def test_a_change_says_old_and_new_in_its_row_and_in_its_title() -> None:
    change = row_of("CM-10155")
    assert why(change) == "Was 700.00, 2 Nov: edited in Xero"
    assert kind_sentence(change.stored.proposal) == ("Change 700.00 of 2 Nov 2026 to 725.00 of 3 Nov 2026 on CM-10155")


def test_what_changed_since_its_approval_needs_a_look(make_stage: MakeStage) -> None:
    view = firm_view()
    rows = [
        replace(row, stored=replace(row.stored, state=ProposalState.STALE))
        if row.stored.proposal.invoice_number == "CM-10234"
        else row
        for row in view.review
    ]
    assert "CM-10234" in grouped(make_stage(replace(view, review=tuple(rows))))[0]


def test_rows_are_as_high_as_their_group_wants_whatever_goes_away(stage: Stage) -> None:
    def heights_are_right() -> bool:
        table, model = stage.window.review.table, stage.window.review.model
        plain = table.verticalHeader().defaultSectionSize()
        firsts = {block.first for block in model.blocks}
        return all(
            (table.rowHeight(at) > plain) == (table.is_tall(at) or at in firsts) for at in range(model.rowCount())
        )

    assert heights_are_right()
    stage.go_to("CM-10101")
    stage.window.evidence.approve_button.click()
    stage.press("Approve removal")
    stage.settle()
    assert heights_are_right()
    for words in ("acme", "", "CM-10234", ""):
        stage.window.header.search.setText(words)
        assert heights_are_right()
    review = stage.window.review
    review.view_box.setCurrentText("All")
    heights = {review.table.rowHeight(at) for at in range(review.model.rowCount())}
    assert heights == {review.table.height_of_two()}
    review.view_box.setCurrentText("To approve")
    assert heights_are_right()
