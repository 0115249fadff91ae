"""The one table of words for what may not be done now: why, and what to do instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.epochs import CONFIRM
from cmxero_desktop.domain.ways import APPROVE_MODE, CHECK, VERIFY


class Why(StrEnum):
    """Why something may not be done."""

    # About the act, whatever the rows are
    NOTHING_CHOSEN = "nothing_chosen"
    NONE_APPROVED = "none_approved"
    OBSERVE = "observe"
    NO_RIGHT = "no_right"
    NO_NAME = "no_name"
    NO_REASON = "no_reason"
    AWAY = "away"
    NEVER_CHECKED = "never_checked"
    TOO_OLD = "too_old"
    CLOCK_CHANGED = "clock_changed"
    STORE_IN_DOUBT = "store_in_doubt"
    STORE_LACKS = "store_lacks"
    # About where a row is
    WAITS = "waits"
    APPROVED_ALREADY = "approved_already"
    BEING_WRITTEN = "being_written"
    APPLIED = "applied"
    APPLIED_ALREADY = "applied_already"
    UNDONE = "undone"
    UNDONE_ALREADY = "undone_already"
    HELD_ALREADY = "held_already"
    REJECTED = "rejected"
    REJECTED_ALREADY = "rejected_already"
    CHANGED = "changed"
    FLAGGED_SINCE = "flagged_since"
    REPLACED = "replaced"
    NOT_APPROVED = "not_approved"
    NOT_APPLIED = "not_applied"
    NO_ROW = "no_row"
    NO_APPLIED_CHANGE = "no_applied_change"
    APPLIED_LATER = "applied_later"
    # About what a row is
    WOULD_OVERPAY = "would_overpay"
    OVER_LIMIT = "over_limit"
    NO_LIMIT = "no_limit"
    ON_HOLD = "on_hold"
    REMOVAL_ALONE = "removal_alone"
    FLAGGED_ALONE = "flagged_alone"
    ALONE = "alone"
    TOTALS = "totals"
    BLOCKED = "blocked"
    NO_CLOSE_PAYMENT = "no_close_payment"
    NOT_CLOSE = "not_close"
    LOCKED = "locked"
    ALTERED = "altered"
    NO_APPROVAL = "no_approval"
    # About who else has to say yes
    OWN_YES = "own_yes"
    ONE_YES = "one_yes"
    PART_HAS_ONE_YES = "part_has_one_yes"
    ONE_WISH = "one_wish"
    OWN_UNDO = "own_undo"
    # About several rows at once
    NONE_OF_THEM = "none_of_them"
    EACH_ALONE = "each_alone"
    SEVERAL_KINDS = "several_kinds"
    BOTH_HALVES = "both_halves"
    HALF_GONE = "half_gone"
    ALL_PARTS = "all_parts"
    PART_GONE = "part_gone"
    DEPENDS = "depends"


class Nature(StrEnum):
    """What a refusal means for the row, by which a report sorts it.

    CHANGED: it is no longer what was shown. HELD_BACK: it waits for something. ALREADY: the wish has come true.
    """

    REFUSED = "refused"
    CHANGED = "changed"
    HELD_BACK = "held_back"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be done: why, in a sentence, and what to do instead, in a sentence or empty.

    `also` is what else stands in the way, in the order in which it is mended after this.
    """

    why: Why
    reason: str
    remedy: str
    nature: Nature
    also: "tuple[Refused, ...]" = ()

    @property
    def each(self) -> "tuple[Refused, ...]":
        """Everything that stands in the way, each by itself, the first to mend first."""
        return (replace(self, also=()), *self.also)

    def __str__(self) -> str:
        """Return both sentences, and after them those of whatever else stands in the way."""
        own = f"{self.reason} {self.remedy}".strip()
        return f"First: {own} Then: {' '.join(map(str, self.also))}" if self.also else own


def together(refusals: Iterable[Refused]) -> Refused | None:
    """Return one refusal for all that stands in the way, each once, in the order given; None where nothing does."""
    each = tuple(dict.fromkeys(one for refusal in refusals for one in refusal.each))
    return replace(each[0], also=each[1:]) if each else None


def refused(why: Why, about: str = "") -> Refused:
    """Put a refusal into words; `about` is the fact that its sentence names."""
    reason, remedy, nature = _WORDS[why]
    return Refused(why, reason.format(about=about), remedy, nature)


_N = Nature
_CHECK = f"Check Xero first ({CHECK}); the approvals stay."
_PUT_BACK = "Put it back to review first."

_WORDS: Mapping[Why, tuple[str, str, Nature]] = MappingProxyType(
    {
        Why.NOTHING_CHOSEN: ("Nothing is chosen.", "Tick or select rows first (Space).", _N.REFUSED),
        Why.NONE_APPROVED: ("Nothing is approved.", "Approve rows of Review first.", _N.REFUSED),
        Why.OBSERVE: (
            "The mode is Observe only: nothing may be approved or written.",
            f"Once nobody else copies Xero's payments, set it to Approve: {APPROVE_MODE}.",
            _N.REFUSED,
        ),
        Why.NO_RIGHT: (
            "{about} may not do this.",
            "Ask a person who approves; Settings, People names them.",
            _N.REFUSED,
        ),
        Why.NO_NAME: ("A name is needed.", "Say who decides: your name stands beside each decision.", _N.REFUSED),
        Why.NO_REASON: ("A reason is needed.", "Say in a few words why.", _N.REFUSED),
        Why.AWAY: (
            "Case Manager cannot be reached, so nothing can be written.",
            f"When its server answers again, check Xero ({CHECK}); the approvals stay.",
            _N.REFUSED,
        ),
        Why.NEVER_CHECKED: ("Xero was never checked, so nothing is known to be true.", _CHECK, _N.REFUSED),
        Why.TOO_OLD: (
            "The data is too old to apply: {about}.",
            _CHECK,
            _N.REFUSED,
        ),
        Why.CLOCK_CHANGED: (
            "This computer's clock was changed, so nobody knows how old the data is.",
            _CHECK,
            _N.REFUSED,
        ),
        Why.STORE_IN_DOUBT: (
            "{about}.",
            f"Check Xero, look through Review, and confirm the store: {CONFIRM}",
            _N.HELD_BACK,
        ),
        Why.STORE_LACKS: (
            "The program's own store was put back since, so nobody knows whether this removal was undone already.",
            "Look in Case Manager whether the payment is there, and type it in again where it is missing.",
            _N.REFUSED,
        ),
        Why.WAITS: ("It waits in Review already.", "", _N.REFUSED),
        Why.APPROVED_ALREADY: ("It is approved already.", "Apply writes it.", _N.ALREADY),
        Why.BEING_WRITTEN: (
            "It is being written at this moment, or nobody knows yet how that ended.",
            "Check Xero: that finds out.",
            _N.REFUSED,
        ),
        Why.APPLIED: (
            "It is applied to Case Manager.",
            "Take it back by Undo at its entry Applied in History.",
            _N.REFUSED,
        ),
        Why.APPLIED_ALREADY: ("It is applied already.", "", _N.REFUSED),
        Why.UNDONE: ("It was applied and undone.", _PUT_BACK, _N.REFUSED),
        Why.UNDONE_ALREADY: ("It is undone already.", "", _N.REFUSED),
        Why.HELD_ALREADY: ("It is on hold already.", "Put it back to review to hold it anew.", _N.REFUSED),
        Why.REJECTED: ("It was rejected.", _PUT_BACK, _N.REFUSED),
        Why.REJECTED_ALREADY: ("It is rejected already.", "", _N.REFUSED),
        Why.FLAGGED_SINCE: (
            "A check has found something since it was shown, about this row or one that goes with it.",
            "Look at it again: nothing was approved.",
            _N.CHANGED,
        ),
        Why.CHANGED: (
            "It changed in Xero or in Case Manager after it was shown.",
            "Check Xero: it comes back if it is still true, and else what is true now takes its place.",
            _N.CHANGED,
        ),
        Why.REPLACED: (
            "The facts changed after it was shown.",
            "Look at what is proposed for the invoice now.",
            _N.CHANGED,
        ),
        Why.NOT_APPROVED: ("It is not approved.", "Approve it first.", _N.REFUSED),
        Why.NOT_APPLIED: ("It is not applied, so there is nothing to undo.", "", _N.REFUSED),
        Why.ALTERED: (
            "Its record in our own store is not as it was made: it was edited, or an older version made it.",
            "Check Xero: that makes it anew from both sides.",
            _N.HELD_BACK,
        ),
        Why.NO_APPROVAL: (
            "Our own store calls it approved, but the audit trail holds no approval of it.",
            f"Verify the log ({VERIFY}), then look at it and approve it yourself.",
            _N.HELD_BACK,
        ),
        Why.OWN_YES: (
            "You said yes to it, and it needs the yes of two persons.",
            "Another person who approves looks at it and approves it too.",
            _N.HELD_BACK,
        ),
        Why.ONE_YES: (
            "It needs the yes of two persons, and {about} approved it.",
            "Another person who approves looks at it under View, Approved, and approves it too.",
            _N.HELD_BACK,
        ),
        Why.PART_HAS_ONE_YES: (
            "It is right only with another row, which lacks the yes of a second person.",
            "Another person who approves looks at that row under View, Approved, and approves it too.",
            _N.HELD_BACK,
        ),
        Why.ONE_WISH: (
            "It takes two persons to undo it, and nobody else asks for it by now.",
            "Ask again to undo it; the wish is kept until another person shares it.",
            _N.HELD_BACK,
        ),
        Why.OWN_UNDO: (
            "You asked to undo it, and that takes two persons.",
            "Another person who approves undoes it in History.",
            _N.HELD_BACK,
        ),
        Why.NO_ROW: ("This entry is about no row.", "Select a decision about one.", _N.REFUSED),
        Why.NO_APPLIED_CHANGE: (
            "Only a change that was applied to Case Manager can be undone.",
            "Select the entry that says so; a tick, a balance or an end of an SOR schedule is corrected in SOR watch.",
            _N.REFUSED,
        ),
        Why.APPLIED_LATER: ("It was applied again later.", "Undo the later entry.", _N.REFUSED),
        Why.WOULD_OVERPAY: (
            "It would overpay the invoice: the balance would be {about}.",
            "Check the invoice, or record the excess in Xero.",
            _N.HELD_BACK,
        ),
        Why.OVER_LIMIT: (
            "Held by the safety limit for removals.",
            "Release it with a reason.",
            _N.HELD_BACK,
        ),
        Why.NO_LIMIT: ("No safety limit holds it.", "Approve it.", _N.REFUSED),
        Why.ON_HOLD: ("It is on hold.", "Put it back to review, or approve it on its own.", _N.HELD_BACK),
        Why.REMOVAL_ALONE: ("A removal is approved on its own.", "Look at it first.", _N.HELD_BACK),
        Why.FLAGGED_ALONE: ("Flagged {about}: it is approved on its own.", "Look at it first.", _N.HELD_BACK),
        Why.ALONE: ("{about}.", "Look at it first.", _N.HELD_BACK),
        Why.TOTALS: (
            "{about}.",
            "Approve it on its own after a look, until the mapping is right or a person accepts that it is so.",
            _N.HELD_BACK,
        ),
        Why.BLOCKED: ("{about}.", "Put that right first; it is proposed anew then.", _N.HELD_BACK),
        Why.NO_CLOSE_PAYMENT: (
            "No unmatched payment of its invoice stands beside it.",
            "Approve it, hold it, or reject it.",
            _N.REFUSED,
        ),
        Why.NOT_CLOSE: (
            "Payment {about} is not one of the unmatched payments beside it.",
            "Choose one of those that are shown beside it.",
            _N.REFUSED,
        ),
        Why.LOCKED: (
            "Payment {about} is locked in Case Manager, so it cannot be changed.",
            "Add the payment, hold it, or reject it.",
            _N.REFUSED,
        ),
        Why.NONE_OF_THEM: (
            "None of these rows allows it, for different reasons.",
            "Choose one to see why.",
            _N.REFUSED,
        ),
        Why.EACH_ALONE: (
            "Removals, flagged rows and rows on hold are approved one by one.",
            "Use the button beside the evidence.",
            _N.HELD_BACK,
        ),
        Why.SEVERAL_KINDS: (
            "These rows are of several kinds, and one approval is of one kind.",
            "Approve them one kind after the other: links, then changes, then additions; each removal on its own.",
            _N.REFUSED,
        ),
        Why.BOTH_HALVES: (
            "It is one half of a move. The other half is {about}.",
            "Approve both halves together, or neither; reopen the other one first if it was rejected or is on hold.",
            _N.HELD_BACK,
        ),
        Why.HALF_GONE: (
            "It is one half of a move, and the other half is not proposed any more.",
            "Check Xero first: it is proposed anew if it is still true.",
            _N.HELD_BACK,
        ),
        Why.ALL_PARTS: (
            "It is one part of a move in which several payments change places. With it go {about}.",
            "Approve all of them together (reopen what is held or was rejected), or none: each needs another's room.",
            _N.HELD_BACK,
        ),
        Why.PART_GONE: (
            "It is one part of a move in which payments change places, and another part is not proposed any more.",
            "Check Xero first: it is proposed anew if it is still true.",
            _N.HELD_BACK,
        ),
        Why.DEPENDS: (
            "It is right only once {about} is approved.",
            "Approve that first, or both together where they are of one kind.",
            _N.HELD_BACK,
        ),
    }
)
