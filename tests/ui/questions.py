"""The sixty questions of a bookkeeper, and whether the picture where an answer should stand has it in sight."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.ui.screens import Size

LIST = Path(__file__).parent / "sixty_questions.toml"
KINDS = ("row", "why", "button", "do", "leave", "sum")
# What the panel of the system leaves of a Full HD screen: the whole evidence of a row is in sight there.
ROW_SIZE: Size = (1920, 1040)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person asks, what is right, and the words of a picture that say so."""

    kind: str
    ask: str
    answer: str
    picture: str
    seen: tuple[str, ...]


@cache
def all_questions() -> tuple[Question, ...]:
    """Return the questions in the order of the list."""
    found = tomllib.loads(LIST.read_text(encoding="utf-8"))["question"]
    return tuple(Question(**{**each, "seen": tuple(each["seen"])}) for each in found)


def asked_of(pictures: str) -> frozenset[str]:
    """Return the pictures whose names begin so and that a question leads to."""
    return frozenset(each.picture for each in all_questions() if each.picture.startswith(pictures))


def unanswered(words: Mapping[str, str], pictures: frozenset[str]) -> list[str]:
    """Return a line for each question whose answer is not seen in its picture; `words` are those of each picture."""
    return [
        f"{each.ask} {each.picture} lacks: {said}"
        for each in all_questions()
        if each.picture in pictures
        for said in each.seen
        if said not in words.get(each.picture, "")
    ]


def questionnaire() -> str:
    """Return the questions as a list to be answered from pictures alone, without what is right."""
    return "".join(f"{number}. {each.ask}\n" for number, each in enumerate(all_questions(), start=1))
