"""Each difference of the two debtor lists has its cause, and what nothing explains is never hidden (R24a, R2)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.debtor_causes import CAUSE_WORDS, Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine, Unclaimed, compare_debtors
from cmxero_desktop.domain.debtor_parts import CAUSE_OF_SKIP, DebtorReason
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member
from cmxero_desktop.domain.placements import Correlation, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, UnreadableRow
from tests.domain.support import (
    POLICY,
    accepted_set,
    aud,
    case,
    nov,
    only,
    run,
    snapshot,
    unreadable,
    without_case_invoice,
    without_xero_invoice,
    xero,
)


def line_of(
    facts: InvoiceSnapshot, policy: Policy = POLICY, correlation: Correlation | None = None
) -> DebtorLine | None:
    lists = compare_debtors([(facts, correlation or run(facts, policy))], (), policy)
    return lists.lines[0] if lists.lines else None


def causes(facts: InvoiceSnapshot, policy: Policy = POLICY) -> dict[Cause, str]:
    line = line_of(facts, policy)
    assert line is None or line.unexplained == aud("0")
    return {} if line is None else {reason.cause: str(reason.amount) for reason in line.reasons}


def with_xero(facts: InvoiceSnapshot, **values: object) -> InvoiceSnapshot:
    assert facts.xero_invoice is not None
    return replace(facts, xero_invoice=replace(facts.xero_invoice, **values))  # type: ignore[arg-type]  # by name


LOCKED = case(names="P1", journalled=True)
LOW = case(amount="380", names="P1", journalled=True)
OTHER = case(9, "33", nov(9))


def said(what: Explained) -> Explanation:
    return Explanation(case_id=OTHER.payment_id, what=what, amount=OTHER.amount, paid_on=nov(9))


CORRECTED = Explanation(
    case_id=LOCKED.payment_id, what=Explained.CORRECTED, amount=LOCKED.amount, paid_on=LOCKED.paid_on
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (snapshot([xero()], [case()]), {}),
        (snapshot([xero()]), {Cause.TO_ADD: "400.00"}),
        (snapshot([xero(deleted=True)], [case(names="P1")]), {Cause.TO_REMOVE: "-400.00"}),
        (snapshot([xero()], [case(amount="380", names="P1")]), {Cause.TO_CHANGE: "20.00"}),
        (snapshot([], [OTHER]), {Cause.LEFTOVER: "-33.00"}),
        (snapshot([xero("P1", deleted=True)], [LOCKED]), {Cause.LOCKED: "-400.00"}),
        (snapshot([], [case(group=True)]), {Cause.MULTI_INVOICE: "-400.00"}),
        (snapshot([xero(paid_on=nov(29))]), {Cause.DATED_AHEAD: "400.00"}),
        (snapshot([xero(amount="-5")]), {Cause.AMOUNT: "-5.00"}),
        (snapshot([xero()], xero_total="1000.03"), {Cause.TO_ADD: "400.00", Cause.ROUNDING: "-0.03"}),
        (snapshot(xero_total="1100"), {Cause.TOTALS: "-100.00"}),
        (snapshot(credited="50"), {Cause.CREDIT: "50.00"}),
        (snapshot(credited="50", adjustments="-50"), {}),
        (snapshot(credited="50", adjustments="-20"), {Cause.CREDIT: "30.00"}),
        (snapshot(adjustments="-50"), {Cause.ADJUSTMENT: "-50.00"}),
        (snapshot(refunds="70"), {Cause.REFUND: "70.00"}),
        (with_xero(snapshot(), amount_due=aud("990")), {Cause.NOT_ADDED_UP: "10.00"}),
        (snapshot(credited="50", adjustments="-80"), {Cause.ADJUSTMENT: "-30.00"}),
        (snapshot(credited="50", adjustments="30"), {Cause.CREDIT: "50.00", Cause.ADJUSTMENT: "30.00"}),
        # What was made up for already is never asked for again.
        (snapshot([xero("P1", deleted=True)], [LOCKED], refunds="400"), {}),
        (snapshot([xero("P1", deleted=True)], [LOCKED], adjustments="100"), {Cause.LOCKED: "-300.00"}),
        (snapshot([xero("P1", deleted=True)], [LOCKED], refunds="450"), {Cause.REFUND: "50.00"}),
        (snapshot([xero()], [LOW], adjustments="-20"), {}),
        (snapshot([xero()], [LOW], adjustments="-50"), {Cause.ADJUSTMENT: "-30.00"}),
        (snapshot([xero()], [LOW], adjustments="-15"), {Cause.LOCKED: "5.00"}),
        (snapshot([xero()], [LOW], adjustments="20"), {Cause.LOCKED: "20.00", Cause.ADJUSTMENT: "20.00"}),
        (snapshot([], [case(group=True)], refunds="300"), {Cause.MULTI_INVOICE: "-100.00"}),
        (snapshot([xero("P1", deleted=True)], [case(names="P1", group=True)]), {Cause.LOCKED: "-400.00"}),
        (with_xero(snapshot(), status="VOIDED"), {Cause.VOIDED: "1,000.00"}),
        (with_xero(snapshot(adjustments="-1000"), status="VOIDED"), {}),
        (
            with_xero(snapshot([xero(deleted=True)], [case(names="P1")]), status="VOIDED"),
            {Cause.VOIDED: "1,000.00", Cause.TO_REMOVE: "-400.00"},
        ),
        (with_xero(snapshot(), status="DRAFT"), {Cause.NOT_APPROVED: "1,000.00"}),
        (without_xero_invoice(snapshot()), {Cause.NOT_KNOWN: "1,000.00"}),
        (without_case_invoice(snapshot()), {Cause.ONLY_XERO: "-1,000.00"}),
        (
            with_xero(snapshot(), total=replace(aud("1000"), currency="USD")),
            {Cause.FOREIGN: "1,000.00"},
        ),
    ],
)
def test_each_difference_has_its_cause(facts: InvoiceSnapshot, expected: dict[Cause, str]) -> None:
    assert causes(facts) == expected


def test_what_a_person_declined_is_named_so() -> None:
    add = only(run(snapshot([xero()])))
    assert causes(snapshot([xero()], declined=[add.decision])) == {Cause.DECLINED: "400.00"}


def test_what_is_hidden_by_the_start_date_is_named() -> None:
    policy = replace(POLICY, start_date=nov(10))
    early = replace(xero("P2", "7"), updated_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert causes(snapshot([xero(), early], [case()]), policy) == {Cause.BEFORE_START: "7.00"}


def test_a_payment_in_another_currency_counts_on_neither_side() -> None:
    foreign = replace(xero(amount="9"), amount=replace(aud("9"), currency="USD"))
    assert causes(snapshot([xero(), foreign], [case()])) == {}


@pytest.mark.parametrize(
    ("what", "expected"), [(Explained.TO_CORRECT, Cause.TO_CORRECT), (Explained.OTHER, Cause.EXPLAINED)]
)
def test_what_a_person_said_of_a_leftover_is_its_reason(what: Explained, expected: Cause) -> None:
    assert causes(snapshot([], [OTHER], explained=[said(what)])) == {expected: "-33.00"}


def test_a_payment_that_stands_for_a_credit_mirrors_it() -> None:
    facts = snapshot([], [OTHER], credited="50", explained=[said(Explained.ALLOCATION)])
    assert causes(facts) == {Cause.CREDIT: "17.00"}
    less = snapshot([], [OTHER], credited="20", explained=[said(Explained.ALLOCATION)])
    assert causes(less) == {Cause.EXPLAINED: "-13.00"}


@pytest.mark.parametrize(
    ("facts", "amount_paid", "expected"),
    [
        (snapshot([xero()], [case()]), "450", {Cause.NOT_ADDED_UP: "50.00"}),
        (
            snapshot([xero()], [case()], unreadable=[unreadable(Side.XERO, amount="50")]),
            "450",
            {Cause.UNREADABLE: "50.00"},
        ),
        (snapshot([xero(), xero("P2", "50", currency="USD")], [case()]), "450", {Cause.CURRENCY: "50.00"}),
        (
            snapshot([xero()], [], unreadable=[unreadable(Side.CASE_MANAGER, amount="50")]),
            "400",
            {Cause.UNREADABLE: "350.00"},
        ),
    ],
    ids=["unknown", "unreadable", "foreign", "unreadable here"],
)
def test_what_xero_says_was_paid_beyond_what_can_be_read_is_named(
    facts: InvoiceSnapshot, amount_paid: str, expected: dict[Cause, str]
) -> None:
    # Xero's own figures agree with each other: what is due is what was paid less than the total.
    assert causes(with_xero(facts, amount_paid=aud(amount_paid))) == expected


def test_an_invoice_that_two_of_xeros_claim_is_counted_once() -> None:
    own = snapshot([xero()], [case()])
    other = replace(with_xero(own, number="CM-200"), number="CM-200", xero_payments=())
    for firm in ([own, other], [other, own]):
        lists = compare_debtors([(one, run(one)) for one in firm], (), POLICY)
        assert lists.balance_case_manager == aud("600")
        (line,) = lists.lines
        assert (line.invoice_number, line.balance_case_manager) == ("CM-200", aud("0"))
        assert [reason.cause for reason in line.reasons] == [Cause.SHARED]


def test_where_adjustments_are_not_mapped_no_entry_is_asked_for_and_the_sum_says_so() -> None:
    facts = snapshot(credited="50")
    assert facts.case_invoice is not None
    unmapped = replace(facts, case_invoice=replace(facts.case_invoice, are_adjustments_known=False))
    lists = compare_debtors([(unmapped, run(unmapped))], (), POLICY)
    assert [(r.cause, str(r.amount)) for line in lists.lines for r in line.reasons] == [(Cause.NOT_MAPPED, "50.00")]
    assert lists.sentence == (
        "Case Manager is 50.00 above Xero, all of it named. "
        "Case Manager's adjustments and refunds are not in the mapping: its balances leave them out."
    )
    assert unmapped.case_invoice is not None
    alone = compare_debtors((), [Unclaimed(invoice=unmapped.case_invoice)], POLICY)
    assert not alone.are_adjustments_known
    assert compare_debtors([(facts, run(facts))], (), POLICY).are_adjustments_known


def in_sum(facts: InvoiceSnapshot) -> dict[Cause, str]:
    """Return the causes of an invoice on which both sides owe the same."""
    assert facts.case_invoice is not None
    line = line_of(facts)
    assert line is None or line.agrees_in_sum
    return {} if line is None else {reason.cause: str(reason.amount) for reason in line.reasons}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # The copy of a deleted payment stands, and new money of the same amount is missing.
        (
            snapshot([xero("P1", deleted=True), xero("P2", paid_on=nov(9))], [LOCKED]),
            {Cause.LOCKED: "-400.00", Cause.TO_ADD: "400.00"},
        ),
        # One copy counts too much and the other too little.
        (
            snapshot([xero(), xero("P2", "300")], [case(1, "450", names="P1"), case(2, "250", names="P2")]),
            {Cause.TO_LOWER: "-50.00", Cause.TO_CHANGE: "50.00"},
        ),
        (snapshot([], [OTHER], credited="33"), {Cause.LEFTOVER: "-33.00", Cause.CREDIT: "33.00"}),
        (snapshot([], [OTHER], refunds="33"), {Cause.LEFTOVER: "-33.00", Cause.REFUND: "33.00"}),
        (snapshot([], [OTHER], xero_total="967"), {Cause.LEFTOVER: "-33.00", Cause.TOTALS: "33.00"}),
        (snapshot([xero(paid_on=nov(29))], [case(1, "400")]), {Cause.LEFTOVER: "-400.00", Cause.DATED_AHEAD: "400.00"}),
        # The refund was taken back for which it was called corrected, and a credit lacks here.
        (
            snapshot([xero("P1", deleted=True)], [LOCKED], credited="400", explained=[CORRECTED]),
            {Cause.LOCKED: "-400.00", Cause.CREDIT: "400.00"},
        ),
        (
            snapshot([xero(amount="33")], [OTHER], explained=[said(Explained.OTHER)]),
            {Cause.TO_ADD: "33.00", Cause.EXPLAINED: "-33.00"},
        ),
    ],
    ids=["locked", "changes", "credit", "refund", "totals", "ahead", "in vain", "explained"],
)
def test_money_too_much_is_not_hidden_by_money_that_is_missing(
    facts: InvoiceSnapshot, expected: dict[Cause, str]
) -> None:
    assert in_sum(facts) == expected


@pytest.mark.parametrize(
    "facts",
    [
        snapshot([xero()], [case(paid_on=nov(2))]),
        snapshot([xero(amount="500"), xero("P2", "500", nov(2))], [case(amount="1000", paid_on=nov(3))]),
        snapshot([xero()], [case(), OTHER], credited="33", explained=[said(Explained.ALLOCATION)]),
        snapshot([], [OTHER], refunds="33", explained=[said(Explained.TO_CORRECT)]),
        snapshot(xero_total="1100", adjustments="100"),
        snapshot(xero_total="1050", credited="50"),
        snapshot(refunds="70", adjustments="-70"),
        snapshot([xero("P1", deleted=True)], [LOCKED], refunds="400"),
        snapshot([xero()], [LOW], adjustments="-20"),
        # What was corrected by an adjustment, where another one mirrors a credit: Case Manager tells their sum alone.
        snapshot([xero("P1", deleted=True)], [LOCKED], credited="500", adjustments="-100", explained=[CORRECTED]),
    ],
    ids=[
        "accepted",
        "pieces",
        "allocation",
        "corrected",
        "adjusted",
        "credited",
        "refunded",
        "covered",
        "raised",
        "beside a credit",
    ],
)
def test_what_is_settled_is_not_listed_where_both_sides_owe_the_same(facts: InvoiceSnapshot) -> None:
    assert line_of(facts) is None


def test_the_sum_says_on_how_many_invoices_only_the_sums_agree() -> None:
    facts = snapshot([], [OTHER], refunds="33")
    lists = compare_debtors([(facts, run(facts))], (), POLICY)
    assert lists.sentence == (
        "Both debtor lists agree on every invoice. On 1 invoice only the sums agree, not the payments behind them."
    )
    (line,) = lists.lines
    assert line.entries.startswith("Agrees in sum, so make all of these entries or none. Find out whose money it is")
    other = replace(snapshot([xero()], number=7), number="CM-7")
    both = compare_debtors([(one, run(one)) for one in (facts, other)], (), POLICY)
    assert both.sentence == (
        "Case Manager is 400.00 above Xero, all of it named. "
        "On 1 invoice only the sums agree, not the payments behind them."
    )
    assert (both.difference, both.agreeing_in_sum) == (aud("400"), 1)


def test_a_row_that_got_lost_shows_although_both_sides_owe_the_same() -> None:
    facts = snapshot([xero()], [case(amount="400", paid_on=nov(9))], refunds="0")
    whole = run(facts)
    lost = replace(whole, placements=tuple(p for p in whole.placements if p.case is None))
    lists = compare_debtors([(facts, lost)], (), POLICY)
    assert lists.unexplained == aud("400")
    assert lists.sentence.startswith("In sum both lists agree, 400.00 of it not explained.")


def test_an_entry_names_the_payments_and_the_figure() -> None:
    line = line_of(snapshot([xero(), xero("P2", "300", nov(3))], xero_total="999.98", credited="40"))
    assert line is not None
    assert {reason.cause: reason.entry for reason in line.reasons} == {
        Cause.TO_ADD: "Approve in Review: add 400.00 on 1 Nov 2026 and 300.00 on 3 Nov 2026.",
        Cause.CREDIT: "Enter an adjustment of -40.00 in Case Manager.",
        Cause.ROUNDING: "Nothing, or an adjustment of -0.02 in Case Manager.",
    }
    changed = line_of(snapshot([xero()], [case(amount="380", names="P1")]))
    assert changed is not None
    assert [reason.entry for reason in changed.reasons] == [
        "Look at the flags in Review, then decide: change the copy to 400.00 on 1 Nov 2026."
    ]


def test_the_entry_never_asks_to_approve_what_must_be_looked_at_first() -> None:
    line = line_of(snapshot([xero("P2", "330", nov(23))], [case(1, "330", nov(22))], xero_total="1005"))
    assert line is not None
    assert [reason.entry for reason in line.reasons][:2] == [
        "Find out whose money it is; link, explain or correct 330.00 on 22 Nov 2026.",
        "Look at the flags in Review, then decide: add 330.00 on 23 Nov 2026.",
    ]


def test_cents_between_what_was_accepted_as_the_same_money_are_named() -> None:
    facts = snapshot([xero()], [case(amount="399.98", paid_on=nov(2))])
    accept = only(run(facts))
    assert causes(facts) == {Cause.ACCEPTED: "0.02"}
    settled = snapshot([xero()], [case(amount="399.98", paid_on=nov(2))], accepted=[accepted_set(accept)])
    assert causes(settled) == {Cause.ACCEPTED: "0.02"}


def settled(facts: InvoiceSnapshot, corrected: CasePayment | None = None) -> InvoiceSnapshot:
    """Let a person have called payments of one day the same money, and one of them corrected elsewhere."""
    pairs = [(p, c) for p in facts.xero_payments for c in facts.case_payments if p.paid_on == c.paid_on]
    sets = (
        AcceptedSet(
            members=(
                Member(amount=p.amount, paid_on=p.paid_on, xero_id=p.payment_id),
                Member(amount=c.amount, paid_on=c.paid_on, case_id=c.payment_id),
            )
        )
        for p, c in pairs
    )
    said = (
        Explanation(case_id=c.payment_id, what=Explained.CORRECTED, amount=c.amount, paid_on=c.paid_on)
        for c in facts.case_payments
        if c == corrected
    )
    return replace(facts, decisions=replace(facts.decisions, accepted=tuple(sets), explained=tuple(said)))


SEVEN = xero("P3", "7", nov(9))
# -400.00 mirror the credit, -20.00 correct what counts too little, and 225.00 what was accepted with too much.
SEVERAL = settled(
    snapshot(
        [SEVEN, xero(), xero("P2", "200", nov(3))],
        [LOW, case(2, "425", nov(3))],
        adjustments="-195",
        credited="400",
    ),
    corrected=LOW,
)


def test_r24a_a_credit_that_nobody_entered_and_a_total_that_is_too_low_are_two_errors() -> None:
    """What is owed agrees by chance alone: whoever mends one of them sees the other only then."""
    facts = snapshot([SEVEN], xero_total="1100", credited="100")
    assert causes(facts)[Cause.CREDIT] == "100.00"
    assert causes(facts)[Cause.TOTALS] == "-100.00"


@pytest.mark.parametrize(
    "facts",
    [
        settled(snapshot([SEVEN, xero()], [case(amount="380")], adjustments="-20")),
        snapshot([SEVEN, xero("P4", "-5")], adjustments="5"),
        snapshot([SEVEN], xero_total="1100", adjustments="100"),
        snapshot([SEVEN], xero_total="1000.03", adjustments="0.03"),
        settled(snapshot([SEVEN, xero()], [case(amount="420")], adjustments="-30", credited="50")),
        SEVERAL,
    ],
    ids=["accepted", "amount", "totals", "rounding", "beside a credit", "several"],
)
def test_r24a_an_entry_that_was_made_is_asked_for_no_more_where_something_else_differs(facts: InvoiceSnapshot) -> None:
    """Nor is anybody told to take it back: whoever follows both words would be where he began."""
    assert causes(facts) == {Cause.TO_ADD: "7.00"}


def test_r24a_an_entry_for_what_was_rejected_is_no_difference() -> None:
    """A write-off to no bank account is rejected, and entered as an adjustment, as its row says."""
    both = snapshot([xero(), SEVEN], adjustments="-400")
    no = next(p for p in run(both).proposals if p.amount == aud("400"))
    facts = snapshot([xero(), SEVEN], adjustments="-400", declined=[no.decision])
    assert causes(facts) == {Cause.TO_ADD: "7.00"}


def test_a_row_that_got_lost_shows_as_not_explained() -> None:
    line = line_of(snapshot([xero()]), correlation=Correlation())
    assert line is not None
    assert line.reasons == (DebtorReason(Cause.NOT_EXPLAINED, aud("400")),)
    assert line.unexplained == aud("400")


def test_a_payment_of_xeros_for_which_nothing_is_proposed_is_named() -> None:
    facts = snapshot([xero()])
    line = line_of(facts, correlation=replace(run(facts), proposals=()))
    assert line is not None
    assert line.reasons == (DebtorReason(Cause.SKIPPED, aud("400"), ("400.00 on 1 Nov 2026",)),)


def test_the_totals_are_over_all_invoices_of_either_side() -> None:
    here = snapshot(number=7)
    invoice, payments = here.case_invoice, (case(5, "250"),)
    assert invoice is not None
    elsewhere = [Unclaimed(invoice=replace(invoice, bill_to="Aon"), payments=payments)]
    same = snapshot([xero()], [case()])
    loose = replace(snapshot(), number="")
    lists = compare_debtors([(same, run(same)), (loose, Correlation())], elsewhere, POLICY)
    assert (lists.invoices, lists.due_xero, lists.balance_case_manager) == (2, aud("600"), aud("1350"))
    (line,) = lists.lines
    assert (line.invoice_number, line.bill_to, line.difference) == ("CM-7", "Aon", aud("750"))
    assert line.reasons == (DebtorReason(Cause.ONLY_CASE_MANAGER, aud("750")),)
    assert (lists.difference, lists.unexplained) == (aud("750"), aud("0"))


def no_total(number: str = "CM-100") -> UnreadableRow:
    return UnreadableRow(
        side=Side.XERO, place="Invoices page 1, row 2", problem="Total is null.", invoice_number=number, is_invoice=True
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([no_total()], (None, "1,000.00", [Cause.DUE_UNKNOWN])),
        ([unreadable(Side.CASE_MANAGER)], ("1,000.00", None, [Cause.BALANCE_UNKNOWN])),
        ([no_total(), unreadable(Side.CASE_MANAGER)], (None, None, [Cause.DUE_UNKNOWN, Cause.BALANCE_UNKNOWN])),
        # The amount of a row can be made out though the rest cannot; and Xero's invoice says what is due.
        ([unreadable(Side.CASE_MANAGER, amount="33")], ("1,000.00", "967.00", [Cause.UNREADABLE])),
        ([unreadable(Side.XERO)], ("1,000.00", "1,000.00", [Cause.UNREADABLE])),
    ],
)
def test_r30_an_invoice_with_a_row_that_cannot_be_read_is_listed_and_what_is_unknown_is_in_no_sum(
    rows: list[UnreadableRow], expected: tuple[str | None, str | None, list[Cause]]
) -> None:
    facts, other = snapshot(unreadable=rows), replace(snapshot(number=7), number="CM-7")
    lists = compare_debtors([(one, run(one)) for one in (facts, other)], (), POLICY)
    (line,) = lists.lines
    figures = tuple(None if f is None else str(f) for f in (line.due_xero, line.balance_case_manager))
    assert (*figures, [reason.cause for reason in line.reasons]) == expected
    is_unknown = None in figures
    assert (line.is_unknown, len(lists.unknown), lists.invoices) == (is_unknown, is_unknown, 2)
    assert str(lists.due_xero) == ("1,000.00" if is_unknown else "2,000.00")
    assert lists.difference == (aud("0") if is_unknown else line.difference)
    assert all(not reason.counts_twice and reason.entry.endswith(".") for reason in line.reasons)


def test_r30_the_sum_says_how_many_invoices_are_unknown() -> None:
    one = snapshot([xero()], unreadable=[no_total()])
    other = replace(snapshot(unreadable=[unreadable(Side.CASE_MANAGER)], number=7), number="CM-7")
    lists = compare_debtors([(facts, run(facts)) for facts in (one, other)], (), POLICY)
    assert lists.sentence == (
        "Both debtor lists agree on every invoice that can be compared. "
        "2 invoices are unknown, because a row of them could not be read, and in no sum."
    )
    assert compare_debtors([(one, run(one))], (), POLICY).sentence.endswith(
        "1 invoice is unknown, because a row of it could not be read, and in no sum."
    )


def test_r30_what_cannot_be_read_of_xero_is_never_called_missing_there() -> None:
    loose = replace(
        snapshot(unreadable=[no_total("CM-7"), no_total(""), unreadable(Side.XERO)]),
        number="",
        xero_invoice=None,
        case_invoice=None,
    )
    here = snapshot(number=7).case_invoice
    assert here is not None
    lists = compare_debtors([(loose, Correlation())], [Unclaimed(invoice=here)], POLICY)
    assert {(line.invoice_number, str(line.balance_case_manager), line.due_xero) for line in lists.lines} == {
        ("CM-7", "1,000.00", None),
        ("no number", "0.00", None),
    }
    assert (lists.balance_case_manager, lists.invoices) == (aud("0"), 2)
    assert all(line.entries.startswith("Correct it in Xero, then check Xero again: Invoices") for line in lists.lines)


def test_r30_an_older_figure_of_xeros_is_told_with_its_age() -> None:
    line = line_of(snapshot([xero()], unreadable=[no_total()]))
    assert line is not None
    assert line.entries == (
        "Correct it in Xero, then check Xero again: Invoices page 1, row 2: Total is null. "
        "The last one that could be read is of 22 Nov 2026: 600.00 due."
    )
    assert line.unexplained == aud("0")


@pytest.mark.parametrize(
    ("cause", "amount", "twice"),
    [
        (Cause.LEFTOVER, "-1", True),
        (Cause.TO_LOWER, "-1", True),
        (Cause.OLD_DIFFERS, "-1", True),
        (Cause.OLD_DIFFERS, "1", False),
        (Cause.TO_CHANGE, "1", False),
        (Cause.TO_ADD, "1", False),
    ],
)
def test_what_may_count_twice_is_marked(cause: Cause, amount: str, twice: bool) -> None:  # noqa: FBT001 - a column
    assert DebtorReason(cause, aud(amount)).counts_twice is twice


def test_every_reason_to_skip_has_its_cause() -> None:
    assert CAUSE_OF_SKIP.keys() == set(Reason)


def test_every_cause_says_what_to_do() -> None:
    assert CAUSE_WORDS.keys() == set(Cause)
    assert all(words.entry.endswith(".") and words.step.endswith(".") for words in CAUSE_WORDS.values())


def test_the_causes_add_up_to_the_difference_with_what_may_count_twice_first() -> None:
    firm = [
        snapshot([xero(), xero("P2", "10", nov(9))], xero_total="1000.03"),
        replace(snapshot([xero()], number=7), number="CM-7"),
        replace(snapshot([], [OTHER], number=8), number="CM-8"),
        replace(snapshot(number=9, unreadable=[no_total("CM-9")]), number="CM-9"),
    ]
    lists = compare_debtors([(one, run(one)) for one in firm], (), POLICY)
    assert [(one.cause, one.invoices, one.amount, one.counts_twice) for one in lists.causes] == [
        (Cause.DUE_UNKNOWN, 1, None, False),
        (Cause.LEFTOVER, 1, aud("-33"), True),
        (Cause.TO_ADD, 2, aud("810"), False),
        (Cause.ROUNDING, 1, aud("-0.03"), False),
    ]
    assert lists.difference == aud("776.97")
    assert [line.invoice_number for line in lists.with_cause(Cause.TO_ADD)] == ["CM-100", "CM-7"]
    assert lists.causes[2].step == "Approve the additions in Review; those that are flagged after a look."


def test_a_cause_is_found_by_its_key_and_by_its_words() -> None:
    assert all(Cause.of(cause.key) is Cause.of(cause.value.upper()) is cause for cause in Cause)
    assert Cause.TO_ADD.key == "to-add"
    with pytest.raises(ValueError, match="nothing is no cause"):
        Cause.of("nothing")
