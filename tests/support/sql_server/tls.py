"""The server's side of encryption: the handshake inside packets of the first kind, or from the first byte on."""

import ssl
from collections.abc import Callable

from tests.support.sql_server.packets import Message, read_message, reply

_PIECE = 65536


class Secured:
    """Encrypts what goes through a connection."""

    def __init__(self, receive: Callable[[int], bytes], send: Callable[[bytes], None], context: ssl.SSLContext) -> None:
        """Prepare; nothing is encrypted before `shake_hands`."""
        self._receive, self._send = receive, send
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def shake_hands(self) -> None:
        """Agree on keys, in packets of the first kind; raises OSError or EOFError where the client has doubts."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush_in_packets()
                _, data = read_message(self._receive)
                self._incoming.write(data)
            else:
                self._flush_in_packets()
                return

    def receive(self, size: int) -> bytes:
        """Return some bytes, none where the client is gone."""
        while True:
            try:
                return self._tls.read(size)
            except ssl.SSLWantReadError:
                piece = self._receive(_PIECE)
                if not piece:
                    return b""
                self._incoming.write(piece)

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._tls.write(data)
        self._send(self._outgoing.read())

    def _flush_in_packets(self) -> None:
        if pending := self._outgoing.read():
            self._send(reply(pending, Message.GREETING))
