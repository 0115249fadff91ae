"""What only the whole firm shows: moves, remittances, and payments that match nothing (R7, R16b, R18, R23b)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.correlation.subsets import MOST_AMOUNTS, sums_of_some
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, Fingerprint
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, whole_of
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from tests.domain.support import POLICY, TODAY, aud, case, changes, judged, nov, snapshot, xero

AT_101 = {"invoice_id": "INV-101"}


def other(
    payments: Iterable[XeroPayment] = (),
    copies: Iterable[CasePayment] = (),
    number: int = 101,
    elsewhere: Iterable[XeroPayment] = (),
    bill_to: str = "",
) -> InvoiceSnapshot:
    """Return another invoice of the firm."""
    moved = [replace(copy, invoice_id=CaseInvoiceId(number)) for copy in copies]
    return snapshot(payments, moved, number=number, elsewhere=elsewhere, bill_to=bill_to)


def flags(firm: Iterable[InvoiceSnapshot], payment_id: str, **around: Iterable[StrayPayment]) -> frozenset[Flag]:
    return proposal(firm, payment_id, **around).flags


def proposal(firm: Iterable[InvoiceSnapshot], payment_id: str, **around: Iterable[StrayPayment]) -> Proposal:
    found = judge(firm, POLICY, TODAY, strays=tuple(around.get("strays", ()))).correlations.values()
    return next(p for c in found for p in c.proposals if p.xero is not None and p.xero.payment_id == payment_id)


GONE = xero("P1", "250", deleted=True)
OLD = replace(xero("P1", "250", date(2026, 9, 1), deleted=True), contact_name="Acme")


def test_r16b_a_payment_entered_on_another_invoice_is_one_move() -> None:
    here = snapshot([GONE], [case(1, "250", names="P1")])
    there = other([xero("P2", "250", minute=5)])
    removal, add = judged(here, there), judged(there, here)
    assert changes(removal) == {"remove =1 250.00"}
    assert changes(add) == {"add P2 250.00 moved"}
    assert removal.proposals[0].move_id == add.proposals[0].move_id != ""
    assert add.proposals[0].near_xero == (GONE,)
    assert not add.proposals[0].is_bulk_approvable


def test_r16b_two_that_could_be_it_are_no_move_but_both_are_flagged() -> None:
    here = snapshot([GONE], [case(1, "250", names="P1")])
    firm = [here, other([xero("P2", "250")]), other([xero("P3", "250")], number=102)]
    assert proposal(firm, "P2").flags == proposal(firm, "P3").flags == {Flag.MOVED}
    assert {p.move_id for c in judge(firm, POLICY, TODAY).correlations.values() for p in c.proposals} == {""}


def test_r16b_what_its_own_invoice_has_again_was_not_moved() -> None:
    here = snapshot([GONE, xero("P4", "250", nov(9), account="SOR Clearing")], [case(1, "250", names="P1")])
    assert Flag.MOVED not in flags([here, other([xero("P2", "250")])], "P2")


def test_r16b_several_additions_of_one_date_may_make_it_up() -> None:
    here = snapshot([GONE], [case(1, "250", names="P1")])
    firm = [here, other([xero("P2", "100"), xero("P3", "150")])]
    assert Flag.MOVED in flags(firm, "P2") & flags(firm, "P3")


def test_r16b_of_the_additions_of_a_date_some_may_make_it_up() -> None:
    here = snapshot([GONE], [case(1, "250", names="P1")])
    firm = [here, other([xero("P2", "100"), xero("P3", "150"), xero("P4", "70")])]
    assert Flag.MOVED in flags(firm, "P2") & flags(firm, "P3")
    assert Flag.MOVED not in flags(firm, "P4")


@pytest.mark.parametrize(
    ("written", "is_moved"),
    [
        (xero("P2", "100"), True),
        (xero("P2", "100", minute=2 * 24 * 60 + 1), False),
        (xero("P2", "100", nov(2)), False),
    ],
)
def test_r16b_one_part_may_be_written_already(written: XeroPayment, is_moved: bool) -> None:  # noqa: FBT001 - a column
    here = snapshot([GONE], [case(1, "250", names="P1")])
    there = other([written, xero("P3", "150")], [case(2, "100", written.paid_on, names="P2")])
    assert (Flag.MOVED in flags([here, there], "P3")) is is_moved


def test_r16b_a_copy_that_an_edit_gives_to_other_money_stands_until_that_is_written() -> None:
    here = snapshot([GONE, xero("P4", "200", nov(9), minute=3)], [case(1, "250", names="P1")])
    there = other([xero("P2", "250", minute=5)])
    assert changes(judged(here, there)) == {"change P4=1 200.00"}
    add = proposal([here, there], "P2")
    assert (set(add.flags), add.move_id) == ({Flag.MOVED}, "")
    assert [p.payment_id.value for p in add.near] == [1]
    written = snapshot([GONE, xero("P4", "200", nov(9), minute=3)], [case(1, "200", nov(9), names="P4")])
    assert not flags([written, there], "P2")


@pytest.mark.parametrize(("what", "is_moved"), [(Explained.OTHER, False), (Explained.TO_CORRECT, True)])
def test_r19a_a_copy_that_is_other_money_was_not_moved(what: Explained, is_moved: bool) -> None:  # noqa: FBT001 - a column
    copy = case(1, "250", names="P1")
    said = Explanation(case_id=copy.payment_id, what=what, amount=copy.amount, paid_on=copy.paid_on)
    here = snapshot([GONE], [copy], explained=[said])
    assert (Flag.MOVED in flags([here, other([xero("P2", "250", minute=5)])], "P2")) is is_moved


def test_r16b_a_part_may_be_entered_on_another_invoice() -> None:
    here = snapshot([GONE, xero("P4", "90", minute=3)], [case(1, "250", names="P1")])
    assert Flag.MOVED in flags([here, other([xero("P2", "160", minute=3)])], "P2")


def test_r16b_what_one_line_of_a_batch_lost_another_gained() -> None:
    here = snapshot([GONE, xero("P4", "240", minute=3)], [case(1, "250", names="P1")])
    there = other([xero("Q1", "300", deleted=True), xero("Q2", "310", minute=3)], [case(2, "300", names="Q1")])
    assert Flag.MOVED in flags([here, there], "Q2")


def anew(payment: XeroPayment, name: str) -> XeroPayment:
    return replace(payment, batch_payment_id=name)


def raised(*, by: str = "310", copy: str = "300", name: str = "B2", minute: int = 3) -> InvoiceSnapshot:
    """Return an invoice of which a batch was deleted and another one has a larger line."""
    old, new = anew(xero("Q1", copy, deleted=True), "B1"), anew(xero("Q2", by, minute=minute), name)
    return other([old, new], [case(2, copy, names="Q1")])


LEFT_OVER = snapshot([anew(GONE, "B1")], [case(1, "250", names="P1")])


@pytest.mark.parametrize(
    ("firm", "is_flagged"),
    [
        ([LEFT_OVER, raised()], True),
        ([LEFT_OVER, raised(by="290")], False),
        ([LEFT_OVER, raised(name="")], False),
        ([LEFT_OVER, raised(minute=60 * 24 * 3)], False),
        ([snapshot([GONE], [case(1, "250", names="P1")]), raised()], False),
        ([snapshot([anew(GONE, "B1")]), raised()], False),
        ([snapshot([anew(GONE, "B1"), xero("P4", "240", minute=3)], [case(1, "250", names="P1")]), raised()], False),
    ],
    ids=["left over", "lowered", "no batch", "days later", "another batch", "settled", "edited"],
)
def test_r16b_what_a_batch_entered_anew_raised_may_be_the_line_that_it_lacks(
    firm: list[InvoiceSnapshot],
    is_flagged: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = proposal([replace(one) for one in firm], "Q2")
    assert (any("entered anew, without 250.00" in r.sentence for r in found.remarks)) is is_flagged
    if is_flagged:
        assert Flag.MOVED in found.flags
        assert [p.payment_id for p in found.near_xero] == ["P1"]
        assert [p.payment_id.value for p in found.near] == [1]


def test_r16b_two_invoices_that_both_batches_paid_tell_it_however_late() -> None:
    month = 60 * 24 * 30
    third = other(
        [anew(xero("Q5", "40", deleted=True), "B1"), anew(xero("Q6", "40", minute=month), "B2")],
        [case(3, "40", names="Q5")],
        number=102,
    )
    late = raised(minute=month)
    assert Flag.MOVED not in flags([LEFT_OVER, late], "Q2")
    assert Flag.MOVED in flags([LEFT_OVER, late, third], "Q2")


def test_r16b_so_may_what_it_added_on_another_invoice() -> None:
    there = other([anew(xero("Q3", "60", minute=4), "B2")], number=102)
    assert Flag.MOVED in flags([LEFT_OVER, raised(by="300"), there], "Q3")
    said = Explanation(case_id=CasePaymentId(1), what=Explained.OTHER, amount=aud("250"), paid_on=nov(1))
    explained = snapshot([anew(GONE, "B1")], [case(1, "250", names="P1")], explained=[said])
    assert not flags([explained, raised(by="300"), there], "Q3")


@pytest.mark.parametrize(
    ("new", "is_joined"),
    [
        (xero("P2", "250", date(2026, 9, 8)), True),
        (xero("P2", "250", nov(1)), False),
        (replace(xero("P2", "250", nov(1)), contact_name="ACME"), True),
        (xero("P2", "250", nov(1), reference="R"), True),
        (replace(xero("P2", "250", nov(1)), batch_payment_id="B"), True),
    ],
)
def test_r16b_what_joins_two(new: XeroPayment, is_joined: bool) -> None:  # noqa: FBT001 - a column of the table
    long_ago = replace(OLD, updated_at=OLD.updated_at - timedelta(days=9), reference="R", batch_payment_id="B")
    here = snapshot([long_ago], [case(1, "250", date(2026, 9, 1), names="P1")])
    assert (Flag.MOVED in flags([here, other([new])], "P2")) is is_joined


def test_r16b_a_locked_copy_is_no_move() -> None:
    here = snapshot([GONE], [case(1, "250", names="P1", journalled=True)])
    add = proposal([here, other([xero("P2", "250")])], "P2")
    assert add.flags == {Flag.MOVED}
    assert (add.move_id, add.blocking_flags) == ("", frozenset())


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (case(9, "77", names="P1"), {"remove =9 77.00 moved"}),
        (case(9, "77", names="P1", journalled=True), set()),
        (case(9, "77", names="P1", group=True), set()),
    ],
)
def test_r7_a_copy_on_another_invoice_can_be_moved_unless_it_is_locked(copy: CasePayment, expected: set[str]) -> None:
    original = xero("P1", "77")
    here, there = snapshot([original]), other([], [copy], elsewhere=[original])
    assert changes(judged(there, here)) == expected
    assert Flag.NAMED_ELSEWHERE in proposal([here, there], "P1").flags


@pytest.mark.parametrize("is_locked", [False, True])
def test_r7_what_has_a_copy_elsewhere_moves_with_that_copy_and_no_other(is_locked: bool) -> None:  # noqa: FBT001 - a column
    """Money that was deleted here has its amount, too: written with that removal, it would stand twice."""
    here = snapshot([GONE], [case(1, "250", names="P1")])
    original = xero("P2", "250", minute=5)
    wrong = other([], [case(9, "250", names="P2", journalled=is_locked)], number=102, elsewhere=[original])
    firm = [here, other([original]), wrong]
    add, (removal,) = proposal(firm, "P2"), judged(here, *firm[1:]).proposals
    misplaced = [p.move_id for p in judged(wrong, *firm[:2]).proposals]
    assert add.flags == {Flag.MOVED, Flag.NAMED_ELSEWHERE}
    assert (removal.kind, removal.move_id) == (ProposalKind.REMOVE, "")
    assert misplaced == ([] if is_locked else [add.move_id])
    assert bool(add.move_id) is not is_locked
    assert bool(add.blocking_flags) is is_locked


def test_r21_a_misplaced_copy_whose_payment_has_its_copy_is_only_removed() -> None:
    original = xero("P1", "77")
    here = snapshot([original], [case(1, "77", names="P1")])
    there = other([], [case(9, "77", names="P1")], elsewhere=[original])
    (removal,) = judged(there, here).proposals
    assert (removal.rule, removal.move_id) == (Rule.R16B, "")
    assert removal.flags == {Flag.MOVED}


def test_r7_a_copy_on_an_invoice_that_xero_does_not_have_blocks_too() -> None:
    stray = StrayPayment(case(9, "77", names="P1"), "900")
    assert flags([snapshot([xero("P1", "77")])], "P1", strays=[stray]) == {Flag.NAMED_ELSEWHERE}


THREE = [case(7, "200", nov(3), group=True), case(8, "300", nov(3), group=True)]


def batch(name: str, *amounts: str) -> list[XeroPayment]:
    return [replace(xero(f"{name}{n}", amount), batch_payment_id=name) for n, amount in enumerate(amounts)]


def test_r18_a_batch_whose_total_stands_in_a_group() -> None:
    one, two = batch("B", "260", "240")
    firm = [snapshot([one]), other([two]), other([], THREE[:1], 102), other([], THREE[1:], 103)]
    found = proposal(firm, "B0")
    assert Flag.SAME_REMITTANCE in found.flags & flags(firm, "B1")
    assert {p.payment_id.value for p in found.near} >= {7, 8}
    assert "one remittance of 240.00 on 1 Nov 2026 and 260.00 on 1 Nov 2026" in found.explanation


def test_r18_one_sum_typed_whole_for_payments_of_one_contact_and_day() -> None:
    one = replace(xero("P1", "260"), contact_name="Acme")
    two = replace(xero("P2", "240", invoice_id="INV-101"), contact_name="Acme ")
    firm = [snapshot([one]), other([two]), other([], [case(7, "498", nov(5))], 102)]
    assert Flag.SAME_REMITTANCE in flags(firm, "P1") & flags(firm, "P2")
    far = [*firm[:2], other([], [case(7, "498", nov(9))], 102)]
    assert Flag.SAME_REMITTANCE not in flags(far, "P1")


def of_acme(payment_id: str, amount: str, number: int, *, account: str = "Bank") -> InvoiceSnapshot:
    payment = replace(xero(payment_id, amount, account=account, invoice_id=f"INV-{number}"), contact_name="Acme")
    return other([payment], number=number)


def test_r18_some_of_a_contacts_payments_of_a_day_may_be_one_sum() -> None:
    day = [of_acme(f"P{n}", amount, 100 + n) for n, amount in enumerate(("260", "240", "70", "90"))]
    firm = [*day, of_acme("P9", "500", 109, account="Cards"), other([], [case(7, "500", nov(5)), case(8, "9")], 200)]
    found = proposal(firm, "P0")
    assert Flag.SAME_REMITTANCE in found.flags & flags(firm, "P1")
    assert {p.payment_id for p in found.near_xero} == {"P0", "P1"}
    assert not {Flag.SAME_REMITTANCE} & (flags(firm, "P2") | flags(firm, "P3") | flags(firm, "P9"))
    off_by_a_cent = [*day, other([], [case(7, "500.01", nov(5))], 200)]
    assert Flag.SAME_REMITTANCE not in flags(off_by_a_cent, "P0")
    group = [*day, other([], [case(7, "200", nov(3), group=True), case(8, "130", nov(3), group=True)], 200)]
    assert Flag.SAME_REMITTANCE in flags(group, "P0") & flags(group, "P2")


def test_r18_less_a_fee_they_may_be_one_sum_on_the_invoice_of_one_of_them() -> None:
    day = [of_acme(f"P{n}", amount, 100 + n) for n, amount in enumerate(("260", "240", "70"))]
    fee = case(7, "496", nov(5))
    at_home = [replace(day[0], case_payments=(fee,)), *day[1:]]
    assert Flag.SAME_REMITTANCE in flags(at_home, "P0") & flags(at_home, "P1")
    assert not flags(at_home, "P2")
    too_much = [replace(day[0], case_payments=(replace(fee, amount=aud("494")),)), *day[1:]]
    assert not flags(too_much, "P1")
    assert not flags([*day, other([], [fee], 200)], "P1")


def test_r18_what_was_written_before_may_be_a_part_of_it_but_is_not_flagged() -> None:
    day = [of_acme("P1", "260", 101), of_acme("P2", "240", 102), of_acme("P3", "77", 103)]
    day[0] = replace(day[0], case_payments=(case(1, "260", names="P1"),))
    firm = [*day, other([], [case(7, "500", nov(5))], 200)]
    assert flags(firm, "P2") == {Flag.SAME_REMITTANCE}
    assert not flags(firm, "P3")


def test_sums_of_some_name_every_place_that_may_be_in_them_and_stop_at_their_bound() -> None:
    assert sums_of_some([1, 2, 3]) == {3: (0, 1), 4: (0, 2), 5: (1, 2), 6: (0, 1, 2)}
    assert sums_of_some([5, 5, 5]) == {10: (0, 1, 2), 15: (0, 1, 2)}
    assert len(sums_of_some([1 << n for n in range(20)])) == 2**MOST_AMOUNTS - MOST_AMOUNTS - 1
    assert sums_of_some([7]) == {}


def test_r18_five_equal_lines_are_the_same_whatever_the_total() -> None:
    payments = batch("B", "10", "20", "30", "40", "50", "999")
    lines = [case(n, str(n * 10), group=True) for n in range(1, 6)]
    firm = [snapshot(payments, invoice_total="5000"), other([], lines)]
    assert Flag.SAME_REMITTANCE in flags(firm, "B5")
    assert Flag.SAME_REMITTANCE not in flags([firm[0], other([], lines[:4])], "B5")


def test_r18_a_batch_of_one_is_compared_with_groups_only() -> None:
    (only_one,) = batch("B", "500")
    assert Flag.SAME_REMITTANCE in flags([snapshot([only_one]), other([], THREE)], "B0")
    assert Flag.SAME_REMITTANCE not in flags([snapshot([only_one]), other([], [case(7, "500", nov(3))])], "B0")


def test_r18_groups_and_payments_of_invoices_that_xero_does_not_have_count() -> None:
    strays = [StrayPayment(THREE[1], "900"), StrayPayment(case(6, "9"), "900")]
    firm = [snapshot([batch("B", "260", "240")[0]]), other([batch("B", "260", "240")[1]]), other([], THREE[:1], 102)]
    assert Flag.SAME_REMITTANCE in flags(firm, "B0", strays=strays)
    assert Flag.SAME_REMITTANCE not in flags(firm, "B0")


def test_r18_a_batch_of_several_days_is_compared_once() -> None:
    one, two = batch("B", "260", "240")
    firm = [snapshot([one, replace(two, paid_on=nov(2))]), other([], THREE)]
    found = proposal(firm, "B0")
    assert [r.flag for r in found.remarks].count(Flag.SAME_REMITTANCE) == 1


@pytest.mark.parametrize(
    ("copy", "bill_to", "is_flagged"),
    [
        (case(9, "77", nov(8)), "", True),
        (case(9, "77", nov(9)), "", False),
        (case(9, "77", nov(9)), " acme", True),
        (case(9, "77", date(2026, 9, 30)), "Acme", False),
        (case(9, "77", date(2026, 9, 30), reference="R"), "", True),
        (case(9, "77.01", nov(1)), "Acme", False),
    ],
)
def test_r23b_what_makes_it_likely(copy: CasePayment, bill_to: str, is_flagged: bool) -> None:  # noqa: FBT001 - a column
    new = replace(xero("P1", "77", reference="R"), contact_name="Acme")
    assert (Flag.LEFTOVER_ELSEWHERE in flags([snapshot([new]), other([], [copy], bill_to=bill_to)], "P1")) is is_flagged


def test_r23b_the_amount_of_a_payment_deleted_here_counts_too() -> None:
    here = snapshot([xero("P0", "77", nov(2), deleted=True), xero("P1", "50", account="SOR Clearing")])
    assert Flag.LEFTOVER_ELSEWHERE in flags([here, other([], [case(9, "77", nov(3))])], "P1")


@pytest.mark.parametrize("own", ["77", "85", "92"])
def test_r23b_an_addition_on_its_own_invoice_explains_it(own: str) -> None:
    there = other([xero("Q1", own, nov(9))], [case(9, "77", nov(3))])
    assert Flag.LEFTOVER_ELSEWHERE not in flags([snapshot([xero("P1", "77")]), there], "P1")


@pytest.mark.parametrize(
    ("copy", "own", "is_flagged"),
    [
        (case(9, "77"), "85", True),
        (case(9, "77", nov(20), reference="R"), "85", True),
        (case(9, "77", nov(2)), "85", False),
        (case(9, "77"), "77", False),
        (case(9, "77", reference="R"), "77", True),
        (replace(case(9, "77"), payer="Acme"), "77", True),
        (replace(case(9, "77", nov(2)), payer="Acme"), "77", False),
        (replace(case(9, "77", date(2026, 10, 8)), payer="Acme"), "77", True),
        (replace(case(9, "77", date(2026, 10, 8)), payer="TAC"), "77", False),
    ],
)
def test_r23b_what_is_exact_elsewhere_wins_over_what_is_near_at_home(
    copy: CasePayment,
    own: str,
    is_flagged: bool,  # noqa: FBT001 - a column of the table
) -> None:
    there = other([xero("Q1", own, nov(9)), xero("Q2", "30", nov(9))], [copy])
    here = snapshot([xero("P1", "77", reference="R")], bill_to="Acme")
    assert (Flag.LEFTOVER_ELSEWHERE in flags([here, there], "P1")) is is_flagged


def test_r23b_a_leftover_flags_its_three_likeliest() -> None:
    firm = [other([xero(f"P{n}", "77", nov(n))], number=200 + n) for n in range(1, 6)]
    firm.append(other([], [case(9, "77", nov(1))]))
    marked = [n for n in range(1, 6) if Flag.LEFTOVER_ELSEWHERE in flags(firm, f"P{n}")]
    assert marked == [1, 2, 3]


def test_r23b_payments_of_invoices_out_of_scope_count_unless_they_name_their_own() -> None:
    firm = [snapshot([xero("P1", "77")])]
    assert flags(firm, "P1", strays=[StrayPayment(case(9, "77", nov(3)), "900")]) == {Flag.LEFTOVER_ELSEWHERE}
    assert not flags(firm, "P1", strays=[StrayPayment(case(9, "77", nov(3), names="Z1"), "900")])


@pytest.mark.parametrize(
    ("copy", "asked"),
    [
        (case(9, "77", nov(2), reference="R"), True),
        (case(9, "77", nov(2)), False),
        (case(9, "77", date(2026, 8, 1)), False),
        (case(9, "77", date(2026, 8, 1), reference="R"), True),
    ],
)
def test_r23b_what_would_be_accepted_here_and_may_be_missing_there_is_looked_at(
    copy: CasePayment,
    asked: bool,  # noqa: FBT001 - a column of the table
) -> None:
    there = other([xero("Q1", "77", nov(9))], [copy])
    here = snapshot([xero("P1", "77", copy.paid_on if asked else date(2026, 5, 1), reference="R")])
    (accept,) = judged(there, here).proposals
    assert accept.kind is ProposalKind.ACCEPT
    assert accept.is_bulk_approvable is not asked
    assert ([p.payment_id for p in accept.near_xero] == ["P1"]) is asked
    assert ("CM-100 lacks Xero's 77.00 on " in accept.explanation) is asked


def test_r23b_money_of_months_ago_is_no_money_of_today_where_another_invoice_lacks_it() -> None:
    """A row of June, typed on the wrong invoice, is not what that invoice got in November, though both are one fee."""
    there = other([xero("Q1", "77", nov(9))], [case(9, "77", date(2026, 6, 9))])
    here = snapshot([xero("P1", "77", date(2026, 6, 12))])
    (accept,) = judged(there, here).proposals
    assert accept.flags == {Flag.LEFTOVER_ELSEWHERE}
    assert flags([here, there], "P1") == {Flag.LEFTOVER_ELSEWHERE}


def test_r19b_what_is_named_elsewhere_agrees_with_nothing() -> None:
    firm = [snapshot([xero("P1", "77")], [case(1, "77", nov(2))])]
    assert changes(judged(*firm)) == {"accept P1=1 77.00"}
    assert Flag.NAMED_ELSEWHERE in flags(firm, "P1", strays=[StrayPayment(case(9, "77", names="P1"), "900")])


# Money typed in pieces elsewhere (R23b)

WHOLE = xero("P1", "300", nov(5))


def pieces(*amounts: str, days_before: int = 0) -> list[CasePayment]:
    on = nov(5) - timedelta(days=days_before)
    return [case(40 + place, amount, on) for place, amount in enumerate(amounts)]


def on_102(day: int) -> InvoiceSnapshot:
    return other([], [case(60, "200", nov(day))], 102, bill_to="Acme")


def test_r23b_two_pieces_on_another_invoice_may_be_the_money() -> None:
    found = proposal([snapshot([WHOLE]), other([], pieces("100", "200"))], "P1")
    assert Flag.LEFTOVER_ELSEWHERE in found.flags
    assert not found.is_bulk_approvable
    assert {p.payment_id.value for p in found.near} == {40, 41}
    assert "100.00 on 5 Nov 2026 on CM-101 and 200.00 on 5 Nov 2026 on CM-101" in found.explanation


@pytest.mark.parametrize(
    ("firm", "is_flagged"),
    [
        ([other([], pieces("100", "200.01"))], False),
        ([other([], pieces("50", "100", "150"))], True),
        ([other([], pieces("100", "200", "999"))], True),
        ([other([], pieces("100", "200", days_before=60))], False),
        ([other([xero("Q1", "300", nov(5))], pieces("100", "200"))], False),
        ([other([], pieces("100"), bill_to="Acme"), on_102(5)], True),
        ([other([], pieces("100"), bill_to="Acme"), on_102(6)], False),
        ([other([], pieces("100"), bill_to="TAC"), on_102(5)], False),
        ([other([], pieces(*["1"] * 12, "100", "200"))], False),
    ],
    ids=[
        "a cent off",
        "three",
        "beside another",
        "long ago",
        "its own",
        "two invoices",
        "two days",
        "two payers",
        "beyond twelve",
    ],
)
def test_r23b_what_makes_pieces_likely(firm: list[InvoiceSnapshot], is_flagged: bool) -> None:  # noqa: FBT001 - a column
    assert (Flag.LEFTOVER_ELSEWHERE in flags([snapshot([WHOLE], bill_to="Acme"), *firm], "P1")) is is_flagged


def test_r23b_pieces_are_looked_for_by_the_amount_that_the_entry_has_now() -> None:
    """An entry is found by the amount of a payment deleted on its invoice too; pieces of that are not its money."""
    here = snapshot([xero("P0", "300", nov(5), deleted=True), xero("P1", "50", nov(5), account="SOR Clearing")])
    assert Flag.LEFTOVER_ELSEWHERE not in flags([here, other([], pieces("100", "200"))], "P1")


def test_r16b_each_line_that_a_batch_entered_anew_on_one_invoice_may_be_the_one_that_it_lacks() -> None:
    old, new = anew(xero("Q1", "300", deleted=True), "B1"), anew(xero("Q2", "310", minute=3), "B2")
    there = other([old, new, anew(xero("Q4", "20", minute=3), "B2")], [case(2, "300", names="Q1")])
    assert Flag.MOVED in flags([LEFT_OVER, there], "Q2") & flags([LEFT_OVER, there], "Q4")


def test_r23b_what_its_own_invoice_nearly_awaits_is_not_the_rest_of_what_was_deleted_elsewhere() -> None:
    at_home = other([xero("H1", "505", nov(2))], [case(7, "500", nov(2))])
    here = snapshot([xero("D1", "500", nov(2), deleted=True), xero("P2", "300", nov(2), minute=5)])
    assert Flag.LEFTOVER_ELSEWHERE not in flags([here, at_home], "P2")
    alone = other([], [case(7, "500", nov(2))])
    assert Flag.LEFTOVER_ELSEWHERE in flags([here, alone], "P2")


def batch_with_many_lines_left(count: int, *, changed: int | None = None) -> list[InvoiceSnapshot]:
    """Return a raised line of a batch that was entered anew, and so many lines of the old one that it lacks."""
    left = []
    for n in range(count):
        amount = f"{250 + n}.01" if n == changed else f"{250 + n}"
        gone = anew(xero(f"L{n:02}", f"{250 + n}", deleted=True), "B1")
        left.append(other([gone], [case(100 + n, amount, names=f"L{n:02}")], number=200 + n))
    return [*left, raised()]


@pytest.mark.parametrize("count", [11, 12, 13, 14, 40])
def test_r16b_of_many_lines_that_a_batch_lacks_twelve_are_named_and_all_are_rested_on(count: int) -> None:
    firm = batch_with_many_lines_left(count)
    found = proposal(firm, "Q2")
    named = [p.payment_id.value for p in found.near if p.payment_id != CasePaymentId(2)]
    assert named == [100 + n for n in range(min(count, 12))]
    (said,) = [r.sentence for r in found.remarks if "entered anew" in r.sentence]
    assert (f"and {count - 12} more" in said) is (count > 12)
    prints = {proposal(batch_with_many_lines_left(count, changed=n), "Q2").fingerprint for n in range(count)}
    assert len(prints | {found.fingerprint}) == count + 1, "whatever becomes of any of them makes an approval stale"


@pytest.mark.untraced
def test_r16b_what_a_batch_lacks_is_hashed_once_however_many_lines_it_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[int] = []

    def counted(payments: Iterable[CasePayment | XeroPayment]) -> Fingerprint:
        some = list(payments)
        hashed.append(len(some))
        return whole_of(some)

    monkeypatch.setattr("cmxero_desktop.domain.correlation.batches.whole_of", counted)
    firm = batch_with_many_lines_left(40)
    more = [
        other(
            [anew(xero(f"M{n}", "30", deleted=True), "B1"), anew(xero(f"N{n}", "31", minute=3), "B2")],
            [case(500 + n, "30", names=f"M{n}")],
            number=500 + n,
        )
        for n in range(30)
    ]
    for n in range(30):
        assert Flag.MOVED in flags([*firm, *more], f"N{n}")
    assert set(hashed) == {40}


def test_r16b_what_a_batch_lacks_on_the_very_invoice_is_for_its_own_rules() -> None:
    """Beside the raised line itself nothing of the old batch is left on another invoice."""
    old = [anew(xero("Q1", "300", deleted=True), "B1"), anew(xero("Q4", "80", deleted=True), "B1")]
    new = anew(xero("Q2", "310", minute=3), "B2")
    own = other([*old, new], [case(2, "300", names="Q1"), case(4, "80", names="Q4")])
    found = proposal([own], "Q2")
    assert not any("entered anew" in remark.sentence for remark in found.remarks)
