"""Scope and matching: R1 to R11, one table for each rule with its ambiguous edges."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.records import CasePayment, Side, XeroPayment
from cmxero_desktop.domain.scope import is_cm_invoice
from tests.domain.support import (
    POLICY,
    case,
    changes,
    nov,
    rows,
    run,
    snapshot,
    unreadable,
    without_case_invoice,
    xero,
)

START = replace(POLICY, start_date=nov(10))


@pytest.mark.parametrize(
    ("number", "is_ours"),
    [("CM-100", True), ("CM-", True), ("cm-100", False), ("CM100", False), (" CM-100", False), ("", False)],
)
def test_r1_prefix(number: str, is_ours: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_cm_invoice(number, POLICY) is is_ours


@pytest.mark.parametrize("kind", ["ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ACCPAYPAYMENT"])
def test_r2_other_kinds_of_payment_are_not_there(kind: str) -> None:
    found = run(snapshot([xero(payment_type=kind)]))
    assert found.placements == ()
    assert found.out_of_scope == 0


def test_r2_a_credit_note_with_our_prefix_is_not_there() -> None:
    refund = replace(xero(), invoice_type="ACCRECCREDIT")
    assert run(snapshot([refund])).placements == ()


def test_r2_a_copy_of_a_refund_is_left_alone() -> None:
    found = run(snapshot([xero(payment_type="ARCREDITPAYMENT")], [case(names="P1")]))
    assert rows(found) == {"unmatched =1 R20"}
    assert "refund" in found.placements[0].explanation
    assert changes(found) == set()


@pytest.mark.parametrize(
    "how",
    [{"account_name": "Business cheque a/c"}, {"batch_payment_id": "B9"}, {"is_bank_reconciled": True}],
    ids=["by the bank", "in a batch", "bank reconciled"],
)
def test_r3_how_the_money_came_does_not_matter(how: dict[str, str | bool]) -> None:
    payment = replace(xero(), **how)  # type: ignore[arg-type] # the fields have two types
    found, as_entered = run(snapshot([payment], [case()])), run(snapshot([xero()], [case()]))
    assert rows(found) == rows(as_entered)
    assert changes(found) == changes(as_entered)


def test_r4_no_invoice_in_case_manager() -> None:
    facts = snapshot([xero(), xero("P2", deleted=True)], [case()], unreadable=[unreadable(Side.XERO)])
    found = run(without_case_invoice(facts))
    assert rows(found) == {"skipped P1= NO_INVOICE R4", "skipped =row 3 UNREADABLE R30"}
    assert found.proposals == ()


R5 = [
    pytest.param([xero(paid_on=nov(9))], [case(paid_on=nov(9))], set(), 2, id="both before"),
    pytest.param([xero(paid_on=nov(10))], [], {"unmatched P1= R12"}, 0, id="on the day"),
    pytest.param([xero(paid_on=nov(9), deleted=True)], [], set(), 0, id="deleted before counts for nothing"),
    pytest.param(
        [xero(paid_on=nov(9))],
        [case(paid_on=nov(10))],
        {"unmatched =1 R19", "unmatched P1= R19b"},
        0,
        id="by hand, split",
    ),
    pytest.param(
        [xero(paid_on=nov(9))],
        [case(paid_on=nov(10), names="P1")],
        {"unmatched P1= R14", "unmatched =1 R14"},
        0,
        id="copy later than its original",
    ),
    pytest.param(
        [xero(paid_on=nov(10))],
        [case(paid_on=nov(9), names="P1")],
        {"unmatched P1= R14", "unmatched =1 R14"},
        0,
        id="original later than its copy",
    ),
    pytest.param(
        [xero(paid_on=nov(10), deleted=True), xero("P2", paid_on=nov(12), minute=1)],
        [case(paid_on=nov(9), names="P1")],
        {"unmatched P2= R16", "unmatched =1 R16"},
        0,
        id="deleted original later than its copy",
    ),
    pytest.param(
        [xero(paid_on=nov(9))],
        [case(1, paid_on=nov(9), names="P1"), case(2, paid_on=nov(10), names="P1")],
        {"unmatched =2 R20a"},
        2,
        id="a second copy later than both",
    ),
]


@pytest.mark.parametrize(("xero_side", "case_side", "expected", "left_out"), R5)
def test_r5_start_date(
    xero_side: list[XeroPayment], case_side: list[CasePayment], expected: set[str], left_out: int
) -> None:
    found = run(snapshot(xero_side, case_side), START)
    assert rows(found) == expected
    assert found.out_of_scope == left_out


def test_r5_an_addition_is_compared_with_what_stands_just_before_the_start() -> None:
    """Else an edit that moves a payment over the start date would count its money twice, without a word."""
    moved = [xero("P1", paid_on=nov(9), deleted=True), xero("P2", paid_on=nov(10), minute=1)]
    found = changes(run(snapshot(moved, [case(paid_on=nov(9), names="P1")]), START))
    assert found == {"change P2=1 400.00 before_start"}
    assert changes(run(snapshot(moved[1:], [case(paid_on=nov(9))]), START)) == {"accept P2=1 400.00"}


def test_r5_what_has_an_equal_before_the_start_is_no_leftover() -> None:
    monthly = [xero("P1", paid_on=nov(9)), xero("P2", paid_on=nov(10))]
    assert changes(run(snapshot(monthly, [case(paid_on=nov(9))]), START)) == {"add P2 400.00 twin"}


def test_r5_a_person_can_link_what_stands_before_the_start() -> None:
    facts = snapshot([xero(paid_on=nov(10))], [case(paid_on=nov(9))], links=[("P1", 1)])
    assert changes(run(facts, START)) == {"change P1=1 400.00 before_start"}


@pytest.mark.parametrize(
    ("case_side", "expected"),
    [
        ([], {"skipped P1= CURRENCY R6"}),
        ([case(names="P1")], {"skipped P1=1 CURRENCY R6"}),
        ([case(names="P1"), case(2, names="p1")], {"skipped P1=1 CURRENCY R6", "unmatched =2 R20"}),
        ([case()], {"skipped P1= CURRENCY R6", "unmatched =1 R19"}),
    ],
)
def test_r6_another_currency(case_side: list[CasePayment], expected: set[str]) -> None:
    found = run(snapshot([xero(currency="NZD")], case_side))
    assert rows(found) == expected
    assert found.proposals == ()


def test_r6_beside_payments_in_our_currency() -> None:
    found = run(snapshot([xero("P1", currency="NZD"), xero("P2")], [case(names="P2")]))
    assert rows(found) == {"skipped P1= CURRENCY R6", "matched P2=1 R7"}


def test_r6_never_takes_the_copy_of_an_id_that_differs_only_by_case() -> None:
    found = run(snapshot([xero("ab1", currency="NZD"), xero("AB1")], [case(names="ab1")]))
    assert rows(found) == {"skipped ab1= CURRENCY R6", "matched AB1=1 R7"}


EDGES = [
    pytest.param([xero("AB1")], [case(names="ab1")], {"matched AB1=1 R7"}, id="R7 case of the id"),
    pytest.param(
        [xero("AB1"), xero("ab1")],
        [case(names="ab1")],
        {"matched AB1=1 R7", "unmatched ab1= R12"},
        id="R7 two ids that differ by case share no copy",
    ),
    pytest.param(
        [xero("AB1", "300"), xero("ab1")],
        [case(names="ab1")],
        {"matched ab1=1 R7", "unmatched AB1= R12"},
        id="R7 of the two, the equal one",
    ),
    pytest.param([xero()], [case(names="P1", journalled=True)], {"matched P1=1 R7"}, id="R7 even where it is locked"),
    pytest.param(
        [xero()],
        [case(1, names="P1"), case(2, names="P1")],
        {"matched P1=1 R7", "unmatched =2 R20a"},
        id="R7 two copies of one id: the lowest key",
    ),
    pytest.param(
        [xero()],
        [case(1, "300", names="P1"), case(2, names="P1")],
        {"matched P1=2 R7", "unmatched =1 R20a"},
        id="R7 two copies of one id: the equal one",
    ),
    pytest.param(
        [xero()],
        [
            case(1, "300", names="P1", journalled=True),
            case(2, "200", names="P1", group=True),
            case(3, "100", names="P1"),
        ],
        {"skipped P1=1 JOURNALLED R17", "skipped =2 MULTI_INVOICE R18", "unmatched =3 R20a"},
        id="R14 of three copies the lowest key",
    ),
    pytest.param(
        [xero()],
        [case(1, "300", names="P1", journalled=True), case(2, "200", names="P1", group=True)],
        {"skipped P1=1 JOURNALLED R17", "skipped =2 MULTI_INVOICE R18"},
        id="R17 none can be changed: the lowest key",
    ),
    pytest.param(
        [xero(), xero("P2")],
        [case(1, names="P1"), case(2, names="P1")],
        {"matched P1=1 R7", "unmatched P2= R12", "unmatched =2 R20a"},
        id="R8 a second copy of one id is nobody else's",
    ),
    pytest.param(
        [xero()], [case(names="E1")], {"unmatched P1= R12", "unmatched =1 R20"}, id="R8 names one nobody asked for"
    ),
    pytest.param([xero()], [case(notes="Xero payment")], {"matched P1=1 R8"}, id="R8 names none"),
    pytest.param(
        [xero("P1", deleted=True), xero("P2")], [case(names="P1")], {"matched P2=1 R8"}, id="R8 names a deleted one"
    ),
    pytest.param([xero()], [case(group=True, notes="Xero payment")], {"matched P1=1 R9"}, id="R9 imported"),
    pytest.param([xero()], [case(journalled=True)], {"matched P1=1 R10"}, id="R10"),
    pytest.param(
        [xero()], [case(journalled=True, group=True)], {"matched P1=1 R10"}, id="R10 journalled and multi-invoice"
    ),
    pytest.param([xero(amount="0")], [case(amount="0")], {"matched P1=1 R8"}, id="R8 nothing at all"),
    pytest.param(
        [xero(amount="9999999999999.99")],
        [case(amount="9999999999999.99", names="P1")],
        {"matched P1=1 R7"},
        id="R7 a huge sum",
    ),
]


@pytest.mark.parametrize(("xero_side", "case_side", "expected"), EDGES)
def test_r7_to_r10(xero_side: list[XeroPayment], case_side: list[CasePayment], expected: set[str]) -> None:
    assert rows(run(snapshot(xero_side, case_side))) == expected


def test_r8_names_one_that_is_alive_on_another_invoice() -> None:
    elsewhere = [xero("E1", invoice_id="INV-200")]
    assert rows(run(snapshot([xero()], [case(names="E1")], elsewhere=elsewhere))) == {
        "unmatched P1= R12",
        "unmatched =1 R7",
    }
    found = run(snapshot([], [case(names="E1")], elsewhere=elsewhere))
    assert rows(found) == {"unmatched =1 R7"}
    assert "CM-100" in found.placements[0].explanation


@pytest.mark.parametrize("group", [True, False])
def test_r10_where_journals_do_not_lock(group: bool) -> None:  # noqa: FBT001 - a column of the table
    policy = replace(POLICY, is_journalled_locked=False)
    found = run(snapshot([xero()], [case(journalled=True, group=group)]), policy)
    assert rows(found) == {"matched P1=1 R9" if group else "matched P1=1 R8"}


# From the last that R11 takes to the first; keys fall as the rank rises, so that no key order gives the result.
RANKED = [
    case(1, journalled=True),
    case(2, group=True),
    case(3),
    case(4, reference="A"),
    case(5, notes="Xero payment"),
    case(6, names="P1"),
]


@pytest.mark.parametrize("best", range(1, 7))
def test_r11_order_among_equals(best: int) -> None:
    found = run(snapshot([xero(reference="A")], RANKED[:best]))
    matched = {str(p.case.payment_id) for p in found.placements if p.matched_how and p.case}
    assert matched == {str(best)}


def test_r11_imported_but_locked_ranks_with_the_locked() -> None:
    copies = [case(1, notes="Xero payment", journalled=True), case(2, notes="Xero payment", group=True), case(3)]
    assert "matched P1=3 R8" in rows(run(snapshot([xero()], copies)))
    assert "matched P1=2 R9" in rows(run(snapshot([xero()], copies[:2])))


def test_r11_the_reference_decides_before_the_order_of_payments() -> None:
    """P1 comes first, but the payment that carries P2's reference stays for P2."""
    found = run(snapshot([xero("P1"), xero("P2", reference="A")], [case(1, reference=" A")]))
    assert rows(found) == {"matched P2=1 R8", "unmatched P1= R12"}


def test_r11_blank_references_prove_nothing() -> None:
    found = run(snapshot([xero("P1", reference=" "), xero("P2")], [case(1), case(2, reference=" ")]))
    assert rows(found) == {"matched P1=1 R8", "matched P2=2 R8"}


@pytest.mark.parametrize("key", [10, "A"])
def test_r11_the_lowest_key_counts_as_a_number_and_before_text(key: int | str) -> None:
    assert "matched P1=9 R8" in rows(run(snapshot([xero()], [case(key), case(9)])))


def test_r11_text_keys_are_ordered() -> None:
    assert "matched P1=A R8" in rows(run(snapshot([xero()], [case("B"), case("A")])))


@pytest.mark.parametrize(("in_xero", "in_case_manager"), [(1, 3), (3, 1), (3, 2), (4, 4), (0, 2), (40, 37)])
def test_r11_twins_pair_one_to_one(in_xero: int, in_case_manager: int) -> None:
    payments = [xero(f"P{n:02}") for n in range(in_xero)]
    found = run(snapshot(payments, [case(n) for n in range(in_case_manager)], invoice_total="90000"))
    kinds = [p.bucket.value for p in found.placements]
    pairs = min(in_xero, in_case_manager)
    assert kinds.count("matched") == pairs
    assert kinds.count("unmatched") == in_xero + in_case_manager - 2 * pairs
    assert sum("twin" in line for line in changes(found)) == (in_xero - pairs if pairs else 0)


def test_matched_rows_say_how() -> None:
    facts = snapshot(
        [xero(f"P{n}", str(n)) for n in range(1, 6)],
        [
            case(1, "1", names="P1"),
            case(2, "2"),
            case(3, "3", notes="Xero payment"),
            case(4, "4", group=True),
            case(5, "5", journalled=True),
        ],
    )
    found = [(p.matched_how.value if p.matched_how else "", bool(p.explanation)) for p in run(facts).placements]
    assert sorted(found) == [
        ("Exact, entered by hand", True),
        ("Exact, imported earlier", True),
        ("Exact, in a multi-invoice payment", True),
        ("Exact, journalled", True),
        ("Linked earlier", True),
    ]


def test_amount_and_date_are_what_must_be_equal() -> None:
    for other in (case(amount="399"), case(2, "450", nov(2))):
        assert {"unmatched P1= R12"} < rows(run(snapshot([xero()], [other])))
