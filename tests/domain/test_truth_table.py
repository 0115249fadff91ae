"""The worked examples of the rules' second version, each as it is printed there."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from tests.domain.support import NOV_1, case, changes, judged, nov, remembered, rows, snapshot, xero

P1 = xero("P1")
GONE = xero("P1", deleted=True)
P2_450 = xero("P2", "450", minute=1)
P2_450_FIRST = xero("P2", "450", minute=-1)
COPY = case(names="P1")


@dataclass(frozen=True, kw_only=True)
class Example:
    """One line of the table: both sides, the other invoices, and every row and proposal of CM-100."""

    name: str
    xero: Sequence[XeroPayment] = ()
    case: Sequence[CasePayment] = ()
    rows: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    around: Sequence[InvoiceSnapshot] = ()
    xero_total: str | None = None
    refunds: str = "0"
    adjustments: str = "0"
    credited: str = "0"
    remembers: str = ""

    def facts(self) -> InvoiceSnapshot:
        memory = [remembered(self.remembers, self.case[0])] if self.remembers else []
        return snapshot(
            self.xero,
            self.case,
            xero_total=self.xero_total,
            refunds=self.refunds,
            adjustments=self.adjustments,
            credited=self.credited,
            memory=memory,
        )


def on_101(copy: CasePayment, elsewhere: Sequence[XeroPayment] = ()) -> InvoiceSnapshot:
    return snapshot([], [replace(copy, invoice_id=CaseInvoiceId(101))], number=101, elsewhere=elsewhere)


P1_77 = xero("P1", "77")
REFUND_ENTERED = "add P2 450.00 beside_unmatched"

EXAMPLES = [
    Example(name="new", xero=[P1], rows={"unmatched P1= R12"}, changes={"add P1 400.00"}),
    Example(name="equal by hand", xero=[P1], case=[case()], rows={"matched P1=1 R8"}, changes={"link P1=1 400.00"}),
    Example(name="named", xero=[P1], case=[COPY], rows={"matched P1=1 R7"}),
    Example(
        name="twin",
        xero=[P1, xero("P2")],
        case=[case()],
        rows={"matched P1=1 R8", "unmatched P2= R12"},
        changes={"link P1=1 400.00", "add P2 400.00 twin"},
    ),
    Example(
        name="two new equals",
        xero=[P1, xero("P2")],
        rows={"unmatched P1= R12", "unmatched P2= R12"},
        changes={"add P1 400.00", "add P2 400.00 twin"},
    ),
    Example(
        name="a day off, agrees in sum",
        xero=[P1],
        case=[case(paid_on=nov(2))],
        rows={"unmatched P1= R19b", "unmatched =1 R19"},
        changes={"accept P1=1 400.00"},
    ),
    Example(
        name="two for one",
        xero=[xero("P1", "500"), xero("P2", "500", nov(2))],
        case=[case(1, "1000", date(2026, 10, 20))],
        rows={"unmatched P1= R19b", "unmatched P2= R19b", "unmatched =1 R19"},
        changes={"accept P1,P2=1 1,000.00"},
    ),
    Example(
        name="beside a close double",
        xero=[P1, xero("P2", "300", nov(3))],
        case=[case(paid_on=nov(2))],
        rows={"unmatched P1= R12", "unmatched P2= R12", "unmatched =1 R19"},
        changes={
            "add P1 400.00 balance_differs beside_unmatched near_double",
            "add P2 300.00 balance_differs beside_unmatched would_overpay",
        },
    ),
    Example(
        name="net of a fee",
        xero=[xero("P1", "600")],
        case=[case(1, "597.50")],
        rows={"unmatched P1= R12", "unmatched =1 R19"},
        changes={"add P1 600.00 balance_differs beside_unmatched would_overpay"},
    ),
    Example(name="deleted", xero=[GONE], case=[COPY], rows={"unmatched =1 R15"}, changes={"remove =1 400.00"}),
    *(
        Example(
            name=f"edited, {order}",
            xero=[GONE, new],
            case=[COPY],
            rows={"unmatched =1 R16", "unmatched P2= R16"},
            changes={"change P2=1 450.00"},
        )
        for order, new in (("deleted first", P2_450), ("entered first", P2_450_FIRST))
    ),
    *(
        Example(
            name=f"edited, journalled, {order}",
            xero=[GONE, new],
            case=[case(names="P1", journalled=True)],
            rows={"skipped P1=1 JOURNALLED R17", "unmatched P2= R12"},
            changes={"add P2 450.00 balance_differs beside_unmatched journalled_counterpart"},
        )
        for order, new in (("deleted first", P2_450), ("entered first", P2_450_FIRST))
    ),
    Example(
        name="the same, and a refund since",
        xero=[GONE, P2_450],
        case=[case(names="P1", journalled=True)],
        refunds="400",
        rows={"skipped P1=1 JOURNALLED R17", "unmatched P2= R12"},
        changes={REFUND_ENTERED},
    ),
    Example(
        name="deleted, matched before, never noted",
        xero=[xero("P1", paid_on=nov(3), deleted=True)],
        case=[case()],
        remembers="P1",
        rows={"unmatched =1 R15"},
        changes={"remove =1 400.00 never_noted"},
    ),
    Example(
        name="deleted, first poll, same date",
        xero=[GONE],
        case=[case()],
        rows={"unmatched =1 R15"},
        changes={"remove =1 400.00 former_original"},
    ),
    Example(name="deleted, another date", xero=[GONE], case=[case(paid_on=nov(2))], rows={"unmatched =1 R19"}),
    Example(name="multi-invoice, equal", xero=[P1], case=[case(group=True)], rows={"matched P1=1 R9"}),
    Example(
        name="multi-invoice, differs",
        xero=[P1],
        case=[case(amount="350", group=True)],
        rows={"skipped =1 MULTI_INVOICE R18", "unmatched P1= R12"},
        changes={"add P1 400.00 balance_differs beside_unmatched"},
    ),
    Example(name="on the limit", xero=[xero(paid_on=nov(27))], rows={"unmatched P1= R12"}, changes={"add P1 400.00"}),
    Example(name="beyond the limit", xero=[xero(paid_on=nov(28))], rows={"skipped P1= FUTURE_DATED R13"}),
    Example(
        name="would overpay",
        xero=[xero(amount="1000")],
        case=[case(amount="900", paid_on=date(2026, 10, 5))],
        rows={"unmatched =1 R19", "unmatched P1= R12"},
        changes={"add P1 1,000.00 balance_differs beside_unmatched would_overpay"},
    ),
    Example(
        name="edited, refunded by hand",
        xero=[xero("P1", "1000", deleted=True), xero("P2", "800", minute=1)],
        case=[case(1, "1000", names="P1")],
        refunds="200",
        rows={"unmatched =1 R16", "unmatched P2= R16"},
        changes={"change P2=1 800.00 balance_differs"},
    ),
    Example(
        name="totals differ",
        xero=[xero(amount="500")],
        xero_total="1100",
        rows={"unmatched P1= R12"},
        changes={"add P1 500.00 balance_differs"},
    ),
    Example(
        name="within the tolerance",
        xero=[P1],
        xero_total="1000.02",
        rows={"unmatched P1= R12"},
        changes={"add P1 400.00"},
    ),
    Example(
        name="edited here",
        xero=[P1],
        case=[case(1, "380", names="P1")],
        rows={"unmatched P1= R14", "unmatched =1 R14"},
        changes={"change P1=1 400.00 edited_here"},
    ),
    Example(name="credit note", credited="1000"),
    Example(name="credit note, mirrored", credited="1000", adjustments="-1000"),
    Example(
        name="its copy on another invoice",
        xero=[P1_77],
        around=[on_101(case(9, "77", names="P1"), [P1_77])],
        rows={"unmatched P1= R12"},
        changes={"add P1 77.00 named_elsewhere"},
    ),
    Example(
        name="unmatched on another invoice",
        xero=[P1_77],
        around=[on_101(case(9, "77", nov(3)))],
        rows={"unmatched P1= R12"},
        changes={"add P1 77.00 leftover_elsewhere"},
    ),
    Example(name="negative", xero=[xero(amount="-50")], rows={"skipped P1= AMOUNT R12"}),
    Example(name="nothing", xero=[xero(amount="0")], rows={"skipped P1= AMOUNT R12"}),
    Example(
        name="a sentence is no mark",
        case=[case(1, "55", notes="will not show as a Xero payment until it clears")],
        rows={"unmatched =1 R19"},
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_truth(example: Example) -> None:
    found = judged(example.facts(), *example.around)
    assert rows(found) == example.rows
    assert changes(found) == example.changes


def test_input_order_of_the_firm_changes_nothing() -> None:
    for example in EXAMPLES:
        facts = example.facts()
        other = replace(facts, xero_payments=facts.xero_payments[::-1], case_payments=facts.case_payments[::-1])
        assert judged(other, *example.around[::-1]) == judged(facts, *example.around)


def test_the_copy_on_another_invoice_is_offered_as_a_move() -> None:
    example = next(e for e in EXAMPLES if e.name == "its copy on another invoice")
    here = judged(example.facts(), *example.around)
    there = judged(example.around[0], example.facts())
    (add,), (remove,) = here.proposals, there.proposals
    assert add.move_id
    assert add.move_id == remove.move_id
    assert changes(there) == {"remove =9 77.00 moved"}
    assert not add.blocking_flags
    assert add.paid_on == NOV_1
