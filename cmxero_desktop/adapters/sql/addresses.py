"""Understand the address of a database, and keep its password apart: settings hold the one, the keyring the other.

A login may stand before the server or, as drivers take it, among what follows the question mark: both are one.
"""

import re

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.services.records.setup import AddressSeen

_LOGINS, _PASSWORDS = ("user", "username"), ("password", "passwd", "pwd")
# Whatever else a driver takes that opens a door: of a key, of a token, of a whole second address.
_SECRET_NAME, _SECRET_INSIDE = re.compile(r"(?i)passw|passphrase|secret|token"), re.compile(r"(?i)(pwd|password)\s*=")
_LOCAL_HOSTS = {None, "", "localhost", "127.0.0.1", "::1"}


class NoAddressError(ValueError):
    """A text is no address of a database. It is never shown: mistyped, it may hold the password anywhere."""


def parsed(url: str | URL) -> URL:
    """Take an address apart; login and password are where they belong then. Raises NoAddressError."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise NoAddressError from None
    query = {name: value if isinstance(value, str) else value[-1] for name, value in address.query.items()}
    # Drivers take what stands behind the question mark, where a thing is named twice.
    login = next((query[name] for name in _LOGINS if name in query), address.username)
    password = next((query[name] for name in _PASSWORDS if name in query), address.password)
    rest = address.difference_update_query([*_LOGINS, *_PASSWORDS])
    return rest._replace(username=login, password=password)


def server_label(url: URL) -> str:
    """Return what a person calls a database on a server, such as "casemanager on SRV02"; never the password."""
    host = "this computer" if url.host in _LOCAL_HOSTS else url.host
    return f"{url.database or 'the default database'} on {host}"


def split_password(url: str) -> tuple[str, str | None]:
    """Return the address without its password, and the password.

    Raises CaseManagerError for no address at all, and for one that holds a secret of another kind: the settings file
    would keep it.
    """
    address = _understood(url)
    if (name := _other_secret(address)) is not None:
        message = f"The address of the database holds a secret of its own ({name}), which the settings file would keep."
        raise CaseManagerError(message, "Leave it out; the password of the login goes to the keyring by itself.")
    return address._replace(password=None).render_as_string(hide_password=False), address.password


def with_password(url: str, password: str) -> str:
    """Return the address with a password, for opening the database and for nothing else."""
    return _understood(url)._replace(password=password).render_as_string(hide_password=False)


def address_seen(url: str) -> AddressSeen:
    """Say what of an address may be shown; raises CaseManagerError for no address at all."""
    address = _understood(url)
    return AddressSeen(
        login=address.username or "", label=server_label(address), has_password=address.password is not None
    )


def has_password(url: str) -> bool:
    """Say whether an address holds a password; one that cannot be understood might."""
    try:
        address = parsed(url)
        return address.password is not None or _other_secret(address) is not None
    except NoAddressError:
        return "@" in url


def needs_password(url: str) -> bool:
    """Say whether a login is named whose password may be in the keyring; one that cannot be understood names none."""
    try:
        address = parsed(url)
    except NoAddressError:
        return False
    return address.username is not None and address.password is None


def _other_secret(address: URL) -> str | None:
    """Return the name of what opens a door beside the login's password, None where there is nothing like it."""
    return next(
        (n for n, value in address.query.items() if _SECRET_NAME.search(n) or _SECRET_INSIDE.search(str(value))), None
    )


def _understood(url: str) -> URL:
    try:
        return parsed(url)
    except NoAddressError:
        message = "The address of the database cannot be understood."
        raise CaseManagerError(message, "It looks like postgresql+psycopg://login@server/database.") from None
