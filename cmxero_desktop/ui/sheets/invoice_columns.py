"""The columns of the history of one invoice: the payments of both sides, the proposals, and what was done."""

from datetime import datetime

from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import Seen
from cmxero_desktop.services.viewing.showing import PaymentLine
from cmxero_desktop.ui.history.columns import change_of
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import day, moment, money
from cmxero_desktop.ui.theme.words import KIND_WORD, STATE_WORD, kind_badge, what
from cmxero_desktop.ui.widgets.column import Column

SIDE_WORD = {Side.XERO: "Xero", Side.CASE_MANAGER: "Case Manager"}
Proposed = Seen[StoredProposal]
# A sentence takes what the other columns have no use for, before it is cut.
_SENTENCE = 120


def payment_columns() -> tuple[Column[PaymentLine], ...]:
    """Return the columns of the payments; what is deleted or locked stands out."""
    return (
        Column(key="side", title="In", text=lambda line: SIDE_WORD[line.side], width=18),
        Column(
            key="date",
            title="Date paid",
            text=lambda line: day(line.paid_on),
            sort_key=lambda line: (line.paid_on.toordinal(), ""),
            width=13,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda line: str(line.amount),
            sort_key=lambda line: (line.amount.minor, ""),
            width=12,
            is_right=True,
        ),
        Column(key="state", title="State", text=lambda line: line.state, badges=_state_badges, width=20),
        Column(key="reference", title="Reference", text=lambda line: line.reference, width=16),
        # What a payment is has been so since then; where it stands may have changed with the other side.
        Column(key="since", title="So since", text=lambda line: _when(line.since), sort_key=_since, width=20),
        Column(key="until", title="Until", text=lambda line: _when(line.until), width=20),
        Column(key="stood", title="Stood then", text=lambda line: line.stood, width=34, is_stretched=True),
    )


def proposal_columns() -> tuple[Column[Proposed], ...]:
    """Return the columns of the proposals, each in the state that it had."""
    return (
        Column(key="kind", title="Change", text=lambda seen: KIND_WORD[seen.fact.proposal.kind], width=11),
        Column(
            key="state",
            title="State",
            text=lambda seen: STATE_WORD[seen.fact.state],
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda seen: money(seen.fact.proposal.amount),
            width=12,
            is_right=True,
        ),
        Column(key="by", title="Decided by", text=_decided_by, width=14),
        Column(
            key="why",
            title="Why",
            text=lambda seen: seen.fact.proposal.explanation,
            width=40,
            is_stretched=True,
            least=_SENTENCE,
        ),
        Column(key="since", title="Since", text=lambda seen: _when(seen.since), width=20),
        Column(key="until", title="Until", text=lambda seen: _when(seen.until), width=20),
    )


def entry_columns() -> tuple[Column[AuditEntry], ...]:
    """Return the columns of what was done."""
    return (
        Column(
            key="when",
            title="When",
            text=lambda entry: moment(entry.event.at),
            sort_key=lambda entry: (entry.sequence, ""),
            width=20,
        ),
        Column(key="who", title="Who", text=lambda entry: entry.event.by, width=14),
        Column(key="what", title="What", text=what, width=26),
        # "Applied" alone reads as if the amount had been entered, which a link does not.
        Column(
            key="change",
            title="Change",
            text=_change,
            badges=lambda entry: (kind_badge(kind),) if (kind := change_of(entry)) is not None else (),
            width=11,
        ),
        Column(key="amount", title="Amount", text=_amount, width=12, is_right=True),
        Column(
            key="reason",
            title="Reason",
            text=lambda entry: entry.event.reason,
            width=40,
            is_stretched=True,
            least=_SENTENCE,
        ),
    )


def payment_sentence(line: PaymentLine) -> str:
    """Return the whole line as one sentence for a screen reader."""
    stood = f". {line.stood}" if line.stood else ""
    return f"{SIDE_WORD[line.side]}: {line.amount} on {day(line.paid_on)}, {line.state or 'as entered'}{stood}."


def proposal_sentence(seen: Proposed) -> str:
    """Return the whole proposal as one sentence for a screen reader."""
    stored = seen.fact
    return f"{KIND_WORD[stored.proposal.kind]} {stored.proposal.amount}, {STATE_WORD[stored.state]}."


def entry_sentence(entry: AuditEntry) -> str:
    """Return the whole entry as one sentence for a screen reader."""
    said = (what(entry), _change(entry).lower(), _amount(entry), entry.event.reason)
    return f"{moment(entry.event.at)}, {entry.event.by}: {' '.join(part for part in said if part)}"


def _change(entry: AuditEntry) -> str:
    kind = change_of(entry)
    return KIND_WORD[kind] if kind is not None else ""


def _state_badges(line: PaymentLine) -> tuple[Badge, ...]:
    if not line.state:
        return ()
    is_noteworthy = line.state == "Deleted" or line.side is Side.CASE_MANAGER
    return (Badge(line.state, Tone.CAUTION if is_noteworthy else Tone.MUTED),)


def _decided_by(seen: Proposed) -> str:
    return seen.fact.decision.by if seen.fact.decision else ""


def _amount(entry: AuditEntry) -> str:
    shown = entry.event.after or entry.event.before
    return money(shown.amount) if shown else ""


def _when(at: datetime | None) -> str:
    return moment(at) if at else ""


def _since(line: PaymentLine) -> tuple[int, str]:
    return (int(line.since.timestamp()) if line.since else 0, "")
