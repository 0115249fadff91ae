"""The whole way of a question: a real server, a real signature, a file that remembers, and whoever is between."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cmxero_desktop.adapters.releases.memory import MEMORY_FILE, ReleaseMemoryFile
from cmxero_desktop.adapters.releases.signature import is_signed
from cmxero_desktop.adapters.releases.source import ManifestSource
from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.domain.releases import text_of
from cmxero_desktop.services.connecting.updates import Updates
from cmxero_desktop.services.records.settings import Settings, UpdateSettings
from tests.domain.test_releases import MANIFEST, NOW, RELEASE, manifest_of
from tests.services.connecting.test_updates import PUBLIC
from tests.services.desk import FakeSettingsFile
from tests.support.manifest_server import Answer, ManifestServerHere, manifest_server

PATH = "/cm-xero-desk.json"


@pytest.fixture
def server() -> Iterator[ManifestServerHere]:
    with manifest_server() as here:
        here.answers[PATH] = Answer(MANIFEST)
        yield here


def asking(server: ManifestServerHere, home: Path) -> Updates:
    """Return what a program that was started anew asks by."""
    settings = Settings(updates=UpdateSettings(address=f"{server.url}/?sig=s3cret", public_key=PUBLIC))
    return Updates(
        settings_file=FakeSettingsFile(settings),
        source=ManifestSource(server.pool),
        is_signed=is_signed,
        memory=ReleaseMemoryFile(home),
        clock=lambda: NOW,
        jitter=timedelta,
        own_version="1.3.0",
        own_store_revision="0019",
    )


def test_what_was_told_is_known_after_a_restart_and_nobody_goes_back_behind_it(
    server: ManifestServerHere, tmp_path: Path
) -> None:
    newer = replace(RELEASE, version="1.4.1", published_at=NOW)
    server.answers[PATH] = Answer(manifest_of(text_of(newer)))
    assert asking(server, tmp_path).ask().release == newer
    server.answers[PATH] = Answer(MANIFEST)
    with pytest.raises(ReleaseError, match="Somebody may hold news back"):
        asking(server, tmp_path).ask()
    assert asking(server, tmp_path).seen().release == newer
    assert "s3cret" not in (tmp_path / MEMORY_FILE).read_text("ascii")


def test_whoever_changes_one_letter_on_the_way_is_not_believed(server: ManifestServerHere, tmp_path: Path) -> None:
    server.answers[PATH] = Answer(MANIFEST.replace(b"1.4.0", b"1.4.9"))
    with pytest.raises(ReleaseError, match=f"{server.url} is not signed by the public key in the settings"):
        asking(server, tmp_path).ask()
    assert asking(server, tmp_path).seen().release is None


def test_the_schedule_asks_a_real_server_once_a_day(server: ManifestServerHere, tmp_path: Path) -> None:
    assert [asking(server, tmp_path).ask_if_due() for _ in range(4)] == [False, True, False, False]
    assert server.asked == [f"{PATH}?sig=s3cret"]
