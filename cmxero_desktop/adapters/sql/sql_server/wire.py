"""The wire to a SQL Server as the driver holds it: every wait ends, and whatever breaks is one kind of error.

The driver takes its own limits off before it commits or rolls back, and would wait for ever for a dumb server.
"""

import socket
from collections.abc import Callable
from typing import Protocol

from cmxero_desktop.adapters.sql.sql_server.errors import LostServerError

_SIGN_IN, _TOKEN, _LAST = 16, 17, 1
# The part of the patience after which the server is asked to give a statement up; the rest is for it to say so.
_OWN_PART = 0.9


class Channel(Protocol):
    """What bytes go through, plain or encrypted. Its methods raise OSError."""

    def send(self, data: bytes) -> None:
        """Send all of it."""

    def receive(self, size: int) -> bytes:
        """Return some bytes, none where the server closed the connection."""

    def limit(self, seconds: float) -> None:
        """Wait for so long at most, the next times."""

    def close(self) -> None:
        """Let go of it."""


class PlainChannel:
    """Bytes as they are."""

    def __init__(self, sock: socket.socket) -> None:
        """Take a connected socket, which is closed with the channel."""
        self._sock = sock

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._sock.sendall(data)

    def receive(self, size: int) -> bytes:
        """Return some bytes, none where the server closed the connection."""
        return self._sock.recv(size)

    def limit(self, seconds: float) -> None:
        """Wait for so long at most, the next times."""
        self._sock.settimeout(seconds)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


Greet = Callable[[Channel, bytes], tuple[Channel, bytes]]
"""Says the first words on a channel, and returns the channel to go on with and the server's answer."""


class Wire:
    """What python-tds takes for a socket.

    Where nothing comes for `answer_s` seconds, the connection is closed and given up. `may_turn_back` says that the
    server may be asked to give a statement up before: then TimeoutError is raised once, the driver sends the request,
    and what is left of the time is for the server to confirm it.
    """

    def __init__(self, channel: Channel, answer_s: float, greet: Greet | None = None) -> None:
        """Take an open channel; `greet` says the driver's first words in its stead."""
        self.answer_s = answer_s
        self.may_turn_back = False
        self._channel = channel
        self._greet = greet
        self._unread = b""
        self._is_closed = False
        self._is_waiting = False
        self._has_signed_in = False

    @property
    def is_closed(self) -> bool:
        """Whether nothing comes through any more."""
        return self._is_closed

    def sendall(self, data: bytes | bytearray | memoryview, _flags: int = 0) -> None:
        """Send a packet."""
        self._refuse_when_closed()
        try:
            self._channel.limit(self.answer_s)
            if self._greet is not None:
                greet, self._greet = self._greet, None
                self._channel, self._unread = greet(self._channel, bytes(data))
            else:
                self._channel.send(self._named(bytes(data)))
        except OSError as error:
            raise self._lost(error) from error
        self._is_waiting = True

    def recv(self, size: int, _flags: int = 0) -> bytes:
        """Return what comes next, at most so much."""
        self._refuse_when_closed()
        if self._unread:
            piece, self._unread = self._unread[:size], self._unread[size:]
            return piece
        is_first = self._is_waiting and self.may_turn_back
        try:
            self._channel.limit(self.answer_s * (_OWN_PART if is_first else 1))
            piece = self._channel.receive(size)
        except TimeoutError as error:
            if is_first:
                self.may_turn_back = False
                raise
            raise self._lost(error) from error
        except OSError as error:
            raise self._lost(error) from error
        if not piece:
            raise self._lost(None)
        self._is_waiting = False
        return piece

    def recv_into(self, buffer: memoryview, size: int = 0, _flags: int = 0) -> int:
        """Do the same into a buffer."""
        piece = self.recv(size or len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def settimeout(self, _seconds: float | None) -> None:
        """Keep our own limits, whatever the driver says."""

    def gettimeout(self) -> float | None:
        """Return what the driver would set again."""
        return None

    def setsockopt(self, *_option: object) -> None:
        """Keep the options that the socket was opened with."""

    def close(self) -> None:
        """Close it, at once and without a farewell, which would be one more wait."""
        self._is_closed = True
        self._channel.close()

    def _named(self, packet: bytes) -> bytes:
        """Give the packets of a Windows sign-in after the first message their own number (MS-TDS 2.2.3.1.1).

        The driver goes on with the number of the first one.
        """
        if packet[0] != _SIGN_IN:
            return packet
        is_token, self._has_signed_in = self._has_signed_in, self._has_signed_in or packet[1] & _LAST == _LAST
        return bytes([_TOKEN]) + packet[1:] if is_token else packet

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            message = "the connection is closed"
            raise LostServerError(message)

    def _lost(self, error: OSError | None) -> LostServerError:
        self.close()
        if isinstance(error, TimeoutError):
            return LostServerError(f"no answer within {self.answer_s:g} seconds")
        return LostServerError(str(error) if error else "the server closed the connection")
