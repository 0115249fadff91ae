"""Read what Xero tells beside payments and invoices: with each full comparison, and at once where something asks."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cmxero_desktop.domain.errors import XeroOfflineError, XeroPausedError, XeroUnavailableError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.records import Account, XeroPayment
from cmxero_desktop.domain.refunds import REFUND_KINDS, refunds_among
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.readings import PaymentsPage

MOST_CALLS = 5
"""A check that is no full comparison spends at most so many calls on accounts and refunds together."""

# Xero's If-Modified-Since is accurate to the second, and its boundary is not documented.
_OVERLAP = timedelta(minutes=2)

_log = logging.getLogger(__name__)


class ReadingBeside:
    """Remembers for one program run what need not be asked for again."""

    def __init__(self, outside: Outside) -> None:
        """Keep the ports."""
        self._outside = outside
        self._is_each_known = False
        self._looked_for: frozenset[tuple[str, int]] = frozenset()
        self._of_others: set[tuple[XeroPaymentId, datetime]] = set()
        self._has_just_read = False
        self._calls_left = MOST_CALLS

    def begin_check(self) -> None:
        """Let another check spend its calls; what the one before read is not of this moment any more."""
        self._has_just_read = False
        self._calls_left = MOST_CALLS

    def read_accounts(self, paid_to: Collection[str], *, is_full: bool) -> None:
        """Store the chart of accounts: which are banks, and the codes that the settings speak of (R3, S1).

        Without a full comparison only where an account is not known: one of `paid_to`, the accounts of payments that
        are new, or any that our store has, which is looked for once in a program run. What is known of accounts stays
        where Xero cannot tell them: no check of the payments is lost over it.
        """
        if not is_full and not self._unknown(paid_to):
            return
        self._is_each_known = False
        if self._tried(self._store_accounts, "accounts"):
            # What Xero's chart lacks is kept as such, so that it is asked for with full comparisons only.
            lacking = self._unknown(paid_to)
            with self._outside.store.begin() as unit:
                unit.facts.save_accounts(Account(account_id=account_id) for account_id in sorted(lacking))
                unit.commit()

    def read_refunds(self) -> None:
        """Store all money that went back in Xero and may have to do with a tracked invoice (R2)."""
        self._of_others.clear()
        self._has_just_read = self._tried(lambda: self._store_refunds(None), "refunds")

    def read_refunds_for(self, differing: frozenset[tuple[str, int]]) -> bool:
        """Store what went back since the last refund that is known, where the debtor test fails as it did not before.

        `differing` are the invoices on which it fails, each with by how much; each is looked for once in a program run.
        Says whether anything new was stored.
        """
        has_just_read, self._has_just_read = self._has_just_read, False
        if has_just_read:
            self._looked_for |= differing
        if differing <= self._looked_for or self._calls_left < len(REFUND_KINDS):
            return False
        before = self._refunds()
        if self._tried(lambda: self._store_refunds(self._calls_left), "refunds"):
            self._looked_for |= differing
        return self._refunds() != before

    def _tried(self, read: Callable[[], None], what: str) -> bool:
        """Read; say whether it worked, and leave it at that where Xero answers badly."""
        made = self._outside.xero.requests_made
        try:
            read()
        except (XeroPausedError, XeroOfflineError):
            raise
        except XeroUnavailableError as error:
            _log.info("The %s could not be read: %s", what, error)
            return False
        finally:
            self._calls_left -= self._outside.xero.requests_made - made
        return True

    def _store_accounts(self) -> None:
        accounts = self._outside.xero.accounts()
        with self._outside.store.begin() as unit:
            unit.facts.save_accounts(accounts)
            unit.commit()

    def _unknown(self, paid_to: Collection[str]) -> set[str]:
        """Return the accounts, in lower case, that payments went to and our store does not have."""
        with self._outside.store.read() as unit:
            known = unit.facts.accounts().keys()
            wanted = {account_id.lower() for account_id in paid_to}
            if not self._is_each_known:
                wanted |= unit.facts.accounts_paid_to()
        unknown = wanted - known
        self._is_each_known = self._is_each_known or not unknown
        return unknown

    def _store_refunds(self, most_calls: int | None) -> None:
        """Read each type of refund; with `most_calls` only what is newer, page by page while there are calls left."""
        known = self._refunds()
        first = self._outside.xero.requests_made
        for payment_type in REFUND_KINDS:
            newest = max((r.updated_at for r in known if r.payment_type == payment_type), default=None)
            since = newest - _OVERLAP if newest is not None and most_calls is not None else None
            for page in self._outside.xero.changed_refunds(payment_type, since):
                self._store(page)
                if most_calls is not None and self._outside.xero.requests_made - first >= most_calls:
                    return

    def _store(self, page: PaymentsPage) -> None:
        with self._outside.store.begin() as unit:
            unit.facts.save_payments(self._concerning(unit, page.payments), page.as_of)
            # Whose money went back, nobody can say of one that cannot be read: it is told like any other such row.
            unit.gaps.save_unreadable(row for row in page.unreadable if row.xero_payment_id)
            unit.gaps.forget([refund.payment_id for refund in page.payments])
            unit.commit()

    def _concerning(self, unit: UnitOfWork, refunds: tuple[XeroPayment, ...]) -> tuple[XeroPayment, ...]:
        """Return the refunds that may have to do with a tracked invoice; the others are no business of this program.

        What is stored did so when it came, and what did not is asked about again with full comparisons: a look at what
        is newer brings the newest each time, and would read all invoices for it.
        """
        known = unit.facts.payments_by_id([refund.payment_id for refund in refunds])
        told = [r for r in refunds if r.payment_id in known]
        new = [r for r in refunds if r.payment_id not in known and (r.payment_id, r.updated_at) not in self._of_others]
        if not new:
            return tuple(told)
        payers = (p for payments in unit.facts.payments_of_tracked().values() for p in payments)
        ours = refunds_among(new, unit.facts.invoices_of_tracked().values(), payers)
        self._of_others |= {(r.payment_id, r.updated_at) for r in new} - {(r.payment_id, r.updated_at) for r in ours}
        return (*told, *ours)

    def _refunds(self) -> tuple[XeroPayment, ...]:
        with self._outside.store.read() as unit:
            return unit.facts.refunds()
