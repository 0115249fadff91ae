"""What lies between the payments' difference and the debtors' is named, and adds up to the cent whatever there is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.debtor_bridge import LEFT_OUT, BridgeStep, bridge
from cmxero_desktop.domain.debtor_lists import DebtorLists, compare_debtors
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.tie_out import TieOut, tie_out
from tests.domain.generated import Situation, thoroughly
from tests.domain.support import AUD, POLICY, aud, case, run, snapshot, xero
from tests.domain.test_debtor_properties import invented_invoices


def both(*firm: InvoiceSnapshot) -> tuple[DebtorLists, TieOut]:
    judged = [(facts, run(facts)) for facts in firm]
    return compare_debtors(judged, (), POLICY), tie_out(judged, POLICY)


def steps(lists: DebtorLists, statement: TieOut) -> dict[str, Money]:
    return dict(bridge(statement.less_paid, lists.paid_apart, lists.beside))


@thoroughly
@given(st.lists(invented_invoices(), min_size=1, max_size=4))
def test_the_steps_lead_from_the_payments_to_the_debtors_to_the_cent(firm: list[Situation]) -> None:
    policy = firm[0].policy
    numbered = [replace(one.facts, number=f"CM-{number}") for number, one in enumerate(firm)]
    judged = [(facts, run(facts, policy)) for facts in numbered]
    lists, statement = compare_debtors(judged, (), policy), tie_out(judged, policy)
    found = steps(lists, statement)
    assert total(found.values(), AUD) == lists.difference
    less_paid = statement.less_paid
    assert found.get("payments", aud("0")) == less_paid
    said = lists.bridge_from(statement.less_paid)
    if less_paid != lists.difference:
        assert all(f"{amount} {what}" in said for what, amount in found.items())


def test_each_step_is_named_with_its_amount() -> None:
    added = snapshot([xero("P1")], [])
    credited = snapshot([xero("P2")], [case(2)], credited="200", number=101)
    total_here = snapshot([xero("P3")], [case(3)], invoice_total="995", xero_total="1000", number=102)
    lists, statement = both(added, credited, total_here)
    assert steps(lists, statement) == {
        "payments": aud("400"),
        BridgeStep.CREDITS: aud("200"),
        BridgeStep.TOTALS: aud("-5"),
    }
    assert lists.bridge_from(statement.less_paid) == (
        "Payments differ by 400.00, debtors by 595.00: +400.00 payments, +200.00 credits and adjustments, "
        "-5.00 invoice totals; together +595.00 in the debtors."
    )


def test_where_the_payments_are_all_nothing_else_is_named() -> None:
    lists, statement = both(snapshot([xero()], []))
    assert lists.bridge_from(statement.less_paid) == "The payments differ by the same 400.00 as the debtors."
    lists, statement = both(snapshot([xero()], [case()]))
    assert lists.bridge_from(statement.less_paid) == ""


def test_an_invoice_that_case_manager_lacks_is_a_step_of_its_own() -> None:
    alone = replace(snapshot([xero(amount="1000")], []), case_invoice=None)
    lists, statement = both(alone)
    assert steps(lists, statement) == {"payments": aud("1000"), BridgeStep.ONE_SIDE: aud("-1000")}
    assert LEFT_OUT not in steps(lists, statement)
