"""The soak can fail: each bug that a reader of Xero is likely to have is planted, and found by the runs of CI."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cmxero_desktop.adapters.xero import paging, reader
from cmxero_desktop.domain import scope
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.checking import fetching
from cmxero_desktop.services.checking.fetching import Fetching
from cmxero_desktop.services.records.readings import PaymentsPage
from cmxero_desktop.services.records.runs import PollState
from tests.soak.soaking import Soak, SoakError
from tests.soak.test_soak import STEPS

Patch = pytest.MonkeyPatch

_SEEDS = range(1, 25)


def _drop_the_overlap(patch: Patch) -> None:
    patch.setattr(fetching, "OVERLAP", timedelta())


def _move_the_cursor_before_storing(patch: Patch) -> None:
    store = Fetching._store_payments

    def hasty(self: Fetching, page: PaymentsPage, policy: Policy, tracked: set[XeroInvoiceId]) -> None:
        self._saved(lambda cursors: replace(cursors, payments=page.as_of))
        store(self, page, policy, tracked)

    patch.setattr(Fetching, "_store_payments", hasty)


def _filter_by_status(patch: Patch) -> None:
    patch.setattr(reader, "_CUSTOMER_PAYMENTS", 'PaymentType=="ACCRECPAYMENT" AND Status=="AUTHORISED"')


def _trust_this_computers_clock(patch: Patch) -> None:
    read = Fetching._payments

    def trusting(
        self: Fetching, state: PollState, policy: Policy, tracked: set[XeroInvoiceId], since: datetime | None
    ) -> PollState:
        read(self, state, policy, tracked, since)
        return self._saved(lambda cursors: replace(cursors, payments=self._outside.clock()))

    patch.setattr(Fetching, "_payments", trusting)


def _skip_deleted_rows(patch: Patch) -> None:
    patch.setattr(fetching, "is_customer_payment", lambda p: p.is_live and scope.is_customer_payment(p))


def _read_a_moving_list_once(patch: Patch) -> None:
    patch.setattr(paging._Pass, "is_whole", property(lambda _reading: True))


def _read_invoices_only_when_payments_changed(patch: Patch) -> None:
    read = Fetching._invoices

    def sparing(
        self: Fetching, state: PollState, policy: Policy, tracked: set[XeroInvoiceId], since: datetime | None
    ) -> PollState:
        return read(self, state, policy, tracked, since) if since is None else state

    patch.setattr(Fetching, "_invoices", sparing)


@pytest.mark.parametrize(
    ("plant", "first"),
    [
        (_drop_the_overlap, 7),
        (_move_the_cursor_before_storing, 7),
        (_filter_by_status, 7),
        (_trust_this_computers_clock, 7),
        (_skip_deleted_rows, 7),
        (_read_a_moving_list_once, 7),
        (_read_invoices_only_when_payments_changed, 7),
    ],
)
def test_a_planted_bug_is_found(plant: Callable[[Patch], None], first: int, monkeypatch: Patch, tmp_path: Path) -> None:
    """Begin with the seed where it shows soon; where the soak has changed since, another seed finds it."""
    plant(monkeypatch)
    with pytest.raises(SoakError, match="seed"):
        _soak_until_found(tmp_path, first)


def _soak_until_found(folder: Path, first: int) -> None:
    for seed in (first, *(seed for seed in _SEEDS if seed != first)):
        place = folder / str(seed)
        place.mkdir()
        Soak(place, seed).run(STEPS)
