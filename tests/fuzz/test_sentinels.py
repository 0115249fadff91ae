"""What programs write where they know no date passes for none: in no payment, in no stamp, not as Xero's clock."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cmxero_desktop.services.records.runs import PollOutcome
from tests.fuzz.desk import FuzzDesk, Shown

ADDED = "CM-1006"
"""An invoice on which an addition is proposed."""

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FuzzDesk]:
    with closing(FuzzDesk(tmp_path)) as desk:
        yield desk


def on(path: str, change: Change) -> Callable[[str, bytes], bytes]:
    """Change each answer to a path."""

    def rewrite(asked: str, body: bytes) -> bytes:
        if not asked.endswith(path):
            return body
        document = json.loads(body)
        change(document)
        return json.dumps(document).encode()

    return rewrite


def in_payment_of(number: str, **fields: object) -> Change:
    """Change fields of each payment of an invoice."""

    def change(document: dict[str, Any]) -> None:
        for row in document["Payments"]:
            if row["Invoice"]["InvoiceNumber"] == number:
                row.update(fields)

    return change


def others(shown: Shown) -> dict[str, frozenset[str]]:
    return {number: some for number, some in shown.proposals.items() if number != ADDED}


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00", "/Date(-62135596800000+0000)/", "9999-12-31"])
def test_a_payment_of_the_year_1_is_not_there_to_be_approved(desk: FuzzDesk, date: str) -> None:
    desk.poll()
    truth = desk.shown()
    run = desk.poll(on("/Payments", in_payment_of(ADDED, Date=date)), is_full=True)
    shown = desk.shown()
    assert run.outcome is PollOutcome.DONE
    assert ADDED not in shown.proposals
    assert others(shown) == others(truth)
    assert [(row.invoice_number, "cannot be meant" in row.problem) for row in shown.unreadable] == [(ADDED, True)]
    desk.poll(is_full=True)
    assert desk.shown().proposals == truth.proposals


@pytest.mark.parametrize("path", ["/Payments", "/Invoices"])
@pytest.mark.parametrize("said", ["9999-12-31T23:59:59.9999999", "/Date(253402300799999)/", "/Date(0)/"])
def test_a_clock_of_the_year_9999_is_never_now(desk: FuzzDesk, path: str, said: str) -> None:
    desk.poll()
    truth = desk.shown()
    run = desk.poll(on(path, lambda document: document.update(DateTimeUTC=said)))
    assert run.outcome is PollOutcome.BROKEN
    assert "by its clock, and this computer's says 2026-11-20" in run.reason
    # What an approval asks for works at once, and so does the next check.
    shown = desk.shown()
    assert shown.proposals == truth.proposals
    assert shown.view.state.cursors.payments == truth.view.state.cursors.payments
    assert shown.view.state.cursors.as_of == truth.view.state.cursors.as_of
    assert desk.poll().outcome is PollOutcome.DONE


def test_what_changed_in_the_year_9999_does_not_stay_for_ever(desk: FuzzDesk) -> None:
    desk.poll()
    truth = desk.shown()
    lie = in_payment_of(ADDED, UpdatedDateUTC="/Date(253402214400000)/", Amount=1)
    desk.poll(on("/Payments", lie), is_full=True)
    assert ADDED not in desk.shown().proposals
    desk.poll(is_full=True)
    assert desk.shown().proposals == truth.proposals


@pytest.mark.parametrize(
    "told", [{"pageCount": 0, "itemCount": 0}, {"pageCount": 1, "itemCount": 1}, {"pageCount": -1}]
)
def test_a_list_that_is_said_to_end_before_its_rows_do_is_read_to_its_end(desk: FuzzDesk, told: object) -> None:
    desk.keep("first.db")
    run = desk.poll(on("s", lambda document: document.update(pagination=told)))
    shown = desk.shown()
    assert run.outcome is PollOutcome.DONE
    desk.back_to("first.db")
    desk.poll()
    assert shown.proposals == desk.shown().proposals
