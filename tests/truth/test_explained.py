"""Somebody who knows the truth explains what only Case Manager has: it stands in nothing's way, and nothing doubles."""

from datetime import datetime

from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment
from tests.truth.books import AUD
from tests.truth.campaign import FIGURES, Tally, drive
from tests.truth.driving import Seen
from tests.truth.firms import Firm, Style
from tests.truth.in_memory import InMemory
from tests.truth.invoice_stories import key_used_again
from tests.truth.judging import Judge
from tests.truth.typing_stories import other_date, stray, typed_on_wrong_invoice

STYLE = Style(
    name="explained",
    mistakes=0.8,
    tales={stray: 4, other_date: 1, typed_on_wrong_invoice: 1, key_used_again: 1},
)


class Explaining(InMemory):
    """The rules, with a person who explains the money of payers of whom Xero knows nothing, at every check."""

    def check(self, now: datetime) -> Seen:
        """Correlate, explain, and correlate again."""
        super().check(now)
        return self.explain(_other_money(row) for row in self.books.rows.values() if self.is_only_here(row))

    def is_only_here(self, row: CasePayment) -> bool:
        """Say whether a row is money that Xero never had."""
        books = self.books
        return not any(books.payments_with(receipt) for receipt, _ in books.case_money[row.payment_id])


def _other_money(row: CasePayment) -> Explanation:
    return Explanation(case_id=row.payment_id, what=Explained.OTHER, amount=row.amount, paid_on=row.paid_on, by="Ann")


def test_what_is_explained_as_other_money_holds_nothing_back_and_doubles_nothing() -> None:
    firm = Firm(STYLE, 1, 400)
    program, judge, tally = Explaining(firm.books, Policy(currency=AUD, forward_dating_days=5)), Judge(firm), Tally()
    seen = drive(firm, program, judge)
    tally.add(judge, seen, without_strays=True)
    assert not any(getattr(tally, figure) for figure in FIGURES), tally.table()
    explained = {row.payment_id for row in firm.books.rows.values() if program.is_only_here(row)}
    assert len(explained) > 50
    named = {near.payment_id for proposal in seen.proposals for near in proposal.near}
    assert named.isdisjoint(explained)
    beside = {row.invoice_id for row in firm.books.rows.values() if row.payment_id in explained}
    added = {firm.books.xero_payments[key].invoice_id for key in judge.bulk}
    assert len(beside & {firm.books.case_of[invoice] for invoice in added}) > 20
