"""The invented firm in a process of its own, and our real reader, store and polling connected to it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.store.store import SqlStore, open_store
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.sign_in import XeroBrowserSignIn
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.app.clock import new_id, utc_now
from cmxero_desktop.app.demo import _consent, _free_port
from cmxero_desktop.runtime.steady import steady_s
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.settings import Settings

PAYMENTS_PER_INVOICE = 1.24
Firm = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """The polling of one home folder, and what it is wired to."""

    polling: Polling
    reader: XeroApiReader
    store: SqlStore
    outside: Outside


@contextmanager
def sandbox(folder: Path, payments: int) -> Iterator[Firm]:
    """Run the firm with about so many payments apart, so that its memory and its lock are not ours."""
    command = [sys.executable, "-m", "cmxero_desktop.sandbox", "--no-limits"]
    command += ["--size", str(int(payments / PAYMENTS_PER_INVOICE)), "--home", str(folder / "firm")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


def change(firm: Firm, verb: str, **body: str) -> Any:  # noqa: ANN401 - any JSON document
    """Change the firm's Xero as a person would, and return what the sandbox says of it."""
    address = f"{firm['control_url']}/{verb}"
    request = urllib.request.Request(address, json.dumps(body).encode(), method="POST")  # noqa: S310 - on this computer
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
        return json.load(answer)


def connected(folder: Path, firm: Firm) -> XeroTokens:
    """Sign in to the sandbox."""
    urls = xero_urls(firm["identity_url"], firm["api_url"])
    tokens = XeroTokens(firm["client_id"], urls, MemorySecrets(), folder / "lock")
    sign_in = XeroBrowserSignIn(tokens, urls, _free_port(), open_browser=_consent)
    sign_in.sign_in()
    sign_in.keep()
    return tokens


@contextmanager
def wired(folder: Path, firm: Firm) -> Iterator[Wired]:
    """Open a new home folder of the firm."""
    store = open_store(folder, "")
    store.migrate(utc_now())
    settings_file = TomlSettingsFile(folder / "home")
    settings_file.save(Settings())
    case_manager = CaseManagerDatabase(firm["case_manager_url"], load_mapping("reference"))
    urls = xero_urls(firm["identity_url"], firm["api_url"])
    reader = XeroApiReader(connected(folder, firm), urls, firm["tenant_id"])
    outside = Outside(
        xero=reader,
        case_manager=case_manager,
        store=store,
        settings_file=settings_file,
        clock=utc_now,
        steady_s=steady_s,
        new_id=new_id,
    )
    polling = Polling(
        outside,
        desk=PollingDesk(holder="benchmark", label="benchmark", zone=UTC),
        turn=nullcontext,
        tell=lambda _: None,
    )
    yield Wired(polling=polling, reader=reader, store=store, outside=outside)
    case_manager.close()
    store.close()


def headers_of(folder: Path, firm: Firm) -> dict[str, str]:
    """Return what a bare client sends."""
    return {
        "Authorization": f"Bearer {connected(folder, firm).access_token()}",
        "xero-tenant-id": firm["tenant_id"],
        "Accept": "application/json",
    }
