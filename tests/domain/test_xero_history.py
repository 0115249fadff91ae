"""What Xero's history of a payment says is told in the order of time, and names nobody whom it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.xero_history import HistoryLine, ToldHistory, history_sentence

AT = datetime(2026, 11, 24, 8, 55, tzinfo=UTC)


def line(hours: float, who: str, what: str) -> HistoryLine:
    return HistoryLine(at=AT + timedelta(hours=hours), who=who, what=what)


def told(*lines: HistoryLine) -> ToldHistory:
    return ToldHistory(payment_id=XeroPaymentId("p1"), changed_at=AT, asked_at=AT, lines=lines)


def sentence(*lines: HistoryLine) -> str:
    return history_sentence(told(*lines), lambda at: f"{at:%d %b %H:%M}")


def test_who_created_and_who_deleted_it_stand_in_the_order_of_time() -> None:
    said = sentence(line(23, "R. Patel", "Deleted"), line(0, "J. Wu", "Created"))
    assert said == "Xero's history: Created by J. Wu, 24 Nov 08:55; Deleted by R. Patel, 25 Nov 07:55."


def test_a_line_without_a_name_or_a_word_is_told_as_it_is() -> None:
    said = sentence(line(0, "", "Created"), line(1, "Ann", ""))
    assert said == (
        "Xero's history: Created, 24 Nov 08:55 (Xero names nobody); "
        "something that Xero does not name by Ann, 24 Nov 09:55."
    )


def test_notes_are_left_out_since_their_text_is_not_read() -> None:
    assert sentence(line(0, "Ann", "Note"), line(1, "R. Patel", "Deleted")) == (
        "Xero's history: Deleted by R. Patel, 24 Nov 09:55."
    )


@pytest.mark.parametrize("lines", [(), (line(0, "Ann", "Note"),)])
def test_a_history_that_says_nothing_says_so(lines: tuple[HistoryLine, ...]) -> None:
    assert sentence(*lines) == "Xero's history of this payment does not say who did what."


def test_where_xero_has_none_one_is_told_so() -> None:
    none = ToldHistory(payment_id=XeroPaymentId("p1"), changed_at=AT, asked_at=AT, lines=None)
    assert history_sentence(none, str) == "Xero has no history of this payment to show."


def test_of_a_long_one_the_first_and_the_newest_are_told() -> None:
    said = sentence(*(line(n, f"Person {n}", "Edited") for n in range(10)))
    assert said.startswith("Xero's history: Edited by Person 0, 24 Nov 08:55; 4 more; Edited by Person 5, ")
    assert said.endswith("Edited by Person 9, 24 Nov 17:55.")
