"""Holds that the manual calls flags and reasons as the window does, so that what is on a chip can be looked up."""

from pathlib import Path

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS
from cmxero_desktop.ui.theme.words import CHIP_WORD, FLAG_MEANING, FLAG_WORD

MANUAL = Path(__file__).parents[2] / "docs" / "manual.md"


def first_cells(heading: str) -> list[str]:
    """Return the first cell of each row of the table under a heading."""
    return [cells[0] for cells in table_under(heading)]


def table_under(heading: str) -> list[list[str]]:
    """Return the cells of each row of the table under a heading."""
    section = MANUAL.read_text(encoding="utf-8").partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows[1:]]


def test_each_flag_of_the_manual_is_called_so_in_the_window() -> None:
    told = {name.casefold() for name in first_cells("Flags")}
    assert told
    assert told <= {word.casefold() for word in FLAG_WORD.values()}


def test_each_flag_of_the_manual_stands_beside_its_chip() -> None:
    chips = {name.casefold(): CHIP_WORD[flag] for flag, name in FLAG_WORD.items()}
    assert [cells[:2] for cells in table_under("Flags")] == [
        [cells[0], chips[cells[0].casefold()]] for cells in table_under("Flags")
    ]


def test_the_manual_tells_every_reason_to_skip_that_can_be_met() -> None:
    assert sorted(first_cells("Skipped")) == sorted(REASON_WORDS[r].short for r in Reason)


def test_a_flag_means_the_same_wherever_it_is_shown() -> None:
    assert {flag: words.meaning for flag, words in FLAG_WORDS.items()} == FLAG_MEANING
