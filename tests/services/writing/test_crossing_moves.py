"""Payments that change places are moved in one step: each needs the room that another one's copy leaves (R16b)."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations

import pytest

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.records.decisions import StoredProposal
from tests.services.desk import ANN, NOV_1, Desk


def crossed(desk: Desk, copies: Sequence[int]) -> list[XeroPaymentId]:
    """Pay most of each invoice, each copy standing where it is said to; return the payments by invoice."""
    paid = []
    for place in range(len(copies)):
        desk.bill(number(place))
        paid.append(desk.xero.pay(f"CM-{number(place)}", amount(place), NOV_1))
    for place, at in enumerate(copies):
        desk.case.type_in(number(at), amount(place), NOV_1, notes=f"Xero payment {paid[place]}")
    desk.poll()
    return paid


def number(place: int) -> str:
    return f"{place + 1}00"


def amount(place: int) -> str:
    return f"{600 - place}.00"


def stands(desk: Desk) -> list[tuple[str, XeroPaymentId | None]]:
    """Return whose money each row of Case Manager is, by its note, and on which invoice it stands."""
    numbers = {invoice.invoice_id: invoice.number for invoice in desk.case.invoices.values()}
    rows = sorted(desk.case.rows.values(), key=lambda row: numbers[row.invoice_id])
    return [(numbers[row.invoice_id], XeroPaymentId(row.notes.split()[-1])) for row in rows]


def right(paid: Sequence[XeroPaymentId]) -> list[tuple[str, XeroPaymentId]]:
    return [(number(place), payment) for place, payment in enumerate(paid)]


def moves(desk: Desk) -> list[StoredProposal]:
    return [stored for stored in desk.proposals() if stored.proposal.move_id]


CIRCLES = {"two": (1, 0), "three": (1, 2, 0), "three and one that stays": (1, 2, 0, 3), "two pairs": (1, 0, 3, 2)}


@pytest.mark.parametrize("circle", CIRCLES)
def test_what_goes_round_is_put_right_in_one_step(desk: Desk, circle: str) -> None:
    paid = crossed(desk, CIRCLES[circle])
    assert stands(desk) != right(paid)
    names = {stored.proposal.move_id for stored in moves(desk)}
    assert len(names) == (2 if circle == "two pairs" else 1)
    for name in sorted(names):
        transactions: list[str] = []
        desk.steps.act_at("lock", partial(transactions.append, name))
        desk.approve_and_apply(*(stored for stored in moves(desk) if stored.proposal.move_id == name))
        assert transactions == [name]
    assert stands(desk) == right(paid)
    assert desk.poll().counts.proposed == 0
    assert desk.is_good()


def test_a_swap_is_no_money_in_bulk_and_no_money_by_parts(desk: Desk) -> None:
    """Whatever part of it somebody approves, nothing is written but the whole."""
    crossed(desk, (1, 0))
    before = stands(desk)
    rows = moves(desk)
    assert len(rows) == 4
    for kind in ProposalKind:
        desk.deciding.approve_all(ANN, kind)
    for size in (1, 2, 3):
        for part in combinations(rows, size):
            assert len(desk.deciding.approve([stored.proposal_id for stored in part], by=ANN).held_back) == size
    desk.apply()
    assert stands(desk) == before


@pytest.mark.parametrize("which", range(4))
def test_one_part_that_is_held_meanwhile_stops_them_all(desk: Desk, which: int) -> None:
    crossed(desk, (1, 0))
    before, rows = stands(desk), moves(desk)
    desk.approve(*rows)
    desk.deciding.hold([rows[which].proposal_id], by=ANN)
    report = desk.apply()
    assert report.applied == ()
    assert {row.row_id for row in report.held_back} == {s.proposal_id for s in rows} - {rows[which].proposal_id}
    assert stands(desk) == before


@pytest.mark.parametrize("step", ["lock", "decided", "written"])
def test_a_failure_leaves_all_where_they_were(desk: Desk, step: str) -> None:
    crossed(desk, (1, 2, 0))
    before = stands(desk)
    desk.approve(*moves(desk))
    desk.steps.fail_at(step, CaseManagerError("case.db: the connection broke."), times=1)
    desk.apply()
    assert stands(desk) == before


def test_an_undo_of_any_part_takes_all_of_it_back(desk: Desk) -> None:
    crossed(desk, (1, 2, 0))
    before, rows = stands(desk), moves(desk)
    desk.approve_and_apply(*rows)
    report = desk.undo(rows[0])
    assert len(report.applied) == 6
    assert stands(desk) == before
    assert desk.is_good()


def test_numbers_that_were_swapped_before_the_copies_were_written_are_put_right_in_one_step(desk: Desk) -> None:
    """Each invoice of Xero's bore the other one's number from the start, until somebody put that right and said so."""
    swapped = [desk.xero.bill("CM-200"), desk.xero.bill("CM-100")]
    for place in range(2):
        desk.case.bill(number(place))
    paid = [desk.xero.pay("CM-200", amount(0), NOV_1), desk.xero.pay("CM-100", amount(1), NOV_1)]
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    assert stands(desk) == right(paid[::-1])
    for place, invoice_id in enumerate(swapped):
        desk.xero.renumber(invoice_id, f"CM-{number(place)}")
    desk.poll()
    for place in range(2):
        say_number(desk.outside, f"CM-{number(place)}", number(place), by=ANN, reason="swapped in Xero by mistake")
    desk.poll()
    for kind in ProposalKind:
        desk.deciding.approve_all(ANN, kind)
    desk.apply()
    assert stands(desk) == right(paid[::-1])
    desk.approve_and_apply(*moves(desk))
    assert stands(desk) == right(paid)
    assert desk.poll().counts.proposed == 0
    assert desk.is_good()
