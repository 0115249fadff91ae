"""The named situations that the invented firm holds: for each, its invoices and what is to be decided."""

from collections.abc import Callable
from dataclasses import dataclass

from cmxero_desktop.sandbox.firm_books import PREFIX, Books
from cmxero_desktop.sandbox.records import CreditKind


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation. `expected` says what becomes of it, invoice by invoice where they differ."""

    number: int
    name: str
    expected: str
    invoices: tuple[int, ...]
    build: Callable[[Books], None]

    @property
    def invoice_numbers(self) -> tuple[str, ...]:
        """Return the numbers as Xero shows them."""
        return tuple(f"{PREFIX}{number}" for number in self.invoices)


def _new_payment(books: Books) -> None:
    books.invoice(20101, "1500.00")
    books.paid(20101, "1500.00", 1, reference="REM889")


def _entered_by_hand(books: Books) -> None:
    books.invoice(20201, "640.00")
    books.paid(20201, "640.00", 12, reference="REM802")
    books.copied(20201, "640.00", 12, reference="REM802")


def _linked_already(books: Books) -> None:
    books.invoice(20301, "415.50")
    books.linked(20301, "415.50", 18)


def _near_doubles(books: Books) -> None:
    books.invoice(20401, "990.00")
    books.paid(20401, "330.00", 2)
    books.copied(20401, "330.00", 3, reference="EFT")
    books.invoice(20402, "330.00")
    books.paid(20402, "330.00", 2)
    books.copied(20402, "330.00", 3, reference="EFT")
    books.invoice(20403, "1200.00")
    books.paid(20403, "540.00", 4)
    books.copied(20403, "450.00", 4)


def _twins_one_copy(books: Books) -> None:
    books.invoice(20501, "1000.00")
    books.paid(20501, "400.00", 9)
    books.paid(20501, "400.00", 9)
    books.copied(20501, "400.00", 9)


def _twins_two_copies(books: Books) -> None:
    books.invoice(20601, "500.00")
    books.linked(20601, "250.00", 14)
    books.linked(20601, "250.00", 14)


def _deleted(books: Books) -> None:
    books.invoice(20701, "880.00")
    payment_id = books.linked(20701, "880.00", 26)
    books.ledger.delete_payment(payment_id, at=books.entered(books.day(1)))


def _deleted_journalled(books: Books) -> None:
    books.invoice(20801, "880.00")
    payment_id = books.linked(20801, "880.00", 27, journal="1042")
    books.ledger.delete_payment(payment_id, at=books.entered(books.day(1)))


def _edited(books: Books) -> None:
    books.invoice(20901, "1000.00")
    payment_id = books.linked(20901, "400.00", 15)
    books.ledger.edit_payment(payment_id, amount="450.00", at=books.entered(books.day(1)))
    books.invoice(20902, "1000.00")
    payment_id = books.linked(20902, "400.00", 16, journal="1042")
    books.ledger.edit_payment(payment_id, amount="450.00", at=books.entered(books.day(1)))


def _multi_invoice_equal(books: Books) -> None:
    group = books.new_group()
    for number, amount in ((21001, "770.00"), (21002, "990.00"), (21003, "550.00")):
        books.invoice(number, amount)
        books.paid(number, amount, 20)
        books.copied(number, amount, 20, group=group)


def _multi_invoice_differs(books: Books) -> None:
    group = books.new_group()
    for number, amount, copied in (
        (21101, "400.00", "350.00"),
        (21102, "610.00", "610.00"),
        (21103, "120.75", "120.75"),
    ):
        books.invoice(number, "1000.00")
        books.paid(number, amount, 19)
        books.copied(number, copied, 19, group=group)


def _beyond_the_limit(books: Books) -> None:
    books.invoice(21201, "400.00")
    books.paid(21201, "400.00", -6, entered_days_ago=2)


def _on_the_limit(books: Books) -> None:
    books.invoice(21301, "400.00")
    books.paid(21301, "400.00", -5, entered_days_ago=2)


def _only_in_case_manager(books: Books) -> None:
    books.invoice(21401, "275.00")
    books.copied(21401, "275.00", 11, reference="Cheque 000412")


def _unknown_invoice(books: Books) -> None:
    books.invoice(21501, "199.95", in_case=False)
    books.paid(21501, "199.95", 3)


def _would_overpay(books: Books) -> None:
    books.invoice(21601, "1000.00", 60)
    books.paid(21601, "1000.00", 21)
    books.copied(21601, "900.00", 48)


def _credit_note_settles(books: Books) -> None:
    books.invoice(21701, "1000.00")
    _credited(books, 21701, CreditKind.CREDIT_NOTE, "1000.00", "CN-88")


def _numbers_that_mislead(books: Books) -> None:
    books.invoice(21801, "500.00")
    day = books.day(8)
    credit_id = books.ledger.add_credit(
        CreditKind.CREDIT_NOTE, books.contacts[0], "200.00", day, number="CM-21801", at=books.entered(day)
    )
    books.ledger.refund_credit(credit_id, "200.00", day, books.cheque_account, at=books.entered(day))
    books.invoice(21802, "300.00", in_xero=False)
    bill_id = books.bill(21802, "300.00")
    books.ledger.add_payment(bill_id, "300.00", day, books.cheque_account, at=books.entered(day))


def _batch(books: Books) -> None:
    parts = ((21901, "310.00"), (21902, "425.10"), (21903, "88.90"))
    for number, amount in parts:
        books.invoice(number, amount)
    day = books.day(2)
    books.ledger.add_batch(
        [(books.xero_id(number), amount) for number, amount in parts],
        day,
        books.cheque_account,
        reference="REM BATCH 31",
        at=books.entered(day),
    )


def _sor_schedule(books: Books) -> None:
    books.invoice(22001, "4500.00", 70)
    for days_ago in (62, 31):
        books.linked(22001, "500.00", days_ago, account=books.clearing_account)
    books.paid(22001, "500.00", 1, account=books.clearing_account, reference="[Apxium:6631183]")
    books.paid(22001, "1200.00", 3, reference="Client paid direct")
    books.invoice(22002, "1800.00", 50)
    books.linked(22002, "600.00", 33, account=books.clearing_account)


def _adds(number: int, *amounts: str) -> Callable[[Books], None]:
    """Return a scenario of one invoice with a new payment, whose point is what is done with it afterwards."""

    def build(books: Books) -> None:
        books.invoice(number, "1000.00")
        for index, amount in enumerate(amounts):
            books.paid(number, amount, 2 + index, reference=f"REM{number % 1000}")

    return build


def _open_invoice(number: int) -> Callable[[Books], None]:
    return lambda books: books.invoice(number, "1000.00")


def _formula_reference(books: Books) -> None:
    books.invoice(23101, "75.00")
    books.paid(23101, "75.00", 2, reference='=HYPERLINK("http://127.0.0.1/","Refund")')


def _ten_cents(books: Books) -> None:
    books.invoice(23201, "100.30")
    books.paid(23201, "0.10", 2)
    books.linked(23201, "0.20", 5)


def _credited(books: Books, number: int, kind: CreditKind, amount: str, credit_number: str = "") -> None:
    day = books.day(10)
    credit_id = books.ledger.add_credit(
        kind,
        books.ledger.invoices[books.xero_id(number)].contact,
        amount,
        day,
        number=credit_number,
        at=books.entered(day),
    )
    books.ledger.apply_credit(credit_id, books.xero_id(number), amount, day, at=books.entered(day))


def _other_currency(books: Books) -> None:
    books.invoice(23301, "250.00", currency="NZD")
    books.paid(23301, "250.00", 3)


def _settled_another_way(books: Books) -> None:
    books.invoice(23302, "300.00")
    _credited(books, 23302, CreditKind.OVERPAYMENT, "120.00")
    books.invoice(23303, "300.00")
    _credited(books, 23303, CreditKind.PREPAYMENT, "300.00")


def _notes_full(books: Books) -> None:
    books.invoice(23304, "220.00")
    books.paid(23304, "220.00", 13)
    books.copied(23304, "220.00", 13, notes="Long story. " * 41)


def _unreadable(books: Books) -> None:
    books.invoice(23305, "180.00")
    books.paid(23305, "180.00", 3)


def _control_total(books: Books) -> None:
    books.invoice(23306, "900.00")
    books.paid(23306, "300.00", 3)
    books.ledger.pay_unlisted(books.xero_id(23306), "150.00")


def _names_no_payment(books: Books) -> None:
    unknown = "00000000-0000-4000-8000-000000000404"
    books.invoice(23307, "310.00")
    books.copied(23307, "310.00", 24, names=unknown)
    books.invoice(23308, "310.00")
    books.copied(23308, "310.00", 24, names=unknown, journal="1040")


def _copy_was_altered(books: Books) -> None:
    books.invoice(23309, "700.00")
    payment_id = books.paid(23309, "500.00", 22)
    books.copied(23309, "505.00", 22, names=payment_id)


def _applied_late(books: Books) -> None:
    books.invoice(23310, "260.00", 75)
    books.paid(23310, "260.00", 58, entered_days_ago=1)


def _other_prefix(books: Books) -> None:
    day = books.day(6)
    for number in ("cm-23311", "CM23311", "INV-23311"):
        invoice_id = books.ledger.add_invoice(number, books.contacts[2], "90.00", day, at=books.entered(day))
        books.ledger.add_payment(invoice_id, "90.00", day, books.cheque_account, at=books.entered(day))
    books.invoice(23311, "90.00", in_xero=False)


def _journalled_equal(books: Books) -> None:
    books.invoice(23312, "345.00")
    books.paid(23312, "345.00", 29)
    books.copied(23312, "345.00", 29, journal="1041")


def _deleted_by_hand_copy(books: Books) -> None:
    books.invoice(23313, "400.00")
    payment_id = books.paid(23313, "400.00", 23)
    books.copied(23313, "400.00", 23)
    books.ledger.delete_payment(payment_id, at=books.entered(books.day(2)))


SCENARIOS = (
    Scenario(1, "new payment", "add", (20101,), _new_payment),
    Scenario(2, "exact copy entered by hand", "link", (20201,), _entered_by_hand),
    Scenario(3, "linked already", "matched", (20301,), _linked_already),
    Scenario(
        4,
        "copy nearly equal",
        "add with near_double; 20402 with would_overpay as well; 20403 by swapped digits",
        (20401, 20402, 20403),
        _near_doubles,
    ),
    Scenario(5, "twins, one copy", "link of one and add of the other with twin", (20501,), _twins_one_copy),
    Scenario(6, "twins, two copies", "both matched", (20601,), _twins_two_copies),
    Scenario(7, "deleted in Xero", "remove", (20701,), _deleted),
    Scenario(8, "deleted in Xero, journalled", "skipped JOURNALLED", (20801,), _deleted_journalled),
    Scenario(
        9,
        "edited in Xero",
        "20901 one change to 450.00; 20902 skipped JOURNALLED and add with journalled_counterpart",
        (20901, 20902),
        _edited,
    ),
    Scenario(10, "multi-invoice copy, equal", "matched, no note", (21001, 21002, 21003), _multi_invoice_equal),
    Scenario(
        11,
        "multi-invoice copy, differs",
        "21101 skipped MULTI_INVOICE and add of 400.00; the other two matched, no note",
        (21101, 21102, 21103),
        _multi_invoice_differs,
    ),
    Scenario(12, "dated beyond the limit", "skipped FUTURE_DATED until tomorrow", (21201,), _beyond_the_limit),
    Scenario(13, "dated exactly on the limit", "add", (21301,), _on_the_limit),
    Scenario(14, "only in Case Manager", "unmatched, undisturbed", (21401,), _only_in_case_manager),
    Scenario(15, "number not in Case Manager", "skipped NO_INVOICE", (21501,), _unknown_invoice),
    Scenario(16, "would overpay", "add with would_overpay; the copy unmatched", (21601,), _would_overpay),
    Scenario(17, "credit note settles the invoice", "settled another way 1000.00", (21701,), _credit_note_settles),
    Scenario(18, "credit note and bill numbered CM-", "nothing at all", (21801, 21802), _numbers_that_mislead),
    Scenario(19, "batch payment", "three adds of one batch", (21901, 21902, 21903), _batch),
    Scenario(
        20,
        "SOR schedule",
        "22001 add of 500.00 (instalment) and 1200.00 (outside) with sor, one alert; 22002 clean",
        (22001, 22002),
        _sor_schedule,
    ),
    Scenario(21, "forty removals at once", "happening forty_deleted: all with over_limit", (), lambda _: None),
    Scenario(
        22,
        "changed in Xero after approval",
        "add; after happening changed_after_approval stale",
        (22201,),
        _adds(22201, "640.00"),
    ),
    Scenario(23, "applied, then undone", "add; after its undo not proposed", (22301,), _adds(22301, "120.00")),
    Scenario(
        24,
        "journalled after it was applied",
        "add; after happening journalled_since undo is refused",
        (22401,),
        _adds(22401, "130.00"),
    ),
    Scenario(25, "same second approver", "add", (22501,), _adds(22501, "140.00")),
    Scenario(26, "crash between write and record", "two adds", (22601,), _adds(22601, "150.00", "160.00")),
    Scenario(
        27,
        "asleep over two runs",
        "nothing; after happening slept_over_two_runs an add of 250.00",
        (22701,),
        _open_invoice(22701),
    ),
    Scenario(28, "sign-in expired", "happening sign_in_expired", (), lambda _: None),
    Scenario(29, "Case Manager unreachable", "happenings case_manager_down and _up", (), lambda _: None),
    Scenario(
        30,
        "Case Manager's own link is on",
        "add; after happening case_manager_link_writes an alert and observe mode",
        (23001,),
        _adds(23001, "170.00"),
    ),
    Scenario(31, "reference like a formula", "add; text in an export", (23101,), _formula_reference),
    Scenario(32, "ten cents", "add of 0.10; 0.20 matched", (23201,), _ten_cents),
    Scenario(33, "other currency", "skipped CURRENCY", (23301,), _other_currency),
    Scenario(
        34,
        "overpayment and prepayment applied",
        "settled another way 120.00 and 300.00",
        (23302, 23303),
        _settled_another_way,
    ),
    Scenario(35, "notes full", "skipped NOTES_FULL", (23304,), _notes_full),
    Scenario(36, "row that cannot be read", "skipped UNREADABLE", (23305,), _unreadable),
    Scenario(37, "control total fails", "skipped CONTROL_TOTAL", (23306,), _control_total),
    Scenario(
        38,
        "imported, names an unknown payment",
        "23307 remove; 23308 skipped JOURNALLED",
        (23307, 23308),
        _names_no_payment,
    ),
    Scenario(39, "imported copy was altered", "change back to 500.00", (23309,), _copy_was_altered),
    Scenario(40, "old cash payment applied late", "add dated 58 days ago", (23310,), _applied_late),
    Scenario(41, "nearly the prefix", "nothing at all", (23311,), _other_prefix),
    Scenario(42, "journalled and equal", "matched, no note", (23312,), _journalled_equal),
    Scenario(43, "deleted in Xero, copy by hand", "unmatched, undisturbed", (23313,), _deleted_by_hand_copy),
)
UNREADABLE_INVOICE = "CM-23305"
