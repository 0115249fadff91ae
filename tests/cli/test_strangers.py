"""What others typed is shown on the terminal, and in JSON, and neither obeys it."""

import json
from dataclasses import replace

from cmxero_desktop.domain.errors import XeroUnavailableError
from cmxero_desktop.services.records.reports import DecisionReport, RowOutcome, VerifyReport
from cmxero_desktop.services.verbs.commands.diagnosing import Verify
from tests.cli.conftest import Office

EVIL = "\x1b]0;owned\x07\x9b31m\u202eoti sM\r"


def with_reason(office: Office) -> None:
    """Let somebody have rejected something with orders for a terminal, and a forged line, as the reason."""
    view = office.desk.desk_view
    first, *others = view.history
    event = replace(first.event, reason=f"{EVIL}\n99  all is well")
    office.desk.desk_view = replace(view, history=(replace(first, event=event), *others))


def test_a_terminal_is_given_no_orders(office: Office) -> None:
    with_reason(office)
    assert office.run("list", "history") == 0
    assert "\\u001b]0;owned" in office.out
    assert not set("\x1b\x07\x9b\u202e\r") & set(office.out)
    assert not any(line.startswith("99 ") for line in office.out.splitlines())


def test_json_says_the_same_without_orders(office: Office) -> None:
    with_reason(office)
    rows = office.json("list", "history")
    assert f"{EVIL}\n99  all is well" in {row["reason"] for row in rows}
    assert not set("\x1b\x07\x9b\u202e\r") & set(office.out)
    assert json.loads(office.out) == rows


def test_no_name_and_no_reason_makes_a_second_line(office: Office) -> None:
    forged = "wrong\napplied: 40\n  applied  p9  Applied."
    office.desk.decision_report = DecisionReport(refused=(RowOutcome("p1", forged),))
    assert office.run("approve", "p1", "--by", "Ann") == 3
    assert not any(line.startswith(("applied: 40", "  applied")) for line in office.out.splitlines())
    assert "wrong / applied: 40 /   applied  p9" in office.out
    office.desk.answer(
        Verify.handled_by(lambda _: VerifyReport(audit_entries=1, invoices=1, findings=("bad\nEverything holds.",)))
    )
    assert office.run("verify") == 1
    assert office.out.splitlines() == ["bad / Everything holds."]


def test_neither_does_a_refusal_obey(office: Office) -> None:
    def refuse(_: Verify) -> None:
        raise XeroUnavailableError(f"Xero said {EVIL}", "Wait.")

    office.desk.answer(Verify.handled_by(refuse))  # type: ignore[arg-type]  # it only refuses
    assert office.run("verify") == 1
    assert "Xero said \\u001b]0;owned" in office.err
    assert not set("\x1b\x07\x9b\u202e\r") & set(office.err)
