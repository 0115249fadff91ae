"""Completeness is counted from the facts: whatever the rows lose, double or invent shows by name."""

from dataclasses import replace

from hypothesis import given, settings

from cmxero_desktop.domain.completeness import Completeness, completeness_of
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.records import InvoiceSnapshot, Side
from cmxero_desktop.domain.tie_out import tie_out
from tests.domain.generated import Situation, situations
from tests.domain.support import POLICY, case, nov, run, snapshot, unreadable, xero


def _whole(facts: InvoiceSnapshot, found: Correlation) -> Completeness:
    return completeness_of([(facts, found)], POLICY)


FACTS = snapshot(
    [xero("P1"), xero("P2", "300", nov(2)), xero("P3", deleted=True)],
    [case(1, names="P1"), case(2, "250", nov(3))],
    unreadable=[unreadable(Side.XERO), unreadable(Side.CASE_MANAGER, "row 9")],
)


def test_every_payment_of_both_sides_is_counted() -> None:
    whole = _whole(FACTS, run(FACTS))
    assert whole.is_whole
    assert (whole.xero.facts, whole.case_manager.facts) == (3, 3)
    assert (whole.xero.matched, whole.xero.unmatched, whole.xero.skipped) == (1, 0, 2)


def test_an_invoice_without_any_row_is_named_payment_by_payment() -> None:
    whole = _whole(FACTS, Correlation())
    assert not whole.is_whole
    assert whole.xero.missing == ("P1", "P2", "row 3")
    assert whole.case_manager.missing == ("1", "2", "row 9")


def test_a_row_that_stands_twice_and_one_of_no_payment_are_named() -> None:
    found = run(FACTS)
    doubled = replace(found, placements=(*found.placements, found.placements[0]))
    rows = {_whole(FACTS, doubled).xero.double, _whole(FACTS, doubled).case_manager.double}
    assert rows != {()}
    stranger = run(snapshot([xero("P9")], [case(7, names="P9")]))
    whole = _whole(FACTS, replace(found, placements=(*found.placements, *stranger.placements)))
    assert (whole.xero.strange, whole.case_manager.strange) == (("P9",), ("7",))
    assert not whole.is_whole


@settings(max_examples=300, deadline=None)
@given(situations())
def test_correlation_is_whole_whatever_the_invoice(invented: Situation) -> None:
    found = run(invented.facts, invented.policy)
    assert completeness_of([(invented.facts, found)], invented.policy).is_whole


@settings(max_examples=300, deadline=None)
@given(situations())
def test_the_statement_leads_from_the_number_on_one_side_to_the_number_on_the_other(invented: Situation) -> None:
    """As the amounts do: whoever adds up the lines by eye must come to what Case Manager has."""
    found = run(invented.facts, invented.policy)
    whole = completeness_of([(invented.facts, found)], invented.policy)
    lines = tie_out([(invented.facts, found)], invented.policy).lines
    assert whole.xero.facts + sum(line.added for line in lines) == whole.case_manager.facts
