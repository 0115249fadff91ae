"""What a person is told before an answer is what then happens: each sentence is held against the judgement itself."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.alternatives import alternatives
from cmxero_desktop.domain.choices import linkable
from cmxero_desktop.domain.consequences import consequences, if_rejected, link_effect
from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.wording import day
from tests.domain.support import POLICY, aud, case, judged, nov, snapshot, xero


def told(proposal: Proposal, seen: InvoiceSnapshot, close: CasePayment | None = None) -> dict[str, str]:
    """Return the sentences by the answer."""
    due = seen.xero_invoice.due if seen.xero_invoice is not None else None
    return {c.answer: c.sentence for c in consequences(proposal, balance_of_invoice(seen), POLICY, close, due)}


def balance_of_invoice(seen: InvoiceSnapshot) -> Money:
    assert seen.case_invoice is not None
    return balance_of(seen.case_invoice, seen.case_payments)


def only(seen: InvoiceSnapshot) -> Proposal:
    (proposal,) = judged(seen).proposals
    return proposal


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (xero(amount="330", paid_on=nov(23), reference="R"), case(amount="330", paid_on=nov(22))),
        (xero(amount="540", paid_on=nov(22)), case(amount="450", paid_on=nov(22), reference="EFT")),
        (xero(amount="330", paid_on=nov(23)), case(amount="335", paid_on=nov(22), reference="EFT")),
    ],
)
def test_a_link_does_what_it_says_before(here: XeroPayment, there: CasePayment) -> None:
    seen = snapshot([here], [there], invoice_total="1000", xero_total="1001")
    addition = only(seen)
    (close,) = linkable(addition, POLICY)
    said = told(addition, seen, close)["If the same payment"]
    change = only(replace(seen, decisions=snapshot([here], [there], links=[("P1", 1)]).decisions))
    assert change.kind is ProposalKind.CHANGE
    assert change.after is not None
    assert ("date becomes" in said) == (change.after.paid_on != there.paid_on)
    assert (f"amount becomes {change.after.amount}" in said) == (change.after.amount != there.amount)
    assert ("reference becomes" in said) == (change.after.reference != there.reference)
    assert "and its Notes name the Xero payment; " in said
    assert "Xero payment P1" in change.after.notes
    if change.balance_after == change.balance_before:
        assert f"Case Manager's balance stays {change.balance_after}." in said
    else:
        assert f"balance becomes {change.balance_after} (now {change.balance_before})." in said
    said, rest = said.split(" Xero says ")
    assert "1.00 is owed: Tie-out, Debtors, says why they differ." in rest, "both totals differ by 1.00"
    is_far = here.amount != there.amount and here.paid_on != there.paid_on
    assert ("it is offered as the only unmatched payment of this invoice." in rest) is is_far
    alike = snapshot([here], [there], invoice_total="1000", xero_total="1000")
    assert "Xero says" not in told(only(alike), alike, close)["If the same payment"], "both sides agree by then"
    cents = snapshot([here], [there], invoice_total="1000", xero_total="1000.05")
    assert "Xero says" not in told(only(cents), cents, close)["If the same payment"], "cents of tax"
    effect = link_effect(addition, balance_of_invoice(seen), POLICY, close)
    assert effect is not None
    assert (effect.amount, effect.paid_on, effect.reference) == (
        change.after.amount,
        change.after.paid_on,
        change.after.reference,
    )
    assert (effect.balance_before, effect.balance_after) == (change.balance_before, change.balance_after)
    assert effect.moves_amount == bool(change.effect.minor)
    approved = told(change, seen)["If changed"]
    assert said.split(": ", 1)[1] == approved


def test_an_addition_says_what_is_added_and_what_is_owed_then() -> None:
    seen = snapshot([xero(amount="400", paid_on=nov(3))], invoice_total="1000")
    assert told(only(seen), seen) == {
        "If added": "a payment of 400.00 on 3 Nov 2026 (EFT) is added; "
        "Case Manager's balance becomes 600.00 (now 1,000.00).",
        "If on hold or rejected": "nothing is written; Case Manager's balance stays 1,000.00.",
        "In Xero": "nothing is changed; 600.00 stays owed.",
    }


def test_where_xero_is_paid_in_full_nothing_is_owed() -> None:
    seen = snapshot([xero(amount="400", paid_on=nov(3))], invoice_total="400", xero_total="400")
    assert told(only(seen), seen)["In Xero"] == "nothing is changed; nothing is owed."


def test_what_would_overpay_says_by_how_much_and_cannot_be_approved() -> None:
    seen = snapshot([xero(amount="400")], [case(2, "300", nov(9))], invoice_total="500")
    addition = only(seen)
    assert Flag.WOULD_OVERPAY in addition.flags
    found = {c.answer: c for c in consequences(addition, aud("200"), POLICY)}
    assert found["If added"].is_closed
    assert found["If added"].sentence.endswith("It would be overpaid by 200.00.")
    assert not found["If on hold or rejected"].is_closed


def test_a_removal_and_a_link_say_what_becomes_of_the_balance() -> None:
    gone = snapshot([xero(deleted=True)], [case(names="P1")])
    assert told(only(gone), gone)["If removed"] == (
        "400.00 of 1 Nov 2026 is deleted from Case Manager; Case Manager's balance becomes 1,000.00 (now 600.00)."
    )
    same = snapshot([xero()], [case()])
    assert (
        told(only(same), same)["If approved"] == "its Notes name the Xero payment; Case Manager's balance stays 600.00."
    )


def test_an_edit_says_each_value_that_changes() -> None:
    seen = snapshot(
        [xero("P1", "700", nov(2), deleted=True, reference="A"), xero("P2", "725", nov(3), reference="B")],
        [case(names="P1", amount="700", paid_on=nov(2), reference="A")],
    )
    assert told(only(seen), seen)["If changed"] == (
        "its amount becomes 725.00 (was 700.00), its date becomes 3 Nov 2026, its reference becomes B, "
        "and its Notes name the Xero payment; Case Manager's balance becomes 275.00 (now 300.00)."
    )


def test_an_acceptance_writes_nothing_and_may_be_linked_instead() -> None:
    seen = snapshot([xero(amount="330", paid_on=nov(23))], [case(amount="330", paid_on=nov(22))])
    accept = only(seen)
    assert accept.kind is ProposalKind.ACCEPT
    said = told(accept, seen, accept.accepted_as[0])
    assert said["If accepted"].startswith("nothing is written, both sides are remembered as the same money")
    assert said["If the same payment"] == (
        "330.00 of 22 Nov 2026 is this money: its date becomes 23 Nov 2026, and its Notes name the Xero payment; "
        "Case Manager's balance stays 670.00."
    )
    bare = replace(accept, accepted=())
    assert (
        consequences(replace(bare, after=None), None, POLICY, case())[0].sentence == "both are called the same money."
    )


def test_a_link_of_an_edit_offers_its_copy_for_removal() -> None:
    seen = snapshot(
        [xero("P1", "700", nov(2), deleted=True), xero("P2", "725", nov(3))],
        [case(1, "700", nov(2), names="P1"), case(2, "725", nov(4))],
        invoice_total="2000",
    )
    edit = next(p for p in judged(seen).proposals if p.kind is ProposalKind.CHANGE)
    said = told(edit, seen, seen.case_payments[1])["If the same payment"]
    assert said.endswith("the copy that this row is about is offered for removal.")


def test_an_equal_payment_is_linked_by_its_notes_alone_and_an_unknown_balance_is_not_spoken_of() -> None:
    addition = only(snapshot([xero()]))
    (linked, added, declined, in_xero) = consequences(
        replace(addition, balance_before=None, balance_after=None), None, POLICY, case()
    )
    assert linked.sentence == "400.00 of 1 Nov 2026 is this money, and its Notes name the Xero payment."
    assert added.sentence == "a payment of 400.00 on 1 Nov 2026 (EFT) is added."
    assert declined.sentence == "nothing is written."
    assert in_xero.sentence == "nothing is changed."
    known = consequences(replace(addition, balance_before=None, balance_after=None), aud("1000"), POLICY)
    assert known[0].sentence.endswith("Case Manager's balance becomes 600.00 (now 1,000.00).")


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ([xero()], [], "Xero keeps its 400.00, which Case Manager will not have."),
        (
            [xero(deleted=True)],
            [case(names="P1")],
            "Case Manager keeps 400.00 of 1 Nov 2026, which Xero does not have.",
        ),
        ([xero()], [case()], "Case Manager keeps 400.00 as it is; its Notes do not name the Xero payment."),
        (
            [xero(amount="500")],
            [case(names="P1")],
            "Case Manager keeps 400.00 of 1 Nov 2026, while Xero has 500.00 of 1 Nov 2026.",
        ),
        (
            [xero(amount="330", paid_on=nov(23))],
            [case(amount="330", paid_on=nov(22))],
            "Both sides stay as they are and are not remembered as the same money.",
        ),
    ],
)
def test_a_rejection_says_what_stands_then(here: list[XeroPayment], there: list[CasePayment], said: str) -> None:
    assert if_rejected(only(snapshot(here, there))) == said


def test_a_reference_that_goes_is_called_blank() -> None:
    change = only(snapshot([xero(amount="500")], [case(names="P1", reference="A")]))
    assert change.after is not None
    bare = replace(change, after=replace(change.after, reference=""))
    assert "its reference becomes blank" in consequences(bare, None, POLICY)[0].sentence


# What else was looked at


def why_not(seen: InvoiceSnapshot, proposal: Proposal) -> dict[int | str, str]:
    return {a.payment.payment_id.value: a.why for a in alternatives(proposal, seen, judged(seen))}


def test_each_alternative_says_why_it_lost() -> None:
    seen = snapshot(
        [xero("P1", "400", nov(9)), xero("P2", "400", nov(9))],
        [case(1, "400", nov(9), names="P1"), case(2, "350", nov(8)), case(3, "405", nov(11))],
        invoice_total="5000",
        xero_total="5001",
    )
    addition = next(p for p in judged(seen).proposals if p.kind is ProposalKind.ADD)
    assert why_not(seen, addition) == {
        1: f"matched with Xero's 400.00 of {day(nov(9))}",
        2: "50.00 less, 1 day earlier",
        3: "5.00 more, 2 days later",
    }


def test_what_the_row_itself_is_about_is_no_alternative_and_a_removal_has_none() -> None:
    same = snapshot([xero()], [case()])
    assert why_not(same, only(same)) == {}
    gone = snapshot([xero(deleted=True)], [case(names="P1")])
    assert why_not(gone, replace(only(gone), xero=None)) == {}


def test_one_of_another_invoice_says_so_and_an_equal_one_too() -> None:
    seen = snapshot([xero()])
    stray = replace(case(9), invoice_id=case(9).invoice_id.__class__(7))
    proposal = replace(only(seen), near=(stray,), beside=(case(8),))
    assert why_not(seen, proposal) == {9: "on another invoice", 8: "equal, but one payment stands for one"}
