"""Opens a connection to a SQL Server: finds the instance, encrypts, signs in, all within the patience that there is."""

import logging
import socket
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, cast

import pytds
from pytds.instance_browser_client import tds7_get_instances

from cmxero_desktop.adapters.sql.sql_server.address import ServerAddress, ServerEncryption
from cmxero_desktop.adapters.sql.sql_server.connection import SqlServerConnection
from cmxero_desktop.adapters.sql.sql_server.errors import NoDatabaseError, NotWindowsError, UnreachedServerError
from cmxero_desktop.adapters.sql.sql_server.tls import Trust, greeted, strict
from cmxero_desktop.adapters.sql.sql_server.windows_sign_in import WindowsSecurity, WindowsSignIn, service_of
from cmxero_desktop.adapters.sql.sql_server.wire import Channel, PlainChannel, Wire

_PROGRAM = "CM-Xero Desk"
_LOGIN_FAILED = 18456
# It warns of a try that took longer than nothing (see `login_timeout` below).
logging.getLogger("pytds").setLevel(logging.ERROR)


def open_connection(address: ServerAddress, *, connect_s: float, answer_s: float) -> SqlServerConnection:
    """Connect and sign in; each step waits for `connect_s` at most. Raises the driver's errors."""
    port = _port_of(address, connect_s)
    wire = _wire(address, port, connect_s)
    try:
        driver = pytds.connect(
            dsn=address.host,
            database=address.database or None,
            port=port,
            appname=_PROGRAM,
            autocommit=True,
            sock=wire,
            # The wire has limits of its own. With none left here the driver tries once, and waits before no second try.
            login_timeout=0,
            **_signing_in(address, port),
        )
    except (TimeoutError, pytds.DatabaseError) as error:
        wire.close()
        # With a time-out the driver ends its tries; what the server said is the cause.
        raise _said_at_sign_in(error.__cause__ or error) from None
    except BaseException:
        wire.close()
        raise
    wire.answer_s = answer_s
    return SqlServerConnection(driver, wire)


def _said_at_sign_in(error: BaseException) -> BaseException:
    """Return what is wrong, where the driver names only the last of two things that the server said.

    That the login failed is said last in any case, and alone where the login or its password is wrong.
    """
    if getattr(error, "number", 0) == _LOGIN_FAILED and error.args[0] != getattr(error, "text", ""):
        return NoDatabaseError(error.args[0])
    return error


def _port_of(address: ServerAddress, connect_s: float) -> int:
    """Ask the server's SQL Server Browser for the port of a named instance."""
    if not address.instance:
        return address.usual_port
    try:
        found = tds7_get_instances(address.host, connect_s) or {}
    except (OSError, KeyError, UnicodeDecodeError) as error:
        message = f"the service SQL Server Browser on {address.host} does not say where {address.instance} is ({error})"
        raise UnreachedServerError(message) from error
    port = found.get(address.instance, {}).get("tcp", "")
    if not port.isdecimal():
        known = f"there is {' and '.join(sorted(found))}" if found else "there is none"
        message = f"{address.host} has no instance {address.instance} that takes connections by TCP; {known}"
        raise UnreachedServerError(message)
    return int(port)


def _wire(address: ServerAddress, port: int, connect_s: float) -> Wire:
    open_socket = partial(_open_socket, address.host, port, connect_s)

    def again() -> Channel:
        return PlainChannel(open_socket())

    if address.encryption is ServerEncryption.NO:
        return Wire(again(), connect_s)
    trust = Trust(address.certificate_host or address.host, address.certificate)
    if address.encryption is ServerEncryption.STRICT:
        try:
            return Wire(strict(open_socket(), trust, again), connect_s)
        except OSError as error:
            raise UnreachedServerError(str(error)) from error
    return Wire(again(), connect_s, lambda channel, words: greeted(channel, words, trust, again))


def _open_socket(host: str, port: int, connect_s: float) -> socket.socket:
    try:
        opened = socket.create_connection((host, port), connect_s)
    except OSError as error:
        raise UnreachedServerError(str(error)) from error
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return opened


def _signing_in(address: ServerAddress, port: int) -> dict[str, Any]:
    if not address.is_windows_sign_in:
        return {"user": address.login, "password": address.password}
    return {"auth": WindowsSignIn(service_of(address.host, port), address.login, address.password, windows_security())}


def _security_of_this_windows() -> WindowsSecurity:
    try:
        sspi = import_module("pytds.sspi")
    except ImportError as error:
        message = "Windows signs in only from a computer with Windows; name a login of the SQL Server"
        raise NotWindowsError(message) from error
    return cast("WindowsSecurity", sspi)


windows_security: Callable[[], WindowsSecurity] = _security_of_this_windows
"""Where the sign-in by Windows comes from; tests put a stand-in here."""
