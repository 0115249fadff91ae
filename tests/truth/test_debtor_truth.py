"""The debtors tie-out over firms whose receipts are known: every difference is named, and no clean invoice is."""

from collections import Counter, defaultdict
from copy import deepcopy
from dataclasses import dataclass

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_lists import DebtorLine, DebtorLists, Unclaimed, compare_debtors
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from tests.domain.support import AUD
from tests.support.made_once import made_once
from tests.truth.books import Books, Receipt
from tests.truth.campaign import drive, is_right
from tests.truth.driving import Seen
from tests.truth.firms import ASTRAY, DIRTY, DIRTY_FEES, DIRTY_SINCE_JULY, MIXED, Firm, Style
from tests.truth.in_memory import InMemory
from tests.truth.judging import Judge

INVOICES = 300
STYLES = [DIRTY, DIRTY_SINCE_JULY, DIRTY_FEES, ASTRAY, MIXED]
_ROUNDS = 3

# What any invoice may have on which more money came: additions that bulk left, what waits for its day, and cents
# between what is accepted as the same.
_WAITS = {Cause.TO_ADD, Cause.DATED_AHEAD, Cause.ACCEPTED}
# Of an invoice on which no money ever was, nothing but these may be said.
_NEVER_PAID = {Cause.ONLY_CASE_MANAGER, Cause.ONLY_XERO, Cause.TOTALS, Cause.SHARED}
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
    "typed_in_pieces_elsewhere": _TYPED,
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
    "edited_ahead": _EDITED,
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


@dataclass(frozen=True, slots=True)
class Stand:
    """Both ledgers at one moment, with the truth about them, and the two debtor lists."""

    books: Books
    lists: DebtorLists


@dataclass(frozen=True, slots=True)
class Driven:
    """A firm after its last check: once bulk took what it may, and once a person who knows approved all that is right.

    `unnamed` is what bulk doubled across invoices and the debtors did not name right then.
    """

    after_bulk: Stand
    after_all: Stand
    unnamed: tuple[str, ...]


class Naming(Judge):
    """Looks, at the end of each check, whether the debtors name what bulk doubled across invoices."""

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        self.unnamed: list[str] = []

    def note_lost(self, seen: Seen) -> None:
        super().note_lost(seen)
        if self.across:
            books = self.firm.books
            stand = Stand(books, compared(books, seen, policy_of(self.firm.style)))
            doubled = (books.receipts[number] for number in self.across if is_doubled(books, books.receipts[number]))
            self.unnamed += [self.across[receipt.number].words for receipt in doubled if not names(stand, receipt)]


def policy_of(style: Style) -> Policy:
    return Policy(currency=AUD, forward_dating_days=5, start_date=style.start_date)


def driven(name: str, seed: int) -> Driven:
    return made_once(f"debtors of {name}, {seed}", lambda: _driven(name, seed))


def _driven(name: str, seed: int) -> Driven:
    """Drive a firm through all its checks, approving what bulk allows; then let a person approve what is right."""
    style = next(style for style in STYLES if style.name == name)
    firm = Firm(style, seed, INVOICES)
    judge, program = Naming(firm), InMemory(firm.books, policy_of(style))
    seen = drive(firm, program, judge)
    after_bulk = Stand(deepcopy(firm.books), compared(firm.books, seen, policy_of(style)))
    for _ in range(_ROUNDS):
        right = {p.invoice_number: p for p in program.look().proposals if is_right(firm, p)}
        program.approve(list(right.values()))
    after_all = Stand(firm.books, compared(firm.books, program.look(), policy_of(style)))
    return Driven(after_bulk, after_all, tuple(judge.unnamed))


def stands(style: Style, seed: int) -> tuple[Stand, Stand]:
    found = driven(style.name, seed)
    return found.after_bulk, found.after_all


def is_doubled(books: Books, receipt: Receipt) -> bool:
    """Say whether more of a receipt stands in Case Manager than ever came or is entered in Xero.

    Where the rows have the amounts of the payments, one for one, two receipts changed places: no money is too much.
    """
    limit = max(receipt.cents, books.alive(receipt.number))
    is_more = books.standing(receipt.number) > limit * 1.01 + 100
    return is_more and not all(has_xeros_amounts(books, home) for home in homes_of(books, receipt))


def homes_of(books: Books, receipt: Receipt) -> set[str]:
    """Return the numbers of Case Manager's invoices on which a receipt stands."""
    return {books.case_invoices[row.invoice_id].number for row in books.rows_with(receipt.number)}


def names(stand: Stand, receipt: Receipt) -> bool:
    """Say whether the lists mark a receipt that stands twice as such, on one of its invoices."""
    lines = lines_of(stand.lists)
    homes = homes_of(stand.books, receipt) & lines.keys()
    # A copy of money that went back, about to become other and larger money, is as good as gone.
    return any(r.counts_twice or r.cause is Cause.TO_CHANGE for home in homes for r in lines[home].reasons)


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


def numbers_of(books: Books) -> set[str]:
    return {invoice.number for invoice in books.case_invoices.values()}


def given_back(books: Books, receipt: int) -> int:
    homes = {row.invoice_id for row in books.rows_with(receipt)}
    return sum(books.standing(receipt, home) for home in homes) - books.standing(receipt)


def off_by(books: Books, number: str) -> dict[int, int]:
    """Return by receipt by how many cents an invoice of Case Manager differs from its invoices in Xero.

    What a refund or an adjustment undid is settled.
    """
    (case,) = (key for key, invoice in books.case_invoices.items() if invoice.number == number)
    here = {n for row in books.rows_of[case] for n, _ in books.case_money[row]}
    there = {n for bill in books.bills_of[case] for p in books.payments_of[bill] for n, _ in books.xero_money[p]}
    found = {n: books.standing(n, case) - given_back(books, n) - books.alive(n, case) for n in here | there}
    return {n: off for n, off in found.items() if off}


def cents(amount: Money | None) -> int:
    assert amount is not None
    return amount.minor


def lines_of(lists: DebtorLists) -> dict[str, DebtorLine]:
    return {line.invoice_number.removeprefix("CM-"): line for line in lists.lines}


_EACH_STYLE = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
_EACH_SEED = pytest.mark.parametrize("seed", [1, 2])


def test_each_kind_of_mistake_has_its_causes() -> None:
    assert MAY_BE.keys() == {tale.__name__ for style in STYLES for tale in style.tales} | {"clean"}


@_EACH_STYLE
@_EACH_SEED
def test_the_lines_add_up_to_the_difference_of_both_lists_and_nothing_is_left(style: Style, seed: int) -> None:
    for stand in stands(style, seed):
        books, lists = stand.books, stand.lists
        assert lists.due_xero.minor == sum(books.due(key) for key in books.xero_invoices)
        assert lists.balance_case_manager.minor == sum(books.owed(key) for key in books.case_invoices)
        assert lists.lines
        assert not lists.unknown
        assert sum(cents(line.difference) for line in lists.lines) == lists.difference.minor
        for line in lists.lines:
            assert sum(cents(reason.amount) for reason in line.reasons) == cents(line.difference), line
        assert lists.unexplained.minor == 0


@_EACH_SEED
def test_no_invoice_without_a_mistake_is_listed(seed: int) -> None:
    for stand in stands(MIXED, seed):
        stories = stories_of(stand.books)
        assert sum(stories[number] == {"clean"} for number in stories) > 100
        listed = {
            number: [reason.cause for reason in line.reasons]
            for number, line in lines_of(stand.lists).items()
            if stories[number] == {"clean"}
        }
        # What bulk left for a look, and what is dated ahead, differ until somebody looked or the day has come.
        assert {number: causes for number, causes in listed.items() if not _WAITS.issuperset(causes)} == {}


@_EACH_STYLE
@_EACH_SEED
def test_each_difference_is_called_what_its_mistakes_may_be_and_nothing_else(style: Style, seed: int) -> None:
    for stand in stands(style, seed):
        stories = stories_of(stand.books)
        for number, line in lines_of(stand.lists).items():
            named = {cause for story in stories[number] for cause in MAY_BE[story]}
            old = (_OLD if named else set()) | {Cause.BEFORE_START} if style.start_date else set()
            causes = {reason.cause for reason in line.reasons}
            assert causes <= _WAITS | (named or _NEVER_PAID) | old, (line, stories[number])


@_EACH_STYLE
@_EACH_SEED
def test_each_invoice_on_which_money_is_wrong_is_listed(style: Style, seed: int) -> None:
    """Also where what is too much makes up for what is missing; not where the rows have the payments' amounts."""
    if style.start_date is not None:
        return
    for stand in stands(style, seed):
        books, lines = stand.books, lines_of(stand.lists)
        wrong = {
            number for number in numbers_of(books) if off_by(books, number) and not has_xeros_amounts(books, number)
        }
        assert wrong
        unlisted = {number: off_by(books, number) for number in wrong - lines.keys()}
        assert not unlisted


@_EACH_STYLE
@_EACH_SEED
def test_money_that_stands_twice_is_marked_as_such(style: Style, seed: int) -> None:
    for stand in stands(style, seed):
        doubled = [receipt for receipt in stand.books.receipts if is_doubled(stand.books, receipt)]
        assert [receipt for receipt in doubled if not names(stand, receipt)] == []
    first, _ = stands(style, seed)
    assert any(is_doubled(first.books, receipt) for receipt in first.books.receipts)


@_EACH_STYLE
@_EACH_SEED
def test_what_bulk_doubled_across_invoices_is_marked_at_once(style: Style, seed: int) -> None:
    assert driven(style.name, seed).unnamed == ()
