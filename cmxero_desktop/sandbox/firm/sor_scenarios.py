"""Invoices under SOR schedules in every state, beside the two of scenario 20: what both systems hold of them."""

from cmxero_desktop.sandbox.firm.books import Books
from cmxero_desktop.sandbox.firm.scenario import Scenario

LISTED, FAILED, CANCELLED, DEFAULTED, COMPLETED, MARKED = 23401, 23402, 23403, 23404, 23405, 23406


def _every_state(books: Books) -> None:
    for number in (LISTED, FAILED, CANCELLED, DEFAULTED):
        books.invoice(number, "900.00", 60)
        books.linked(number, "100.00", 40, account=books.clearing_account)
    books.invoice(COMPLETED, "600.00", 90)
    for days_ago in (70, 40):
        books.linked(COMPLETED, "300.00", days_ago, account=books.clearing_account)
    books.invoice(MARKED, "750.00", 20)


SOR_SCENARIOS = (
    Scenario(
        44,
        "SOR schedules in every state",
        "all matched; the schedules are derived until somebody says more of them",
        (LISTED, FAILED, CANCELLED, DEFAULTED, COMPLETED, MARKED),
        _every_state,
    ),
)
