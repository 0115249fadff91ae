"""The way from observing to approving: three conditions, and of each whether it holds."""

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import day, plural
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import label, row

_ENOUGH_DAYS = 5

Rung = tuple[bool | None, str]
"""Whether a condition holds, None where only trying can tell, and what it says."""


def rungs(content: DeskContent, now: datetime) -> tuple[Rung, Rung, Rung]:
    """Return the three conditions on the way from observing to approving, and whether each holds."""
    # Checks are no entries of the audit trail: what the comparison keeps of its first one is asked.
    first = content.view.state.comparison.first_polled_at
    passed = (now - first).days if first else 0
    so_far = _so_far(passed) if first else "no check yet"
    compared = f"Compared for {_ENOUGH_DAYS} days before anything is approved: {so_far}."
    since = f" The first check was on {day(first.astimezone().date())}." if first else ""
    foreign = next((alert.explanation for alert in content.view.alerts if alert.key == OTHER_WRITER_KEY), "")
    return (
        (passed >= _ENOUGH_DAYS, compared + since),
        (True if content.may_write else None, "The login may write: tried when you go to approving, and taken back."),
        (not foreign, foreign or "No other link writes: no check found copies made as a program makes them."),
    )


def _so_far(days: int) -> str:
    if days >= _ENOUGH_DAYS:
        return f"it is {plural(days, 'day')} now"
    return f"{plural(days, 'day')} so far, {_ENOUGH_DAYS - days} to go" if days else "the first day is not over yet"


def add_rungs(layout: QVBoxLayout, near: QWidget, content: DeskContent, now: datetime) -> None:
    """Add the three conditions, each with its tick, its cross, or a dot where only trying can tell."""
    layout.addWidget(label("What is good to have before anything is approved:", "muted"))
    for holds, words in rungs(content, now):
        layout.addLayout(row(_mark(holds, near), label(words, is_wrapped=True)))


def _mark(holds: bool | None, near: QWidget) -> QWidget:  # noqa: FBT001 - one of three answers
    shape = {True: Shape.TICK, False: Shape.CROSS, None: Shape.DOT}[holds]
    tone = {True: Tone.GOOD, False: Tone.DANGER, None: Tone.MUTED}[holds]
    mark = label("")
    mark.setFixedWidth(20)
    mark.setPixmap(shape_pixmap(shape, tones_of(near.palette()).ink(tone), 16, near.devicePixelRatioF()))
    mark.setAccessibleName(as_said({True: "holds", False: "does not hold", None: "is tried then"}[holds]))
    return mark
