"""Stories of numbers in Xero: put right, passed on, changed on both sides, or another one after a void."""

from tests.truth.books import PREFIX
from tests.truth.story import Billed, Pause, Story
from tests.truth.typing_stories import more_money


def numbers_put_right(story: Story) -> Pause:
    """Let two invoices bear each other's number in Xero, until somebody notices before any money came."""
    one, two = story.bill(3 * story.some_cents()), story.bill(3 * story.some_cents(), payer=story.other_payer())
    _swap(story, one, two)
    yield from story.check()
    story.later(1)
    _swap(story, one, two, back=True)
    for invoice in (one, two):
        story.paid(invoice, story.some_cents(most=invoice.cents // 3))
    yield from more_money(story, one)


def number_passed_on(story: Story) -> Pause:
    """Give an invoice that bore the number of another one its own; the other one is issued in Xero at last."""
    mine, other = story.bill(3 * story.some_cents()), story.bill_case_only(story.some_cents())
    story.books.change_invoice(mine.xero, story.now, number=f"{PREFIX}{other.number}")
    yield from story.check()
    story.later(1)
    story.books.change_invoice(mine.xero, story.now, number=f"{PREFIX}{mine.number}")
    if story.odds(0.5):
        yield from story.check()
    issued = story.books.bill_xero(f"{PREFIX}{other.number}", other.cents, other.payer, story.now)
    story.books.belong(issued, other.case)
    late = Billed(xero=issued, case=other.case, number=other.number, payer=other.payer, cents=other.cents)
    story.mark(late)
    for invoice in (mine, late):
        story.paid(invoice, story.some_cents(most=invoice.cents // 2))
    yield from more_money(story, mine)


def renumbered_in_both(story: Story) -> Pause:
    """Give an invoice the same new number on both sides; what was copied before stands on it as it did."""
    cents = story.some_cents()
    invoice = story.bill(3 * cents)
    story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    story.world.numbers += 1
    number = str(story.world.numbers)
    story.books.change_invoice(invoice.xero, story.now, number=f"{PREFIX}{number}")
    if story.odds(0.5):
        yield from story.check()
    story.books.renumber_case(invoice.case, number)
    yield from more_money(story, invoice)


def issued_again_otherwise(story: Story) -> Pause:
    """Void an invoice and issue it again under a number that Case Manager does not have, with the same money on it."""
    cents = story.some_cents()
    invoice = story.bill(2 * cents)
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    story.delete(booked.payment)
    story.books.change_invoice(invoice.xero, story.now, status="VOIDED")
    story.world.numbers += 1
    total = story.books.xero_invoices[invoice.xero].total.minor
    again = story.books.bill_xero(f"{PREFIX}{story.world.numbers}", total, invoice.payer, story.now)
    story.books.belong(again, invoice.case)
    new = Billed(xero=again, case=invoice.case, number=invoice.number, payer=invoice.payer, cents=invoice.cents)
    story.mark(new)
    story.enter(new, ((booked.receipt.number, cents),), story.payment(booked.payment).paid_on)
    yield from more_money(story, new)


def swapped_and_back(story: Story) -> Pause:
    """Swap the numbers of two invoices by mistake, let money come meanwhile, and swap them back."""
    cents = story.some_cents()
    one, two = story.bill(4 * cents), story.bill(4 * cents, payer=story.other_payer())
    story.booked(one, cents)
    is_equal = story.odds(0.5)
    story.booked(two, cents if is_equal else cents // 2)
    # Nothing tells two equal invoices apart that were never seen under their own numbers.
    yield from story.check() if is_equal else story.perhaps_check()
    story.later(1)
    _swap(story, one, two)
    for invoice in (one, two):
        story.paid(invoice, cents // 3 if story.odds(0.5) else cents)
    yield from story.check()
    _swap(story, one, two, back=True)
    yield from more_money(story, two)


def _swap(story: Story, one: Billed, two: Billed, *, back: bool = False) -> None:
    mine, other = (one.number, two.number) if back else (two.number, one.number)
    story.books.change_invoice(one.xero, story.now, number=f"{PREFIX}{mine}")
    story.books.change_invoice(two.xero, story.now, number=f"{PREFIX}{other}")
