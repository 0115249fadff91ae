"""The manifest comes by https or from a folder: so much of it at most, for so long at most, and never by plain http."""

import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from cmxero_desktop.adapters.releases.source import ManifestSource
from cmxero_desktop.domain.errors import ReleaseError, SettingsError
from cmxero_desktop.domain.releases import MANIFEST_NAME, MOST_BYTES
from tests.support.manifest_server import Answer, ManifestServerHere, manifest_server

GOOD = Answer(b'{"release": "x"}')


@pytest.fixture
def server() -> Iterator[ManifestServerHere]:
    with manifest_server() as here:
        yield here


@pytest.fixture
def source(server: ManifestServerHere) -> ManifestSource:
    return ManifestSource(server.pool)


def refused(source: ManifestSource, address: str) -> ReleaseError:
    with pytest.raises(ReleaseError) as caught:
        source.read(address)
    assert "s3cret" not in f"{caught.value}"
    return caught.value


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("", "/cm-xero-desk.json"),
        ("/", "/cm-xero-desk.json"),
        ("/desk", "/desk/cm-xero-desk.json"),
        ("/desk/?token=s3cret", "/desk/cm-xero-desk.json?token=s3cret"),
        ("/desk/latest.json?token=s3cret", "/desk/latest.json?token=s3cret"),
    ],
)
def test_an_address_names_the_folder_or_the_file(
    server: ManifestServerHere, source: ManifestSource, address: str, asked: str
) -> None:
    server.answers[asked.partition("?")[0]] = GOOD
    assert source.read(f"{server.url}{address}") == GOOD.content
    assert server.asked == [asked]


def test_what_is_sent_on_by_https_is_followed(server: ManifestServerHere, source: ManifestSource) -> None:
    server.answers = {
        "/a.json": Answer(status=302, onward="/b"),
        "/b": Answer(status=307, onward=f"{server.url}/c"),
        "/c": Answer(status=301, onward="d"),
        "/d": GOOD,
    }
    assert source.read(f"{server.url}/a.json") == GOOD.content


@pytest.mark.parametrize("onward", ["http://localhost/x", "HTTP://localhost/x", "file:///etc/hostname", "ftp://x"])
def test_what_is_sent_on_otherwise_is_not(server: ManifestServerHere, source: ManifestSource, onward: str) -> None:
    server.answers["/a.json"] = Answer(status=302, onward=onward)
    assert "not encrypted; it was not followed" in refused(source, f"{server.url}/a.json?t=s3cret").message
    assert len(server.asked) == 1


def test_what_is_sent_round_in_a_circle_ends(server: ManifestServerHere, source: ManifestSource) -> None:
    server.answers["/a.json"] = Answer(status=302, onward="/a.json")
    assert "from address to address" in refused(source, f"{server.url}/a.json").message
    assert len(server.asked) == 4


def test_what_is_not_there_is_said_so(server: ManifestServerHere, source: ManifestSource) -> None:
    error = refused(source, f"{server.url}/?t=s3cret")
    assert error.message == f"{server.url} has no manifest to give: it answers 404."
    assert "updates.address" in error.remedy


def test_a_file_without_end_is_read_only_so_far(server: ManifestServerHere, source: ManifestSource) -> None:
    server.answers["/a.json"] = Answer(is_endless=True)
    assert MOST_BYTES < len(source.read(f"{server.url}/a.json")) < 2 * MOST_BYTES


def test_a_certificate_that_nobody_trusts_is_refused(server: ManifestServerHere) -> None:
    source = ManifestSource(lambda _: urllib3.PoolManager())
    assert "does not trust its certificate" in refused(source, f"{server.url}/?t=s3cret").message
    assert server.asked == []


def test_a_computer_that_is_not_there_is_said_so(source: ManifestSource, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with manifest_server() as gone:
        address = f"{gone.url}/?t=s3cret"
    assert "refused or broke off" in refused(source, address).message
    assert "s3cret" not in caplog.text


def test_a_name_that_nobody_knows_is_said_so(source: ManifestSource, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "its name is not known" in refused(source, "https://nobody.invalid/?t=s3cret").message


def test_trouble_with_the_proxy_is_told_as_it_is() -> None:
    def broken(_: str) -> urllib3.PoolManager:
        raise SettingsError("The proxy cannot be used.", "Correct it.")

    with pytest.raises(SettingsError, match="proxy"):
        ManifestSource(broken).read("https://example.com")


def test_what_nobody_foresaw_is_not_swallowed() -> None:
    def broken(_: str) -> urllib3.PoolManager:
        raise RuntimeError("odd")

    with pytest.raises(RuntimeError, match="odd"):
        ManifestSource(broken).read("https://example.com")


def test_whoever_never_answers_is_waited_for_only_so_long_and_not_asked_twice(server: ManifestServerHere) -> None:
    begun, ends = threading.Event(), threading.Event()

    def slow(url: str) -> urllib3.PoolManager:
        begun.set()
        ends.wait()
        return server.pool(url)

    source = ManifestSource(slow, whole_s=0.05)
    assert "within 0 seconds" in refused(source, f"{server.url}/?t=s3cret").message
    begun.wait()
    assert "did not give the manifest" in refused(source, f"{server.url}/").message
    assert sum(thread.name == "manifest" for thread in threading.enumerate()) == 1
    ends.set()


def test_a_folder_gives_the_file_in_it(source: ManifestSource, tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes(GOOD.content)
    assert source.read(str(tmp_path)) == GOOD.content
    assert source.read(str(tmp_path / MANIFEST_NAME)) == GOOD.content
    (tmp_path / MANIFEST_NAME).write_bytes(bytes(10 * MOST_BYTES))
    assert len(source.read(str(tmp_path))) == MOST_BYTES + 1


def test_a_folder_without_one_is_said_so(source: ManifestSource, tmp_path: Path) -> None:
    assert refused(source, str(tmp_path)).message == f"There is no manifest {tmp_path / MANIFEST_NAME}."
    (tmp_path / MANIFEST_NAME).mkdir()
    assert "There is no manifest" in refused(source, str(tmp_path)).message


def test_a_file_that_cannot_be_read_says_why(source: ManifestSource) -> None:
    error = refused(source, f"/{'x' * 300}.json")
    assert "name" in error.message.lower() or "no manifest" in error.message
