"""Whoever noted the code of a plan before it was written finds exactly those rows in History again."""

import re
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel

from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from tests.ui.morning import desk_of, edited_in_xero, lay_out, new_payment
from tests.ui.person import Person, seated


def noted_code(person: Person) -> str:
    """Open the sheet before writing, and note its code."""
    person.press("Ctrl+Shift+Return")
    sheet = person.sheet()
    assert sheet is not None
    texts = " ".join(label.text() for label in sheet.findChildren(QLabel))
    (code,) = re.findall(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b", texts)
    person.press("Esc")
    return str(code)


def test_the_code_of_a_plan_finds_its_batch_and_no_other(tmp_path: Path) -> None:
    morning = lay_out(((3, new_payment), (2, edited_in_xero)), quiet=3)
    with desk_of(morning, tmp_path) as (desk, _), seated(desk, is_patient=True) as person:
        codes: list[str] = []
        batches: list[set[str]] = []
        for _ in range(2):
            person.press("Ctrl+G")
            codes.append(noted_code(person))
            person.apply()
            applied = [e.event for e in desk.run(ReadView()).history if e.event.what is AuditWhat.APPLIED]
            batches.append({event.invoice_number for event in applied} - set().union(*batches))
        assert len(set(codes)) == 2
        history = person.window.history
        for code, numbers in zip(codes, batches, strict=True):
            person.press("Ctrl+7")
            person.window.header.search.setText(code)
            QApplication.processEvents()
            person.wait()
            found = history.model.shown_rows()
            assert {entry.event.invoice_number for entry in found} == numbers
            assert {entry.event.what for entry in found} == {AuditWhat.APPLIED}
