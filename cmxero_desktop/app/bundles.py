"""Tell the diagnostics bundle where its parts come from, and which words of this computer must not leave it."""

import platform
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from cmxero_desktop.adapters.xero.custom_connection import client_secret_name
from cmxero_desktop.adapters.xero.proxies import proxy_of
from cmxero_desktop.app.clock import user
from cmxero_desktop.app.computer import computer_facts
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.runtime.logs import log_tail, redacted
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD, store_password_name
from cmxero_desktop.services.connecting.mailing import mail_password_name
from cmxero_desktop.services.diagnostics.bundling import BundleSources, make_bundle
from cmxero_desktop.services.diagnostics.examining import ExaminedParts, examine
from cmxero_desktop.services.diagnostics.redacting import KnownWords
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthFacts
from cmxero_desktop.services.records.settings import PolicySettings, Settings

_QUOTED = re.compile(r"\"([^\"\n]{3,})\"|'([^'\n]{3,})'")


def bundle_of(parts: ExaminedParts, choice: BundleChoice) -> Bundle:
    """Make the bundle of a desk that is open, or of whatever can be opened of it."""
    sources = BundleSources(
        settings=parts.settings,
        store=parts.store,
        doctor=lambda: examine(parts),
        computer=lambda: _computer(parts),
        log=lambda: log_tail(parts.computer.home),
        known=lambda: _known(parts),
        hide_secrets=redacted,
    )
    return make_bundle(sources, choice)


def _computer(parts: ExaminedParts) -> HealthFacts:
    facts = computer_facts(parts.computer.home, "")
    try:
        revision = parts.store().revision
    except DeskError:
        revision = "not known"
    return replace(facts, versions={**facts.versions, "Store": revision})


def _known(parts: ExaminedParts) -> KnownWords:
    """Return the names of this computer and its user, what the settings name, and the secrets known by value."""
    names = {str(parts.computer.home), str(parts.computer.home.resolve()), str(Path.home()), user(), platform.node()}
    names |= {platform.node().partition(".")[0]}
    secrets: set[str] = set()
    try:
        settings = parts.settings()
    except DeskError:
        names |= set(_quoted(parts.computer.home / "settings.toml"))
    else:
        names |= {word for word in _setting_names(settings) if word}
        secrets |= {word for word in _setting_secrets(settings) if word}
    with suppress(DeskError):
        secrets.add(parts.secrets().get(CASE_MANAGER_PASSWORD) or "")
        client_id = parts.settings().xero.client_id
        secrets.add(parts.secrets().get(client_secret_name(client_id, parts.computer.home)) or "")
        secrets.add(parts.secrets().get(store_password_name(parts.settings().store.url)) or "")
        secrets.add(parts.secrets().get(mail_password_name(parts.settings().mail)) or "")
    return KnownWords(names=frozenset(names - {""}), secrets=frozenset(secrets - {""}))


def _setting_names(settings: Settings) -> Iterator[str]:
    policy, standard = settings.policy, PolicySettings()
    for url in (settings.case_manager.url, settings.store.url):
        yield from _parts_of(url, has_secrets=False)
    yield from _parts_of(proxy_of(settings.xero)[0], has_secrets=False)
    yield from settings.people.approvers
    mail = settings.mail
    yield from (mail.host, mail.login, mail.sender, *mail.recipients)
    if settings.case_manager.mapping != "reference":
        yield settings.case_manager.mapping
        yield Path(settings.case_manager.mapping).stem
    for own, usual in ((policy.invoice_prefix, standard.invoice_prefix), (policy.sor_account, standard.sor_account)):
        if own != usual:
            yield own


def _setting_secrets(settings: Settings) -> Iterator[str]:
    """Give the passwords that an address may hold, and the ids that are never shown whole."""
    for url in (settings.case_manager.url, settings.store.url, proxy_of(settings.xero)[0]):
        yield from _parts_of(url, has_secrets=True)
    yield from (settings.xero.client_id, settings.xero.tenant_id)


def _parts_of(url: str, *, has_secrets: bool) -> Iterator[str]:
    if not url:
        return
    try:
        parsed = make_url(url if "://" in url else f"http://{url}")
    except (ArgumentError, ValueError):
        # An address that nobody can read may hold a password anywhere.
        yield url
        return
    if has_secrets:
        yield parsed.password or ""
        return
    yield from (url, parsed.username or "", parsed.host or "", parsed.database or "")
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "")
        yield from (file.name, file.stem, str(file.parent) if file.parent != Path() else "")


def _quoted(path: Path) -> Iterator[str]:
    """Give every quoted text of a file that cannot be read as settings."""
    with suppress(OSError):
        for found in _QUOTED.finditer(path.read_text(encoding="utf-8", errors="replace")):
            yield found[1] or found[2]
