"""Holds that the manual calls flags and reasons as the window does, so that what is on a chip can be looked up."""

from pathlib import Path

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS
from cmxero_desktop.ui.theme.words import FLAG_MEANING, FLAG_WORD

MANUAL = Path(__file__).parents[2] / "docs" / "manual.md"


def first_cells(heading: str) -> list[str]:
    """Return the first cell of each row of the table under a heading."""
    section = MANUAL.read_text(encoding="utf-8").partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [row.split("|")[1].strip() for row in rows[1:]]


def test_each_flag_of_the_manual_is_called_so_on_its_chip() -> None:
    told = {name.casefold() for name in first_cells("Flags")}
    assert told
    assert told <= {word.casefold() for word in FLAG_WORD.values()}


def test_the_manual_tells_every_reason_to_skip_that_can_be_met() -> None:
    assert sorted(first_cells("Skipped")) == sorted(REASON_WORDS[r].short for r in Reason)


def test_a_flag_means_the_same_wherever_it_is_shown() -> None:
    assert {flag: words.meaning for flag, words in FLAG_WORDS.items()} == FLAG_MEANING
