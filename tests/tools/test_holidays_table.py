"""The table of public holidays is one line for each day and name, in the words of the two countries."""

from datetime import date

from tools.holidays_table import in_lines, plain


def test_neighbours_share_a_line_and_days_are_in_order() -> None:
    found = [
        (date(2026, 3, 9), "Labor Day", "VIC"),
        (date(2026, 3, 2), "Labor Day", "WA"),
        (date(2026, 3, 9), "Canberra Day", "ACT"),
        (date(2026, 4, 6), "Easter Monday", "WA"),
        (date(2026, 4, 6), "Easter Monday", "ACT"),
    ]
    assert in_lines(found) == (
        "2026-03-02\tLabour Day\tWA\n"
        "2026-03-09\tCanberra Day\tACT\n"
        "2026-03-09\tLabour Day\tVIC\n"
        "2026-04-06\tEaster Monday\tACT, WA\n"
    )


def test_a_day_in_lieu_is_called_so() -> None:
    assert plain("ANZAC Day (observed)") == "ANZAC Day (in lieu)"
    assert plain("Eid (estimated)") == "Eid"
