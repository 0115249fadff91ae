"""Bugs that a hasty program would have, planted into a process to prove that the kills find each of them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from cmxero_desktop.adapters.casemanager import writing as case_writing
from cmxero_desktop.app import desks
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.services.checking import comparing
from cmxero_desktop.services.ports.case_manager import CaseManager
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.intents import Intent, IntentState
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite
from cmxero_desktop.services.writing import applying, settling, undoing
from cmxero_desktop.services.writing import invoice_writer as writing
from cmxero_desktop.services.writing.invoice_writer import InvoiceWriter, Plan, Written

Patch = Callable[[object, str, object], None]


def plant(bug: str | None, patch: Patch = setattr) -> None:
    """Plant one bug, or none; `patch` is setattr for a process that dies anyway."""
    if bug is not None:
        BUGS[bug](patch)


def _recorded_before_commit(patch: Patch) -> None:
    def write(
        self: InvoiceWriter,
        invoice_ids: Collection[CaseInvoiceId],
        currency: str,
        plan: Plan,
        *,
        what: AuditWhat,
        confirm: Callable[[], None] = lambda: None,
        is_noted_later: bool = False,  # noqa: ARG001 - a hasty program notes at once
    ) -> Written:
        written: list[Written] = []

        def decide(sides: writing.Sides) -> Sequence[CaseWrite]:
            planned = plan(sides)
            self._open(planned)
            written.append(self._recorded(writing._closed(planned, {}), what))
            return [writing._write_of(intent) for intent in planned]

        self._outside.case_manager.change_invoices(invoice_ids, currency, decide, confirm)
        return written[0]

    patch(InvoiceWriter, "write", write)


def _intents_after_write(patch: Patch) -> None:
    def write(
        self: InvoiceWriter,
        invoice_ids: Collection[CaseInvoiceId],
        currency: str,
        plan: Plan,
        *,
        what: AuditWhat,
        confirm: Callable[[], None] = lambda: None,
        is_noted_later: bool = False,  # noqa: ARG001 - a hasty program notes at once
    ) -> Written:
        planned: list[Intent] = []

        def decide(sides: writing.Sides) -> Sequence[CaseWrite]:
            planned.extend(plan(sides))
            return [writing._write_of(intent) for intent in planned]

        keys = self._outside.case_manager.change_invoices(invoice_ids, currency, decide, confirm)
        self._open(planned)
        return self._recorded(writing._closed(planned, keys), what)

    patch(InvoiceWriter, "write", write)


def _never_settled(patch: Patch) -> None:
    def settle(*_: object, **__: object) -> tuple[Intent, ...]:
        return ()

    for module in (desks, comparing, applying, undoing, writing):
        patch(module, "settle_open_intents", settle)


def _settled_by_guess(patch: Patch) -> None:
    def found(intents: Iterable[Intent], _side: CaseInvoiceSide | None) -> list[Intent]:
        return [replace(intent, state=IntentState.NOT_WRITTEN) for intent in intents]

    patch(settling, "_found", found)


def _settled_without_key(patch: Patch) -> None:
    real = settling._found

    def found(intents: Iterable[Intent], side: CaseInvoiceSide | None) -> list[Intent]:
        return [replace(intent, result_id=None) for intent in real(intents, side)]

    patch(settling, "_found", found)


def _committed_row_by_row(patch: Patch) -> None:
    real = case_writing.PaymentWriter._write

    def write(self: case_writing.PaymentWriter, *words: Any) -> object:
        key = real(self, *words)
        self._connection.commit()
        return key

    patch(case_writing.PaymentWriter, "_write", write)


def _settled_without_lock(patch: Patch) -> None:
    def read(case_manager: CaseManager, invoice_id: CaseInvoiceId, currency: str) -> CaseInvoiceSide | None:
        sides = case_manager.read([str(number) for number in range(100, 1000, 100)], currency).sides
        return next(side for side in sides.values() if side.invoice.invoice_id == invoice_id)

    patch(settling, "_read_locked", read)


BUGS: dict[str, Callable[[Patch], None]] = {
    "recorded before commit": _recorded_before_commit,
    "intents after write": _intents_after_write,
    "never settled": _never_settled,
    "settled by guess": _settled_by_guess,
    "settled without key": _settled_without_key,
    "committed row by row": _committed_row_by_row,
    "settled without lock": _settled_without_lock,
}
