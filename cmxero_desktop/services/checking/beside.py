"""Read what Xero tells beside payments and invoices: with each full comparison, and at once where something asks."""

import logging
from collections.abc import Collection

from cmxero_desktop.domain.errors import XeroOfflineError, XeroPausedError, XeroUnavailableError
from cmxero_desktop.domain.records import Account
from cmxero_desktop.services.ports.outside import Outside

_log = logging.getLogger(__name__)


class ReadingBeside:
    """Remembers for one program run what need not be asked for again."""

    def __init__(self, outside: Outside) -> None:
        """Keep the ports."""
        self._outside = outside
        self._is_each_known = False

    def read_accounts(self, paid_to: Collection[str], *, is_full: bool) -> None:
        """Store the chart of accounts: which are banks, and the codes that the settings speak of (R3, S1).

        Without a full comparison only where an account is not known: one of `paid_to`, the accounts of payments that
        are new, or any that our store has, which is looked for once in a program run. What is known of accounts stays
        where Xero cannot tell them: no check of the payments is lost over it.
        """
        if not is_full and not self._unknown(paid_to):
            return
        try:
            accounts = self._outside.xero.accounts()
        except (XeroPausedError, XeroOfflineError):
            raise
        except XeroUnavailableError as error:
            self._is_each_known = False
            _log.info("The accounts could not be read: %s", error)
            return
        with self._outside.store.begin() as unit:
            unit.facts.save_accounts(accounts)
            unit.commit()
        self._is_each_known = False
        # What Xero's chart lacks is kept as such, so that it is asked for with full comparisons only.
        lacking = self._unknown(paid_to)
        with self._outside.store.begin() as unit:
            unit.facts.save_accounts(Account(account_id=account_id) for account_id in sorted(lacking))
            unit.commit()

    def _unknown(self, paid_to: Collection[str]) -> set[str]:
        """Return the accounts, in lower case, that payments went to and our store does not have."""
        with self._outside.store.read() as unit:
            known = unit.facts.accounts().keys()
            wanted = {account_id.lower() for account_id in paid_to}
            if not self._is_each_known:
                stored = unit.facts.payments_of_tracked().values()
                wanted |= {p.account_id.lower() for payments in stored for p in payments if p.account_id}
        unknown = wanted - known
        self._is_each_known = self._is_each_known or not unknown
        return unknown
