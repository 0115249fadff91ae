"""A proxy that opens tunnels to one place only, and a stand-in for Xero behind TLS, with certificates of its own."""

import shutil
import socket
import ssl
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self

from tests.adapters.xero.stand_in import StandIn

OPENSSL = shutil.which("openssl")
NAME = "api.xero.test"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2")


@dataclass(frozen=True)
class Certificates:
    """Paths of an authority of our own, and of a certificate with its key that it signed for `NAME`."""

    authority: Path
    signed: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    """Make an authority and let it sign; needs the program openssl."""
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    signed, key = folder / "signed.pem", folder / "signed.key"
    _openssl("req", "-x509", *_KEY, "-keyout", authority_key, "-out", authority, "-subj", "/CN=Test authority")
    by = ("-CA", authority, "-CAkey", authority_key)
    for_name = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
    not_itself = ("-addext", "basicConstraints=critical,CA:FALSE")
    _openssl("req", "-x509", *_KEY, *by, "-keyout", key, "-out", signed, *for_name, *not_itself)
    return Certificates(authority, signed, key)


def _openssl(*words: str | Path) -> None:
    subprocess.run([OPENSSL or "openssl", *map(str, words)], check=True, capture_output=True)


def behind_tls(xero: StandIn, certificates: Certificates) -> int:
    """Let a stand-in that has not started yet speak TLS; return its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.signed, certificates.key)
    xero._server.socket = context.wrap_socket(xero._server.socket, server_side=True)
    return xero._server.server_port


class _Server(ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True
    to_port = 0
    refusal = b""
    heads: list[str]


class _Tunnel(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        head = b""
        while line := self.rfile.readline():
            if not line.strip():
                break
            head += line
        self.server.heads.append(head.decode())
        if self.server.refusal:
            self.wfile.write(self.server.refusal)
            return
        with socket.create_connection(("127.0.0.1", self.server.to_port)) as beyond:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=_pump, args=(beyond, self.connection), name="tunnel")
            back.start()
            _pump(self.connection, beyond)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class Proxy:
    """Answers CONNECT while it is entered; every tunnel leads to one port of this computer, whatever was asked."""

    def __init__(self, to_port: int = 0, refusal: str = "") -> None:
        self._server = _Server(("127.0.0.1", 0), _Tunnel)
        self._server.to_port = to_port
        self._server.refusal = f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode() if refusal else b""
        self._server.heads = []
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="proxy")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def heads(self) -> list[str]:
        """What it was asked, each with its headers."""
        return self._server.heads

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
