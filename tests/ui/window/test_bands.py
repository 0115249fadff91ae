"""However many warnings stand, and whichever came first: the gravest is in sight, and every one of them in the bell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QApplication, QPushButton

from cmxero_desktop.services.records.alerts import Alert, AlertKind, by_urgency
from cmxero_desktop.ui.sheets.bell_sheet import BellSheet
from cmxero_desktop.ui.window.bands import Bands
from tests.ui.conftest import MakeStage
from tests.ui.views import NOW, account_alert, firm_view


def warned(kind: AlertKind, number: int = 0) -> Alert:
    """Return a warning; those with higher numbers came later."""
    at = NOW - timedelta(days=9) + timedelta(hours=number)
    said = f"{kind.value} {number} is so."
    return replace(
        account_alert(), key=f"{kind} {number}", kind=kind, account=None, explanation=said, next_step="", raised_at=at
    )


def texts(bands: Bands) -> list[str]:
    return [band.text for band in bands.bands]


def shown(make_stage: MakeStage, alerts: Sequence[Alert]) -> list[str]:
    """Return what stands in the bands of a window."""
    window = make_stage(replace(firm_view(), alerts=tuple(alerts))).window
    return texts(window.bands)


def test_what_came_first_does_not_hide_what_is_graver(make_stage: MakeStage) -> None:
    """Invoices that only look like others came first; later money was held, an invoice voided, the sign-in ended."""
    alike = [warned(AlertKind.LOOKS_LIKE_CM, at) for at in range(4)]
    grave = [warned(kind, 10) for kind in (AlertKind.VOIDED, AlertKind.REMOVAL_LIMIT, AlertKind.SIGN_IN)]
    said = shown(make_stage, [*alike, *grave])
    assert said[:3] == ["sign_in 10 is so.", "removal_limit 10 is so.", "voided 10 is so."]
    assert said[3] == "4 more warnings are in the bell (F8)."
    assert len(said) == 4


def test_warnings_of_one_kind_take_one_band_which_says_how_many_there_are(make_stage: MakeStage) -> None:
    alike = [warned(AlertKind.LOOKS_LIKE_CM, at) for at in range(3)]
    said = shown(make_stage, [*alike, warned(AlertKind.VOIDED)])
    assert said == ["voided 0 is so.", "looks_like_cm 0 is so. 2 more like it: see the bell (F8)."]


def test_what_no_band_has_room_for_is_in_the_bell(make_stage: MakeStage) -> None:
    stage = make_stage(replace(firm_view(), alerts=tuple(warned(kind) for kind in AlertKind)))
    last = stage.window.bands.bands[-1]
    assert "more warnings are in the bell" in last.text
    show = last.findChild(QPushButton)
    assert show is not None
    show.click()
    QApplication.processEvents()
    sheet = stage.sheet()
    assert isinstance(sheet, BellSheet)
    listed = {item.title for item in stage.window.bell.items}
    assert {f"{kind.value} 0 is so." for kind in AlertKind} <= listed


def test_what_makes_all_else_doubtful_comes_before_money_and_money_before_what_can_wait() -> None:
    every = by_urgency(warned(kind) for kind in reversed(AlertKind))
    order = [alert.kind for alert in every]
    doubtful, money, later = AlertKind.OTHER_BOOKS, AlertKind.REMOVAL_LIMIT, AlertKind.MAIL
    assert order.index(doubtful) < order.index(money) < order.index(later) < order.index(AlertKind.LOOKS_LIKE_CM)
    assert set(order) == set(AlertKind)


def test_what_has_a_key_of_its_own_everywhere_shows_no_other_one(make_stage: MakeStage) -> None:
    """The band says F5, which checks Xero from anywhere; a second key beside it would be taken for another thing."""
    stage = make_stage(replace(firm_view(), alerts=(warned(AlertKind.VOIDED),)))
    stage.window.bands.show_unchecked("Nothing was checked for two hours. Check now (F5).")
    QApplication.processEvents()
    unchecked, other = stage.window.bands.bands
    assert "F7" not in unchecked.button.text()
    assert unchecked.button.shortcut().isEmpty()
    stage.window.bands.show_unchecked("")
    (other,) = stage.window.bands.bands
    assert other.button.shortcut().toString() == "F7"
