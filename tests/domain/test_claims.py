"""Which invoice of Case Manager each of Xero's is, and who claims the same one (R1)."""

from dataclasses import replace
from itertools import permutations

import pytest

from cmxero_desktop.domain.claims import Claimant, settle_claims

THERE = ("100", "101", "102")


def plain(number: str) -> Claimant:
    return Claimant(key=f"plain {number}", name=f"CM-{number}", wanted=(number,), present=number)


def in_doubt(present: str, first: str, copies: str = "") -> Claimant:
    return Claimant(
        key=f"open {present}",
        name=f"CM-{present}",
        wanted=(present, first),
        present=present,
        copies={copies: 2} if copies else {},
        is_open=True,
    )


def said(number: str, present: str) -> Claimant:
    return Claimant(key=f"said {present}", name=f"CM-{number}", wanted=(number,), present=present, is_said=True)


def void(number: str, copies: str = "") -> Claimant:
    held = {copies: 1} if copies else {}
    return Claimant(key=f"void {number}", name=f"CM-{number}", wanted=(number,), copies=held, is_live=False)


@pytest.mark.parametrize(
    ("claimants", "numbers", "rivals"),
    [
        ([plain("100"), plain("7")], {"CM-100": "100"}, {}),
        # Two that live and bear one number.
        (
            [plain("100"), replace(plain("100"), key="second 100")],
            {"CM-100": "100"},
            {"CM-100": ("plain 100", "second 100")},
        ),
        # Copies, then the present number, then the first one; never what a living one has anyway.
        ([in_doubt("101", "100", copies="100")], {"CM-101": "100"}, {}),
        ([in_doubt("101", "100")], {"CM-101": "101"}, {}),
        ([in_doubt("9", "100")], {"CM-9": "100"}, {}),
        ([in_doubt("9", "100"), plain("100")], {"CM-100": "100"}, {}),
        (
            [in_doubt("101", "100", copies="100"), plain("100")],
            {"CM-101": "101", "CM-100": "100"},
            {"CM-101": ("plain 100",), "CM-100": ("open 101",)},
        ),
        # Swapped, with copies on both, on one, on none.
        (
            [in_doubt("101", "100", copies="100"), in_doubt("100", "101", copies="101")],
            {"CM-101": "100", "CM-100": "101"},
            {"CM-101": ("open 100",), "CM-100": ("open 101",)},
        ),
        (
            [in_doubt("101", "100", copies="100"), in_doubt("100", "101")],
            {"CM-101": "100", "CM-100": "101"},
            {"CM-101": ("open 100",), "CM-100": ("open 101",)},
        ),
        ([in_doubt("101", "100"), in_doubt("100", "101")], {"CM-101": "101", "CM-100": "100"}, {}),
        # What was said of one is in doubt of no other.
        (
            [said("100", "101"), replace(in_doubt("100", "101", copies="101"), name="CM-101")],
            {"CM-100": "100", "CM-101": "101"},
            {},
        ),
        ([said("100", "101"), plain("102")], {"CM-100": "100", "CM-102": "102"}, {}),
        # A void one holds what its copies stand on, until somebody says whose it is.
        ([void("100"), plain("100")], {"CM-100": "100"}, {}),
        ([void("100", copies="100"), plain("100")], {"CM-100": "100"}, {"CM-100": ("void 100",)}),
        ([void("100", copies="100"), said("100", "100")], {"CM-100": "100"}, {}),
        ([void("102", copies="102")], {"CM-102": "102"}, {}),
    ],
)
def test_r1_which_invoice_is_which(
    claimants: list[Claimant], numbers: dict[str, str], rivals: dict[str, tuple[str, ...]]
) -> None:
    for order in permutations(claimants):
        found = settle_claims(order, THERE)
        assert found.numbers == numbers
        assert found.rivals == rivals


def test_r1_a_number_that_was_said_and_that_another_one_bears_by_now_is_claimed_by_both() -> None:
    other = Claimant(key="plain 100", name="CM-100 (another)", wanted=("100",), present="100")
    found = settle_claims([said("100", "101"), other], THERE)
    assert found.numbers == {"CM-100": "100"}
    assert found.rivals == {"CM-100": ("plain 100",), "CM-100 (another)": ("said 101",)}
