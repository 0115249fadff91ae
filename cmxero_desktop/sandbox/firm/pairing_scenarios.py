"""Scenarios 1 to 20: how payments and their copies meet, or do not, on invoices of the invented firm."""

from cmxero_desktop.sandbox.firm.books import Books
from cmxero_desktop.sandbox.firm.scenario import Scenario
from cmxero_desktop.sandbox.ledger.entries import CreditKind


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
    books.credited(21701, CreditKind.CREDIT_NOTE, "1000.00", "CN-88")


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


MATCHING_SCENARIOS = (
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
)
