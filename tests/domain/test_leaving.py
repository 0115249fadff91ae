"""When a row leaves its list: by itself on a day, or once something has happened."""

from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.leaving import when_row_leaves, when_skipped_leaves
from cmxero_desktop.domain.placements import Bucket, Placement, Reason
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.words_of_rules import REASON_WORDS
from tests.domain.support import nov, run, snapshot, xero

SKIPPED = Placement(bucket=Bucket.SKIPPED, invoice_number="CM-1", rule=Rule.R5, explanation="Why.")
(ADD,) = run(snapshot([xero("a", "10.00", nov(1))])).proposals


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_has_to_happen(reason: Reason) -> None:
    assert when_skipped_leaves(replace(SKIPPED, reason=reason)) == REASON_WORDS[reason].leaves


def test_a_day_is_said_as_a_day() -> None:
    dated = replace(SKIPPED, reason=Reason.FUTURE_DATED, ready_on=date(2026, 12, 7))
    assert when_skipped_leaves(dated) == "On 7 Dec 2026, by itself."
    assert when_skipped_leaves(SKIPPED) == ""


def test_a_hold_ends_on_its_day_or_when_it_is_put_back() -> None:
    assert (
        when_row_leaves(ADD, ProposalState.HELD, date(2026, 12, 2))
        == "On 2 Dec 2026, by itself, or when it is put back."
    )
    assert when_row_leaves(ADD, ProposalState.HELD, None) == "When it is put back."


def test_what_blocks_is_named_all_of_it_and_only_while_somebody_could_say_yes() -> None:
    blocked = replace(ADD, flags=frozenset({Flag.WOULD_OVERPAY, Flag.COPIED_TWICE, Flag.TWIN}))
    said = "It can be approved when the balance can take it, and when the second copy is gone."
    assert when_row_leaves(blocked, ProposalState.PROPOSED, None) == said
    assert when_row_leaves(blocked, ProposalState.FAILED, None) == said
    assert when_row_leaves(blocked, ProposalState.APPROVED, None) == "When it is applied."


def test_every_open_state_says_something_and_what_is_done_nothing() -> None:
    silent = {state for state in ProposalState if not when_row_leaves(ADD, state, None)}
    assert silent == {ProposalState.APPLIED, ProposalState.UNDONE, ProposalState.SUPERSEDED}
    assert "rejected" in when_row_leaves(ADD, ProposalState.PROPOSED, None)
