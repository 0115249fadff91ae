"""Keep the password of a database address apart from it: settings hold the address, the keyring the password."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from cmxero_desktop.domain.errors import CaseManagerError


def split_password(url: str) -> tuple[str, str | None]:
    """Return the address without its password, and the password; raises CaseManagerError for no address at all."""
    parsed = _parsed(url)
    password = parsed.password
    return parsed._replace(password=None).render_as_string(hide_password=False), password


def with_password(url: str, password: str) -> str:
    """Return the address with a password, for opening the database and for nothing else."""
    return _parsed(url)._replace(password=password).render_as_string(hide_password=False)


def has_password(url: str) -> bool:
    """Say whether an address holds a password; one that cannot be understood might."""
    try:
        return _parsed(url).password is not None
    except CaseManagerError:
        return "@" in url


def needs_password(url: str) -> bool:
    """Say whether a login is named whose password may be in the keyring."""
    parsed = _parsed(url)
    return parsed.username is not None and parsed.password is None


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        message = "The address of Case Manager's database cannot be understood."
        # Never shown: a mistyped address may hold the password anywhere.
        raise CaseManagerError(message, "It looks like postgresql+psycopg://login@server/database.") from None
