"""What must hold of every debtor list: it adds up to the cent, and hides nothing that got lost (R24a)."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine, DebtorLists, compare_debtors
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.records import InvoiceSnapshot, Side
from cmxero_desktop.domain.scope import is_customer_payment
from tests.domain.generated import Situation, situation, situations, thoroughly
from tests.domain.support import AUD, aud, case, run

_NO_DEBT = {"VOIDED", "DELETED", "DRAFT", "SUBMITTED"}
_DUE = ("0", "10", "600", "1000")


@st.composite
def invented_invoices(draw: st.DrawFn) -> Situation:
    """Invent credits, adjustments, refunds, a state in Xero and a figure of Xero's own for what is due, too."""
    seed = draw(st.integers(min_value=0, max_value=2**32))
    dice = Random(seed)
    invented = situation(dice.choice)
    facts, case, xero = invented.facts, invented.facts.case_invoice, invented.facts.xero_invoice
    if case is not None:
        adjustments, refunds = (aud(dice.choice(("0", "0", "-50", "-20", "400"))), aud(dice.choice(("0", "0", "400"))))
        facts = replace(facts, case_invoice=replace(case, adjustments=adjustments, refunds=refunds))
    if xero is not None:
        facts = replace(
            facts,
            xero_invoice=replace(
                xero,
                amount_credited=aud(dice.choice(("0", "0", "50"))),
                total=aud(dice.choice(("1000", "1000", "1000.03", "1100"))),
                amount_due=dice.choice((None, None, aud(dice.choice(_DUE)))),
                status=dice.choice(("AUTHORISED", "PAID", "AUTHORISED", "VOIDED", "DRAFT")),
            ),
        )
    return Situation(facts, invented.policy)


def compared(invented: Situation, found: Correlation | None = None) -> DebtorLists:
    found = found or run(invented.facts, invented.policy)
    return compare_debtors([(invented.facts, found)], (), invented.policy)


def owed(facts: InvoiceSnapshot) -> int:
    """Return what Case Manager says is owed, told from the facts alone."""
    if facts.case_invoice is None:
        return 0
    unread = [r.amount for r in facts.unreadable if r.side is Side.CASE_MANAGER and r.amount is not None]
    return balance_of(facts.case_invoice, facts.case_payments).minor - sum(amount.minor for amount in unread)


def due(facts: InvoiceSnapshot) -> int:
    """Return what Xero says is due, told from the facts alone."""
    xero = facts.xero_invoice
    return 0 if xero is None or xero.status in _NO_DEBT or xero.total.currency != AUD else xero.due.minor


def cents(amount: Money | None) -> int:
    assert amount is not None
    return amount.minor


def rests(lines: Iterable[DebtorLine]) -> int:
    return sum(abs(line.unexplained.minor) for line in lines)


@thoroughly
@given(invented_invoices())
def test_both_lists_are_what_the_facts_say_and_every_difference_is_named(invented: Situation) -> None:
    lists = compared(invented)
    unread = [row for row in invented.facts.unreadable if row.side is Side.CASE_MANAGER and row.amount is None]
    if unread and invented.facts.case_invoice is not None:
        assert len(lists.unknown) == 1
    if lists.unknown:
        assert (lists.due_xero, lists.difference) == (aud("0"), aud("0"))
        return
    assert (lists.due_xero.minor, lists.balance_case_manager.minor) == (due(invented.facts), owed(invented.facts))
    assert sum(cents(line.difference) for line in lists.lines) == lists.difference.minor
    assert sum(cents(one.amount) for one in lists.causes) == lists.difference.minor
    for line in lists.lines:
        assert sum(cents(reason.amount) for reason in line.reasons) == cents(line.difference)
        assert all(cents(reason.amount) or reason.cause is Cause.UNREADABLE for reason in line.reasons)
        # What agrees in sum is listed for money that stands there too much, or is missing; never for what is settled.
        assert line.size or any(reason.hides for reason in line.reasons)
    assert lists.unexplained == aud("0")


@thoroughly
@given(invented_invoices(), st.data())
def test_a_row_that_was_lost_or_doubled_shows_to_the_cent(invented: Situation, data: st.DataObject) -> None:
    facts, found = invented.facts, run(invented.facts, invented.policy)
    # Where the sides cannot be compared part by part, the whole difference has one cause and no row a share in it.
    assume(facts.case_invoice is not None)
    assume(facts.xero_invoice is not None and facts.xero_invoice.status != "DRAFT")
    rows = [p for p in found.placements if p.unreadable is None]
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    here = row.case_amount.minor if row.case_amount is not None else 0
    there = row.xero_amount.minor if row.xero_amount is not None and row.xero_amount.currency == AUD else 0
    lost = replace(found, placements=tuple(p for p in found.placements if p is not row))
    doubled = replace(found, placements=(*found.placements, row))
    for wrong in (lost, doubled):
        lists = compared(invented, wrong)
        assert lists.unknown or rests(lists.lines) == abs(there - here)


@thoroughly
@given(st.lists(invented_invoices(), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_firm_changes_nothing(firm: list[Situation], order: Random) -> None:
    policy = firm[0].policy
    numbered = [replace(one.facts, number=f"CM-{number}") for number, one in enumerate(firm)]
    judged = [(facts, run(facts, policy)) for facts in numbered]
    lists = compare_debtors(judged, (), policy)
    assert compare_debtors(order.sample(judged, len(judged)), (), policy) == lists
    assert lists.unexplained == aud("0")


@thoroughly
@given(situations(oddities=False))
def test_an_invoice_of_which_every_payment_has_its_copy_is_not_listed(invented: Situation) -> None:
    live = [
        p for p in invented.facts.xero_payments if p.is_live and is_customer_payment(p) and p.amount.currency == AUD
    ]
    copies = tuple(
        case(key, str(p.amount.amount), p.paid_on, names=p.payment_id) for key, p in enumerate(live, start=1)
    )
    assert compared(Situation(replace(invented.facts, case_payments=copies), invented.policy)).lines == ()
