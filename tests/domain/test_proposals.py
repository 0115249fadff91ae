"""Fingerprints, legal moves, bulk approval, the balance and the removal limits: R24, R26, R27, R31."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.proposals import (
    BLOCKING_FLAGS,
    DECLINED_STATES,
    LEGAL_MOVES,
    OPEN_STATES,
    Flag,
    IllegalMoveError,
    ProposalKind,
    ProposalState,
    moved,
)
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from tests.domain.support import POLICY, aud, case, changes, nov, only, run, snapshot, xero


def _fingerprint(facts: InvoiceSnapshot) -> Fingerprint:
    return only(run(facts)).fingerprint


ORIGINAL, COPY = xero("P1", "450", reference="A"), case(names="P1", reference="B")


def test_the_same_facts_give_the_same_fingerprint() -> None:
    first = _fingerprint(snapshot([ORIGINAL], [COPY]))
    assert first == _fingerprint(snapshot([replace(ORIGINAL)], [replace(COPY)]))
    assert len(first) == 64
    assert only(run(snapshot([ORIGINAL], [COPY]))).proposal_id == f"p-{first[:12]}"


@pytest.mark.parametrize(
    "other",
    [
        replace(ORIGINAL, updated_at=ORIGINAL.updated_at + timedelta(days=3)),
        replace(ORIGINAL, is_bank_reconciled=True),
        replace(ORIGINAL, contact_name="Smith & Co"),
        replace(ORIGINAL, account_name="ANZ"),
        replace(ORIGINAL, batch_payment_id="B9"),
    ],
)
def test_facts_that_change_no_decision_leave_it_alone(other: XeroPayment) -> None:
    assert _fingerprint(snapshot([other], [COPY])) == _fingerprint(snapshot([ORIGINAL], [COPY]))


@pytest.mark.parametrize(
    "other",
    [
        snapshot([replace(ORIGINAL, amount=aud("451"))], [COPY]),
        snapshot([replace(ORIGINAL, paid_on=nov(3))], [COPY]),
        snapshot([replace(ORIGINAL, reference="C")], [COPY]),
        snapshot([replace(ORIGINAL, payment_id=XeroPaymentId("p1"))], [COPY]),
        snapshot([ORIGINAL], [replace(COPY, amount=aud("399"))]),
        snapshot([ORIGINAL], [replace(COPY, paid_on=nov(3))]),
        snapshot([ORIGINAL], [replace(COPY, reference="")]),
        snapshot([ORIGINAL], [replace(COPY, payment_type="Cash")]),
        snapshot([ORIGINAL], [replace(COPY, notes="hello\nXero payment P1")]),
        snapshot([ORIGINAL], [replace(COPY, payment_id=CasePaymentId(2))]),
        snapshot([ORIGINAL], [replace(COPY, payment_id=CasePaymentId("1"))]),
        replace(snapshot([ORIGINAL], [COPY]), xero_invoice_id=XeroInvoiceId("INV-200")),
    ],
)
def test_any_changed_fact_changes_it(other: InvoiceSnapshot) -> None:
    assert _fingerprint(other) != _fingerprint(snapshot([ORIGINAL], [COPY]))


def test_the_case_invoice_is_a_fact() -> None:
    facts = snapshot([ORIGINAL], [COPY])
    assert facts.case_invoice is not None
    moved_away = replace(facts, case_invoice=replace(facts.case_invoice, invoice_id=CaseInvoiceId(101)))
    assert _fingerprint(moved_away) != _fingerprint(facts)


def test_a_journal_that_does_not_lock_is_a_fact() -> None:
    policy = replace(POLICY, is_journalled_locked=False)
    found = [only(run(snapshot([ORIGINAL], [c]), policy)) for c in (COPY, replace(COPY, is_journalled=True))]
    assert found[0].fingerprint != found[1].fingerprint
    assert [e.holds for e in found[1].evidence if e.name == "not journalled"] == [False]


def test_what_is_near_is_a_fact() -> None:
    near = [_fingerprint(snapshot([xero()], [case(1, paid_on=nov(day))])) for day in (2, 3)]
    far = _fingerprint(snapshot([xero()], [case(1, paid_on=nov(20))]))
    assert len({*near, far}) == 3


def test_the_deleted_half_of_an_edit_is_a_fact() -> None:
    found = {
        _fingerprint(snapshot([xero("P1", before, deleted=True), xero("P2", "450")], [case(names="P1")]))
        for before in ("400", "401")
    }
    assert len(found) == 2


def test_the_limits_of_the_moment_are_no_facts() -> None:
    """R24, R25 and R27 judge anew each time; a refusal must survive that another proposal was applied (R31)."""
    assert _fingerprint(snapshot([xero()])) == _fingerprint(snapshot([xero()], invoice_total="1"))
    both = run(snapshot([xero("P1"), xero("P2")]))
    alone = run(snapshot([xero("P1"), xero("P2")], [case(names="P1")]))
    assert changes(alone) == {"add P2 400.00 twin"}
    assert only(alone).fingerprint in {p.fingerprint for p in both.proposals}


LEGAL = {
    "proposed": "proposed approved held rejected superseded",
    "approved": "approved applying proposed held rejected stale failed superseded",
    "applying": "applied failed stale proposed approved",
    "applied": "undone proposed",
    "undone": "proposed",
    "held": "proposed approved rejected superseded",
    "rejected": "proposed",
    "stale": "proposed superseded",
    "failed": "proposed approved held rejected superseded",
    "superseded": "proposed",
}


@pytest.mark.parametrize("now", list(ProposalState))
@pytest.mark.parametrize("wanted", list(ProposalState))
def test_legal_moves(now: ProposalState, wanted: ProposalState) -> None:
    if wanted.value in LEGAL[now.value].split():
        assert moved(now, wanted) is wanted
        return
    with pytest.raises(IllegalMoveError, match=f"that is {now} cannot become {wanted}") as caught:
        moved(now, wanted)
    assert (caught.value.now, caught.value.wanted) == (now, wanted)


def test_nothing_is_applied_that_nobody_approved() -> None:
    before = {state for state, moves in LEGAL_MOVES.items() if ProposalState.APPLIED in moves}
    assert before == {ProposalState.APPLYING}
    before = {state for state, moves in LEGAL_MOVES.items() if ProposalState.APPLYING in moves}
    assert before == {ProposalState.APPROVED}
    assert not DECLINED_STATES & (OPEN_STATES - {ProposalState.HELD})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (snapshot([xero()]), True),
        (snapshot([xero()], [case()]), True),
        (snapshot([xero("P1", deleted=True), xero("P2", "450")], [case(names="P1")]), True),
        (snapshot([xero("P1", "450")], [case(names="P1")]), False),
        (snapshot([xero(deleted=True)], [case(names="P1")]), False),
        (snapshot([xero()], [case(paid_on=nov(2))]), True),
        (snapshot([xero()], invoice_total="1"), False),
    ],
)
def test_r26_never_in_bulk(facts: InvoiceSnapshot, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert only(run(facts)).is_bulk_approvable is expected


@pytest.mark.parametrize("flag", list(Flag))
def test_r26_no_flag_goes_in_bulk(flag: Flag) -> None:
    """What could be wrong is decided one by one (R0)."""
    proposal = replace(only(run(snapshot([xero()]))), flags=frozenset({flag}))
    assert not proposal.is_bulk_approvable
    assert proposal.blocking_flags == ({flag} & BLOCKING_FLAGS)


def test_what_a_proposal_says_of_itself() -> None:
    removal = only(run(snapshot([xero(deleted=True)], [case(names="P1")])))
    assert (removal.xero_payment_id, removal.amount, removal.paid_on) == ("P1", aud("400"), nov(1))
    assert removal.effect == aud("-400")
    unasked = only(run(snapshot([], [case(notes="Xero payment")])))
    assert unasked.xero_payment_id is None
    empty = replace(removal, before=None)
    for name in ("amount", "paid_on"):
        with pytest.raises(ValueError, match="writes or accepts something"):
            getattr(empty, name)


def test_evidence_names_what_a_person_would_check() -> None:
    facts = snapshot([xero("P1", "450")], [case(names="P1")])
    assert [(e.name, e.holds) for e in only(run(facts)).evidence] == [
        ("invoice found", True),
        ("amount equal", False),
        ("date equal", True),
        ("not journalled", True),
        ("single invoice", True),
        ("control total agrees", True),
        ("not on an SOR schedule", True),
    ]
    assert len(only(run(snapshot([xero()]))).evidence) == 3
    near = only(run(snapshot([xero()], [case(1, "399")])))
    assert ("amount equal", False) in {(e.name, e.holds) for e in near.evidence}


BALANCES = [
    pytest.param([xero(amount="1000")], [], {"add P1 1,000.00"}, id="to nothing"),
    pytest.param([xero(amount="1000.06")], [], {"add P1 1,000.06 would_overpay"}, id="more than the tolerance"),
    pytest.param(
        [xero("P1", "700"), xero("P2", "500", nov(2)), xero("P3", "300", nov(3))],
        [],
        {"add P1 700.00", "add P2 500.00 would_overpay", "add P3 300.00"},
        id="what is blocked uses nothing up",
    ),
    pytest.param(
        [xero("P2", "700"), xero("P1", "500")], [], {"add P1 500.00", "add P2 700.00 would_overpay"}, id="by id"
    ),
    pytest.param(
        [xero("P2", "700", nov(1)), xero("P1", "500", nov(2))],
        [],
        {"add P2 700.00", "add P1 500.00 would_overpay"},
        id="by date first",
    ),
    pytest.param(
        [xero("P0", deleted=True), xero("P9", "1000", account="SOR Clearing")],
        [case(names="P0")],
        {"remove =1 400.00 sor", "add P9 1,000.00 beside_unmatched"},
        id="removals first",
    ),
    pytest.param(
        [xero("P1", "700"), xero("P2", "300", nov(2))],
        [case(1, "600", names="P1"), case(2, "400", nov(2), names="P2")],
        {"change P1=1 700.00 beside_unmatched edited_here", "change P2=2 300.00 beside_unmatched edited_here"},
        id="a change that lowers before one that raises",
    ),
    pytest.param(
        [xero("P1", "300")],
        [case(1, "1200", names="P1")],
        {"change P1=1 300.00 edited_here"},
        id="already overpaid, and lowered",
    ),
    pytest.param(
        [xero("P1", "1300")],
        [case(1, "1200", names="P1")],
        {"change P1=1 1,300.00 edited_here would_overpay"},
        id="already overpaid, and raised",
    ),
    pytest.param(
        [xero("P1", "1200", nov(2))],
        [case(1, "1200", names="P1")],
        {"change P1=1 1,200.00 edited_here"},
        id="already overpaid, only the date",
    ),
    pytest.param([xero(amount="0")], [case(1, "1200")], set(), id="an add of nothing"),
]


@pytest.mark.parametrize(("xero_side", "case_side", "expected"), BALANCES)
def test_r24_balance(xero_side: list[XeroPayment], case_side: list[CasePayment], expected: set[str]) -> None:
    assert changes(run(snapshot(xero_side, case_side))) == expected


def test_r24_balances_follow_each_other() -> None:
    found = run(snapshot([xero("P1", "300"), xero("P2", "200")])).proposals
    assert [(p.balance_before, p.balance_after) for p in found] == [
        (aud("1000"), aud("700")),
        (aud("700"), aud("500")),
    ]


def test_r24_adjustments_and_refunds_count() -> None:
    facts = snapshot([xero()], [case(1, "600", nov(9))])
    assert facts.case_invoice is not None
    invoice = replace(facts.case_invoice, adjustments=aud("-250"), refunds=aud("50"))
    assert balance_of(invoice, facts.case_payments) == aud("200")
    assert changes(run(replace(facts, case_invoice=invoice))) == {
        "add P1 400.00 balance_differs beside_unmatched would_overpay"
    }


def test_r24_what_was_declined_uses_nothing_up() -> None:
    facts = snapshot([xero("P1", "700"), xero("P2", "500")])
    first = next(p for p in run(facts).proposals if p.xero_payment_id == "P1")
    declined = snapshot([xero("P1", "700"), xero("P2", "500")], declined=[first.decision])
    assert changes(run(declined)) == {"add P1 700.00", "add P2 500.00"}


def test_r24_a_declined_removal_frees_nothing() -> None:
    payments, copies = [xero("P0", deleted=True), xero("P9", "1000", account="SOR Clearing")], [case(names="P0")]
    removal = next(p for p in run(snapshot(payments, copies)).proposals if p.kind is ProposalKind.REMOVE)
    found = run(snapshot(payments, copies, declined=[removal.decision]))
    assert any("add P9 1,000.00" in line and "would_overpay" in line for line in changes(found))
