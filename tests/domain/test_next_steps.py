"""What to do about a row: every row of Review and of Unmatched says it, and when it leaves (R0)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.around import Surroundings
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.leaving import when_row_leaves, when_unmatched_leaves
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.next_steps import step_of_row, step_of_unmatched
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording_balances import totals_differ
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS
from tests.domain.support import POLICY, aud, case, judged, nov, run, snapshot, xero

XERO = xero("a", "10.00", nov(1))
CASE = case(1, "10.00", nov(1))
(ADD,) = run(snapshot([XERO])).proposals
ROWS = [
    Placement(bucket=Bucket.UNMATCHED, invoice_number="CM-1", rule=rule, explanation="Why.", xero=there, case=here)
    for rule in (Rule.R7, Rule.R12, Rule.R19, Rule.R19A, Rule.R20)
    for there, here in ((XERO, None), (None, CASE))
]


@pytest.mark.parametrize("row", ROWS)
def test_every_unmatched_row_of_every_kind_says_what_to_do_and_when_it_leaves(row: Placement) -> None:
    for state in (*ProposalState, None):
        for kind in ProposalKind:
            proposal = replace(ADD, kind=kind) if state is not None else None
            for said in (*Explained, None):
                assert step_of_unmatched(row, proposal, state, said)
            assert when_unmatched_leaves(row, proposal, state).endswith(".")


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_of_a_row_says_what_to_do(flag: Flag) -> None:
    assert FLAG_WORDS[flag].next_step in step_of_row(replace(ADD, flags=frozenset({flag})))


def test_a_removal_says_what_to_do_if_the_money_came_and_that_is_true() -> None:
    said = step_of_row(replace(ADD, kind=ProposalKind.REMOVE))
    assert "If it did come, enter it in Xero again with the same date and amount" in said
    resettled = replace(ADD, kind=ProposalKind.REMOVE, flags=frozenset({Flag.RESETTLED}))
    assert step_of_row(resettled) == FLAG_WORDS[Flag.RESETTLED].next_step
    gone = xero("a", "10.00", nov(1), deleted=True)
    copy = case(1, "10.00", nov(1), names="a")
    found = run(snapshot([gone, xero("b", "10.00", nov(1))], [copy]))
    assert [p.kind for p in found.proposals] == [ProposalKind.LINK]


def test_totals_that_differ_say_by_how_much_and_where() -> None:
    assert totals_differ(aud("330.00"), aud("335.00")).endswith("5.00 more in Xero")
    assert totals_differ(aud("335.00"), aud("330.00")).endswith("5.00 more in Case Manager")


def test_where_journal_entries_lock_nothing_a_journalled_payment_is_like_any_other() -> None:
    """The firm's settings say so (R10): it takes other values, and stands in Unmatched."""
    policy = replace(POLICY, is_journalled_locked=False)
    found = run(snapshot([xero("a", "10.00", nov(1))], [case(1, "9.50", nov(4), journalled=True)]), policy)
    (add,) = found.proposals
    said = step_of_row(add, is_journalled_locked=False)
    assert "say so (Same payment)" in said
    assert "Skipped" not in said
    (row,) = [row for row in found.placements if row.xero is not None]
    assert "Skipped" not in step_of_unmatched(row, add, ProposalState.PROPOSED, None, is_journalled_locked=False)
    blocked = replace(add, flags=add.flags | {Flag.WOULD_OVERPAY})
    for is_locked in (True, False):
        leaves = when_unmatched_leaves(row, add, ProposalState.PROPOSED, is_journalled_locked=is_locked)
        waits = when_row_leaves(blocked, ProposalState.PROPOSED, None, is_journalled_locked=is_locked)
        assert ("Same payment" in leaves) is ("Same payment" in waits) is not is_locked


def test_a_locked_payment_that_xero_has_with_another_amount_did_not_lose_it() -> None:
    copies = [case(key, "400", nov(key), names=f"P{key}", journalled=True) for key in (1, 2)]
    sent = [xero("P1", "450", nov(1)), xero("P2", "350", nov(2)), xero("P3", "30", nov(9))]

    def why(*parts: int) -> str:
        facts = snapshot([sent[n] for n in (*parts, 2)], [copies[n] for n in parts])
        (add,) = run(facts).proposals
        return next(r.sentence for r in add.remarks if r.flag is Flag.JOURNALLED_COUNTERPART)

    assert "lost its original" not in why(0)
    assert "no longer agrees with Xero" in why(0)
    assert why(0).endswith("Its correction is an adjustment of -50.00 on invoice 100.")
    assert why(1).endswith(
        "Its correction is a refund of 50.00 (an adjustment of +50.00 does the same) on invoice 100."
    )
    assert why(0, 1).endswith("say of each that it is Xero's payment (Say what it is).")
    assert "0.00" not in why(0, 1).replace("400.00", "")


GONE = xero("P1", deleted=True)
LOCKED = case(names="P1", journalled=True)


def step_of(found: Correlation, kind: ProposalKind = ProposalKind.ADD) -> str:
    return step_of_row(next(p for p in found.proposals if p.kind is kind))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            run(snapshot([xero("P1", "1000")], [case(1, "900", nov(5))])),
            (
                "If 900.00 on 5 Nov 2026 in Case Manager is this money, say so (Same payment). Delete it in Case "
                "Manager if it never came. If both are real and the invoice's total is wrong: correct it in Xero, in "
                "Case Manager or in both, enter 900.00 on 5 Nov 2026 in Xero too, and check Xero: nothing blocks this "
                "row then. If both are real and the total is right, more came than was owed: enter 900.00 on 5 Nov "
                "2026 in Xero, and this one anew with what is still owed, the rest of it as an overpayment; check "
                "Xero, and what fits is offered instead of this row."
            ),
        ),
        (
            run(snapshot([xero()], [case(1, "33", nov(9)), case(2, "44", nov(9))])),
            (
                "If one of the 2 unmatched payments in Case Manager is this money, say so (Same payment). If that is "
                "other money, enter it in Xero too, or delete it in Case Manager if it never came. Otherwise approve "
                "it alone."
            ),
        ),
        (
            run(snapshot([GONE, xero("P2", "450")], [LOCKED], refunds="400")),
            "The locked payment beside it is made up for: approve this one alone.",
        ),
        (
            run(snapshot([xero()], [case(1, "350", group=True)])),
            (
                "If 350.00 on 1 Nov 2026 in Case Manager is this money, say so. What to do about it else stands at its "
                "own row. Otherwise approve it alone."
            ),
        ),
        (
            run(snapshot([xero("P1", "700")], [case(1, "400", nov(5), journalled=True)])),
            (
                "1. If 400.00 on 5 Nov 2026 in Case Manager is this money, say so. What to do about it else stands at "
                "its own row. 2. The invoice cannot take both: if both are right, correct its total where it is "
                "wrong, in Xero, in Case Manager or in both, or record what is too much in Xero as an overpayment."
            ),
        ),
        (
            run(snapshot([GONE, xero("P2", "30", nov(9), minute=9 * 24 * 60)], [case(names="P1")])),
            "Decide first the row of 400.00 on 1 Nov 2026 in Case Manager, which stands beside it.",
        ),
    ],
    ids=["too much", "several", "made up for", "of a group", "locked and too much", "waits for its removal"],
)
def test_what_several_flags_ask_is_asked_once_and_nobody_is_told_to_approve_what_is_closed(
    found: Correlation, said: str
) -> None:
    (row,) = [p for p in found.proposals if p.kind is ProposalKind.ADD]
    assert step_of_row(row) == said
    assert "approve" not in said or not row.blocking_flags


def test_a_removal_says_whether_it_is_of_a_second_copy_or_one_part_of_a_move() -> None:
    twice = run(snapshot([xero()], [case(1, names="P1"), case(2, names="P1")]))
    assert step_of(twice, ProposalKind.REMOVE).startswith("Approve it: the other copy stays.")
    original = xero("P1", "77")
    here = snapshot([original])
    there = snapshot([], [case(9, "77", names="P1")], number=101, elsewhere=[original])
    for own, other, kind in ((here, there, ProposalKind.ADD), (there, here, ProposalKind.REMOVE)):
        said = step_of(judged(own, other), kind)
        assert said == "It is one part of a move: approve all of it together, if it is the same money."


AWAY = replace(CASE, payment_id=CasePaymentId(9), invoice_id=CaseInvoiceId(900))
GROUP = tuple(
    replace(AWAY, payment_id=CasePaymentId(key), is_multi_invoice=True, group="3", amount=aud(amount))
    for key, amount in ((9, "6.00"), (10, "4.00"))
)


@pytest.mark.parametrize(
    ("near", "said"),
    [
        (
            (AWAY,),
            (
                "If 10.00 on 1 Nov 2026 on CM-900 (QBE) in Case Manager is this money, delete it there and check Xero, "
                "then approve this: with both it would count twice. If it is other money, say so at its row in "
                "Unmatched (Say what it is)."
            ),
        ),
        (
            (AWAY, replace(AWAY, payment_id=CasePaymentId(8), invoice_id=CaseInvoiceId(8))),
            (
                "If 10.00 on 1 Nov 2026 on CM-900 (QBE) or 10.00 on 1 Nov 2026 on another invoice in Case Manager is "
                "this money, delete that one there and check Xero"
            ),
        ),
        (
            GROUP,
            (
                "If the multi-invoice payment of 6.00 on 1 Nov 2026 on CM-900 (QBE) and 4.00 on 1 Nov 2026 on CM-900 "
                "(QBE) in Case Manager is this money, delete all of it there and check Xero"
            ),
        ),
        (
            (replace(AWAY, is_journalled=True),),
            (
                "is this money, correct it as its own row says, then approve this: with both it would count "
                "twice. If it is other money, say so at its row in Unmatched"
            ),
        ),
        ((replace(AWAY, invoice_id=ADD.case_invoice_id),), "If 10.00 on 1 Nov 2026 on this invoice in Case Manager"),
    ],
    ids=["one", "several", "of a group", "locked", "here"],
)
def test_a_remittance_that_stands_elsewhere_names_what_would_be_deleted(
    near: tuple[CasePayment, ...], said: str
) -> None:
    row = replace(ADD, flags=frozenset({Flag.SAME_REMITTANCE, Flag.LEFTOVER_ELSEWHERE}), near=near)
    around = Surroundings({CaseInvoiceId(900): "CM-900 (QBE)"})
    assert said in step_of_row(row, around=around)
    whole = " ".join(step_of_row(row, around=around).split())
    assert ("enter it in Case Manager on this invoice instead" in whole) is (len(near) > 1)


def test_what_stands_elsewhere_is_named_where_it_has_about_the_amount_and_nothing_of_a_move_is() -> None:
    constant = FLAG_WORDS[Flag.LEFTOVER_ELSEWHERE].next_step
    row = replace(ADD, flags=frozenset({Flag.LEFTOVER_ELSEWHERE}), near=(AWAY,))
    assert "10.00 on 1 Nov 2026 on another invoice in Case Manager is this money, enter it" in step_of_row(row)
    assert constant in step_of_row(replace(row, near=(replace(AWAY, amount=aud("26.00")),)))
    assert constant in step_of_row(replace(row, flags=row.flags | {Flag.MOVED}))


def test_what_is_done_one_after_the_other_has_its_numbers() -> None:
    both = replace(ADD, flags=frozenset({Flag.BALANCE_DIFFERS, Flag.TWIN}))
    said = step_of_row(both)
    assert said.startswith("1. Correct the cause that the reason names")
    assert " 2. If it was entered twice in Xero" in said
    assert said.endswith(" 3. Otherwise approve it alone.")


def test_of_a_number_that_two_claim_it_is_asked_once_which_one_it_is() -> None:
    doubted = replace(ADD, flags=frozenset({Flag.NUMBER_SHARED, Flag.RENUMBERED}))
    assert step_of_row(doubted).count("Say which one it is") == 1


def test_what_a_row_of_review_asks_about_is_decided_there_first() -> None:
    row = replace(ROWS[-1], rule=Rule.R19, near_xero=(XERO.payment_id,), case=CASE, xero=None)
    assert step_of_unmatched(row, None, None, None).startswith("Decide first the row of Review that names it")
