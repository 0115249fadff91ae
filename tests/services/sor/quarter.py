"""A quarter of a firm's SOR schedules: what happens on which day, and what a person would expect to hear of it.

The expectations are written by hand from the story, invoice by invoice; nothing here asks the program's rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Settlement, SettlementKind
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.services.sor.finding import SorSaying
from cmxero_desktop.services.sor.listing import take_schedules
from cmxero_desktop.services.sor.saying import (
    close_alert,
    end_schedule,
    fail_instalment,
    mark_schedule,
    set_debit_date,
)
from tests.services.desk import ANN, Desk

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
ASLEEP = frozenset(date(2026, 10, day) for day in range(14, 23))
"""Days on which the computer slept: nothing is checked, nothing is said."""

NOON_IN_SYDNEY = 2
CLEARING = {"account_name": "Apxium/Onebox SOR Clearing Account"}


def on(text: str) -> date:
    month, day = text.split("-")
    return date(2026, int(month), int(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An alert as a person would expect it: found on which day, with which debit date, and how it ends, and when."""

    invoice: str
    kind: str
    amount: str
    found: str
    debit: str
    is_entered: bool = False
    passed: str = ""
    cleared: str = ""
    closed: str = ""

    @property
    def end_state(self) -> str:
        return "closed" if self.closed else "cleared" if self.cleared else "passed" if self.passed else "open"

    def reminded(self) -> Iterator[date]:
        """Give the days of its reminders: from the day after it was found to the day before it ended."""
        end = on(self.cleared or self.closed) if self.cleared or self.closed else LAST + timedelta(days=1)
        day = on(self.found) + timedelta(days=1)
        while day < end:
            if day not in ASLEEP and not (self.passed and day == on(self.passed)):
                yield day
            day += timedelta(days=1)


EXPECTED = (
    Expected(invoice="101", kind="sor_other_payment", amount="300.00", found="9-10", debit="9-17", cleared="9-14"),
    Expected(
        invoice="102",
        kind="sor_credit_note",
        amount="150.00",
        found="9-5",
        debit="9-20",
        is_entered=True,
        passed="9-20",
        closed="9-25",
    ),
    Expected(
        invoice="103", kind="sor_instalment_deleted", amount="100.00", found="10-3", debit="10-10", cleared="10-6"
    ),
    Expected(invoice="104", kind="sor_overpayment", amount="250.00", found="9-12", debit="9-19", cleared="9-13"),
    Expected(invoice="104", kind="sor_overpayment", amount="250.00", found="10-2", debit="10-9", passed="10-9"),
    Expected(invoice="105", kind="sor_number_changed", amount="900.00", found="9-15", debit="9-22", cleared="9-18"),
    # The desk looks for the first time after the sleep on 23 October; the reference changed on the 20th.
    Expected(
        invoice="105", kind="sor_reference_changed", amount="900.00", found="10-23", debit="10-30", passed="10-30"
    ),
    Expected(
        invoice="106", kind="sor_case_payment", amount="90.00", found="9-8", debit="9-15", passed="9-15", closed="10-1"
    ),
    Expected(invoice="107", kind="sor_case_adjustment", amount="80.00", found="10-10", debit="10-17", cleared="10-11"),
    Expected(invoice="108", kind="sor_other_payment", amount="900.00", found="9-20", debit="9-27", closed="9-21"),
    Expected(
        invoice="109", kind="sor_instalment_deleted", amount="100.00", found="11-5", debit="11-12", passed="11-12"
    ),
    Expected(invoice="110", kind="sor_voided", amount="1000.00", found="11-20", debit="11-27", passed="11-27"),
    # Removed in time, on the 18th, while the computer slept over the debit date.
    Expected(invoice="111", kind="sor_prepayment", amount="60.00", found="10-13", debit="10-20", cleared="10-23"),
    # Removed on the 21st: a day after the debit date.
    Expected(invoice="112", kind="sor_other_payment", amount="70.00", found="10-13", debit="10-20", passed="10-23"),
    # Came on the 16th, while the computer slept.
    Expected(invoice="113", kind="sor_other_payment", amount="55.00", found="10-23", debit="10-30", cleared="10-24"),
    Expected(invoice="115", kind="sor_disbursement", amount="900.00", found="11-2", debit="11-9", closed="11-4"),
    Expected(invoice="116", kind="sor_too_much", amount="50.00", found="11-9", debit="11-16", cleared="11-12"),
    Expected(invoice="117", kind="sor_credit_note", amount="40.00", found="10-28", debit="11-4", closed="10-30"),
    # Its row could not be read from the 8th to the 10th of November, which is no proof that it was gone.
    Expected(invoice="121", kind="sor_other_payment", amount="45.00", found="11-6", debit="11-13", cleared="11-11"),
)
STATES = {
    "101": ScheduleState.ACTIVE,
    "102": ScheduleState.ACTIVE,
    "108": ScheduleState.CANCELLED,
    "109": ScheduleState.ACTIVE,
    "114": ScheduleState.ACTIVE,
    "117": ScheduleState.DEFAULTED,
    "120": ScheduleState.ACTIVE,
    "122": ScheduleState.COMPLETED,
    "123": ScheduleState.DEFAULTED,
}
"""How schedules stand at the end, by the invoice."""

WITHOUT_SCHEDULE = "119"


@dataclass(slots=True)
class Quarter:
    """The firm's people at work: what each does on which day, before the desk checks at noon."""

    desk: Desk
    invoices: dict[str, XeroInvoiceId] = field(default_factory=dict)
    case: dict[str, CaseInvoiceId] = field(default_factory=dict)
    kept: dict[str, XeroPaymentId] = field(default_factory=dict)
    typed: dict[str, CasePaymentId] = field(default_factory=dict)

    # What there is before the first check

    def begin(self) -> None:
        self.desk.clock.now = datetime(2026, 8, 31, NOON_IN_SYDNEY, tzinfo=UTC)
        amounts = {"109": "300.00", "122": "200.00"}
        for number in map(str, range(101, 124)):
            amount = amounts.get(number, "1000.00")
            self.invoices[number] = self.desk.xero.bill(f"CM-{number}", amount)
            self.case[number] = self.desk.case.bill(number, amount)
        for number in map(str, range(101, 124)):
            if number not in {"104", "110", "118", WITHOUT_SCHEDULE}:
                self.instalment(number, "9-1")
        self.pay("104", "200.00", "8-20")

    def instalment(self, number: str, day: str, amount: str = "100.00") -> XeroPaymentId:
        payment_id = self.pay(number, amount, day)
        payments = self.desk.xero.payments
        payments[payment_id] = replace(payments[payment_id], **CLEARING)  # type: ignore[arg-type]  # by name
        return payment_id

    def pay(self, number: str, amount: str, day: str, reference: str = "") -> XeroPaymentId:
        return self.desk.xero.pay(self.desk.xero.invoices[self.invoices[number]].number, amount, on(day), reference)

    def change(self, number: str, **values: object) -> None:
        invoices, key = self.desk.xero.invoices, self.invoices[number]
        invoices[key] = replace(invoices[key], updated_at=self.desk.clock(), **values)  # type: ignore[arg-type]  # by name

    def credit(self, number: str, kind: SettlementKind, amount: str, day: str) -> None:
        money = Money.of(amount, "AUD")
        settlement = Settlement(
            kind=kind, number=f"D-{number}", amount=money, settled_on=on(day), document_id=f"doc-{number}"
        )
        self.change(number, settlements=(settlement,), amount_credited=money)

    def uncredit(self, number: str) -> None:
        self.change(number, settlements=(), amount_credited=Money.zero("AUD"))

    def adjust(self, number: str, amount: str) -> None:
        key = self.case[number]
        self.desk.case.invoices[key] = replace(self.desk.case.invoices[key], adjustments=Money.of(amount, "AUD"))

    # What persons say of it

    def listed(self, number: str, count: int, source: ScheduleSource = ScheduleSource.LIST) -> None:
        lines = tuple(
            ListLine(
                line=place + 2,
                schedule=f"SOR-{number}",
                invoice=number,
                due_on=date(2026 + (8 + place) // 12, (8 + place) % 12 + 1, 1),
                amount=Money.of("100.00", "AUD"),
            )
            for place in range(count)
        )
        found = take_schedules(self.desk.outside, lines, source=source, by=ANN, is_preview=False)
        assert found.bad == ()
        assert len(found.accepted) == 1

    def close(self, number: str) -> None:
        with self.desk.store.read() as unit:
            (alert,) = [a for a in unit.sor.alerts() if a.invoice_number == f"CM-{number}" and a.is_standing]
        close_alert(self.desk.outside, alert.key, SorSaying(by=ANN, reason="settled with Apxium"))

    def end(self, number: str, state: ScheduleState) -> None:
        end_schedule(self.desk.outside, number, state, SorSaying(by=ANN))

    def story(self) -> dict[str, list[Callable[[], object]]]:
        """Return what happens, by day."""
        xero, case = self.desk.xero, self.desk.case
        credit, overpaid, prepaid = SettlementKind.CREDIT_NOTE, SettlementKind.OVERPAYMENT, SettlementKind.PREPAYMENT
        keep, typed = self.kept, self.typed

        def pay(name: str, number: str, amount: str, day: str, reference: str = "") -> Callable[[], object]:
            return lambda: keep.update({name: self.pay(number, amount, day, reference)})

        def delete(name: str) -> Callable[[], object]:
            return lambda: xero.delete(keep[name])

        def own(name: str, number: str, day: str) -> Callable[[], object]:
            return lambda: keep.update({name: self.instalment(number, day)})

        return {
            "9-2": [
                lambda: self.listed("102", 10),
                lambda: self.listed("109", 3),
                lambda: self.listed("116", 10),
                lambda: self.listed("105", 10, ScheduleSource.ENTERED),
                lambda: self.listed("122", 2),
                lambda: mark_schedule(self.desk.outside, "CM-104", SorSaying(by=ANN)),
                lambda: mark_schedule(self.desk.outside, "110", SorSaying(by=ANN)),
            ],
            "9-5": [lambda: self.credit("102", credit, "150.00", "9-5")],
            "9-7": [lambda: set_debit_date(self.desk.outside, "102", on("9-20"), SorSaying(by=ANN))],
            "9-8": [lambda: typed.update(a=case.type_in("106", "90.00", on("9-8")))],
            "9-10": [pay("a", "101", "300.00", "9-10"), pay("n", WITHOUT_SCHEDULE, "300.00", "9-10")],
            "9-12": [lambda: self.credit("104", overpaid, "250.00", "9-12")],
            "9-13": [lambda: self.uncredit("104")],
            "9-14": [delete("a")],
            "9-15": [lambda: xero.renumber(self.invoices["105"], "CM-105B")],
            "9-18": [lambda: xero.renumber(self.invoices["105"], "CM-105")],
            "9-20": [pay("b", "108", "900.00", "9-20")],
            "9-21": [lambda: self.end("108", ScheduleState.CANCELLED)],
            "9-25": [lambda: self.close("102"), pay("c", "108", "0.50", "9-25")],
            "9-26": [
                delete("c"),
                lambda: fail_instalment(self.desk.outside, "114", on("10-3"), SorSaying(by=ANN)),
                lambda: fail_instalment(self.desk.outside, "123", on("10-3"), SorSaying(by=ANN)),
            ],
            "10-9": [lambda: self.end("123", ScheduleState.DEFAULTED)],
            "9-30": [lambda: case.rows.pop(typed["a"])],
            "10-1": [
                lambda: self.close("106"),
                own("d", "103", "10-1"),
                own("e", "101", "10-1"),
                own("f", "109", "10-1"),
                own("o", "122", "10-1"),
            ],
            "10-2": [lambda: self.credit("104", overpaid, "250.00", "9-12")],
            "10-3": [delete("d"), own("g", "114", "10-3")],
            "10-6": [own("h", "103", "10-1")],
            "10-10": [lambda: self.adjust("107", "-80.00")],
            "10-11": [lambda: self.adjust("107", "0.00")],
            "10-13": [lambda: self.credit("111", prepaid, "60.00", "10-13"), pay("i", "112", "70.00", "10-13")],
            "10-16": [pay("j", "113", "55.00", "10-16")],
            "10-18": [lambda: self.uncredit("111")],
            "10-20": [lambda: self.change("105", reference="PO 77")],
            "10-21": [delete("i")],
            "10-24": [delete("j")],
            "10-28": [lambda: self.credit("117", credit, "40.00", "10-28")],
            "10-30": [lambda: self.end("117", ScheduleState.DEFAULTED)],
            "11-1": [own("k", "109", "11-1"), own("l", "120", "11-1")],
            "11-2": [pay("m", "115", "900.00", "11-2", "APX SOR Disbursement")],
            "11-4": [lambda: self.close("115")],
            "11-5": [delete("k")],
            "11-6": [pay("p", "121", "45.00", "11-6")],
            "11-8": [lambda: xero.break_row(keep["p"])],
            "11-9": [lambda: self.change("116", total=Money.of("950.00", "AUD"))],
            "11-10": [xero.broken.clear, lambda: xero.change(keep["p"], reference="again")],
            "11-11": [delete("p")],
            "11-12": [lambda: self.change("116", total=Money.of("1000.00", "AUD"))],
            "11-20": [lambda: self.change("110", status="VOIDED")],
        }

    def days(self) -> Iterator[date]:
        """Let each day come, with what happens on it; give those on which the desk is awake, at noon in Sydney."""
        story = {on(day): acts for day, acts in self.story().items()}
        day = FIRST
        while day <= LAST:
            self.desk.clock.now = datetime(day.year, day.month, day.day, NOON_IN_SYDNEY, tzinfo=UTC)
            for act in story.get(day, []):
                act()
            if day not in ASLEEP:
                yield day
            day += timedelta(days=1)
