"""Signs in to a SQL Server as Windows does: as whoever uses this computer, or as a Windows account with a password.

The driver's own class has room for tokens of 4 KiB, which the ticket of somebody in many groups exceeds.
"""

import ctypes
import socket
from typing import Any, Protocol

_TOKEN_BYTES = 48_000
"""The largest token that Windows makes (its setting MaxTokenSize)."""


class WindowsSecurity(Protocol):
    """What the sign-in needs of Windows: `pytds.sspi`, or a stand-in where there is no Windows."""

    SECPKG_CRED_OUTBOUND: int
    ISC_REQ_CONFIDENTIALITY: int
    ISC_REQ_REPLAY_DETECT: int
    ISC_REQ_CONNECTION: int
    SECBUFFER_TOKEN: int
    Status: Any
    SspiCredentials: Any

    def make_winnt_identity(self, domain: str, user_name: str, password: str) -> Any:  # noqa: ANN401 - ctypes' own
        """Make what names an account."""


class WindowsSignIn:
    """Exchanges tokens with the server until it knows who we are; the driver calls it in its order."""

    def __init__(self, service: str, login: str, password: str, security: WindowsSecurity) -> None:
        """Prepare as the account `login`, domain before name, or as who uses this computer where it is empty."""
        domain, _, name = login.rpartition("\\")
        identity = security.make_winnt_identity(domain, name, password) if login else None
        self._security = security
        self._service = service
        self._flags = security.ISC_REQ_CONFIDENTIALITY | security.ISC_REQ_REPLAY_DETECT | security.ISC_REQ_CONNECTION
        self._credentials = security.SspiCredentials(
            package="Negotiate", use=security.SECPKG_CRED_OUTBOUND, identity=identity
        )
        self._context: Any = None

    def create_packet(self) -> bytes:
        """Return the first token."""
        self._context, status, buffers = self._credentials.create_context(
            flags=self._flags,
            byte_ordering="network",
            target_name=self._service,
            output_buffers=[self._room()],
        )
        if status == self._security.Status.SEC_I_COMPLETE_AND_CONTINUE:
            self._context.complete_auth_token(buffers)
        return bytes(buffers[0][1])

    def handle_next(self, packet: bytes) -> bytes:
        """Return the answer to a token of the server, nothing where all is said."""
        _, buffers = self._context.next(
            flags=self._flags,
            byte_ordering="network",
            target_name=self._service,
            input_buffers=[(self._security.SECBUFFER_TOKEN, packet)],
            output_buffers=[self._room()],
        )
        return bytes(buffers[0][1])

    def close(self) -> None:
        """Let go of what Windows keeps for it."""
        if self._context is not None:
            self._context.close()

    def _room(self) -> tuple[int, Any]:
        return self._security.SECBUFFER_TOKEN, ctypes.create_string_buffer(_TOKEN_BYTES)


def service_of(host: str, port: int) -> str:
    """Return the name under which a domain knows the server: by the computer's full name, where that can be found."""
    try:
        full, _, _ = socket.gethostbyname_ex(host)
    except OSError:
        full = host
    return f"MSSQLSvc/{full}:{port}"
