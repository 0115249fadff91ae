"""A real HTTPS server on loopback that gives what the test puts there, and keeps what it was asked."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme
import urllib3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one path; `onward` sends to another address, `waits` ends only with the server."""

    content: bytes = b""
    status: int = 200
    onward: str = ""
    waits: bool = False
    is_endless: bool = False


@dataclass
class ManifestServerHere:
    """The server as a test sees it."""

    authority: trustme.CA
    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    ends: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://localhost:{self.port}"

    def pool(self, _url: str) -> urllib3.PoolManager:
        """Return connections that trust this authority and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return urllib3.PoolManager(ssl_context=context)


@contextmanager
def manifest_server() -> Iterator[ManifestServerHere]:
    """Run it."""
    here = ManifestServerHere(trustme.CA())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            answer = here.answers.get(self.path.partition("?")[0], Answer(status=404))
            if answer.waits:
                here.ends.wait()
            self.send_response(answer.status)
            if answer.onward:
                self.send_header("Location", answer.onward)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(answer.content)
                while answer.is_endless:
                    self.wfile.write(bytes(65_536))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    # Whoever does not trust the certificate breaks off, and the server has nothing to say of that.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="manifest server")
    thread.start()
    try:
        yield here
    finally:
        here.ends.set()
        server.shutdown()
        server.server_close()
        thread.join()
