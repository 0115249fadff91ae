"""A bundle can be made of whatever there is of a desk, and the words of this computer and of the settings stay here."""

import json
from pathlib import Path
from typing import Any

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.store import migrating
from cmxero_desktop.app.clock import user
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.services.connecting.initialising import CASE_MANAGER_PASSWORD
from cmxero_desktop.services.records.reports import Bundle, BundleChoice
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    PeopleSettings,
    PolicySettings,
    Settings,
    StoreSettings,
    XeroSettings,
)
from cmxero_desktop.services.verbs.commands.diagnosing import MakeBundle, WriteBundle

NOTHING, EVERYTHING = BundleChoice(), BundleChoice(has_names=True, has_amounts=True)
PASSWORD = "k33p-me out/of it"


@pytest.fixture
def desks() -> Desks:
    secrets = MemorySecrets()
    secrets.set(CASE_MANAGER_PASSWORD, PASSWORD)
    return Desks(Parts(secrets=lambda: secrets, open_browser=lambda _: False))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Nothing listens there, so a desk that would ask Xero is refused at once.
    monkeypatch.setenv("HTTPS_PROXY", "http://proxyann:pr0xy-pass@127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://proxyann:pr0xy-pass@127.0.0.1:9")
    return tmp_path / "home-of-wu"


def save(home: Path, **more: Any) -> None:
    parts: dict[str, Any] = {
        "xero": XeroSettings(client_id="5A4D0B0C7D9E4F10A1B2C3D4E5F60718", tenant_id="f00d1234-tenant"),
        "case_manager": CaseManagerSettings(url=f"sqlite:///{home.parent}/wu-and-partners.db"),
        "policy": PolicySettings(sor_account="Quill Clearing"),
        "people": PeopleSettings(approvers=("Zoe Quarterman",)),
    }
    TomlSettingsFile(home).save(Settings(**(parts | more)))


def log(home: Path, text: str) -> None:
    path = home / "logs" / "desk.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"2026-11-22 10:42:07,100 WARNING cmxero_desktop.x: {text}\n", encoding="utf-8")


def made(desks: Desks, home: Path, choice: BundleChoice) -> Bundle:
    with desks.closed(home) as desk:
        return desk.run(MakeBundle(choice))


def text_of(bundle: Bundle) -> str:
    return "\n".join(part.text for part in bundle.parts)


def test_the_words_of_this_computer_and_of_the_settings_are_taken_out(desks: Desks, home: Path) -> None:
    save(home)
    log(
        home,
        f"{user()} at {home} opened {home.parent}/wu-and-partners.db for Quill Clearing, by proxyann, {PASSWORD}, "
        "Zoe Quarterman may not do this, tenant f00d1234-tenant of 5A4D0B0C7D9E4F10A1B2C3D4E5F60718, pr0xy-pass",
    )
    text = text_of(made(desks, home, NOTHING))
    names = ("home-of-wu", "wu-and-partners", "Quill", "proxyann", "Quarterman")
    secrets = (PASSWORD, "f00d1234-tenant", "5A4D0B0C7D9E4F10A1B2C3D4E5F60718", "pr0xy-pass")
    assert [word for word in (*names, *secrets, f" {user()} at") if word in text] == []
    assert f'"Store": "{migrating.HEAD}"' in text
    assert '"database": "sqlite"' in text
    ticked = text_of(made(desks, home, EVERYTHING))
    assert [word for word in secrets if word in ticked] == []
    assert [word for word in names if word not in ticked] == []


def test_settings_that_cannot_be_read_give_away_nothing_of_what_they_say(desks: Desks, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text(
        'mode = "Brightside"\n[case_manager]\nurl = "postgresql://zoe:pw@srv-wu/case"\n'
    )
    bundle = made(desks, home, NOTHING)
    text = text_of(bundle)
    assert [word for word in ("Brightside", "zoe", "srv-wu", "home-of-wu") if word in text] == []
    assert "Missing: the store, the settings" in text
    assert "Line 1" in text
    lines = json.loads(next(part.text for part in bundle.parts if part.name == "doctor.json"))
    assert [line["check"] for line in lines if line["good"]] == ["keyring", "clock", "disk", "rights", "log", "version"]


def test_a_store_that_is_none_leaves_everything_else(desks: Desks, home: Path) -> None:
    save(home)
    (home / "store.db").write_bytes(b"this is no database" * 100)
    log(home, "Wu & Partners paid 12.50")
    bundle = made(desks, home, NOTHING)
    assert [part.name for part in bundle.parts] == [
        "about.txt",
        "computer.json",
        "settings.json",
        "doctor.json",
        "log.txt",
    ]
    text = text_of(bundle)
    assert "Wu &" not in text
    assert "12.50" not in text
    assert '"Store": "not known"' in text
    assert "WARNING cmxero_desktop.x: [left out]" in text


def test_addresses_that_cannot_be_understood_are_taken_out_whole(desks: Desks, home: Path) -> None:
    address = "post gres:/zoe,quill"
    save(home, case_manager=CaseManagerSettings(url=address, mapping="/srv/wu-map.toml"))
    log(home, f"cannot use {address} with /srv/wu-map.toml")
    text = text_of(made(desks, home, NOTHING))
    assert [word for word in ("quill", "wu-map", "/srv") if word in text] == []


def test_a_store_on_a_server_hides_its_password_and_its_server(desks: Desks, home: Path) -> None:
    save(home, store=StoreSettings(url="postgresql://zoe:st0re+pass@127.0.0.1:9/wu_store"))
    log(home, "connecting with st0re+pass as zoe to wu_store")
    text = text_of(made(desks, home, NOTHING))
    assert [word for word in ("st0re+pass", "zoe", "wu_store") if word in text] == []
    assert "st0re+pass" not in text_of(made(desks, home, EVERYTHING))


def test_the_bundle_is_written_by_the_same_hands(desks: Desks, home: Path) -> None:
    bundle = made(desks, home, NOTHING)
    with desks.closed(home) as desk:
        assert desk.run(WriteBundle(bundle, home.parent / "d.zip")).stat().st_size > 0
