"""Understand the address of a database, and keep its password apart: settings hold the one, the keyring the other."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.services.records.setup import AddressSeen

_LOCAL_HOSTS = {None, "", "localhost", "127.0.0.1", "::1"}


class NoAddressError(ValueError):
    """A text is no address of a database. It is never shown: mistyped, it may hold the password anywhere."""


def parsed(url: str | URL) -> URL:
    """Take an address apart. Raises NoAddressError."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise NoAddressError from None


def server_label(url: URL) -> str:
    """Return what a person calls a database on a server, such as "casemanager on SRV02"; never the password."""
    host = "this computer" if url.host in _LOCAL_HOSTS else url.host
    return f"{url.database or 'the default database'} on {host}"


def split_password(url: str) -> tuple[str, str | None]:
    """Return the address without its password, and the password; raises CaseManagerError for no address at all."""
    address = _understood(url)
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
        return parsed(url).password is not None
    except NoAddressError:
        return "@" in url


def needs_password(url: str) -> bool:
    """Say whether a login is named whose password may be in the keyring; one that cannot be understood names none."""
    try:
        address = parsed(url)
    except NoAddressError:
        return False
    return address.username is not None and address.password is None


def _understood(url: str) -> URL:
    try:
        return parsed(url)
    except NoAddressError:
        message = "The address of the database cannot be understood."
        raise CaseManagerError(message, "It looks like postgresql+psycopg://login@server/database.") from None
