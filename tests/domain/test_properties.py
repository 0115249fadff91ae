"""What must hold for every invoice: one place for each payment, all money explained, and an end to proposing."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import assume, given
from hypothesis import strategies as st

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.placements import Bucket, Correlation
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import NO_DECISIONS, InvoiceSnapshot
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.tie_out import tie_out
from tests.domain.generated import Situation, situations, thoroughly
from tests.domain.support import AUD, applied, run

T = TypeVar("T")


@thoroughly
@given(situations(), st.randoms(use_true_random=False))
def test_input_order_changes_nothing(invented: Situation, order: Random) -> None:
    facts = invented.facts

    def shuffled(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(order.sample(items, len(items)))

    other = replace(
        facts,
        xero_payments=shuffled(facts.xero_payments),
        case_payments=shuffled(facts.case_payments),
        named_elsewhere=dict(shuffled(tuple(facts.named_elsewhere.items()))),
        unreadable=shuffled(facts.unreadable),
    )
    assert run(other, invented.policy) == run(facts, invented.policy)


@thoroughly
@given(situations())
def test_every_payment_in_scope_has_exactly_one_place(invented: Situation) -> None:
    facts, found = invented.facts, run(invented.facts, invented.policy)
    start = invented.policy.start_date
    placed_xero = Counter(p.xero.payment_id for p in found.placements if p.xero and p.xero.is_live)
    placed_case = Counter(p.case.payment_id for p in found.placements if p.case)
    live = {p.payment_id for p in facts.xero_payments if p.is_live and p.payment_type == "ACCRECPAYMENT"}
    copies = {p.payment_id for p in facts.case_payments} if facts.case_invoice else set()
    assert set(placed_xero) <= live
    assert set(placed_case) <= copies
    assert {*placed_xero.values(), *placed_case.values()} <= {1}
    assert len(live) + len(copies) == len(placed_xero) + len(placed_case) + found.out_of_scope
    if start is None:
        assert found.out_of_scope == 0
    recent = {p.payment_id for p in facts.case_payments if facts.case_invoice and start and p.paid_on >= start}
    assert recent <= set(placed_case)


@thoroughly
@given(situations())
def test_rows_and_proposals_refer_to_each_other(invented: Situation) -> None:
    found = run(invented.facts, invented.policy)
    named = {p.fingerprint for p in found.placements} - {None}
    fingerprints = [p.fingerprint for p in found.proposals]
    assert named == set(fingerprints)
    assert len(fingerprints) == len(set(fingerprints))
    assert len({p.row_id for p in found.placements}) == len(found.placements)


@thoroughly
@given(situations())
def test_the_statement_is_explained_to_the_cent(invented: Situation) -> None:
    found = run(invented.facts, invented.policy)
    statement = tie_out([(invented.facts, found)], invented.policy)
    explained = total((line.amount for line in statement.lines), AUD)
    assert str(statement.difference) == "0.00"
    assert statement.is_explained
    assert statement.xero_total + explained == statement.case_manager_total


@thoroughly
@given(situations(), st.data())
def test_the_statement_shows_a_row_that_was_lost_or_doubled(invented: Situation, data: st.DataObject) -> None:
    found = run(invented.facts, invented.policy)
    money = [p for p in found.placements if _counts(p.xero_amount) or _counts(p.case_amount)]
    assume(money)
    row = data.draw(st.sampled_from(money))
    lost = replace(found, placements=tuple(p for p in found.placements if p is not row))
    doubled = replace(found, placements=(*found.placements, row))
    for wrong in (lost, doubled):
        assert not tie_out([(invented.facts, wrong)], invented.policy).is_explained


def _counts(amount: Money | None) -> bool:
    return amount is not None and amount.currency == AUD


def _approvable(found: Correlation, wanted: frozenset[ProposalKind] = frozenset(ProposalKind)) -> Correlation:
    return replace(found, proposals=tuple(p for p in found.proposals if not p.blocking_flags and p.kind in wanted))


def _undecided(invented: Situation) -> InvoiceSnapshot:
    said = invented.facts.decisions
    return replace(invented.facts, decisions=replace(NO_DECISIONS, memory=said.memory, apart=said.apart))


@thoroughly
@given(situations())
def test_applying_conserves_money(invented: Situation) -> None:
    """Afterwards the case side differs from Xero by what is skipped, unmatched or blocked, and nothing else."""
    facts = _undecided(invented)
    assume(facts.case_invoice is not None)
    found = run(facts, invented.policy)
    changes = _approvable(found).proposals
    after = applied(facts, changes)
    written = total((p.effect for p in changes), AUD)
    before_total = total((p.amount for p in facts.case_payments), AUD)
    after_total = total((p.amount for p in after.case_payments), AUD)
    assert after_total == before_total + written
    again = run(after, invented.policy)
    statement = tie_out([(after, again)], invented.policy)
    assert statement.is_explained
    if all(p.bucket is Bucket.MATCHED for p in again.placements):
        assert statement.xero_total == statement.case_manager_total


@thoroughly
@given(situations())
def test_after_applying_everything_nothing_new_is_proposed(invented: Situation) -> None:
    """R32: after at most three rounds nothing is left that could be approved."""
    facts = _undecided(invented)
    assume(facts.case_invoice is not None)
    for _ in range(3):
        facts = applied(facts, _approvable(run(facts, invented.policy)).proposals)
    again = run(facts, invented.policy)
    assert all(p.blocking_flags for p in again.proposals)


@thoroughly
@given(situations(oddities=False))
def test_a_copy_that_was_made_is_matched_from_then_on(invented: Situation) -> None:
    found = _approvable(run(invented.facts, invented.policy), frozenset({ProposalKind.ADD, ProposalKind.LINK}))
    again = run(applied(invented.facts, found.proposals), invented.policy)
    linked = {p.xero.payment_id.lower() for p in again.placements if p.rule == Rule.R7 and p.xero}
    listed = linked | {payment_id.lower() for payment_id in again.hidden_xero}
    assert {p.xero.payment_id.lower() for p in found.proposals if p.xero} <= listed


@thoroughly
@given(situations())
def test_what_was_declined_is_still_the_same_proposal(invented: Situation) -> None:
    """R31: the fingerprint does not depend on decisions, so a stored refusal is found again."""
    facts = _undecided(invented)
    found = run(facts, invented.policy)
    every = frozenset(p.fingerprint for p in found.proposals)
    declined = replace(facts, decisions=replace(facts.decisions, declined=every))
    assert {p.fingerprint for p in run(declined, invented.policy).proposals} == every


@thoroughly
@given(situations())
def test_a_pair_that_a_person_ended_comes_back_by_its_name_alone(invented: Situation) -> None:
    """R7a: neither value, memory, sum nor an earlier link forms it again; what Notes name is not ours to part."""
    found = run(invented.facts, invented.policy)
    apart = {(x.lower(), c) for x, c in invented.facts.decisions.apart}
    by_name = {Rule.R7, Rule.R14, Rule.R6}
    matched = {
        (p.xero.payment_id.lower(), p.case.payment_id)
        for p in found.placements
        if p.xero and p.case and p.xero.is_live and p.bucket is Bucket.MATCHED and p.rule not in by_name
    }
    accepted = {
        (x.payment_id.lower(), c.payment_id) for p in found.proposals for x in p.accepted for c in p.accepted_as
    }
    assert apart.isdisjoint(matched | accepted)


@thoroughly
@given(situations())
def test_the_balance_is_never_used_twice(invented: Situation) -> None:
    """R24: what can be approved, one after the other, never pushes the balance below zero by itself."""
    facts = _undecided(invented)
    found = run(facts, invented.policy)
    for proposal in _approvable(found).proposals:
        before, after = proposal.balance_before, proposal.balance_after
        assert before is not None
        assert after is not None
        assert before - proposal.effect == after
        assert after.minor >= min(before.minor, 0)
