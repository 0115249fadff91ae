"""A firm that is compared part by part comes to what a comparison of everything comes to, sums and alerts included."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmxero_desktop.domain.errors import NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.records import Account
from cmxero_desktop.services.correlation import changing
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.firm_sums import FirmSums
from cmxero_desktop.services.correlation.kept_firm import LeftFirm
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.viewing.kept_view import ViewReading
from tests.services.desk import ANN, Desk, nov
from tests.services.fake_store import MemoryStore

AUD = "AUD"
NUMBERS = ("100", "200", "300", "400")
SHELL = Account(account_id="shell", code="880", name="Loans", account_type="CURRENT")

Step = Callable[[Desk, str, str, int], None]


def pay(desk: Desk, number: str, amount: str, day: int) -> None:
    desk.xero.pay(f"CM-{number}", amount, nov(day))


def type_in(desk: Desk, number: str, amount: str, day: int) -> None:
    desk.case.type_in(desk.case.invoices[key_of(number)].number, amount, nov(day))


def pay_and_type_in(desk: Desk, number: str, amount: str, day: int) -> None:
    pay(desk, number, amount, day)
    type_in(desk, number, amount, day)


def name_elsewhere(desk: Desk, number: str, amount: str, day: int) -> None:
    """Type a copy that names a payment of another invoice, which has to be looked at then."""
    named = next(iter(desk.xero.payments), "none")
    desk.case.type_in(desk.case.invoices[key_of(number)].number, amount, nov(day), notes=f"Xero payment {named}")


def delete(desk: Desk, number: str, _: str, day: int) -> None:
    found = [p for p in desk.xero.payments.values() if p.invoice_number == f"CM-{number}" and p.is_live]
    if found:
        desk.xero.delete(found[day % len(found)].payment_id)


def take_out(desk: Desk, number: str, _: str, day: int) -> None:
    found = [p.payment_id for p in desk.case.rows.values() if p.invoice_id == key_of(number)]
    if found:
        del desk.case.rows[found[day % len(found)]]


def pay_back(desk: Desk, number: str, amount: str, day: int) -> None:
    """Give money back; who only reads changes learns of it with the next full reading."""
    desk.xero.pay_back(amount, nov(day), "ARCREDITPAYMENT", reference=f"CM-{number}" if day % 2 else "")
    desk.poll(is_full=True)


def refund(desk: Desk, number: str, amount: str, _: int) -> None:
    desk.case.refund(key_of(number), amount)


def skew(desk: Desk, number: str, amount: str, day: int) -> None:
    """Have Xero say another sum than its payments come to, or stop it."""
    (invoice,) = (i for i in desk.xero.invoices.values() if i.number == f"CM-{number}")
    if day % 2:
        desk.xero.skew[invoice.invoice_id] = Money.of(amount, AUD)
    else:
        desk.xero.skew.pop(invoice.invoice_id, None)
    desk.xero.invoices[invoice.invoice_id] = replace(invoice, updated_at=desk.clock())


def void(desk: Desk, number: str, _: str, __: int) -> None:
    (invoice,) = (i for i in desk.xero.invoices.values() if i.number == f"CM-{number}")
    desk.xero.invoices[invoice.invoice_id] = replace(invoice, status="VOIDED", updated_at=desk.clock())


def call_otherwise(desk: Desk, number: str, _: str, day: int) -> None:
    """Give Case Manager's invoice a number that is hardly another, or its own again."""
    key = key_of(number)
    desk.case.invoices[key] = replace(desk.case.invoices[key], number=f"0{number}" if day % 2 else number)


def lend(desk: Desk, number: str, amount: str, day: int) -> None:
    """Pay to an account that is no bank's."""
    desk.xero.change(
        desk.xero.pay(f"CM-{number}", amount, nov(day)), account_id="shell", account_code="880", account_name="Loans"
    )


def bill_otherwise(desk: Desk, number: str, amount: str, _: int) -> None:
    """Lower the total in Case Manager: whether totals agree is told of the firm as a whole."""
    key = key_of(number)
    desk.case.invoices[key] = replace(desk.case.invoices[key], total=Money.of(amount, AUD))


def approve_and_apply(desk: Desk, _: str, __: str, day: int) -> None:
    """Write one row, as far as it may be written."""
    rows = [row for row in desk.proposals() if row.state is ProposalState.PROPOSED]
    if rows:
        row = rows[day % len(rows)]
        try:
            desk.deciding.approve([row.proposal_id], by=ANN)
            desk.applying.apply([row.proposal_id], ANN)
        except NotAllowedError:
            return


def end_and_start(desk: Desk, _: str, __: str, ___: int) -> None:
    desk.restart()


def wait(desk: Desk, _: str, __: str, ___: int) -> None:
    """Let so much time pass that nothing is new any more: then what agrees may rest."""
    desk.clock.now += timedelta(minutes=10)


def type_in_elsewhere(desk: Desk, _: str, amount: str, day: int) -> None:
    """Type a payment on an invoice that Xero may not have yet."""
    desk.case.type_in("500", amount, nov(day))


def bill_it_in_xero(desk: Desk, _: str, amount: str, day: int) -> None:
    """Have Xero bill what only Case Manager had, and pay it."""
    if all(invoice.number != "CM-500" for invoice in desk.xero.invoices.values()):
        desk.xero.bill("CM-500", "100.00")
    desk.xero.pay("CM-500", amount, nov(day))


def fail_after_a_write(desk: Desk, number: str, _: str, day: int) -> None:
    """Judge after a write, while one step of that cannot reach the store."""

    def fails(*_: object, **__: object) -> None:
        message = "The store is away."
        raise StoreError(message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changing, ("read_known", "remember", "remember_strays", "store_proposals")[day - 1], fails)
        correlate_afterwards(desk.outside, current_moment(desk.outside), [f"CM-{number}"])


STEPS: tuple[Step, ...] = (
    pay,
    type_in,
    pay_and_type_in,
    pay_and_type_in,
    name_elsewhere,
    delete,
    take_out,
    pay_back,
    refund,
    skew,
    void,
    call_otherwise,
    lend,
    bill_otherwise,
    approve_and_apply,
    end_and_start,
    wait,
    wait,
    type_in_elsewhere,
    bill_it_in_xero,
    fail_after_a_write,
)


def key_of(number: str) -> CaseInvoiceId:
    return CaseInvoiceId(NUMBERS.index(number) + 1)


def told(desk: Desk) -> object:
    """Return what is shown of the firm, and what stands."""
    view = desk.view()
    alerts = {a.key: (a.explanation, a.amount, a.invoice_number) for a in view.alerts}
    proposals = {s.fingerprint: (s.state, s.proposal.flags) for s in desk.proposals()}
    return view.counts, view.matched, view.unmatched, view.skipped, alerts, proposals, view.tie_out, view.money_back


def summed(desk: Desk) -> object:
    """Return all that the last comparison added up over the firm."""
    left = desk.left.content
    assert isinstance(left, LeftFirm)
    sums: FirmSums = left.kept.sums
    counts = (sums.matched, sums.unmatched, sums.skipped, left.kept.imported, sums.agreeing)
    doubts = {d.invoice_id for some in sums.doubts.values() for d in some}
    warnings = {a.key for some in sums.warnings.values() for a in some}
    questioned = {p.payment.payment_id for some in sums.questioned.values() for p in some}
    return counts, doubts, warnings, questioned, sums.pairs, sums.gaps, sums.unexplained


LIVES = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.sampled_from(NUMBERS),
        st.sampled_from(["10.00", "20.00", "30.00"]),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=12,
)


def firm_at_rest() -> Desk:
    """Return a desk of some invoices, each with a payment and its copy, at which nobody need look."""
    desk = Desk(MemoryStore())
    desk.xero.chart = [SHELL]
    for number in NUMBERS:
        desk.bill(number, "100.00")
        paid = desk.xero.pay(f"CM-{number}", "40.00", nov(1))
        desk.case.type_in(number, "40.00", nov(1), notes=f"Xero payment {paid}")
    desk.case.bill("500", "100.00")
    desk.poll()
    desk.clock.now += timedelta(minutes=10)
    desk.case.type_in("100", "5.00", nov(1))
    desk.poll()
    left = desk.left.content
    assert isinstance(left, LeftFirm)
    assert left.kept.resting.keys() == {"CM-200", "CM-300", "CM-400"}
    return desk


def compare_part_by_part(steps: list[tuple[Step, str, str, int]]) -> None:
    """Check after each step, and then everything at once."""
    desk = firm_at_rest()
    viewing = ViewReading(desk.store)
    for step, number, amount, day in steps:
        step(desk, number, amount, day)
        assert viewing.read() == desk.view()
        desk.poll()
        assert viewing.read() == desk.view()
    in_parts, sums = told(desk), summed(desk)
    desk.poll(is_full=True)
    assert told(desk) == in_parts
    assert summed(desk) == sums


@settings(max_examples=60)
@given(LIVES)
def test_part_by_part_is_as_everything_at_once(steps: list[tuple[Step, str, str, int]]) -> None:
    compare_part_by_part(steps)


def test_a_number_that_two_invoices_claim_stays_shared_whatever_else_changes_on_one_of_them() -> None:
    """Who changes one of two that claim a number does not say that the other has let go of it: that blocks (R1)."""
    desk = Desk(MemoryStore())
    desk.bill("100", "100.00")
    desk.bill("200", "100.00")
    paid = desk.xero.pay("CM-100", "20.00", nov(1))
    desk.poll()
    desk.xero.renumber(XeroInvoiceId("invoice-2"), "CM-100")
    desk.poll()
    assert Flag.NUMBER_SHARED in desk.proposal().proposal.flags
    desk.xero.change(paid, contact_name="Mr Ode")
    desk.poll()
    assert Flag.NUMBER_SHARED in desk.proposal().proposal.flags
    desk.restart()
    desk.xero.change(paid, contact_name="Ms Ito")
    desk.poll()
    assert Flag.NUMBER_SHARED in desk.proposal().proposal.flags
