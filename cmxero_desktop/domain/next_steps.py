"""What a person does about a row of Review or of Unmatched, in plain orders, whatever kind of row it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.around import NO_SURROUNDINGS, Surroundings
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS

_PLAIN = {
    ProposalKind.ADD: "Approve it if the payment belongs to this invoice.",
    ProposalKind.LINK: "Approve it if both are the same payment; no money moves.",
    ProposalKind.CHANGE: "Approve it if Xero is right; else correct Xero.",
    ProposalKind.ACCEPT: "Approve it if both sides are the same money; nothing is written.",
}
_REMOVE = (
    "Approve it if the money did not come. If it did come, enter it in Xero again with the same date and amount: "
    "then this row goes, and a link to the new payment is offered."
)
_REMOVE_SECOND = (
    "Approve it: the other copy stays. If the money came twice, enter the second payment in Xero too; it is then "
    "offered as an addition."
)
_OF_STATE = {
    ProposalState.APPROVED: "It is approved: apply it.",
    ProposalState.APPLYING: "Nothing to do: it is being written.",
    ProposalState.STALE: "Nothing to do: the next check offers it anew if it still holds.",
    ProposalState.HELD: "Nothing to do: it is on hold. Put it back to decide it now.",
    ProposalState.REJECTED: "It is rejected. Put it back if that was wrong; else correct the side that is wrong.",
    ProposalState.UNDONE: (
        "It was taken back, and is proposed again only once its facts change. Correct the side that is wrong."
    ),
}
_EXPLAINED = {
    Explained.ALLOCATION: "Nothing to do: it is explained as a credit or an overpayment of Xero's.",
    Explained.OTHER: "Nothing to do: it is explained as other money.",
    Explained.TO_CORRECT: "Correct it in Case Manager, as was said.",
    Explained.CORRECTED: (
        "Nothing to do: it was corrected elsewhere. The tie-out goes on to name its amount so; in Debtors the refund "
        "or the adjustment makes up for it."
    ),
    Explained.SET_ASIDE: "Nothing to do: it is from before and set aside.",
}
_NEXT_CHECK = "Nothing to do: the next check looks at it anew."
_BY_HAND = (
    "If it is money that Xero has otherwise, say which (Say what it is). If it came and Xero lacks it, enter it in "
    "Xero with this date and amount. If it never came, delete it in Case Manager."
)
_ASKED_ABOUT = "Decide first the row of Review that names it: it may be the same money."
_ASKED_BY_ONE = "Decide first the row of {numbers} in Review, which names it: it may be the same money."
_ASKED_BY_SEVERAL = (
    "Decide first whose money it is: the rows of {numbers} in Review name it, and each says what to do if it is its "
    "money."
)
_IMPORTED = (
    "Read its Notes and the reason below. Delete it in Case Manager if nobody knows the money; else say what it is."
)
# What is said once of all of them: is the money there already?
_SAME_MONEY = frozenset({Flag.NEAR_DOUBLE, Flag.BESIDE_UNMATCHED})
# A removal speaks of them itself, and more exactly; a change asks what they leave open.
_OF_REMOVAL = frozenset({Flag.NEVER_NOTED, Flag.FORMER_ORIGINAL})
_ALONE = "Otherwise approve it alone."
_TOO_MUCH = (
    "The invoice cannot take both: if both are right, correct its total where it is wrong, in Xero, in Case Manager or "
    "in both, or record what is too much in Xero as an overpayment."
)
_OTHER_MONEY = "If that is other money, enter it in Xero too, or delete it in Case Manager if it never came."
_NO_ROOM = (
    "Delete it in Case Manager if it never came. If both are real and the invoice's total is wrong: correct it in "
    "Xero, in Case Manager or in both, enter {payment} in Xero too, and check Xero{then}. If both are real and the "
    "total is right, more came than was owed: enter {payment} in Xero, and this one anew with what is still owed, the "
    "rest of it as an overpayment; check Xero, and what fits is offered instead of this row."
)
# Of several each would have to be settled before that.
_UNBLOCKED = ": nothing blocks this row then"
_MOVE = "It is one part of a move: approve all of it together, if it is the same money."
_OWN_ROW = "Decide first the row of {payment} in Case Manager, which stands beside it."
_FIXED = "If {payment} in Case Manager is this money, say so. What to do about it else stands at its own row."
_MISPLACED = (
    "If it is the money of {number}, typed on the wrong invoice: delete it in Case Manager and check Xero, then "
    "approve the row of {number} and this one."
)
# One of them may be all of it, or each a part.
_MISPLACED_OF_SEVERAL = (
    "If it is money of {numbers}, typed on the wrong invoice: delete it in Case Manager and check Xero, then approve "
    "the row of each whose money it is, and this one."
)
_REMITTED = "If {payment} in Case Manager is this money, {correct}, then approve this: with both it would count twice."
_ELSEWHERE = "If {payment} in Case Manager is this money, enter it on this invoice instead."
_WANTED = (
    "If {payment} in Case Manager is the money of {number}, do not approve this: delete it in Case Manager and check "
    "Xero, then approve the row of that invoice and what is offered on this one."
)
_OF_THEIR_ROW = "If it is the money of {numbers} itself, decide {rows} first."
_OF_NOBODY = "If it is other money, say so at its row in {page} (Say what it is)."
_TENTH = 10
_MADE_UP = "The locked payment beside it is made up for: approve this one alone."


@dataclass(frozen=True, slots=True)
class _Order:
    """One thing to do about a row; after one that `is_last` nothing is said of approving it alone."""

    said: str
    is_last: bool = False


def step_of_row(
    proposal: Proposal, *, is_journalled_locked: bool = True, around: Surroundings = NO_SURROUNDINGS
) -> str:
    """Say what to do with a row of Review: what blocks it first, then what its money may be, at last the yes.

    What several flags ask is asked once, in the order of their numbers, and nobody is told to approve what cannot be
    approved. The firm's settings say whether a journal entry locks a payment (R10).
    """
    if proposal.kind is ProposalKind.REMOVE:
        return _numbered(list(_removing(proposal)))
    orders = list(dict.fromkeys(_orders(proposal, around, is_journalled_locked=is_journalled_locked)))
    if not orders:
        return _PLAIN[proposal.kind]
    is_open = not orders[-1].is_last and not proposal.blocking_flags and not proposal.flags.isdisjoint(_ASKING)
    said = [*(order.said for order in orders), *([_ALONE] if is_open else [])]
    return " ".join(said) if len(orders) == 1 else _numbered(said)


def _numbered(orders: Sequence[str]) -> str:
    """Write what is done one after the other with its numbers; one order alone needs none."""
    if len(orders) == 1:
        return orders[0]
    return " ".join(f"{at}. {order}" for at, order in enumerate(orders, 1))


# Flags that only ask what the money is: where it is none of that, the row is as good as any other.
_ASKING = frozenset(
    {
        Flag.NEAR_DOUBLE,
        Flag.BESIDE_UNMATCHED,
        Flag.LEFTOVER_ELSEWHERE,
        Flag.SAME_REMITTANCE,
        Flag.TWIN,
        Flag.NOT_BANK,
    }
)


def _removing(proposal: Proposal) -> Iterator[str]:
    """Say what a removal needs; one that may be kept is not told to be approved."""
    of_move = {Flag.MOVED} if proposal.move_id else set()
    yield from (FLAG_WORDS[flag].next_step for flag in Flag if flag in proposal.flags - _OF_REMOVAL - of_move)
    if proposal.move_id:
        yield _MOVE
    elif proposal.rule is Rule.R20A:
        yield _REMOVE_SECOND
    elif Flag.RESETTLED not in proposal.flags:
        yield _REMOVE


def _orders(proposal: Proposal, around: Surroundings, *, is_journalled_locked: bool) -> Iterator[_Order]:
    flags = proposal.flags
    if proposal.move_id:
        flags -= {Flag.NAMED_ELSEWHERE, Flag.MOVED}
        yield _Order(_MOVE)
    if Flag.NUMBER_SHARED in flags:
        flags -= {Flag.RENUMBERED}
    if proposal.kind is ProposalKind.CHANGE and flags & _OF_REMOVAL:
        # Here nothing is removed: as after a long time, it is asked whether both are one money.
        flags = flags - _OF_REMOVAL | {Flag.FAR_EDIT}
    asks = bool(proposal.near_here) and not flags.isdisjoint(_SAME_MONEY)
    if asks:
        flags -= _SAME_MONEY | {Flag.WOULD_OVERPAY}
    if _is_of_leftovers(proposal) or Flag.JOURNALLED_COUNTERPART in flags:
        flags -= {Flag.BALANCE_DIFFERS}
    first = [flag for flag in Flag if flag in flags & proposal.blocking_flags]
    yield from (_Order(FLAG_WORDS[flag].next_step) for flag in first)
    if asks:
        yield from _same_money(proposal, around, is_journalled_locked=is_journalled_locked)
    told = _told_of_others(proposal, around, is_journalled_locked=is_journalled_locked)
    rest = (flag for flag in ORDER if flag in flags and flag not in first)
    yield from (_Order(said) for flag in rest if (said := told.get(flag, FLAG_WORDS[flag].next_step)))


def _told_of_others(proposal: Proposal, around: Surroundings, *, is_journalled_locked: bool) -> dict[Flag, str]:
    """Name what stands on other invoices and may be this money, so that nobody deletes another payment."""
    # What moved, or stands elsewhere as a copy, has orders of its own.
    if proposal.move_id or proposal.flags & {Flag.MOVED, Flag.NAMED_ELSEWHERE}:
        return {}
    if proposal.kind is ProposalKind.ACCEPT:
        return {Flag.LEFTOVER_ELSEWHERE: _wanted(proposal, around)}
    spoken = [p for p in proposal.near if p not in proposal.near_here or Flag.SAME_REMITTANCE in proposal.flags]
    grouped = [p for p in spoken if p.is_multi_invoice]
    away = grouped or [p for p in spoken if p not in proposal.near_here] or spoken
    if not away:
        return {}
    is_locked = any(p.is_journalled for p in away) and is_journalled_locked
    named = (" and " if grouped else " or ").join(f"{paid(p)} on {_place(p, proposal, around)}" for p in away)
    whole = f"the multi-invoice payment of {named}" if grouped else named
    # One that was typed by hand and locked stands in Unmatched.
    is_skipped = bool(grouped) or (is_locked and any(read_mark(p.notes, "").is_imported for p in away))
    follows = " ".join(_else(away, around, "Skipped" if is_skipped else "Unmatched"))
    deleted = "delete all of it there" if grouped else "delete it there" if len(away) == 1 else "delete that one there"
    correct = "correct it as its own row says" if is_locked else f"{deleted} and check Xero"
    told = {Flag.SAME_REMITTANCE: f"{_REMITTED.format(payment=whole, correct=correct)} {follows}"}
    if len(away) == 1 and Flag.SAME_REMITTANCE in proposal.flags:
        told[Flag.LEFTOVER_ELSEWHERE] = ""
    elif len(away) == 1 and abs((away[0].amount - proposal.amount).minor) * _TENTH <= proposal.amount.minor:
        # Another amount is what a payment beside this one is: of that the reason speaks.
        told[Flag.LEFTOVER_ELSEWHERE] = f"{_ELSEWHERE.format(payment=named)} {follows}"
    return told


def _wanted(proposal: Proposal, around: Surroundings) -> str:
    """Say what to do where another invoice lacks just what this row would take as its own (R19b, R23b)."""
    numbers = around.claimed_by(proposal.accepted_as)
    named = paid(proposal.accepted_as[0]) if len(proposal.accepted_as) == 1 else "one of the payments"
    other = " or ".join(numbers) or "the other invoice that the reason names"
    return _WANTED.format(payment=named, number=other)


def _place(payment: CasePayment, proposal: Proposal, around: Surroundings) -> str:
    return "this invoice" if payment in proposal.near_here else around.place_of(payment)


def _else(away: Sequence[CasePayment], around: Surroundings, page: str) -> Iterator[str]:
    """Say whose the money may be else: another row's, or nobody's."""
    numbers = around.homes_of(away)
    if numbers:
        yield _OF_THEIR_ROW.format(numbers=" or ".join(numbers), rows=_rows(numbers))
    yield _OF_NOBODY.format(page=page)


def _misplaced(numbers: Sequence[str]) -> Iterator[str]:
    """Say what to do if a payment is the money of rows on other invoices."""
    if len(numbers) == 1:
        yield _MISPLACED.format(number=numbers[0])
    elif numbers:
        yield _MISPLACED_OF_SEVERAL.format(numbers=" or ".join(numbers))


def _rows(numbers: Sequence[str]) -> str:
    return f"the row{'' if len(numbers) == 1 else 's'} of {_listed(numbers)}"


def _listed(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"


ORDER = sorted(Flag, key=lambda flag: (flag is not Flag.SAME_REMITTANCE, list(Flag).index(flag)))
"""The lines of a remittance come before the question whether one of them is there twice."""


def _same_money(proposal: Proposal, around: Surroundings, *, is_journalled_locked: bool) -> Iterator[_Order]:
    """Ask whether what stands unmatched beside a row is its money; what is locked cannot take other values (R17)."""
    beside = proposal.near_here
    fixed = [p for p in beside if p.is_fixed(is_journalled_locked=is_journalled_locked)]
    copies = [p for p in beside if p not in fixed and read_mark(p.notes, "").is_imported]
    typed = [p for p in beside if p not in fixed and p not in copies]
    if copies:
        yield _Order(_OWN_ROW.format(payment=_named(copies)), is_last=True)
    if typed:
        named, is_too_much = _named(typed), Flag.WOULD_OVERPAY in proposal.flags
        numbers = around.claimed_by(typed)
        said = " ".join(
            [
                f"If {named} in Case Manager is this money, say so (Same payment).",
                *_misplaced(numbers),
                _NO_ROOM.format(payment=named, then=_UNBLOCKED if len(typed) == 1 else "")
                if is_too_much
                else _OTHER_MONEY,
            ]
        )
        yield _Order(said)
        return
    if fixed and Flag.JOURNALLED_COUNTERPART not in proposal.flags:
        is_made_up = proposal.flags.isdisjoint({Flag.BALANCE_DIFFERS, Flag.WOULD_OVERPAY})
        yield _Order(_MADE_UP, is_last=True) if is_made_up else _Order(_FIXED.format(payment=_named(fixed)))
    if Flag.WOULD_OVERPAY in proposal.flags:
        yield _Order(_TOO_MUCH)


def _is_of_leftovers(proposal: Proposal) -> bool:
    """Say whether both lists would differ by nothing but what stands unmatched beside a row: that is asked."""
    figure = next((remark.figure for remark in proposal.remarks if remark.flag is Flag.BALANCE_DIFFERS), None)
    asked = sum(p.amount.minor for p in proposal.beside)
    return figure is not None and bool(asked) and figure + asked == 0 and not proposal.flags.isdisjoint(_SAME_MONEY)


def _named(payments: "tuple[CasePayment, ...] | list[CasePayment]") -> str:
    return paid(payments[0]) if len(payments) == 1 else f"one of the {len(payments)} unmatched payments"


def step_of_unmatched(
    placement: Placement,
    proposal: Proposal | None,
    state: ProposalState | None,
    explained: Explained | None,
    *,
    is_journalled_locked: bool = True,
    around: Surroundings = NO_SURROUNDINGS,
) -> str:
    """Say what to do about an unmatched row: in Review, where something is proposed for it, else on its own side."""
    if proposal is not None and state in {ProposalState.PROPOSED, ProposalState.FAILED}:
        return f"Decide it in Review. {step_of_row(proposal, is_journalled_locked=is_journalled_locked, around=around)}"
    if state in _OF_STATE:
        return _OF_STATE[state]
    if explained is not None and not (explained is Explained.TO_CORRECT and placement.is_fixed):
        return _EXPLAINED[explained]
    if placement.case is None or proposal is not None:
        return _NEXT_CHECK
    own = placement.next_step or (_BY_HAND if placement.rule is Rule.R19 else _IMPORTED)
    asked = _asked(placement, placement.case, around)
    return f"{asked} Else: {own[0].lower()}{own[1:]}" if asked else own


def _asked(placement: Placement, case: CasePayment, around: Surroundings) -> str:
    """Name the rows of Review that may be this money, by their invoices."""
    numbers = (*around.claimed_by([case]), *around.homes_of([case]))
    if not numbers:
        return _ASKED_ABOUT if placement.near_xero else ""
    asked = _ASKED_BY_ONE if len(numbers) == 1 else _ASKED_BY_SEVERAL
    return asked.format(numbers=_listed(numbers))
