"""The rows of Xero's Accounts as facts; a row that cannot be read is left out, since it says nothing about money."""

import msgspec

from cmxero_desktop.adapters.xero.plain_json import decode_document
from cmxero_desktop.adapters.xero.short_lists import rows_of
from cmxero_desktop.domain.records import Account


class _Row(msgspec.Struct):
    account_id: str = msgspec.field(name="AccountID")
    name: str | None = msgspec.field(name="Name", default=None)
    code: str | None = msgspec.field(name="Code", default=None)
    type: str | None = msgspec.field(name="Type", default=None)


def read_accounts(body: bytes) -> tuple[Account, ...]:
    """Decode the chart of accounts, which comes in one page. Raises NotAPageError where it is none."""
    return tuple(account for raw in rows_of(body, "Accounts") if (account := _account(raw)) is not None)


def _account(raw: msgspec.Raw) -> Account | None:
    try:
        row = decode_document(bytes(raw), _Row)
    except msgspec.DecodeError:
        return None
    return Account(account_id=row.account_id, name=row.name or "", code=row.code or "", account_type=row.type or "")
