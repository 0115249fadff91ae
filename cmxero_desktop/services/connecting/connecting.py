"""Connect to Xero and disconnect again: choose the organisation of a sign-in, pin it in the settings, or revoke."""

from collections.abc import Sequence
from dataclasses import replace

from cmxero_desktop.domain.errors import SignInError, XeroUnavailableError
from cmxero_desktop.services.ports.computer import Clock, SettingsFile
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.ports.xero import Connection, XeroSignIn
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.runs import PinnedOrganisation, PollState, SignInAge


class Connecting:
    """The use case "Connect Xero"."""

    def __init__(
        self,
        *,
        sign_in: XeroSignIn,
        settings_file: SettingsFile,
        store: Store,
        clock: Clock,
        offered: Sequence[Connection] = (),
    ) -> None:
        """Keep the ports; `offered` is what a sign-in found that was made before there was a store."""
        self._sign_in = sign_in
        self._settings_file = settings_file
        self._store = store
        self._clock = clock
        self._offered = offered

    def sign_in(self, secret: str = "") -> Sequence[Connection]:
        """Sign in and return the organisations to choose from; only a custom connection has a `secret`.

        Raises SignInError.
        """
        self._offered = tuple(self._sign_in.sign_in(secret))
        return self._offered

    def choose(self, tenant_id: str) -> Connection:
        """Return the organisation that `pin` would pin; raises as it does, and writes nothing."""
        with self._store.read() as unit:
            return self._fitting(unit.polling.state(), tenant_id)

    def pin(self, tenant_id: str, by: str) -> Connection:
        """Pin one organisation of the last sign-in: `tenant_id` where it is given, else the only one there is.

        Raises SignInError where the choice is open or where the store already holds another organisation's payments.
        """
        with self._store.begin() as unit:
            state = unit.polling.state()
            chosen = self._fitting(state, tenant_id)
            # Only now: a sign-in to a wrong organisation must not take the place of the good one.
            self._sign_in.keep()
            unit.polling.save_sign_in(SignInAge(renewed_at=self._sign_in.renewed_at))
            unit.polling.save_allowance(replace(state.allowance, pause=None))
            unit.audit.append([AuditEvent(at=self._clock(), by=by, what=AuditWhat.CONNECTED, reason=chosen.name)])
            unit.commit()
        settings = self._settings_file.load()
        self._settings_file.save(replace(settings, xero=replace(settings.xero, tenant_id=chosen.tenant_id)))
        return chosen

    def _fitting(self, state: PollState, tenant_id: str) -> Connection:
        chosen = _choose(self._offered, tenant_id, state.organisation)
        if state.organisation.organisation_id and state.organisation.organisation_id != chosen.tenant_id:
            message = f"This home folder holds the payments of another organisation ({state.organisation.name})."
            raise SignInError(message, f"Use a home folder of its own for {chosen.name}.")
        return chosen

    def disconnect(self, by: str) -> None:
        """Forget the sign-in here, and revoke it at Xero where there is one to revoke; everything else stays.

        Raises XeroUnavailableError where Xero could not be told; it is forgotten here all the same.
        """
        try:
            self._sign_in.sign_out()
        except XeroUnavailableError:
            self._note_disconnected(by)
            raise
        self._note_disconnected(by)

    def _note_disconnected(self, by: str) -> None:
        with self._store.begin() as unit:
            now, organisation = self._clock(), unit.polling.state().organisation
            # The instant, too: a check that runs meanwhile must not put back when this sign-in was renewed.
            unit.polling.save_sign_in(SignInAge(disconnected_at=now))
            unit.audit.append([AuditEvent(at=now, by=by, what=AuditWhat.DISCONNECTED, reason=organisation.name)])
            unit.commit()


def _choose(connections: Sequence[Connection], tenant_id: str, known: PinnedOrganisation) -> Connection:
    names = ", ".join(f"{c.name} ({c.tenant_id})" for c in connections)
    if tenant_id:
        found = next((c for c in connections if c.tenant_id == tenant_id), None)
        if found is None:
            name = f"{known.name} ({tenant_id})" if known.organisation_id == tenant_id else tenant_id
            message = f"The sign-in gave no access to the organisation {name}."
            raise SignInError(message, f"It gave access to: {names or 'none'}.")
        return found
    if len(connections) == 1:
        return connections[0]
    if not connections:
        message = "The sign-in gave access to no organisation."
        raise SignInError(message, "Sign in again and tick the organisation on Xero's page.")
    message = f"The sign-in gave access to several organisations: {names}."
    raise SignInError(message, "Choose one: cmxero connect --tenant ID.")
