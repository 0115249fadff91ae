"""The worked examples at the end of docs/rules.md, each as it is printed there."""

import pytest

from tests.domain.support import case, nov, only, run, snapshot, xero
from tests.domain.worked_examples import HEADING, PAGE, Example, examples, proposed, stands

P1 = xero("P1")
GONE = xero("P1", deleted=True)
P2_450 = xero("P2", "450", minute=1)

EXAMPLES = tuple(examples(PAGE.read_text(encoding="utf-8")))
_FEWEST = 25


def test_the_table_has_rows_of_different_names() -> None:
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES) >= _FEWEST


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_worked_example(example: Example) -> None:
    found = run(example.facts)
    assert stands(found) == example.stands
    assert proposed(found) == example.proposed


@pytest.mark.parametrize(
    ("xero_side", "case_side"),
    [
        ("P1 400", "nothing"),
        ("P1 400 on 1, maybe", "nothing"),
        ("nothing", "C1 400 on 1, sealed"),
        ("nothing", "cash 4"),
    ],
)
def test_a_word_that_nobody_knows_fails(xero_side: str, case_side: str) -> None:
    titles = "| name | Xero | Case Manager | stands | proposed |"
    page = f"\n{HEADING}\n\n{titles}\n| x | {xero_side} | {case_side} | nothing | nothing |\n"
    with pytest.raises(ValueError, match="nobody knows"):
        list(examples(page))


def test_beyond_the_limit_names_the_first_day_it_is_accepted() -> None:
    (row,) = run(snapshot([xero(paid_on=nov(28))])).placements
    assert row.ready_on == nov(23)


def test_near_double_names_the_payment_on_both_rows() -> None:
    copy = case(amount="399.50")
    found = run(snapshot([P1], [copy]))
    assert only(found).near == (copy,)
    near = {placement.near_case or placement.near_xero for placement in found.placements}
    assert near == {(copy.payment_id,), (P1.payment_id,)}


def test_edit_keeps_the_key_and_takes_over_the_name() -> None:
    change = only(run(snapshot([GONE, P2_450], [case(names="P1")])))
    assert change.case is not None
    assert change.after is not None
    assert change.case.payment_id.value == 1
    assert change.after.notes == "Xero payment P2"
