"""Scenarios from 21 on: what happens after a decision, and the rows that the rules leave undisturbed."""

from collections.abc import Callable

from cmxero_desktop.sandbox.firm.books import Books
from cmxero_desktop.sandbox.firm.scenario import Scenario
from cmxero_desktop.sandbox.ledger.entries import CreditKind

UNREADABLE_INVOICE = "CM-23305"


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


def _other_currency(books: Books) -> None:
    books.invoice(23301, "250.00", currency="NZD")
    books.paid(23301, "250.00", 3)


def _settled_another_way(books: Books) -> None:
    books.invoice(23302, "300.00")
    books.credited(23302, CreditKind.OVERPAYMENT, "120.00")
    books.invoice(23303, "300.00")
    books.credited(23303, CreditKind.PREPAYMENT, "300.00")


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


EXCEPTION_SCENARIOS = (
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
