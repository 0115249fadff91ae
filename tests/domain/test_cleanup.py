"""What may be said of old leftovers together: what agrees is accepted, what only lies about is set aside (R19a)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.cleanup import GROUP_WORDS, Cleanup, Group, clean_up
from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot
from tests.domain.support import AS_OF, POLICY, TODAY, aud, case, changes, judged, nov, snapshot, xero

JUNE = date(2026, 6, 3)


def cleaned(firm: Iterable[InvoiceSnapshot], strays: Iterable[StrayPayment] = ()) -> Cleanup:
    firm, strays = tuple(firm), tuple(strays)
    found = judge(firm, POLICY, TODAY, strays=strays).correlations
    return clean_up([(one, found[one.number]) for one in firm], strays, POLICY, TODAY)


def told(found: Cleanup) -> dict[str, list[str]]:
    groups = {g.group.value: [f"{one.number} {one.amount}" for one in g.members] for g in found.groups}
    alone = [f"{one.number} {one.amount}" for one in found.one_by_one]
    return {**groups, "one by one": alone} if alone else groups


def settled_by_credit(key: int = 7, paid_on: date = JUNE, number: int = 100) -> InvoiceSnapshot:
    """Make an invoice of 1,000.00 that Xero credited and Case Manager has as paid: nothing is owed on either side."""
    facts = snapshot([], [case(key, "1000", paid_on)], number=number)
    assert facts.xero_invoice is not None
    credited = replace(facts.xero_invoice, amount_credited=aud("1000"), amount_due=aud("0"))
    return replace(facts, xero_invoice=credited)


def stray(key: int, amount: str = "500", paid_on: date = JUNE, **values: str) -> StrayPayment:
    return StrayPayment(case(key, amount, paid_on, **values), f"CM-9{key}", "Acme")  # type: ignore[arg-type]  # by name


def said(copy: CasePayment, what: Explained) -> Explanation:
    return Explanation(case_id=copy.payment_id, what=what, amount=copy.amount, paid_on=copy.paid_on, by="Ann")


def test_each_leftover_is_in_one_group_or_is_looked_at_alone() -> None:
    firm = [
        snapshot([xero("P1")], [case(1, "400", nov(2))]),
        settled_by_credit(number=101),
        snapshot([xero("P2", "300", invoice_id="INV-102")], [case(3, "250", JUNE)], number=102),
    ]
    found = cleaned(firm, [stray(4), stray(5, "300", nov(1))])
    assert told(found) == {
        "same-money": ["CM-100 400.00"],
        "settled": ["CM-101 1,000.00"],
        "not-in-xero": ["CM-94 500.00"],
        "one by one": ["CM-102 250.00", "CM-95 300.00"],
    }
    assert [one.number for one in found.members_of({Group.SETTLED})] == ["CM-101"]


def test_a_group_has_its_sum_and_its_first_and_last_day() -> None:
    (group,) = cleaned([], [stray(4, "20.50"), stray(5, "9.50", date(2025, 1, 2))]).groups
    assert (group.total, group.oldest, group.newest) == (aud("30"), date(2025, 1, 2), JUNE)
    assert [one.row_id for one in group.members] == ["c-5 9.50 2025-01-02", "c-4 20.50 2026-06-03"]
    assert {one.own_number for one in group.members} == {"94", "95"}


def test_an_accept_goes_by_its_proposal() -> None:
    (group,) = cleaned([snapshot([xero("P1")], [case(1, "400", nov(2))])]).groups
    (one,) = group.members
    assert one.accept is not None
    assert one.row_id == one.accept.proposal_id


def test_every_group_says_its_danger() -> None:
    assert {group for group in Group if GROUP_WORDS[group].danger} == set(Group)


@pytest.mark.parametrize("paid_on", [nov(2), nov(21)])
def test_what_is_not_old_yet_is_not_set_aside(paid_on: date) -> None:
    assert told(cleaned([settled_by_credit(paid_on=paid_on)])) == {"one by one": ["CM-100 1,000.00"]}
    assert told(cleaned([], [stray(4, paid_on=paid_on)])) == {}


def test_what_an_addition_elsewhere_may_be_is_not_set_aside() -> None:
    add = snapshot([xero("P5", "1000", JUNE, invoice_id="INV-101")], number=101)
    assert told(cleaned([settled_by_credit(), add])) == {"one by one": ["CM-100 1,000.00"]}


def test_what_is_set_aside_flags_as_before_and_pairs_as_before() -> None:
    facts = settled_by_credit()
    aside = replace(
        facts, decisions=replace(facts.decisions, explained=(said(facts.case_payments[0], Explained.SET_ASIDE),))
    )
    add = snapshot([xero("P5", "1000", JUNE, invoice_id="INV-101")], number=101)
    assert changes(judged(add, aside)) == changes(judged(add, facts)) == {"add P5 1,000.00 leftover_elsewhere"}
    own = replace(aside, xero_payments=(xero("P1", "1000", JUNE),))
    assert changes(judged(own)) == changes(judged(replace(facts, xero_payments=(xero("P1", "1000", JUNE),))))
    (row,) = judged(aside).placements
    assert row.explanation == "Ann said that 1,000.00 on 3 Jun 2026 is from before and stays as it stands."


def test_a_stray_that_is_set_aside_flags_as_before_and_is_not_said_again() -> None:
    add = snapshot([xero("P5", "500", JUNE, invoice_id="INV-101")], number=101)
    aside = replace(stray(4), said=Explained.SET_ASIDE)
    assert told(cleaned([], [aside])) == {}
    found = judge([add], POLICY, TODAY, strays=[aside]).correlations["CM-101"]
    assert changes(found) == {"add P5 500.00 leftover_elsewhere"}


def test_what_somebody_spoke_of_already_is_no_member() -> None:
    facts = settled_by_credit()
    for what in Explained:
        explained = replace(facts, decisions=replace(facts.decisions, explained=(said(facts.case_payments[0], what),)))
        assert told(cleaned([explained])) == {}


def test_a_copy_that_names_a_payment_is_never_set_aside() -> None:
    assert told(cleaned([], [stray(4, notes="Xero payment P9")])) == {}


def test_an_accept_that_a_person_declined_or_that_is_flagged_is_no_member() -> None:
    facts = snapshot([xero("P1")], [case(1, "400", nov(2))])
    (accept,) = judged(facts).proposals
    declined = replace(facts, decisions=replace(facts.decisions, declined=frozenset({accept.decision})))
    assert told(cleaned([declined])) == {}
    assert told(cleaned([replace(facts, renumbered_to="CM-9")])) == {}


@pytest.mark.parametrize("figure", ["total", "amount_due"])
def test_where_something_is_owed_nothing_is_set_aside(figure: str) -> None:
    facts = settled_by_credit()
    assert facts.xero_invoice is not None
    assert facts.case_invoice is not None
    xero_invoice, case_invoice = facts.xero_invoice, facts.case_invoice
    if figure == "total":
        case_invoice = replace(case_invoice, total=aud("1000.06"))
    else:
        xero_invoice = replace(xero_invoice, amount_due=aud("0.06"))
    owed = replace(facts, xero_invoice=xero_invoice, case_invoice=case_invoice)
    assert told(cleaned([owed])) == {"one by one": ["CM-100 1,000.00"]}


def unknown_adjustments(facts: InvoiceSnapshot) -> InvoiceSnapshot:
    assert facts.case_invoice is not None
    return replace(facts, case_invoice=replace(facts.case_invoice, are_adjustments_known=False))


def void(facts: InvoiceSnapshot) -> InvoiceSnapshot:
    assert facts.xero_invoice is not None
    return replace(facts, xero_invoice=replace(facts.xero_invoice, status="VOIDED"))


@pytest.mark.parametrize(
    "doubtful",
    [
        unknown_adjustments(settled_by_credit()),
        void(settled_by_credit()),
        replace(settled_by_credit(), xero_invoice=None),
        replace(settled_by_credit(), renumbered_to="CM-9"),
        replace(settled_by_credit(), rivals=("Xero's CM-7",)),
        # A payment to be removed is open on it, and one that was skipped.
        replace(
            settled_by_credit(),
            xero_payments=(xero("P1", "7", deleted=True),),
            case_payments=(case(7, "993", JUNE), case(8, "7", names="P1")),
        ),
        replace(settled_by_credit(), case_payments=(case(7, "993", JUNE), case(8, "7", group=True))),
    ],
)
def test_on_an_invoice_in_doubt_nothing_is_set_aside(doubtful: InvoiceSnapshot) -> None:
    assert "settled" not in told(cleaned([doubtful]))


def test_without_an_invoice_here_there_is_nothing_to_clean_up() -> None:
    assert cleaned([replace(settled_by_credit(), case_invoice=None, case_payments=(), as_of=AS_OF)]) == Cleanup()


def test_the_code_of_what_was_shown_is_of_exactly_these_members_in_any_order() -> None:
    four, five = stray(4), stray(5)
    code = cleaned([], [four, five]).code
    assert code == cleaned([], [five, four]).code
    edited = replace(four, payment=replace(four.payment, amount=aud("500.01")))
    others = [[four], [four, five, stray(6)], [edited, five], []]
    assert len({code, *(cleaned([], some).code for some in others)}) == 5
