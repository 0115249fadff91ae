"""Open the very rows that a step of the transition is about, or the sheet in which it is mended."""

from collections.abc import Callable, Mapping

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.transition_steps import Hurdle, Step
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.theme.words import KIND_WORD
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.window.actions import WindowActions
from cmxero_desktop.ui.window.header import Header
from cmxero_desktop.ui.window.pages import Pages

_ALERTS: Mapping[Hurdle, frozenset[AlertKind]] = {
    Hurdle.OTHER_WRITER: frozenset({AlertKind.OTHER_WRITER, AlertKind.QUICK_COPIES}),
    Hurdle.TOTALS: frozenset({AlertKind.TOTALS}),
    Hurdle.ACCOUNTS: frozenset({AlertKind.ACCOUNT}),
}


class StepShower:
    """Knows where in one window each step is seen."""

    def __init__(self, wishes: WindowActions, pages: Pages, header: Header, desk: WindowDesk, flows: Flows) -> None:
        """Keep the parts."""
        self._wishes, self._pages, self._header = wishes, pages, header
        self._desk, self._flows = desk, flows
        self._ways: Mapping[Hurdle, Callable[[Step], object]] = {
            Hurdle.MODE: lambda _: wishes.change_mode(),
            Hurdle.CHECKS: lambda _: pages.setCurrentWidget(pages.health),
            Hurdle.WHOLE: lambda _: flows.writing.tie_out(desk.content),
            Hurdle.SKIPPED: self._show_skipped,
            Hurdle.OLD_LEFTOVERS: self._show_leftovers,
            Hurdle.NEW_LEFTOVERS: self._show_leftovers,
            Hurdle.WAITING: self._show_waiting,
            Hurdle.ADDED: self._show_additions,
            **dict.fromkeys(_ALERTS, self._show_alert),
        }

    def show(self, step: Step) -> None:
        """Open what a step is about."""
        self._ways[step.hurdle](step)

    def _show_alert(self, step: Step) -> None:
        alerts: tuple[Alert, ...] = self._desk.content.view.alerts if self._desk.content is not None else ()
        found = next((alert for alert in alerts if alert.kind in _ALERTS[step.hurdle]), None)
        if found is not None:
            self._wishes.show_alert(found)

    def _show_skipped(self, step: Step) -> None:
        self._header.clear_filters()
        self._pages.setCurrentWidget(self._pages.skipped)
        self._pages.skipped.show_named(_named(step))
        self._wishes.focus_table()

    def _show_leftovers(self, step: Step) -> None:
        self._header.clear_filters()
        self._pages.setCurrentWidget(self._pages.unmatched)
        self._pages.unmatched.show_named(_named(step))
        self._wishes.focus_table()

    def _show_waiting(self, step: Step) -> None:
        review = self._pages.review
        self._header.clear_filters()
        self._pages.setCurrentWidget(review)
        review.view_box.setCurrentText("All")
        review.clear_filters()
        review.model.set_named(_named(step))
        self._wishes.focus_table()

    def _show_additions(self, step: Step) -> None:
        """Show what could be added where nothing was yet, else what was."""
        if step.is_clear:
            self._pages.show_applied()
            return
        review = self._pages.review
        self._header.clear_filters()
        self._pages.setCurrentWidget(review)
        review.view_box.setCurrentText("To approve")
        review.clear_filters()
        review.kind_box.setCurrentText(KIND_WORD[ProposalKind.ADD])
        self._wishes.focus_table()


def _named(step: Step) -> TheseRows:
    return TheseRows(frozenset(step.rows), f"what stands in the way: {step.title[0].lower()}{step.title[1:]}")
