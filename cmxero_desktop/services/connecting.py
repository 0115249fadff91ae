"""Connect to Xero: sign in, choose the organisation, and pin it in the settings."""

from collections.abc import Sequence
from dataclasses import replace

from cmxero_desktop.domain.errors import SignInError
from cmxero_desktop.services.ports import Clock, Connection, SettingsFile, Store, XeroSignIn
from cmxero_desktop.services.records import AuditEvent, AuditWhat


def connect(
    sign_in: XeroSignIn, settings_file: SettingsFile, store: Store, clock: Clock, *, tenant_id: str, by: str
) -> Connection:
    """Sign in and pin one organisation: `tenant_id` where it is given, else the only one there is.

    Raises SignInError where the choice is open or where the store already holds another organisation's payments.
    """
    chosen = _choose(sign_in.sign_in(), tenant_id)
    with store.begin() as unit:
        held = unit.poll_state().organisation_id
        if held and held != chosen.tenant_id:
            message = (
                f"This home folder holds the payments of another organisation ({unit.poll_state().organisation_name})."
            )
            raise SignInError(message, f"Use a home folder of its own for {chosen.name}.")
        unit.append_audit([AuditEvent(at=clock(), by=by, what=AuditWhat.CONNECTED, reason=chosen.name)])
        unit.commit()
    settings = settings_file.load()
    settings_file.save(replace(settings, xero=replace(settings.xero, tenant_id=chosen.tenant_id)))
    return chosen


def _choose(connections: Sequence[Connection], tenant_id: str) -> Connection:
    names = ", ".join(f"{c.name} ({c.tenant_id})" for c in connections)
    if tenant_id:
        found = next((c for c in connections if c.tenant_id == tenant_id), None)
        if found is None:
            message = f"The sign-in gave no access to the organisation {tenant_id}."
            raise SignInError(message, f"It gave access to: {names or 'none'}.")
        return found
    if len(connections) == 1:
        return connections[0]
    if not connections:
        message = "The sign-in gave access to no organisation."
        raise SignInError(message, "Sign in again and tick the organisation on Xero's page.")
    message = f"The sign-in gave access to several organisations: {names}."
    raise SignInError(message, "Choose one: cmxero connect --tenant ID.")
