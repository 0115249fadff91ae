"""The rows of Xero's Accounts as facts; a row that cannot be read is left out, since it says nothing about money."""

import msgspec

from cmxero_desktop.adapters.xero.plain_json import decode, decode_document, elements, members, repaired, storable
from cmxero_desktop.adapters.xero.wire import NotAPageError
from cmxero_desktop.domain.records import Account


class _Row(msgspec.Struct):
    account_id: str = msgspec.field(name="AccountID")
    name: str | None = msgspec.field(name="Name", default=None)
    code: str | None = msgspec.field(name="Code", default=None)
    type: str | None = msgspec.field(name="Type", default=None)


class _Page(msgspec.Struct):
    rows: list[msgspec.Raw] = msgspec.field(name="Accounts", default_factory=list)


def read_accounts(body: bytes) -> tuple[Account, ...]:
    """Decode the chart of accounts, which comes in one page. Raises NotAPageError where it is none."""
    try:
        rows = _rows(storable(body))
    except msgspec.DecodeError as error:
        raise NotAPageError from error
    return tuple(account for raw in rows if (account := _account(raw)) is not None)


def _rows(body: bytes) -> list[msgspec.Raw]:
    """Take the page apart, after its texts were repaired where that must be."""
    try:
        return decode(body, _Page).rows
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return elements(members(repaired(body)).get("Accounts", msgspec.Raw(b"[]")))


def _account(raw: msgspec.Raw) -> Account | None:
    try:
        row = decode_document(bytes(raw), _Row)
    except msgspec.DecodeError:
        return None
    return Account(account_id=row.account_id, name=row.name or "", code=row.code or "", account_type=row.type or "")
