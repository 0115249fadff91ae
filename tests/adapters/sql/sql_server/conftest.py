"""Gives the tests an authority of their own, and servers with certificates by it."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
import trustme

from tests.support.sql_server.server import Settings, SqlServer


@dataclass(frozen=True)
class Certified:
    """A server's certificate, and the file with the authority that vouches for it."""

    context: ssl.SSLContext
    authority: Path
    fingerprint: str


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """Make a certificate for this computer, by whatever name it is called."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost", "sql.firm.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    file = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(file)
    der = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())
    return Certified(context, file, sha256(der).hexdigest())


@pytest.fixture
def trusted(certified: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system's trust store hold the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certified.authority))


Started = Callable[[Settings], SqlServer]


@pytest.fixture
def started(postgres_url: str) -> Iterator[Started]:
    """Start a server that behaves as a test wants it to."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(SqlServer(postgres_url, settings))
