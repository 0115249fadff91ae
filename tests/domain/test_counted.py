"""What is counted invoice by invoice is what counting everything gives, whichever of them changed meanwhile."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.cleanup import clean_up, left_on
from cmxero_desktop.domain.completeness import Judged, PaymentsCounted, completeness_of
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.tie_out import MoneyCounted, tie_out
from tests.domain.generated import Situation, situations, thoroughly
from tests.domain.support import POLICY, TODAY, run

FIRMS = st.lists(st.tuples(situations(), situations(), st.sampled_from(["whole", "lost", "doubled"])), max_size=3)


def _judged(invented: Situation, policy: Policy, rows: str = "whole") -> Judged:
    """Return an invoice as it is found, or as a fault would have it: with a row lost, or with one twice."""
    found = run(invented.facts, policy)
    placements = {
        "whole": found.placements,
        "lost": found.placements[1:],
        "doubled": (*found.placements, *found.placements[:1]),
    }
    return invented.facts, replace(found, placements=placements[rows])


@thoroughly
@given(FIRMS, st.data())
def test_what_is_counted_anew_where_it_changed_is_what_everything_comes_to(
    firm: list[tuple[Situation, Situation, str]], data: st.DataObject
) -> None:
    policy = firm[0][0].policy if firm else POLICY
    before = [_judged(one, policy, rows) for one, _, rows in firm]
    changed = [data.draw(st.booleans()) for _ in firm]
    after = [
        _judged(other, policy, rows) if is_changed else old
        for (_, other, rows), old, is_changed in zip(firm, before, changed, strict=True)
    ]
    payments, money = PaymentsCounted(policy), MoneyCounted(policy)
    for each in before:
        payments.count(*each)
        money.count(*each)
    for old, new in zip(before, after, strict=True):
        for each, by in ((old, -1), (new, 1)):
            payments.count(*each, by)
            money.count(*each, by)
    assert payments.told(after) == completeness_of(after, policy)
    assert money.statement == tie_out(after, policy)


@thoroughly
@given(st.lists(situations(), max_size=3))
def test_the_old_leftovers_of_a_firm_are_those_of_its_invoices(firm: list[Situation]) -> None:
    policy = firm[0].policy if firm else POLICY
    judged = [_judged(one, policy) for one in firm]
    assert sum(left_on(*each, policy, TODAY) for each in judged) == clean_up(judged, (), policy, TODAY).left
