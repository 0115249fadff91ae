"""No row is ever written to a database that nobody approved it for, whichever way the address came to lead there (R35).

Real databases on each engine, and the program between them: what was approved for one is applied while the settings
lead to another, and then every row of the other is looked at.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.errors import NotAllowedError, OtherDatabaseError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.connecting.belonging import adopt_database, confirming
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.adapters.casemanager.firms import Firm, reference_firm
from tests.services.desk import ANN, NOV_1, Desk
from tests.services.fake_store import MemoryStore
from tests.services.fake_time import Crash
from tests.support import servers

_INVOICES = 60


def filled(url: str, prefix: str = "") -> Firm:
    """Make a firm with sixty invoices more; those of another firm have other numbers under the same keys."""
    firm = reference_firm(url)
    for key, number in ((1, 10_234), (2, 10_235)):
        firm.run("UPDATE invoices SET invoice_number = :n WHERE invoice_id = :k", n=f"{prefix}{number}", k=key)
    values = ", ".join(
        f"({key}, '{prefix}{20_000 + key}', 'Wu', NULL, '2026-10-01', NULL, 500, 0, 0)"
        for key in range(3, 3 + _INVOICES)
    )
    firm.run(f"INSERT INTO invoices VALUES {values}")  # noqa: S608 - numbers of our own
    return firm


def emptied(url: str) -> Firm:
    firm = reference_firm(url)
    firm.run("DELETE FROM invoices")
    return firm


OTHERS: dict[str, Callable[[str], Firm]] = {
    "copy": filled,
    "other content": lambda url: filled(url, "B-"),
    "empty": emptied,
}


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Give two empty databases of one server, or two files."""
    if request.param == "sqlite":
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "case.db").touch()
        yield f"sqlite:///{tmp_path / 'a' / 'case.db'}", f"sqlite:///{tmp_path / 'b' / 'case.db'}"
        return
    first = str(request.getfixturevalue(f"{request.param}_url"))
    name = f"cmxero_{secrets.token_hex(6)}"
    server = servers.Server(first)
    yield first, servers.create_database(server, name)
    servers.drop_database(server, name)


@dataclass
class Office:
    """A desk over a real database, and what else its settings may lead to."""

    desk: Desk
    firm: Firm
    closing: ExitStack

    def lead_to(self, firm: Firm) -> None:
        """Change the address in the settings, and start the program again."""
        self.firm = firm
        self.desk.restart()
        self.desk.case = self.opened(firm)  # type: ignore[assignment]  # the same port
        settings = self.desk.settings.settings
        case_manager = replace(settings.case_manager, url=make_url(firm.url).set(password=None).render_as_string())
        self.desk.settings.settings = replace(settings, case_manager=case_manager)

    def opened(self, firm: Firm) -> CaseManagerDatabase:
        database = CaseManagerDatabase(
            firm.url, load_mapping(firm.mapping), lock_wait_s=0.2, confirm=confirming(self.desk.store)
        )
        return self.closing.enter_context(closing(database))

    def pay(self, amount: str = "400.00") -> None:
        self.desk.xero.pay("CM-10234", amount, NOV_1)


@pytest.fixture
def offices() -> Iterator[Callable[[str], Office]]:
    with ExitStack() as stack:

        def open_office(url: str, store: MemoryStore | None = None) -> Office:
            desk = Desk(store or MemoryStore())
            office = Office(desk, filled(url), stack)
            office.lead_to(office.firm)
            desk.xero.bill("CM-10234", "1000.00")
            return office

        yield open_office


def payments(firm: Firm) -> list[Sequence[Any]]:
    return firm.run("SELECT * FROM payments ORDER BY payment_id")


def approved(office: Office) -> None:
    office.pay()
    office.desk.poll()
    office.desk.approve(office.desk.proposal(ProposalKind.ADD))


@pytest.mark.parametrize("kind", OTHERS)
def test_what_was_approved_for_one_is_not_written_to_another(
    offices: Callable[[str], Office], urls: tuple[str, str], kind: str
) -> None:
    office = offices(urls[0])
    approved(office)
    right, other = office.firm, OTHERS[kind](urls[1])
    office.lead_to(other)
    with pytest.raises(OtherDatabaseError):
        office.desk.apply()
    assert office.desk.polling.poll(PollAsk()).outcome is PollOutcome.OTHER_BOOKS
    assert payments(other) == payments(right) == []
    assert office.desk.proposals(ProposalState.APPROVED)
    office.lead_to(right)
    office.desk.poll()
    assert len(office.desk.apply().applied) == 1
    assert (len(payments(right)), payments(other)) == (1, [])


class Turning:
    """Leads to one database where it reads and to another where it writes, as an address that changed in between."""

    def __init__(self, read: CaseManagerDatabase, write: CaseManagerDatabase) -> None:
        self._read, self._write = read, write

    def __getattr__(self, name: str) -> object:
        return getattr(self._write if name.startswith("change_") else self._read, name)


@pytest.mark.parametrize("kind", OTHERS)
def test_the_very_connection_that_writes_is_held_to_the_right_database(
    offices: Callable[[str], Office], urls: tuple[str, str], kind: str
) -> None:
    """Both sides were read again from the right one a moment before (R35)."""
    office = offices(urls[0])
    approved(office)
    other = OTHERS[kind](urls[1])
    office.desk.case = Turning(office.opened(office.firm), office.opened(other))  # type: ignore[assignment]
    report = office.desk.apply()
    assert report.applied == ()
    assert "belong to" in report.failed[0].reason
    assert payments(other) == payments(office.firm) == []
    with office.desk.store.read() as unit:
        assert unit.intents.still_open() == ()


def test_an_undo_takes_nothing_from_a_copy(offices: Callable[[str], Office], urls: tuple[str, str]) -> None:
    office = offices(urls[0])
    approved(office)
    assert len(office.desk.apply().applied) == 1
    right, other = office.firm, filled(urls[1])
    other.run(*(_inserting(row) for row in payments(right)))
    office.lead_to(other)
    report = office.desk.undo(office.desk.proposal(None, ProposalState.APPLIED))
    assert report.applied == ()
    assert "belong to" in report.failed[0].reason
    assert len(payments(other)) == len(payments(right)) == 1


def _inserting(row: Sequence[Any]) -> str:
    values = ", ".join("NULL" if value is None else f"'{value}'" for value in row)
    return f"INSERT INTO payments VALUES ({values})"  # noqa: S608 - a row of our own


def test_a_copy_that_a_person_adopts_is_the_database(offices: Callable[[str], Office], urls: tuple[str, str]) -> None:
    office = offices(urls[0])
    approved(office)
    right, moved = office.firm, filled(urls[1])
    office.lead_to(moved)
    adopt_database(office.desk.outside, ANN, "the server was renewed")
    office.desk.poll()
    assert len(office.desk.apply().applied) == 1
    assert (payments(right), len(payments(moved))) == ([], 1)
    office.lead_to(right)
    assert office.desk.polling.poll(PollAsk()).outcome is PollOutcome.OTHER_BOOKS


def test_a_backup_that_was_put_back_is_the_same_database(
    offices: Callable[[str], Office], urls: tuple[str, str]
) -> None:
    """Its newest payments are lost; that is found out and proposed as always."""
    office = offices(urls[0])
    approved(office)
    assert len(office.desk.apply().applied) == 1
    office.firm.run("DELETE FROM payments", "DELETE FROM invoices WHERE invoice_id > 55")
    office.desk.poll()
    assert office.desk.proposal(ProposalKind.ADD).proposal.amount.minor == 40_000


def test_another_firms_backup_in_its_place_is_another_database(
    offices: Callable[[str], Office], urls: tuple[str, str]
) -> None:
    office = offices(urls[0])
    approved(office)
    tables = ("payments", "invoices", "system_settings")
    office.firm.run(*(f"DROP TABLE {table}" for table in tables))
    office.lead_to(filled(urls[0], "B-"))
    with pytest.raises(OtherDatabaseError, match="another database of the same name"):
        office.desk.apply()
    with pytest.raises(OtherDatabaseError):
        adopt_database(office.desk.outside, ANN, "it is the same")
    assert payments(office.firm) == []


def test_old_invoices_that_are_cleared_out_little_by_little_go_on(
    offices: Callable[[str], Office], urls: tuple[str, str]
) -> None:
    office = offices(urls[0])
    approved(office)
    for gone in range(3, 18, 5):
        office.firm.run(f"DELETE FROM invoices WHERE invoice_id BETWEEN {gone} AND {gone + 4}")  # noqa: S608
        office.desk.poll()
    assert len(office.desk.apply().applied) == 1


# Two homes on one database, and one home on two computers


def test_two_homes_on_one_database_copy_a_payment_once(offices: Callable[[str], Office], urls: tuple[str, str]) -> None:
    """Nothing tells one home of another. What the first wrote names its payment, so the second finds it there."""
    first = offices(urls[0])
    second = Office(Desk(MemoryStore()), first.firm, first.closing)
    second.lead_to(first.firm)
    second.desk.xero = first.desk.xero
    first.pay("400.00")
    first.pay("55.00")
    for office in (first, second):
        office.desk.poll()
        office.desk.approve(*office.desk.proposals())
    assert len(first.desk.apply().applied) == 2
    report = second.desk.apply()
    assert report.applied == ()
    assert len(report.stale) == 2
    assert len(payments(first.firm)) == 2
    second.desk.poll()
    assert AlertKind.OTHER_WRITER in {alert.kind for alert in second.desk.view().alerts}


def copy_of_home(office: Office, store: MemoryStore) -> Office:
    """Copy a home folder to a second computer, from which the same server is reached."""
    copy = MemoryStore()
    copy.rows = store.rows.copy()
    second = Office(Desk(copy), office.firm, office.closing)
    second.lead_to(office.firm)
    second.desk.xero = office.desk.xero
    second.desk.clock = office.desk.clock
    return second


@pytest.mark.parametrize("step", ["stored", "committed"])
def test_an_open_intent_in_two_copies_of_a_home_is_settled_by_looking_in_both(urls: tuple[str, str], step: str) -> None:
    """Neither guesses: each finds the row or finds it missing, and whoever writes second is refused."""
    with ExitStack() as stack:
        store = MemoryStore()
        office = Office(Desk(store), filled(urls[0]), stack)
        office.lead_to(office.firm)
        office.desk.xero.bill("CM-10234", "1000.00")
        approved(office)

        def end(name: str) -> None:
            opened = any(intent.kind.value == "insert" for intent in store.rows.intents.values())
            if opened and name == step == "stored":
                raise Crash
            if name == "store" and step == "committed" and opened:
                raise Crash

        office.desk.steps.trouble = end
        with pytest.raises(Crash):
            office.desk.apply()
        office.desk.steps.trouble = None
        second = copy_of_home(office, store)
        was_written = bool(payments(office.firm))
        assert was_written is (step == "committed")
        for each in (office, second):
            each.desk.settle()
            with each.desk.store.read() as unit:
                assert unit.intents.still_open() == ()
            assert bool(each.desk.proposals(ProposalState.APPLIED)) is was_written
        if not was_written:
            for each in (office, second):
                each.desk.approve(each.desk.proposal(ProposalKind.ADD))
            assert len(office.desk.apply().applied) == 1
            assert second.desk.apply().applied == ()
        assert len(payments(office.firm)) == 1


# Stores and files


def test_an_older_store_takes_the_database_of_its_records_and_no_other(
    urls: tuple[str, str],
) -> None:
    with ExitStack() as stack:
        store = MemoryStore()
        office = Office(Desk(store), filled(urls[0]), stack)
        office.lead_to(office.firm)
        office.desk.xero.bill("CM-10234", "1000.00")
        approved(office)
        del store.rows.states["database"]
        right, other = office.firm, filled(urls[1], "B-")
        office.lead_to(other)
        with pytest.raises(OtherDatabaseError):
            office.desk.apply()
        assert office.desk.polling.poll(PollAsk()).outcome is PollOutcome.OTHER_BOOKS
        office.lead_to(right)
        assert len(office.desk.apply().applied) == 1
        office.desk.poll()
        assert office.desk.state().database.place.mark
        assert payments(other) == []


def test_a_file_that_another_takes_the_place_of_is_asked_about(tmp_path: Path) -> None:
    """As a backup that a person copied back by hand; the same content, and nobody knows of when."""
    with ExitStack() as stack:
        (tmp_path / "case.db").touch()
        office = Office(Desk(MemoryStore()), filled(f"sqlite:///{tmp_path / 'case.db'}"), stack)
        office.lead_to(office.firm)
        office.desk.xero.bill("CM-10234", "1000.00")
        shutil.copy(tmp_path / "case.db", tmp_path / "backup.db")
        approved(office)
        (tmp_path / "backup.db").replace(tmp_path / "case.db")
        with pytest.raises(OtherDatabaseError, match="another database of the same name"):
            office.desk.apply()
        assert payments(office.firm) == []
        adopt_database(office.desk.outside, ANN, "I put the backup back")
        office.desk.poll()
        assert len(office.desk.apply().applied) == 1
        with pytest.raises(NotAllowedError):
            adopt_database(office.desk.outside, ANN, "again")
        assert [e.event.what for e in office.desk.history()].count(AuditWhat.ADOPTED) == 1
