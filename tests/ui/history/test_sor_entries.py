"""What was said of an SOR schedule stands in History's row, and in its sentence."""

from datetime import UTC, datetime

import pytest

from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.ui.history.columns import after, history_sentence


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ({"explanation": "SOR-7: cancelled", "schedule": "SOR-7", "state": "cancelled"}, "SOR-7: cancelled"),
        ({"schedule": "SOR-7", "state": "active"}, "SOR-7: active"),
        ({}, ""),
    ],
)
def test_a_row_says_what_was_said(evidence: dict[str, str], said: str) -> None:
    at = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
    event = AuditEvent(at=at, by="Ann", what=AuditWhat.SOR, reason="Apxium's mail", rule=Rule.S1, evidence=evidence)
    entry = AuditEntry(sequence=1, event=event, previous_hash="", entry_hash="")
    assert after(entry) == said
    assert history_sentence(entry).endswith(f"{said}. Apxium's mail" if said else "SOR schedule. Apxium's mail")
