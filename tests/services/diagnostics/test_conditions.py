"""What Health and the doctor say alike."""

from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.services.diagnostics.conditions import Condition, condition_of_disk, condition_of_sign_in, size
from cmxero_desktop.services.records.runs import PollState, SignInAge
from cmxero_desktop.services.records.settings import SignInKind

NOW = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 kB"), (999_999, "1,000 kB"), (1_000_000, "1 MB"), (499_999_999, "499 MB"), (1_000_000_000, "1.0 GB")],
)
def test_a_size_is_never_nought(count: int, text: str) -> None:
    assert size(count) == text


def test_room_is_little_below_500_mb() -> None:
    assert condition_of_disk(500_000_000, "/desk").is_good
    assert condition_of_disk(499_999_999, "/desk") == Condition(
        "499 MB free where /desk is.", "Make room: at least 500 MB are needed to work safely."
    )


def test_a_sign_in_asks_for_a_person_only_near_its_end() -> None:
    fresh, old = (PollState(sign_in=SignInAge(renewed_at=NOW - timedelta(days=days))) for days in (1, 54))
    assert condition_of_sign_in(fresh, SignInKind.BROWSER, NOW, UTC).is_good
    assert condition_of_sign_in(old, SignInKind.BROWSER, NOW, UTC).remedy.startswith("Sign in to Xero again")
