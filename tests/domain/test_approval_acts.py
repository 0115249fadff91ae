"""What goes into one approval, and what is approved only together with another row: R16b, R24b, R26."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cmxero_desktop.domain.approving import approval_act, bulk_kinds, next_approval
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.decisions import Action, Allowed, Situation, company_of, may
from cmxero_desktop.domain.freshness import DataAge
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.office import EVERYBODY
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Flag, PaymentValues, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.refusals import Refused, Why
from tests.domain.support import AUD, POLICY, case, judged, snapshot, xero

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
ANN = Person("Ann")
_P = ProposalState


@dataclass(frozen=True)
class Row:
    proposal: Proposal
    state: ProposalState = ProposalState.PROPOSED
    is_released: bool = False
    undo_by: str = ""

    @property
    def yes_by(self) -> tuple[str, ...]:
        return ("Ann",) if self.state is ProposalState.APPROVED else ()


def batched(payment: XeroPayment, batch: str) -> XeroPayment:
    return replace(payment, batch_payment_id=batch)


def one(payment: XeroPayment, *copies: CasePayment, number: int = 0) -> Proposal:
    """Return the one proposal of an invoice, under a fingerprint of its own."""
    (proposal,) = judged(snapshot([payment], copies)).proposals
    return replace(proposal, fingerprint=Fingerprint(f"{number}{proposal.fingerprint}"))


def add(number: int = 0) -> Proposal:
    return one(xero(), number=number)


def link(number: int = 0) -> Proposal:
    return one(xero(), case(), number=number)


def removal(number: int = 0, batch: str = "") -> Proposal:
    return one(batched(xero(deleted=True), batch), case(names="P1"), number=number)


def change(number: int = 0) -> Proposal:
    """Return a change that goes in bulk: it does not lower the amount."""
    copy = add(number)
    return replace(copy, kind=ProposalKind.CHANGE, before=copy.after, fingerprint=Fingerprint(f"change {number}"))


def moved(*proposals: Proposal, move: str = "m-1") -> list[Row]:
    return [Row(replace(proposal, move_id=move)) for proposal in proposals]


def held(row: Row) -> Row:
    return replace(row, proposal=replace(row.proposal, flags=row.proposal.flags | {Flag.OVER_LIMIT}))


def situation(*known: Row) -> Situation:
    return Situation(may_write=True, age=DataAge.FRESH, policy=POLICY, company=company_of(known))


def whys(action: Action, rows: Sequence[Row], *others: Row) -> list[Why | None]:
    answers = may(action, rows, ANN, situation(*rows, *others)).rows
    return [answer.why if isinstance(answer, Refused) else None for answer in answers]


# Which act several rows are


def act(*rows: Row, is_release: bool = False) -> Action | Why:
    given = approval_act(rows, EVERYBODY, is_release=is_release)
    return given.why if isinstance(given, Refused) else given


def test_one_row_is_approved_and_several_of_one_kind_are_bulk() -> None:
    assert act() is Action.APPROVE
    assert act(Row(removal())) is Action.APPROVE
    assert act(Row(add(1)), Row(add(2))) is Action.APPROVE_IN_BULK
    assert act(Row(removal(1)), Row(removal(2))) is Action.APPROVE_IN_BULK, "where each is refused"


def test_several_kinds_are_no_act() -> None:
    given = approval_act([Row(add()), Row(link())], EVERYBODY, is_release=False)
    assert isinstance(given, Refused)
    assert given.why is Why.SEVERAL_KINDS
    assert "one kind after the other: links, then changes, then additions" in given.remedy
    assert act(*moved(add(), removal()), Row(link())) is Why.SEVERAL_KINDS


def test_what_is_approved_already_is_no_part_of_the_count() -> None:
    approved = Row(link(), _P.APPROVED)
    assert act(Row(removal()), approved) is Action.APPROVE
    assert act(Row(add(1)), Row(add(2)), approved) is Action.APPROVE_IN_BULK
    assert whys(Action.APPROVE_IN_BULK, [Row(removal(), _P.APPROVED)]) == [Why.APPROVED_ALREADY]


def test_the_halves_of_one_move_are_one_act() -> None:
    assert act(*moved(add(), removal())) is Action.APPROVE
    assert act(*moved(add(1)), *moved(add(2), move="m-2")) is Action.APPROVE_IN_BULK


def test_the_removals_of_one_deleted_batch_are_one_act() -> None:
    assert act(Row(removal(1, "B1")), Row(removal(2, "B1"))) is Action.APPROVE
    assert act(Row(removal(1, "B1")), Row(removal(2, "B2"))) is Action.APPROVE_IN_BULK
    assert act(Row(removal(1, "B1")), Row(removal(2))) is Action.APPROVE_IN_BULK
    assert act(Row(removal(1, "B1")), Row(one(batched(xero(), "B1"), number=2))) is Why.SEVERAL_KINDS


def test_a_removal_whose_payment_lives_belongs_to_no_deleted_batch() -> None:
    rows = [Row(replace(removal(n, "B1"), replaced=batched(xero(), "B1"))) for n in (1, 2)]
    assert act(*rows) is Action.APPROVE_IN_BULK
    rows = [Row(replace(removal(n), replaced=None)) for n in (1, 2)]
    assert act(*rows) is Action.APPROVE_IN_BULK


def test_a_release_is_of_what_the_limit_holds() -> None:
    rows = [held(Row(removal(1))), held(Row(removal(2)))]
    assert act(*rows, is_release=True) is Action.RELEASE
    assert act(*rows) is Action.APPROVE_IN_BULK
    assert act(Row(add()), is_release=True) is Action.APPROVE
    assert whys(Action.RELEASE, [*rows, Row(removal(3)), Row(add())]) == [None, None, Why.NO_LIMIT, Why.NO_LIMIT]


# What is right only with another row


def test_one_half_of_a_move_is_not_approved_alone() -> None:
    gone, new = moved(removal(), add())
    for half, other in ((gone, new), (new, gone)):
        answer = may(Action.APPROVE, [half], ANN, situation(gone, new)).whole
        assert isinstance(answer, Refused)
        assert answer.why is Why.BOTH_HALVES
        assert str(other.proposal.proposal_id) in answer.reason
        assert other.proposal.invoice_number in answer.reason
    assert whys(Action.APPROVE, [gone, new]) == [None, None]


def test_of_payments_that_change_places_all_are_approved_or_none() -> None:
    rows = moved(removal(1), add(1), removal(2), add(2), move="m4-1")
    assert whys(Action.APPROVE, rows) == [None] * 4
    assert whys(Action.APPROVE, rows[:3], rows[3]) == [Why.ALL_PARTS] * 3
    assert whys(Action.APPROVE, rows[:3]) == [Why.PART_GONE] * 3
    assert act(*rows) is Action.APPROVE
    assert act(held(rows[0]), *rows[1:], is_release=True) is Action.RELEASE
    assert whys(Action.RELEASE, [held(rows[0]), *rows[1:]]) == [None] * 4


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (_P.APPROVED, None),
        (_P.APPLYING, None),
        (_P.APPLIED, None),
        (_P.HELD, Why.BOTH_HALVES),
        (_P.REJECTED, Why.BOTH_HALVES),
        (_P.SUPERSEDED, Why.HALF_GONE),
    ],
)
def test_a_half_follows_one_that_somebody_said_yes_to(state: ProposalState, expected: Why | None) -> None:
    gone, new = moved(removal(), add())
    assert whys(Action.APPROVE, [new], replace(gone, state=state)) == [expected]


def test_a_move_is_refused_whole_where_one_half_is() -> None:
    gone, new = moved(removal(), add())
    blocked = replace(new, proposal=replace(new.proposal, flags=frozenset({Flag.NUMBER_SHARED})))
    assert whys(Action.APPROVE, [gone, blocked]) == [Why.BOTH_HALVES, Why.BLOCKED]
    assert whys(Action.APPROVE, [replace(gone, state=_P.APPROVED), new]) == [Why.APPROVED_ALREADY, None]


def test_a_move_that_the_limit_holds_is_released_whole() -> None:
    gone, new = moved(removal(), add())
    assert act(held(gone), new, is_release=True) is Action.RELEASE
    assert whys(Action.RELEASE, [held(gone), new]) == [None, None]
    assert whys(Action.RELEASE, [held(gone)], new) == [Why.BOTH_HALVES]
    assert whys(Action.APPROVE, [held(gone), new]) == [Why.OVER_LIMIT, Why.BOTH_HALVES]


def test_a_move_never_goes_in_bulk() -> None:
    assert whys(Action.APPROVE_IN_BULK, moved(add(1), add(2))) == [Why.ALONE, Why.ALONE]


def depending(on: Row, number: int = 5) -> Row:
    return Row(replace(add(number), depends_on=(on.proposal.proposal_id,)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [(_P.PROPOSED, Why.DEPENDS), (_P.HELD, Why.DEPENDS), (_P.APPROVED, None), (_P.APPLIED, None)],
)
def test_what_depends_on_a_row_is_approved_after_it(state: ProposalState, expected: Why | None) -> None:
    first = Row(removal(), state)
    assert whys(Action.APPROVE, [depending(first)], first) == [expected]


def test_the_refusal_names_what_to_approve_first() -> None:
    first = Row(removal())
    refusal = may(Action.APPROVE, [depending(first)], ANN, situation(first)).whole
    assert str(refusal) == (
        f"It is right only once {first.proposal.proposal_id}, the removal of 400.00 dated 1 Nov 2026 on CM-100, "
        "is approved. Approve that first, or both together where they are of one kind."
    )
    unknown = may(Action.APPROVE, [depending(first)], ANN, situation()).whole
    assert f"once {first.proposal.proposal_id} is approved" in str(unknown)


def test_what_depends_on_each_other_may_go_together_and_falls_together() -> None:
    first = Row(add(1))
    second = depending(first, 2)
    third = depending(second, 3)
    assert whys(Action.APPROVE_IN_BULK, [third, second, first]) == [None, None, None]
    flagged = replace(first, proposal=replace(first.proposal, flags=frozenset({Flag.TWIN})))
    found = whys(Action.APPROVE_IN_BULK, [third, second, flagged])
    assert found == [Why.DEPENDS, Why.DEPENDS, Why.FLAGGED_ALONE]


# The table of docs/rules.md

TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").split("\n### R26.")[1].split("\n### R27.")[0].splitlines()
    if line.startswith("| ")
][1:]
WAITING, SETTLED = Row(removal(91)), Row(removal(92), _P.APPROVED)
MARKS: dict[str, Callable[[Row], Row]] = {
    "twin": lambda row: changed(row, flags=frozenset({Flag.TWIN})),
    "over_limit": held,
    "approved": lambda row: replace(row, state=_P.APPROVED),
    "5,000.01": lambda row: changed(row, after=replace(_after(row), amount=Money.of("5000.01", AUD))),
    "half of M1": lambda row: changed(row, move_id="M1"),
    "half of M2": lambda row: changed(row, move_id="M2"),
    "after a removal that waits": lambda row: changed(row, depends_on=(WAITING.proposal.proposal_id,)),
    "after a removal that is approved": lambda row: changed(row, depends_on=(SETTLED.proposal.proposal_id,)),
}
WORDS = {
    Why.SEVERAL_KINDS: "no: one kind after the other",
    Why.REMOVAL_ALONE: "no: each alone",
    Why.BOTH_HALVES: "no: both halves together",
    Why.DEPENDS: "no: that one first",
}


def changed(row: Row, **values: object) -> Row:
    return replace(row, proposal=replace(row.proposal, **values))  # type: ignore[arg-type]  # by name


def _after(row: Row) -> PaymentValues:
    assert row.proposal.after is not None
    return row.proposal.after


def chosen(text: str, number: int) -> Row:
    kind, *marks = [word.strip() for word in re.split(r", (?=\D)|, (?=5,)", text)]
    batch = next((mark.removeprefix("batch ") for mark in marks if mark.startswith("batch ")), "")
    made = {"add": add, "remove": lambda n: removal(n, batch), "change": change}[kind](number)
    row = Row(made)
    for mark in marks:
        row = row if mark.startswith("batch ") else MARKS[mark](row)
    return row


def said(rows: Sequence[Row], others: Sequence[Row]) -> str:
    """Say of several rows whether they are one approval, in the words of the table."""
    action = approval_act(rows, EVERYBODY, is_release=any(Flag.OVER_LIMIT in row.proposal.flags for row in rows))
    if isinstance(action, Refused):
        return WORDS[action.why]
    answers = may(action, rows, ANN, situation(*rows, *others)).rows
    refusals = [a.why for a in answers if isinstance(a, Refused) and a.why is not Why.APPROVED_ALREADY]
    if refusals and len(refusals) == len(rows):
        return WORDS[refusals[0]]
    one = {Action.APPROVE: "yes", Action.APPROVE_IN_BULK: "in bulk", Action.RELEASE: "a release"}[action]
    return f"{one}, but for {['none', 'one'][len(refusals)]}" if refusals else one


@pytest.mark.parametrize(("example", "text", "expected"), TABLE, ids=[line[0] for line in TABLE])
def test_r26_the_page_says_what_goes_into_one_approval(example: str, text: str, expected: str) -> None:
    rows = [chosen(part.strip(), number) for number, part in enumerate(text.split(";"), 1)]
    other_half = changed(Row(removal(80)), move_id="M1") if example == "half a move" else None
    others = [WAITING, SETTLED, *([other_half] if other_half is not None else [])]
    assert said(rows, others) == expected


def test_the_page_has_examples() -> None:
    assert len(TABLE) >= 15


# What a yes to ticked rows would be


def test_ticks_of_several_kinds_are_offered_one_kind_at_a_time() -> None:
    rows = [Row(add(1)), Row(removal()), Row(add(2)), Row(change()), Row(link())]
    first = next_approval(rows, ANN, situation(*rows))
    assert first.is_bulk
    assert first.rows == (rows[4],)
    assert first.later == (rows[0], rows[2], rows[3])
    second = next_approval(rows[:4], ANN, situation(*rows))
    assert second.rows == (rows[3],)
    third = next_approval(rows[:3], ANN, situation(*rows))
    assert (third.rows, third.later) == ((rows[0], rows[2]), ())


def test_where_nothing_goes_in_bulk_the_offer_says_why() -> None:
    no_rows: list[Row] = []
    assert isinstance(next_approval(no_rows, ANN, situation()).verdict.whole, Refused)
    alone = next_approval([Row(removal())], ANN, situation())
    assert alone.rows == ()
    assert isinstance(alone.verdict.whole, Refused)
    assert alone.verdict.whole.why is Why.REMOVAL_ALONE


def test_a_whole_is_offered_as_one() -> None:
    halves = moved(removal(), add())
    batch = [Row(removal(1, "B1")), Row(removal(2, "B1"))]
    for rows in (halves, batch):
        found = next_approval(rows, ANN, situation(*rows))
        assert (found.rows, found.verdict.action, found.is_bulk) == (tuple(rows), Action.APPROVE, False)
        assert isinstance(found.verdict.whole, Allowed)
    over = [held(row) for row in batch]
    released = next_approval(over, ANN, situation(*over))
    assert (released.rows, released.verdict.action) == (tuple(over), Action.RELEASE)
    assert next_approval(over[:1], ANN, situation(*over)).rows == ()


def test_what_changes_goes_before_what_is_added() -> None:
    assert BULK_ORDER[-2:] == (ProposalKind.CHANGE, ProposalKind.ADD)
    assert ProposalKind.REMOVE not in BULK_ORDER


# What goes in bulk, as a property of the rows


def test_a_row_is_of_a_kind_in_bulk_or_needs_a_look_whatever_closes_today() -> None:
    flagged = Row(replace(add(3), flags=frozenset({Flag.TWIN})))
    changed = Row(add(4), ProposalState.STALE)
    rows = [Row(add(1)), Row(removal()), flagged, Row(link()), changed, Row(change())]
    closed = replace(situation(*rows), may_write=False, totals="Totals differ.", in_doubt="Put back.")
    expected = (ProposalKind.ADD, None, None, ProposalKind.LINK, None, ProposalKind.CHANGE)
    assert bulk_kinds(rows, situation(*rows)) == bulk_kinds(rows, closed) == expected
