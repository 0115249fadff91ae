"""What the desk held is written down at random instants of a firm's life, and compared later with what `show` tells.

What is written down is read from what the desk holds at that instant, in other ways than `show` reads it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from random import Random
from zoneinfo import ZoneInfo

from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.numbering import names_of
from cmxero_desktop.domain.proposals import OPEN_STATES, ProposalState
from cmxero_desktop.domain.records import Account, Side, XeroInvoice, XeroPayment
from cmxero_desktop.services.deciding.saying import Saying, explain, same_money, unpair
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.history import RowPlace
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.viewing.showing import InvoiceHistory, Showing
from tests.services.desk import ANN, Desk, nov

SYDNEY = ZoneInfo("Australia/Sydney")
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_INVOICES = ("100", "200", "300")
_AMOUNTS = ("10.00", "10.00", "20.00", "50.00", "400.00")
_SAID = Saying(by=ANN, reason="looked at")
_NUMBERS = ("CM-200", "CM-900", "CM-100", "INV-7")

_EARLY = 15
_YEAR = timedelta(days=365)

Stood = Mapping[str, object]
"""What the desk held, by invoice number."""


class Life:
    """One firm over a store, and what was written down of it at instants."""

    def __init__(self, store: SqlStore, seed: int, wanted: int) -> None:
        """Make the firm: three invoices on both sides."""
        self.store, self.wanted = store, wanted
        self.random = Random(seed)
        self.written: dict[datetime, Stood] = {}
        self._last: Stood = {}
        self.desk = Desk(store)
        self.desk.set_policy(removal_limit_count=4)
        for number in _INVOICES:
            self.desk.bill(number, "900.00")
        self._wrong = cycle((_YEAR, -_YEAR))
        self._wrong_by, self._is_clear = timedelta(), True
        self.desk.xero.clock = self._xero_time  # type: ignore[assignment]  # it is only ever asked
        # Between the transactions of one act, too, somebody may look.
        self.desk.steps.trouble = self._step

    def live(self) -> None:
        """Let people and the desk act until enough instants are written down."""
        acts = (self.in_xero, self.in_case_manager, self.check, self.decide, self.apply, self.say)
        while len(self.written) < self.wanted:
            act = self.random.choices(acts, weights=(5, 3, 4, 4, 2, 1))[0]
            with suppress(DeskError):
                act()
            self.desk.clock.now += timedelta(seconds=self.random.choice((1, 60, 3600, 86_400)))
            if self.random.random() < 0.5:
                self._write_down()
            if len(self.written) > _EARLY and self.random.random() < 0.05:
                self.with_a_wrong_clock(acts)

    def with_a_wrong_clock(self, acts: Sequence[Callable[[], None]]) -> None:
        """Let this computer's clock be a year off for some acts; Xero's is right, and the next check is made by both.

        What is told of an instant before that check is what stood before the clock was wrong: nobody knows better.
        """
        self._is_clear = False
        self._wrong_by = next(self._wrong)
        self.desk.clock.now += self._wrong_by
        for act in self.random.choices(acts, k=4):
            with suppress(DeskError):
                act()
        self.desk.clock.now -= self._wrong_by
        self._wrong_by = timedelta()
        self.desk.xero.pay("CM-100", "10.00", self._day())
        self.desk.case.is_down = False
        self.desk.poll()
        self._is_clear = True

    def _xero_time(self) -> datetime:
        return self.desk.clock() - self._wrong_by

    def differing(self) -> list[str]:
        """Compare what was written down with what is told of each instant now; return what differs."""
        showing = Showing(self.desk.outside, SYDNEY)
        found = []
        for at, stood in self.written.items():
            told = {number: facts for number in stood if (facts := _told(showing, number, at)) is not None}
            found += [f"{at:%d %H:%M:%S} {number}" for number in stood if told.get(number) != stood[number]]
        return found

    # What people do

    def in_xero(self) -> None:
        """Pay, edit, delete, reconcile, renumber, credit."""
        xero, random = self.desk.xero, self.random
        alive = [p.payment_id for p in xero.payments.values() if p.is_live]
        some = random.choice(alive) if alive else None
        what = random.choice(
            ("pay", "pay", "pay", "edit", "delete", "reconcile", "renumber", "credit", "break", "book")
        )
        invoice = random.choice(list(xero.invoices.values()))
        if what == "pay" or some is None:
            xero.pay(invoice.number, random.choice(_AMOUNTS), self._day(), random.choice(("", "TT 1")))
        elif what == "edit":
            xero.edit(some, random.choice(_AMOUNTS), self._day())
        elif what == "delete":
            xero.delete(some)
        elif what == "reconcile":
            xero.change(some, is_bank_reconciled=True)
        elif what == "renumber":
            xero.renumber(XeroInvoiceId("invoice-2"), random.choice(_NUMBERS))
        elif what == "credit":
            xero.credit(invoice.invoice_id, random.choice(_AMOUNTS))
        elif what == "book":
            xero.change(some, account_id="a-1")
            with self.store.begin() as unit:
                unit.facts.save_accounts([Account(account_id="a-1", name=random.choice(("Cheque", "Savings")))])
                unit.commit()
        else:
            xero.break_row(some)
            return
        xero.broken.clear()

    def in_case_manager(self) -> None:
        """Type in, edit, remove, journal, refund."""
        case, random = self.desk.case, self.random
        free = [key for key, row in case.rows.items() if not row.is_journalled]
        some = random.choice(free) if free else None
        what = random.choice(("type", "type", "edit", "remove", "journal", "refund", "down"))
        if what == "type" or some is None:
            case.type_in(random.choice(_INVOICES), random.choice(_AMOUNTS), self._day())
        elif what == "edit":
            case.edit(some, amount=Money.of(random.choice(_AMOUNTS), "AUD"), paid_on=self._day())
        elif what == "remove":
            del case.rows[some]
        elif what == "journal":
            case.journal(some)
        elif what == "refund":
            case.refund(case.rows[some].invoice_id, random.choice(_AMOUNTS))
        else:
            case.is_down = True

    def check(self) -> None:
        """Check Xero; where Case Manager is down, its facts are stored all the same."""
        self.desk.polling.poll(PollAsk(is_full=self.random.random() < 0.2))
        self.desk.case.is_down = False

    def decide(self) -> None:
        """Approve, hold, reject or put back."""
        open_rows = self.desk.proposals(*OPEN_STATES, ProposalState.REJECTED, ProposalState.UNDONE)
        if not open_rows:
            return
        ids = [self.random.choice(open_rows).proposal_id]
        what = self.random.choice(("approve", "approve", "bulk", "hold", "reject", "reopen"))
        deciding = self.desk.deciding
        if what == "approve":
            deciding.approve(ids, by=ANN, release_reason="looked at")
        elif what == "bulk":
            deciding.approve_all(ANN, self.random.choice(BULK_ORDER))
        elif what == "hold":
            deciding.hold(ids, by=ANN, reason="later")
        elif what == "reject":
            deciding.reject(ids, by=ANN, reason="no")
        else:
            deciding.reopen(ids, by=ANN, reason="after all")

    def apply(self) -> None:
        """Apply what is approved, or take something back."""
        applied = self.desk.proposals(ProposalState.APPLIED)
        if applied and self.random.random() < 0.4:
            self.desk.undo(self.random.choice(applied))
        else:
            self.desk.apply()

    def say(self) -> None:
        """Explain a leftover, or end a pair."""
        view = self.desk.view()
        alone = [row.placement.case for row in view.unmatched_on(Side.CASE_MANAGER) if row.placement.case]
        what = self.random.choice(("unpair", "same", "other"))
        if what == "unpair" and view.matched:
            unpair(self.desk.outside, self.random.choice(view.matched).row_id, _SAID)
        elif what == "same" and alone and view.unmatched_on(Side.XERO):
            xero = self.random.choice(view.unmatched_on(Side.XERO)).placement.xero
            if xero is not None:
                same_money(self.desk.outside, self.random.choice(alone).payment_id, [xero.payment_id], _SAID)
        elif alone:
            explain(
                self.desk.outside, self.random.choice(alone).payment_id, self.random.choice(tuple(Explained)), _SAID
            )

    def _day(self) -> date:
        return nov(self.random.choice((1, 1, 2, 20)))

    # What is written down

    def _step(self, name: str) -> None:
        if name == "stored" and self.random.random() < 0.1:
            self._write_down()

    def _write_down(self) -> None:
        """Write down everything as it stands, at an instant that no transaction shares, and that the clock tells."""
        if not self._is_clear:
            return
        with self.store.read() as unit:
            if unit.past.moment() is None:
                return
            stood = _held(unit)
        # Instants at which nothing was new are told as well, but there are enough of them.
        if stood == self._last and self.random.random() < 0.8:
            return
        self._last = stood
        self.desk.clock.now += timedelta(seconds=1)
        self.written[self.desk.clock.now] = stood
        self.desk.clock.now += timedelta(seconds=1)


def _held(unit: UnitOfWork) -> Stood:
    """Return what the desk holds now of each invoice, by the number that it goes by."""
    tracked, facts = unit.facts.tracked(), unit.facts.invoices_of_tracked()
    payments = unit.facts.payments_of_tracked()
    oldest_first = sorted(tracked.values(), key=lambda t: (t.first_seen_at, t.xero_invoice_id))
    first = {t.xero_invoice_id: t.number for t in oldest_first}
    goes_by = names_of(first, facts, unit.memory.numbers_said(), "CM-")
    results = {result.snapshot.number: result for result in unit.results.latest()}
    proposals = unit.proposals.in_states(set(ProposalState) - {ProposalState.SUPERSEDED})
    entries = unit.audit.entries()
    held: dict[str, object] = {}
    for number in {*goes_by.values(), *results} - {""}:
        ids = {i for i, each in goes_by.items() if each == number}
        result = results.get(number)
        invoice = result.snapshot.case_invoice if result else None
        own = invoice.number if invoice else number.removeprefix("CM-")
        held[number] = (
            {i: _timeless(fact) for i, fact in facts.items() if i in ids},
            {p.payment_id: _timeless(p) for i in ids for p in payments.get(i, ())},
            invoice,
            {p.payment_id: p for p in (result.snapshot.case_payments if result else ())},
            tuple(RowPlace.of(row) for row in result.correlation.placements) if result else (),
            {s.fingerprint: s for s in proposals if s.proposal.invoice_number == number},
            {(p.xero_id, p.case_id): p for p in unit.memory.pairs() if p.invoice_number == own},
            set(unit.memory.accepted().get(own, ())),
            {said.case_id: said for said in unit.memory.explained().get(own, ())},
            tuple(entry for entry in entries if entry.event.invoice_number == number),
        )
    return held


def _told(showing: Showing, number: str, at: datetime) -> object:
    """Return what is told of an instant in the same order, None where the invoice is said to be unknown then."""
    try:
        history = showing.show(number, at)
    except DeskError:
        return None
    return _facts_of(history)


def _facts_of(history: InvoiceHistory) -> object:
    remembered = history.remembered
    return (
        {s.fact.invoice_id: _timeless(s.fact) for s in history.xero_invoices},
        {s.fact.payment_id: _timeless(s.fact) for s in history.xero_payments},
        history.case.invoice.fact if history.case.invoice else None,
        _by_key((s.fact.payment_id, s.fact) for s in history.case.payments),
        history.case.places,
        {s.fact.fingerprint: s.fact for s in history.proposals},
        {(s.fact.xero_id, s.fact.case_id): s.fact for s in remembered.pairs},
        {s.fact for s in remembered.accepted},
        {s.fact.case_id: s.fact for s in remembered.explained},
        history.entries,
    )


def _by_key(facts: Iterable[tuple[CasePaymentId, object]]) -> dict[CasePaymentId, object]:
    return dict(facts)


def _timeless(fact: XeroInvoice | XeroPayment) -> object:
    """Leave out when Xero touched a row, which nothing shows and which moves without any change."""
    if isinstance(fact, XeroPayment):
        return replace(fact, updated_at=_NO_TIME, first_updated_at=None)
    return replace(fact, updated_at=_NO_TIME)
