"""Pairs that were kept without the counter of deeds are told by the clock alone, and never called foreign by it."""

from datetime import UTC, datetime, timedelta

from cmxero_desktop.services.checking.strangers import _is_not_after

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_what_has_no_time_was_always_there_and_what_is_younger_than_the_check_was_not() -> None:
    assert _is_not_after(None, NOW)
    assert _is_not_after(NOW, None)
    assert _is_not_after(NOW, NOW)
    assert not _is_not_after(NOW + timedelta(seconds=1), NOW)
