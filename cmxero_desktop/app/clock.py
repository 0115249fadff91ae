"""The clock, the ids and the name of the person that the whole program uses."""

import getpass
import uuid
from datetime import UTC, datetime, tzinfo


def utc_now() -> datetime:
    """Return now as aware UTC."""
    return datetime.now(UTC)


def local_zone() -> tzinfo:
    """Return the time zone of this computer, with its daylight saving."""
    from tzlocal import get_localzone

    return get_localzone()


def new_id() -> str:
    """Return an id for a run, a batch or an intent."""
    return uuid.uuid4().hex


def user() -> str:
    """Return who is signed in to this computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
