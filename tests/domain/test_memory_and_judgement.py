"""What is remembered, explained and summed up: R1, R3, R5, R7a, R12, R15, R17, R19a, R24 to R27, R31 and R33."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cmxero_desktop.domain.bulk import may_be_in_bulk, why_not_in_bulk
from cmxero_desktop.domain.correlation.balance import proposal_order
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.limiting import Limits
from cmxero_desktop.domain.correlation.remembering import (
    explanations_ended,
    pairs_contradicted,
    pairs_ended,
    pairs_found,
    remembered,
    sets_reopened,
)
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member, PairedHow
from cmxero_desktop.domain.placements import MatchedHow, Reason
from cmxero_desktop.domain.policy import Columns, Locks, RemovalLimits
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import (
    CasePayment,
    Settlement,
    SettlementKind,
    Side,
    UnreadableRow,
    XeroPayment,
)
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS
from tests.domain.support import (
    AS_OF,
    POLICY,
    TODAY,
    accepted_set,
    applied,
    aud,
    case,
    changes,
    nov,
    only,
    rows,
    run,
    snapshot,
    xero,
)
from tests.domain.support import remembered as memory_of

GONE = xero("P1", deleted=True)
START = replace(POLICY, start_date=nov(10))


# Memory


def test_r7a_a_pair_that_was_matched_is_remembered_with_the_copys_values() -> None:
    facts = snapshot([xero(), xero("P2", "30")], [case(1, names="P1"), case(2, "30", journalled=True)])
    found = pairs_found(facts, run(facts), AS_OF)
    assert [(p.xero_id, p.case_id.value, p.how, p.amount) for p in found] == [
        ("P1", 1, PairedHow.NAMED, aud("400")),
        ("P2", 2, PairedHow.EQUAL, aud("30")),
    ]
    again = remembered(found, facts, run(facts), AS_OF + timedelta(days=1))
    assert again == found
    moved = snapshot([xero(), xero("P2", "30")], [case(1, paid_on=nov(2), names="P1"), case(2, "30")])
    assert set(remembered(found, moved, run(moved), AS_OF)) == set(found)


@pytest.mark.parametrize(
    ("copy", "has_ended"),
    [
        (case(1), False),
        (case(1, "399"), False),
        (case(1, paid_on=nov(2)), False),
        (case(1, "399", nov(2)), True),
        (case(2), True),
    ],
)
def test_r7a_memory_ends_with_the_key_or_with_both_values(copy: CasePayment, has_ended: bool) -> None:  # noqa: FBT001 - a column
    pair = memory_of("P1", case(1))
    facts = snapshot([xero("P1", "77", deleted=True)], [copy], memory=[pair])
    assert bool(pairs_ended([pair], facts)) is has_ended
    assert bool(remembered([pair], facts, run(facts), AS_OF)) is not has_ended
    assert ("never_noted" in str(changes(run(facts)))) is not has_ended


@pytest.mark.parametrize(
    ("side", "key", "has_ended"),
    [
        (Side.CASE_MANAGER, CasePaymentId(1), False),
        (Side.CASE_MANAGER, None, False),
        (Side.CASE_MANAGER, CasePaymentId(2), True),
        (Side.XERO, None, True),
    ],
)
def test_r30_a_row_that_cannot_be_read_is_not_gone(side: Side, key: CasePaymentId | None, has_ended: bool) -> None:  # noqa: FBT001 - a column
    row = UnreadableRow(side=side, place="payments 1", problem="no date", case_payment_id=key)
    facts = replace(snapshot([xero()]), unreadable=(row,))
    assert bool(pairs_ended([memory_of("P1", case(1))], facts)) is has_ended


@pytest.mark.parametrize(
    ("payments", "copy", "named"),
    [
        ([xero(), xero("P2")], case(1, names="p2"), "P2"),
        ([xero(), xero("P2", "30", nov(3))], case(1, names="P2"), "P2"),
        ([xero()], case(1, names="P9"), "P9"),
        ([xero(), xero("P2")], case(1, names="P1"), ""),
        ([xero(), xero("P2")], case(1), ""),
        ([xero(), xero("P2")], case(2, names="P2"), ""),
        ([xero(), xero("P2", deleted=True)], case(1, names="P2"), ""),
        ([xero(), xero("P2")], case(1, names="P3"), ""),
        ([GONE, xero("P2")], case(1, names="P2"), ""),
    ],
)
def test_r7a_notes_that_name_another_live_payment_win_over_memory(
    payments: list[XeroPayment], copy: CasePayment, named: str
) -> None:
    pair = memory_of("P1", case(1))
    other = xero("P9", invoice_id="INV-101")
    facts = replace(snapshot(payments, [copy], memory=[pair]), named_elsewhere={other.payment_id: other})
    found = pairs_contradicted([pair], facts, POLICY)
    assert [(c.pair, c.named.payment_id) for c in found] == ([(pair, named)] if named else [])


@pytest.mark.parametrize(
    ("payments", "copies", "has_ended"),
    [
        ([xero()], [case(1, "390")], False),
        ([], [case(1, "390")], False),
        ([GONE], [case(1, "390")], True),
        ([xero()], [case(1, "391")], True),
        ([xero()], [case(1, "390", nov(2))], True),
        ([xero()], [case(2, "390")], True),
    ],
)
def test_r19b_a_member_that_changes_reopens_the_set(
    payments: list[XeroPayment],
    copies: list[CasePayment],
    has_ended: bool,  # noqa: FBT001 - a column
) -> None:
    members = (
        Member(amount=aud("400"), paid_on=nov(1), xero_id=XeroPaymentId("p1")),
        Member(amount=aud("390"), paid_on=nov(1), case_id=CasePaymentId(1)),
    )
    said = AcceptedSet(members=members)
    assert sets_reopened([said], snapshot(payments, copies)) == ((said,) if has_ended else ())


@pytest.mark.parametrize(
    ("copy", "has_ended"),
    [(case(1, "33"), False), (case(1, "34"), True), (case(1, "33", nov(2)), True), (case(2, "33"), True)],
)
def test_r19a_what_was_said_ends_with_its_facts(copy: CasePayment, has_ended: bool) -> None:  # noqa: FBT001 - a column
    said = Explanation(case_id=CasePaymentId(1), what=Explained.OTHER, amount=aud("33"), paid_on=nov(1))
    assert explanations_ended([said], snapshot([], [copy])) == ((said,) if has_ended else ())


def test_r30_what_was_said_of_a_row_that_cannot_be_read_still_holds() -> None:
    row = UnreadableRow(side=Side.CASE_MANAGER, place="payments 1", problem="no date", case_payment_id=CasePaymentId(1))
    said = Explanation(case_id=CasePaymentId(1), what=Explained.OTHER, amount=aud("33"), paid_on=nov(1))
    assert explanations_ended([said], replace(snapshot([]), unreadable=(row,))) == ()


def test_r7a_a_remembered_copy_that_was_changed_takes_xeros_values_again() -> None:
    facts = snapshot([xero()], [case(1, "390")], memory=[memory_of("P1", case(1))])
    assert changes(run(facts)) == {"change P1=1 400.00 edited_here"}


def test_r7a_equal_ones_keep_the_copy_that_they_had() -> None:
    facts = snapshot([xero("P1"), xero("P2")], [case(1), case(2)], memory=[memory_of("P1", case(2))])
    assert {"matched P1=2 R8", "matched P2=1 R8"} == rows(run(facts))


def test_r7a_what_a_person_linked_is_a_choice() -> None:
    said = replace(memory_of("P1", case(1, "900")), how=PairedHow.SAID)
    facts = snapshot([xero()], [case(1, "900", nov(20))], memory=[said])
    assert changes(run(facts)) == {"change P1=1 400.00"}
    locked = replace(facts, case_payments=(case(1, "900", nov(20), journalled=True),))
    assert rows(run(locked)) == {"skipped P1=1 JOURNALLED R17"}


def test_r7a_what_another_copy_names_is_nobodys_former_original() -> None:
    facts = snapshot([GONE], [case(1), case(2, "7", nov(7), names="P1")])
    assert changes(run(facts)) == {"remove =2 7.00"}


def test_r8_a_link_writes_a_reference_where_there_is_none() -> None:
    link = only(run(snapshot([xero(reference="DD\x007")], [case()])))
    assert link.after is not None
    assert link.after.reference == "DD 7"
    kept = only(run(snapshot([xero(reference="DD 7")], [case(reference="mine")])))
    assert kept.after is not None
    assert kept.after.reference == "mine"


# Accounts, columns, dates


@pytest.mark.parametrize("named", ["091", "trust"])
def test_r3_a_payment_to_a_trust_account_is_skipped_after_matching(named: str) -> None:
    """Told by its code, or by its name: a bank account in Xero may have no code."""
    policy = replace(POLICY, never_copy=frozenset({named}))
    trust = [replace(xero(p, a), account_code="091", account_name="Trust") for p, a in (("P1", "400"), ("P2", "30"))]
    found = run(snapshot(trust, [case(1)]), policy)
    assert rows(found) == {"matched P1=1 R8", "skipped P2= ACCOUNT R3"}
    assert found.proposals == ()
    copied = run(snapshot([trust[1]], [case(1, "31", names="P2")]), policy)
    assert rows(copied) == {"skipped P2=1 ACCOUNT R3"}
    beside = run(snapshot([*trust[1:], xero()]), policy)
    assert changes(beside) == {"add P1 400.00"}


@pytest.mark.parametrize(
    ("account_type", "code", "is_flagged"),
    [("", "", False), ("BANK", "", False), ("EXPENSE", "1", True), ("X", "2", False)],
)
def test_r3_an_account_that_is_no_bank(account_type: str, code: str, is_flagged: bool) -> None:  # noqa: FBT001 - a column
    policy = replace(POLICY, payment_types={"2": "Cash"})
    add = only(run(snapshot([replace(xero(), account_type=account_type, account_code=code)]), policy))
    assert (Flag.NOT_BANK in add.flags) is is_flagged
    assert add.after is not None
    assert add.after.payment_type == ("Cash" if code == "2" else "EFT")


@pytest.mark.parametrize(
    ("payment", "reason"),
    [
        (xero(amount="100.01"), Reason.AMOUNT),
        (xero(amount="9", paid_on=date(2026, 1, 1)), Reason.UNREADABLE),
        (xero(amount="9", paid_on=nov(21)), Reason.UNREADABLE),
    ],
)
def test_r12_nothing_is_offered_that_the_columns_cannot_hold(payment: XeroPayment, reason: Reason) -> None:
    columns = Columns(
        largest_amount=Decimal(100), earliest_date=date(2026, 2, 1), latest_date=nov(20), encoding="latin-1"
    )
    policy = replace(POLICY, columns=columns)
    (row,) = run(snapshot([payment]), policy).placements
    assert row.reason is reason
    add = only(run(snapshot([xero(amount="100", reference="é€")]), policy))
    assert add.after is not None
    assert add.after.reference == "é?"


OLD = xero("P1", paid_on=nov(1))
LONG_AGO = OLD.updated_at - timedelta(days=40)


@pytest.mark.parametrize(
    ("payment", "copies", "expected"),
    [
        (OLD, [], {"add P1 400.00 before_start"}),
        (replace(OLD, updated_at=LONG_AGO), [], set()),
        (replace(OLD, first_updated_at=LONG_AGO), [], set()),
        (GONE, [case(names="P1")], {"remove =1 400.00 before_start"}),
        (replace(GONE, updated_at=LONG_AGO), [case(names="P1")], set()),
        (OLD, [case()], set()),
    ],
)
def test_r5_only_what_happened_since_the_start_is_proposed(
    payment: XeroPayment, copies: list[CasePayment], expected: set[str]
) -> None:
    found = run(snapshot([payment], copies), START)
    assert changes(found) == expected
    assert found.out_of_scope == len(found.hidden_xero) + len(found.hidden_case)
    assert bool(found.out_of_scope) is not bool(expected)


def test_r5_what_is_hidden_is_still_a_leftover_and_is_named_in_the_sums() -> None:
    old = replace(xero("P0", "30"), updated_at=LONG_AGO)
    assert changes(run(snapshot([old, xero("P1", paid_on=nov(11))]), START)) == {"add P1 400.00"}
    typed = case(1, "500", nov(2))
    found = run(snapshot([xero("P1", paid_on=nov(11))], [typed]), START)
    assert changes(found) == {"add P1 400.00 balance_differs beside_unmatched"}
    assert rows(found) == {"unmatched P1= R12"}
    edited = [replace(xero("P0", "30"), updated_at=LONG_AGO), xero("P1", paid_on=nov(11))]
    assert "balance_differs" not in str(changes(run(snapshot(edited, [case(1, "20", names="P0")]), START)))


def test_r7a_a_set_that_a_person_accepted_stays_a_set_where_its_date_hides_it() -> None:
    payments = [xero("P1", "300", nov(2)), xero("P2", "400", nov(3))]
    facts = snapshot(payments, [case(1, "700", nov(5))])
    accepted = replace(facts, decisions=replace(facts.decisions, accepted=(accepted_set(only(run(facts))),)))
    found = run(accepted, START)
    assert (len(found.hidden_xero), len(found.hidden_case)) == (2, 1)
    assert pairs_found(accepted, found, AS_OF) == ()


@pytest.mark.parametrize(
    ("locks", "said"),
    [
        (Locks(period=nov(1)), "Xero's period lock"),
        (Locks(year_end=nov(1)), "end of year"),
        (Locks(lodged=nov(3)), "lodged"),
        (Locks(period=date(2026, 10, 31)), ""),
    ],
)
def test_r33_a_date_in_a_closed_period(locks: Locks, said: str) -> None:
    policy = replace(POLICY, locks=locks)
    add = only(run(snapshot([xero()]), policy))
    assert (Flag.CLOSED_PERIOD in add.flags) is bool(said)
    assert said in add.explanation
    later = only(run(snapshot([GONE, xero("P2", paid_on=nov(9))], [case(names="P1")]), policy))
    assert (Flag.CLOSED_PERIOD in later.flags) is bool(said)
    assert not only(run(snapshot([xero()], [case()]), policy)).flags


def test_r1_while_a_number_is_in_doubt_everything_says_so() -> None:
    facts = snapshot([xero(), xero("P2", "30")], [case()])
    renumbered = run(replace(facts, renumbered_from="CM-1", renumbered_to="CM-2"))
    assert {p.flags for p in renumbered.proposals} == {frozenset({Flag.RENUMBERED})}
    assert "CM-1 is called CM-2 in Xero now." in renumbered.proposals[0].explanation
    shared = run(replace(facts, rivals=("Xero's CM-2",)))
    assert all(p.blocking_flags == {Flag.NUMBER_SHARED} for p in shared.proposals)


def test_s1_what_a_person_says_of_a_schedule_counts() -> None:
    facts = snapshot([xero()])
    assert changes(run(replace(facts, is_under_sor=True))) == {"add P1 400.00 sor"}
    paid = snapshot([xero(account="SOR Clearing")])
    assert changes(run(replace(paid, is_under_sor=False))) == {"add P1 400.00"}


# Deletions


@pytest.mark.parametrize(
    ("amount", "on", "is_flagged"),
    [("400", nov(30), True), ("400", None, True), ("400", date(2026, 12, 22), False), ("399", nov(20), False)],
)
def test_r15_an_amount_that_came_back_as_a_credit(amount: str, on: date | None, is_flagged: bool) -> None:  # noqa: FBT001 - a column
    credit = Settlement(kind=SettlementKind.OVERPAYMENT, number="O1", amount=aud(amount), settled_on=on)
    found = run(snapshot([GONE], [case(names="P1")], settlements=[credit]))
    assert ("resettled" in str(changes(found))) is is_flagged


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (xero("P2", "450", minute=2 * 24 * 60), {"change P2=1 450.00"}),
        (xero("P2", "450", minute=2 * 24 * 60 + 1), {"remove =1 400.00", "add P2 450.00 beside_unmatched"}),
        (xero("P2", minute=9 * 24 * 60, paid_on=nov(9)), {"change P2=1 400.00 far_edit"}),
        (xero("P2", "450", minute=9 * 24 * 60, reference="R"), {"change P2=1 450.00 far_edit"}),
    ],
)
def test_r16_far_apart_it_takes_a_likeness(new: XeroPayment, expected: set[str]) -> None:
    facts = snapshot([replace(GONE, reference="R"), new], [case(names="P1")])
    assert changes(run(facts)) == expected


def test_r16_an_edit_of_a_copy_that_was_never_noted_says_so() -> None:
    facts = snapshot([GONE, xero("P2", "450")], [case()], memory=[memory_of("P1", case())])
    change = only(run(facts))
    assert changes(run(facts)) == {"change P2=1 450.00 never_noted"}
    removal = only(run(snapshot([GONE], [case()], memory=[memory_of("P1", case())])))
    assert change.passes_on == (removal.decision,)
    held = run(replace(facts, decisions=replace(facts.decisions, declined=frozenset({removal.decision}))))
    assert only(held).balance_before == only(held).balance_before


def test_r13_a_removal_whose_replacement_is_beyond_the_limit_of_another_schedule_stands_alone() -> None:
    facts = snapshot([GONE, xero("P2", paid_on=nov(28), account="SOR Clearing")], [case(names="P1")])
    assert "replacement_ahead" not in str(changes(run(facts)))


# What a person said


def explained(what: Explained, copy: CasePayment) -> Explanation:
    return Explanation(
        case_id=copy.payment_id, what=what, amount=copy.amount, paid_on=copy.paid_on, by="Ann", reason="seen"
    )


def test_r19a_other_money_stands_beside_nothing_any_more_until_it_changes() -> None:
    copy = case(1, "500", nov(2))
    said = [explained(Explained.OTHER, copy)]
    found = run(snapshot([xero()], [copy], explained=said))
    assert changes(found) == {"add P1 400.00"}
    assert rows(found) == {"unmatched P1= R12", "unmatched =1 R19a"}
    assert "Ann said that 500.00 on 2 Nov 2026 is other money: seen." in {p.explanation for p in found.placements}
    changed = run(snapshot([xero()], [replace(copy, amount=aud("501"))], explained=said))
    assert "beside_unmatched" in str(changes(changed))


def test_r19a_what_stands_for_a_credit_settles_it() -> None:
    copy = case(1, "300", nov(2))
    found = run(snapshot([xero()], [copy], credited="300", explained=[explained(Explained.ALLOCATION, copy)]))
    assert changes(found) == {"add P1 400.00"}


def test_r19a_a_copy_that_stays_although_its_original_is_deleted() -> None:
    copy = case(names="P1")
    found = run(snapshot([GONE], [copy], explained=[explained(Explained.OTHER, copy)]))
    assert (rows(found), changes(found)) == ({"unmatched =1 R19a"}, set())


def test_r19b_what_was_accepted_is_matched_until_a_member_changes() -> None:
    facts = snapshot([xero("P1", "500"), xero("P2", "500", nov(2))], [case(1, "1000", nov(9))])
    accept = only(run(facts))
    assert (accept.amount, accept.paid_on, accept.effect, accept.kind) == (
        aud("1000"),
        nov(2),
        aud("0"),
        ProposalKind.ACCEPT,
    )
    assert "Both sides show 0.00 owing" in accept.explanation
    after = applied(facts, [accept])
    found = run(after)
    assert rows(found) == {"matched P1=1 R19a", "matched P2= R19a"}
    assert {p.matched_how for p in found.placements} == {MatchedHow.ACCEPTED}
    assert pairs_found(facts, found, AS_OF) == ()
    reopened = run(replace(after, case_payments=(case(1, "1000", nov(8)),)))
    assert changes(reopened) == {"accept P1,P2=1 1,000.00"}
    twice = replace(after.decisions, accepted=(accepted_set(accept), accepted_set(accept)))
    assert rows(run(replace(after, decisions=twice))) == rows(found)


def test_r17_already_there_pairs_a_payment_with_a_locked_copy() -> None:
    copy = case(names="P1", journalled=True)
    facts = snapshot([GONE, xero("P2", "450")], [copy])
    pair = AcceptedSet(
        members=(
            Member(amount=aud("450"), paid_on=nov(1), xero_id=XeroPaymentId("P2")),
            Member(amount=aud("400"), paid_on=nov(1), case_id=copy.payment_id),
        )
    )
    found = run(replace(facts, decisions=replace(facts.decisions, accepted=(pair,))))
    assert (rows(found), changes(found)) == ({"matched P2=1 R19a"}, set())


def test_r17_corrected_elsewhere_lets_the_addition_in() -> None:
    copy = case(names="P1", journalled=True)
    said = [explained(Explained.CORRECTED, copy)]
    found = run(snapshot([GONE, xero("P2", "450")], [copy], refunds="400", explained=said))
    assert changes(found) == {"add P2 450.00"}


def test_r17_counts_amounts_not_dates() -> None:
    dated = case(1, paid_on=nov(2), names="P1", journalled=True)
    assert "journalled" not in str(changes(run(snapshot([xero(), xero("P2", "30")], [dated]))))
    lower = case(1, "300", names="P1", journalled=True)
    assert "journalled_counterpart" in str(changes(run(snapshot([xero(), xero("P2", "30")], [lower]))))


def test_r20a_a_second_copy_blocks_what_is_entered_beside_it_and_never_itself() -> None:
    found = run(snapshot([xero(), xero("P2", "30")], [case(1, names="P1"), case(2, "7", names="P1")]))
    assert changes(found) == {"remove =2 7.00", "add P2 30.00 beside_unmatched copied_twice"}
    assert {p.kind for p in found.proposals if p.blocking_flags} == {ProposalKind.ADD}


# Sums


def test_r24a_names_what_one_side_alone_can_have() -> None:
    ahead = snapshot([xero(), xero("P2", "30", nov(28)), xero("P3", "-20")])
    assert changes(run(ahead)) == {"add P1 400.00"}
    credit = snapshot([xero()], credited="100")
    assert changes(run(credit)) == {"add P1 400.00"}
    assert changes(run(snapshot([xero()], credited="100", adjustments="-100"))) == {"add P1 400.00"}
    assert changes(run(snapshot([xero()], credited="100", adjustments="-60"))) == {"add P1 400.00 balance_differs"}


def test_r24a_what_is_declined_is_no_difference() -> None:
    facts = snapshot([xero(), xero("P2", "30")])
    no = next(p.decision for p in run(facts).proposals if p.xero_payment_id == "P2")
    found = run(snapshot([xero(), xero("P2", "30")], declined=[no]))
    assert changes(found) == {"add P1 400.00", "add P2 30.00"}


def test_r24a_what_is_not_known_counts_as_differing() -> None:
    facts = snapshot([xero()])
    assert facts.case_invoice is not None
    unknown = run(replace(facts, case_invoice=replace(facts.case_invoice, are_adjustments_known=False)))
    assert changes(unknown) == {"add P1 400.00 balance_differs"}
    assert "is not known" in only(unknown).explanation
    assert facts.xero_invoice is not None
    told = run(replace(facts, xero_invoice=replace(facts.xero_invoice, amount_due=aud("599"))))
    assert changes(told) == {"add P1 400.00 balance_differs"}
    assert "no single figure explains it" in only(told).explanation


def test_r24b_an_addition_depends_on_the_removal_beside_it() -> None:
    found = run(snapshot([GONE, xero("P9", "900", account="SOR Clearing")], [case(names="P1")]))
    removal, add = found.proposals
    assert add.depends_on == (removal.proposal_id,)
    assert removal.depends_on == ()


# Limits, bulk, decisions


def limited(count: int, policy_limits: RemovalLimits, limits: Limits, amount: str = "10") -> tuple[set[bool], str]:
    facts = snapshot([], [case(n, amount, notes="Xero payment") for n in range(count)], invoice_total="900000")
    found = judge([facts], replace(POLICY, removal_limits=policy_limits), TODAY, limits=limits)
    return {Flag.OVER_LIMIT in p.flags for p in found.correlations["CM-100"].proposals}, found.breach


@pytest.mark.parametrize(
    ("count", "copies", "amount", "said"),
    [
        (10, 9999, "10", ""),
        (11, 9999, "10", "11 removals in one check (limit 10)"),
        (2, 100, "10", ""),
        (3, 100, "10", "3 removals in one check are 3.00 % of the 100 imported payments (limit 2 %)"),
        (3, 149, "10", "3 removals in one check are 2.01 % of the 149 imported payments (limit 2 %)"),
        (2, 50, "10", "2 removals in one check are 4.00 % of the 50 imported payments (limit 2 %)"),
        (1, 50, "10", ""),
        (3, 49, "10", ""),
        (2, 9999, "10000", ""),
        (2, 9999, "10000.01", "removals of 20,000.02 in one check (limit 20,000.00)"),
    ],
)
def test_r27_the_limits_of_a_poll(count: int, copies: int, amount: str, said: str) -> None:
    """Each names whose limit it is, and where it is changed."""
    is_over, breach = limited(count, RemovalLimits(), Limits(imported_copies=copies), amount)
    said = said.replace("(limit ", "(the firm's limit is ").replace(")", ": Settings, Limits)")
    assert (is_over, breach) == ({bool(said)}, said)


def test_r27_holds_every_removal_and_nothing_else() -> None:
    facts = snapshot([xero("P1", "77")], [case(n, "10", notes="Xero payment") for n in range(11)])
    found = judge([facts], POLICY, TODAY, limits=Limits(imported_copies=9999)).correlations["CM-100"].proposals
    assert {(p.kind, Flag.OVER_LIMIT in p.flags) for p in found} == {
        (ProposalKind.REMOVE, True),
        (ProposalKind.ADD, False),
    }


def test_r27_what_was_held_waits_and_what_was_released_counts_no_more() -> None:
    facts = snapshot([], [case(n, "10", notes="Xero payment") for n in range(3)])
    decisions = frozenset(p.decision for p in run(facts).proposals)
    assert limited(3, RemovalLimits(), Limits(imported_copies=9999, held=decisions))[1] == (
        "3 removals of an earlier check still wait"
    )
    assert limited(3, RemovalLimits(count=2), Limits(imported_copies=9999, released=decisions)) == ({False}, "")


def test_r27_a_change_that_lowers_by_more_than_a_tenth_counts_too() -> None:
    for amount, is_counted in (("360", False), ("359.99", True)):
        facts = snapshot([GONE, xero("P2", amount)], [case(names="P1")])
        policy = replace(POLICY, removal_limits=RemovalLimits(count=0))
        (change,) = judge([facts], policy, TODAY, limits=Limits()).correlations["CM-100"].proposals
        assert (Flag.OVER_LIMIT in change.flags) is is_counted


@pytest.mark.parametrize(
    ("payments", "copies", "said"),
    [
        ([xero()], [], ""),
        ([xero()], [case()], ""),
        ([xero()], [case(paid_on=nov(2))], ""),
        ([xero(amount="5000")], [], ""),
        ([xero(amount="5000.01")], [], "more than 5,000.00"),
        ([GONE], [case(names="P1")], "A removal"),
        ([xero(), xero("P2")], [case(names="P1")], "flagged"),
        ([GONE, xero("P2", "360")], [case(names="P1")], ""),
        ([GONE, xero("P2", "359.99")], [case(names="P1")], "more than a tenth"),
    ],
)
def test_r26_what_may_go_in_bulk(payments: list[XeroPayment], copies: list[CasePayment], said: str) -> None:
    proposal = list(run(snapshot(payments, copies, invoice_total="9000")).proposals)[-1]
    assert said in why_not_in_bulk(proposal, POLICY)
    assert may_be_in_bulk(proposal, POLICY) is not bool(said)
    assert "move" in why_not_in_bulk(replace(proposal, kind=ProposalKind.ADD, move_id="m-1"), POLICY)


def test_r31_a_decision_lives_until_its_own_facts_change_and_an_approval_until_any_does() -> None:
    def of(payments: Iterable[XeroPayment], copies: Iterable[CasePayment] = ()) -> tuple[str, str]:
        add = next(p for p in run(snapshot(payments, copies)).proposals if p.xero_payment_id == "P1")
        return add.decision, add.fingerprint

    first = of([xero()])
    assert of([xero(), xero("P2", "30")]) == first
    referenced = of([xero(reference="new")])
    assert (referenced[0] == first[0], referenced[1] == first[1]) == (True, False)
    beside = of([xero()], [case(7, "999", nov(20))])
    assert beside[0] != first[0]
    assert beside[1] != first[1]


def test_every_flag_and_reason_has_its_words() -> None:
    assert set(FLAG_WORDS) == set(Flag)
    assert set(REASON_WORDS) == set(Reason)
    for words in (*FLAG_WORDS.values(), *REASON_WORDS.values()):
        assert all((words.short, words.meaning, words.next_step, words.leaves))


def test_r19b_an_imported_copy_without_identity_agrees_with_nothing() -> None:
    found = run(snapshot([xero()], [case(1, paid_on=nov(2), notes="Xero payment")]))
    assert changes(found) == {"remove =1 400.00 no_identity", "add P1 400.00 beside_unmatched"}


def test_r24_what_is_approved_together_uses_the_balance_in_its_order() -> None:
    facts = snapshot([GONE, xero("P8", "30", nov(3)), xero("P9", "900", account="SOR Clearing")], [case(names="P1")])
    proposals = run(facts).proposals
    assert sorted(proposals, key=proposal_order) == list(proposals)


def test_what_was_found_is_not_said_twice() -> None:
    place, finding = Place("CM-1", "add x-P1 "), Finding(Flag.MOVED, "It moved.")
    board = Board({}).with_findings([(place, finding), (place, finding)])
    assert board.with_findings([(place, finding)]).findings == {place: (finding,)}


def test_all_that_keeps_a_row_out_of_bulk_is_named() -> None:
    facts = snapshot([xero(amount="9000.00")])
    (add,) = judge([facts], POLICY, TODAY).correlations[facts.number].proposals
    said = why_not_in_bulk(replace(add, flags=frozenset({Flag.SOR})), POLICY)
    assert "It is flagged" in said
    assert "It is more than 5,000.00, the firm's limit for bulk (Settings, Limits)." in said
