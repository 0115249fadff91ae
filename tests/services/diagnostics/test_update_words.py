"""Health, the doctor and the command line say the same of newer versions, and nothing in it is an order."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.ways import in_terminal
from cmxero_desktop.services.diagnostics.update_words import condition_of_updates, lines_of_updates
from cmxero_desktop.services.records.releases import UpdatesSeen
from tests.domain.test_releases import RELEASE

OFF = UpdatesSeen(is_on=False, own_version="1.3.0")
ASKED = datetime(2026, 12, 3, 9, 5, tzinfo=UTC)
ON = replace(OFF, is_on=True, place="https://example.com", asked_at=ASKED)
NEWER = replace(ON, release=RELEASE, is_newer=True, renews_store=True)


def test_off_is_good_and_says_how_to_set_it_up() -> None:
    off = condition_of_updates(OFF, UTC)
    assert (off.is_good, off.seen) == (
        True,
        "Nobody is asked whether there is a newer version. To set it up: Settings, Updates.",
    )


def test_an_address_without_a_key_needs_one() -> None:
    half = condition_of_updates(replace(OFF, place="https://example.com"), UTC)
    assert "https://example.com is set, and no public key" in half.seen
    assert not half.is_good


def test_before_the_first_answer_it_says_so() -> None:
    assert condition_of_updates(replace(ON, asked_at=None), UTC).seen == "Not asked yet, at https://example.com."


def test_the_newest_is_said_to_be_so() -> None:
    seen = condition_of_updates(replace(ON, own_version="1.4.0", release=RELEASE), UTC)
    assert seen.is_good
    assert seen.seen == (
        "This is 1.4.0, and 1.4.0 of 2 Dec 2026 is the newest. Asked 3 Dec 2026 09:05, at https://example.com."
    )


@pytest.mark.parametrize(
    ("own_version", "trouble"), [("1.4.0", "The manifest counted until 1 Dec 2026 only."), ("1.5.0", "")]
)
def test_nothing_is_called_the_newest_that_nobody_was_told_to_be(own_version: str, trouble: str) -> None:
    seen = replace(ON, own_version=own_version, release=RELEASE, trouble=trouble)
    said = condition_of_updates(seen, UTC).seen
    assert said.startswith(f"This is {own_version}; the newest that was told of is 1.4.0 of 2 Dec 2026.")
    assert "is the newest" not in said
    assert "is the newest" not in lines_of_updates(seen, UTC)[0]


def test_a_newer_one_is_no_fault_and_says_what_is_new_and_where_it_lies() -> None:
    newer = condition_of_updates(NEWER, UTC)
    assert newer.is_good
    assert newer.seen == (
        "Version 1.4.0 of 2 Dec 2026 is there; this is 1.3.0. It renews the program's own records: where several "
        "desktops share them, have all of them updated together, as the older version is refused afterwards. "
        "New: Holidays are quiet. Setup: cm-xero-desk-1.4.0-setup.exe, 30 MB, "
        f"SHA-256 {'ab' * 32}. Asked 3 Dec 2026 09:05, at https://example.com."
    )


def test_many_news_are_counted_and_none_are_left_out_of_words() -> None:
    many = replace(NEWER, release=replace(RELEASE, news=("a", "b", "c", "d", "e")), renews_store=False)
    assert "New: a; b; c; and 2 more (cmxero updates)." in in_terminal(condition_of_updates(many, UTC).seen)
    none = replace(NEWER, release=replace(RELEASE, news=()))
    assert "New:" not in condition_of_updates(none, UTC).seen


def test_trouble_stands_behind_what_was_known_and_before_what_to_do() -> None:
    failed = condition_of_updates(replace(NEWER, trouble="It is away.", remedy="Check it."), UTC)
    assert failed.seen.startswith("Version 1.4.0")
    assert failed.seen.endswith("Asked 3 Dec 2026 09:05, at https://example.com. It is away.")
    assert failed.remedy == "Check it."
    first = condition_of_updates(replace(ON, trouble="It is away.", remedy="Check it."), UTC)
    assert first.seen == "Asked 3 Dec 2026 09:05, at https://example.com. It is away."


def test_the_command_line_has_a_line_for_each() -> None:
    lines = lines_of_updates(replace(NEWER, renews_store=False), UTC)
    assert lines == (
        "Version 1.4.0 of 2 Dec 2026 is there; this is 1.3.0.",
        "- Holidays are quiet.",
        "Close all windows first.",
        "Setup: cm-xero-desk-1.4.0-setup.exe",
        f"SHA-256: {'ab' * 32}, 29,800,000 bytes",
        "Nothing was downloaded. Compare both before you start it.",
    )
    assert lines_of_updates(OFF, UTC) == (condition_of_updates(OFF, UTC).seen,)
    assert "is the newest" in lines_of_updates(replace(NEWER, is_newer=False), UTC)[0]


def test_what_a_screen_would_obey_is_shown_as_its_number() -> None:
    nasty = replace(
        RELEASE,
        news=("\x1b[2J\nnew line",),
        notes=("\u202egnp",),
        setup=replace(RELEASE.setup, place="\x1b]0;title\x07"),
    )
    shown = [
        condition_of_updates(replace(NEWER, release=nasty), UTC).seen,
        *lines_of_updates(replace(NEWER, release=nasty), UTC),
    ]
    assert all(line.isprintable() for line in shown)
