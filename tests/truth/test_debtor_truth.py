"""The debtors tie-out over firms whose receipts are known: every difference is named, and no clean invoice is."""

from collections import Counter, defaultdict
from functools import cache

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine, DebtorLists, Unclaimed, compare_debtors
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from tests.domain.support import AUD
from tests.truth.books import Books
from tests.truth.campaign import drive
from tests.truth.driving import Seen
from tests.truth.firms import DIRTY, DIRTY_FEES, DIRTY_SINCE_JULY, MIXED, Firm, Style
from tests.truth.in_memory import InMemory
from tests.truth.judging import Judge

pytestmark = pytest.mark.no_cover

INVOICES = 300
STYLES = [DIRTY, DIRTY_SINCE_JULY, DIRTY_FEES, MIXED]

# What any invoice may have on which more money came: additions that bulk left, or what waits for its day.
_WAITS = {Cause.TO_ADD, Cause.DATED_AHEAD, Cause.ACCEPTED, Cause.BEFORE_START}
_TYPED = {Cause.LEFTOVER}
# What a mistake is called whose payments are all dated before the start.
_OLD = {Cause.OLD_LEFTOVER, Cause.OLD_DIFFERS}
_CHANGED = {Cause.TO_CHANGE, Cause.TO_LOWER}
_EDITED = _CHANGED | {Cause.TO_REMOVE, Cause.LOCKED}
# What each planted mistake may be called beside that; any other word would send a person to the wrong place.
MAY_BE: dict[str, set[Cause]] = {
    "clean": set(),
    "other_date": _TYPED,
    "net_of_fee": _TYPED,
    "digits_swapped": _TYPED,
    "one_sum_for_two": _TYPED,
    "two_for_one": _TYPED,
    "whole_on_one": _TYPED,
    "old_cash": _TYPED,
    "moved_leftover": _TYPED,
    "typed_beside_near_money": _TYPED,
    "remittance_among_others": _TYPED,
    "stray": _TYPED,
    "typed_twice": _TYPED | {Cause.TO_REMOVE},
    "key_used_again": _TYPED | {Cause.TO_REMOVE},
    "edited_here": _TYPED | _CHANGED,
    "typed_on_wrong_invoice": _TYPED | {Cause.ONLY_CASE_MANAGER},
    "copy_on_wrong_invoice": _TYPED | _EDITED | {Cause.ONLY_CASE_MANAGER},
    "group_otherwise": {Cause.MULTI_INVOICE},
    "edited": _EDITED,
    "edited_other_order": _EDITED,
    "locked_edited": _EDITED,
    "split": _EDITED,
    "joined": _EDITED,
    "moved": _EDITED,
    "moved_in_part": _EDITED,
    "moved_by_parts": _EDITED,
    "moved_beside_other_money": _EDITED,
    "batch_made_anew": _EDITED,
    "deleted": _EDITED,
    "bounced": _EDITED,
    "issued_again": _EDITED,
    "undone_by_hand": _EDITED | {Cause.REFUND, Cause.ADJUSTMENT},
    "lowered_by_refund": _EDITED | {Cause.REFUND, Cause.ADJUSTMENT},
    "credited": {Cause.CREDIT, Cause.ADJUSTMENT},
    "totals_differ": {Cause.TOTALS, Cause.ROUNDING},
    "entered_twice": _EDITED,
    "renumbered": {Cause.ONLY_CASE_MANAGER, Cause.ONLY_XERO},
    "numbers_swapped": _TYPED | {Cause.TO_REMOVE, Cause.LOCKED, Cause.MULTI_INVOICE, Cause.TOTALS},
}


def after_bulk(style: Style, seed: int) -> tuple[Firm, Seen, DebtorLists]:
    return driven(style.name, seed)


@cache
def driven(name: str, seed: int) -> tuple[Firm, Seen, DebtorLists]:
    """Drive a firm through all its checks, approving what bulk allows, and compare its two debtor lists."""
    style = next(style for style in STYLES if style.name == name)
    firm = Firm(style, seed, INVOICES)
    policy = Policy(currency=AUD, forward_dating_days=5, start_date=style.start_date)
    seen = drive(firm, InMemory(firm.books, policy), Judge(firm))
    return firm, seen, compared(firm.books, seen, policy)


def compared(books: Books, seen: Seen, policy: Policy) -> DebtorLists:
    claimed = {s.case_invoice.invoice_id for s in seen.snapshots if s.case_invoice is not None}
    elsewhere = [
        Unclaimed(invoice=invoice, payments=tuple(books.rows[row] for row in sorted(books.rows_of[key])))
        for key, invoice in books.case_invoices.items()
        if key not in claimed
    ]
    return compare_debtors(zip(seen.snapshots, seen.correlations, strict=True), elsewhere, policy)


def stories_of(books: Books) -> dict[str, set[str]]:
    """Return by Case Manager's number whose money ever stood or stands on the invoice, as stories."""
    found: dict[str, set[str]] = defaultdict(set)
    numbers = {key: invoice.number for key, invoice in books.case_invoices.items()}
    for key, shares in books.case_money.items():
        if key in books.rows:
            found[numbers[books.rows[key].invoice_id]] |= {books.receipts[n].story for n, _ in shares}
    for invoice_id, payments in books.payments_of.items():
        number = numbers[books.case_of[invoice_id]] if invoice_id in books.case_of else ""
        found[number] |= {books.receipts[n].story for p in payments for n, _ in books.xero_money[p]}
    return found


def has_xeros_amounts(books: Books, number: str) -> bool:
    """Say whether the rows of an invoice have the amounts of its live payments in Xero, one for one."""
    (case,) = (key for key, invoice in books.case_invoices.items() if invoice.number == number)
    live = (books.xero_payments[i] for bill in books.bills_of[case] for i in books.payments_of[bill])
    return Counter(p.amount for p in live if p.is_live) == Counter(books.rows[k].amount for k in books.rows_of[case])


def cents(amount: Money | None) -> int:
    assert amount is not None
    return amount.minor


def lines_of(lists: DebtorLists) -> dict[str, DebtorLine]:
    return {line.invoice_number.removeprefix("CM-"): line for line in lists.lines}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_lines_add_up_to_the_difference_of_both_lists_and_nothing_is_left(style: Style, seed: int) -> None:
    firm, _, lists = after_bulk(style, seed)
    books = firm.books
    assert lists.due_xero.minor == sum(books.due(key) for key in books.xero_invoices)
    assert lists.balance_case_manager.minor == sum(books.owed(key) for key in books.case_invoices)
    assert lists.lines
    assert not lists.unknown
    assert sum(cents(line.difference) for line in lists.lines) == lists.difference.minor
    for line in lists.lines:
        assert sum(cents(reason.amount) for reason in line.reasons) == cents(line.difference), line
    assert lists.unexplained.minor == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_no_invoice_without_a_mistake_is_listed(seed: int) -> None:
    firm, _, lists = after_bulk(MIXED, seed)
    stories = stories_of(firm.books)
    assert sum(stories[number] == {"clean"} for number in stories) > 100
    listed = {
        number: [reason.cause for reason in line.reasons]
        for number, line in lines_of(lists).items()
        if stories[number] == {"clean"}
    }
    # What bulk left for a look, and what is dated ahead, differ until somebody looked or the day has come.
    waits = {Cause.TO_ADD, Cause.DATED_AHEAD, Cause.ACCEPTED}
    assert {number: causes for number, causes in listed.items() if not waits.issuperset(causes)} == {}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_each_planted_mistake_is_called_what_it_may_be(style: Style, seed: int) -> None:
    firm, _, lists = after_bulk(style, seed)
    stories = stories_of(firm.books)
    for number, line in lines_of(lists).items():
        told = stories[number] - {"clean"} or {"clean"}
        if stories[number] and len(told) == 1:
            causes = {reason.cause for reason in line.reasons}
            named = MAY_BE[told.pop()]
            old = _OLD if named and style.start_date else set()
            assert causes <= _WAITS | named | old, (line, stories[number])


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_money_that_stands_twice_is_marked_as_such(style: Style, seed: int) -> None:
    firm, _, lists = after_bulk(style, seed)
    books, lines = firm.books, lines_of(lists)
    homes = defaultdict(set)
    for key, row in books.rows.items():
        for number, _ in books.case_money[key]:
            homes[number].add(books.case_invoices[row.invoice_id].number)
    doubled = [r for r in books.receipts if books.standing(r.number) > max(r.cents, books.alive(r.number)) * 1.01 + 100]
    # Where the rows have the amounts of the payments, one for one, two receipts changed places: no money is too much.
    doubled = [r for r in doubled if not all(has_xeros_amounts(books, home) for home in homes[r.number])]
    assert doubled
    for receipt in doubled:
        # Also where other money that is missing there makes up for it, to the cent.
        reasons = [reason for home in homes[receipt.number] & lines.keys() for reason in lines[home].reasons]
        # A copy of money that went back, about to become other and larger money, is as good as gone.
        named = [reason for reason in reasons if reason.counts_twice or reason.cause is Cause.TO_CHANGE]
        assert named, (receipt, reasons)
