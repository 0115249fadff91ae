"""Two desktops share a store: one checks Xero for both, and no payment is written twice whoever approves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.services.verbs.commands.settings import ChangeSettings
from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment, free_port
from tests.end_to_end.plain_xero import PlainXero

pytestmark = pytest.mark.postgres

NOW = datetime.now(UTC).replace(microsecond=0)
PAID = date.today() - timedelta(days=21)  # noqa: DTZ011 - any day that is over everywhere


@dataclass
class Office:
    """One Xero, one Case Manager, one store, and two desktops."""

    xero: PlainXero
    case: CaseBook
    store: sa.Engine
    first: Cmxero
    second: Cmxero

    def pay(self, amount: str) -> str:
        return self.xero.pay("CM-100", amount, PAID, NOW, reference="REM1")


@pytest.fixture
def office(tmp_path: Path, keyring_environment: dict[str, str], postgres_url: str) -> Iterator[Office]:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    case.add_invoice("100", "1000.00")
    environment = keyring_environment | browser_environment()
    store = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with PlainXero() as xero:
        xero.add_invoice("CM-100", "1000.00")
        desks = [Cmxero(tmp_path / name, environment) for name in ("first", "second")]
        for desk in desks:
            desk(
                *("init", "--case-manager-url", f"sqlite:///{case.path}", "--xero-client-id", "PLAIN"),
                *("--mode", "approve", "--identity-url", xero.url, "--api-url", xero.url),
            )
            settings = desk.home / "settings.toml"
            text = settings.read_text().replace("redirect_port = 8742", f"redirect_port = {free_port()}")
            settings.write_text(f'{text}\n[store]\nurl = "{postgres_url}"\n')
            desk("connect")
        yield Office(xero, case, store, *desks)
    store.dispose()


def test_one_desktop_checks_for_both_and_the_other_sees_its_results(office: Office) -> None:
    office.pay("400.00")
    assert office.first("poll")["counts"]["proposed"] == 1
    refused = office.second.run("poll")
    assert refused.returncode == 1
    assert "checks Xero for every desktop that shares this store" in refused.stderr
    assert office.second("list", "proposals") == office.first("list", "proposals")


def test_what_the_window_of_one_desktop_says_of_people_holds_at_the_other(office: Office) -> None:
    office.pay("400.00")
    office.first("poll")
    (add,) = office.first("list", "proposals")
    with Desks(Parts(secrets=MemorySecrets, open_browser=lambda _: False)).open(office.first.home) as window:
        window.run(ChangeSettings(texts={"people.second_approver": "all"}, by="A"))
    assert 'second_approver = "all"' not in (office.second.home / "settings.toml").read_text(encoding="utf-8")
    assert office.second("approve", add["id"], "--by", "B")["first_of_two"]
    assert office.case.payments("100") == []
    assert office.first("approve", add["id"], "--by", "A")["applied"]
    assert len(office.case.payments("100")) == 1


def test_a_desktop_that_does_not_check_may_approve_and_nothing_is_written_twice(office: Office) -> None:
    payment_id = office.pay("400.00")
    office.first("poll")
    (add,) = office.first("list", "proposals")
    assert office.second("approve", add["id"], "--by", "B")["applied"]
    again = office.first("approve", add["id"], "--by", "A", expect=3)
    assert again["applied"] == []
    assert [row[3] for row in office.case.payments("100")] == [f"Xero payment {payment_id}"]


def test_the_other_desktop_takes_over_when_the_first_is_gone(office: Office) -> None:
    office.pay("400.00")
    office.first("poll")
    with office.store.begin() as connection:
        connection.execute(sa.text("UPDATE leases SET until = '2026-01-01T00:00:00.000000Z'"))
    office.pay("250.00")
    assert office.second("poll")["counts"]["proposed"] == 2
    assert office.first.run("poll").returncode == 1
