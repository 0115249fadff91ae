"""What the window says where a change needs the yes of two persons: who gave one, and whose turn it is."""

from collections.abc import Sequence

from cmxero_desktop.domain.consequences import Consequence
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.seconding import first_yes_only
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import count, moment, plural
from cmxero_desktop.ui.theme.words import half_yes

_HEADING = "Two persons"
_RULES = {
    SecondRule.LARGE: "removals and large amounts need the yes of two persons",
    SecondRule.ALL: "all that is written needs the yes of two persons",
}


def half_badge(stored: StoredProposal) -> Badge | None:
    """Return the first yes of two as a chip, None where nobody gave one."""
    said = half_yes(stored)
    return Badge(said, Tone.CALM) if said else None


def turn_words(act: Sequence[StoredProposal], content: DeskContent) -> str:
    """Say behind a button's name whether its yes is the first or the second of two; nothing where one is enough."""
    office = content.office
    if not office.knows_two:
        return ""
    two = [stored.proposal_id for stored in act if office.asks_two(stored.proposal)]
    firsts = first_yes_only(act, content.person, office) if two else frozenset()
    if two and firsts and not firsts.issuperset(two):
        return f" ({count(len(firsts))} of them 1 of 2)"
    return f" ({'1' if firsts else '2'} of 2)" if two else ""


def two_persons(stored: StoredProposal, content: DeskContent) -> tuple[Consequence, ...]:
    """Say who said yes to a row, and who has to; nothing where one person's yes is enough."""
    office = content.office
    if not office.asks_two(stored.proposal):
        return ()
    rule = f"By your firm's rule {_RULES[office.rule]} (Settings, People)."
    said = [yes for yes in stored.yeses if office.lets_approve(yes.by)]
    if not said:
        return (Consequence(_HEADING, f"{rule} The first yes changes nothing but this line."),)
    first, *others = said
    if others:
        return (Consequence(_HEADING, f"{' and '.join(yes.by for yes in said)} said yes."),)
    why = f": {first.reason}" if first.reason else ""
    text = f"{first.by} said yes on {moment(first.at)}{why}. {rule} Another person's yes is the second."
    return (Consequence(_HEADING, text),)


def undo_wishes(content: DeskContent) -> str:
    """Say which applied changes one person asked to undo and wait for another one, nothing where none does."""
    asked = content.undo_asked
    if not asked:
        return ""
    if len(asked) > 1:
        return f"{plural(len(asked), 'applied change')} wait for a second person to undo them."
    (stored,) = asked
    wish, proposal = stored.undo_asked, stored.proposal
    why = f": {wish.reason}" if wish is not None else ""
    return (
        f"{stored.undo_by} asked to undo {proposal.amount} on {proposal.invoice_number}{why}. "
        "Another person who approves undoes it too, or anybody withdraws the wish, in History."
    )
