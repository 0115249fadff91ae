"""Invent a whole firm from a seed: which stories happen to whom, and when, around the first checks of the program."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.truth.books import Books
from tests.truth.invoice_stories import (
    issued_again,
    key_used_again,
    numbers_swapped,
    old_cash,
    renumbered,
    totals_differ,
)
from tests.truth.numbering_stories import (
    issued_again_otherwise,
    number_passed_on,
    numbers_put_right,
    renumbered_in_both,
    swapped_and_back,
)
from tests.truth.old_stories import credit_typed_as_payment, never_in_xero, typed_where_a_credit_lacks
from tests.truth.story import CHECKS, Pause, Story, Tale, World
from tests.truth.typing_stories import (
    clean,
    copy_on_wrong_invoice,
    digits_swapped,
    group_otherwise,
    net_of_fee,
    one_sum_for_two,
    other_date,
    stray,
    two_for_one,
    typed_on_wrong_invoice,
    typed_twice,
    whole_on_one,
)
from tests.truth.wandering_stories import (
    moved_beside_other_money,
    moved_by_parts,
    remittance_among_others,
    typed_beside_near_money,
    typed_in_pieces_elsewhere,
)
from tests.truth.xero_stories import (
    batch_made_anew,
    bounced,
    credited,
    deleted,
    edited,
    edited_ahead,
    edited_here,
    edited_other_order,
    entered_twice,
    joined,
    locked_edited,
    lowered_by_refund,
    moved,
    moved_in_part,
    moved_leftover,
    split,
    undone_by_hand,
)

# What stands on one invoice and is entered on another, with other money beside it.
WANDERING: Mapping[Tale, int] = {
    moved_beside_other_money: 2,
    moved_by_parts: 2,
    remittance_among_others: 2,
    typed_beside_near_money: 2,
    typed_in_pieces_elsewhere: 2,
    edited_ahead: 2,
}
# Numbers of invoices that change in Xero, in every way that occurs.
NUMBERING: Mapping[Tale, int] = {
    issued_again: 3,
    issued_again_otherwise: 2,
    renumbered: 3,
    renumbered_in_both: 2,
    numbers_swapped: 3,
    numbers_put_right: 3,
    number_passed_on: 3,
    swapped_and_back: 2,
}
# Every mistake, and how often it is made beside the others.
MISTAKES: Mapping[Tale, int] = {
    **WANDERING,
    other_date: 10,
    net_of_fee: 8,
    digits_swapped: 3,
    one_sum_for_two: 6,
    two_for_one: 5,
    typed_twice: 4,
    group_otherwise: 5,
    whole_on_one: 4,
    typed_on_wrong_invoice: 5,
    copy_on_wrong_invoice: 3,
    stray: 4,
    edited: 6,
    edited_other_order: 6,
    locked_edited: 6,
    split: 5,
    joined: 3,
    moved: 8,
    moved_leftover: 3,
    moved_in_part: 4,
    batch_made_anew: 2,
    deleted: 5,
    bounced: 5,
    undone_by_hand: 4,
    lowered_by_refund: 3,
    credited: 4,
    entered_twice: 4,
    edited_here: 3,
    issued_again: 4,
    renumbered: 3,
    numbers_swapped: 2,
    key_used_again: 5,
    old_cash: 4,
    totals_differ: 3,
}
# What an ordinary firm has lying about from before: the same money, typed a little otherwise.
LEFTOVERS: Mapping[Tale, int] = {other_date: 5, net_of_fee: 3, one_sum_for_two: 2, two_for_one: 2, stray: 1}
# The same, with what Xero never had or has as a credit note, and with money that was typed on the wrong invoice.
OLD: Mapping[Tale, int] = {
    other_date: 10,
    net_of_fee: 6,
    one_sum_for_two: 4,
    two_for_one: 4,
    stray: 2,
    never_in_xero: 20,
    credit_typed_as_payment: 3,
    typed_on_wrong_invoice: 1,
}
# What looks as if it could be set aside and forgotten, and some of which is another invoice's money.
MISLEADING: Mapping[Tale, int] = {
    never_in_xero: 2,
    credit_typed_as_payment: 2,
    typed_where_a_credit_lacks: 3,
    typed_on_wrong_invoice: 3,
}
# They are no mistakes: nothing that is clean beside them may be held back.
_HARMLESS = frozenset({clean, never_in_xero})
_INVOICES_OF_A_PAYER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What kind of firm it is. `mistakes` is the share of stories in which somebody makes one."""

    name: str
    mistakes: float
    tales: Mapping[Tale, int]
    has_standard_fees: bool = False
    start_date: date | None = None
    later: float = 0.35


DIRTY = Style(name="dirty", mistakes=0.85, tales=MISTAKES)
DIRTY_SINCE_JULY = Style(name="dirty, since July", mistakes=0.85, tales=MISTAKES, start_date=date(2026, 7, 1))
DIRTY_FEES = Style(name="dirty, standard fees", mistakes=0.85, tales=MISTAKES, has_standard_fees=True)
MIXED = Style(name="mixed", mistakes=0.15, tales=MISTAKES)
ORDINARY = Style(name="ordinary, standard fees", mistakes=0.1, tales=LEFTOVERS, has_standard_fees=True, later=0.2)
OLD_LEFTOVERS = Style(name="old leftovers, standard fees", mistakes=0.1, tales=OLD, has_standard_fees=True, later=0.2)
MISLED = Style(name="misled", mistakes=0.6, tales=MISLEADING)
# Nothing but money that is looked for on another invoice, so that each of these stories comes often.
ASTRAY = Style(name="money astray", mistakes=0.6, tales=WANDERING)
# Nothing but numbers that change in Xero, so that each of these stories comes often.
RENUMBERED = Style(name="numbers that change", mistakes=0.6, tales=NUMBERING, later=0.2)
STYLES = (DIRTY, DIRTY_SINCE_JULY, DIRTY_FEES, ASTRAY, MIXED, ORDINARY, OLD_LEFTOVERS)


class Firm:
    """A firm in the middle of its transition; `advance` lets people go on after a check."""

    def __init__(self, style: Style, seed: int, invoices: int) -> None:
        self.style, self.seed = style, seed
        self.books = Books()
        # The same seed invents the same firm only if nothing depends on the order of a set.
        self.dice = Random(f"{style.name} {seed}")
        payers = [f"Payer {number:06d}" for number in range(max(2, invoices // _INVOICES_OF_A_PAYER))]
        self.world = World(self.books, self.dice, has_standard_fees=style.has_standard_fees, payers=payers)
        self._running: list[Pause] = []

        self._invoices = invoices
        self._tell_first()

    @property
    def has_more(self) -> bool:
        """Whether another check comes after the present one."""
        return self.world.stage + 1 < len(CHECKS)

    def advance(self) -> None:
        """Let people go on after a check, until the next one."""
        self.world.stage += 1
        self._running = [tale for tale in self._running if _goes_on(tale)]
        while len(self.books.xero_invoices) < self._wanted():
            self._begin(self._some_tale())

    def _tell_first(self) -> None:
        while len(self.books.xero_invoices) < self._wanted():
            self._begin(self._some_tale())

    def _wanted(self) -> int:
        """Return how many invoices there are by now; the later ones are spread over the later checks."""
        share = 1 - self.style.later * (len(CHECKS) - 1 - self.world.stage) / (len(CHECKS) - 1)
        return int(self._invoices * share)

    def _some_tale(self) -> Tale:
        if self.dice.random() >= self.style.mistakes:
            return clean
        tales = list(self.style.tales)
        return self.dice.choices(tales, list(self.style.tales.values()))[0]

    def _begin(self, tale: Tale) -> None:
        telling = tale(Story(self.world, tale.__name__, is_clean=tale in _HARMLESS))
        if _goes_on(telling):
            self._running.append(telling)


def _goes_on(telling: Pause) -> bool:
    try:
        next(telling)
    except StopIteration:
        return False
    return True
