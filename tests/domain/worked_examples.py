"""Reads the table of worked examples in docs/rules.md, and writes what came out in the table's own words.

The column *Xero* holds, separated by semicolons, payments (`P1 400 on 1`, `P2 450 USD on 3 Oct`) with marks behind
them (`deleted`, `later`: changed after the others, `reference R`, `to ACCOUNT`), and `total 1100`, `paid 500` (what
Xero says was paid, else what the payments add up to), `credited 1000` and `P9 unknown` (an id that Xero was asked
about). *Case Manager* holds payments (`C1 400 on 1`) with `names P1`, `marked imported`, `journalled`, `in a group`,
`reference R`, and `total`, `adjustments`, `refunds` and `no invoice`. Any other word fails.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cmxero_desktop.domain.placements import Correlation, Placement
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from tests.domain.support import aud, case, snapshot, xero

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
HEADING = "## Worked examples"
_PAYMENT = re.compile(r"([PC])(\d+) (-?[\d.]+)(?: ([A-Z]{3}))? on (\d+)(?: (Oct|Nov))?")
_FIGURE = re.compile(r"(total|paid|credited|adjustments|refunds) (-?[\d.]+)")
_UNKNOWN = re.compile(r"(P\d+) unknown")
_MONTHS = {"Oct": 10, "Nov": 11}


@dataclass(frozen=True, slots=True)
class Example:
    """One row of the table: its name, the facts, and what should come out."""

    name: str
    facts: InvoiceSnapshot
    stands: frozenset[str]
    proposed: frozenset[str]


@dataclass(slots=True)
class _Side:
    """What one of the first columns says."""

    payments: list[tuple[re.Match[str], list[str]]] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    has_invoice: bool = True


def examples(page: str) -> Iterator[Example]:
    """Read the table behind its heading."""
    lines = (line for line in page.partition(f"\n{HEADING}\n")[2].splitlines() if line.startswith("| "))
    for line in list(lines)[1:]:
        name, xero_side, case_side, stands, proposed = (cell.strip() for cell in line.strip().strip("|").split("|"))
        yield Example(name, _facts(_side(xero_side), _side(case_side)), _items(stands), _items(proposed))


def _items(cell: str) -> frozenset[str]:
    return frozenset() if cell == "nothing" else frozenset(item.strip() for item in cell.split(";"))


def _side(cell: str) -> _Side:
    side = _Side()
    for item in [] if cell == "nothing" else cell.split(";"):
        head, *marks = (part.strip() for part in item.split(","))
        if payment := _PAYMENT.fullmatch(head):
            side.payments.append((payment, marks))
        elif figure := _FIGURE.fullmatch(head):
            side.figures[figure[1]] = figure[2]
        elif unknown := _UNKNOWN.fullmatch(head):
            side.unknown.append(unknown[1])
        elif head == "no invoice":
            side.has_invoice = False
        else:
            raise ValueError(_unknown_word(item.strip()))
    return side


def _facts(xero_side: _Side, case_side: _Side) -> InvoiceSnapshot:
    facts = snapshot(
        [_xero(head, marks) for head, marks in xero_side.payments],
        [_case(head, marks) for head, marks in case_side.payments],
        amount_paid=xero_side.figures.get("paid"),
        unknown=xero_side.unknown,
    )
    xero_invoice, case_invoice = facts.xero_invoice, facts.case_invoice
    assert xero_invoice is not None
    assert case_invoice is not None
    if "total" in xero_side.figures:
        xero_invoice = replace(xero_invoice, total=aud(xero_side.figures["total"]))
    xero_invoice = replace(xero_invoice, amount_credited=aud(xero_side.figures.get("credited", "0")))
    if "total" in case_side.figures:
        case_invoice = replace(case_invoice, total=aud(case_side.figures["total"]))
    case_invoice = replace(
        case_invoice,
        adjustments=aud(case_side.figures.get("adjustments", "0")),
        refunds=aud(case_side.figures.get("refunds", "0")),
    )
    return replace(facts, xero_invoice=xero_invoice, case_invoice=case_invoice if case_side.has_invoice else None)


def _day(head: re.Match[str]) -> date:
    return date(2026, _MONTHS[head[6] or "Nov"], int(head[5]))


def _xero(head: re.Match[str], marks: Sequence[str]) -> XeroPayment:
    said = _said(marks, known={"deleted", "later", "reference", "to"})
    return xero(
        f"P{head[2]}",
        head[3],
        _day(head),
        deleted="deleted" in said,
        minute=1 if "later" in said else 0,
        reference=said.get("reference", ""),
        currency=head[4] or "AUD",
        account=said.get("to", ""),
    )


def _case(head: re.Match[str], marks: Sequence[str]) -> CasePayment:
    said = _said(marks, known={"names", "marked", "journalled", "in", "reference"})
    return case(
        int(head[2]),
        head[3],
        _day(head),
        names=said.get("names", ""),
        notes="Xero payment" if "marked" in said else "",
        journalled="journalled" in said,
        group="in" in said,
        reference=said.get("reference", ""),
    )


def _said(marks: Sequence[str], known: set[str]) -> Mapping[str, str]:
    """Return what stands behind the first word of each mark."""
    said = {word: rest for word, _, rest in (mark.partition(" ") for mark in marks)}
    for word in said.keys() - known:
        raise ValueError(_unknown_word(word))
    return said


def _unknown_word(word: str) -> str:
    return f"docs/rules.md: nobody knows what {word!r} means"


def stands(found: Correlation) -> set[str]:
    """Write each row: `matched P1 = C1 (R8)`, `skipped P1 FUTURE_DATED (R13), ready on 23`."""
    return {_stands(row) for row in found.placements}


def _stands(row: Placement) -> str:
    reason = f" {row.reason}" if row.reason else ""
    ready = f", ready on {row.ready_on.day}" if row.ready_on else ""
    return f"{row.bucket} {_names(row.xero, row.case)}{reason} ({row.rule}){ready}"


def proposed(found: Correlation) -> set[str]:
    """Write each proposal: `change P2 = C1, 450.00, twin`."""
    return {_proposed(proposal) for proposal in found.proposals}


def _proposed(proposal: Proposal) -> str:
    flags = (flag.value for flag in proposal.flags)
    names = _all_names(proposal) if proposal.accepted else _names(proposal.xero, proposal.case)
    return ", ".join([f"{proposal.kind} {names}", str(proposal.amount), *sorted(flags)])


def _all_names(proposal: Proposal) -> str:
    """Write what an accept speaks of: `P1 + P2 = C1`."""
    copies = " + ".join(f"C{p.payment_id}" for p in proposal.accepted_as)
    return f"{' + '.join(p.payment_id for p in proposal.accepted)} = {copies}"


def _names(xero_payment: XeroPayment | None, case_payment: CasePayment | None) -> str:
    names = [xero_payment.payment_id] if xero_payment else []
    return " = ".join([*names, f"C{case_payment.payment_id}"] if case_payment else names)
