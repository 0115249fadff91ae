"""What lies between the payments' difference and the debtors' is named, and adds up to the cent whatever there is."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.completeness import Judged
from cmxero_desktop.domain.debtor_bridge import BridgeStep
from cmxero_desktop.domain.debtor_lists import DebtorLists, compare_debtors
from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.tie_out import tie_out
from tests.domain.generated import Situation, thoroughly
from tests.domain.support import AUD, POLICY, aud, case, run, snapshot, xero
from tests.domain.test_debtor_properties import invented_invoices


def compared(judged: Sequence[Judged], policy: Policy = POLICY) -> DebtorLists:
    return replace(compare_debtors(judged, (), policy), less_paid=tie_out(judged, policy).less_paid)


def of(*firm: InvoiceSnapshot) -> DebtorLists:
    return compared([(facts, run(facts)) for facts in firm])


@thoroughly
@given(st.lists(invented_invoices(), min_size=1, max_size=4))
def test_the_steps_lead_from_the_payments_to_the_debtors_to_the_cent(firm: list[Situation]) -> None:
    policy = firm[0].policy
    numbered = [replace(one.facts, number=f"CM-{number}") for number, one in enumerate(firm)]
    judged = [(facts, run(facts, policy)) for facts in numbered]
    lists = compared(judged, policy)
    found = dict(lists.steps)
    assert total(found.values(), AUD) == lists.difference
    assert found.get("payments", aud("0")) == lists.less_paid
    if lists.less_paid != lists.difference:
        assert all(f"{amount} {what}" in lists.bridge_line for what, amount in found.items())


def test_each_step_is_named_with_its_amount() -> None:
    added = snapshot([xero("P1")], [])
    credited = snapshot([xero("P2")], [case(2)], credited="200", number=101)
    total_here = snapshot([xero("P3")], [case(3)], invoice_total="995", xero_total="1000", number=102)
    lists = of(added, credited, total_here)
    assert dict(lists.steps) == {
        "payments": aud("400"),
        BridgeStep.CREDITS: aud("200"),
        BridgeStep.TOTALS: aud("-5"),
    }
    assert lists.bridge_line == (
        "Payments differ by 400.00, debtors by 595.00: +400.00 payments, +200.00 credits and adjustments, "
        "-5.00 invoice totals; together +595.00 in the debtors."
    )


def test_where_the_payments_are_all_nothing_else_is_named() -> None:
    assert of(snapshot([xero()], [])).bridge_line == "The payments differ by the same 400.00 as the debtors."
    assert of(snapshot([xero()], [case()])).bridge_line == ""


def test_where_nobody_made_a_statement_of_the_payments_nothing_is_said_of_them() -> None:
    lists = replace(of(snapshot([xero()], [])), less_paid=None)
    assert (lists.steps, lists.bridge_line) == ((), "")


def test_an_invoice_that_case_manager_lacks_is_a_step_of_its_own() -> None:
    alone = replace(snapshot([xero(amount="1000")], []), case_invoice=None)
    assert dict(of(alone).steps) == {"payments": aud("1000"), BridgeStep.ONE_SIDE: aud("-1000")}
