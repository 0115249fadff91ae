"""Notice that nothing a correlation rests on has changed since the last one, so that it need not be made again."""

from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.correlation.correlating import BothSides
from cmxero_desktop.services.correlation.doubting import ask_again_about_doubts
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.runs import Counts
from cmxero_desktop.services.records.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a correlation takes into account beside the payments themselves."""

    settings: Settings
    facts: CaseManagerFacts
    policy: Policy
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the last correlation rested on.

    `version` is our store's from before anything was read for it: a decision, a fact or an entry that came later, its
    own included, makes another version, and the next check correlates again.
    """

    version: str
    circumstances: Circumstances
    case_numbers: frozenset[str]
    case_digest: str
    counts: Counts


def basis_of(version: str, circumstances: Circumstances, both: BothSides, counts: Counts) -> Basis | None:
    """Return what a correlation rested on; None where a question to Xero may have been left without an answer."""
    if not both.is_answered:
        return None
    return Basis(
        version=version,
        circumstances=circumstances,
        case_numbers=both.known.case_numbers(circumstances.policy.invoice_prefix),
        case_digest=both.reading.digest,
        counts=counts,
    )


def still_holds(outside: Outside, basis: Basis, circumstances: Circumstances) -> bool:
    """Say whether another correlation would find what the last one found.

    Case Manager is read as a whole, since it tells of no changes, and doubtful invoices are asked for again, each in
    its turn (R22).
    """
    if basis.circumstances != circumstances or version_of(outside.store) != basis.version:
        return False
    ask_again_about_doubts(outside)
    if version_of(outside.store) != basis.version:
        return False
    reading = outside.case_manager.read(basis.case_numbers, circumstances.policy.currency)
    return reading.digest == basis.case_digest


def version_of(store: Store) -> str:
    """Return the version of everything that our store holds of Xero and of decisions."""
    with store.read() as unit:
        return unit.sharing.version()
