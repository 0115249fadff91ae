"""Understands the address of a SQL Server: `mssql://login@server/database`, or without a login for Windows sign-in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import URL

from cmxero_desktop.domain.errors import CaseManagerError

_USUAL_PORT = 1433
_THIS_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})
# What Microsoft's own tools call this computer.
_LOCAL_NAMES = frozenset({"", ".", "(local)"})
_OPTIONS = ("encrypt", "certificate", "certificate_host")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_REMEDY = (
    "Write it like mssql://login@server/database, mssql://login@server\\instance/database, "
    "or without a login for Windows sign-in; the manual lists the options."
)


class ServerEncryption(StrEnum):
    """How what is said to the server is kept from others."""

    YES = "yes"
    """TLS from the sign-in on, or no connection."""

    STRICT = "strict"
    """TLS from the first byte on (TDS 8, SQL Server 2022 and later)."""

    NO = "no"
    """Nothing is encrypted: only for a server on this computer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """Where a server is, who signs in, and how it proves who it is.

    `certificate` is the SHA-256 fingerprint of the only certificate that is taken, "" for those that this computer
    trusts; `certificate_host` is the name in the certificate where the server is called by another.
    """

    host: str
    instance: str
    port: int | None
    database: str
    login: str
    password: str
    encryption: ServerEncryption
    certificate: str
    certificate_host: str

    @property
    def usual_port(self) -> int:
        """The port of a server that is no named instance."""
        return self.port or _USUAL_PORT

    @property
    def is_windows_sign_in(self) -> bool:
        """Whether Windows signs in: as whoever uses this computer, or as a name behind a domain, with a password."""
        return not self.login or "\\" in self.login


def server_address(url: URL) -> ServerAddress:
    """Take an address apart. Raises CaseManagerError for what makes no sense or would not be safe."""
    options = {name.lower(): str(value) for name, value in url.query.items()}
    if unknown := sorted(options.keys() - {*_OPTIONS}):
        raise _refused(f"has an option that the program does not know: {unknown[0]}")
    host, _, instance = (url.host or "").replace("%5C", "\\").replace("%5c", "\\").partition("\\")
    if instance and url.port:
        raise _refused("names both an instance and a port, and one of the two says it all")
    if host in _LOCAL_NAMES:
        host = "localhost"
    return ServerAddress(
        host=host,
        instance=instance.upper(),
        port=url.port,
        database=url.database or "",
        login=url.username or "",
        password=str(url.password or ""),
        encryption=_encryption(options, host),
        certificate=_fingerprint(options),
        certificate_host=options.get("certificate_host", ""),
    )


def _encryption(options: Mapping[str, str], host: str) -> ServerEncryption:
    try:
        found = ServerEncryption(options.get("encrypt", "yes").lower())
    except ValueError:
        raise _refused("has an encrypt that is neither yes, strict nor no") from None
    if found is ServerEncryption.NO and host not in _THIS_COMPUTER:
        message = "says encrypt=no, which would send the password and every payment in the clear"
        raise _refused(
            message, "Leave encrypt out. If the server's certificate is not trusted, the test says what to do."
        )
    return found


def _fingerprint(options: Mapping[str, str]) -> str:
    found = re.sub(r"[\s:]", "", options.get("certificate", "")).lower()
    if found and not _FINGERPRINT.fullmatch(found):
        raise _refused("has a certificate that is no SHA-256 fingerprint (64 digits from 0 to f)")
    return found


def _refused(what: str, remedy: str = _REMEDY) -> CaseManagerError:
    return CaseManagerError(f"The address of Case Manager's database {what}.", remedy)
