"""Hold that a store belongs to one organisation in Xero and to one database of Case Manager (R35).

Whatever reads or writes payments asks `confirm_database` on its own connection, in its own transaction; whatever
writes facts or decisions asks `require_ours` before.
"""

from collections.abc import Callable
from contextlib import suppress

from cmxero_desktop.domain.belonging import (
    REMEMBERED,
    Belonging,
    KnownDatabase,
    NumberedInvoice,
    belonging_of,
    belonging_words,
)
from cmxero_desktop.domain.errors import (
    CaseManagerError,
    DeskError,
    NotAllowedError,
    OtherDatabaseError,
    OtherOrganisationError,
)
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.ports.case_manager import ConnectedDatabase
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.runs import PollState

# A file is looked at in no time; a server may let one wait.
_FILE = "sqlite"


class OtherBooks:
    """What this desk found when it last looked where its settings lead; other desks of the store know nothing of it."""

    def __init__(self, outside: Outside) -> None:
        """Begin with nothing found."""
        self._outside = outside
        self.alert: Alert | None = None

    def require_ours(self) -> None:
        """Raise OtherOrganisationError or OtherDatabaseError, and keep it to be shown."""
        self._keep(lambda: require_ours(self._outside))

    def look(self) -> None:
        """Look whether both sides are those of the store, and keep what is wrong to be shown."""
        with suppress(OtherDatabaseError, OtherOrganisationError):
            self.require_ours()

    def look_at_start(self) -> None:
        """Look, but wait for nobody: neither for Xero, nor for a server at the address at which it was right before.

        Where only what is stored is to be shown, a server that is away must not delay it.
        """
        url = self._outside.settings_file.load().case_manager.url
        is_new = url.startswith(_FILE) or _state(self._outside.store).database.address != url
        with suppress(OtherDatabaseError, OtherOrganisationError):
            self._keep(lambda: require_organisation(self._outside, name=_unnamed))
            if is_new:
                self._keep(lambda: require_database(self._outside))

    def _keep(self, require: Callable[[], None]) -> None:
        self.alert = None
        try:
            require()
        except (OtherDatabaseError, OtherOrganisationError) as error:
            self.alert = self._alert(error)
            raise

    def _alert(self, error: OtherDatabaseError | OtherOrganisationError) -> Alert:
        may_adopt = isinstance(error, OtherDatabaseError) and error.may_be_adopted
        return Alert(
            key="other-books",
            kind=AlertKind.DATABASE_MOVED if may_adopt else AlertKind.OTHER_BOOKS,
            rule=Rule.R35,
            explanation=f"{error.message} Nothing is read or written there; what is shown is as it was before.",
            next_step=error.remedy,
            raised_at=self._outside.clock(),
        )


def require_ours(outside: Outside) -> None:
    """Raise OtherOrganisationError or OtherDatabaseError where the settings lead to what is not the store's."""
    require_organisation(outside)
    require_database(outside)


def require_database(outside: Outside) -> None:
    """Raise OtherDatabaseError where the settings lead to another database than the store's.

    One that does not answer is nobody's: whatever reads or writes it fails by itself.
    """
    try:
        outside.case_manager.identify(confirming(outside.store))
    except OtherDatabaseError:
        raise
    except CaseManagerError:
        return


def require_organisation(outside: Outside, *, name: Callable[[Outside], str] | None = None) -> None:
    """Raise OtherOrganisationError where the settings name another than the store's; `name` finds its name out."""
    asked = outside.settings_file.load().xero.tenant_id
    require_same_organisation(_state(outside.store), asked, lambda: (name or _name_of)(outside))


def require_same_organisation(state: PollState, organisation_id: str, name: Callable[[], str]) -> None:
    """Raise OtherOrganisationError where payments would be another organisation's: they must never mix."""
    own = state.organisation
    if not own.organisation_id or not organisation_id or organisation_id == own.organisation_id:
        return
    message = (
        f"The records of this home folder belong to {own.name} ({own.organisation_id}), "
        f"but the settings name {_named(name(), organisation_id)}."
    )
    raise OtherOrganisationError(
        message,
        f'Put tenant_id = "{own.organisation_id}" back into the settings, or connect {own.name} again; '
        "another organisation needs a home folder of its own.",
    )


def known_name(store: Callable[[], Store], organisation_id: str) -> str:
    """Return how Xero called an organisation before; nothing where the store is of another, or cannot be read."""
    try:
        own = _state(store()).organisation
    except DeskError:
        return ""
    return own.name if own.organisation_id == organisation_id else ""


def _named(name: str, organisation_id: str) -> str:
    return f"{name} ({organisation_id})" if name else f"another organisation ({organisation_id})"


def _unnamed(_outside: Outside) -> str:
    return ""


def _name_of(outside: Outside) -> str:
    """Ask Xero how the organisation of the settings is called; nothing where that cannot be had."""
    try:
        found = outside.xero.organisation()
    except DeskError:
        return ""
    return found.name if found.organisation_id == outside.settings_file.load().xero.tenant_id else ""


def confirming(store: Store) -> Callable[[ConnectedDatabase], None]:
    """Return what confirms that a connection leads to the database that the store belongs to."""
    return lambda database: confirm_database(store, database)


def confirm_database(store: Store, database: ConnectedDatabase) -> None:
    """Raise OtherDatabaseError where a connection leads to another database than the store's."""
    with store.read() as unit:
        state = unit.polling.state()
        belonging = _belonging(unit, state, database)
    if belonging is not Belonging.SAME:
        raise _other_database(state, belonging, database.place.name)


def keep_database(outside: Outside) -> None:
    """Remember which database was compared: at first, and again where its oldest invoices or its address changed."""
    address = outside.settings_file.load().case_manager.url

    def see(database: ConnectedDatabase) -> KnownDatabase:
        confirm_database(outside.store, database)
        return _known(database, address)

    seen = outside.case_manager.identify(see)
    with outside.store.begin() as unit:
        if unit.polling.state().database != seen:
            unit.polling.save_database(seen)
            unit.commit()


def adopt_database(outside: Outside, by: str, reason: str) -> str:
    """Say that the database that the settings lead to is the store's, and return what was kept as a sentence.

    Raises NotAllowedError without a reason, and where it is the store's already; OtherDatabaseError where it has other
    invoices; OtherOrganisationError; CaseManagerError where it cannot be asked.
    """
    if not reason.strip():
        refusal = refused(Why.NO_REASON)
        raise NotAllowedError(refusal.reason, refusal.remedy)
    require_organisation(outside)
    address = outside.settings_file.load().case_manager.url

    def see(database: ConnectedDatabase) -> tuple[Belonging, KnownDatabase]:
        with outside.store.read() as unit:
            return _belonging(unit, unit.polling.state(), database), _known(database, address)

    belonging, seen = outside.case_manager.identify(see)
    if belonging is Belonging.SAME:
        message = f"The records of this home folder belong to {seen.place.name} as it is."
        raise NotAllowedError(message, "Nothing is to be said.")
    with outside.store.begin() as unit:
        state = unit.polling.state()
        if not belonging.may_be_adopted:
            raise _other_database(state, belonging, seen.place.name)
        unit.polling.save_database(seen)
        event = AuditEvent(
            at=outside.clock(),
            by=by,
            what=AuditWhat.ADOPTED,
            reason=reason,
            rule=Rule.R35,
            evidence={"from": state.database.place.name, "to": seen.place.name},
            database=seen.place.name,
        )
        unit.audit.append([event])
        unit.commit()
    return f"{seen.place.name} takes the place of {state.database.place.name}. Check Xero next."


def _known(database: ConnectedDatabase, address: str) -> KnownDatabase:
    oldest = sorted(database.oldest(REMEMBERED).items())
    return KnownDatabase(
        place=database.place, oldest=tuple(NumberedInvoice(key, number) for key, number in oldest), address=address
    )


def _belonging(unit: UnitOfWork, state: PollState, database: ConnectedDatabase) -> Belonging:
    return belonging_of(state.database, lambda: _recorded(unit), database.place, database.numbers_of)


def _recorded(unit: UnitOfWork) -> list[NumberedInvoice]:
    """Return the newest invoices that the last results speak of: old ones may have been cleared out."""
    invoices = [r.snapshot.case_invoice for r in unit.results.latest() if r.snapshot.case_invoice is not None]
    newest = sorted(invoices, key=lambda invoice: invoice.invoice_id.order)[-REMEMBERED:]
    return [NumberedInvoice(invoice.invoice_id, invoice.number) for invoice in newest]


def _other_database(state: PollState, belonging: Belonging, seen: str) -> OtherDatabaseError:
    known = state.database.place.name or state.comparison.case_manager_label
    words = belonging_words(belonging, known, seen)
    return OtherDatabaseError(words.reason, words.remedy, may_be_adopted=belonging.may_be_adopted)


def _state(store: Store) -> PollState:
    with store.read() as unit:
        return unit.polling.state()
