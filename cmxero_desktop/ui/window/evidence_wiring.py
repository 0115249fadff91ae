"""Connect the buttons beside a row with the questions that each asks before it is done."""

from collections.abc import Callable
from datetime import datetime

from cmxero_desktop.ui.evidence.pane import EvidencePane
from cmxero_desktop.ui.sheets.flows import Flows
from cmxero_desktop.ui.window.actions import WindowActions


def connect_evidence(evidence: EvidencePane, flows: Flows, wishes: WindowActions, now: Callable[[], datetime]) -> None:
    """Let each button of the pane ask its question."""
    evidence.approve_asked.connect(flows.approve_one)
    evidence.hold_asked.connect(lambda stored: flows.hold([stored], now().astimezone().date()))
    evidence.reject_asked.connect(flows.reject)
    evidence.reopen_asked.connect(lambda stored: flows.reopen([stored]))
    evidence.link_asked.connect(flows.link)
    evidence.say_asked.connect(flows.say)
    evidence.number_asked.connect(wishes.ask_which_invoice)
