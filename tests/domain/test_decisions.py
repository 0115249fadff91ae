"""What may be decided: one table of states, and the circumstances that close an act or a row."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cmxero_desktop.domain.choices import link_choices, linkable
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.decisions import Action, Allowed, Need, Situation, approval_of, may, may_link
from cmxero_desktop.domain.freshness import DataAge, data_age
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.people import EVERY_RIGHT, Person, Right
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.proposals import LEGAL_MOVES, Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.refusals import Nature, Refused, Why, refused
from tests.domain.support import POLICY, TODAY, case, nov, snapshot, xero

ANN = Person("Ann")
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
INTERVAL = timedelta(minutes=10)


@dataclass(frozen=True)
class Row:
    proposal: Proposal
    state: ProposalState = ProposalState.PROPOSED
    is_released: bool = False
    undo_by: str = ""

    @property
    def yes_by(self) -> tuple[str, ...]:
        return ("Ann",) if self.state is ProposalState.APPROVED else ()


def judged(facts: InvoiceSnapshot) -> Correlation:
    return judge([facts], POLICY, TODAY).correlations[facts.number]


ADD = judged(snapshot([xero()])).proposals[0]
NEAR = judged(snapshot([xero()], [case(amount="400.50")])).proposals[0]
REMOVE = judged(snapshot([xero(deleted=True)], [case(names="P1")])).proposals[0]
SITUATION = Situation(
    may_write=True, age=DataAge.FRESH, policy=POLICY, standing=frozenset(p.fingerprint for p in (ADD, NEAR, REMOVE))
)


def flagged(proposal: Proposal, *flags: Flag) -> Proposal:
    return replace(proposal, flags=frozenset(flags))


def answer(action: Action, row: Row, situation: Situation = SITUATION, person: Person = ANN) -> Allowed | Refused:
    return may(action, [row], person, situation).whole


def why(action: Action, row: Row, situation: Situation = SITUATION, person: Person = ANN) -> Why | None:
    given = answer(action, row, situation, person)
    return given.why if isinstance(given, Refused) else None


# In the order of the states; "-" is allowed.
TABLE = {
    ProposalState.PROPOSED: "- - - waits not_approved not_applied",
    ProposalState.APPROVED: "approved_already - - - - not_applied",
    ProposalState.APPLYING: "being_written being_written being_written being_written being_written being_written",
    ProposalState.APPLIED: "applied applied applied applied applied_already -",
    ProposalState.UNDONE: "undone undone undone - undone undone_already",
    ProposalState.HELD: "- held_already - - on_hold not_applied",
    ProposalState.REJECTED: "rejected rejected rejected_already - rejected not_applied",
    ProposalState.STALE: "changed changed changed changed changed not_applied",
    ProposalState.FAILED: "- - - - not_approved not_applied",
    ProposalState.SUPERSEDED: "replaced replaced replaced replaced replaced not_applied",
}
COLUMNS = (Action.APPROVE, Action.HOLD, Action.REJECT, Action.PUT_BACK, Action.APPLY, Action.UNDO)


@pytest.mark.parametrize("state", list(ProposalState))
def test_what_each_state_allows(state: ProposalState) -> None:
    found = [why(action, Row(ADD, state)) for action in COLUMNS]
    assert " ".join(reason.value if reason else "-" for reason in found) == TABLE[state]


@pytest.mark.parametrize("state", list(ProposalState))
def test_what_is_allowed_is_a_legal_move(state: ProposalState) -> None:
    moves = {
        Action.APPROVE: ProposalState.APPROVED,
        Action.APPROVE_IN_BULK: ProposalState.APPROVED,
        Action.HOLD: ProposalState.HELD,
        Action.REJECT: ProposalState.REJECTED,
        Action.PUT_BACK: ProposalState.PROPOSED,
        Action.APPLY: ProposalState.APPLYING,
        Action.UNDO: ProposalState.UNDONE,
    }
    for action, wanted in moves.items():
        assert why(action, Row(ADD, state)) or wanted in LEGAL_MOVES[state]
    held = Row(flagged(REMOVE, Flag.OVER_LIMIT), state)
    assert why(Action.RELEASE, held) or ProposalState.APPROVED in LEGAL_MOVES[state]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", list(ProposalState))
@pytest.mark.parametrize("proposal", [ADD, NEAR, REMOVE, flagged(REMOVE, Flag.OVER_LIMIT)])
def test_every_question_has_an_answer_in_words(action: Action, state: ProposalState, proposal: Proposal) -> None:
    given = answer(action, Row(proposal, state))
    if isinstance(given, Refused):
        assert given.reason.endswith(".")
        assert "{" not in str(given)


@pytest.mark.parametrize("reason", list(Why))
def test_every_reason_has_words(reason: Why) -> None:
    refusal = refused(reason, "this")
    assert refusal.reason.endswith(".")
    assert str(refusal) == f"{refusal.reason} {refusal.remedy}".strip()


@pytest.mark.parametrize("action", list(Action))
def test_observe_writes_and_binds_nothing_but_takes_a_no(action: Action) -> None:
    observe = replace(SITUATION, may_write=False)
    is_open = isinstance(may(action, (), ANN, observe).act, Allowed)
    nos = {Action.HOLD, Action.REJECT, Action.PUT_BACK}
    assert is_open == (action in nos | {Action.EXPLAIN, Action.NOTE, Action.RENUMBER, Action.SCHEDULE})
    row = Row(ADD, ProposalState.FAILED)
    assert (why(action, row, observe) is Why.OBSERVE) == (not is_open)


@pytest.mark.parametrize("action", list(Action))
def test_each_act_needs_its_right(action: Action) -> None:
    closed = {right for right in Right if _is_closed(action, Person("Bob", EVERY_RIGHT - {right}))}
    assert len(closed) == 1
    act = may(action, (), Person("Bob", frozenset()), SITUATION).act
    assert isinstance(act, Refused)
    assert act.reason == "Bob may not do this."


def _is_closed(action: Action, person: Person) -> bool:
    return isinstance(may(action, (), person, SITUATION).act, Refused)


@pytest.mark.parametrize(
    ("age", "reason"),
    [(DataAge.OLD, Why.TOO_OLD), (DataAge.NEVER, Why.NEVER_CHECKED), (DataAge.AHEAD, Why.CLOCK_CHANGED)],
)
@pytest.mark.parametrize("action", list(Action))
def test_old_data_closes_apply_and_nothing_else(action: Action, age: DataAge, reason: Why) -> None:
    act = may(action, (), ANN, replace(SITUATION, age=age)).act
    assert (isinstance(act, Refused) and act.why is reason) == (action is Action.APPLY)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), DataAge.FRESH),
        (2 * INTERVAL, DataAge.FRESH),
        (2 * INTERVAL + timedelta(seconds=1), DataAge.OLD),
        (-timedelta(minutes=2), DataAge.FRESH),
        (-timedelta(minutes=2, seconds=1), DataAge.AHEAD),
    ],
)
def test_data_is_fresh_for_two_intervals(age: timedelta, expected: DataAge) -> None:
    assert data_age(NOW - age, NOW, INTERVAL) is expected
    assert data_age(None, NOW, INTERVAL) is DataAge.NEVER


@pytest.mark.parametrize("action", list(Action))
def test_nothing_is_decided_while_a_write_is_open(action: Action) -> None:
    busy = replace(SITUATION, busy=frozenset({ADD.fingerprint}))
    assert why(action, Row(ADD, ProposalState.APPLIED), busy) is Why.BEING_WRITTEN


@pytest.mark.parametrize("state", [ProposalState.REJECTED, ProposalState.UNDONE])
def test_what_was_declined_comes_back_only_while_the_facts_stand(state: ProposalState) -> None:
    assert why(Action.PUT_BACK, Row(ADD, state)) is None
    assert why(Action.PUT_BACK, Row(ADD, state), replace(SITUATION, standing=frozenset())) is Why.REPLACED
    assert why(Action.PUT_BACK, Row(ADD, ProposalState.HELD), replace(SITUATION, standing=frozenset())) is None


@pytest.mark.parametrize("action", [Action.APPROVE, Action.APPROVE_IN_BULK, Action.RELEASE])
@pytest.mark.parametrize("state", [ProposalState.PROPOSED, ProposalState.APPROVED])
def test_an_overpayment_is_never_approved(action: Action, state: ProposalState) -> None:
    row = Row(flagged(ADD, Flag.WOULD_OVERPAY), state)
    is_flagged = action is Action.APPROVE_IN_BULK and state is ProposalState.PROPOSED
    expected = Why.FLAGGED_ALONE if is_flagged else Why.WOULD_OVERPAY
    assert why(action, row) is expected


def test_a_removal_over_the_limit_is_released_not_approved() -> None:
    held = Row(flagged(REMOVE, Flag.OVER_LIMIT))
    assert approval_of(held) is Action.RELEASE
    assert why(Action.APPROVE, held) is Why.OVER_LIMIT
    assert answer(Action.RELEASE, held) == Allowed(frozenset({Need.REASON}))
    released = replace(held, is_released=True)
    assert approval_of(released) is Action.APPROVE
    assert why(Action.APPROVE, released) is None
    assert why(Action.RELEASE, released) is Why.NO_LIMIT
    assert why(Action.APPLY, replace(held, state=ProposalState.APPROVED)) is Why.OVER_LIMIT
    assert why(Action.APPLY, replace(released, state=ProposalState.APPROVED)) is None


def test_a_look_is_needed_where_bulk_is_closed() -> None:
    assert answer(Action.APPROVE, Row(ADD)) == Allowed()
    for proposal in (REMOVE, NEAR):
        assert answer(Action.APPROVE, Row(proposal)) == Allowed(frozenset({Need.LOOK}))


def test_bulk_takes_what_waits_and_carries_nothing() -> None:
    rows = [
        Row(ADD),
        Row(ADD, ProposalState.FAILED),
        Row(ADD, ProposalState.HELD),
        Row(REMOVE),
        Row(NEAR),
        Row(ADD, ProposalState.APPROVED),
    ]
    given = may(Action.APPROVE_IN_BULK, rows, ANN, SITUATION)
    assert [row.why if isinstance(row, Refused) else None for row in given.rows] == [
        None,
        None,
        Why.ON_HOLD,
        Why.REMOVAL_ALONE,
        Why.FLAGGED_ALONE,
        Why.APPROVED_ALREADY,
    ]
    assert given.whole == Allowed()
    assert refused(Why.FLAGGED_ALONE, "x").nature is Nature.HELD_BACK


@pytest.mark.parametrize(
    ("action", "rows", "expected"),
    [
        (Action.APPROVE_IN_BULK, [], Why.NOTHING_CHOSEN),
        (Action.APPROVE_IN_BULK, [Row(REMOVE), Row(REMOVE)], Why.REMOVAL_ALONE),
        (Action.APPROVE_IN_BULK, [Row(REMOVE), Row(NEAR)], Why.EACH_ALONE),
        (Action.APPROVE_IN_BULK, [Row(REMOVE), Row(ADD, ProposalState.STALE)], Why.NONE_OF_THEM),
        (Action.UNDO, [Row(ADD), Row(ADD, ProposalState.UNDONE)], Why.NONE_OF_THEM),
    ],
)
def test_one_answer_for_all_rows(action: Action, rows: list[Row], expected: Why) -> None:
    whole = may(action, rows, ANN, SITUATION).whole
    assert isinstance(whole, Refused)
    assert whole.why is expected


def test_an_addition_is_linked_to_a_close_payment_that_is_not_locked() -> None:
    key = NEAR.near[0].payment_id
    assert may_link(Row(NEAR), key, ANN, SITUATION) == Allowed(frozenset({Need.LOOK}))
    assert why(Action.LINK, Row(ADD)) is Why.NO_CLOSE_PAYMENT
    assert why(Action.LINK, Row(REMOVE)) is Why.NO_CLOSE_PAYMENT
    assert linkable(NEAR, None) == NEAR.near
    assert _why_not_linked(Row(NEAR), CasePaymentId(77)) is Why.NOT_CLOSE
    assert _why_not_linked(Row(NEAR, ProposalState.REJECTED), key) is Why.REJECTED


def test_a_payment_of_another_invoice_is_not_linked() -> None:
    elsewhere = replace(NEAR.near[0], invoice_id=CaseInvoiceId(77))
    row = Row(replace(NEAR, near=(elsewhere,)))
    assert linkable(row.proposal, POLICY) == linkable(row.proposal, None) == ()
    assert _why_not_linked(row, elsewhere.payment_id) is Why.NO_CLOSE_PAYMENT


def test_any_unmatched_payment_of_the_invoice_is_a_choice_and_the_closest_comes_first() -> None:
    far, fee, near = case(1, "90", nov(20)), case(2, "397.50"), case(3, paid_on=nov(3))
    waits = case(4, "7", names="P0")
    instalment = xero(account="SOR Clearing")
    facts = snapshot([instalment, xero("P0", "7", deleted=True)], [far, fee, near, waits])
    add = next(p for p in judged(facts).proposals if p.xero_payment_id == "P1")
    assert waits in add.near
    assert linkable(add, POLICY) == (near, fee, far)
    assert linkable(add, None) == (near, fee, far)
    assert _why_not_linked(Row(add), waits.payment_id) is Why.NOT_CLOSE
    elsewhere = replace(near, invoice_id=CaseInvoiceId(7))
    assert linkable(replace(add, near=(elsewhere,)), POLICY) == ()
    assert linkable(replace(add, xero=None), POLICY) == ()


def test_what_cannot_be_changed_can_only_be_accepted_and_only_with_equal_amounts() -> None:
    locked, lower = case(1, paid_on=nov(9), journalled=True), case(2, "390", journalled=True)
    spread, free = case(3, paid_on=nov(9), group=True), case(4, paid_on=nov(9))
    add = replace(NEAR, near=(locked, lower, spread, free))
    assert {c.payment for c in link_choices(add, POLICY) if c.is_fixed and c.is_open} == {locked, spread}
    assert linkable(add, POLICY) == (free,)
    assert link_choices(replace(add, xero=None), POLICY) == ()


def test_r23_each_choice_says_how_far_it_is_from_xeros_payment() -> None:
    far, fee, locked = case(1, "90", nov(20)), case(2, "397.50"), case(3, paid_on=nov(2), journalled=True)
    facts = snapshot([xero(account="SOR Clearing")], [far, fee, locked])
    add = next(p for p in judged(facts).proposals if p.kind is ProposalKind.ADD)
    found = link_choices(add, POLICY)
    assert {choice.payment.payment_id: (*choice.apart, choice.is_fixed, choice.is_open) for choice in found} == {
        fee.payment_id: ("2.50 less", "same day", False, True),
        locked.payment_id: ("equal", "1 day later", True, True),
        far.payment_id: ("310.00 less", "19 days later", False, True),
    }
    assert link_choices(replace(add, near=(case(4, "410", nov(1), journalled=True),)), POLICY)[0].is_open is False
    earlier = link_choices(replace(add, near=(case(5, "410", date(2026, 10, 30)),)), POLICY)[0]
    assert earlier.apart == ("10.00 more", "2 days earlier")
    assert link_choices(replace(add, xero=None), POLICY) == ()


def test_r19b_where_a_row_holds_several_payments_each_is_compared_with_each_and_the_nearest_pair_comes_first() -> None:
    here = [xero("P1", "500", nov(1)), xero("P2", "300", nov(2))]
    there = [case(1, "290", nov(2)), case(2, "510", nov(1))]
    (accept,) = judged(snapshot(here, there)).proposals
    assert accept.kind is ProposalKind.ACCEPT
    found = [
        (choice.xero.payment_id, choice.payment.payment_id.value, choice.apart)
        for choice in link_choices(accept, POLICY)
    ]
    assert found[:2] == [("P1", 2, ("10.00 more", "same day")), ("P2", 1, ("10.00 less", "same day"))]
    assert len(found) == 4


def test_a_locked_close_payment_is_not_linked_and_the_next_one_is_offered() -> None:
    locked = replace(NEAR.near[0], is_journalled=True)
    spread = replace(NEAR.near[0], payment_id=CasePaymentId(78), is_multi_invoice=True)
    free = replace(NEAR.near[0], payment_id=CasePaymentId(79))
    row = Row(replace(NEAR, near=(locked, spread, free)))
    assert linkable(row.proposal, POLICY) == (free,)
    assert _why_not_linked(row, locked.payment_id) is Why.LOCKED
    assert _why_not_linked(row, free.payment_id) is None
    alone = Row(replace(NEAR, near=(locked,)))
    assert why(Action.LINK, alone) is Why.LOCKED
    assert _why_not_linked(alone, locked.payment_id) is Why.LOCKED


def _why_not_linked(row: Row, key: CasePaymentId) -> Why | None:
    given = may_link(row, key, ANN, SITUATION)
    return given.why if isinstance(given, Refused) else None


def test_what_would_count_twice_is_approved_by_nobody_and_says_why() -> None:
    locked = case(names="P1", journalled=True)
    facts = snapshot([xero(deleted=True), xero(payment_id="P2", amount="450.00")], [locked])
    (add,) = judged(facts).proposals
    assert Flag.JOURNALLED_COUNTERPART in add.flags
    for action in (Action.APPROVE, Action.RELEASE):
        refusal = answer(action, Row(add))
        assert isinstance(refusal, Refused)
        assert refusal.why is Why.BLOCKED
        assert "400.00" in refusal.reason


def test_all_that_closes_an_act_is_named_and_the_first_to_mend_comes_first() -> None:
    closed = replace(SITUATION, may_write=False, is_away=True, age=DataAge.OLD)
    act = may(Action.APPLY, (), ANN, closed).act
    assert isinstance(act, Refused)
    assert [one.why for one in act.each] == [Why.AWAY, Why.TOO_OLD, Why.OBSERVE]
    said = str(act)
    assert said.startswith("First: Case Manager cannot be reached, so nothing can be written. ")
    places = [said.index(words) for words in ("cannot be reached", "Then: The data is too old", "The mode is Observe")]
    assert places == sorted(places)


@pytest.mark.parametrize("action", list(Action))
def test_case_manager_away_closes_what_writes_to_it_and_nothing_else(action: Action) -> None:
    is_closed = isinstance(may(action, (), ANN, replace(SITUATION, is_away=True)).act, Refused)
    assert is_closed == (action in {Action.APPLY, Action.UNDO})


def test_a_row_that_nobody_may_approve_names_every_cause_of_it() -> None:
    row = Row(flagged(ADD, Flag.COPIED_TWICE, Flag.NUMBER_SHARED, Flag.WOULD_OVERPAY))
    refusal = answer(Action.APPROVE, row)
    assert isinstance(refusal, Refused)
    assert [one.why for one in refusal.each] == [Why.BLOCKED, Why.BLOCKED, Why.WOULD_OVERPAY]
    assert "copied_twice" in str(refusal)
    assert "number_shared" in str(refusal)
    assert "would overpay" in str(refusal)
