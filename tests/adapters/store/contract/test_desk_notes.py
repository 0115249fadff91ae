"""What was noted stands until it is ended, with all that it says, and marks its invoice as shown anew."""

from dataclasses import replace
from datetime import UTC, date, datetime

from cmxero_desktop.domain.desk_notes import DeskNote, NotedCopy
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.ports.store import Store

NOTE = DeskNote(
    invoice_number="CM-100",
    xero_ids=(XeroPaymentId("p1"), XeroPaymentId("p2")),
    copies=(
        NotedCopy(case_id=CasePaymentId(7), amount=Money.of("400", "AUD"), paid_on=date(2026, 11, 1)),
        NotedCopy(case_id=CasePaymentId("7")),
    ),
    text="Asked; it's \u201cWorkSafe\u201d \U0001f600\nand a second line",
    owner="Kim",
    follow_up=date(2026, 12, 3),
    by="Ann",
    at=datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC),
)
PLAIN = DeskNote(invoice_number="CM-200", xero_ids=(XeroPaymentId("p9"),), text="?", by="Ben", at=NOTE.at)


def shown_since(store: Store, generation: int) -> frozenset[str]:
    with store.read() as unit:
        touched = unit.touches.since(generation)
    assert not touched.is_anything
    return touched.shown


def test_a_note_is_kept_whole_and_in_its_order(store: Store) -> None:
    with store.begin() as unit:
        assert unit.notes.standing() == ()
        unit.notes.keep(NOTE)
        unit.notes.keep(PLAIN)
        unit.commit()
    with store.read() as unit:
        assert unit.notes.standing() == (NOTE, PLAIN)
        places = [note.place for note in unit.notes.standing()]
    assert places == sorted(set(places))
    assert 0 not in places


def test_what_is_not_committed_was_never_noted(store: Store) -> None:
    with store.begin() as unit:
        unit.notes.keep(NOTE)
    with store.read() as unit:
        assert unit.notes.standing() == ()


def test_a_note_that_is_renewed_keeps_its_place_and_one_that_ended_is_gone(store: Store) -> None:
    with store.begin() as unit:
        unit.notes.keep(NOTE)
        unit.notes.keep(PLAIN)
        first, second = unit.notes.standing()
        unit.commit()
    with store.begin() as unit:
        unit.notes.renew(replace(first, owner="", follow_up=None))
        unit.notes.end([second])
        unit.commit()
    with store.begin() as unit:
        (left,) = unit.notes.standing()
        assert (left, left.place) == (replace(NOTE, owner="", follow_up=None), first.place)
        unit.notes.end([second, left])
        assert unit.notes.standing() == ()
        unit.notes.keep(NOTE)
        (again,) = unit.notes.standing()
        assert again.place not in {first.place, second.place}


def test_each_step_says_that_its_invoice_is_shown_anew_and_nothing_is_compared_again(store: Store) -> None:
    with store.begin() as unit:
        unit.notes.keep(NOTE)
        unit.commit()
    assert shown_since(store, 0) == {"CM-100"}
    with store.begin() as unit:
        before = unit.touches.generation()
        (kept,) = unit.notes.standing()
        unit.notes.renew(replace(kept, invoice_number="CM-300"))
        unit.commit()
    assert shown_since(store, before) == {"CM-100", "CM-300"}
    with store.begin() as unit:
        before = unit.touches.generation()
        unit.notes.end(unit.notes.standing())
        unit.commit()
    assert shown_since(store, before) == {"CM-300"}
