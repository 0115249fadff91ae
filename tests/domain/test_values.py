"""Money, identifiers, notes, errors, placements and the tie-out statement."""

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain import errors
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.notes import MANUAL, NoteMark, read_mark, with_mark
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement, Reason
from cmxero_desktop.domain.records import CasePayment, Side, UnreadableRow, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.tie_out import TieOut, tie_out
from cmxero_desktop.domain.wording import SHORT
from tests.domain.support import POLICY, aud, case, nov, run, snapshot, unreadable, without_case_invoice, xero

cents = st.integers(min_value=-(10**17), max_value=10**17)


@pytest.mark.parametrize(
    ("given_as", "shown"),
    [("400", "400.00"), (12, "12.00"), (Decimal("1500.5"), "1,500.50"), ("-0", "0.00"), ("1E+3", "1,000.00")],
)
def test_money_reads_as_accountants_write(given_as: str | int | Decimal, shown: str) -> None:
    assert str(Money.of(given_as, "AUD")) == shown


@pytest.mark.parametrize(
    ("given_as", "said"),
    [
        ("0.001", "0.001 has more than two decimals"),
        ("NaN", "NaN is not an amount of money"),
        ("Infinity", "is not an amount of money"),
        ("four", "four is not an amount of money"),
        ("", " is not an amount of money"),
        ("1E+16", "too large"),
        ("-1E+16", "too large"),
        ("1E+999", "too large"),
        ("0.00000000000000000000000000000000000000000000001", "more than two decimals"),
    ],
)
def test_what_is_no_money_is_a_value_error(given_as: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("+", r"\+")):
        Money.of(given_as, "AUD")


def test_the_largest_money_keeps_its_cents() -> None:
    largest = aud("9999999999999999.99")
    assert total([largest] * 1000, "AUD").minor == 1000 * largest.minor


@given(cents, cents)
def test_money_adds_as_whole_cents_do(one: int, other: int) -> None:
    left, right = Money.from_minor(one, "AUD"), Money.from_minor(other, "AUD")
    assert (left + right).minor == one + other
    assert (left - right).minor == one - other
    assert (-left).minor == -one
    assert Money.of(left.amount, "AUD") == left
    assert left.amount.as_tuple().exponent == -2


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="AUD and NZD cannot be added"):
        aud("1") + Money.of(1, "NZD")
    with pytest.raises(ValueError, match="AUD and NZD cannot be added"):
        aud("1") - Money.of(1, "NZD")
    assert str(total([], "NZD")) == "0.00"


def test_keys_are_distinct_and_ordered() -> None:
    assert len({CasePaymentId(1), CaseInvoiceId(1)}) == 2
    keys = [CasePaymentId(value) for value in ("b", 10, 9, "a")]
    assert [str(key) for key in sorted(keys)] == [
        "9",
        "10",
        "a",
        "b",
    ]
    assert (str(CaseInvoiceId(7)), CaseInvoiceId("x").order) == ("7", (1, 0, "x"))


@pytest.mark.parametrize(
    ("notes", "mark"),
    [
        ("", MANUAL),
        ("cheque", MANUAL),
        ("Xero payment AB-1", NoteMark(is_imported=True, payment_id=XeroPaymentId("ab-1"))),
        ("from Ann\r\nXero payment AB1\r\nmore", NoteMark(is_imported=True, payment_id=XeroPaymentId("ab1"))),
        ("\tXero payment \t A1  ", NoteMark(is_imported=True, payment_id=XeroPaymentId("a1"))),
        ("Xero payment A1\nXero payment A2", NoteMark(is_imported=True, payment_id=XeroPaymentId("a2"))),
        ("see Xero payment A1", MANUAL),
        ("Xero payment A1 of May", MANUAL),
        ("Xero payment received", MANUAL),
        ("will not show as a Xero payment until it clears", MANUAL),
        ("in post\n xero PAYMENT ", NoteMark(is_imported=True)),
        ("xero payment A1", NoteMark(is_imported=True, payment_id=XeroPaymentId("a1"))),
    ],
)
def test_marks(notes: str, mark: NoteMark) -> None:
    assert read_mark(notes, "Xero payment") == mark


def test_the_firms_own_mark() -> None:
    assert read_mark("via link", "via link") == NoteMark(is_imported=True)
    assert read_mark("via link", "") == MANUAL
    assert read_mark("Xero payment A1", "").payment_id == "a1"
    assert read_mark("by link\n[link AB-1]", "[Link {id}]").payment_id == "ab-1"
    assert read_mark("see [link AB-1]", "[Link {id}]") == MANUAL


@pytest.mark.parametrize(
    ("notes", "after"),
    [
        ("", "Xero payment P2"),
        (" \n", "Xero payment P2"),
        ("by hand", "by hand\nXero payment P2"),
        ("by hand\n", "by hand\nXero payment P2"),
        ("by hand\r\nXero payment P1\r\nmore", "by hand\r\nXero payment P2\r\nmore"),
        ("Xero payment P0\nXero payment P1\nmore", "Xero payment P0\nXero payment P2\nmore"),
    ],
)
def test_the_note_is_replaced_or_put_behind(notes: str, after: str) -> None:
    assert with_mark(notes, XeroPaymentId("P2")) == after


@given(st.text(alphabet="aX1 \n\r\tXero payment", max_size=60))
def test_a_written_mark_is_read_back_and_no_word_is_lost(notes: str) -> None:
    written = with_mark(notes, XeroPaymentId("AB-12"))
    assert read_mark(written, "Xero payment").payment_id == "ab-12"
    if read_mark(notes, "").payment_id is None:
        assert written.split() == [*notes.split(), "Xero", "payment", "AB-12"]


def test_errors_say_what_and_what_to_do() -> None:
    error = errors.DeskError("The file is missing.", "Choose another one.")
    assert str(error) == "The file is missing. Choose another one."
    assert str(errors.DeskError("The file is missing.")) == "The file is missing."
    problems = errors.CaseManagerError("It does not fit.", "Correct it.", problems=("No table a.", "No table b."))
    assert str(problems) == "It does not fit. No table a. No table b. Correct it."
    paused = errors.XeroPausedError("Too many.", retry_after_s=7.5)
    assert (paused.retry_after_s, isinstance(paused, errors.XeroUnavailableError)) == (7.5, True)


def test_facts_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        xero().reference = "X"  # type: ignore[misc]  # that is what is tested


def _placement(
    xero: XeroPayment | None = None, case: CasePayment | None = None, unreadable: UnreadableRow | None = None
) -> Placement:
    return Placement(
        bucket=Bucket.SKIPPED,
        invoice_number="CM-100",
        rule=Rule.R30,
        explanation="",
        xero=xero,
        case=case,
        unreadable=unreadable,
    )


@pytest.mark.parametrize(
    ("row", "row_id", "side"),
    [
        (_placement(xero=xero(), case=case()), "x-P1", Side.XERO),
        (_placement(xero=xero(deleted=True), case=case(7)), "c-7", Side.CASE_MANAGER),
        (_placement(xero=xero(deleted=True)), "x-P1", Side.XERO),
        (_placement(case=case(7)), "c-7", Side.CASE_MANAGER),
        (_placement(unreadable=unreadable(Side.XERO)), "u-row 3", Side.XERO),
        (
            _placement(unreadable=replace(unreadable(Side.XERO), xero_payment_id=XeroPaymentId("P8"))),
            "x-P8",
            Side.XERO,
        ),
        (
            _placement(unreadable=replace(unreadable(Side.CASE_MANAGER), case_payment_id=CasePaymentId(8))),
            "c-8",
            Side.CASE_MANAGER,
        ),
        (_placement(), "u-CM-100", Side.CASE_MANAGER),
    ],
)
def test_a_row_has_a_name_and_a_side(row: Placement, row_id: str, side: Side) -> None:
    assert (row.row_id, row.side) == (row_id, side)


def test_every_reason_has_its_words() -> None:
    assert set(SHORT) == set(Reason)


def test_the_statement_names_each_step() -> None:
    facts = snapshot(
        [xero("P1"), xero("P2", "30"), xero("P3", "50", nov(28)), xero("P4", "9", currency="NZD")],
        [case(1, names="P1"), case(2, "7", nov(20)), case(3, "11", names="P4")],
    )
    statement = tie_out([(facts, run(facts))], POLICY)
    assert [(line.label, line.payments, str(line.amount)) for line in statement.lines] == [
        ("Only in Case Manager", 1, "7.00"),
        ("Only in Xero", 1, "-30.00"),
        ("Skipped: Dated ahead", 1, "-50.00"),
        ("Skipped: Other currency", 1, "11.00"),
    ]
    assert (str(statement.xero_total), str(statement.case_manager_total)) == ("480.00", "418.00")
    assert statement.is_explained


def test_the_statement_counts_what_could_not_be_read() -> None:
    facts = snapshot(
        [xero()],
        unreadable=[
            unreadable(Side.XERO, "a", "20"),
            unreadable(Side.CASE_MANAGER, "b", "5"),
            unreadable(Side.XERO, "c"),
        ],
    )
    statement = tie_out([(facts, run(facts))], POLICY)
    assert (str(statement.xero_total), str(statement.case_manager_total)) == ("420.00", "5.00")
    assert statement.is_explained


def test_the_statement_of_several_invoices() -> None:
    found = snapshot([xero()], [case()])
    lost = without_case_invoice(snapshot([xero("P2", "70")]))
    statement = tie_out([(found, run(found)), (lost, run(lost))], POLICY)
    assert [(line.label, str(line.amount)) for line in statement.lines] == [
        ("Skipped: Invoice not in Case Manager", "-70.00")
    ]
    assert not tie_out([(found, run(found)), (lost, Correlation())], POLICY).is_explained
    assert str(tie_out([(found, Correlation())], POLICY).difference) == "800.00"


@pytest.mark.parametrize(
    ("in_xero", "there", "lost", "said"),
    [
        ("700", "400", "0", "Case Manager counts 300.00 less paid than Xero, all of it named"),
        ("400", "700", "0", "Case Manager counts 300.00 more paid than Xero, all of it named"),
        ("400", "400", "0", "Case Manager counts as much paid as Xero"),
        ("400", "400", "5", "Case Manager counts as much paid as Xero, but 5.00 not explained"),
        ("700", "400", "5", "Case Manager counts 300.00 less paid than Xero, 5.00 not explained"),
    ],
)
def test_the_main_figure_is_said_in_words(in_xero: str, there: str, lost: str, said: str) -> None:
    assert TieOut(aud(in_xero), (), aud(there), aud(lost)).sentence == said
