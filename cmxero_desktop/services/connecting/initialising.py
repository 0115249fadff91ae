"""Set a home folder up: check Case Manager's database first, then write the settings."""

from collections.abc import Callable, Collection
from dataclasses import replace

from cmxero_desktop.domain.errors import CaseManagerError, SettingsError
from cmxero_desktop.services.ports.computer import Secrets, SettingsFile
from cmxero_desktop.services.records.abilities import CANNOT_APPROVE, Able, Rehearsal
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.settings import CaseManagerSettings, Mode, Settings, StoreSettings, XeroSettings
from cmxero_desktop.services.records.setup import InitRequest

CASE_MANAGER_PASSWORD = "case-manager-password"  # noqa: S105 - the name of the secret, not the secret


def store_password_name(store_url: str) -> str:
    """Return the name of the secret that is the password of our own store at an address without one."""
    return f"store-password:{store_url}"


def require_case_manager(settings: CaseManagerSettings) -> None:
    """Raise SettingsError where the settings name no database."""
    if not settings.url:
        message = "The settings name no Case Manager database."
        raise SettingsError(message, "Run cmxero init with --case-manager-url.")


def require_xero_app(settings: XeroSettings) -> None:
    """Raise SettingsError where the settings name no app of Xero's."""
    if not settings.client_id:
        message = "The settings name no Xero app."
        raise SettingsError(message, "Run cmxero init with --xero-client-id.")


def initialise(
    settings_file: SettingsFile,
    secrets: Secrets,
    check: Callable[[CaseManagerSettings, str | None], CaseManagerFacts],
    rehearse: Callable[[CaseManagerSettings, str | None, Collection[str]], Rehearsal],
    request: InitRequest,
) -> CaseManagerFacts:
    """Check the database against the mapping, then keep the settings, the passwords in the keyring only.

    Where approving is asked for at once, what an approval needs is tried first, with these payment types. Raises
    CaseManagerError with every problem, SettingsError or SecretsError; then nothing was written.
    """
    case_manager = CaseManagerSettings(url=request.case_manager_url, mapping=request.mapping)
    facts = check(case_manager, request.password)
    old = settings_file.load() if settings_file.exists() else Settings()
    if request.mode is Mode.APPROVE:
        rehearsal = rehearse(case_manager, request.password, old.policy.payment_types.values())
        if rehearsal.those(Able.NO):
            raise CaseManagerError(rehearsal.in_words(), CANNOT_APPROVE)
    if request.password is not None:
        secrets.set(CASE_MANAGER_PASSWORD, request.password)
    if request.store_password is not None:
        secrets.set(store_password_name(request.store_url), request.store_password)
    xero = replace(
        old.xero,
        sign_in=request.sign_in or old.xero.sign_in,
        client_id=request.xero_client_id,
        identity_url=request.identity_url,
        api_url=request.api_url,
    )
    store = StoreSettings(url=request.store_url) if request.store_url else old.store
    settings_file.save(replace(old, mode=request.mode, xero=xero, case_manager=case_manager, store=store))
    return facts
