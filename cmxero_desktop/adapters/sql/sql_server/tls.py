"""Encrypts what is said to a SQL Server, and has the server prove who it is: to the system's trust store, or by a pin.

Before TDS 8 the two agree on encryption in the first packets of the protocol, and the handshake travels inside
packets of that kind (MS-TDS 2.2.6.5). The driver knows that only with pyOpenSSL and a file of certificates; so its
first words are changed on their way, and it need not know that it is encrypted.
"""

import hashlib
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import truststore

from cmxero_desktop.adapters.sql.sql_server.errors import UntrustedServerError
from cmxero_desktop.adapters.sql.sql_server.wire import Channel, PlainChannel

_HEADER = struct.Struct(">BBHHBB")
_OPTION = struct.Struct(">BHH")
_PRELOGIN, _LAST = 18, 1
_ENCRYPTION, _END = 1, 0xFF
_ON, _NOT_SUPPORTED, _REQUIRED = 1, 2, 3
_PACKET_BYTES = 4096
_PIECE_BYTES = 65536
_STRICT_PROTOCOL = "tds/8.0"


@dataclass(frozen=True, slots=True)
class Trust:
    """By what a server is known: the name in its certificate, or the SHA-256 fingerprint of the one that it has."""

    host: str
    fingerprint: str = ""

    def context(self) -> ssl.SSLContext:
        """Return what the handshake needs; where there is a fingerprint, that alone decides afterwards."""
        if self.fingerprint:
            return _anything_goes()
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class TlsChannel:
    """Encrypts what goes through another channel."""

    def __init__(self, below: Channel, context: ssl.SSLContext, host: str) -> None:
        """Prepare; nothing is sent before `shake_hands`."""
        self._below = below
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 fingerprint of the server's certificate."""
        return hashlib.sha256(self._tls.getpeercert(binary_form=True) or b"").hexdigest()

    def shake_hands(self, carrier: Channel) -> None:
        """Agree on keys, by way of `carrier`; raises ssl.SSLError."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush(carrier)
                self._fill(carrier)
            except ssl.SSLError:
                with suppress(OSError):
                    self._flush(carrier)
                raise
            else:
                self._flush(carrier)
                return

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._tls.write(data)
        self._flush(self._below)

    def receive(self, size: int) -> bytes:
        """Return some bytes, none where the server closed the connection."""
        while True:
            try:
                return self._tls.read(size)
            except ssl.SSLWantReadError:
                self._flush(self._below)
                self._fill(self._below)
            except ssl.SSLZeroReturnError:
                return b""

    def limit(self, seconds: float) -> None:
        """Wait for so long at most, the next times."""
        self._below.limit(seconds)

    def close(self) -> None:
        """Close what is below."""
        self._below.close()

    def _flush(self, carrier: Channel) -> None:
        if pending := self._outgoing.read():
            carrier.send(pending)

    def _fill(self, carrier: Channel) -> None:
        if piece := carrier.receive(_PIECE_BYTES):
            self._incoming.write(piece)
        else:
            self._incoming.write_eof()


class _InPackets:
    """Carries a handshake inside packets of the protocol's first kind."""

    def __init__(self, below: Channel) -> None:
        self._below = below

    def send(self, data: bytes) -> None:
        room = _PACKET_BYTES - _HEADER.size
        for start in range(0, len(data), room):
            piece = data[start : start + room]
            status = _LAST if start + room >= len(data) else 0
            self._below.send(_HEADER.pack(_PRELOGIN, status, _HEADER.size + len(piece), 0, 0, 0) + piece)

    def receive(self, _size: int) -> bytes:
        return packet_of(self._below)[_HEADER.size :]

    def limit(self, seconds: float) -> None:
        self._below.limit(seconds)

    def close(self) -> None:
        self._below.close()


def greeted(channel: Channel, first_words: bytes, trust: Trust, again: Callable[[], Channel]) -> tuple[Channel, bytes]:
    """Ask for encryption with the driver's first words, and shake hands; return the channel and the answer.

    The answer tells the driver that nothing is encrypted, so that it leaves that to us. `again` opens another channel
    to the same server, to see the certificate of one that is not trusted. Raises OSError and UntrustedServerError.
    """
    channel.send(_with_encryption(first_words, _ON))
    answer = packet_of(channel)
    if _encryption_of(answer) not in {_ON, _REQUIRED}:
        message = f"{trust.host} does not encrypt what is said to it"
        raise UntrustedServerError(message)
    secured = _trusted(channel, trust, lambda: _certificate_seen(again(), first_words, trust.host))
    return secured, _with_encryption(answer, _NOT_SUPPORTED)


def strict(sock: socket.socket, trust: Trust, again: Callable[[], Channel]) -> Channel:
    """Encrypt from the first byte on, as TDS 8 wants it. Raises OSError and UntrustedServerError."""
    return _trusted(PlainChannel(sock), trust, lambda: _strict_certificate_seen(again(), trust.host), is_strict=True)


def packet_of(channel: Channel) -> bytes:
    """Return one whole packet with its header. Raises OSError, also for one that ends too soon."""
    packet = b""
    while len(packet) < _HEADER.size or len(packet) < _HEADER.unpack_from(packet)[2]:
        wanted = _HEADER.size if len(packet) < _HEADER.size else _HEADER.unpack_from(packet)[2]
        piece = channel.receive(wanted - len(packet))
        if not piece:
            message = "the server closed the connection"
            raise ConnectionResetError(message)
        packet += piece
    return packet


def _trusted(channel: Channel, trust: Trust, seen: Callable[[], str], *, is_strict: bool = False) -> TlsChannel:
    secured = TlsChannel(channel, _fitted(trust.context(), is_strict=is_strict), trust.host)
    try:
        secured.shake_hands(channel if is_strict else _InPackets(channel))
    except ssl.SSLCertVerificationError as error:
        channel.close()
        raise _untrusted(trust.host, error.verify_message or str(error), seen()) from error
    except ssl.SSLError as error:
        channel.close()
        message = f"{trust.host} and this computer found no encryption that both know ({error.reason or error})"
        raise UntrustedServerError(message) from error
    except OSError:
        channel.close()
        raise
    if trust.fingerprint and secured.fingerprint != trust.fingerprint:
        channel.close()
        raise _untrusted(trust.host, "it is not the one that the address names", secured.fingerprint)
    return secured


def _untrusted(host: str, why: str, fingerprint: str) -> UntrustedServerError:
    shown = f"; its SHA-256 fingerprint is {fingerprint}" if fingerprint else ""
    return UntrustedServerError(f"the certificate of {host} is not trusted: {why.rstrip('.')}{shown}")


def _certificate_seen(channel: Channel, first_words: bytes, host: str) -> str:
    """Return the fingerprint of a certificate that is not trusted; nothing but a greeting is said to the server."""
    try:
        channel.send(_with_encryption(first_words, _ON))
        packet_of(channel)
        return _seen(channel, _InPackets(channel), host, is_strict=False)
    except OSError:
        return ""
    finally:
        channel.close()


def _strict_certificate_seen(channel: Channel, host: str) -> str:
    try:
        return _seen(channel, channel, host, is_strict=True)
    except OSError:
        return ""
    finally:
        channel.close()


def _seen(channel: Channel, carrier: Channel, host: str, *, is_strict: bool) -> str:
    secured = TlsChannel(channel, _fitted(_anything_goes(), is_strict=is_strict), host)
    secured.shake_hands(carrier)
    return secured.fingerprint


def _fitted(context: ssl.SSLContext, *, is_strict: bool) -> ssl.SSLContext:
    """Have a context fit each way: a handshake in packets has no room for what TLS 1.3 sends after it."""
    if is_strict:
        context.set_alpn_protocols([_STRICT_PROTOCOL])
    else:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _anything_goes() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _with_encryption(packet: bytes, value: int) -> bytes:
    """Return a packet of the greeting that says something else of encryption."""
    place = _place_of_encryption(packet)
    return packet[:place] + bytes([value]) + packet[place + 1 :]


def _encryption_of(packet: bytes) -> int:
    return packet[_place_of_encryption(packet)]


def _place_of_encryption(packet: bytes) -> int:
    at = _HEADER.size
    while at + _OPTION.size <= len(packet) and packet[at] != _END:
        option, place, _ = _OPTION.unpack_from(packet, at)
        if option == _ENCRYPTION and _HEADER.size + place < len(packet):
            return int(_HEADER.size + place)
        at += _OPTION.size
    message = "what answers there is no SQL Server"
    raise ConnectionAbortedError(message)
