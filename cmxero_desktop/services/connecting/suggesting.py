"""Suggest a mapping for a database: look at its tables, closer at those that matter, and let the check say its word."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError, SettingsError, StoreError
from cmxero_desktop.domain.mapping.outlining import (
    CLOSE_ROWS,
    FIRST_ROWS,
    beside,
    worth_a_closer_look,
    worth_looking,
)
from cmxero_desktop.domain.mapping.seen import KnownInvoice, KnownSide, SeenSchema
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from cmxero_desktop.domain.records import SALES_INVOICE, XeroInvoice, XeroPayment
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD, require_case_manager
from cmxero_desktop.services.ports.computer import Secrets, SettingsFile
from cmxero_desktop.services.ports.mapping import MappingFiles, SchemaReader
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.settings import CaseManagerSettings, Settings

_LIVE = frozenset({"AUTHORISED", "PAID"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestingParts:
    """What suggesting works with. Where the home folder has no settings yet, there is no store either.

    `needs_password` says whether an address names a login without its password.
    """

    open_schema: Callable[[str, str | None], AbstractContextManager[SchemaReader]]
    files: MappingFiles
    split_password: Callable[[str], tuple[str, str | None]]
    needs_password: Callable[[str], bool]
    secrets: Secrets
    settings_file: SettingsFile
    store: Callable[[], Store]


class Suggesting:
    """The use case; it keeps nothing between two suggestions."""

    def __init__(self, parts: SuggestingParts) -> None:
        """Keep the parts."""
        self._parts = parts

    def suggest(self, request: MappingRequest) -> SuggestedMapping:
        """Return what is found, and what the check says of it. Raises CaseManagerError where nothing can be read."""
        settings = self._settings()
        address, password = self._access(request, settings)
        known = self._known(settings)
        schema = request.schema or self._read(address, password, known)
        suggestion = suggest_mapping(schema, known, request.answers)
        made = SuggestedMapping(suggestion=suggestion, schema=schema)
        if not suggestion.draft:
            return made
        text = self._parts.files.text_of(suggestion)
        try:
            return replace(made, text=text, seen=self._parts.files.check(address, password, text))
        except CaseManagerError as error:
            return replace(made, text=text, problems=error.problems or (str(error),))

    def write(self, made: SuggestedMapping, path: Path, *, may_replace: bool) -> Path:
        """Write the mapping file of a suggestion in which nothing is open. Raises NotAllowedError, SettingsError."""
        if not made.suggestion.is_complete:
            left = len(made.suggestion.questions)
            why = f"{left} question{' is' if left == 1 else 's are'} open" if left else "something stands in the way"
            message = f"The mapping file was not written, because {why}."
            raise NotAllowedError(message, " ".join(made.suggestion.obstacles) or "Answer what is asked first.")
        return self._parts.files.write(made.text, path, may_replace=may_replace)

    def _read(self, address: str, password: str | None, known: KnownSide) -> SeenSchema:
        """Look at all names, into the tables that may matter, and closer at the few that do."""
        with self._parts.open_schema(address, password) as reader:
            outline = reader.outline()
            looked = reader.look_into(worth_looking(outline.tables), FIRST_ROWS)
            looked = (*looked, *reader.look_into(beside(looked, outline.tables), FIRST_ROWS))
            closer = frozenset(worth_a_closer_look(looked, known))
            again = [table for table in looked if table.place in closer and not table.has_all_rows]
            seen = {table.place: table for table in reader.look_into(again, CLOSE_ROWS)}
            tables = tuple(seen.get(table.place, table) for table in looked)
            return replace(outline, tables=tables, troubles=reader.troubles())

    def _settings(self) -> Settings | None:
        """Return the settings; None where there are none, or none that can be read."""
        file = self._parts.settings_file
        try:
            return file.load() if file.exists() else None
        except SettingsError:
            return None

    def _access(self, request: MappingRequest, settings: Settings | None) -> tuple[str, str | None]:
        """Return an address without its password, and the password: as given, or the keyring's for the own one."""
        own = settings.case_manager if settings is not None else CaseManagerSettings()
        if not request.url:
            require_case_manager(own)
        address, found = self._parts.split_password(request.url or own.url)
        password = found if request.password is None else request.password
        if password is None and address == own.url and self._parts.needs_password(address):
            password = self._parts.secrets.get(CASE_MANAGER_PASSWORD)
        return address, password

    def _known(self, settings: Settings | None) -> KnownSide:
        """Return what the store has of Xero; nothing where there is no store, or it cannot be opened."""
        if settings is None:
            return KnownSide()
        prefix = settings.policy.invoice_prefix
        try:
            with self._parts.store().read() as unit:
                invoices = unit.facts.invoices_of_tracked()
                payments = unit.facts.payments_of_tracked()
        except StoreError:
            return KnownSide(prefix=prefix)
        known = (
            _known_invoice(invoice, payments.get(key, ()), prefix)
            for key, invoice in invoices.items()
            if _is_known(invoice, prefix)
        )
        return KnownSide(prefix=prefix, invoices={invoice.number: invoice for invoice in known})


def _is_known(invoice: XeroInvoice, prefix: str) -> bool:
    is_sale = invoice.invoice_type == SALES_INVOICE and invoice.status in _LIVE
    return is_sale and invoice.number.startswith(prefix) and len(invoice.number) > len(prefix)


def _known_invoice(invoice: XeroInvoice, payments: tuple[XeroPayment, ...], prefix: str) -> KnownInvoice:
    return KnownInvoice(
        number=invoice.number.removeprefix(prefix).strip(),
        total=invoice.total.amount,
        payments=tuple((payment.paid_on, payment.amount.amount) for payment in payments if payment.is_live),
    )
