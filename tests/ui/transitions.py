"""A believable transition: thirteen weeks in which less and less is typed, and what still stands in the way."""

from datetime import timedelta

from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.transition import WEEKS_SHOWN, Transition, TypedPayment, Week, monday_of
from cmxero_desktop.domain.transition_steps import Hurdle, Step
from cmxero_desktop.services.viewing.desk_view import DeskView
from tests.ui.views import TODAY, aud, firm_view

_TYPED = (24, 27, 22, 30, 26, 25, 21, 12, 9, 6, 4, 3, 2)
_ADDED = (0, 0, 0, 0, 0, 0, 2, 11, 17, 20, 19, 24, 9)


def rows_of(view: DeskView) -> dict[Hurdle, tuple[str, ...]]:
    """Return rows of a view that may stand in the way."""
    return {
        Hurdle.SKIPPED: tuple(row.row_id for row in view.skipped[:2]),
        Hurdle.NEW_LEFTOVERS: tuple(row.row_id for row in view.unmatched_on(Side.CASE_MANAGER) if row.proposal is None)[
            :2
        ],
        Hurdle.WAITING: tuple(row.row_id for row in view.review[:3]),
    }


def transition(*, in_the_way: tuple[Hurdle, ...] = (Hurdle.CHECKS, Hurdle.ACCOUNTS)) -> Transition:
    last = monday_of(TODAY)
    weeks = tuple(
        Week(
            begins_on=last - timedelta(weeks=WEEKS_SHOWN - 1 - place),
            typed=typed,
            by_itself=typed - typed // 8,
            added=_ADDED[place],
            doubles=typed // 9,
            misses=_ADDED[place] // 6,
            journalled=18 if place % 4 == 3 else 0,
        )
        for place, typed in enumerate(_TYPED)
    )
    rows = rows_of(firm_view())
    if Hurdle.ACCOUNTS in in_the_way:
        rows[Hurdle.ACCOUNTS] = ("account-200",)
    steps = tuple(
        Step(hurdle=hurdle, is_clear=hurdle not in {*rows, *in_the_way}, rows=rows.get(hurdle, ())) for hurdle in Hurdle
    )
    return Transition(weeks=weeks, typed=tuple(_typed(weeks[-3:])), steps=steps)


def _typed(weeks: tuple[Week, ...]) -> list[TypedPayment]:
    names = ("R. Patel", "R. Patel", "J. Wu", "")
    return [
        TypedPayment(
            row_id=f"c-{900 + 10 * place + number}",
            invoice_number=f"CM-{10300 + 10 * place + number}",
            bill_to=("Acme Insurance", "TAC", "icare NSW")[number % 3],
            paid_on=week.begins_on + timedelta(days=number % 5),
            amount=aud(f"{120 + 37 * number}.00"),
            week=week.begins_on,
            entered_by=names[number % len(names)],
            bucket=Bucket.UNMATCHED if number == 1 else Bucket.MATCHED,
            is_by_itself=number != 1,
        )
        for place, week in enumerate(weeks)
        for number in range(week.typed)
    ]
