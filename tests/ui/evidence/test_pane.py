"""The evidence pane: what it says before a button is pressed, and its ways out."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextDocumentFragment
from PySide6.QtWidgets import QPushButton

from cmxero_desktop.domain.consequences import LinkEffect
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.services.records.decisions import Decision
from cmxero_desktop.ui.desk.linking import link_button_text, link_question
from cmxero_desktop.ui.evidence.body import plain_text_of
from cmxero_desktop.ui.theme.words import chip_words
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.story import totals_view
from tests.ui.views import NOW, C, aud, day, firm_view, results_of, snapshot


def effects(stage: Stage) -> str:
    return stage.window.evidence.effects.text()


def test_what_follows_is_said_above_the_buttons_and_only_while_something_can_follow(stage: Stage) -> None:
    stage.go_to("CM-10240")
    for said in (
        "<b>If the same payment:</b>",
        "date becomes 23 Nov 2026",
        "<b>If added:</b>",
        "It cannot be approved.",
    ):
        assert said in effects(stage)
    pane = stage.window.evidence
    assert pane.effects.y() < pane._buttons.y()
    stage.go_to("CM-10101")
    assert "is deleted from Case Manager; Case Manager&#x27;s balance becomes 880.00 (now 0.00)." in effects(stage)
    stage.window.tabs.setCurrentIndex(3)
    assert "<b>If" not in effects(stage)
    stage.window.tabs.setCurrentIndex(1)
    assert not pane.effects.isVisible()


def test_the_button_and_the_question_of_a_link_say_what_becomes_what_and_enter_moves_no_amount(stage: Stage) -> None:
    stage.go_to("CM-10166")
    assert stage.window.evidence.link_button.text().replace("&", "") == "Same payment: change 400.00 to 450.00…"
    stage.window.wishes.link_shown()
    sheet = stage.sheet()
    assert sheet.windowTitle() == "The same money? CM-10166, 400.00 becomes 450.00"
    said = sheet.accessibleDescription()
    for part in (
        "no. 506: 400.00 of 5 Nov 2026, chq 1209",
        "becomes 450.00 of 17 Nov 2026, Q-881, and its Notes name the Xero payment.",
        "Case Manager's balance: 100.00 now, 50.00 then. Xero is not changed.",
        "nothing is written yet",
    ):
        assert part in said
    assert [plain(b.text()) for b in sheet.findChildren(QPushButton) if b.isDefault()] == ["Cancel"]
    stage.press("Cancel")
    assert not [call for call in stage.fake.calls if call[0] == "choose_link"]
    stage.window.wishes.link_shown()
    stage.press("Change to 450.00")
    stage.settle()
    assert stage.window.strip.busy.text().startswith("CM-10166: called the same payment: 400.00 becomes 450.00.")


def test_a_link_that_moves_no_amount_is_one_key_away(stage: Stage) -> None:
    stage.go_to("CM-10240")
    assert stage.window.evidence.link_button.text().replace("&", "") == "Same payment: set its date to 23 Nov…"
    stage.window.wishes.link_shown()
    sheet = stage.sheet()
    assert (
        "Case Manager's balance stays 0.00. Xero says 5.00 is owed: Tie-out, Debtors, says why they differ."
        in sheet.accessibleDescription()
    )
    assert [plain(b.text()) for b in sheet.findChildren(QPushButton) if b.isDefault()] == ["Same payment"]


def test_a_link_says_what_it_would_do_of_what_is_known() -> None:
    there = C(number=9, amount="90.00", on=day(10))
    (known,) = results_of([snapshot("CM-10050", "TAC", "4111 Roe, B", "90.00", [], [there])])
    (payment,) = known.snapshot.case_payments
    effect = LinkEffect(
        payment=payment,
        amount=aud("90.00"),
        paid_on=day(10),
        reference="",
        balance_before=None,
        balance_after=None,
        replaces_copy=False,
    )
    assert link_button_text(effect).endswith("name it in its Notes…")
    title, text, yes = link_question(effect, "CM-10050")
    assert (title, yes) == ("The same money? CM-10050, 90.00", "Same payment")
    assert "and its Notes name the Xero payment." in text
    assert "balance" not in text


def test_what_else_was_looked_at_is_there_where_there_is_anything(stage: Stage) -> None:
    stage.go_to("CM-10160")
    assert "matched with Xero&#x27;s 200.00 of 9 Nov 2026" in stage.window.evidence.body.others.text()
    assert "on CM-10166, QBE" in stage.window.evidence.body.others.text()
    assert "400.00 on 5 Nov 2026 stands on CM-10166, QBE (other payer)." in stage.window.evidence.body.why.text()
    stage.go_to("CM-10234")
    assert not stage.window.evidence.body.also.isVisible()


def test_all_of_it_is_copied_as_text(stage: Stage) -> None:
    stage.go_to("CM-10240")
    stage.window.evidence.body.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    for said in ("Add 330.00 dated 23 Nov 2026 to CM-10240", "If the same payment:", "Owed now"):
        assert said in copied
    assert "<" not in copied


def test_the_history_of_the_invoice_opens_from_the_pane(stage: Stage) -> None:
    stage.go_to("CM-10240")
    stage.window.evidence.body.story_button.click()
    assert stage.sheet().windowTitle() == "History of CM-10240"


def test_an_invoice_opens_in_xero_but_not_from_the_demo(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    demo = make_stage()
    demo.window.evidence.body.xero_button.click()
    assert opened == []
    assert "has no pages" in demo.window.strip.busy.text()
    firm = make_stage(is_demo=False)
    firm.go_to("CM-10240")
    firm.window.evidence.body.xero_button.click()
    assert opened == ["https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=inv-CM-10240"]


def test_long_words_do_not_push_anything_out_of_the_pane(stage: Stage) -> None:
    pane = stage.window.evidence
    room = pane.body.minimumSizeHint().width()
    pane.body.history.setText("x" * 400)
    assert pane.body.minimumSizeHint().width() == room


def test_the_reason_says_each_figure_once_and_sums_stand_above_the_ids(stage: Stage) -> None:
    body = stage.window.evidence.body
    stage.go_to("CM-10240")
    said = body.why.text()
    assert said.count("Xero has 330.00 on 23 Nov 2026") == 1
    assert said.count("22 Nov 2026") == 1
    stage.go_to("CM-10166")
    assert len(body.why.text().splitlines()) == 3
    assert body.why.text().count("400.00 in Case Manager that matches nothing in Xero") == 1
    assert body.ledger.mapTo(body, body.ledger.pos()).y() < body.sides.mapTo(body, body.sides.pos()).y()
    assert "Xero: g1" in body.ids.text()
    assert "Case Manager: no. 506" in body.ids.text()


def test_the_ledger_says_what_is_owed_if_it_is_the_same_and_after_adding(stage: Stage) -> None:
    body = stage.window.evidence.body
    stage.go_to("CM-10166")
    shown = QTextDocumentFragment.fromHtml(body.ledger.text()).toPlainText().split()
    assert [shown[shown.index(word) + 2] for word in ("same", "adding")] == ["50.00", "-350.00"]
    stage.go_to("CM-10234")
    assert "After this" in body.ledger.text()


@pytest.mark.parametrize(
    ("until", "why", "said", "badge"),
    [
        (day(30), "waiting", "until 30 Nov 2026, by R. Patel: waiting", "On hold until 30 Nov"),
        (None, "", "until somebody puts it back, by R. Patel.", "On hold"),
    ],
)
def test_a_held_row_says_until_when_by_whom_and_why(
    make_stage: MakeStage, until: date | None, why: str, said: str, badge: str
) -> None:
    view = firm_view()
    decision = Decision(by="R. Patel", at=NOW, reason=why, until=until)
    rows = tuple(
        replace(row, stored=replace(row.stored, decision=decision)) if row.stored.state is ProposalState.HELD else row
        for row in view.review
    )
    stage = make_stage(replace(view, review=rows))
    stage.window.review.view_box.setCurrentText("On hold")
    stage.go_to("CM-10238")
    assert f"<b>On hold:</b> {said}" in effects(stage)
    flags = next(column for column in stage.window.review.model.columns if column.key == "flags")
    assert flags.text(stage.window.review.model.shown_rows()[0]) == badge


def test_a_flag_is_called_as_on_its_chip_and_then_by_its_whole_name() -> None:
    assert chip_words([Flag.SOR, Flag.BESIDE_UNMATCHED, Flag.WOULD_OVERPAY]) == (
        "overpays (would overpay), one unmatched (beside an unmatched payment), SOR"
    )
    assert chip_words([Flag.NEAR_DOUBLE]) == "≈2x close double", "a name that has the chip's words says both"


def test_where_totals_differ_everywhere_that_is_answered_before_single_rows(make_stage: MakeStage) -> None:
    asked = totals_view()
    stage = make_stage(asked)
    assert "Answer first what the band above the pages asks" in plain_text_of(stage.window.evidence.effects)
    quiet = make_stage(replace(asked, alerts=()))
    assert "Answer first" not in plain_text_of(quiet.window.evidence.effects)


@pytest.mark.parametrize("number", ["CM-10240", "CM-10166"])
def test_the_reason_of_an_unmatched_row_says_each_thing_once_as_in_review(stage: Stage, number: str) -> None:
    page = stage.window.tabs.unmatched
    stage.go_to(number)
    in_review = stage.window.evidence.body.why.text()
    stage.window.tabs.setCurrentWidget(page)
    rows = [row.placement for row in page.model.shown_rows()]
    page.table.go_to(next(i for i, r in enumerate(rows) if r.invoice_number == number and r.xero is not None))
    said = stage.window.evidence.body.why.text()
    assert said == in_review
    lines = said.splitlines()
    assert len(lines) == len(set(lines)) > 1
