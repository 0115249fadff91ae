"""What a comparison leaves for the next program."""

from dataclasses import replace

from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroInvoiceId
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.readings import CaseMarks
from cmxero_desktop.services.records.rested import LeftChanges, LeftComparison, LeftHead, LeftInvoice, Resting
from cmxero_desktop.services.records.runs import Counts
from tests.adapters.store.examples import NOON, ONE_PM

HEAD = LeftHead(
    around="settings", checked_at=NOON, generation=7, pending=("CM-2",), loose=("",), counts=Counts(matched=3)
)
BUSY = LeftInvoice(xero_ids=(XeroInvoiceId("a"), XeroInvoiceId("b")))
QUIET = LeftInvoice(
    xero_ids=(XeroInvoiceId("c"),),
    resting=Resting(
        xero_id=XeroInvoiceId("c"),
        case_id=CaseInvoiceId(5),
        ties=(1, 2**55),
        matched=2,
        imported=1,
        pair=None,
        agrees=True,
    ),
)


def save(store: Store, head: LeftHead, changes: LeftChanges) -> None:
    with store.begin() as unit:
        unit.left.save(head, changes)
        unit.commit()


def read(store: Store) -> LeftComparison | None:
    with store.read() as unit:
        head = unit.left.head()
        return None if head is None else unit.left.read(head)


def test_a_new_store_holds_none(store: Store) -> None:
    assert read(store) is None


def test_what_was_left_comes_back_with_what_changed_since(store: Store) -> None:
    first = LeftChanges(
        invoices={"CM-1": QUIET, "CM-2": BUSY}, marks={1: ("0a", "1"), "k": ("0b", ""), None: ("0c", "")}, is_all=True
    )
    save(store, HEAD, first)
    assert read(store) == LeftComparison(
        head=HEAD,
        invoices={"CM-1": QUIET, "CM-2": BUSY},
        marks=CaseMarks({1: b"\x0a", "k": b"\x0b", None: b"\x0c"}, {1: "1", "k": "", None: ""}),
    )
    later = replace(HEAD, checked_at=ONE_PM)
    save(store, later, LeftChanges(invoices={"CM-2": QUIET}, marks={1: ("0d", "9"), "k": None}))
    assert read(store) == LeftComparison(
        head=later,
        invoices={"CM-1": QUIET, "CM-2": QUIET},
        marks=CaseMarks({1: b"\x0d", None: b"\x0c"}, {1: "9", None: ""}),
    )
    save(store, HEAD, LeftChanges(invoices={"CM-3": BUSY}, is_all=True))
    assert read(store) == LeftComparison(head=HEAD, invoices={"CM-3": BUSY}, marks=CaseMarks({}, {}))
