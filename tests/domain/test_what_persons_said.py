"""What a person said holds in every stage until its facts change: explained, accepted, apart (R7a, R17, R19a)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member, PairedHow
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot
from cmxero_desktop.domain.tie_out import after_correction, tie_out
from cmxero_desktop.domain.wording import IN_VAIN
from tests.domain.support import (
    POLICY,
    accepted_set,
    applied,
    aud,
    case,
    changes,
    judged,
    nov,
    only,
    remembered,
    rows,
    run,
    snapshot,
    xero,
)

GONE = xero("P1", deleted=True)


def said(what: Explained, copy: CasePayment) -> Explanation:
    return Explanation(case_id=copy.payment_id, what=what, amount=copy.amount, paid_on=copy.paid_on, by="Ann")


def apart(facts: InvoiceSnapshot, *pairs: tuple[str, int]) -> InvoiceSnapshot:
    ended = frozenset((XeroPaymentId(x), CasePaymentId(c)) for x, c in pairs)
    return replace(facts, decisions=replace(facts.decisions, apart=ended))


# Explained


@pytest.mark.parametrize("what", [word for word in Explained if word is not Explained.SET_ASIDE])
@pytest.mark.parametrize("changed", [{"amount": aud("501")}, {"paid_on": nov(3)}])
def test_r19a_what_is_explained_flags_nothing_until_its_facts_change(
    what: Explained, changed: dict[str, object]
) -> None:
    stray = case(7, "500", nov(2))
    beside = snapshot([xero()], [stray], explained=[said(what, stray)])
    elsewhere = snapshot([xero("P5", "500", nov(2), invoice_id="INV-101")], number=101)
    assert "beside_unmatched" not in str(changes(judged(beside, elsewhere)))
    assert changes(judged(elsewhere, beside)) == {"add P5 500.00"}
    other = replace(beside, case_payments=(replace(stray, **changed),))  # type: ignore[arg-type]  # by name
    assert "beside_unmatched" in str(changes(judged(other, elsewhere)))
    if "paid_on" in changed:
        assert changes(judged(elsewhere, other)) == {"add P5 500.00 leftover_elsewhere"}


def test_r19a_an_explained_payment_is_no_former_original_no_remittance_and_no_near_double() -> None:
    copy = case()
    found = run(snapshot([GONE, xero("P2", paid_on=nov(3))], [copy], explained=[said(Explained.OTHER, copy)]))
    assert changes(found) == {"add P2 400.00"}
    day = [
        replace(xero(f"P{n}", a, invoice_id=f"INV-{n}"), contact_name="Acme") for n, a in ((101, "260"), (102, "240"))
    ]
    firm = [snapshot([p], number=n) for n, p in zip((101, 102), day, strict=True)]
    whole = case(7, "500")
    home = snapshot([], [whole], number=103)
    assert changes(judged(*firm, home)) == {"add P101 260.00 same_remittance"}
    explained = replace(home, decisions=replace(home.decisions, explained=(said(Explained.OTHER, whole),)))
    assert changes(judged(*firm, explained)) == {"add P101 260.00"}


@pytest.mark.parametrize(
    ("what", "refunds", "expected"),
    [
        (Explained.OTHER, "", {"add P2 30.00"}),
        (Explained.CORRECTED, "7", {"add P2 30.00"}),
        (Explained.CORRECTED, "0", {"add P2 30.00 balance_differs beside_unmatched copied_twice"}),
        (Explained.TO_CORRECT, "0", {"add P2 30.00 balance_differs copied_twice"}),
    ],
)
def test_r20a_a_second_copy_that_is_explained_blocks_nothing(what: Explained, refunds: str, expected: set[str]) -> None:
    """What was called corrected is so while the refund is there that makes up for it (R17)."""
    second = case(2, "7", names="P1", journalled=bool(refunds))
    facts = snapshot(
        [xero(), xero("P2", "30")],
        [case(1, names="P1"), second],
        explained=[said(what, second)],
        refunds=refunds or "0",
    )
    assert changes(run(facts)) == expected


@pytest.mark.parametrize(("what", "is_free"), [(Explained.CORRECTED, True), (Explained.TO_CORRECT, False)])
def test_r7_a_locked_copy_on_another_invoice_that_was_corrected_lets_the_payment_in(
    what: Explained,
    is_free: bool,  # noqa: FBT001 - a column of the table
) -> None:
    original = xero("P1", "77")
    copy = case(9, "77", names="P1", journalled=True)
    there = snapshot([], [copy], number=101, elsewhere=[original], refunds="77", explained=[said(what, copy)])
    assert changes(judged(snapshot([original]), there)) == {f"add P1 77.00{'' if is_free else ' named_elsewhere'}"}


# Corrected elsewhere


def test_r17_corrected_lets_the_addition_in_until_the_copy_changes() -> None:
    copy = case(names="P1", journalled=True)
    facts = snapshot([GONE, xero("P2", "450")], [copy], refunds="400", explained=[said(Explained.CORRECTED, copy)])
    assert changes(run(facts)) == {"add P2 450.00"}
    changed = replace(facts, case_payments=(replace(copy, amount=aud("410")),))
    assert "journalled_counterpart" in str(changes(run(changed)))


@pytest.mark.parametrize(
    ("refunds", "adjustments", "is_made_up"),
    [
        ("400", "0", True),
        ("0", "400", True),
        ("400", "-100", True),
        ("0", "300", True),
        ("0", "-100", False),
        ("0", "0", False),
        ("390", "-100", False),
    ],
)
@pytest.mark.parametrize(("credited", "xero_total"), [("100", "1000"), ("0", "900")])
def test_r17_a_difference_of_another_cause_opens_no_correction_again(
    refunds: str,
    adjustments: str,
    is_made_up: bool,  # noqa: FBT001 - a column of the table
    credited: str,
    xero_total: str,
) -> None:
    """What Case Manager has for a credit, or for another total, is no part of what makes up for the payment (R0)."""
    copy = case(names="P1", journalled=True)
    facts = snapshot(
        [GONE],
        [copy, case(2, "50", nov(9))],
        refunds=refunds,
        adjustments=adjustments,
        credited=credited,
        xero_total=xero_total,
        explained=[said(Explained.CORRECTED, copy)],
    )
    row = next(r for r in run(facts).placements if r.case == copy)
    assert (IN_VAIN not in row.explanation) is is_made_up


@pytest.mark.parametrize(
    ("live", "refunds", "adjustments", "is_made_up"),
    [
        ("350", "50", "0", True),
        ("350", "0", "50", True),
        ("350", "0", "0", False),
        ("450", "0", "-50", True),
        ("450", "0", "0", False),
    ],
)
def test_r17_what_makes_up_for_a_locked_payment_is_what_it_differs_by(
    live: str,
    refunds: str,
    adjustments: str,
    is_made_up: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Said of the addition that it blocks; Xero still has the payment, with another amount."""
    copy = case(names="P1", journalled=True)
    facts = snapshot(
        [xero("P1", live), xero("P2", "30", nov(9))],
        [copy],
        refunds=refunds,
        adjustments=adjustments,
        explained=[said(Explained.CORRECTED, copy)],
    )
    beside = replace(facts, case_payments=(copy, case(2, "7", nov(20))))
    for each in (facts, beside):
        (row,) = [r for r in run(each).placements if r.case == copy]
        assert (IN_VAIN not in row.explanation) is is_made_up
        assert ("journalled_counterpart" not in str(changes(run(each)))) is is_made_up


def test_r17_the_tie_out_goes_on_to_name_what_was_corrected_and_says_so_beforehand() -> None:
    copy = case(names="P1", journalled=True)
    before = snapshot([GONE], [copy])
    (row,) = run(before).placements
    assert [line.label for line in tie_out([(before, run(before))], POLICY).lines] == [
        "Skipped: Journalled - Xero changed"
    ]
    assert after_correction(row) == (
        "Its 400.00 is named under Skipped now. Once you say Corrected elsewhere it stays a difference of the "
        "payments, named Only in Case Manager: corrected elsewhere, since this payment stays as it is; Debtors then "
        "show no difference for it."
    )
    facts = snapshot([GONE], [copy], refunds="400", explained=[said(Explained.CORRECTED, copy)])
    (line,) = tie_out([(facts, run(facts))], POLICY).lines
    assert (line.label, str(line.amount)) == ("Only in Case Manager: corrected elsewhere", "400.00")
    assert after_correction(run(facts).placements[0]) == ""


def test_r17_of_a_locked_pair_the_tie_out_will_say_that_it_is_the_same_money() -> None:
    facts = snapshot([xero()], [case(1, "380", names="P1", journalled=True)])
    said_before = after_correction(run(facts).placements[0])
    assert said_before.startswith("Its 20.00 is named under Skipped now.")
    assert "named Matched as the same money, entered otherwise, since" in said_before


def test_r19a_the_tie_out_names_what_was_accepted_as_the_same_money_and_other_money() -> None:
    payment, copy, other = xero(), case(1, "400", nov(5)), case(2, "7", nov(20))
    members = (
        Member(amount=payment.amount, paid_on=payment.paid_on, xero_id=payment.payment_id),
        Member(amount=aud("380"), paid_on=copy.paid_on, case_id=copy.payment_id),
    )
    facts = snapshot(
        [payment],
        [replace(copy, amount=aud("380")), other],
        accepted=[AcceptedSet(members=members)],
        explained=[said(Explained.OTHER, other)],
    )
    lines = tie_out([(facts, run(facts))], POLICY).lines
    assert [(line.label, str(line.amount)) for line in lines] == [
        ("Matched as the same money, entered otherwise", "-20.00"),
        ("Only in Case Manager: other money", "7.00"),
    ]


def test_r17_what_will_be_corrected_is_not_yet() -> None:
    copy = case(names="P1", journalled=True)
    facts = snapshot([GONE, xero("P2", "450")], [copy], explained=[said(Explained.TO_CORRECT, copy)])
    assert "journalled_counterpart" in str(changes(run(facts)))


# Accepted


@pytest.mark.parametrize("changed", [{"amount": aud("401")}, {"paid_on": nov(3)}])
def test_r19a_an_accepted_set_reopens_when_a_copy_changes_or_its_payment_is_deleted(changed: dict[str, object]) -> None:
    facts = snapshot([xero()], [case(paid_on=nov(2))])
    accept = only(run(facts))
    settled = applied(facts, [accept])
    assert (rows(run(settled)), changes(run(settled))) == ({"matched P1=1 R19a"}, set())
    other = replace(settled, case_payments=(replace(case(paid_on=nov(2)), **changed),))  # type: ignore[arg-type]  # by name
    assert "P1" in str(changes(run(other)))
    deleted = snapshot([GONE], [case(paid_on=nov(2))], accepted=[accepted_set(accept)])
    assert rows(run(deleted)) == {"unmatched =1 R19"}


# Apart


def test_r7a_a_pair_that_a_person_ended_is_never_formed_again() -> None:
    equal = snapshot([xero()], [case()])
    assert changes(run(apart(equal, ("P1", 1)))) == {"add P1 400.00 balance_differs beside_unmatched near_double"}
    known = snapshot([xero()], [case(amount="390")], memory=[remembered("P1", case())], links=[("P1", 1)])
    for how in (PairedHow.EQUAL, PairedHow.SAID):
        memory = (replace(remembered("P1", case()), how=how),)
        facts = replace(known, decisions=replace(known.decisions, memory=memory))
        assert "change" in str(changes(run(facts)))
        assert "change" not in str(changes(run(apart(facts, ("p1", 1)))))
    former = snapshot([GONE], [case()])
    assert changes(run(former)) == {"remove =1 400.00 former_original"}
    assert changes(run(apart(former, ("P1", 1)))) == set()


def test_r7a_what_may_not_be_a_pair_leaves_the_others_theirs() -> None:
    facts = snapshot([xero("P1"), xero("P2")], [case(1), case(2)])
    assert rows(run(apart(facts, ("P2", 2)))) == {"matched P1=2 R8", "matched P2=1 R8"}
    both = snapshot([xero("P0", deleted=True), xero("P1", deleted=True)], [case(1)])
    assert {p.replaced.payment_id for p in run(apart(both, ("P0", 1))).proposals if p.replaced} == {"P1"}


def test_r7_what_notes_name_is_no_pair_that_we_formed() -> None:
    named = snapshot([xero()], [case(names="P1")])
    assert rows(run(apart(named, ("P1", 1)))) == {"matched P1=1 R7"}
