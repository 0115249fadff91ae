"""What to do about a skipped row, in the room of one line; the pane beside it says it in full."""

from cmxero_desktop.domain.correlation.fixed_steps import SUPERFLUOUS, too_much
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Placement, Reason
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.services.viewing.groups import group_words
from cmxero_desktop.ui.theme.words import SKIP_STEP

_MOST_NAMED = 2


def short_step(row: PaymentRow) -> str:
    """Return the next step; of what is dated ahead with its day, and an entry with its amount and its sign."""
    placement, reason = row.placement, row.placement.reason
    if placement.ready_on is not None:
        return f"Comes to Review on {day(placement.ready_on)}. Date wrong? Correct it in Xero."
    if reason is Reason.JOURNALLED and placement.case is not None and placement.to_type is not None:
        return _entry(placement, placement.case, placement.to_type)
    if reason is Reason.MULTI_INVOICE and row.parts:
        return f"Compare it with {group_words(row.parts, _MOST_NAMED)}."
    return SKIP_STEP[reason] if reason is not None else placement.next_step


def _entry(placement: Placement, copy: CasePayment, to_type: Money) -> str:
    live = placement.xero if placement.xero is not None and placement.xero.is_live else None
    if not too_much(copy, live).minor:
        return "Only the date differs: say that it is Xero's payment."
    if not to_type.minor:
        return "Nothing more to type: say Corrected elsewhere once both agree."
    entry = f"a refund of {to_type}" if to_type.minor > 0 else f"an adjustment of {to_type}"
    if live is not None:
        return f"Xero right? Type {entry}, say Corrected elsewhere."
    if placement.rule in SUPERFLUOUS:
        return f"One too many: type {entry}, say Corrected elsewhere."
    return f"Never came? Type {entry}, say Corrected elsewhere."
