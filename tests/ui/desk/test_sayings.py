"""What a person may say of a row: what is offered, and that it is asked for as it was chosen."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.services.verbs.commands.saying import Explain
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow, ReviewRow
from cmxero_desktop.ui.desk.sayings import sayings_of_payment, sayings_of_review, subject_of, subject_of_leftover
from cmxero_desktop.ui.sheets.questions import ReasonLine
from tests.domain.support import case, nov, snapshot, xero
from tests.ui.conftest import Stage
from tests.ui.keys import plain
from tests.ui.views import results_of, stored_of, view_of

APART = "These two are not the same money: never paired again, a link that waits is dropped, each is judged anew"

MakeStage = Callable[..., Stage]
BESIDE = snapshot([xero("P1"), xero("P2", "30")], [case(9, "33", nov(9))])
LOCKED = snapshot([xero("P1", deleted=True), xero("P2", "450")], [case(1, names="P1", journalled=True)])


def shown(facts: InvoiceSnapshot) -> DeskView:
    results = results_of([facts])
    return view_of(results, stored_of(results))


def payments(facts: InvoiceSnapshot) -> list[PaymentRow]:
    view = shown(facts)
    return [*view.matched, *view.unmatched, *view.skipped]


def words_of(row: PaymentRow | ReviewRow) -> list[str]:
    found = sayings_of_review(row) if isinstance(row, ReviewRow) else sayings_of_payment(row)
    return [choice.words for choice in found]


def test_a_leftover_may_be_each_of_xeros_open_payments_or_something_of_its_own() -> None:
    (row,) = [row for row in payments(BESIDE) if row.placement.case is not None]
    assert words_of(row) == [
        "Xero's 400.00 of 1 Nov 2026, entered otherwise",
        "Xero's 30.00 of 1 Nov 2026, entered otherwise",
        "Xero's 2 unmatched payments together",
        "other money, which Xero does not have",
        "wrong, and will be corrected in Case Manager",
        "from before: it stays as it stands, and is off this list",
    ]
    credited = snapshot([], [case(9, "33", nov(9))], credited="33")
    (only,) = payments(credited)
    assert words_of(only)[0] == "a credit or an overpayment that Xero shows as such"


CORRECTED = "Corrected elsewhere: a refund or an adjustment was entered for it"
WRONG = "wrong, and will be corrected in Case Manager"
GONE = xero("P1", deleted=True)
OTHER = "other money, which Xero does not have"
ASIDE = "from before: it stays as it stands, and is off this list"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (snapshot([GONE], [case(names="P1", journalled=True)]), [CORRECTED, OTHER, WRONG]),
        (snapshot([], [case(journalled=True)]), [CORRECTED, OTHER, WRONG, ASIDE]),
        (
            snapshot([GONE, xero("P2", "450")], [case(names="P1", journalled=True)]),
            ["Xero's 450.00 of 1 Nov 2026, entered otherwise", CORRECTED, WRONG],
        ),
        (
            snapshot([xero()], [case(amount="380", names="P1", journalled=True)]),
            ["Xero's 400.00 of 1 Nov 2026, entered otherwise", CORRECTED],
        ),
        (
            snapshot([], [case(group=True)]),
            [CORRECTED, OTHER, WRONG, "from before: it stays as it stands, and is off this list"],
        ),
        (snapshot([xero()], [case(amount="30")], amount_paid="7"), []),
    ],
)
def test_of_a_skipped_payment_is_said_what_takes_it_off_its_list(facts: InvoiceSnapshot, words: list[str]) -> None:
    """A payment that waits for a locked one is let in by what is said of that alone, so other money is no answer."""
    (row,) = [row for row in payments(facts) if row.placement.case is not None]
    assert words_of(row) == words


def test_of_xeros_own_payment_nothing_is_said() -> None:
    assert [words_of(row) for row in payments(BESIDE) if row.placement.case is None] == [[], []]


def test_a_pair_may_be_none_unless_notes_name_it() -> None:
    pair = payments(snapshot([xero()], [case(journalled=True)]))
    assert [words_of(row) for row in pair] == [[APART]]
    assert [words_of(row) for row in payments(snapshot([xero()], [case(names="P1")]))] == [[]]


def test_an_addition_that_a_locked_payment_blocks_may_be_there_or_be_corrected() -> None:
    (row,) = shown(LOCKED).review
    assert words_of(row) == [
        "The money stands there already: it is 400.00 of 1 Nov 2026 (no. 1)",
        CORRECTED,
    ]
    (plain,) = shown(snapshot([xero()])).review
    assert words_of(plain) == []


def test_what_stands_on_another_invoice_may_be_other_money_or_wrong_there() -> None:
    own = case(8, "33", nov(9))
    there = replace(case(7, "400", nov(3)), invoice_id=CaseInvoiceId(77))
    elsewhere = results_of([snapshot([], [there], number=102), snapshot([xero()], [own])])
    view = view_of(elsewhere, stored_of(elsewhere))
    (row,) = [r for r in view.review if r.stored.proposal.invoice_number == "CM-100"]
    assert words_of(row) == [
        "400.00 of 3 Nov 2026 (no. 7), on the other invoice, is other money",
        "400.00 of 3 Nov 2026 (no. 7), on the other invoice, is wrong there, and will be corrected in Case Manager",
    ]
    made = sayings_of_review(row)[0].keep("Ann", "seen")
    assert made == Explain(case_payment_id=CasePaymentId(7), by="Ann", reason="seen", what=Explained.OTHER)


def test_what_is_asked_about_is_named_with_both_sides_invoice_and_payer() -> None:
    (locked,) = payments(snapshot([xero("P1", deleted=True)], [case(1, names="P1", journalled=True)]))
    assert subject_of(locked).endswith("Xero had 400.00 of 1 Nov 2026; Case Manager 400.00 of 1 Nov 2026 (no. 1).")
    (pair,) = payments(snapshot([xero()], [case(journalled=True)]))
    assert "Xero 400.00 of 1 Nov 2026; Case Manager 400.00" in subject_of(pair)
    there = replace(case(9, "33", nov(9)))
    assert subject_of_leftover("CM-9", "Acme", there) == "CM-9, Acme: Case Manager 33.00 of 9 Nov 2026 (no. 9)."
    assert subject_of_leftover("CM-9", "", there).startswith("CM-9: Case Manager")


@pytest.fixture
def choose(make_stage: MakeStage) -> Callable[..., Stage]:
    def chosen(facts: InvoiceSnapshot, position: int, *, in_review: bool = False) -> Stage:
        view = shown(facts)
        stage = make_stage(view)
        stage.settle()
        pane = stage.window.evidence
        content = stage.window.desk.content
        assert content is not None
        if in_review:
            pane.show_review(view.review[0], content)
        else:
            rows = [*view.unmatched, *view.matched, *view.skipped]
            pane.show_payment(next(row for row in rows if row.placement.case is not None), content)
        assert not pane.say_button.isHidden()
        pane.say_button.click()
        accept = next(b for b in stage.sheet().findChildren(QPushButton) if plain(b.text()) == "Keep it")
        lacking = stage.sheet().findChildren(ReasonLine)[0].lacking
        assert accept.toolTip() == lacking.text() == "Choose first what it is."
        said = "\n".join(label.text() for label in stage.sheet().findChildren(QLabel))
        assert re.search(r"CM-100\b.*\b(400|33)\.00 of", said), "which payment is asked about is named"
        stage.sheet().findChildren(QRadioButton)[position].setChecked(True)
        assert accept.toolTip() == lacking.text() == "Give a reason first: say in a few words why."
        stage.type_reason("the bank says so")
        stage.press("Keep")
        stage.settle()
        return stage

    return chosen


@pytest.mark.parametrize(
    ("facts", "position", "in_review", "call"),
    [
        (BESIDE, 0, False, ("explain", CasePaymentId(9), None, ("P1",))),
        (BESIDE, 3, False, ("explain", CasePaymentId(9), Explained.OTHER, ())),
        (snapshot([GONE], [case(names="P1", journalled=True)]), 0, False, ("corrected", "c-1")),
        (replace(snapshot([xero()], [case(journalled=True)])), 0, False, ("unpair", "x-P1")),
        (LOCKED, 1, True, ("corrected",)),
        (LOCKED, 0, True, ("already_there",)),
    ],
)
def test_what_is_chosen_is_kept_with_who_and_why(
    choose: Callable[..., Stage],
    facts: InvoiceSnapshot,
    position: int,
    in_review: bool,  # noqa: FBT001 - a column of the table
    call: tuple[object, ...],
) -> None:
    (made,) = choose(facts, position, in_review=in_review).fake.calls
    assert made[: len(call)] == call
    assert made[-2:] == ("J. Wu", "the bank says so")
