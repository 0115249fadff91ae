"""Hold every removal of a poll when there are suspiciously many of them (R27)."""

from dataclasses import dataclass

from cmxero_desktop.domain.correlation.decision_hashes import DecisionHashes
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.sketches import Sketch
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag, ProposalKind

_TENTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the limits of this poll are judged by, by decision: what persons released, and what they said no to.

    `held` are removals of an earlier check that wait for a release: checking twice lifts nothing.
    """

    imported_copies: int = 0
    released: frozenset[Fingerprint] = frozenset()
    held: frozenset[Fingerprint] = frozenset()


def lowers_much(sketch: Sketch) -> bool:
    """Say whether a change lowers the amount by more than a tenth (R26, R27)."""
    copy = sketch.case
    return sketch.kind is ProposalKind.CHANGE and copy is not None and -sketch.effect * _TENTH > copy.amount.minor


def with_limits(board: Board, limits: Limits, policy: Policy) -> tuple[Board, str]:
    """Flag all removals `over_limit` where a limit is passed, and say which one; nothing where none is."""
    waiting: list[tuple[Place, Sketch, Fingerprint]] = []
    for number, sketched in board.invoices.items():
        lowering = [s for s in sketched.sketches if s.kind is ProposalKind.REMOVE or lowers_much(s)]
        if lowering:
            hashes, let = DecisionHashes(sketched), limits.released | sketched.snapshot.decisions.declined
            for sketch in lowering:
                decision = hashes.of(sketch)
                if decision not in let:
                    waiting.append((Place(number, sketch.key), sketch, decision))
    why = _breach([sketch for _, sketch, _ in waiting], limits, policy)
    over = waiting if why else [one for one in waiting if one[2] in limits.held]
    why = why or (f"{len(over)} removals of an earlier check still wait" if over else "")
    return board.with_findings((place, Finding(Flag.OVER_LIMIT, f"{why}.")) for place, _, _ in over), why


def _breach(removals: list[Sketch], limits: Limits, policy: Policy) -> str:
    """Name the first limit that the removals pass; a percentage of less than one whole payment says nothing."""
    own, count = policy.removal_limits, len(removals)
    if count > own.count:
        return f"{count} removals in one check (the firm's limit is {own.count}: Settings, Limits)"
    share = limits.imported_copies * own.percent / 100
    if share >= 1 and count > share:
        part = f"{100 * count / limits.imported_copies:.2f} % of the {limits.imported_copies} imported payments"
        return f"{count} removals in one check are {part} (the firm's limit is {own.percent} %: Settings, Limits)"
    amount = Money.from_minor(-sum(s.effect for s in removals), policy.currency)
    if amount.amount > own.amount:
        limit = Money.of(own.amount, amount.currency)
        return f"removals of {amount} in one check (the firm's limit is {limit}: Settings, Limits)"
    return ""
