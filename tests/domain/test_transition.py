"""What counts as typed, as matched by itself, and in which week; and who still types."""

from datetime import date, timedelta

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.transition import (
    Addition,
    Deeds,
    Sightings,
    Transition,
    TypedPayment,
    Typist,
    Week,
    monday_of,
    typed_payments,
    weeks_until,
)
from cmxero_desktop.domain.transition_steps import HURDLE_WORDS, Hurdle, Step
from tests.domain.support import NOV_1, POLICY, TODAY, aud, case, nov, snapshot, xero

MONDAY = date(2026, 11, 16)
SOME = (CasePaymentId(1), CasePaymentId(2))


def typed(*cases: object, sightings: Sightings | None = None, deeds: Deeds | None = None) -> list[TypedPayment]:
    """Judge one invoice on which Xero has two payments, of 400 and 50."""
    snap = snapshot([xero(), xero("P2", "50", nov(20))], cases)  # type: ignore[arg-type]  # payments of every kind
    judged = [(snap, judge([snap], POLICY, TODAY).correlations[snap.number])]
    found = typed_payments(judged, sightings or Sightings(), deeds or Deeds(), "Imported from Xero", TODAY)
    return sorted(found, key=lambda one: one.row_id)


def test_what_a_person_typed_and_xero_has_matched_by_itself_in_the_week_of_its_date() -> None:
    (one,) = typed(case())
    assert (one.invoice_number, one.week, one.bucket, one.is_by_itself) == (
        "CM-100",
        date(2026, 10, 26),
        Bucket.MATCHED,
        True,
    )
    assert (one.amount, one.paid_on) == (aud("400"), NOV_1)


def test_what_matches_nothing_was_typed_all_the_same() -> None:
    (one,) = typed(case(amount="399"))
    assert (one.bucket, one.is_by_itself) == (Bucket.UNMATCHED, False)


def test_what_was_copied_or_added_here_was_not_typed() -> None:
    assert typed(case(names="P1"), case(2, "50", nov(20), notes="Imported from Xero")) == []
    assert typed(case(), deeds=Deeds(added=(Addition(case_id=CasePaymentId(1), on=TODAY),))) == []


def test_what_was_typed_and_then_noted_here_was_typed() -> None:
    (one,) = typed(case(names="P1"), deeds=Deeds(noted=frozenset(SOME)))
    assert one.is_by_itself
    (mended,) = typed(case(names="P1"), deeds=Deeds(noted=frozenset(SOME), mended=frozenset(SOME)))
    assert not mended.is_by_itself


def test_a_payment_belongs_to_the_week_in_which_a_check_saw_it_first() -> None:
    met = Sightings(met={CasePaymentId(1): nov(18)}, met_with={"CM-100": nov(9)})
    assert [(one.row_id, one.week) for one in typed(case(), case(2, "7"), sightings=met)] == [
        ("c-2", nov(9)),
        ("x-P1", MONDAY),
    ]


def test_one_that_is_dated_ahead_was_typed_by_today() -> None:
    (one,) = typed(case(paid_on=date(2027, 3, 1)))
    assert one.week == monday_of(TODAY)


def test_each_week_counts_what_happened_in_it_and_an_empty_one_between_stays() -> None:
    payments = typed(case(), case(2, "50", nov(20)))
    deeds = Deeds(
        added=(
            Addition(case_id=None, on=nov(17), waited=timedelta(days=2)),
            Addition(case_id=None, on=nov(22), waited=timedelta(days=1)),
        ),
        doubles=(nov(16), nov(15)),
    )
    weeks = weeks_until(TODAY, payments, Sightings(locked={CasePaymentId(9): nov(21)}), deeds)
    assert weeks == (
        Week(begins_on=date(2026, 10, 26), typed=1, by_itself=1),
        Week(begins_on=nov(2)),
        Week(begins_on=nov(9), doubles=1),
        Week(begins_on=MONDAY, typed=1, by_itself=1, doubles=1, misses=1, added=2, journalled=1),
    )


def test_where_nothing_happened_there_is_this_week_alone_and_never_more_than_a_quarter() -> None:
    assert weeks_until(TODAY, (), Sightings(), Deeds()) == (Week(begins_on=MONDAY),)
    old = Deeds(doubles=(TODAY - timedelta(weeks=12), TODAY - timedelta(weeks=13)))
    weeks = weeks_until(TODAY, (), Sightings(), old)
    assert (len(weeks), sum(week.doubles for week in weeks)) == (13, 1)


def by(name: str, week: date) -> TypedPayment:
    return TypedPayment(
        row_id="c-1", invoice_number="CM-1", bill_to="", paid_on=week, amount=aud("1"), week=week, entered_by=name
    )


def test_who_typed_lately_comes_by_how_much_they_typed() -> None:
    weeks = tuple(Week(begins_on=MONDAY - timedelta(weeks=back)) for back in range(5, -1, -1))
    long_ago = MONDAY - timedelta(weeks=4)
    found = Transition(weeks=weeks, typed=(by("Ann", nov(9)), by("Bo", nov(2)), by("Bo", MONDAY), by("Cy", long_ago)))
    assert found.typists == (
        Typist(name="Bo", payments=2, last_week=MONDAY),
        Typist(name="Ann", payments=1, last_week=nov(9)),
    )
    assert [one.entered_by for one in found.typed_in(MONDAY)] == ["Bo"]


def test_double_entry_can_stop_when_nothing_stands_in_the_way() -> None:
    assert Transition().sentence == "Nothing was compared yet."
    clear = Step(hurdle=Hurdle.MODE, is_clear=True)
    assert Transition(steps=(clear,)).sentence == "Nothing stands in the way: double entry can stop."
    waiting = Step(hurdle=Hurdle.WAITING, is_clear=False, rows=("p-1", "p-2"))
    found = Transition(steps=(clear, waiting))
    assert found.sentence == "Double entry can stop when 1 more of these 2 hold."
    assert found.in_the_way == (waiting,)
    assert (clear.sentence, waiting.sentence) == ("", "Wait in Review for more than a week: 2.")
    assert waiting.title == "No change waits for you for more than a week"


def test_every_hurdle_has_its_words() -> None:
    assert set(HURDLE_WORDS) == set(Hurdle)
