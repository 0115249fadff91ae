"""Two persons at two windows on one desk: nothing is written before both said yes, and each sees whose turn it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.verbs.commands.settings import ChangeSettings
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.commands.writing import Undo, WithdrawUndo
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.freshness import tray_tooltip
from cmxero_desktop.ui.review.sides import what_follows
from cmxero_desktop.ui.sheets.result_sheet import ResultSheet
from cmxero_desktop.ui.sheets.undo_sheet import UndoSheet
from cmxero_desktop.ui.theme.words import review_sentence
from cmxero_desktop.ui.wizard.plain_pages import PeoplePage
from tests.ui.morning import FORTY, deleted_in_xero, desk_of, differences, lay_out, new_payment
from tests.ui.person import Person, seated

WHOLE = {"people.second_approver": "all"}


def test_forty_decisions_of_two_persons_leave_the_database_exactly_right(tmp_path: Path) -> None:
    morning = lay_out(FORTY, quiet=20)
    with desk_of(morning, tmp_path) as (desk, database):
        before = database.path.read_bytes()
        desk.run(ChangeSettings(texts=WHOLE, by="Ann"))
        with seated(desk, name="Ann") as ann:
            ann.decide(morning)
            for number in morning.other_money:
                ann.say_other_money(number)
            assert database.path.read_bytes() == before
        with seated(desk, name="Bob") as bob:
            bob.decide(morning)
            bob.apply()
            for number in morning.to_undo:
                bob.undo(number)
        assert differences(morning, database) != []
        with seated(desk, name="Ann") as ann:
            for number in morning.to_undo:
                ann.undo(number)
        assert differences(morning, database) == []


@contextmanager
def small_firm(tmp_path: Path, rule: str = "all", **more: str) -> Iterator[Desk]:
    morning = lay_out(((2, new_payment), (1, deleted_in_xero)), quiet=2)
    with desk_of(morning, tmp_path) as (desk, _):
        texts = {"people.second_approver": rule, **{f"people.{key}": text for key, text in more.items()}}
        desk.run(ChangeSettings(texts=texts, by="Ann"))
        yield desk


def stand_on(person: Person, kind: ProposalKind) -> ReviewRow:
    """Stand on the first row of a kind in Review."""
    review = person.window.review
    rows = review.model.shown_rows()
    at = next(i for i, row in enumerate(rows) if row.stored.proposal.kind is kind)
    review.table.go_to(at)
    QApplication.processEvents()
    return rows[at]


def pane_text(person: Person) -> str:
    return " ".join(person.window.evidence.as_text().split())


def test_each_sees_whose_turn_it_is(tmp_path: Path) -> None:
    with small_firm(tmp_path) as desk:
        with seated(desk, is_patient=True, name="Ann") as ann:
            row = stand_on(ann, ProposalKind.ADD)
            button = ann.window.evidence.approve_button
            assert "Approve addition (1 of 2)" in button.text().replace("&", "")
            assert "all that is written needs the yes of two persons" in pane_text(ann)
            ann.press("Ctrl+D")
            assert ann.window.strip.busy.text() == (
                f"{row.stored.proposal.invoice_number} approved by you; another person approves it too."
            )
            heads = [head.title.text() for head in ann.window.review.heads if head.isVisible()]
            assert heads[-1] == "Wait for another person 1"
            assert "Nothing is approved" in ann.window.review.bar.apply_button.toolTip()
            shown = ann.window.review.model.shown_rows()[-1]
            assert shown.row_id == row.row_id
            ann.window.review.table.go_to(ann.window.review.model.position_of(row.row_id))
            QApplication.processEvents()
            assert not button.isEnabled()
            assert "You said yes to it" in button.toolTip()
            assert "1 of 2: Ann" in ann.window.evidence.as_text()
            assert "Ann said yes" in pane_text(ann)
        with seated(desk, is_patient=True, name="Bob") as bob:
            row = stand_on(bob, ProposalKind.ADD)
            bob.window.review.table.go_to(bob.window.review.model.position_of(shown.row_id))
            QApplication.processEvents()
            text = bob.window.evidence.approve_button.text().replace("&", "")
            assert "Approve addition (2 of 2)" in text
            assert what_follows(shown) == "Ann said yes. Another person approves it too."
            bob.press("Ctrl+D")
            assert "approved, not written yet" in bob.window.strip.busy.text()
            assert bob.window.review.bar.apply_button.isEnabled()


def test_the_first_yes_is_taken_back_where_the_line_offers_it(tmp_path: Path) -> None:
    with small_firm(tmp_path) as desk, seated(desk, is_patient=True) as ann:
        row = stand_on(ann, ProposalKind.ADD)
        ann.press("Ctrl+D")
        assert ann.window.strip.can_take_back
        ann.window.strip.take_back()
        ann.wait()
        assert desk.run(ReadView()).proposals[row.stored.proposal_id].yes_by == ()


def test_what_one_asked_to_undo_stands_in_a_band_until_another_does_or_it_is_withdrawn(tmp_path: Path) -> None:
    with small_firm(tmp_path, "large") as desk:
        with seated(desk, is_patient=True, name="Ann") as ann:
            number = stand_on(ann, ProposalKind.ADD).stored.proposal.invoice_number
            ann.press("Ctrl+D")
            ann.apply()
            ann.press("Ctrl+Z")
            ann.press("Alt+U")
            sheet = ann.sheet()
            assert isinstance(sheet, UndoSheet)
            assert any("two persons undo it" in one.text() for one in sheet.findChildren(QLabel))
            assert sheet.undo.text().replace("&", "").startswith("Ask to undo 1 change")
            ann.type("typed twice")
            ann.say_yes()
            ann.wait()
            assert "another one who approves undoes it too" in result_of(ann)
            ann.press("Esc")
            assert ann.window.strip.busy.text() == (
                "You asked to undo 1 change: another person undoes it too, in History."
            )
        with seated(desk, is_patient=True, name="Bob") as bob:
            (band,) = [band for band in bob.window.bands.bands if "asked to undo" in band.text]
            assert number in band.text
            assert "typed twice" in band.text
            band.button.click()
            QApplication.processEvents()
            history = bob.window.history
            assert bob.window.tabs.currentWidget() is history
            assert [entry.event.what for entry in history.table.selected_rows()] == [AuditWhat.UNDO_ASKED]
            assert history.undo_button.isEnabled()
            assert history.withdraw_button.isVisible()
            history.withdraw_button.click()
            bob.wait()
            assert bob.window.bands.bands == []
            assert bob.window.strip.busy.text() == "The wish to undo 1 change is withdrawn."
            assert not history.withdraw_button.isVisible()
            bob.undo(number)
        with seated(desk, is_patient=True, name="Ann") as ann:
            assert len(ann.window.bands.bands) == 1
            ann.window.bands.bands[0].button.click()
            QApplication.processEvents()
            ann.press("Alt+U")
            sheet = ann.sheet()
            assert isinstance(sheet, UndoSheet)
            assert sheet.undo.text().replace("&", "").startswith("Undo 1 change")
            ann.type("yes")
            ann.say_yes()
            ann.wait()
            ann.press("Esc")
            assert ann.window.bands.bands == []
        undone = [e.event for e in desk.run(ReadView()).history if e.event.what is AuditWhat.UNDONE]
        assert [event.reason for event in undone] == [
            "yes (Bob asked for it: not ours) Both persons said yes on this one desktop."
        ]


def test_what_waits_for_another_is_not_counted_as_waiting_for_whoever_said_yes(tmp_path: Path) -> None:
    with small_firm(tmp_path) as desk:
        with seated(desk, is_patient=True, name="Ann") as ann:
            stand_on(ann, ProposalKind.ADD)
            assert counted(ann) == 3
            ann.press("Ctrl+D")
            assert counted(ann) == 2
            assert tray_tooltip(ann.window.desk.content, ann.window.schedule, ann.window.now()).endswith("2 to approve")
        with seated(desk, name="Bob") as bob:
            assert counted(bob) == 3


def counted(person: Person) -> int:
    """Return how many rows the window says wait for whoever sits there."""
    content = person.window.desk.content
    assert content is not None
    (said,) = {len(content.to_approve), int(person.window.review.bar.stepper.steps[0].text().rpartition(" ")[2])}
    return said


def test_a_button_for_many_rows_says_whose_turn_it_is(tmp_path: Path) -> None:
    with small_firm(tmp_path) as desk:
        with seated(desk, is_patient=True, name="Ann") as ann:
            review = ann.window.review
            (head,) = [head for head in review.heads if head.approve_button.isVisible()]
            assert head.approve_button.text().endswith("(1 of 2)")
            ann.press("Ctrl+A")
            assert "(1 of 2)" in review.bar.approve_button.text()
            stand_on(ann, ProposalKind.ADD)
            ann.press("Ctrl+D")
        with seated(desk, is_patient=True, name="Bob") as bob:
            bob.press("Ctrl+A")
            assert "(1 of them 1 of 2)" in bob.window.review.bar.approve_button.text()
            assert bob.window.review.bar.reason.text() == "1 ticked row needs a look of its own and stays out."
        with seated(desk, is_patient=True, name="Ann") as ann:
            ann.press("Ctrl+A")
            assert "To 1 ticked row you said yes: another person approves it." in ann.window.review.bar.reason.text()


@pytest.mark.parametrize("texts", [{"second_approver": "off"}, {"approvers": "Ann"}, {"approvers": "Bob\nCid"}])
def test_a_first_yes_that_is_none_of_two_any_more_is_not_shown(tmp_path: Path, texts: dict[str, str]) -> None:
    with small_firm(tmp_path) as desk:
        with seated(desk, is_patient=True, name="Ann") as ann:
            row = stand_on(ann, ProposalKind.ADD)
            ann.press("Ctrl+D")
        desk.run(ChangeSettings(texts={f"people.{key}": text for key, text in texts.items()}, by="Ann"))
        with seated(desk, is_patient=True, name="Ann" if texts.get("approvers") != "Bob\nCid" else "Bob") as one:
            review = one.window.review
            assert counted(one) == 3
            review.table.go_to(review.model.position_of(row.row_id))
            QApplication.processEvents()
            assert "1 of 2: " not in one.window.evidence.as_text()
            assert "Ann said yes" not in pane_text(one)
            assert one.window.evidence.approve_button.isEnabled()
            assert "(2 of 2)" not in one.window.evidence.approve_button.text()


def test_the_band_leads_to_the_wish_that_stands(tmp_path: Path) -> None:
    with small_firm(tmp_path, "large") as desk, seated(desk, is_patient=True, name="Ann") as ann:
        for _ in range(2):
            stand_on(ann, ProposalKind.ADD)
            ann.press("Ctrl+D")
        ann.apply()
        written = [s for s in desk.run(ReadView()).proposals.values() if s.result_id is not None]
        standing, ended = written
        for stored in written:
            desk.run(Undo(ids=(stored.proposal_id,), by="Ann", reason="r"))
        desk.run(WithdrawUndo(ids=(ended.proposal_id,), by="Ann", reason="r"))
        with seated(desk, is_patient=True, name="Bob") as bob:
            bob.window.bands.bands[0].button.click()
            QApplication.processEvents()
            (entry,) = bob.window.history.table.selected_rows()
            assert entry.event.proposal_id == standing.proposal_id
            history = bob.window.history
            assert history.undo_button.isEnabled()
            history.clear_filters()
            history.table.select_positions(
                history.model.positions_of(
                    frozenset(str(number) for number in entries_about(desk, standing.proposal_id))
                )
            )
            assert history.undo_button.text().replace("&", "") == "Undo 1 selected…"
            bob.press("Alt+U")
            sheet = bob.sheet()
            assert isinstance(sheet, UndoSheet)
            assert sheet.ids == (standing.proposal_id,), "each change once, however many entries are about it"
            bob.press("Esc")
        desk.run(ChangeSettings(texts={"people.second_approver": "off"}, by="Ann"))
        with seated(desk, name="Bob") as bob:
            assert bob.window.bands.bands == [], "one person is enough by now"


def entries_about(desk: Desk, row_id: str) -> frozenset[str]:
    """Return the numbers of the entries that a change can be undone from."""
    wanted = {AuditWhat.APPLIED, AuditWhat.UNDO_ASKED}
    history = desk.run(ReadView()).history
    about = (entry for entry in history if entry.event.proposal_id == row_id)
    found = frozenset(str(entry.sequence) for entry in about if entry.event.what in wanted)
    assert len(found) == 2
    return found


def test_a_row_with_one_yes_is_read_aloud_once(tmp_path: Path) -> None:
    with small_firm(tmp_path) as desk, seated(desk, is_patient=True, name="Ann") as ann:
        row = stand_on(ann, ProposalKind.ADD)
        ann.press("Ctrl+D")
        (shown,) = (one for one in ann.window.review.model.shown_rows() if one.row_id == row.row_id)
        assert review_sentence(shown).count("Ann") == 1


def result_of(person: Person) -> str:
    sheet = person.sheet()
    assert isinstance(sheet, ResultSheet)
    return " ".join(row.reason for row in sheet.rows)


def test_whoever_does_not_approve_is_told_who_may(tmp_path: Path) -> None:
    with small_firm(tmp_path, "off", approvers="Ann\nBob") as desk, seated(desk, name="Cid") as cid:
        stand_on(cid, ProposalKind.ADD)
        button = cid.window.evidence.approve_button
        assert not button.isEnabled()
        assert button.toolTip().startswith("Cid may not do this. Ask a person who approves")
        assert cid.window.evidence.hold_button.isEnabled()


def test_whoever_gave_no_name_yet_is_asked_before_it_is_judged(tmp_path: Path) -> None:
    with small_firm(tmp_path, "off", approvers="Ann\nBob") as desk, seated(desk, name="") as nobody:
        stand_on(nobody, ProposalKind.ADD)
        assert nobody.window.evidence.approve_button.isEnabled()
        nobody.press("Ctrl+D")
        sheet = nobody.sheet()
        assert sheet is not None
        nobody.type("Ann")
        nobody.say_yes()
        nobody.wait()
        assert "approved, not written yet" in nobody.window.strip.busy.text()


def test_the_wizard_asks_for_the_rule() -> None:
    application()
    page = PeoplePage()
    assert page.setting_texts == {}
    page.second.setCurrentText("Removals and large amounts")
    assert page.setting_texts == {"people.second_approver": "large"}
    page.deleteLater()
