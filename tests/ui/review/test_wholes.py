"""What is approved in one act although it never goes in bulk: a move, a deleted batch, a release (R16b, R26, R27)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from cmxero_desktop.domain.decisions import company_of
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.sheets.whole_sheet import WholeSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, C, X, day, results_of, snapshot, stored_of, view_of

ACME, TAC = "Acme Insurance", "TAC"


def stage_of(
    make_stage: MakeStage, *, state: ProposalState = ProposalState.PROPOSED, flags: Sequence[Flag] = ()
) -> Stage:
    """Show one move from CM-101 to CM-102, and a deleted batch on CM-201 and CM-202 with these flags."""
    facts = (
        snapshot(
            "CM-101",
            ACME,
            "4471 Lee, J",
            "250.00",
            [X(name="a1", amount="250.00", on=day(2), is_deleted=True)],
            [C(number=1, amount="250.00", on=day(2), xero="a1")],
        ),
        snapshot("CM-102", ACME, "4472 Lee, K", "250.00", [X(name="a2", amount="250.00", on=day(2))]),
        *(
            snapshot(
                f"CM-{number}",
                TAC,
                "4288 Brown, T",
                amount,
                [X(name=f"b{number}", amount=amount, on=day(3), is_deleted=True, batch="B-1")],
                [C(number=number, amount=amount, on=day(3), xero=f"b{number}")],
            )
            for number, amount in ((201, "120.00"), (202, "80.50"))
        ),
    )
    results = results_of(facts)
    stored = stored_of(results, lambda number: state if number == "CM-101" else ProposalState.PROPOSED)
    return make_stage(view_of(results, [_flagged(row, flags) for row in stored]))


def _flagged(row: StoredProposal, flags: Sequence[Flag]) -> StoredProposal:
    is_batch = row.proposal.invoice_number.startswith("CM-2")
    return replace(row, proposal=replace(row.proposal, flags=frozenset(flags))) if is_batch else row


def words(stage: Stage) -> str:
    sheet = stage.sheet()
    return " ".join([sheet.windowTitle(), *(part.text() for part in sheet.findChildren(QLabel))])


@pytest.mark.parametrize("number", ["CM-101", "CM-102"])
def test_a_move_is_approved_from_either_half_after_one_question(make_stage: MakeStage, number: str) -> None:
    stage = stage_of(make_stage)
    stage.go_to(number)
    pane = stage.window.evidence
    other = {"CM-101": "Add 250.00 dated 2 Nov 2026 to CM-102", "CM-102": "Remove 250.00 dated 2 Nov 2026 from CM-101"}
    assert f"The other half: {other[number]}. Both are approved together." in pane.body.why.text()
    assert pane.approve_button.text() == "&Approve move…"
    pane.approve_button.click()
    assert stage.sheet().windowTitle() == "Move 250.00 from CM-101 to CM-102?"
    assert "Case Manager's total stays the same - Acme Insurance" in words(stage)
    assert stage.fake.calls == []
    stage.press("Approve move")
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-101", "CM-102"), "J. Wu", "")]


def test_ticking_both_halves_offers_the_move(make_stage: MakeStage) -> None:
    stage = stage_of(make_stage)
    stage.tick("CM-101", "CM-102")
    button = stage.window.review.bar.approve_button
    assert (button.text(), button.isEnabled()) == ("A&pprove move of 250.00…", True)
    button.click()
    stage.press("Cancel")
    stage.settle()
    assert stage.fake.calls == []


def circle_of(make_stage: MakeStage) -> Stage:
    """Show two invoices on each of which the other one's copy stands."""
    one = snapshot(
        "CM-301",
        ACME,
        "4473 Lee, J",
        "100.00",
        [X(name="c1", amount="60.00", on=day(2))],
        [C(number=1, amount="50.00", on=day(2), xero="c2")],
    )
    other = snapshot(
        "CM-302",
        ACME,
        "4474 Lee, K",
        "100.00",
        [X(name="c2", amount="50.00", on=day(2))],
        [C(number=2, amount="60.00", on=day(2), xero="c1")],
    )
    named = {p.payment_id: p for fact in (one, other) for p in fact.xero_payments}
    results = results_of(tuple(replace(fact, named_elsewhere=named) for fact in (one, other)))
    return make_stage(view_of(results, stored_of(results, lambda _: ProposalState.PROPOSED)))


def test_payments_that_change_places_are_one_act(make_stage: MakeStage) -> None:
    stage = circle_of(make_stage)
    stage.go_to("CM-301")
    pane = stage.window.evidence
    said = pane.body.why.text()
    assert "It is one part of a move in which several payments change places. With it go: " in said
    assert "Add 50.00 dated 2 Nov 2026 to CM-302" in said
    pane.approve_button.click()
    assert stage.sheet().windowTitle() == "Move 2 payments, 110.00 in all, between CM-301 and CM-302?"
    assert "each needs the room that another one leaves" in words(stage)
    assert "Case Manager's total stays the same" in words(stage)
    stage.press("Approve move")
    stage.settle()
    (call,) = stage.fake.calls
    assert len(call[1]) == 4  # type: ignore[arg-type]  # the ids


def test_a_half_whose_other_half_was_rejected_stays_closed(make_stage: MakeStage) -> None:
    stage = stage_of(make_stage, state=ProposalState.REJECTED)
    stage.go_to("CM-102")
    button = stage.window.evidence.approve_button
    assert (button.isVisible(), button.isEnabled()) == (True, False)
    assert "It is one half of a move. The other half is p-" in button.toolTip()


def test_a_deleted_batch_is_one_sheet_with_total_and_payer(make_stage: MakeStage) -> None:
    stage = stage_of(make_stage, flags=[Flag.RESETTLED])
    stage.go_to("CM-201")
    said = stage.window.evidence.body.why.text()
    assert "Xero deleted it with a batch: 2 removals, 200.50 in all." in said
    stage.tick("CM-201", "CM-202")
    bar = stage.window.review.bar
    assert bar.approve_button.text() == "A&pprove 2 removals - Case Manager -200.50…"
    bar.approve_button.click()
    sheet = stage.sheet()
    assert isinstance(sheet, WholeSheet)
    assert sheet.windowTitle() == "Approve 2 removals, 200.50 in all?"
    assert sheet.sums.text() == "2 payments, 200.50 in all - TAC"
    assert [row.stored.proposal.invoice_number for row in sheet.rows] == ["CM-201", "CM-202"]
    assert sheet.cancel.isDefault()
    stage.press("Approve 2 removals")
    stage.settle()
    assert stage.fake.calls == [("approve", stage.ids("CM-201", "CM-202"), "J. Wu", "")]


def test_what_the_limit_holds_is_released_in_one_act_with_a_reason(make_stage: MakeStage) -> None:
    stage = stage_of(make_stage, flags=[Flag.OVER_LIMIT])
    said = "Held: 2 removals in one check are 4.00 % of the 50 imported payments."
    alert = Alert(
        key="removal-limit", kind=AlertKind.REMOVAL_LIMIT, rule=Rule.R27, explanation=said, next_step="", raised_at=NOW
    )
    stage.fake.desk_view = replace(stage.fake.desk_view, alerts=(alert,))
    stage.window.desk.refresh()
    stage.settle()
    stage.go_to("CM-201")
    assert "To release all 2 in one act, tick them" in stage.window.evidence.effects.text()
    stage.tick("CM-201", "CM-202")
    bar = stage.window.review.bar
    assert bar.approve_button.text() == "Re&lease 2 removals - Case Manager -200.50…"
    bar.approve_button.click()
    # Which limit, by how much, and that the yes is for these rows alone.
    assert f"{said} A safety limit holds these 2 rows: approving here lifts it for these 2 rows only." in words(stage)
    stage.type_reason("the batch was paid twice")
    stage.press("Release from the limit: approve 2 removals")
    stage.settle()
    ids = stage.ids("CM-201", "CM-202")
    assert stage.fake.calls == [("approve", ids, "J. Wu", "the batch was paid twice")]


def test_what_depends_on_a_row_says_so_and_opens_after_it(make_stage: MakeStage) -> None:
    stage = stage_of(make_stage)
    view = stage.fake.desk_view
    first, second = (row.stored for row in view.review if row.stored.proposal.invoice_number.startswith("CM-2"))
    bound = replace(second, proposal=replace(second.proposal, depends_on=(first.proposal_id,)))
    review = tuple(replace(row, stored=bound) if row.stored is second else row for row in view.review)
    stage = make_stage(replace(view, review=review, company=company_of([first, bound])))
    stage.go_to("CM-202")
    pane = stage.window.evidence
    assert (pane.approve_button.isVisible(), pane.approve_button.isEnabled()) == (True, False)
    assert f"It is right only once {first.proposal_id}, the removal of 120.00" in pane.body.why.text()


def test_the_line_above_says_what_goes_together_and_what_alone(make_stage: MakeStage) -> None:
    """Whoever is told that each row is decided alone does not look for the button that takes all of them."""
    head = stage_of(make_stage).window.review.heads[0]
    assert head.effect.text() == (
        "the parts of a move go together; 2 that Xero deleted with their batch can go together, once ticked"
    )
    held = stage_of(make_stage, flags=[Flag.OVER_LIMIT]).window.review.heads[0]
    assert held.effect.text() == (
        "2 held by the limit can be released together, once ticked; the parts of a move go together"
    )
    assert make_stage().window.review.heads[0].effect.text() == (
        "each is decided alone; what differs between the two lines is tinted"
    )
