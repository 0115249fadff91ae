"""Shows one invoice in full: the document for scripts, the tables for a person, and how an instant is named."""

from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.errors import SignInError
from tests.cli.conftest import Office
from tests.ui.histories import empty_history
from tests.ui.views import NOW


def test_a_script_gets_everything_with_the_instants_between_which_it_stood(office: Office) -> None:
    document = office.json("show", "CM-10234", "--as-of", "2026-10-31T17:00")
    assert office.status == 0
    assert (document["invoice_number"], document["is_now"]) == ("CM-10234", False)
    assert document["as_of"] == "2026-10-31T17:00:00+11:00"
    assert document["checked_at"] == "2026-10-31T16:50:00+11:00"
    assert document["kept_since"] == "2026-10-01T09:00:00+11:00"
    (invoice,) = document["xero"]["invoices"]
    assert (invoice["total"], invoice["paid"], invoice["due"]) == ("2000.00", "1200.00", "800.00")
    copied, gone = document["xero"]["payments"]
    assert copied["place"] == {
        "bucket": "matched",
        "rule": "R7",
        "reason": None,
        "matched_how": "Linked earlier",
    }
    assert (copied["since"], copied["batch_payment_id"], copied["is_bank_reconciled"]) == (None, None, True)
    assert (gone["status"], gone["place"], gone["batch_payment_id"]) == ("DELETED", None, "b-1")
    assert (gone["since"], gone["until"]) == ("2026-10-30T23:42:00+00:00", "2026-11-02T00:05:00+00:00")
    assert document["case_manager"]["invoice"]["adjustments"] == "-10.00"
    copy, locked = document["case_manager"]["payments"]
    assert (copy["case_payment_id"], copy["notes"]) == (501, "Xero payment x-copied")
    assert (locked["journal_number"], locked["place"]["reason"]) == ("1042", "JOURNALLED")
    proposed, rejected = document["proposals"]
    assert (proposed["state"], proposed["decided_by"], proposed["decided_at"], proposed["reason"]) == (
        "proposed",
        None,
        None,
        None,
    )
    assert (rejected["decided_by"], rejected["reason"], rejected["kind"]) == ("Ann", "Asked the client.", "add")
    assert [(p["xero_payment_id"], p["case_payment_id"], p["how"]) for p in document["remembered"]] == [
        ("x-copied", 501, "named")
    ]
    accepted, said = document["said"]
    assert (accepted["what"], [m["case_payment_id"] for m in accepted["members"]]) == ("same", [None, 509])
    assert (said["what"], said["by"], said["members"][0]["case_payment_id"]) == ("other", "Kim", 502)
    assert [row["id"] for row in document["history"]] == ["h-12", "h-11"]


def test_a_person_reads_it_in_the_local_time_that_the_first_line_names(office: Office) -> None:
    assert office.run("show", "10234") == 0
    text = office.out
    assert text.startswith("CM-10234 as it stood on 31 Oct 2026 17:00 by this computer's clock (AEDT). ")
    assert "Xero: CM-10234, authorised, total 2,000.00, paid 1,200.00, credited 0.00, due 800.00." in text
    assert "Case Manager: 10234, total 2,000.00, adjustments -10.00, refunds 0.00." in text
    lines = text.splitlines()
    (gone,) = (line for line in lines if line.endswith("x-gone"))
    assert gone.split()[:4] == ["Xero", "2026-10-01", "77.00", "Deleted"]
    assert "31 Oct 2026 10:42  2 Nov 2026 11:05" in gone
    (locked,) = (line for line in lines if line.endswith("  502") and line.startswith("Case Manager"))
    assert "Journalled 1042" in locked
    for title in ("Payments", "Proposals", "Remembered pairs", "What persons said", "History"):
        assert title in lines
    assert any(line.startswith("x-1, 509") and "the same money" in line for line in lines)


def test_what_there_is_nothing_of_has_no_table(office: Office) -> None:
    office.desk.history = empty_history()
    office.run("show", "10234")
    assert "Proposals" not in office.out
    assert "Case Manager: " not in office.out
    assert office.out.startswith("CM-10234 as it stands now")
    assert office.json("show", "10234")["case_manager"] == {"invoice": None, "payments": []}


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2026-10-31T17:00", datetime(2026, 10, 31, 17, 0)),  # noqa: DTZ001 - local time is meant
        ("2026-10-31T17:00Z", datetime(2026, 10, 31, 17, 0, tzinfo=UTC)),
        ("2026-10-31", datetime(2026, 10, 31, 23, 59, 59, 999_999)),  # noqa: DTZ001 - as above
    ],
)
def test_an_instant_is_local_unless_it_names_a_zone_and_a_date_alone_is_its_end(
    office: Office, words: str, meant: datetime
) -> None:
    office.run("show", "CM-10234", "--as-of", words)
    assert office.desk.calls == [("show", "CM-10234", meant)]


def test_what_is_no_instant_is_wrong_usage(office: Office) -> None:
    assert office.run("show", "CM-10234", "--as-of", "yesterday") == 2
    assert office.desk.calls == []


def test_who_did_what_with_a_payment_is_asked_of_xero_and_told_in_the_order_of_time(office: Office) -> None:
    document = office.json("who", "x-77")
    assert office.desk.calls == [("ask_history", "x-77")]
    assert (document["xero_payment_id"], document["asked_at"]) == ("x-77", NOW.isoformat())
    assert [(line["what"], line["who"]) for line in document["lines"]] == [
        ("Created", "J. Wu"),
        ("Deleted", "R. Patel"),
    ]
    assert document["explanation"].startswith("Xero's history: Created by J. Wu, ")
    assert office.run("who", "x-77") == 0
    assert office.out.splitlines()[0] == document["explanation"]
    assert office.out.splitlines()[1].startswith("Asked ")


def test_a_payment_without_a_history_in_xero_has_no_lines(office: Office) -> None:
    office.desk.xero_lines = None
    document = office.json("who", "x-77")
    assert document["lines"] is None
    assert document["explanation"] == "Xero has no history of this payment to show."


def test_where_xero_cannot_be_asked_the_reason_and_what_to_do_are_said(office: Office) -> None:
    office.desk.error = SignInError("This program is not signed in to Xero.", "Sign in to Xero first.")
    assert office.run("who", "x-77") == 1
    assert office.err == "Sign in to Xero: This program is not signed in to Xero. Sign in to Xero first.\n"
