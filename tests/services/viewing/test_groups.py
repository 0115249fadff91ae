"""The lines of a multi-invoice payment are found on whichever page they stand."""

from dataclasses import replace
from decimal import Decimal

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.services.viewing.desk_view import DeskView, GroupPart, PaymentRow
from cmxero_desktop.services.viewing.groups import group_words, parts_of, with_parts
from tests.ui.views import firm_view


def in_group(row: PaymentRow, group: str = "8") -> PaymentRow:
    copy = row.placement.case
    assert copy is not None
    return replace(row, placement=replace(row.placement, case=replace(copy, is_multi_invoice=True, group=group)))


def grouped() -> DeskView:
    """Return the firm with a group of three lines: one is skipped, two are matched."""
    view = firm_view()
    names = [row.placement.invoice_number for row in view.skipped]
    skipped = [in_group(r) if r.placement.invoice_number == "CM-10111" else r for r in view.skipped]
    assert "CM-10111" in names
    matched = (*(in_group(row) for row in view.matched[-2:]), *view.matched[:-2])
    return replace(view, skipped=tuple(skipped), matched=matched)


def test_a_skipped_row_has_the_other_lines_of_its_group_wherever_they_stand() -> None:
    view = grouped()
    rows = {row.placement.invoice_number: row for row in with_parts(view)}
    others = [
        GroupPart(r.placement.invoice_number, r.placement.case.amount, Bucket.MATCHED)
        for r in view.matched[:2]
        if r.placement.case
    ]
    assert rows["CM-10111"].parts == tuple(sorted(others, key=str))
    assert rows["CM-10111"].parts[0].placed.endswith(" (in Matched)"), "so that a person knows where to look"
    assert rows["CM-10120"].parts == ()
    assert parts_of(rows["CM-10111"], view) == rows["CM-10111"].parts
    assert parts_of(rows["CM-10120"], view) == ()


def test_every_line_is_named_where_one_invoice_has_several_of_them() -> None:
    view = firm_view()
    (own,) = [in_group(row) for row in view.skipped if row.placement.invoice_number == "CM-10111"]
    copy = own.placement.case
    assert copy is not None
    second = line_on("CM-10111", "150.00", own)
    others = tuple(line_on("CM-10200", amount, own) for amount in ("70.00", "30.00"))
    view = replace(view, skipped=(own, *others), unmatched=(second,), matched=())
    told = [(part.invoice_number, str(part.amount)) for part in parts_of(own, view)]
    assert told == [("CM-10111", "150.00"), ("CM-10200", "30.00"), ("CM-10200", "70.00")]
    assert with_parts(view)[0].parts == parts_of(own, view)
    assert {str(part.amount) for part in with_parts(view)[1].parts} == {str(copy.amount), "150.00", "30.00"}


def line_on(number: str, amount: str, like: PaymentRow) -> PaymentRow:
    """Return another line of the same multi-invoice payment."""
    copy = like.placement.case
    assert copy is not None
    other = replace(copy, payment_id=CasePaymentId(f"{number}-{amount}"), amount=Money.of(Decimal(amount), "AUD"))
    return replace(like, placement=replace(like.placement, invoice_number=number, case=other))


def test_where_nothing_is_of_a_group_the_rows_stay_what_they_are() -> None:
    view = firm_view()
    assert with_parts(view) is view.skipped


def test_more_lines_than_there_is_room_for_are_counted() -> None:
    skipped = enumerate(firm_view().skipped[:3])
    parts = tuple(GroupPart(f"CM-{number}", row.amount, Bucket.SKIPPED) for number, row in skipped if row.amount)
    first, second, third = map(str, parts)
    assert first.startswith("CM-0 ")
    assert group_words(parts, 2) == f"{first}, {second} and 1 more"
    assert group_words(parts, 3) == f"{first}, {second}, {third}"
    assert group_words(parts, 1, are_placed=True) == f"{first} (in Skipped) and 2 more"
