"""What belongs together is remembered until it ends, and what has ended is never used again."""

from dataclasses import replace
from datetime import UTC, date, datetime

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import (
    AcceptedSet,
    EndedPair,
    Explained,
    Explanation,
    Member,
    NumberSaid,
    PairedHow,
    RememberedPair,
)
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.ports.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE_PM = datetime(2026, 11, 22, 13, tzinfo=UTC)
NOV_1 = date(2026, 11, 1)
SEVEN, WORD_SEVEN = CasePaymentId(7), CasePaymentId("7")
PAIR = RememberedPair(
    xero_id=XeroPaymentId("P1-ABC"),
    case_id=SEVEN,
    invoice_number="CM-100",
    amount=Money.of("400", "AUD"),
    paid_on=NOV_1,
    how=PairedHow.EQUAL,
    since=NOON,
)
OTHER = replace(PAIR, case_id=WORD_SEVEN, since=None, how=PairedHow.NAMED, is_baseline=True)
SET = AcceptedSet(
    members=(
        Member(amount=Money.of("400", "AUD"), paid_on=NOV_1, xero_id=XeroPaymentId("P1")),
        Member(amount=Money.of("400", "AUD"), paid_on=NOV_1, case_id=SEVEN),
    ),
    by="Ann",
)
OTHER_MONEY = Explanation(case_id=SEVEN, what=Explained.OTHER, amount=Money.of("400", "AUD"), paid_on=NOV_1, by="Ann")


def test_pairs_are_remembered_with_their_values(store: Store) -> None:
    with store.begin() as unit:
        unit.memory.keep([])
        unit.memory.keep([PAIR, OTHER])
        unit.commit()
    with store.read() as unit:
        assert unit.memory.pairs() == (PAIR, OTHER)


def test_a_pair_that_is_found_again_takes_the_new_values_and_keeps_its_place(store: Store) -> None:
    moved = replace(PAIR, xero_id=XeroPaymentId("p1-abc"), amount=Money.of("450", "AUD"), invoice_number="CM-200")
    with store.begin() as unit:
        unit.memory.keep([PAIR, OTHER])
        unit.memory.keep([moved])
        assert unit.memory.pairs() == (moved, OTHER)


def test_a_pair_that_ended_is_not_used_again_and_may_be_found_anew(store: Store) -> None:
    with store.begin() as unit:
        unit.memory.keep([PAIR, OTHER])
        unit.memory.end([PAIR], NOON, "The key is gone.")
        unit.memory.end([], NOON, "")
        assert unit.memory.pairs() == (OTHER,)
        unit.memory.keep([PAIR])
        assert set(unit.memory.pairs()) == {OTHER, PAIR}
        unit.memory.end([PAIR], ONE_PM, "Once more.")
        assert unit.memory.pairs() == (OTHER,)
        unit.commit()
    with store.read() as unit:
        assert unit.memory.ended() == (
            EndedPair(pair=PAIR, at=NOON, why="The key is gone."),
            EndedPair(pair=PAIR, at=ONE_PM, why="Once more."),
        )


def test_what_was_parted_stays_parted(store: Store) -> None:
    with store.begin() as unit:
        unit.memory.part(PAIR.xero_id, SEVEN)
        unit.memory.part(XeroPaymentId("p1-abc"), SEVEN)
        assert unit.memory.apart() == {(XeroPaymentId("p1-abc"), SEVEN)}


def test_an_accepted_set_stands_until_it_is_reopened(store: Store) -> None:
    other = replace(SET, members=SET.members[1:])
    with store.begin() as unit:
        unit.memory.accept("100", SET)
        unit.memory.accept("200", other)
        unit.memory.accept("100", SET)
        assert unit.memory.accepted() == {"100": (SET,), "200": (other,)}
        unit.memory.reopen(SET)
        unit.memory.reopen(SET)
        assert unit.memory.accepted() == {"200": (other,)}
        unit.memory.accept("100", SET)
        assert unit.memory.accepted() == {"100": (SET,), "200": (other,)}


def test_the_last_word_about_a_payment_counts(store: Store) -> None:
    corrected = replace(OTHER_MONEY, what=Explained.TO_CORRECT)
    with store.begin() as unit:
        unit.memory.forget_explanation(SEVEN)
        unit.memory.explain("CM-100", OTHER_MONEY)
        unit.memory.explain("CM-100", corrected)
        unit.memory.explain("CM-100", replace(OTHER_MONEY, case_id=WORD_SEVEN))
        assert unit.memory.explained() == {"CM-100": (corrected, replace(OTHER_MONEY, case_id=WORD_SEVEN))}
        unit.memory.forget_explanation(SEVEN)
        assert unit.memory.explained() == {"CM-100": (replace(OTHER_MONEY, case_id=WORD_SEVEN),)}


def test_r1_which_invoice_one_is_holds_until_it_is_said_otherwise(store: Store) -> None:
    one = NumberSaid(xero_invoice_id=XeroInvoiceId("I-1"), shown="CM-101", number="100", by="Ann", reason="a label")
    other, later = replace(one, xero_invoice_id=XeroInvoiceId("I-2"), shown=""), replace(one, number="101", by="Ben")
    with store.begin() as unit:
        unit.memory.say_number(one)
        unit.memory.say_number(other)
        unit.memory.say_number(later)
        unit.commit()
    with store.read() as unit:
        assert unit.memory.numbers_said() == {"I-1": later, "I-2": other}


def test_what_the_first_comparison_paired_is_known_also_after_its_end(store: Store) -> None:
    first = replace(PAIR, is_baseline=True)
    second = replace(PAIR, xero_id=XeroPaymentId("P2"), is_baseline=True)
    later = replace(PAIR, xero_id=XeroPaymentId("P3"))
    with store.begin() as unit:
        unit.memory.keep([first, second, later])
        unit.memory.end([second], ONE_PM, "gone")
        unit.commit()
    with store.read() as unit:
        assert unit.memory.baseline() == {"p1-abc", "p2"}
