"""Whoever publishes versions makes a key and signs a manifest, and a desktop believes exactly that."""

import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.store.migrating import HEAD
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.domain.releases import MANIFEST_NAME
from cmxero_desktop.services.records.settings import Settings, UpdateSettings
from cmxero_desktop.services.verbs.commands.computer import AskForUpdates
from tools.sign_manifest import main

SETUP = b"MZ, the setup program"


def signed(folder: Path, *words: str, now: datetime | None = None) -> int:
    key, setup = folder / "key", folder / "cm-xero-desk-99.0.0-setup.exe"
    setup.write_bytes(SETUP)
    moment = now or datetime.now(UTC)
    return main(["sign", str(key), str(setup), "--version", "99.0.0", "--news", "All new.", *words], moment)


def test_a_desktop_believes_what_was_signed_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-key", str(tmp_path / "key")], datetime.now(UTC)) == 0
    public = capsys.readouterr().out.strip()
    assert signed(tmp_path, "--note", "Close all windows first.") == 0
    file = TomlSettingsFile(tmp_path / "home")
    file.save(Settings(updates=UpdateSettings(address=str(tmp_path), public_key=public)))
    with Desks(Parts(secrets=MemorySecrets, open_browser=lambda _: False)).closed(tmp_path / "home") as desk:
        seen = desk.run(AskForUpdates())
        assert seen.is_newer
        assert not seen.renews_store
        assert seen.release is not None
        assert (seen.release.version, seen.release.news) == ("99.0.0", ("All new.",))
        assert seen.release.notes == ("Close all windows first.",)
        assert seen.release.store_revision == HEAD
        assert seen.release.setup.sha256 == hashlib.sha256(SETUP).hexdigest()
        assert seen.release.setup.size_bytes == len(SETUP)
        manifest = tmp_path / MANIFEST_NAME
        manifest.write_bytes(manifest.read_bytes().replace(b"99.0.0", b"99.0.1"))
        with pytest.raises(ReleaseError, match="not signed by the public key"):
            desk.run(AskForUpdates())


def test_a_key_is_for_its_owner_and_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "key"
    assert main(["new-key", str(key)], datetime.now(UTC)) == 0
    before = key.read_text("ascii")
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert main(["new-key", str(key)], datetime.now(UTC)) == 1
    assert key.read_text("ascii") == before
    assert "exists" in capsys.readouterr().err
    assert before.strip() not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--version", "newest"), "version"),
        (("--place", "x" * 301), "place"),
        (("--news", *["ä" * 300] * 40), "Say less"),
    ],
)
def test_what_no_desktop_would_understand_is_not_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    main(["new-key", str(tmp_path / "key")], datetime.now(UTC))
    assert signed(tmp_path, *words) == 1
    assert why in capsys.readouterr().err
    assert not (tmp_path / MANIFEST_NAME).exists()


def test_a_file_that_holds_no_key_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_text("none", "ascii")
    assert signed(tmp_path, now=datetime.now(UTC) - timedelta(days=1)) == 1
    assert "holds no private key" in capsys.readouterr().err
