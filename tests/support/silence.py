"""A proxy on loopback that falls silent when a test says so: connections stay up, and nothing more comes through."""

import selectors
import socket
import threading
from types import TracebackType
from typing import Self

from sqlalchemy import make_url

_PIECE = 4096


class SilentProxy:
    """Stands in front of one server on this computer."""

    def __init__(self, url: str) -> None:
        """Begin to listen; `url` is where the server itself is."""
        self._server = make_url(url)
        self._selector = selectors.DefaultSelector()
        self._peers: dict[socket.socket, socket.socket] = {}
        self._idle: list[socket.socket] = []
        self._answer_bytes: int | None = None
        self._forgotten: frozenset[socket.socket] = frozenset()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._wake, self._woken = socket.socketpair()
        for one in (self._listener, self._woken):
            self._selector.register(one, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="silent proxy")

    @property
    def url(self) -> str:
        """Where the server seems to be."""
        here = self._server.set(port=self._listener.getsockname()[1])
        return here.render_as_string(hide_password=False)

    def fall_silent(self, after_bytes: int = 0) -> None:
        """Let so much of the server's answers through, and then nothing either way."""
        self._answer_bytes = after_bytes

    def forget_open_ones(self) -> None:
        """Fall silent on all connections that are open now, as a firewall does that forgot them."""
        self._forgotten = frozenset(self._peers)

    def speak(self) -> None:
        """Serve new connections again; those that met the silence stay dumb."""
        self._answer_bytes = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wake.send(b".")
        self._thread.join()
        for one in (*self._peers, *self._idle, self._listener, self._wake, self._woken):
            one.close()
        self._selector.close()

    def _run(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._woken:
                    return
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.fileobj, socket.socket):
                    self._pass_on(key.fileobj)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        if self._answer_bytes is not None:
            self._idle.append(client)
            return
        server = socket.create_connection((self._server.host, self._server.port))
        self._peers |= {client: server, server: client}
        for one in (client, server):
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, source: socket.socket) -> None:
        if source not in self._peers:  # its other end was closed a moment ago
            return
        try:
            piece = source.recv(_PIECE)
        except ConnectionError:
            piece = b""
        if source in self._forgotten:
            self._selector.unregister(source)
            return
        is_answer = source.getpeername()[1] == self._server.port if piece else False
        if self._answer_bytes is not None and piece:
            allowed = self._answer_bytes if is_answer else (len(piece) if self._answer_bytes else 0)
            if is_answer:
                self._answer_bytes = max(0, self._answer_bytes - len(piece))
            if allowed < len(piece):
                self._selector.unregister(source)
            piece = piece[:allowed]
            if not piece:
                return
        try:
            self._peers[source].sendall(piece) if piece else self._end(source)
        except ConnectionError:
            self._end(source)

    def _end(self, source: socket.socket) -> None:
        for one in (source, self._peers[source]):
            if one in self._selector.get_map():
                self._selector.unregister(one)
            one.close()
        del self._peers[self._peers.pop(source)]
