"""What the tests of two persons' yes do: name the people, press at desktops of one's own, edit the record."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.writing.applying import Applying
from tests.services.desk import NOV_1, Desk

ANN, BOB, CID = "Ann", "Bob", "Cid"


def set_people(desk: Desk, rule: SecondRule, approvers: Iterable[str] = (), above: str = "5000.00") -> None:
    people = replace(
        desk.settings.settings.people,
        approvers=tuple(approvers),
        second_approver=rule,
        second_above=Decimal(above),
    )
    desk.settings.settings = replace(desk.settings.settings, people=people)


def added(desk: Desk, amount: str = "400.00") -> StoredProposal:
    desk.bill(amount="99000.00")
    desk.xero.pay("CM-100", amount, NOV_1)
    desk.poll()
    return desk.proposal(ProposalKind.ADD)


def sit(desk: Desk, at: str) -> None:
    """Go on at another desktop of the same store."""
    desk.desk = replace(desk.desk, holder=at)


def approve(desk: Desk, row: StoredProposal, by: str, release: str = "", *, at: str = "") -> str:
    """Press approve, each on a desktop of one's own unless told otherwise; return what came of it in a word."""
    sit(desk, at or by)
    report = desk.deciding.approve([row.proposal_id], by=by, release_reason=release)
    kinds = {"done": report.done, "half": report.half, "refused": report.refused, "held back": report.held_back}
    (word,) = [name for name, rows in kinds.items() if rows] or ["stale"]
    return word


def write(desk: Desk, by: str = ANN) -> list[str]:
    return [row.row_id for row in Applying(desk.outside).apply(None, by).applied]


def moved(desk: Desk) -> list[StoredProposal]:
    """Make both halves of a move: deleted on one invoice, new on the other."""
    for number in ("100", "200"):
        desk.bill(number)
    desk.xero.pay("CM-100", "400.00", NOV_1, "REM 7")
    desk.poll()
    approve(desk, desk.proposal(ProposalKind.ADD), ANN)
    write(desk)
    desk.xero.delete(next(iter(desk.xero.payments)))
    desk.xero.pay("CM-200", "400.00", NOV_1, "REM 7")
    desk.poll()
    halves = [row for row in desk.proposals() if row.proposal.move_id]
    assert len(halves) == 2
    return halves


def applied_add(desk: Desk) -> StoredProposal:
    add = added(desk)
    approve(desk, add, ANN)
    write(desk)
    return desk.again(add)


def edited(desk: Desk, row: StoredProposal, **values: object) -> None:
    """Edit the record in the store past the program."""
    with desk.store.begin() as unit:
        stored = unit.proposals.by_fingerprint([row.fingerprint])[row.fingerprint]
        unit.proposals.update([(replace(stored, **values), stored.state)])  # type: ignore[arg-type]  # by name
        unit.commit()
