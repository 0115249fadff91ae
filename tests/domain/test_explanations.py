"""The sentence that each row shows: a person decides by it, so it is tested word for word."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.rules import Rule
from tests.domain.support import POLICY, case, changes, nov, rows, run, snapshot, without_case_invoice, xero

GONE = xero("P1", deleted=True)


def gone_on_the_24th(seen: InvoiceSnapshot) -> InvoiceSnapshot:
    return replace(seen, deleted_on={XeroPaymentId(p.payment_id.lower()): nov(24) for p in seen.xero_payments})


JOURNAL_KEEPS = "Case Manager keeps 400.00 on 1 Nov 2026."
PART = "400.00 on 1 Nov 2026 is one part of a multi-invoice payment in Case Manager and equals no Xero payment. "
FIXED = "It cannot be changed for one invoice."
IN_MULTI = f"{PART}{FIXED}"

SENTENCES = [
    pytest.param(without_case_invoice(snapshot([xero()])), ["CM-100 was not found in Case Manager."], id="no invoice"),
    pytest.param(snapshot([xero(currency="NZD")]), ["Paid in NZD; the organisation's currency is AUD."], id="currency"),
    pytest.param(
        snapshot([xero()]),
        ["Xero has 400.00 on 1 Nov 2026; Case Manager has no payment of that amount and date on invoice CM-100."],
        id="add",
    ),
    pytest.param(
        snapshot([xero("P2"), xero()], [case(names="P1")]),
        [
            "Amount and date are equal, and the Notes name this Xero payment.",
            (
                "Xero has 400.00 on 1 Nov 2026; Case Manager has no payment of that amount and date on invoice CM-100. "
                "Xero has another payment like this one on the invoice: it may have been entered twice."
            ),
        ],
        id="twin",
    ),
    pytest.param(
        snapshot([xero(amount="450")], [case(names="P1")]),
        [
            (
                "This copy names a Xero payment that is now 450.00 on 1 Nov 2026; "
                "Case Manager still has 400.00 on 1 Nov 2026. Xero is as it was; somebody changed the copy."
            )
        ]
        * 2,
        id="change",
    ),
    pytest.param(
        snapshot([GONE, xero("P2", "450")], [case(names="P1")]),
        [
            (
                "In Xero the payment was deleted and entered again as 450.00 on 1 Nov 2026: an edit. "
                "Case Manager still has 400.00 on 1 Nov 2026."
            )
        ]
        * 2,
        id="edit",
    ),
    pytest.param(
        snapshot([xero(paid_on=nov(2))], [case()], links=[("P1", 1)]),
        [
            (
                "You said that 400.00 on 1 Nov 2026 in Case Manager is Xero's 400.00 on 2 Nov 2026; "
                "the copy would take Xero's values."
            )
        ]
        * 2,
        id="chosen",
    ),
    pytest.param(
        snapshot([GONE], [case(names="P1")]),
        ["The Xero payment that this copy names was deleted in Xero; Case Manager still has 400.00 on 1 Nov 2026."],
        id="remove",
    ),
    pytest.param(
        gone_on_the_24th(snapshot([GONE], [case(names="P1")])),
        [
            (
                "The Xero payment that this copy names was deleted in Xero on 24 Nov 2026; "
                "Case Manager still has 400.00 on 1 Nov 2026."
            )
        ],
        id="remove, the day is known",
    ),
    pytest.param(
        gone_on_the_24th(snapshot([GONE], [case(names="P1", journalled=True)])),
        [f"Journal J7 locks this payment. Xero now shows 0.00 (deleted on 24 Nov 2026). {JOURNAL_KEEPS}"],
        id="journalled, deleted, the day is known",
    ),
    pytest.param(
        gone_on_the_24th(snapshot([GONE], [case(names="P1", group=True)])),
        [f"{PART}Xero now shows 0.00 (deleted on 24 Nov 2026). {FIXED}"],
        id="multi-invoice deleted, the day is known",
    ),
    pytest.param(
        snapshot([GONE], [case(names="P1", journalled=True)]),
        [f"Journal J7 locks this payment. Xero now shows 0.00 (deleted). {JOURNAL_KEEPS}"],
        id="journalled, deleted",
    ),
    pytest.param(
        snapshot([xero(amount="450")], [case(names="P1", journalled=True)]),
        [f"Journal J7 locks this payment. Xero now shows 450.00 on 1 Nov 2026. {JOURNAL_KEEPS}"],
        id="journalled, changed",
    ),
    pytest.param(
        snapshot([], [replace(case(names="N1", journalled=True), journal_number="")]),
        [f"A journal entry locks this payment. Xero has no payment for it. {JOURNAL_KEEPS}"],
        id="journalled, none",
    ),
    pytest.param(snapshot([], [case(group=True)]), [IN_MULTI], id="multi-invoice by hand"),
    pytest.param(snapshot([], [case(names="N1", group=True)]), [IN_MULTI], id="multi-invoice imported"),
    pytest.param(
        snapshot([GONE], [case(names="P1", group=True)]),
        [f"{PART}Xero now shows 0.00 (deleted). {FIXED}"],
        id="multi-invoice deleted",
    ),
    pytest.param(
        snapshot([xero(amount="450")], [case(names="P1", group=True)]),
        [f"{PART}Xero now shows 450.00 on 1 Nov 2026. {FIXED}"],
        id="multi-invoice changed",
    ),
    pytest.param(
        snapshot([], [case(names="N1")]),
        [
            (
                "Imported copy of 400.00 on 1 Nov 2026: Xero has not been asked yet about the payment that it names. "
                "It is left undisturbed."
            )
        ],
        id="not asked",
    ),
    pytest.param(
        snapshot([xero(payment_type="ARCREDITPAYMENT")], [case(names="P1")]),
        ["Imported copy of 400.00 on 1 Nov 2026: it names a refund in Xero, not a payment. It is left undisturbed."],
        id="refund",
    ),
    pytest.param(
        snapshot([xero()], [case(1, names="P1"), case(2, "7", names="P1")]),
        [
            "Amount and date are equal, and the Notes name this Xero payment.",
            "7.00 on 1 Nov 2026 names a Xero payment that another payment of this invoice names too.",
        ],
        id="second copy",
    ),
]


@pytest.mark.parametrize(("facts", "expected"), SENTENCES)
def test_each_row_says_why(facts: InvoiceSnapshot, expected: list[str]) -> None:
    assert sorted(p.explanation for p in run(facts).placements) == sorted(expected)


@pytest.mark.parametrize(("facts", "expected"), SENTENCES)
def test_a_proposal_says_what_its_rows_say(facts: InvoiceSnapshot, expected: list[str]) -> None:
    found = run(facts)
    for proposal in found.proposals:
        mine = [p for p in found.placements if p.fingerprint == proposal.fingerprint]
        assert {(p.explanation, p.rule, p.evidence) for p in mine} == {
            (proposal.explanation, proposal.rule, proposal.evidence)
        }
        assert len(mine) == (2 if proposal.kind == "change" else 1)
        assert proposal.explanation in expected


def test_a_link_says_that_nothing_else_changes() -> None:
    (link,) = run(snapshot([xero()], [case()])).proposals
    assert link.rule == Rule.R8
    assert link.explanation == (
        "Both sides have 400.00 on 1 Nov 2026. The Notes in Case Manager would name the Xero payment; "
        "nothing else changes."
    )


@pytest.mark.parametrize(("limit", "bucket"), [(15, "unmatched"), (14, "skipped")])
def test_an_added_note_at_exactly_the_limit(limit: int, bucket: str) -> None:
    (row,) = run(snapshot([xero()]), replace(POLICY, notes_limit=limit)).placements
    assert row.bucket == bucket


@pytest.mark.parametrize(("limit", "expected"), [(19, {"change PLONG2=1 450.00"}), (18, set())])
def test_a_changed_note_at_exactly_the_limit(limit: int, expected: set[str]) -> None:
    facts = snapshot([GONE, xero("PLONG2", "450")], [case(names="P1")])
    assert changes(run(facts, replace(POLICY, notes_limit=limit))) == expected
    assert len(rows(run(facts, replace(POLICY, notes_limit=limit)))) == (2 if expected else 1)


def test_r24_one_cent_more_than_the_tolerance() -> None:
    assert changes(run(snapshot([xero(amount="0.06")], invoice_total="0"))) == {"add P1 0.06 would_overpay"}


def test_r24_the_order_of_proposals_is_their_own() -> None:
    facts = snapshot(
        [xero("P2", "300"), xero("P1", "300"), xero("P3", "500")],
        [case(2, "5", notes="Xero payment"), case(1, "5", notes="Xero payment")],
    )
    proposals = run(facts).proposals
    assert [str(p.xero_payment_id or (p.case and p.case.payment_id)) for p in proposals] == ["1", "2", "P1", "P2", "P3"]


def test_every_flag_says_its_figures_in_the_order_of_its_danger() -> None:
    """What blocks comes first; each sentence stands in the explanation too."""
    facts = snapshot([xero()], [case(1, paid_on=nov(2)), case(2, paid_on=nov(3))])
    (add,) = run(facts).proposals
    assert [(remark.flag.value, remark.sentence) for remark in add.remarks] == [
        (
            "would_overpay",
            "The balance is 200.00, the payment 400.00: 800.00 in Case Manager that matches nothing in Xero.",
        ),
        (
            "near_double",
            (
                "Xero has 400.00 on 1 Nov 2026. Case Manager has 400.00 on 2 Nov 2026 and 400.00 on 3 Nov 2026 on "
                "invoice CM-100, entered by hand: close, but not equal, so this may be the same money."
            ),
        ),
        (
            "beside_unmatched",
            (
                "Case Manager has 400.00 on 2 Nov 2026 and 400.00 on 3 Nov 2026 on this invoice that is not matched in "
                "Xero. It may be this money."
            ),
        ),
        (
            "balance_differs",
            (
                "After this Case Manager would show -200.00 owing, Xero 600.00: 800.00 in Case Manager that matches "
                "nothing in Xero."
            ),
        ),
    ]
    assert all(remark.sentence in add.explanation for remark in add.remarks)
