"""A move between two invoices is one change: all of it or nothing, in one order of locks, whoever else moves (R16b)."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.reading import SideReader
from cmxero_desktop.adapters.casemanager.writing import PaymentWriter
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite
from tests.adapters.casemanager.firms import AUD, Firm, delete, insert
from tests.support.patience import HUNG_S

Opened = Callable[[Firm], CaseManagerDatabase]
Sides = Mapping[CaseInvoiceId, CaseInvoiceSide | None]
_KILLED = 9
_NOTES = "Xero payment a1"


def now(database: CaseManagerDatabase) -> list[list[PaymentValues]]:
    """Return the payments of the first and of the second invoice."""
    sides = database.read(["10234", "10235"], AUD).sides
    return [[PaymentValues.of(payment) for payment in sides[number].payments] for number in ("10234", "10235")]


def move(firm: Firm, key: CasePaymentId) -> tuple[CaseWrite, CaseWrite]:
    """Move a copy from the second invoice to the first."""
    values = firm.values(notes=_NOTES)
    return delete(key, values, on=firm.second_id), insert(values, on=firm.invoice_id)


def test_a_move_takes_the_copy_from_one_and_gives_it_to_the_other(firm: Firm, opened: Opened) -> None:
    """The writer knows of both invoices, so a copy that moves is not there twice."""
    database = opened(firm)
    key = firm.add_payment(1, notes=_NOTES, on_second=True)
    seen: list[Sides] = []

    def decide(sides: Sides) -> Sequence[CaseWrite]:
        seen.append(sides)
        return move(firm, key)

    read = database.read(["10234", "10235"], AUD).sides
    keys = database.change_invoices([firm.second_id, firm.invoice_id, firm.second_id], AUD, decide)
    assert seen == [{firm.invoice_id: read["10234"], firm.second_id: read["10235"]}]
    assert keys["d"] == key
    assert now(database) == [[firm.values(notes=_NOTES)], []]


@pytest.mark.parametrize("order", [1, -1])
def test_two_copies_change_places(firm: Firm, opened: Opened, order: int) -> None:
    """Whichever is written first, no copy is there twice and none is lost."""
    database = opened(firm)
    one, other = firm.values(notes=_NOTES), firm.values(notes="Xero payment b2")
    there, here = firm.add_payment(1, notes=_NOTES, on_second=True), firm.add_payment(2, notes=other.notes)
    writes = (
        replace(delete(there, one, on=firm.second_id), intent_id="d1"),
        replace(delete(here, other, on=firm.invoice_id), intent_id="d2"),
        replace(insert(one, on=firm.invoice_id), intent_id="i1"),
        replace(insert(other, on=firm.second_id), intent_id="i2"),
    )
    keys = database.change_invoices((firm.invoice_id, firm.second_id), AUD, lambda _: writes[::order])
    assert set(keys) == {"d1", "d2", "i1", "i2"}
    assert now(database) == [[one], [other]]


@pytest.mark.parametrize("order", [1, -1])
def test_a_move_of_which_one_half_does_not_fit_changes_nothing(firm: Firm, opened: Opened, order: int) -> None:
    database = opened(firm)
    key = firm.add_payment(1, notes=_NOTES, on_second=True)
    before = now(database)
    taken, given = move(firm, key)
    changed = delete(key, firm.values("399.00", notes=_NOTES), on=firm.second_id)
    elsewhere = delete(key, firm.values(notes=_NOTES), on=firm.invoice_id)
    homeless = insert(firm.values(notes=_NOTES))
    nowhere = insert(firm.values(notes=_NOTES), on=CaseInvoiceId("none of them"))
    ids = (firm.invoice_id, firm.second_id)
    for halves in ((changed, given), (elsewhere, given), (taken, homeless), (taken, nowhere)):
        with pytest.raises(CaseManagerError) as caught:
            database.change_invoices(ids, AUD, lambda _, halves=halves: halves[::order])  # type: ignore[misc]
        assert "Nothing was changed" in caught.value.remedy
        assert now(database) == before
    with pytest.raises(CaseManagerError, match="would be there twice"):
        database.change_invoices(ids, AUD, lambda _: (given,))
    assert now(database) == before


def test_a_move_to_an_invoice_that_is_gone_changes_nothing(firm: Firm, opened: Opened) -> None:
    database = opened(firm)
    key = firm.add_payment(1, notes=_NOTES, on_second=True)
    gone = CaseInvoiceId(99 if firm.is_reference else "Z-9")
    taken = delete(key, firm.values(notes=_NOTES), on=firm.second_id)
    with pytest.raises(CaseManagerError, match="is not in Case Manager any more"):
        database.change_invoices((gone, firm.second_id), AUD, lambda _: (taken,))
    assert now(database) == [[], [firm.values(notes=_NOTES)]]


def test_two_desks_that_move_in_opposite_order_take_turns(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each locks the lower key first, whichever it was told first; neither waits for the other's second lock."""
    key = firm.add_payment(1, notes=_NOTES, on_second=True)
    first_has_one, second_starts = threading.Event(), threading.Event()
    order: dict[str, list[CaseInvoiceId]] = {"first": [], "second": []}
    failures: list[CaseManagerError] = []
    read_one = SideReader.read_one

    def watched(self: SideReader, invoice_id: CaseInvoiceId) -> CaseInvoiceSide | None:
        name = threading.current_thread().name
        side = read_one(self, invoice_id)
        order[name].append(invoice_id)
        if name == "first":
            first_has_one.set()
            second_starts.wait()
        return side

    def run(name: str, ids: Sequence[CaseInvoiceId]) -> None:
        with closing(firm.open(lock_wait_s=HUNG_S)) as database:
            database.check()
            if name == "second":
                first_has_one.wait()
                second_starts.set()
            try:
                database.change_invoices(ids, AUD, lambda _: move(firm, key))
            except CaseManagerError as error:
                failures.append(error)

    monkeypatch.setattr(SideReader, "read_one", watched)
    ids = (firm.invoice_id, firm.second_id)
    threads = [
        threading.Thread(target=run, name=name, args=(name, told))
        for name, told in (("first", ids), ("second", ids[::-1]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: seen[: len(ids)] for name, seen in order.items()} == {"first": list(ids), "second": list(ids)}
    assert ["not on this invoice any more" in str(failure) for failure in failures] == [True]
    with closing(firm.open()) as database:
        assert now(database) == [[firm.values(notes=_NOTES)], []]


def killed_between(firm: Firm, key: CasePaymentId) -> None:
    """Move in a process of its own that ends at once after the first of the two writes."""
    write = PaymentWriter._write

    def last(self: PaymentWriter, *words: object) -> CasePaymentId:
        write(self, *words)  # type: ignore[arg-type]
        os._exit(_KILLED)

    PaymentWriter._write = last  # type: ignore[method-assign,assignment]
    firm.open().change_invoices((firm.invoice_id, firm.second_id), AUD, lambda _: move(firm, key))


def test_a_move_that_is_killed_between_its_halves_never_was(firm: Firm) -> None:
    key = firm.add_payment(1, notes=_NOTES, on_second=True)
    names = "from tests.adapters.casemanager.test_moving import CasePaymentId, Firm, killed_between"
    command = [sys.executable, "-c", f"{names}; killed_between({firm!r}, {key!r})"]
    ended = subprocess.run(command, cwd=Path(__file__).parents[3], check=False)
    assert ended.returncode == _KILLED
    with closing(firm.open(lock_wait_s=HUNG_S)) as database:
        assert now(database) == [[], [firm.values(notes=_NOTES)]]
        database.change_invoices((firm.invoice_id, firm.second_id), AUD, lambda _: move(firm, key))
        assert now(database) == [[firm.values(notes=_NOTES)], []]
