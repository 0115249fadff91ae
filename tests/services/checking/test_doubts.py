"""Invoices that do not add up in Xero: each is asked about in its turn, and less often while nothing new is said."""

import logging
from collections.abc import Collection
from datetime import UTC, timedelta

import pytest

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.correlation import doubting
from cmxero_desktop.services.diagnostics.conditions import condition_of_doubts
from cmxero_desktop.services.records.readings import InvoicesPage
from tests.services.desk import NOV_1, Desk
from tests.services.fake_xero import AUD, FakeXero

CHECK = timedelta(minutes=10)
DAY = 144
"""How many checks a day has."""


def doubtful(desk: Desk, count: int) -> list[XeroInvoiceId]:
    """Bill and pay so many invoices, of all of which Xero says that more was paid."""
    for number in range(1, count + 1):
        desk.bill(str(100 + number))
        desk.xero.pay(f"CM-{100 + number}", "10.00", NOV_1)
    desk.xero.skew.update(dict.fromkeys(desk.xero.invoices, Money.of("15.00", AUD)))
    return list(desk.xero.invoices)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[XeroInvoiceId, ...]]:
    """Keep what each question by id was about."""
    made: list[tuple[XeroInvoiceId, ...]] = []
    ask = FakeXero.invoices_by_id

    def noting(self: FakeXero, invoice_ids: Collection[XeroInvoiceId]) -> InvoicesPage:
        made.append(tuple(invoice_ids))
        return ask(self, invoice_ids)

    monkeypatch.setattr(FakeXero, "invoices_by_id", noting)
    return made


def check(desk: Desk, times: int) -> None:
    for _ in range(times):
        desk.clock.now += CHECK
        desk.poll()


def test_r22_of_more_than_one_check_asks_about_each_gets_its_turn(
    desk: Desk, asked: list[tuple[XeroInvoiceId, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubting, "_REREAD_AT_MOST", 4)
    every = doubtful(desk, 9)
    check(desk, 3)
    assert {one for some in asked for one in some} == set(every)
    assert max(len(some) for some in asked) == 4


@pytest.mark.untraced
def test_r22_what_is_answered_the_same_way_again_and_again_costs_ever_fewer_calls(
    desk: Desk, asked: list[tuple[XeroInvoiceId, ...]]
) -> None:
    doubtful(desk, 3)
    check(desk, DAY)
    first_day = len(asked)
    check(desk, 7 * DAY)
    assert first_day <= 12
    assert len(asked) - first_day <= 8


def test_r22_whatever_is_new_is_asked_about_at_once(desk: Desk, asked: list[tuple[XeroInvoiceId, ...]]) -> None:
    first, *_ = doubtful(desk, 2)
    check(desk, DAY)
    before = len(asked)
    desk.xero.pay("CM-101", "1.00", NOV_1)
    check(desk, 1)
    assert asked[before:] == [(first,)]
    assert next(doubt.equal_answers for doubt in desk.state().doubts.each) == 1


def test_r22_what_adds_up_again_is_no_doubt_any_more_and_nobody_waits_longer_than_a_day_for_it(desk: Desk) -> None:
    doubtful(desk, 2)
    check(desk, DAY)
    # Nothing stamps it: only the question by id can tell.
    desk.xero.skew.clear()
    check(desk, DAY + 1)
    assert desk.state().doubts.each == ()
    assert desk.view().skipped == ()


def test_r22_the_log_and_health_say_so(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    assert condition_of_doubts(desk.state(), UTC).seen == "Not compared before the first check."
    desk.poll()
    assert condition_of_doubts(desk.state(), UTC).is_good
    doubtful(desk, 5)
    check(desk, 1)
    at_first = condition_of_doubts(desk.state(), UTC)
    assert at_first.is_good
    assert at_first.seen == (
        "Xero's payments are not what it says was paid on CM-101, CM-102, CM-103 and 2 more. "
        "It is asked again at the next check."
    )
    with caplog.at_level(logging.INFO):
        check(desk, 4)
    later = condition_of_doubts(desk.state(), UTC)
    assert "times, so it is asked less often, next from " in later.seen
    assert later.remedy == "Compare what was paid on them in Xero; nothing is proposed on them until then."
    assert (
        "5 invoices do not add up in Xero; asked again about 5, and 5 are asked about less often by now" in caplog.text
    )
