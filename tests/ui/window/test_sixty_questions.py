"""Each of the sixty questions of a bookkeeper is answered by words that are in sight where a person would look."""

from collections import Counter
from pathlib import Path

import pytest

from tests.ui import take_pictures
from tests.ui.questions import KINDS, ROW_SIZE, all_questions, asked_of, questionnaire, unanswered
from tests.ui.row_gallery import each_row
from tests.ui.screens import Size
from tests.ui.seen_words import seen_words


def test_there_are_ten_questions_of_each_kind_and_none_is_asked_twice() -> None:
    asked = all_questions()
    assert Counter(each.kind for each in asked) == dict.fromkeys(KINDS, 10)
    assert len({each.ask for each in asked}) == len(asked)
    assert all(each.seen and each.answer for each in asked)


def test_what_is_asked_of_a_row_is_answered_when_a_person_stands_on_it() -> None:
    rows = asked_of("row_")
    words = {name: seen_words(window) for name, window in each_row(ROW_SIZE) if name in rows}
    assert words.keys() == rows
    assert not unanswered(words, rows)


def test_an_answer_that_is_not_in_sight_is_noticed() -> None:
    rows = asked_of("row_")
    assert len(unanswered({}, rows)) >= len(rows)


def test_the_questionnaire_does_not_tell_what_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Size, list[str]]] = []

    def on_a_screen(size: Size, percent: int, words: list[str]) -> int:
        assert percent == 100
        asked.append((size, words))
        return 0

    monkeypatch.setattr(take_pictures, "on_a_screen", on_a_screen)
    assert take_pictures.take(tmp_path / "p", ["questions"]) == 0
    assert asked == [
        ((1920, 1080), [str(tmp_path / "p"), "rows"]),
        ((1366, 768), [str(tmp_path / "p"), "everything"]),
    ]
    written = (tmp_path / "p" / "questions.txt").read_text(encoding="utf-8")
    assert written == questionnaire()
    assert len(written.splitlines()) == len(all_questions())
    assert not [each.ask for each in all_questions() if each.answer in written]
