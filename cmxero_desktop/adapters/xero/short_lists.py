"""Take apart an answer of Xero's that comes whole, in one page: the chart of accounts, the history of a record."""

import msgspec

from cmxero_desktop.adapters.xero.plain_json import decode, elements, members, repaired, storable
from cmxero_desktop.adapters.xero.wire import NotAPageError

_NO_ROWS = msgspec.Raw(b"[]")


def rows_of(body: bytes, name: str) -> list[msgspec.Raw]:
    """Return the rows under a name, after their texts were repaired where that must be; none where it is not there.

    Raises NotAPageError where the answer is no such list.
    """
    try:
        return elements(_members_of(storable(body)).get(name, _NO_ROWS))
    except msgspec.DecodeError as error:
        raise NotAPageError from error


def _members_of(text: bytes) -> dict[str, msgspec.Raw]:
    try:
        return decode(text, dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return members(repaired(text))
