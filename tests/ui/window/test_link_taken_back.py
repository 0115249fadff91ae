"""The line that says that two payments are the same money offers the way back, at once and without a check."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.proposals import ProposalKind
from tests.ui.morning import desk_of, differences, lay_out, typed_a_day_off
from tests.ui.person import seated


def test_a_link_is_taken_back_by_the_key_of_the_line_and_made_again(tmp_path: Path) -> None:
    morning = lay_out(((1, typed_a_day_off),), quiet=2)
    with desk_of(morning, tmp_path) as (desk, database), seated(desk, is_patient=True) as person:
        review = person.window.review
        (before,) = review.model.shown_rows()
        assert before.stored.proposal.kind is ProposalKind.ADD
        person.press("Ctrl+L")
        person.say_yes()
        person.wait()
        (linked,) = review.model.shown_rows()
        assert linked.stored.proposal.kind is ProposalKind.CHANGE
        assert "called the same payment" in person.window.strip.busy.text()
        person.press("Ctrl+Shift+Z")
        person.wait()
        QApplication.processEvents()
        (after,) = review.model.shown_rows()
        assert after.row_id == before.row_id
        assert "The addition waits in Review again" in person.window.strip.busy.text()
        person.decide(morning)
        person.apply()
        assert differences(morning, database) == []
