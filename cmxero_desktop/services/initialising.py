"""Set a home folder up: check Case Manager's database first, then write the settings."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cmxero_desktop.services.ports import Secrets, SettingsFile
from cmxero_desktop.services.records import CaseManagerFacts
from cmxero_desktop.services.settings import CaseManagerSettings, Mode, Settings

CASE_MANAGER_PASSWORD = "case-manager-password"  # noqa: S105 - the name of the secret, not the secret


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest:
    """What a person gives to set the program up. `password` was taken out of the URL; None leaves the stored one."""

    case_manager_url: str
    xero_client_id: str
    password: str | None = None
    mapping: str = "reference"
    mode: Mode = Mode.OBSERVE
    identity_url: str = ""
    api_url: str = ""


def initialise(
    settings_file: SettingsFile,
    secrets: Secrets,
    check: Callable[[CaseManagerSettings, str | None], CaseManagerFacts],
    request: InitRequest,
) -> CaseManagerFacts:
    """Check the database against the mapping, then keep the settings, the password in the keyring only.

    Raises CaseManagerError with every problem, SettingsError or SecretsError; then nothing was written.
    """
    case_manager = CaseManagerSettings(url=request.case_manager_url, mapping=request.mapping)
    facts = check(case_manager, request.password)
    old = settings_file.load() if settings_file.exists() else Settings()
    if request.password is not None:
        secrets.set(CASE_MANAGER_PASSWORD, request.password)
    xero = replace(
        old.xero, client_id=request.xero_client_id, identity_url=request.identity_url, api_url=request.api_url
    )
    settings_file.save(replace(old, mode=request.mode, xero=xero, case_manager=case_manager))
    return facts
