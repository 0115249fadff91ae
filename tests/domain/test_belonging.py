"""Which database is the one that records belong to (R35), whatever became of it or was put in its place."""

from collections.abc import Collection, Mapping

import pytest

from cmxero_desktop.domain.belonging import (
    Belonging,
    DatabasePlace,
    KnownDatabase,
    NumberedInvoice,
    are_still_there,
    belonging_of,
    belonging_words,
)
from cmxero_desktop.domain.identifiers import CaseInvoiceId

HERE = DatabasePlace(name="cm on SRV02", mark="here")
THERE = DatabasePlace(name="cm on SRV03", mark="there")


def invoices(count: int, first: int = 1, prefix: str = "") -> tuple[NumberedInvoice, ...]:
    return tuple(NumberedInvoice(CaseInvoiceId(key), f"{prefix}{10_000 + key}") for key in range(first, first + count))


class Firm:
    """A database by its invoices."""

    def __init__(self, *present: NumberedInvoice) -> None:
        self.numbers = {invoice.invoice_id: invoice.number for invoice in present}

    def __call__(self, keys: Collection[CaseInvoiceId]) -> Mapping[CaseInvoiceId, str]:
        return {key: number for key, number in self.numbers.items() if key in keys}


def judge(
    firm: Firm,
    place: DatabasePlace = HERE,
    oldest: tuple[NumberedInvoice, ...] = invoices(50),
    recorded: tuple[NumberedInvoice, ...] = (),
) -> Belonging:
    return belonging_of(KnownDatabase(place=HERE, oldest=oldest), lambda: recorded, place, firm)


def test_the_same_database_goes_on_however_much_was_added_to_it() -> None:
    assert judge(Firm(*invoices(900))) is Belonging.SAME


def test_a_copy_may_be_the_database_after_a_move() -> None:
    assert judge(Firm(*invoices(50)), THERE) is Belonging.MOVED
    assert Belonging.MOVED.may_be_adopted


@pytest.mark.parametrize("place", [HERE, THERE], ids=["put in its place", "elsewhere"])
@pytest.mark.parametrize("firm", [Firm(), Firm(*invoices(900, prefix="A-"))], ids=["empty", "another firm's"])
def test_other_invoices_are_another_database_wherever_it_is(firm: Firm, place: DatabasePlace) -> None:
    assert judge(firm, place, recorded=invoices(20, first=30)) is Belonging.OTHER
    assert not Belonging.OTHER.may_be_adopted


def test_nine_in_ten_of_the_oldest_must_agree() -> None:
    assert judge(Firm(*invoices(45, first=6))) is Belonging.SAME
    assert judge(Firm(*invoices(44, first=7))) is Belonging.OTHER
    renumbered = (*invoices(6, prefix="A-"), *invoices(44, first=7))
    assert judge(Firm(*renumbered), THERE) is Belonging.OTHER


def test_what_was_cleared_out_may_be_said_where_the_records_invoices_are_there() -> None:
    cleared = Firm(*invoices(200, first=51))
    recorded = invoices(40, first=100)
    assert judge(cleared, recorded=recorded) is Belonging.THINNED
    assert Belonging.THINNED.may_be_adopted
    assert judge(cleared, THERE, recorded=recorded) is Belonging.OTHER
    assert judge(cleared, recorded=()) is Belonging.OTHER


@pytest.mark.parametrize(
    ("count", "gone", "is_same"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (2, 2, False), (9, 1, True), (9, 2, False), (10, 1, True)],
)
def test_of_a_handful_one_may_have_gone(count: int, gone: int, is_same: bool) -> None:  # noqa: FBT001 - a table's row
    assert are_still_there(invoices(count), Firm(*invoices(count - gone, first=1 + gone))) is is_same


def test_nothing_belongs_to_anything_before_the_first_comparison() -> None:
    unknown = KnownDatabase()
    assert belonging_of(unknown, tuple, THERE, Firm(*invoices(3))) is Belonging.SAME
    assert belonging_of(unknown, tuple, THERE, Firm()) is Belonging.SAME


def test_an_older_store_is_told_by_the_invoices_that_it_speaks_of() -> None:
    unknown, recorded = KnownDatabase(), invoices(30, first=100)
    assert belonging_of(unknown, lambda: recorded, THERE, Firm(*invoices(200))) is Belonging.SAME
    assert belonging_of(unknown, lambda: recorded, THERE, Firm(*invoices(200, prefix="A-"))) is Belonging.OTHER


def test_a_database_that_was_empty_is_told_by_what_it_had_since() -> None:
    assert judge(Firm(*invoices(3)), oldest=(), recorded=invoices(3)) is Belonging.SAME
    assert judge(Firm(*invoices(3, prefix="A-")), oldest=(), recorded=invoices(3)) is Belonging.OTHER


@pytest.mark.parametrize("belonging", [Belonging.MOVED, Belonging.OTHER])
def test_both_databases_are_named_and_what_to_do(belonging: Belonging) -> None:
    words = belonging_words(belonging, HERE.name, THERE.name)
    assert HERE.name in words.reason
    assert THERE.name in words.reason
    assert ("adopt-database" in words.remedy) is belonging.may_be_adopted
    assert "old address" in words.remedy


def test_a_database_of_the_same_name_is_not_called_by_the_same_name() -> None:
    words = belonging_words(Belonging.OTHER, HERE.name, HERE.name)
    assert "another database of the same name" in words.reason
    assert words.reason.count(HERE.name) == 1
    assert "home folder of its own" in words.remedy


def test_a_thinned_database_may_be_another_in_its_place() -> None:
    words = belonging_words(Belonging.THINNED, HERE.name, HERE.name)
    assert HERE.name in words.reason
    assert "adopt-database" in words.remedy
    assert "another database there" in words.remedy
