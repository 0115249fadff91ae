"""R24a over the whole firm: in what way totals differ, how that is said, and what acceptance takes for granted."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from cmxero_desktop.domain.correlation.debtors import debtor_test
from cmxero_desktop.domain.correlation.sketches import Sketched
from cmxero_desktop.domain.firm_totals import TotalsCause, TotalsFinding, accepted_gap, find_totals, is_same_total
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.policy import AcceptedShape
from cmxero_desktop.domain.records import CaseInvoice, XeroInvoice
from cmxero_desktop.domain.ways import in_terminal, in_window
from tests.domain.support import POLICY, aud, snapshot

Pair = tuple[XeroInvoice | None, CaseInvoice]


def pair(here: str, there: str | None, *, key: int = 1, adjustments: str = "0", mapped: bool = True) -> Pair:
    """Return an invoice with a total here, and one in Xero; None is one of which Xero's figures are not known."""
    facts = snapshot([], [])
    assert facts.xero_invoice is not None
    assert facts.case_invoice is not None
    case = replace(
        facts.case_invoice,
        invoice_id=CaseInvoiceId(key),
        total=aud(here),
        adjustments=aud(adjustments),
        are_adjustments_known=mapped,
    )
    return (replace(facts.xero_invoice, total=aud(there)) if there is not None else None), case


def firm(*ratios: str) -> list[Pair]:
    """Return a firm of invoices over different sums, Xero's total being so many times Case Manager's."""
    sums = [Decimal(100 + 7 * place) for place in range(len(ratios))]
    return [
        pair(str(here), str((here * Decimal(ratio)).quantize(Decimal("0.01"))), key=place)
        for place, (here, ratio) in enumerate(zip(sums, ratios, strict=True))
    ]


def found(pairs: Sequence[Pair]) -> TotalsFinding:
    finding = find_totals(pairs, POLICY)
    assert finding is not None
    return finding


WITHOUT_10 = str(1 / Decimal("1.1"))
SHAPES = [
    pytest.param(["1.1"] * 10, TotalsCause.TAX, "Xero's is 10 % above, as where Case Manager's", id="10 %"),
    pytest.param(["1.15"] * 10, TotalsCause.TAX, "Xero's is 15 % above", id="15 %"),
    pytest.param(["1.2"] * 10, TotalsCause.TAX, "Xero's is 20 % above", id="20 %"),
    pytest.param(
        [WITHOUT_10] * 10, TotalsCause.TAX, "Case Manager's is 10 % above, as where Xero's", id="here with tax"
    ),
    pytest.param(["1.1"] * 8 + ["1.3", "1"], TotalsCause.TAX, "9 of 10 invoices", id="most of them"),
    pytest.param(["1.125"] * 10, TotalsCause.STEADY, "Xero's is about 12.5 % above, on nearly all", id="another rate"),
    pytest.param(["1.01", "1.3", "1.2", "1.07", "1.4"], TotalsCause.VARYING, "Xero's is the higher one", id="above"),
    pytest.param(["0.9", "0.7", "0.8", "0.6", "0.97"], TotalsCause.VARYING, "Case Manager's is the higher", id="below"),
    pytest.param(["0.9", "1.3", "0.8", "1.4"], TotalsCause.MIXED, "Case Manager, without a pattern.", id="mixed"),
]


@pytest.mark.parametrize(("ratios", "cause", "words"), SHAPES)
def test_r24a_how_totals_differ(ratios: list[str], cause: TotalsCause, words: str) -> None:
    finding = found(firm(*ratios))
    assert finding.cause is cause
    assert words in str(finding)
    assert finding.next_step.endswith("Until then no addition goes in bulk.")
    assert "accept that it is so (Accept…)" in in_window(finding.next_step), "said beside that very button"


def test_r24a_a_total_of_nothing_has_no_ratio() -> None:
    pairs = [pair("0", "110", key=key) for key in range(5)]
    assert found(pairs).cause is TotalsCause.MIXED
    assert not accepted_gap(*_known(pairs[0]), replace(POLICY, accepted_totals=found(pairs).shape))


def _known(one: Pair) -> tuple[XeroInvoice, CaseInvoice]:
    xero, case = one
    assert xero is not None
    return xero, case


@pytest.mark.parametrize(
    ("odd", "of", "expected"), [(3, 60, False), (4, 60, True), (2, 2, False), (3, 3, True), (5, 100, False)]
)
def test_r24a_more_than_one_in_twenty_and_more_than_two(odd: int, of: int, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    finding = find_totals(firm(*["1.1"] * odd, *["1"] * (of - odd)), POLICY)
    assert (finding is not None) is expected


def test_r24a_what_an_adjustment_lowered_here_and_an_edit_in_xero_is_the_same_total() -> None:
    assert is_same_total(*_known(pair("1000", "900", adjustments="-100")), POLICY)
    assert not is_same_total(*_known(pair("1000", "900", adjustments="100")), POLICY)
    assert is_same_total(*_known(pair("1000", "1000.05")), POLICY)
    assert not is_same_total(*_known(pair("1000", "1000.06")), POLICY)


def test_r24a_figures_that_are_not_known_count_as_differing() -> None:
    pairs = [pair("1000", None, key=key) for key in range(3)] + [pair("1000", "1000", key=9)]
    finding = found(pairs)
    assert (finding.cause, finding.unknown, finding.concerned) == (TotalsCause.UNKNOWN, 3, 3)
    assert str(finding) == (
        "What is owed cannot be compared on 3 of 4 invoices: Xero's own figures of them are not known yet."
    )
    assert in_terminal(finding.next_step).startswith("Compare everything (cmxero poll --full), or accept that it is so")


def test_r24a_both_are_said_where_totals_differ_and_adjustments_are_not_mapped() -> None:
    finding = found([pair("1000", "1100", key=key, mapped=False) for key in range(4)])
    assert (finding.cause, finding.concerned) == (TotalsCause.TAX, 4)
    assert "4 of 4 invoices have another total" in str(finding)
    assert "the mapping does not name adjustments and refunds" in str(finding)
    assert finding.next_step.startswith(
        "Let the mapping name the total with tax and let the mapping name adjustments and refunds, or accept"
    )
    assert finding.shape.has_unknown


def test_r24a_another_currency_is_not_compared() -> None:
    foreign = []
    for key in range(5):
        xero, case = _known(pair("1000", "1100", key=key))
        foreign.append((replace(xero, total=replace(xero.total, currency="USD")), case))
    assert find_totals(foreign, POLICY) is None


TAX = found(firm(*["1.1"] * 20, *["1"] * 20))
OTHERS = [
    pytest.param(TAX, True, id="the same"),
    pytest.param(found(firm(*["1.1"] * 22, *["1"] * 18)), True, id="a few more"),
    pytest.param(found(firm(*["1.1"] * 3, *["1"] * 20)), True, id="fewer"),
    pytest.param(found(firm(*["1.1"] * 23, *["1"] * 17)), False, id="many more"),
    pytest.param(found(firm(*["1.15"] * 20, *["1"] * 20)), False, id="another tax"),
    pytest.param(found(firm(*[WITHOUT_10] * 20, *["1"] * 20)), False, id="the other way round"),
    pytest.param(found(firm(*["1.1"] * 10, *["1.3"] * 10, *["1"] * 20)), False, id="another shape"),
    pytest.param(replace(TAX, unknown=5), False, id="more that is not known"),
    pytest.param(replace(TAX, are_adjustments_known=False), False, id="no longer mapped"),
]


@pytest.mark.parametrize(("now", "expected"), OTHERS)
def test_r24a_what_was_accepted_covers_what_is_about_the_same(now: TotalsFinding, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert TAX.covers(now) is expected


def test_r24a_a_wider_range_is_something_else() -> None:
    varying = found(firm("1.01", "1.1", "1.2", "1.07", "1.05"))
    wider = found(firm("1.01", "1.1", "1.2", "1.57", "1.95"))
    assert (varying.cause, wider.cause) == (TotalsCause.VARYING, TotalsCause.VARYING)
    assert varying.covers(varying)
    assert not varying.covers(wider)


GAPS = [
    pytest.param("1000", "1100", 10000, id="as accepted"),
    pytest.param("1000", "1100.04", 10004, id="rounded"),
    pytest.param("1000", "1000", 0, id="the same total"),
    pytest.param("1000", "1150", 0, id="another ratio"),
    pytest.param("1000", "900", 0, id="the other way"),
]


@pytest.mark.parametrize(("here", "there", "expected"), GAPS)
def test_r24a_only_what_differs_as_accepted_is_explained(here: str, there: str, expected: int) -> None:
    xero, case = _known(pair(here, there))
    accepted = replace(POLICY, accepted_totals=AcceptedShape(low=Decimal("1.1"), high=Decimal("1.1")))
    assert accepted_gap(xero, case, accepted) == -expected
    assert accepted_gap(xero, case, POLICY) == 0


def test_r24a_the_debtor_test_takes_for_granted_what_was_accepted() -> None:
    xero, case = _known(pair("1000", "1100"))
    facts = replace(snapshot([], []), xero_invoice=xero, case_invoice=case)
    accepted = replace(POLICY, accepted_totals=TAX.shape)
    assert not debtor_test(Sketched(snapshot=facts), (), (), POLICY).holds(POLICY)
    assert debtor_test(Sketched(snapshot=facts), (), (), accepted).holds(accepted)
    unmapped = replace(facts, case_invoice=replace(case, are_adjustments_known=False))
    assert not debtor_test(Sketched(snapshot=unmapped), (), (), accepted).holds(accepted)
    unknown = replace(POLICY, accepted_totals=replace(TAX.shape, has_unknown=True))
    assert debtor_test(Sketched(snapshot=unmapped), (), (), unknown).holds(unknown)
