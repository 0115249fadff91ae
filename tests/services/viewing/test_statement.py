"""The tie-out to be signed, and the trail for an auditor, say what the window says."""

import json
from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.records.runs import Cursors
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.statement import newest_hash, statement_of, trail_of
from tests.ui.views import firm_view


def test_the_statement_leads_from_one_side_to_the_other_and_ends_with_the_hash_and_a_signature() -> None:
    view = firm_view()
    lines = statement_of(view)
    figures = {line[:48].strip(): line[48:].split() for line in lines}
    assert figures["Payments in Xero"] == ["51", "45,124.00"]
    assert figures["Only in Xero"] == ["-7", "-3,865.00"]
    assert figures["Payments in Case Manager"] == ["49", "44,539.00"]
    assert figures["Difference not explained"] == ["0.00"]
    assert newest_hash(view) in lines
    by_payer = lines[lines.index("The same by Bill To".ljust(48) + "  Payments              Amount") + 1 :]
    payers = {line[:48].strip(): line[48:].split() for line in by_payer[: by_payer.index("")]}
    assert payers["WorkSafe Victoria"] == ["2", "+1,520.00"]
    # What the payers come to is what leads from one side to the other.
    assert payers["Together"] == ["16", "-585.00"]
    assert "Signature" in lines[-4]
    assert lines[-1].split()[-1].strip("_") == ""


def test_before_a_check_there_is_nothing_to_state_and_without_entries_no_hash() -> None:
    with pytest.raises(DeskError, match="Nothing was compared yet"):
        statement_of(DeskView(state=firm_view().state))
    view = replace(firm_view(), history=())
    view = replace(view, state=replace(view.state, cursors=Cursors()))
    lines = statement_of(view)
    assert "none" in lines
    assert lines[2].endswith("Xero as of not known.")
    assert newest_hash(view) == ""


def test_where_both_sides_have_the_same_nothing_is_told_by_payer() -> None:
    view = replace(firm_view(), unmatched=(), skipped=())
    assert not [line for line in statement_of(view) if line.startswith("The same by Bill To")]


def test_the_trail_has_every_entry_oldest_first_with_before_and_after() -> None:
    view = firm_view()
    rows = [json.loads(line) for line in trail_of(view)]
    assert [row["entry"] for row in rows] == sorted(entry.sequence for entry in view.history)
    assert rows[-1]["hash"] == newest_hash(view)
    applied = next(row for row in rows if row["what"] == "applied")
    assert (applied["before"], applied["after"]["amount"], applied["by"]) == (None, "90.00", "J. Wu")
