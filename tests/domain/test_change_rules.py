"""What is proposed, what is left undisturbed and why: R12 to R25 and R28, one table for each rule."""

from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.bulk import why_not_in_bulk
from cmxero_desktop.domain.control_total import control_total_of
from cmxero_desktop.domain.correlation.near_doubles import has_swapped_digits, is_near_double
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import Explained, Explanation, PairedHow
from cmxero_desktop.domain.notes import with_mark
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, XeroPayment
from cmxero_desktop.domain.rules import Rule
from tests.domain.support import (
    POLICY,
    aud,
    case,
    changes,
    describe,
    nov,
    only,
    remembered,
    rows,
    run,
    snapshot,
    unreadable,
    without_xero_invoice,
    xero,
)

GONE = xero("P1", deleted=True)


def test_r12_an_add_carries_xeros_values() -> None:
    add = only(run(snapshot([xero(reference="INV 7")]), replace(POLICY, payment_type="Cash", reference_limit=3)))
    assert add.after is not None
    assert (add.after.paid_on, add.after.amount) == (nov(1), aud("400"))
    assert (add.after.reference, add.after.payment_type) == ("INV", "Cash")
    assert add.after.notes == "Xero payment P1"
    assert (add.before, add.case, add.rule) == (None, None, Rule.R12)
    assert only(run(snapshot([xero()]))).after == replace(add.after, reference="", payment_type="EFT")


@pytest.mark.parametrize(
    ("limit", "day", "is_skipped"),
    [(5, 27, False), (5, 28, True), (0, 22, False), (0, 23, True), (None, 28, False), (5, 1, False)],
)
def test_r13_forward_dating(limit: int | None, day: int, is_skipped: bool) -> None:  # noqa: FBT001 - a column of the table
    found = run(snapshot([xero(paid_on=nov(day))]), replace(POLICY, forward_dating_days=limit))
    assert rows(found) == {"skipped P1= FUTURE_DATED R13" if is_skipped else "unmatched P1= R12"}


@pytest.mark.parametrize(
    ("is_own", "whose"),
    [
        (False, "Case Manager's own limit is 5 days; it is changed in Case Manager."),
        (True, "The firm's limit is 5 days (Settings, Matching, Forward dating)."),
    ],
)
def test_r13_is_told_in_words_with_whose_limit_it_is(is_own: bool, whose: str) -> None:  # noqa: FBT001 - a column of the table
    (row,) = run(snapshot([xero(paid_on=nov(30))]), replace(POLICY, is_forward_dating_own=is_own)).placements
    assert row.explanation == f"Dated 30 Nov 2026, 8 days ahead. {whose}"
    assert row.next_step == ("Nothing to do: comes to Review on 25 Nov 2026. If the date is wrong, correct it in Xero.")


def test_r13_is_no_half_of_an_edit() -> None:
    found = run(snapshot([GONE, xero("P2", paid_on=nov(28), minute=1)], [case(names="P1")]))
    assert rows(found) == {"unmatched =1 R15", "skipped P2= FUTURE_DATED R13"}
    assert changes(found) == {"remove =1 400.00 replacement_ahead"}


@pytest.mark.parametrize(("day", "is_flagged"), [(28, True), (27, False)])
def test_r13_of_an_edit_ahead_and_money_of_today_only_a_person_knows_which_is_which(day: int, is_flagged: bool) -> None:  # noqa: FBT001 - a column
    """The one that is dated within the limit takes part today, and then the better of the two is the edit."""
    ahead, today = xero("P2", paid_on=nov(day), minute=1), xero("P3", amount="390", minute=2)
    found = changes(run(snapshot([GONE, ahead, today], [case(names="P1")])))
    assert ("change P3=1 390.00 replacement_ahead" in found) is is_flagged
    assert any(change.startswith("change P2=1") for change in found) is not is_flagged


def test_r13_an_equal_one_is_matched_all_the_same() -> None:
    assert rows(run(snapshot([xero(paid_on=nov(28))], [case(paid_on=nov(28))]))) == {"matched P1=1 R8"}


CHANGED = [
    pytest.param(case(amount="300", names="P1"), xero(), {"change P1=1 400.00 edited_here"}, id="amount"),
    pytest.param(case(paid_on=nov(3), names="P1"), xero(), {"change P1=1 400.00 edited_here"}, id="date"),
    pytest.param(case(names="P1"), xero(paid_on=nov(28)), set(), id="beyond the limit"),
    pytest.param(case(names="P1", reference="A"), xero(reference="B"), set(), id="reference alone"),
    pytest.param(case(amount="300", names="P1", journalled=True), xero(), set(), id="journalled"),
    pytest.param(case(amount="300", names="P1", group=True), xero(), set(), id="multi-invoice"),
    pytest.param(case(amount="300", names="P1", group=True, journalled=True), xero(), set(), id="both"),
]


@pytest.mark.parametrize(("copy", "original", "expected"), CHANGED)
def test_r14_mirrors_its_original(copy: CasePayment, original: XeroPayment, expected: set[str]) -> None:
    assert changes(run(snapshot([original], [copy]))) == expected


@pytest.mark.parametrize(
    ("copy", "row"),
    [
        (case(names="P1", journalled=True, group=True), "skipped P1=1 JOURNALLED R17"),
        (case(names="P1", group=True), "skipped P1=1 MULTI_INVOICE R18"),
    ],
)
def test_r14_what_cannot_change_keeps_its_original_beside_it(copy: CasePayment, row: str) -> None:
    assert rows(run(snapshot([xero(amount="300")], [copy]))) == {row}


@pytest.mark.parametrize(("in_xero", "expected"), [("B", "B"), ("", "A")])
def test_r14_reference_of_a_change(in_xero: str, expected: str) -> None:
    copy = case(amount="300", notes="from Ann\nXero payment P1", reference="A")
    change = only(run(snapshot([xero(reference=in_xero)], [copy])))
    assert change.after is not None
    assert (change.after.reference, change.after.payment_type) == (expected, "Cheque")
    assert change.after.notes == copy.notes
    assert change.before is not None
    assert change.before.amount == aud("300")


def test_r14_its_own_original_comes_before_an_equal_one() -> None:
    """The copy names P1, so it mirrors P1 although it equals P2; P2 is added."""
    found = run(snapshot([xero("P1", "450"), xero("P2")], [case(names="P1")]))
    assert changes(found) == {"change P1=1 450.00 edited_here", "add P2 400.00 beside_unmatched"}


def test_r23a_a_change_beside_the_same_money_by_hand_is_flagged() -> None:
    found = run(snapshot([xero()], [case(1, "300", names="P1"), case(2)]))
    assert changes(found) == {"change P1=1 400.00 balance_differs beside_unmatched edited_here near_double"}


def test_r23_an_edit_whose_new_value_was_typed_by_hand_names_that_payment() -> None:
    """P1 became P2 in Xero, and somebody typed P2 with another date: the copy must not become P2 as well."""
    typed = case(2, "450", nov(4))
    found = run(snapshot([GONE, xero("P2", "450", minute=1)], [case(names="P1"), typed]))
    assert changes(found) == {"change P2=1 450.00 balance_differs beside_unmatched near_double"}
    change = only(found)
    assert change.near == (typed,)
    assert "Case Manager has 450.00 on 4 Nov 2026 on invoice CM-100, entered by hand" in change.explanation


def test_r23_what_a_person_chose_is_no_close_double_of_itself() -> None:
    found = run(snapshot([xero()], [case(paid_on=nov(2)), case(2, "77")], links=[("P1", 1)]))
    assert changes(found) == {"change P1=1 400.00 balance_differs beside_unmatched"}


EDITS = [
    pytest.param([xero("P2", minute=0)], {"change P2=1 400.00"}, id="in the same instant"),
    pytest.param([xero("P2", "500", minute=-1)], {"change P2=1 500.00"}, id="entered before the deletion"),
    pytest.param(
        [xero("P2", "500", reference="A"), xero("P3", paid_on=nov(2))],
        {"change P2=1 500.00", "add P3 400.00 beside_unmatched"},
        id="reference before amount",
    ),
    pytest.param(
        [xero("P2", "500"), xero("P3", paid_on=nov(9))],
        {"change P3=1 400.00", "add P2 500.00 beside_unmatched"},
        id="amount before date",
    ),
    pytest.param(
        [xero("P2", "500", nov(3)), xero("P3", "600")],
        {"change P3=1 600.00", "add P2 500.00 beside_unmatched"},
        id="same date before a near one",
    ),
    pytest.param(
        [xero("P2", "500", nov(7)), xero("P3", "600", nov(3))],
        {"change P3=1 600.00", "add P2 500.00 beside_unmatched"},
        id="the nearest date",
    ),
    pytest.param(
        [xero("P2", "500", nov(3)), xero("P3", "600", nov(3))],
        {"change P2=1 500.00", "add P3 600.00 beside_unmatched"},
        id="else the lowest id",
    ),
]


@pytest.mark.parametrize(("additions", "expected"), EDITS)
def test_r16_edits(additions: list[XeroPayment], expected: set[str]) -> None:
    copy = case(paid_on=nov(1), names="P1", reference="A")
    moved = [replace(p, paid_on=nov(2)) if p == xero("P2", minute=0) else p for p in additions]
    assert changes(run(snapshot([GONE, *moved], [copy], invoice_total="9000"))) == expected


@pytest.mark.parametrize("copy_reference", ["A", ""])
def test_r16_the_deleted_payments_reference_counts_too(copy_reference: str) -> None:
    gone = replace(GONE, reference="A ")
    facts = snapshot(
        [gone, xero("P2", "401"), xero("P3", "500", reference=" A")],
        [case(names="P1", reference=copy_reference)],
        invoice_total="9000",
    )
    assert changes(run(facts)) == {"change P3=1 500.00", "add P2 401.00 beside_unmatched"}


def test_r16_blank_references_prove_nothing() -> None:
    gone = replace(GONE, reference=" ")
    facts = snapshot([gone, xero("P2", "500", reference=" "), xero("P3", paid_on=nov(2))], [case(names="P1")])
    assert "change P3=1 400.00" in changes(run(facts))


def test_r16_several_copies_and_several_payments() -> None:
    """The best pair first, each payment once; the lowest key where nothing else decides."""
    facts = snapshot(
        [GONE, xero("P2", deleted=True), xero("P3", "500"), xero("P4", "700", nov(9))],
        [case(1, names="P1"), case(2, names="P2"), case(3, names="P2")],
        invoice_total="9000",
    )
    assert changes(run(facts)) == {
        "change P3=1 500.00 beside_unmatched",
        "change P4=2 700.00 beside_unmatched",
        "remove =3 400.00",
    }


def test_r16_a_payment_deleted_on_another_invoice() -> None:
    elsewhere = [xero("E1", deleted=True, invoice_id="INV-200")]
    assert changes(run(snapshot([], [case(names="E1")], elsewhere=elsewhere))) == {"remove =1 400.00"}


def test_r16_the_invoices_own_deletion_counts_before_another() -> None:
    elsewhere = [xero("p1", deleted=True, minute=9)]
    facts = snapshot([GONE, xero("P2", "500", minute=1)], [case(names="P1")], elsewhere=elsewhere)
    assert changes(run(facts)) == {"change P2=1 500.00"}


@pytest.mark.parametrize(
    ("copy", "expected_rows", "expected_changes"),
    [
        (
            case(names="P1", group=True),
            {"skipped P1=1 MULTI_INVOICE R18", "unmatched P2= R12"},
            {"add P2 500.00 balance_differs beside_unmatched journalled_counterpart"},
        ),
        (
            case(names="P1", group=True, journalled=True),
            {"skipped P1=1 JOURNALLED R17", "unmatched P2= R12"},
            {"add P2 500.00 balance_differs beside_unmatched journalled_counterpart"},
        ),
    ],
)
def test_r17_r18_an_edit_of_a_copy_that_cannot_change(
    copy: CasePayment, expected_rows: set[str], expected_changes: set[str]
) -> None:
    found = run(snapshot([GONE, xero("P2", "500")], [copy]))
    assert rows(found) == expected_rows
    assert changes(found) == expected_changes
    assert only(found).near == (copy,)
    assert "both would count" in only(found).explanation


@pytest.mark.parametrize("group", [True, False])
def test_r17_r18_a_deletion_of_a_copy_that_cannot_change(group: bool) -> None:  # noqa: FBT001 - a column of the table
    found = run(snapshot([GONE], [case(names="P1", group=group, journalled=not group)]))
    assert rows(found) == {"skipped P1=1 MULTI_INVOICE R18" if group else "skipped P1=1 JOURNALLED R17"}
    assert found.proposals == ()


ORPHANS = [
    pytest.param(case(notes="Xero payment"), {"unmatched =1 R20"}, {"remove =1 400.00 no_identity"}, id="no id"),
    pytest.param(case(names="U1"), {"unmatched =1 R20"}, {"remove =1 400.00 no_identity"}, id="unknown"),
    pytest.param(case(names="N1"), {"unmatched =1 R20"}, set(), id="not asked"),
    pytest.param(case(names="E1"), {"unmatched =1 R7"}, set(), id="alive elsewhere"),
    pytest.param(case(names="U1", journalled=True), {"skipped =1 JOURNALLED R20"}, set(), id="journalled"),
    pytest.param(case(names="U1", group=True), {"skipped =1 MULTI_INVOICE R18"}, set(), id="multi-invoice"),
    pytest.param(case(journalled=True), {"unmatched =1 R19"}, set(), id="by hand, journalled"),
    pytest.param(case(group=True), {"skipped =1 MULTI_INVOICE R18"}, set(), id="by hand, multi-invoice"),
    pytest.param(case(), {"unmatched =1 R19"}, set(), id="by hand"),
]


@pytest.mark.parametrize(("copy", "expected_rows", "expected_changes"), ORPHANS)
def test_r18_to_r20(copy: CasePayment, expected_rows: set[str], expected_changes: set[str]) -> None:
    found = run(snapshot([], [copy], unknown=["U1"], elsewhere=[xero("E1")]))
    assert rows(found) == expected_rows
    assert changes(found) == expected_changes


def test_r20_says_why_it_removes_or_not() -> None:
    facts = snapshot(
        [xero()],
        [
            case(1, names="P1"),
            case(2, names="P1"),
            case(3, names="U1"),
            case(4, notes="Xero payment"),
            case(5, names="N1"),
        ],
        unknown=["U1"],
    )
    said = {str(p.case.payment_id): p.explanation for p in run(facts).placements if p.case}
    assert "another payment of this invoice names too" in said["2"]
    assert "Notes: Xero payment U1" in said["3"]
    assert "Notes: Xero payment" in said["4"]
    assert "not been asked" in said["5"]


def test_r20_ids_that_xero_does_not_know_are_compared_without_case() -> None:
    facts = replace(snapshot([], [case(names="U1")]), unknown_ids=frozenset({XeroPaymentId("U1")}))
    assert changes(run(facts)) == {"remove =1 400.00 no_identity"}


WRONG = snapshot(
    [GONE, xero("P2", "450", minute=1), xero("P3"), xero("P4", "70"), xero("P9", "20", nov(28))],
    [
        case(1, "410", names="P1"),
        case(2),
        case(3, "60", names="P4"),
        case(4, "5"),
        case(5, "6", notes="Xero payment"),
        case(6, "7", group=True),
        case(7, "8", names="U1", journalled=True),
        case(8, "9", names="U1", group=True),
    ],
    amount_paid="1",
    unknown=["U1"],
    links=[("P2", 4)],
)


@pytest.mark.parametrize("facts", [WRONG, without_xero_invoice(WRONG)])
def test_r22_nothing_is_proposed_where_the_control_total_fails(facts: InvoiceSnapshot) -> None:
    found = run(facts)
    assert found.proposals == ()
    assert rows(found) == {
        "matched P3=2 R8",
        "skipped P1=1 CONTROL_TOTAL R22",
        "skipped P2=4 CONTROL_TOTAL R22",
        "skipped P4=3 CONTROL_TOTAL R22",
        "skipped P9= CONTROL_TOTAL R22",
        "unmatched =5 R20",
        "skipped =6 CONTROL_TOTAL R22",
        "skipped =7 JOURNALLED R20",
        "skipped =8 CONTROL_TOTAL R22",
    }


def test_r22_says_both_sums() -> None:
    (row,) = run(snapshot([xero()], amount_paid="399.99")).placements
    assert "400.00" in row.explanation
    assert "399.99" in row.explanation
    (row,) = run(without_xero_invoice(snapshot([xero()]))).placements
    assert "could not be read" in row.explanation


def test_r22_counts_live_customer_payments_of_the_invoices_currency() -> None:
    payments = [
        xero("P1"),
        xero("P2", deleted=True),
        xero("P3", payment_type="ARCREDITPAYMENT"),
        xero("P4", currency="NZD"),
    ]
    control = control_total_of(snapshot(payments), "AUD")
    assert control.added_up == aud("400")
    assert control.holds
    assert control_total_of(without_xero_invoice(snapshot(payments)), "AUD").added_up == aud("400")


NEAR = [
    pytest.param("400", nov(8), True, id="same amount, on the last day"),
    pytest.param("400", nov(9), False, id="same amount, a day more"),
    pytest.param("401", nov(1), True, id="one dollar more"),
    pytest.param("399", nov(1), True, id="one dollar less"),
    pytest.param("401.01", nov(1), False, id="more than a dollar"),
    pytest.param("401", nov(2), False, id="a dollar and a day"),
    pytest.param("040", nov(1), False, id="fewer digits"),
]


@pytest.mark.parametrize(("amount", "day", "expected"), NEAR)
def test_r23_near(amount: str, day: date, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    copy = replace(case(amount=amount), paid_on=day)
    assert is_near_double(xero(), copy, POLICY) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (54000, 45000, True),
        (12345, 52341, True),
        (1234, 1243, True),
        (1234, 2143, False),
        (1234, 1235, False),
        (1234, 2345, False),
        (1234, 3214, True),
        (123, 1230, False),
        (1122, 2211, False),
        (55, 55, False),
        (1213, 3112, False),
    ],
)
def test_r23_swapped_digits(one: int, other: int, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert has_swapped_digits(one, other) is expected


def test_r23_swapped_digits_flag_an_add() -> None:
    found = run(snapshot([xero(amount="540")], [case(amount="450")], invoice_total="9000"))
    assert changes(found) == {"add P1 540.00 balance_differs beside_unmatched near_double"}
    assert "may be the same money" in only(found).explanation


@pytest.mark.parametrize("copy", [case(paid_on=nov(2), names="N1"), case(2, "450", nov(20))])
def test_r23_only_what_was_typed_by_hand_and_is_close(copy: CasePayment) -> None:
    assert changes(run(snapshot([xero()], [copy]))) == {"add P1 400.00 balance_differs beside_unmatched"}


SAID = {
    "change P1=1 400.00 balance_differs beside_unmatched",
    "add P2 400.00 balance_differs beside_unmatched near_double twin",
}
LINKS = [
    pytest.param([("P1", 1)], SAID, id="one"),
    pytest.param([("P1", 1), ("P2", 1)], SAID, id="one copy for two"),
    pytest.param([("P1", 1), ("P1", 2)], SAID, id="two copies for one"),
    pytest.param(
        [("P1", 2), ("P2", 1)],
        {"change P1=2 400.00 beside_unmatched", "change P2=1 400.00 beside_unmatched twin"},
        id="crossed",
    ),
    pytest.param([("P1", 9)], {"accept P1,P2=1,2 800.00"}, id="a copy that is gone"),
]


@pytest.mark.parametrize(("links", "expected"), LINKS)
def test_r23_what_a_person_said_is_the_same_money(links: list[tuple[str, int]], expected: set[str]) -> None:
    found = run(
        snapshot(
            [xero("P1"), xero("P2")],
            [case(1, paid_on=nov(2)), case(2, paid_on=nov(3))],
            links=links,
            invoice_total="9000",
        )
    )
    assert changes(found) == expected
    assert len({p.row_id for p in found.placements}) == len(found.placements) == 4


@pytest.mark.parametrize(
    "copy",
    [case(paid_on=nov(2), group=True), case(paid_on=nov(2), journalled=True)],
)
def test_r23_a_link_to_what_cannot_change_is_not_followed(copy: CasePayment) -> None:
    assert "change" not in str(changes(run(snapshot([xero()], [copy], links=[("P1", 1)]))))


def test_r23_a_link_does_not_outlive_an_edit_of_amount_and_date() -> None:
    said = replace(remembered("P1", case()), how=PairedHow.SAID)
    found = run(snapshot([xero()], [case(amount="900.00", paid_on=nov(2))], memory=[said]))
    assert changes(found) == {"add P1 400.00 balance_differs beside_unmatched would_overpay"}


def test_r23_any_unmatched_payment_can_be_linked_but_never_in_bulk() -> None:
    for copy in (case(amount="390", paid_on=nov(20)), case(paid_on=nov(2))):
        change = only(run(snapshot([xero()], [copy], links=[("P1", 1)])))
        assert (describe(change), change.rule) == ("change P1=1 400.00", Rule.R23)
        assert "linked" in why_not_in_bulk(change, POLICY)


def test_r23_what_a_person_explained_is_not_taken_by_a_link() -> None:
    copy = case(paid_on=nov(2))
    said = Explanation(case_id=copy.payment_id, what=Explained.OTHER, amount=copy.amount, paid_on=copy.paid_on)
    facts = snapshot([xero()], [copy], links=[("P1", 1)], explained=[said])
    assert changes(run(facts)) == {"add P1 400.00"}


def test_r23_a_link_waits_for_its_day() -> None:
    found = run(snapshot([xero(paid_on=nov(28))], [case(paid_on=nov(27))], links=[("P1", 1)]))
    assert rows(found) == {"skipped P1=1 FUTURE_DATED R13"}


def test_r25_every_payment_left_over_is_flagged() -> None:
    facts = snapshot(
        [xero("P0", deleted=True), xero("P1"), xero("P2"), xero("P3")],
        [case(1, names="P1"), case(2, "300", names="P0")],
        invoice_total="9000",
    )
    assert changes(run(facts)) == {"change P2=2 400.00 twin", "add P3 400.00 beside_unmatched twin"}
    assert "entered twice" in next(p.explanation for p in run(facts).proposals if p.kind == "add")


def test_r25_the_second_of_two_new_ones_is_a_twin() -> None:
    """Equal ones, and two of one amount within the days of an edit: one may have been entered twice."""
    for day, flag in ((1, " twin"), (3, " twin"), (4, "")):
        found = run(snapshot([xero("P1"), xero("P2", paid_on=nov(day))]))
        assert changes(found) == {"add P1 400.00", f"add P2 400.00{flag}"}


def test_r25_not_its_own_original() -> None:
    found = run(snapshot([xero("P1"), xero("P2")], [case(1, names="P1"), case(2, "300", names="P2")]))
    assert changes(found) == {"change P2=2 400.00 edited_here"}


FULL = "x" * (500 - len("\nXero payment P1"))


@pytest.mark.parametrize(("notes", "row"), [(FULL, "matched P1=1 R8"), (FULL + "x", "skipped P1=1 NOTES_FULL R28")])
def test_r28_link_at_the_limit(notes: str, row: str) -> None:
    found = run(snapshot([xero()], [case(notes=notes)]))
    assert rows(found) == {row}
    assert len(found.proposals) == ("matched" in row)


def test_r28_change_and_add() -> None:
    policy = replace(POLICY, notes_limit=14)
    found = run(snapshot([xero(amount="3"), xero("P2", "4")], [case(names="P1")]), policy)
    assert rows(found) == {"skipped P1=1 NOTES_FULL R28", "skipped P2= NOTES_FULL R28"}
    said = {p.explanation for p in found.placements}
    assert any("behind the 15 already used (Case Manager takes 14" in text for text in said)
    assert any("in the Notes (Case Manager takes 14" in text for text in said)


def test_r28_no_limit() -> None:
    found = run(snapshot([xero()], [case(notes=FULL * 9)]), replace(POLICY, notes_limit=None))
    link = only(found)
    assert link.after is not None
    assert link.after.notes == with_mark(FULL * 9, link.xero_payment_id or xero().payment_id)
    assert (link.after.amount, link.after.paid_on, link.after.payment_type) == (aud("400"), nov(1), "Cheque")


@pytest.mark.parametrize(
    ("side", "said"), [(Side.XERO, "could not be read in Xero"), (Side.CASE_MANAGER, "read in Case Manager")]
)
def test_r30_beside_a_row_that_could_not_be_read(side: Side, said: str) -> None:
    facts = snapshot([xero(), xero("P2", "30")], [case(), case(2, "5")], unreadable=[unreadable(side)])
    found = run(facts)
    assert rows(found) == {
        "matched P1=1 R8",
        "skipped P2= UNREADABLE R30",
        "skipped =2 UNREADABLE R30",
        "skipped =row 3 UNREADABLE R30",
    }
    assert found.proposals == ()
    explained = {p.explanation for p in found.placements if p.xero and p.xero.payment_id == "P2"}
    assert said in explained.pop()
    assert "row 3: the date is missing" in {p.explanation for p in found.placements}


def test_r30_both_sides_in_a_settled_order() -> None:
    rows_read = [unreadable(Side.XERO, "b"), unreadable(Side.CASE_MANAGER, "c"), unreadable(Side.XERO, "a")]
    found = run(snapshot(unreadable=rows_read))
    assert [p.unreadable.place for p in found.placements if p.unreadable] == ["c", "a", "b"]
    said = run(snapshot([xero()], unreadable=rows_read)).placements[0].explanation
    assert "Case Manager and Xero" in said


@pytest.mark.parametrize(("account", "is_flagged"), [("ANZ SOR Clearing 2", True), ("Apxium Clearing", False)])
def test_s10_on_a_sor_schedule(account: str, is_flagged: bool) -> None:  # noqa: FBT001 - a column of the table
    facts = snapshot(
        [xero("P1", account=account), xero("P2", "30")], [case(names="P1"), case(2, "7", notes="Xero payment")]
    )
    assert {("sor" in line) for line in changes(run(facts))} == {is_flagged}
    unmarked = replace(POLICY, sor_account_text="")
    assert not any("sor" in line for line in changes(run(facts, unmarked)))


def test_s1_an_instalment_that_was_deleted_is_a_sign_of_a_schedule_too() -> None:
    assert changes(run(snapshot([xero("P0", "70", deleted=True, account="sor clearing"), xero()]))) == {
        "add P1 400.00 sor"
    }
