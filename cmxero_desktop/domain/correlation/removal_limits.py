"""Hold every removal of a poll when there are suspiciously many of them (R27)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import RemovalLimits
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind


@dataclass(frozen=True, slots=True)
class LimitBreach:
    """Which limit was passed, in words for the person who may release it."""

    explanation: str


def find_breach(
    removals: Sequence[Proposal], imported_copies: int, limits: RemovalLimits, currency: str
) -> LimitBreach | None:
    """Return the first limit that the removals pass, or None.

    A percentage that is less than one whole payment says nothing: with 40 copies, 2 % would hold each single removal.
    """
    count = len(removals)
    if count > limits.count:
        return LimitBreach(f"{count} removals in one check (limit {limits.count})")
    share = imported_copies * limits.percent / 100
    if share >= 1 and count > share:
        return LimitBreach(f"{count} removals are more than {limits.percent} % of {imported_copies} imported payments")
    amount = total((removal.amount for removal in removals), currency)
    if amount.amount > limits.amount:
        return LimitBreach(f"removals of {amount} in one check (limit {Money.of(limits.amount, currency)})")
    return None


def with_removal_limits(
    proposals: Iterable[Proposal],
    *,
    imported_copies: int,
    limits: RemovalLimits,
    released: frozenset[Fingerprint],
    currency: str,
) -> tuple[tuple[Proposal, ...], LimitBreach | None]:
    """Flag all removals `over_limit` where a limit is passed; those that someone released do not count any more."""
    proposals = tuple(proposals)
    waiting = [p for p in proposals if p.kind is ProposalKind.REMOVE and p.fingerprint not in released]
    breach = find_breach(waiting, imported_copies, limits, currency)
    if breach is None:
        return proposals, None
    held = {p.fingerprint for p in waiting}
    flagged = tuple(replace(p, flags=p.flags | {Flag.OVER_LIMIT}) if p.fingerprint in held else p for p in proposals)
    return flagged, breach
