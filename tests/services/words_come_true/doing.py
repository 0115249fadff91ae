"""Scenes that rows of several kinds begin with, and deeds that settle them, as their words tell a person to do."""

from collections.abc import Callable
from dataclasses import replace

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Placement, Reason
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.saying import Saying, explain
from tests.services.desk import ANN, NOV_1, Desk

SAID = Saying(by=ANN, reason="the bank says so")
INVOICE, ONE, TWO = XeroInvoiceId("invoice-1"), CasePaymentId(1), CasePaymentId(2)
FIRST, SECOND = XeroPaymentId("payment-1"), XeroPaymentId("payment-2")
CASE_100 = CaseInvoiceId(1)

Deed = Callable[[Desk], object]


def aud(amount: str) -> Money:
    return Money.of(amount, "AUD")


def copied(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    desk.approve_and_apply(desk.proposal())


def locked_and_deleted(desk: Desk) -> None:
    copied(desk)
    desk.case.journal(ONE)
    desk.xero.delete(FIRST)


def locked_and_edited(desk: Desk) -> None:
    copied(desk)
    desk.case.journal(ONE)
    desk.xero.edit(FIRST, "450.00")


def locked_and_lower(desk: Desk) -> None:
    """Let somebody lower the copy, and lock it then."""
    copied(desk)
    desk.case.edit(ONE, amount=aud("380.00"))
    desk.case.journal(ONE)


def delete_in_xero(desk: Desk) -> None:
    desk.xero.delete(FIRST)


def enter_again(desk: Desk) -> None:
    desk.xero.pay("CM-100", "400.00", NOV_1)


def refund(amount: str) -> Deed:
    return lambda desk: desk.case.refund(CASE_100, amount)


def adjust(amount: str) -> Deed:
    def typed(desk: Desk) -> None:
        desk.case.invoices[CASE_100] = replace(desk.case.invoices[CASE_100], adjustments=aud(amount))

    return typed


def say_corrected(name: str) -> Deed:
    return lambda desk: corrected(desk.outside, name, SAID)


def say(what: Explained) -> Deed:
    return lambda desk: explain(desk.outside, ONE, what, SAID)


def then(*deeds: Deed) -> Deed:
    """Do one after the other, with a check of Xero between."""

    def done(desk: Desk) -> None:
        for at, deed in enumerate(deeds):
            if at:
                desk.poll()
            deed(desk)

    return done


def skipped(desk: Desk, reason: Reason) -> list[Placement]:
    return [row.placement for row in desk.view().skipped if row.placement.reason is reason]
