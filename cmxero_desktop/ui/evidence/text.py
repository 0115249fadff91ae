"""Write the evidence of a row as rich text: what follows, both sides, what else there was, and its history."""

import re
from collections.abc import Iterable, Sequence

from cmxero_desktop.domain.alternatives import Alternative
from cmxero_desktop.domain.consequences import Consequence
from cmxero_desktop.domain.proposals import Evidence, Flag, Proposal, ProposalKind
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.evidence.comparison import DIFFERENT, EQUAL, IDS, ComparedField, Subject, headings
from cmxero_desktop.ui.history.columns import OF_UNDO, change_of
from cmxero_desktop.ui.theme.colours import Tones
from cmxero_desktop.ui.theme.formatting import moment
from cmxero_desktop.ui.theme.strangers import in_rich_text
from cmxero_desktop.ui.theme.words import KIND_WORD, reason_of, values, what

# A new order begins with its number, or with its condition.
_NEXT_CASE = re.compile(
    r"(?<=[.?])(?<!\A\d\.)(?<! \d\.)(?<! \d\d\.) (?=\d+\. |If |Otherwise |Else|Delete it in Case Manager if )"
)
_INDENT = 12
_MOST_ENTRIES = 6
_MOST_ALTERNATIVES = 6
# What the rules call the control total is the sum of an invoice's payments in Xero, not the invoice's total.
_PLAIN = {"control total agrees": "payments add up in Xero"}


def cases_of(said: str) -> list[str]:
    """Return the orders of a sentence or several, each with its condition: one reads down to the one that holds."""
    return _NEXT_CASE.split(said)


def effects_html(effects: Iterable[Consequence], tones: Tones) -> str:
    """Return what follows from each answer, one below the other."""
    lines = []
    for effect in effects:
        said = f"{effect.sentence} It cannot be approved." if effect.is_closed else effect.sentence
        style = f"color:{tones.danger if effect.is_closed else tones.text};margin:0 0 3px"
        answer = f"<b>{in_rich_text(effect.answer)}:</b>"
        cases = [in_rich_text(case) for case in cases_of(said)]
        if len(cases) == 1:
            lines.append(f'<p style="{style} 0">{answer} {cases[0]}</p>')
        else:
            lines.append(f'<p style="{style} 0">{answer}</p>')
            lines += [f'<p style="{style} {_INDENT}px">{case}</p>' for case in cases]
    return "".join(lines)


def comparison_html(fields: Sequence[ComparedField], subject: Subject, tones: Tones) -> str:
    """Return both sides as a table: what differs first, what is equal in one line; one side alone where it is alone."""
    differing = [field for field in fields if field.sign == DIFFERENT]
    equal = [field for field in fields if field.sign == EQUAL]
    told = [field for field in fields if not field.sign and field.name != IDS and (field.xero or field.case_manager)]
    of_xero, of_case = headings(subject)
    head = f'<tr style="color:{tones.muted}"><td></td>'
    head += f"<td><b>XERO</b> {of_xero}</td>" if subject.xero else ""
    head += f"<td><b>CASE MANAGER</b> {in_rich_text(of_case)}</td>" if subject.case else ""
    lines = [f"{head}</tr>"]
    lines += [_field_html(field, subject, tones) for field in (*differing, *told)]
    table = f'<table width="100%" cellspacing="0" cellpadding="3">{"".join(lines)}</table>'
    names = ", ".join(f"{field.name} {field.xero}" for field in equal)
    # Where one side has no payment at all, what is equal is their invoices'.
    alike = "Same on both sides" if subject.xero and subject.case else "On both invoices"
    same = f'<p style="color:{tones.good}">{alike}: {in_rich_text(names)}</p>' if equal else ""
    return f"{table}{same}"


def ids_html(fields: Sequence[ComparedField], tones: Tones) -> str:
    """Return the ids of both payments, each with the side that it is of."""
    sides = [
        (side, id_)
        for f in fields
        if f.name == IDS
        for side, id_ in (("Xero", f.xero), ("Case Manager", f.case_manager))
    ]
    said = "<br>".join(f"{side}: {in_rich_text(id_)}" for side, id_ in sides if id_)
    return f'<span style="color:{tones.muted}">{said}</span>' if said else ""


def why_lines(proposal: Proposal) -> list[str]:
    """Return the reason as lines, each figure once: what one flag says with all figures, another does not repeat."""
    told = {remark.flag for remark in proposal.remarks}
    said = " ".join(dict.fromkeys(remark.sentence for remark in proposal.remarks))
    first = proposal.explanation.removesuffix(said).strip()
    silent = set()
    if Flag.BALANCE_DIFFERS in told:
        # That it would overpay stands above the buttons, and the same cause here.
        silent.add(Flag.WOULD_OVERPAY)
    if Flag.NEAR_DOUBLE in told and set(proposal.beside) <= set(proposal.near_here):
        silent.add(Flag.BESIDE_UNMATCHED)
    if Flag.NEAR_DOUBLE in told and proposal.kind is ProposalKind.ADD:
        first = ""
    rest = dict.fromkeys(remark.sentence for remark in proposal.remarks if remark.flag not in silent)
    return [line for line in (first, *rest) if line]


def _field_html(field: ComparedField, subject: Subject, tones: Tones) -> str:
    is_different = field.sign == DIFFERENT
    mark = f"background:{tones.caution_tint};font-weight:bold" if is_different else ""
    name = f"{field.name} {field.sign}".strip()
    xero = f'<td style="{mark}">{_text(field.xero)}</td>' if subject.xero else ""
    case = f'<td style="{mark}">{_text(field.case_manager)}</td>' if subject.case else ""
    colour = tones.danger if is_different else tones.muted
    return f'<tr><td style="color:{colour};white-space:nowrap">{in_rich_text(name)}</td>{xero}{case}</tr>'


def alternatives_html(looked_at: Sequence[Alternative], tones: Tones) -> str:
    """Return what else was looked at, and why it is not the one."""
    lines = [
        f"{each.payment.amount} on {day(each.payment.paid_on)} "
        f'<span style="color:{tones.muted}">(no. {each.payment.payment_id}): {in_rich_text(each.why)}</span>'
        for each in looked_at[:_MOST_ALTERNATIVES]
    ]
    more = len(looked_at) - _MOST_ALTERNATIVES
    return "<br>".join([*lines, f"and {more} more"] if more > 0 else lines)


def evidence_html(evidence: Sequence[Evidence], tones: Tones) -> str:
    """Return the named tests as words with a tick or a cross."""
    marks = []
    for item in evidence:
        sign, colour = ("✓", tones.good) if item.holds else ("✗", tones.danger)
        name = _PLAIN.get(item.name, item.name)
        said = name if item.holds else _denied(name)
        marks.append(f'<span style="color:{colour}"><b>{sign}</b> {in_rich_text(said)}</span>')
    return " &nbsp;&nbsp; ".join(marks)


_DELETED = "deleted in Xero"
_STANDS = "stands in Xero as it is since then"
_UNDECIDED = "Nothing was decided here yet."
_LINKED_BEFORE = (
    "Nothing was decided here of late: its Notes name Xero's payment, written by Case Manager's own link, by a person, "
    "or from here long ago. History… below tells since when."
)


def history_html(
    stored: StoredProposal | None,
    view: DeskView,
    number: str,
    tones: Tones,
    *,
    is_linked: bool = False,
    xero: XeroPayment | None = None,
) -> str:
    """Return what happened to the proposal, else to its invoice, the newest first; nothing needs to, of one linked.

    What was done with other payments of the invoice names them. Of Xero's own payment stands since when it is as it is.
    """
    own = [e for e in view.history if stored is not None and e.event.proposal_id == stored.proposal_id]
    entries = own or [e for e in view.history if number and e.event.invoice_number == number]
    newest = sorted(entries, key=lambda e: -e.sequence)[:_MOST_ENTRIES]
    lines = [(e.event.at, _entry_text(e, "" if own else _about(e, view))) for e in newest]
    if stored is not None:
        lines.append((stored.first_seen_at, "first seen"))
    said = [] if lines else [f'<span style="color:{tones.muted}">{_LINKED_BEFORE if is_linked else _UNDECIDED}</span>']
    if xero is not None:
        lines.append((xero.updated_at, _STANDS if xero.is_live else _DELETED))
    lines.sort(key=lambda line: line[0], reverse=True)
    return "<br>".join(
        [*said, *(f'<span style="color:{tones.muted}">{moment(at)}</span> {text}' for at, text in lines)]
    )


def _entry_text(entry: AuditEntry, about: str) -> str:
    said = reason_of(entry)
    why = f": {in_rich_text(said)}" if said else ""
    of = f" ({in_rich_text(about)})" if about else ""
    return f"{in_rich_text(what(entry))} by {in_rich_text(entry.event.by)}{of}{why}"


def _about(entry: AuditEntry, view: DeskView) -> str:
    """Name the change that an entry is about, its amount and its date; nothing where it is about none."""
    event, kind = entry.event, change_of(entry)
    before, after = event.before, event.after
    stored = view.proposals.get(event.proposal_id) if event.proposal_id else None
    if kind is None and stored is not None:
        kind, before, after = stored.proposal.kind, stored.proposal.before, stored.proposal.after
    if kind is None or (before is None and after is None):
        return ""
    if event.what in OF_UNDO:
        before, after = after, before
    becomes = f" to {values(after)}" if kind is ProposalKind.CHANGE else ""
    return f"{KIND_WORD[kind].lower()} of {values(before if becomes else after or before)}{becomes}"


def _denied(name: str) -> str:
    """Say the opposite of a test that does not hold."""
    if name.endswith(" equal"):
        return f"{name.removesuffix('equal')}differs"
    return name.removeprefix("not ") if name.startswith("not ") else f"not {name}"


def _text(value: str) -> str:
    return in_rich_text(value) if value else "-"
