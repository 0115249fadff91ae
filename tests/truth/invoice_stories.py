"""Stories of invoices that change their names, of keys that come back, and of money that is older than it looks."""

from datetime import date, timedelta

from tests.truth.books import PREFIX
from tests.truth.story import Billed, Pause, Story
from tests.truth.typing_stories import more_money


def issued_again(story: Story) -> Pause:
    """Void an invoice in Xero and issue it again under the same number, with the same money on it."""
    cents = story.some_cents()
    invoice = story.bill(cents)
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    story.delete(booked.payment)
    total = story.books.xero_invoices[invoice.xero].total.minor
    story.books.change_invoice(invoice.xero, story.now, status="VOIDED")
    again = story.books.bill_xero(f"{PREFIX}{invoice.number}", total, invoice.payer, story.now)
    new = Billed(xero=again, case=invoice.case, number=invoice.number, payer=invoice.payer, cents=invoice.cents)
    story.books.belong(again, invoice.case)
    story.mark(new)
    if story.odds(0.3):
        yield from story.check()
    on = story.payment(booked.payment).paid_on
    on = on if story.odds(0.6) else story.nudged(on, 5)
    story.enter(new, ((booked.receipt.number, cents),), on)
    yield from more_money(story, new)


def renumbered(story: Story) -> Pause:
    """Give an invoice another number in Xero: a new one, or one that Case Manager has."""
    cents = story.some_cents()
    invoice = story.bill(2 * cents)
    story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    story.world.numbers += 1
    number = str(story.world.numbers)
    if story.odds(0.5):
        story.books.bill_case(number, invoice.cents, invoice.payer)
    story.books.change_invoice(invoice.xero, story.now, number=f"{PREFIX}{number}")
    yield from more_money(story, invoice)


def numbers_swapped(story: Story) -> Pause:
    """Two invoices swap their numbers in Xero."""
    cents = story.some_cents()
    one, two = story.bill(2 * cents), story.bill(2 * cents, payer=story.other_payer())
    story.booked(one, cents)
    if story.odds(0.6):
        story.booked(two, cents if story.odds(0.5) else cents // 2)
    yield from story.perhaps_check()
    story.later(1)
    story.books.change_invoice(one.xero, story.now, number=f"{PREFIX}{two.number}")
    story.books.change_invoice(two.xero, story.now, number=f"{PREFIX}{one.number}")
    yield from more_money(story, one)


def key_used_again(story: Story) -> Pause:
    """Delete a row by hand and type other money under its key, on this invoice or on another one."""
    cents = story.some_cents()
    invoice = story.bill(3 * cents)
    booked = story.booked(invoice, cents, "manual" if story.odds(0.6) else "named")
    yield from story.perhaps_check()
    if story.strike(booked.row, booked.receipt):
        other = invoice if story.odds(0.5) else story.bill(2 * cents)
        amount = cents if story.odds(0.4) else cents - cents // 7
        receipt = story.receipt(amount)
        shares = ((receipt.number, amount),)
        on = story.nudged(story.payment(booked.payment).paid_on, 9)
        if story.odds(0.5):
            story.enter(other, shares, on if story.odds(0.5) else story.nudged(on, 5))
        story.type_in(other, shares, amount, on)
    story.later(1)
    if story.odds(0.6):
        yield from story.perhaps_check()
        booked.receipt.cents = 0
        story.delete(booked.payment)


def old_cash(story: Story) -> Pause:
    """Apply a cash payment from before the start to its invoice only now; Case Manager may have it, or not."""
    cents = story.some_cents()
    invoice = story.bill(cents)
    on = date(2026, 5, 1) + timedelta(days=story.dice.randrange(50))
    receipt = story.receipt(cents)
    shares = ((receipt.number, cents),)
    if story.odds(0.6):
        yield from story.perhaps_check()
        story.type_in(invoice, shares, cents, on if story.odds(0.3) else story.nudged(on, 15))
    yield from story.perhaps_check()
    story.later(1)
    story.enter(invoice, shares, on)


def totals_differ(story: Story) -> Pause:
    """Both sides bill a different total."""
    cents = story.some_cents()
    invoice = story.bill(2 * cents + 11_000)
    total = story.books.case_invoices[invoice.case].total.minor
    more = story.dice.choice((1, 3, 700, 11_000))
    story.books.retotal_case(invoice.case, total + (more if story.odds(0.5) else -more))
    story.booked(invoice, cents)
    yield from more_money(story, invoice)
