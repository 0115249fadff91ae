"""A payment's whole journey through the real `cmxero`: see, approve, apply, take back, and what goes wrong."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.end_to_end.journey import CaseBook, Cmxero, browser_environment
from tests.end_to_end.plain_xero import PlainXero

TODAY = datetime.now(UTC).date()
PAID = TODAY - timedelta(days=21)
NOW = datetime.now(UTC).replace(microsecond=0)
BEFORE = NOW - timedelta(hours=2)


@dataclass
class Firm:
    """A plain Xero, a plain Case Manager, and the program connected to both."""

    xero: PlainXero
    case: CaseBook
    cmxero: Cmxero

    def add_invoice(self, number: str = "100", total: str = "1000.00") -> None:
        self.xero.add_invoice(f"CM-{number}", total)
        self.case.add_invoice(number, total)

    def pay(self, number: str = "100", amount: str = "400.00", on: date = PAID, at: datetime = BEFORE) -> str:
        return self.xero.pay(f"CM-{number}", amount, on, at, reference="REM1")

    def proposals(self) -> list[dict[str, Any]]:
        self.cmxero("poll")
        found: list[dict[str, Any]] = self.cmxero("list", "proposals")
        return found


@pytest.fixture
def firm(tmp_path: Path, keyring_environment: dict[str, str]) -> Iterator[Firm]:
    case = CaseBook(tmp_path / "case.db")
    case.create()
    with PlainXero() as xero:
        firm = Firm(xero, case, Cmxero(tmp_path / "home", keyring_environment | browser_environment()))
        firm.cmxero.set_up(xero.url, f"sqlite:///{case.path}")
        yield firm


def test_an_addition_is_seen_approved_applied_and_taken_back(firm: Firm) -> None:
    firm.add_invoice()
    payment_id = firm.pay()
    (add,) = firm.proposals()
    report = firm.cmxero("approve", add["id"], "--by", "J. Wu")
    assert [row["id"] for row in report["applied"]] == [add["id"]]
    assert firm.case.payments("100") == [(PAID.isoformat(), 400, "REM1", f"Xero payment {payment_id}")]
    assert firm.proposals() == []
    assert len(firm.cmxero("list", "matched")) == 1
    history = firm.cmxero("list", "history")
    applied = next(row for row in history if row["what"] == "applied")
    assert (applied["who"], applied["before"], applied["after"]["amount"]) == ("J. Wu", None, "400.00")
    undone = firm.cmxero("undo", applied["id"], "--reason", "double entry", "--by", "J. Wu")
    assert len(undone["undone"]) == 1
    assert firm.case.payments("100") == []
    assert firm.proposals() == []
    assert firm.cmxero("verify")["good"]


def test_two_persons_approve_and_undo_where_the_firm_asks_for_two(firm: Firm) -> None:
    firm.add_invoice()
    firm.pay()
    (add,) = firm.proposals()
    settings = firm.cmxero.home / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('second_approver = "off"', 'second_approver = "all"'), encoding="utf-8")
    first = firm.cmxero("approve", add["id"], "--by", "J. Wu")
    assert [row["id"] for row in first["first_of_two"]] == [add["id"]]
    (row,) = firm.cmxero("list", "proposals")
    assert (row["state"], row["yes_by"]) == ("proposed", ["J. Wu"])
    again = firm.cmxero("approve", add["id"], "--by", "j. wu", expect=3)
    assert "needs the yes of two persons" in again["held_back"][0]["reason"]
    assert firm.case.payments("100") == []
    assert len(firm.cmxero("approve", add["id"], "--by", "R. Patel")["applied"]) == 1
    assert len(firm.case.payments("100")) == 1
    asked = firm.cmxero("undo", add["id"], "--reason", "double entry", "--by", "J. Wu")
    assert [row["id"] for row in asked["first_of_two"]] == [add["id"]]
    withdrawn = firm.cmxero("undo", add["id"], "--withdraw", "--reason", "it was not", "--by", "J. Wu")
    assert [row["id"] for row in withdrawn["done"]] == [add["id"]]
    firm.cmxero("undo", add["id"], "--reason", "it was", "--by", "R. Patel")
    assert len(firm.case.payments("100")) == 1
    assert len(firm.cmxero("undo", add["id"], "--reason", "it was", "--by", "J. Wu")["undone"]) == 1
    assert firm.case.payments("100") == []
    assert firm.cmxero("verify")["good"]


def test_everything_safe_is_applied_at_once_and_the_rest_is_listed(firm: Firm) -> None:
    firm.add_invoice()
    firm.add_invoice("200")
    firm.pay()
    gone = firm.pay("200", "150.00")
    firm.case.add_payment("200", "150.00", PAID, notes=f"typed by Ann\nXero payment {gone}")
    firm.xero.delete(gone, NOW)
    kinds = {row["kind"]: row["id"] for row in firm.proposals()}
    report = firm.cmxero("approve", "--all", "--kind", "add")
    assert [row["id"] for row in report["applied"]] == [kinds["add"]]
    assert report["held_back"] == []
    assert len(firm.case.payments("200")) == 1
    assert firm.cmxero("approve", kinds["remove"])["applied"]
    assert firm.case.payments("200") == []
    (undone,) = firm.cmxero("undo", kinds["remove"], "--reason", "it was right")["undone"]
    assert "new number" in undone["reason"]
    assert [row[3] for row in firm.case.payments("200")] == [f"typed by Ann\nXero payment {gone}"]
    assert firm.proposals() == []


def test_a_payment_deleted_after_it_was_shown_is_stale(firm: Firm) -> None:
    firm.add_invoice()
    payment_id = firm.pay()
    (add,) = firm.proposals()
    firm.xero.delete(payment_id, NOW)
    report = firm.cmxero("approve", add["id"], expect=3)
    assert [row["id"] for row in report["stale"]] == [add["id"]]
    assert firm.case.payments("100") == []


def test_a_payment_typed_in_after_it_was_shown_makes_the_add_stale(firm: Firm) -> None:
    firm.add_invoice()
    firm.pay()
    (add,) = firm.proposals()
    firm.case.add_payment("100", "400.00", PAID)
    report = firm.cmxero("approve", add["id"], expect=3)
    assert report["stale"]
    assert not report["applied"]
    assert len(firm.case.payments("100")) == 1
    (link,) = firm.proposals()
    assert link["kind"] == "link"


def test_the_near_double_can_be_linked(firm: Firm) -> None:
    firm.add_invoice()
    payment_id = firm.pay()
    key = firm.case.add_payment("100", "400.00", PAID + timedelta(days=1), notes="phone call")
    (add,) = firm.proposals()
    assert firm.cmxero("approve", add["id"], "--link", str(key))["applied"]
    assert firm.case.payments("100") == [(PAID.isoformat(), 400, "REM1", f"phone call\nXero payment {payment_id}")]
    assert firm.proposals() == []


def test_reject_and_hold_last_until_the_facts_change(firm: Firm) -> None:
    firm.add_invoice()
    firm.add_invoice("200")
    first, _ = firm.pay(), firm.pay("200")
    rows = {row["invoice_number"]: row["id"] for row in firm.proposals()}
    firm.cmxero("reject", rows["CM-100"], "--reason", "wrong client")
    firm.cmxero("hold", rows["CM-200"], "--until", (TODAY + timedelta(days=9)).isoformat())
    assert [(row["state"], row["invoice_number"]) for row in firm.proposals()] == [("held", "CM-200")]
    firm.xero.delete(first, NOW)
    firm.pay(amount="410.00", at=NOW)
    fresh = [row for row in firm.proposals() if row["state"] == "proposed"]
    assert [(row["kind"], row["amount"]) for row in fresh] == [("add", "410.00")]


def test_ids_that_cannot_be_approved_each_get_a_sentence(firm: Firm) -> None:
    firm.add_invoice(total="300.00")
    firm.pay()
    firm.pay("100", on=TODAY + timedelta(days=30))
    (add,) = firm.proposals()
    (ahead,) = firm.cmxero("list", "skipped")
    assert add["flags"] == ["would_overpay"]
    report = firm.cmxero("approve", add["id"], ahead["id"], "p-000000000000", expect=3)
    assert {row["id"] for row in report["held_back"]} == {add["id"], ahead["id"]}
    assert [row["id"] for row in report["failed"]] == ["p-000000000000"]
    assert all(row["reason"] for rows in report.values() for row in rows)
    assert firm.case.payments("100") == []


def test_observe_mode_writes_nothing(firm: Firm) -> None:
    firm.add_invoice()
    firm.pay()
    settings = firm.cmxero.home / "settings.toml"
    settings.write_text(settings.read_text().replace('mode = "approve"', 'mode = "observe"'))
    (add,) = firm.proposals()
    assert "Observe only" in firm.cmxero("approve", add["id"], expect=1)
    assert firm.case.payments("100") == []


def test_another_writer_drops_the_mode_to_observe(firm: Firm) -> None:
    firm.add_invoice()
    payment_ids = [firm.pay(), firm.pay()]
    firm.proposals()
    for payment_id in payment_ids:
        firm.case.add_payment("100", "400.00", PAID, notes=f"Xero payment {payment_id}")
    firm.cmxero("poll")
    (alert,) = firm.cmxero("list", "alerts")
    assert alert["rule"] == "R29"
    assert 'mode = "observe"' in (firm.cmxero.home / "settings.toml").read_text()


def test_html_at_200_is_no_payment_and_says_so(firm: Firm) -> None:
    firm.add_invoice()
    firm.pay()
    firm.proposals()
    firm.xero.answer_instead.append((200, "text/html", "<html>Please sign in to the hotel wireless</html>"))
    finished = firm.cmxero.run("poll")
    assert finished.returncode == 1
    assert "Xero" in finished.stderr
    assert len(firm.cmxero("list", "proposals")) == 1


def test_a_broken_row_costs_only_itself(firm: Firm) -> None:
    firm.add_invoice()
    firm.add_invoice("200")
    firm.pay()
    firm.pay("200")
    firm.xero.payments[0]["Date"] = None
    (add,) = firm.proposals()
    assert add["invoice_number"] == "CM-200"
    (skipped,) = firm.cmxero("list", "skipped")
    assert (skipped["reason"], skipped["xero_payment_id"]) == ("UNREADABLE", firm.xero.payments[0]["PaymentID"])
    assert "date" in skipped["explanation"].lower()


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [("amount", "12.345", "12.345"), ("payment_date", "last Tuesday", "last Tuesday"), ("amount", "", "amount")],
)
def test_a_foreign_row_in_case_manager_is_named(firm: Firm, column: str, value: str, word: str) -> None:
    firm.add_invoice()
    firm.add_invoice("200")
    firm.pay()
    firm.pay("200")
    key = firm.case.add_payment("100", "400.00", PAID)
    firm.case.run(f"UPDATE payments SET {column} = ? WHERE payment_id = ?", value, key)  # noqa: S608 - fixed names
    assert [row["invoice_number"] for row in firm.proposals()] == ["CM-200"]
    unreadable = next(row for row in firm.cmxero("list", "skipped") if row["case_payment_id"] == key)
    assert unreadable["reason"] == "UNREADABLE"
    assert word in unreadable["explanation"]


def test_a_database_without_a_column_is_refused_with_every_name(firm: Firm, tmp_path: Path) -> None:
    firm.case.run("ALTER TABLE payments DROP COLUMN notes")
    firm.case.run("ALTER TABLE payments DROP COLUMN journal_number")
    finished = Cmxero(tmp_path / "other", firm.cmxero.environment).run(
        *("init", "--case-manager-url", f"sqlite:///{firm.case.path}", "--xero-client-id", "X")
    )
    assert finished.returncode == 1
    assert "notes" in finished.stderr
    assert "journal_number" in finished.stderr
    assert finished.stdout == ""


def test_a_settings_file_with_a_typo_is_named_with_its_line(firm: Firm) -> None:
    settings = firm.cmxero.home / "settings.toml"
    settings.write_text(settings.read_text().replace("near_days", "near_dayz"))
    finished = firm.cmxero.run("poll")
    assert finished.returncode == 1
    assert "near_dayz" in finished.stderr
    assert re.search(r"line \d+", finished.stderr, re.IGNORECASE)


def test_a_locked_case_manager_says_so_and_loses_nothing(firm: Firm) -> None:
    import sqlite3  # noqa: PLC0415 - only here

    firm.add_invoice()
    firm.pay()
    (add,) = firm.proposals()
    lock = sqlite3.connect(firm.case.path)
    lock.execute("BEGIN EXCLUSIVE")
    finished = firm.cmxero.run("approve", add["id"], "--json")
    lock.rollback()
    lock.close()
    assert finished.returncode in {1, 3}
    assert "lock" in (finished.stderr + finished.stdout).lower()
    assert firm.case.payments("100") == []
    assert firm.cmxero("approve", add["id"])["applied"]
    assert len(firm.case.payments("100")) == 1


def test_the_workbook_keeps_a_formula_as_text(firm: Firm, tmp_path: Path) -> None:
    firm.add_invoice()
    firm.pay()
    firm.xero.payments[0]["Reference"] = '=HYPERLINK("http://example.invalid")'
    firm.proposals()
    path = tmp_path / "desk.xlsx"
    firm.cmxero("export", str(path))
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book["Unmatched"].iter_rows() for cell in row]
    assert any(cell.value == '=HYPERLINK("http://example.invalid")' and cell.data_type == "s" for cell in cells)


def test_wrong_usage_is_two_and_sor_knows_no_schedule(firm: Firm) -> None:
    assert firm.cmxero.run("approve").returncode == 2
    assert firm.cmxero.run("approve", "p-1", "p-2", "--link", "7").returncode == 2
    assert firm.cmxero.run("approve", "--all").returncode == 2
    assert "cmxero poll" in firm.cmxero("tieout", expect=1)
    assert firm.cmxero.run("dance").returncode == 2
    assert firm.cmxero("sor", "list") == []
    assert "Xero has no invoice CM-100." in firm.cmxero("sor", "mark", "CM-100", expect=1)


def test_doctor_names_each_connection(firm: Firm) -> None:
    checks = firm.cmxero("doctor")
    assert all(check["good"] for check in checks), json.dumps(checks, indent=1)
    assert {"Case Manager", "keyring", "Xero", "sign-in"} <= {check["name"] for check in checks}


def test_doctor_looks_at_each_part_where_the_desk_cannot_be_opened(firm: Firm, tmp_path: Path) -> None:
    (firm.cmxero.home / "store.db").write_bytes(b"this is no database" * 100)
    good = {check["name"]: check["good"] for check in firm.cmxero("doctor", expect=1)}
    assert not good["store"]
    assert good["Case Manager"]
    nobody = Cmxero(tmp_path / "nobody", firm.cmxero.environment)("doctor", expect=1)
    assert all(check["remedy"] for check in nobody if not check["good"])
