"""Keep Xero's chart of accounts."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.journal import ACCOUNTS_HOME, KeptKind, KeptWork, Was
from cmxero_desktop.domain.records import Account

_decode = decoder(Account)


class AccountFacts(KeptWork):
    """Accounts by id."""

    def save_accounts(self, accounts: Iterable[Account]) -> None:
        """Store accounts; one that is stored already is never forgotten, since old payments name it."""
        known = self.accounts()
        new = {a.account_id.lower(): a for a in accounts}
        written = {key: a for key, a in new.items() if known.get(key) != a}
        rows = [{"account_key": key, "record": encode(a)} for key, a in written.items()]
        self._insert_or_update(tables.accounts, rows, key="account_key")
        if rows:
            self._mark_changed()
            self._journal.keep(
                Was(kind=KeptKind.ACCOUNT, subject=key, home=ACCOUNTS_HOME, old=known.get(key), new=account)
                for key, account in written.items()
            )

    def accounts(self) -> Mapping[str, Account]:
        """Return every stored account, by its id in lower case."""
        rows = self._connection.execute(select(tables.accounts))
        return {row.account_key: _decode(row.record) for row in rows}
