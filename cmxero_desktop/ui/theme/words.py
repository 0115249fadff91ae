"""The words, colours and shapes for kinds, flags and states: the same ones everywhere on screen."""

from collections.abc import Iterable
from datetime import date

from cmxero_desktop.domain.acts import NOUNS
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag, PaymentValues, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS
from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import day, plural, short_day, signed_sums
from cmxero_desktop.ui.theme.icons import Shape

KIND_WORD = {
    ProposalKind.ADD: "Add",
    ProposalKind.LINK: "Link",
    ProposalKind.CHANGE: "Change",
    ProposalKind.REMOVE: "Remove",
    ProposalKind.ACCEPT: "Accept",
}
KIND_NOUN = NOUNS
CANNOT_BE_APPROVED = "cannot be approved"
"""What stands in place of a sum, or beside it, for rows that wait for a yes that nobody can give."""
_KIND_BADGE = {
    ProposalKind.ADD: Badge("Add", Tone.GOOD, Shape.PLUS, is_filled=False),
    ProposalKind.LINK: Badge("Link", Tone.CALM, Shape.CHAIN, is_filled=False),
    ProposalKind.CHANGE: Badge("Change", Tone.CAUTION, Shape.SWAP, is_filled=False),
    ProposalKind.REMOVE: Badge("Remove", Tone.DANGER, Shape.MINUS, is_filled=False),
    ProposalKind.ACCEPT: Badge("Accept", Tone.GOOD, Shape.TICK, is_filled=False),
}
# A list of flags has little room: these words are shorter than the table of the domain has them.
FLAG_WORD = {flag: words.short for flag, words in FLAG_WORDS.items()} | {
    Flag.WOULD_OVERPAY: "would overpay",
    Flag.TWIN: "second equal payment",
    Flag.SOR: "SOR",
    Flag.OVER_LIMIT: "held by limit",
}
# A chip in a row has less: two of these stand below the change, the invoice and the payer on a small screen. The manual
# has each beside the flag's whole name.
CHIP_WORD = {
    Flag.WOULD_OVERPAY: "overpays",
    Flag.JOURNALLED_COUNTERPART: "locked half",
    Flag.NAMED_ELSEWHERE: "copy elsewhere",
    Flag.NUMBER_SHARED: "number shared",
    Flag.COPIED_TWICE: "copied twice",
    Flag.OVER_LIMIT: "held by limit",
    Flag.NEAR_DOUBLE: "≈2x double",
    Flag.BESIDE_UNMATCHED: "one unmatched",
    Flag.LEFTOVER_ELSEWHERE: "other invoice",
    Flag.BALANCE_DIFFERS: "owed differs",
    Flag.TWIN: "second equal",
    Flag.SAME_REMITTANCE: "split otherwise",
    Flag.MOVED: "moved",
    Flag.FAR_EDIT: "edit or new?",
    Flag.EDITED_HERE: "edited in CM",
    Flag.NEVER_NOTED: "was equal",
    Flag.FORMER_ORIGINAL: "equals deleted",
    Flag.RESETTLED: "now a credit",
    Flag.NO_IDENTITY: "unknown name",
    Flag.RENUMBERED: "renumbered",
    Flag.REPLACEMENT_AHEAD: "replaced later",
    Flag.NOT_BANK: "not a bank",
    Flag.BEFORE_START: "before start",
    Flag.CLOSED_PERIOD: "closed period",
    Flag.SOR: "SOR",
}
# What to do, in the room that a row has for it; the pane and the manual say it in full.
STEP_WORD = {flag: words.next_step for flag, words in FLAG_WORDS.items()} | {
    Flag.WOULD_OVERPAY: "Check the invoice, or the excess in Xero.",
    Flag.JOURNALLED_COUNTERPART: "Same money? Say so. Else type a refund.",
    Flag.NAMED_ELSEWHERE: "Approve the move, or correct Case Manager.",
    Flag.COPIED_TWICE: "Remove the second copy first.",
    Flag.OVER_LIMIT: "Look at all, then release with a reason.",
    Flag.RENUMBERED: "Say which invoice it is.",
    Flag.NOT_BANK: "A write-off? Reject it. Else approve.",
    Flag.BEFORE_START: "Look for it here under another date.",
    Flag.CLOSED_PERIOD: "Ask your adviser, then approve or reject.",
    Flag.SOR: "See SOR watch first.",
    Flag.NUMBER_SHARED: "Say which invoice it is.",
    Flag.NEAR_DOUBLE: "Same payment? Else approve anyway, or hold.",
    Flag.BESIDE_UNMATCHED: "Same payment? Else approve this one alone.",
    Flag.LEFTOVER_ELSEWHERE: "This money? Move it. Else approve alone.",
    Flag.SAME_REMITTANCE: "Compare the lines: is it the same money?",
    Flag.BALANCE_DIFFERS: "Look at the named cause first.",
    Flag.TWIN: "Twice in Xero? Delete one there. Else approve.",
    Flag.NEVER_NOTED: "Remove, if the money did not come.",
    Flag.FORMER_ORIGINAL: "Remove, if the money did not come.",
    Flag.MOVED: "Approve both halves, or see the other first.",
    Flag.FAR_EDIT: "Approve if the same money, else reject.",
    Flag.EDITED_HERE: "Approve to take Xero's, or correct Xero.",
    Flag.RESETTLED: "Keep the payment: hold or reject this.",
    Flag.NO_IDENTITY: "Read its Notes; remove only unknown money.",
    Flag.REPLACEMENT_AHEAD: "Wait until its replacement is in Review.",
}
# The same for a row of Skipped, whose reasons are short enough but for one.
SKIP_CHIP = {reason: words.short for reason, words in REASON_WORDS.items()} | {Reason.ACCOUNT: "Account never copied"}
SKIP_STEP = {reason: words.next_step for reason, words in REASON_WORDS.items()} | {
    Reason.NO_INVOICE: "Check its number in Xero, or say which invoice it is.",
    Reason.CURRENCY: "Enter it here by hand, then say there that it is this one.",
    Reason.JOURNALLED: "Type what the pane names, then say Corrected elsewhere.",
    Reason.MULTI_INVOICE: "Compare its group, then say whose money it is.",
    Reason.FUTURE_DATED: "Comes to Review by itself. Date wrong? Correct it in Xero.",
    Reason.CONTROL_TOTAL: "Nothing to do now. If it stays, compare the invoice in Xero.",
    Reason.NOTES_FULL: "Shorten its Notes in Case Manager, then check Xero again.",
    Reason.UNREADABLE: "Correct the value that the pane names, or contact support.",
    Reason.AMOUNT: "Look at it in Xero; if right, enter an adjustment or a refund.",
}
SKIP_LEAVES = {reason: words.leaves for reason, words in REASON_WORDS.items()}
_FLAG_TONE = dict.fromkeys(Flag, Tone.CAUTION) | {
    Flag.WOULD_OVERPAY: Tone.DANGER,
    Flag.SOR: Tone.CALM,
    Flag.OVER_LIMIT: Tone.DANGER,
}
FLAG_MEANING = {flag: words.meaning for flag, words in FLAG_WORDS.items()}
STATE_WORD = {
    ProposalState.PROPOSED: "To approve",
    ProposalState.APPROVED: "Approved",
    ProposalState.APPLYING: "Applying",
    ProposalState.APPLIED: "Applied",
    ProposalState.UNDONE: "Undone",
    ProposalState.HELD: "On hold",
    ProposalState.REJECTED: "Rejected",
    ProposalState.STALE: "Changed since approval",
    ProposalState.FAILED: "Failed",
    ProposalState.SUPERSEDED: "Replaced",
}
_DONE_WORD = {AuditWhat.HELD: "put on hold"}
# What a row says in place of its state, where the yes that it waits for cannot be given.
_IF_BLOCKED = {ProposalState.PROPOSED: CANNOT_BE_APPROVED}
_STATE_TONE = {
    ProposalState.APPROVED: Tone.GOOD,
    ProposalState.APPLYING: Tone.CALM,
    ProposalState.HELD: Tone.MUTED,
    ProposalState.REJECTED: Tone.MUTED,
    ProposalState.STALE: Tone.CAUTION,
    ProposalState.FAILED: Tone.DANGER,
}
_MOVE_NO_MONEY = frozenset({ProposalKind.LINK, ProposalKind.ACCEPT})
_WHY_BY_RULE = {
    Rule.R8: "Equal, entered by hand",
    Rule.R12: "Not in Case Manager",
    Rule.R14: "Differs from Xero",
    Rule.R15: "Deleted in Xero",
    Rule.R16: "Edited in Xero",
    Rule.R20: "Not in Xero",
    Rule.R23: "Chosen as the same money",
}


def kind_badge(kind: ProposalKind) -> Badge:
    """Return a kind as a coloured word with its shape."""
    return _KIND_BADGE[kind]


def flag_badges(flags: Iterable[Flag]) -> tuple[Badge, ...]:
    """Return flags as chips, in the order in which they are declared."""
    wanted = frozenset(flags)
    return tuple(Badge(CHIP_WORD[flag], _FLAG_TONE[flag]) for flag in Flag if flag in wanted)


def half_yes(stored: StoredProposal) -> str:
    """Say who gave the first yes of two to a row that waits, nothing where nobody did."""
    return f"1 of 2: {stored.half_by}" if stored.half_by else ""


def stands_as(stored: StoredProposal) -> str:
    """Say how a proposal stands; of one that waits whether it can be approved. What a limit holds can be released."""
    is_blocked = bool(stored.proposal.blocking_flags - {Flag.OVER_LIMIT})
    return _IF_BLOCKED.get(stored.state, STATE_WORD[stored.state]) if is_blocked else STATE_WORD[stored.state]


def state_badge(state: ProposalState) -> Badge | None:
    """Return a state as a chip, or None for the plain state of waiting."""
    tone = _STATE_TONE.get(state)
    return Badge(STATE_WORD[state], tone) if tone else None


def chip_words(flags: Iterable[Flag]) -> str:
    """Return flags as the chips of a row have them, each with its whole name behind."""
    wanted = frozenset(flags)
    return ", ".join(_chip_and_name(flag) for flag in Flag if flag in wanted)


def _chip_and_name(flag: Flag) -> str:
    chip, name = CHIP_WORD[flag], FLAG_WORD[flag]
    if chip.casefold() == name.casefold():
        return chip
    if set(chip.split()) <= set(name.split()):
        return name
    return f"{chip} ({name[0].lower()}{name[1:]})"


def flag_words(flags: Iterable[Flag]) -> str:
    """Return flags as words with commas."""
    wanted = frozenset(flags)
    return ", ".join(FLAG_WORD[flag] for flag in Flag if flag in wanted)


def why(row: ReviewRow) -> str:
    """Return in a few words why something is proposed, the nearest reason first: its own invoice before any other."""
    if row.stored.outcome:
        return row.stored.outcome
    if row.stored.half_by:
        return f"{half_yes(row.stored)}. {_why_alone(row)}"
    return _why_alone(row)


def _why_alone(row: ReviewRow) -> str:
    """Return why it is proposed, whoever said yes to it."""
    proposal = row.stored.proposal
    if proposal.kind is ProposalKind.ACCEPT:
        return "Agrees in sum, in other pieces"
    if proposal.near_here:
        close = proposal.near_here[0]
        is_near = Flag.NEAR_DOUBLE in proposal.flags
        return f"{'Near it' if is_near else 'Unmatched'} in CM: {close.amount}, {short_day(close.paid_on)}"
    if Flag.TWIN in proposal.flags and Flag.SAME_REMITTANCE not in proposal.flags:
        return _another(proposal)
    if proposal.near:
        close = proposal.near[0]
        return f"{place_of(row, close)}: {close.amount}, {short_day(close.paid_on)}"
    word = _WHY_BY_RULE.get(proposal.rule, "Not in Case Manager")
    before = proposal.before if proposal.kind is ProposalKind.CHANGE else None
    return (
        f"Was {before.amount}, {short_day(before.paid_on)}: {word[0].lower()}{word[1:]}" if before is not None else word
    )


def _another(proposal: Proposal) -> str:
    """Tell an equal payment from the one beside it, by its reference where it has one."""
    reference = proposal.xero.reference if proposal.xero is not None else ""
    told = f", reference {reference}" if reference else ""
    return f"Another {proposal.amount} of {short_day(proposal.paid_on)}{told}"


def place_of(row: ReviewRow, payment: CasePayment) -> str:
    """Name the other invoice on which a payment stands, and that another payer pays it."""
    other = next((one for one in row.elsewhere if one.invoice_id == payment.invoice_id), None)
    if other is None:
        return "On another invoice"
    return f"{other}{' (other payer)' if other.bill_to and other.bill_to != row.bill_to else ''}"


def effect(proposals: Iterable[Proposal]) -> str:
    """Say what Case Manager would count as paid more or less by them: `Case Manager +2,160.00`.

    Amounts of different kinds have no sum of their own: additions count plus, removals minus, changes by what they
    differ, and of links and accepts no money moves.
    """
    found = tuple(proposals)
    if all(p.kind in _MOVE_NO_MONEY for p in found):
        return "no money moves"
    return f"Case Manager {signed_sums(p.effect for p in found)}"


def kind_counts(proposals: Iterable[Proposal]) -> str:
    """Return counts in words: `2 additions, 1 removal`."""
    found = tuple(proposals)
    counts = ((kind, sum(p.kind is kind for p in found)) for kind in ProposalKind)
    return ", ".join(plural(number, KIND_NOUN[kind]) for kind, number in counts if number)


def kind_sentence(proposal: Proposal) -> str:
    """Say what a proposal does: `Add 330.00 on 5 Mar 2026 to CM-10240`; of a change, what becomes what."""
    before, after = proposal.before, proposal.after
    if before is not None and after is not None and (before.amount, before.paid_on) != (after.amount, after.paid_on):
        old, new = (f"{side.amount} of {day(side.paid_on)}" for side in (before, after))
        return f"{KIND_WORD[proposal.kind]} {old} to {new} on {proposal.invoice_number}"
    joint = {ProposalKind.ADD: "to", ProposalKind.REMOVE: "from"}.get(proposal.kind, "on")
    return f"{KIND_WORD[proposal.kind]} {proposal.amount} dated {_day(proposal)} {joint} {proposal.invoice_number}"


def _day(proposal: Proposal) -> str:
    return f"{short_day(proposal.paid_on)} {proposal.paid_on.year}"


def values(written: PaymentValues | None) -> str:
    """Write a payment's values in short."""
    return f"{written.amount} on {day(written.paid_on)}" if written else ""


def review_sentence(row: ReviewRow) -> str:
    """Return the whole row as one sentence for a screen reader."""
    proposal = row.stored.proposal
    flags = flag_words(proposal.flags)
    parts = [
        f"{kind_sentence(proposal)}, {row.bill_to or 'no Bill To'}.",
        f"{STATE_WORD[row.stored.state]}.",
        f"{row.stored.half_by} said yes, another person has to." if row.stored.half_by else "",
        f"{row.stored.outcome or _why_alone(row)}.",
        f"Flags: {flags}." if flags else "",
    ]
    return " ".join(part for part in parts if part)


def what(entry: AuditEntry) -> str:
    """Return what happened, as a person says it: a limit holds removals, a person puts a row on hold."""
    text = _DONE_WORD.get(entry.event.what, entry.event.what.value)
    return text[0].upper() + text[1:]


def reason_of(entry: AuditEntry) -> str:
    """Return why something was done; of a hold also until when, as far as its entry tells."""
    until = entry.event.evidence.get("until", "")
    held = f"until {day(date.fromisoformat(until))}" if until else ""
    return ": ".join(part for part in (held, entry.event.reason) if part)
