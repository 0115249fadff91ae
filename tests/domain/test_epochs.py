"""What a store is to what a computer remembers of it (R35)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.epochs import (
    LastSeen,
    Standing,
    StoreMark,
    arrived_words,
    standing_of,
    standing_words,
)

HASHES = {number: f"hash {number}" for number in range(1, 9)}
NOW = StoreMark(epoch_id="e2", deeds=20, entries=8, entry_hash="hash 8")
EARLIER = StoreMark(epoch_id="e2", deeds=12, entries=5, entry_hash="hash 5")


def standing(mark: StoreMark | None, here: str | None = "e2") -> Standing:
    return standing_of(NOW, ("e1",), LastSeen(mark=mark, epoch_here=here), HASHES.get)


@pytest.mark.parametrize(
    ("mark", "here", "expected"),
    [
        (NOW, "e2", Standing.SAME),
        (EARLIER, "e2", Standing.SAME),
        (EARLIER, None, Standing.SAME),
        (replace(EARLIER, entries=0, entry_hash=""), "e2", Standing.SAME),
        (None, "e1", Standing.SAME),
        (None, None, Standing.UNKNOWN),
        (replace(NOW, deeds=21), "e2", Standing.OLDER),
        (replace(NOW, deeds=21, entries=9), "e2", Standing.OLDER),
        (replace(EARLIER, entries=9), "e2", Standing.SHORTENED),
        (replace(EARLIER, entry_hash="another"), "e2", Standing.FORKED),
        (NOW, "e9", Standing.REPLACED),
        (None, "e9", Standing.REPLACED),
    ],
)
def test_what_it_is(mark: StoreMark | None, here: str | None, expected: Standing) -> None:
    found = standing(mark, here)
    assert found is expected
    assert found.is_in_doubt is (expected not in {Standing.SAME, Standing.UNKNOWN})


@pytest.mark.parametrize("standing", [each for each in Standing if each.is_in_doubt])
def test_every_doubt_says_what_follows_and_what_to_do(standing: Standing) -> None:
    words = standing_words(standing, NOW, EARLIER)
    assert words != standing_words(Standing.REPLACED, NOW, None) or standing is Standing.REPLACED
    assert "approval" in words.follows
    assert "put it back" in words.remedy
    assert "cmxero confirm-store" in words.remedy


def test_a_store_from_another_computer_is_accused_of_nothing() -> None:
    words = arrived_words("PC-1")
    assert "PC-1" in words.reason
    assert "cannot tell" in words.reason
    assert "PC-1" in words.remedy
