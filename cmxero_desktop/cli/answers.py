"""What a verb answers: a document for scripts, the same for persons, and an exit status."""

from dataclasses import dataclass

from cmxero_desktop.cli.rows import Value

DONE, COULD_NOT, WRONG_USAGE, NOT_EVERY_ROW, STOPPED = 0, 1, 2, 3, 130


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `trouble` goes to standard error, and without a `document` it is all there is."""

    document: Value
    text: str = ""
    status: int = DONE
    trouble: str = ""
