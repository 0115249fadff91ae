"""What the later stages find about sketches: a flag, the payments that it speaks of, a sentence with the figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CasePayment, XeroPayment


@dataclass(frozen=True, slots=True)
class Place:
    """Names one sketch of one invoice."""

    number: str
    key: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Why one sketch carries a flag; `whole` hashes what it speaks of where it names only a part of that.

    `figure` is the sum that is wrong, in cents, where the flag speaks of one and it is known.
    """

    flag: Flag
    sentence: str
    near: tuple[CasePayment, ...] = ()
    near_xero: tuple[XeroPayment, ...] = ()
    whole: tuple[Fingerprint, ...] = ()
    figure: int | None = None


Findings = Mapping[Place, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Board:
    """All invoices with what was found so far; `moves` are the halves of moves by place."""

    invoices: Mapping[str, Sketched]
    findings: Findings = field(default_factory=lambda: MappingProxyType({}))
    moves: Mapping[Place, str] = field(default_factory=lambda: MappingProxyType({}))

    def with_findings(self, found: Iterable[tuple[Place, Finding]]) -> "Board":
        """Return the board with more findings; what was found already is not said twice."""
        more: dict[Place, dict[Finding, None]] = {}
        for place, finding in found:
            if place not in more:
                more[place] = dict.fromkeys(self.findings.get(place, ()))
            more[place][finding] = None
        return replace(self, findings={**self.findings, **{place: tuple(all_) for place, all_ in more.items()}})

    def of(self, number: str, sketch: Sketch) -> tuple[Finding, ...]:
        """Return what was found about one sketch."""
        return self.findings.get(Place(number, sketch.key), ())

    def has_flag(self, number: str, sketch: Sketch, flag: Flag) -> bool:
        """Say whether the sketch carries a flag, by itself or by a finding."""
        return flag in sketch.flags or any(f.flag is flag for f in self.of(number, sketch))


def entries_of(invoices: Mapping[str, Sketched]) -> Iterable[tuple[str, Sketch, XeroPayment]]:
    """Return the adds and changes of all invoices, each with its Xero payment."""
    for number, sketched in invoices.items():
        for sketch in sketched.sketches:
            if sketch.is_entry and sketch.xero is not None:
                yield number, sketch, sketch.xero
