"""What the window says where a change needs the yes of two persons: who gave one, and whose turn it is."""

from collections.abc import Sequence

from cmxero_desktop.domain.consequences import Consequence
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.seconding import first_yes_only, has_every_yes
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import moment, plural
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
    office = content.settings.people.office
    if not any(office.asks_two(stored.proposal) for stored in act):
        return ""
    return " (1 of 2)" if first_yes_only(act, content.person, office) else " (2 of 2)"


def two_persons(stored: StoredProposal, content: DeskContent) -> tuple[Consequence, ...]:
    """Say who said yes to a row, and who has to; nothing where one person's yes is enough."""
    office = content.settings.people.office
    if not office.asks_two(stored.proposal):
        return ()
    rule = f"By your firm's rule {_RULES[office.rule]} (Settings, People)."
    if not stored.yes_by:
        return (Consequence(_HEADING, f"{rule} The first yes changes nothing but this line."),)
    if has_every_yes(stored, office):
        return (Consequence(_HEADING, f"{' and '.join(stored.yes_by)} said yes."),)
    first = stored.first
    when = f" on {moment(first.at)}" if first is not None and first.by == stored.yes_by[0] else ""
    why = f": {first.reason}" if first is not None and first.reason else ""
    said = f"{stored.yes_by[0]} said yes{when}{why}. {rule} Another person's yes is the second."
    return (Consequence(_HEADING, said),)


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
