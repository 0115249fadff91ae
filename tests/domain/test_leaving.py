"""When a row leaves its list: by itself on a day, or once something has happened."""

from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.leaving import when_row_leaves, when_skipped_leaves, when_unmatched_leaves
from cmxero_desktop.domain.placements import Bucket, Placement, Reason
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.words_of_rules import REASON_WORDS
from tests.domain.support import case, nov, run, snapshot, xero

SKIPPED = Placement(bucket=Bucket.SKIPPED, invoice_number="CM-1", rule=Rule.R5, explanation="Why.")
(ADD,) = run(snapshot([xero("a", "10.00", nov(1))])).proposals


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_has_to_happen(reason: Reason) -> None:
    """What cannot be changed says it in full: there are several ways for it to leave."""
    said = when_skipped_leaves(replace(SKIPPED, reason=reason))
    is_fixed = reason in {Reason.JOURNALLED, Reason.MULTI_INVOICE}
    assert said.startswith("When Xero has an equal") if is_fixed else said == REASON_WORDS[reason].leaves


def test_a_day_is_said_as_a_day() -> None:
    dated = replace(SKIPPED, reason=Reason.FUTURE_DATED, ready_on=date(2026, 12, 7))
    assert when_skipped_leaves(dated) == "On 7 Dec 2026, by itself."
    assert when_skipped_leaves(SKIPPED) == ""


def test_a_hold_ends_on_its_day_or_when_it_is_put_back() -> None:
    assert (
        when_row_leaves(ADD, ProposalState.HELD, date(2026, 12, 2))
        == "On 2 Dec 2026, by itself, or sooner when it is put back or its facts change."
    )
    assert when_row_leaves(ADD, ProposalState.HELD, None) == "When it is put back or its facts change."


def test_what_blocks_is_named_all_of_it_and_only_while_somebody_could_say_yes() -> None:
    blocked = replace(ADD, flags=frozenset({Flag.WOULD_OVERPAY, Flag.COPIED_TWICE, Flag.TWIN}))
    said = (
        "When it is rejected or on hold, or its facts change. It can be approved when the balance can take it, and "
        "when the second copy is gone."
    )
    assert when_row_leaves(blocked, ProposalState.PROPOSED, None) == said
    assert when_row_leaves(blocked, ProposalState.FAILED, None).endswith("when the second copy is gone.")
    assert when_row_leaves(blocked, ProposalState.APPROVED, None) == (
        "When it is applied, put back, rejected or on hold, or its facts change."
    )


def test_every_open_state_says_something_and_what_is_done_nothing() -> None:
    silent = {state for state in ProposalState if not when_row_leaves(ADD, state, None)}
    assert silent == {ProposalState.APPLIED, ProposalState.UNDONE, ProposalState.SUPERSEDED}
    assert "rejected" in when_row_leaves(ADD, ProposalState.PROPOSED, None)


def test_a_row_beside_what_may_be_its_money_names_the_way_that_is_open() -> None:
    """What cannot be approved leaves by Same payment, never by an addition; what is locked is not called the same."""
    beside = replace(ADD, near=(replace(case(), invoice_id=ADD.case_invoice_id),))
    blocked = replace(beside, flags=frozenset({Flag.WOULD_OVERPAY}))
    said = when_row_leaves(blocked, ProposalState.PROPOSED, None)
    assert said.startswith("When you say which payment is the same (Same payment), it is rejected or on hold, or")
    assert "approved," not in said
    place = replace(SKIPPED, bucket=Bucket.UNMATCHED, rule=Rule.R12, xero=ADD.xero)
    same = "hen the change that Same payment makes is applied"
    assert when_unmatched_leaves(place, blocked, ProposalState.PROPOSED).startswith(f"W{same}, when Case Manager has")
    both = when_unmatched_leaves(place, beside, ProposalState.PROPOSED)
    assert both.startswith(f"When the proposed addition is applied, w{same}, when Case Manager has")
    locked = replace(blocked, near=tuple(replace(payment, is_journalled=True) for payment in blocked.near))
    assert when_row_leaves(locked, ProposalState.PROPOSED, None).startswith("When it is rejected or on hold")
