"""Fetch the maker's manifest, by https or from a folder that this computer sees: so much at most, and so long at most.

A name server and a share that is gone keep a reader waiting for minutes, and nothing ends that: so each reading has a
thread of its own, which is left behind where it does not end, and no second one is begun beside it.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import urljoin, urlsplit

import urllib3

from cmxero_desktop.domain.errors import DeskError, ReleaseError
from cmxero_desktop.domain.releases import MANIFEST_NAME, MOST_BYTES
from cmxero_desktop.services.records.releases import HTTPS, address_shown

PoolFor = Callable[[str], urllib3.PoolManager]
"""Returns the connections for an address, by the system's trust store and proxy. Raises SettingsError."""

WHOLE_S, STEP_S = 15.0, 5.0
_MOST_REDIRECTS = 3
_CHUNK_BYTES = 16_384
_OK = 200
_CHECK = "Check updates.address in the settings, and that this computer reaches it; what else it does goes on."


class ManifestSource:
    """Implements `ReleaseSource`; one reading at a time."""

    def __init__(self, pool_for: PoolFor, *, whole_s: float = WHOLE_S) -> None:
        """Prepare; `whole_s` is how long, in seconds, a reading may last altogether."""
        self._pool_for = pool_for
        self._whole_s = whole_s
        self._reading: threading.Thread | None = None

    def read(self, address: str) -> bytes:
        """Return the manifest's file, or the beginning of one that is too long. Raises ReleaseError."""
        where = address_shown(address)
        if self._reading is not None and self._reading.is_alive():
            self._late(where)
        ends: list[bytes | Exception] = []

        def work() -> None:
            try:
                ends.append(self._by_https(address, where) if address.startswith(HTTPS) else _from_file(address))
            except Exception as error:  # noqa: BLE001 - it is told by the thread that waits
                ends.append(error)

        self._reading = threading.Thread(target=work, name="manifest", daemon=True)
        self._reading.start()
        self._reading.join(self._whole_s)
        if not ends:
            self._late(where)
        if isinstance(end := ends[0], bytes):
            return end
        if isinstance(end, DeskError):
            raise end
        if isinstance(end, OSError | urllib3.exceptions.HTTPError | ValueError):
            message = f"The manifest at {where} could not be read: {_why(end)}."
            raise ReleaseError(message, _CHECK) from None
        raise end

    def _late(self, where: str) -> NoReturn:
        message = f"{where} did not give the manifest within {self._whole_s:.0f} seconds."
        raise ReleaseError(message, _CHECK)

    def _by_https(self, address: str, where: str) -> bytes:
        parts = urlsplit(address)
        path = parts.path if parts.path.endswith(".json") else f"{parts.path.rstrip('/')}/{MANIFEST_NAME}"
        url = parts._replace(path=path).geturl()
        for _ in range(_MOST_REDIRECTS + 1):
            onward = self._visit(url, where)
            if isinstance(onward, bytes):
                return onward
            url = urljoin(url, onward)
            if not url.startswith(HTTPS):
                message = f"{where} sends on to an address that is not encrypted; it was not followed."
                raise ReleaseError(message, "Ask whoever looks after that address: it has to begin with https.")
        message = f"{where} sends on from address to address, more than {_MOST_REDIRECTS} times."
        raise ReleaseError(message, _CHECK)

    def _visit(self, url: str, where: str) -> bytes | str:
        """Return what lies there, or the address that it sends on to."""
        pool = self._pool_for(url)
        try:
            answer = pool.request(
                "GET",
                url,
                headers={"Accept": "application/json", "User-Agent": "cm-xero-desk"},
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=STEP_S, read=STEP_S),
                preload_content=False,
                decode_content=False,
            )
            try:
                return answer.get_redirect_location() or _body(answer, where)
            finally:
                answer.close()
        finally:
            pool.clear()


def _body(answer: urllib3.BaseHTTPResponse, where: str) -> bytes:
    if answer.status != _OK:
        message = f"{where} has no manifest to give: it answers {answer.status}."
        raise ReleaseError(message, _CHECK)
    content = b""
    while len(content) <= MOST_BYTES and (chunk := answer.read(_CHUNK_BYTES)):
        content += chunk
    return content


def _from_file(address: str) -> bytes:
    path = Path(address)
    if path.suffix != ".json":
        path = path / MANIFEST_NAME
    if not path.is_file():
        message = f"There is no manifest {path}."
        raise ReleaseError(message, _CHECK)
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _why(error: Exception) -> str:
    """Say what kind of thing went wrong: the library's own words hold the whole address."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, urllib3.exceptions.SSLError):
        return "this computer does not trust its certificate, or the connection is not encrypted as it should be"
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "its name is not known"
    # A connection that was refused is a kind of timeout to the library.
    if isinstance(error, urllib3.exceptions.TimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    ):
        return "it does not answer"
    return "the connection was refused or broke off"
