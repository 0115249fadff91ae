"""Stories of what happens to a payment after both ledgers had it: edited, split, moved, deleted, bounced, undone."""

from datetime import timedelta

from tests.truth.books import Shares
from tests.truth.story import Billed, Booked, Pause, Story
from tests.truth.typing_stories import more_money


def edited(story: Story) -> Pause:
    """Edit a payment in Xero: it is deleted and a new one takes its place."""
    yield from _edited(story, is_new_first=False)


def edited_other_order(story: Story) -> Pause:
    """Enter the right payment first, and delete the wrong one after."""
    yield from _edited(story, is_new_first=True)


def locked_edited(story: Story) -> Pause:
    """Edit a payment in Xero whose copy is journalled, or part of a group."""
    how = story.dice.choice(("journalled", "journalled named", "group"))
    yield from _edited(story, is_new_first=story.odds(0.5), how=how)


def _edited(story: Story, *, is_new_first: bool, how: str = "") -> Pause:
    invoice = story.bill(3 * (cents := story.some_cents()))
    booked = story.booked(invoice, cents, how)
    yield from story.perhaps_check()
    story.later(story.dice.choice((0, 1, 8)))
    if not how and story.odds(0.15):
        story.journal(booked.row)
    right = story.dice.choice((cents, cents, cents + story.dice.randint(1, cents), cents * 9 // 10))
    on = story.payment(booked.payment).paid_on
    on = on if right != cents and story.odds(0.6) else story.nudged(on, 10)
    reference = story.payment(booked.payment).reference if story.odds(0.5) else ""
    if not is_new_first:
        story.delete(booked.payment)
        if story.odds(0.2):
            yield from story.check()
    booked.receipt.cents = right
    story.enter(invoice, ((booked.receipt.number, right),), on, reference=reference)
    if is_new_first:
        if story.odds(0.3):
            yield from story.check()
        story.later(story.dice.choice((0, 0, 1, 3)))
        story.delete(booked.payment)
    yield from more_money(story, invoice)


def edited_ahead(story: Story) -> Pause:
    """Give a payment a date that is too far ahead for Case Manager, while other money comes on the same day."""
    invoice = story.bill(3 * (cents := story.some_cents()))
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    reference = story.payment(booked.payment).reference if story.odds(0.5) else ""
    story.delete(booked.payment)
    on = story.now.date() + timedelta(days=story.dice.randint(8, 12))
    story.enter(invoice, ((booked.receipt.number, cents),), on, reference=reference)
    story.paid(invoice, cents if story.odds(0.3) else cents - cents * story.dice.randint(0, 9) // 100)
    yield from more_money(story, invoice)


def split(story: Story) -> Pause:
    """Make two payments of one in Xero."""
    first, second = story.some_cents(), story.some_cents()
    invoice = story.bill(2 * (first + second))
    booked = story.booked(invoice, first + second)
    yield from story.perhaps_check()
    story.later(1)
    on = story.payment(booked.payment).paid_on
    is_new_first = story.odds(0.4)
    if not is_new_first:
        story.delete(booked.payment)
    for cents in (first, second):
        story.enter(invoice, ((booked.receipt.number, cents),), on)
    if is_new_first:
        story.delete(booked.payment)
    yield from more_money(story, invoice)


def joined(story: Story) -> Pause:
    """Make one payment of two in Xero."""
    first, second = story.some_cents(), story.some_cents()
    invoice = story.bill(2 * (first + second))
    one, two = story.booked(invoice, first), story.booked(invoice, second)
    yield from story.perhaps_check()
    story.later(1)
    on = story.payment(one.payment).paid_on
    shares: Shares = ((one.receipt.number, first), (two.receipt.number, second))
    if story.odds(0.4):
        story.enter(invoice, shares, on)
        story.delete(one.payment)
        story.delete(two.payment)
    else:
        story.delete(one.payment)
        story.delete(two.payment)
        story.enter(invoice, shares, on)


def moved(story: Story) -> Pause:
    """Take a payment off one invoice in Xero and enter it on another."""
    cents = story.some_cents()
    wrong, right = story.bill(cents), story.bill(cents, payer=story.other_payer())
    booked = story.booked(wrong, cents)
    yield from story.perhaps_check()
    story.later(story.dice.choice((0, 1, 9)))
    is_new_first = story.odds(0.4)
    if not is_new_first:
        story.delete(booked.payment)
        if story.odds(0.2):
            yield from story.check()
    old = story.payment(booked.payment)
    parts = [cents] if story.odds(0.8) else [cents // 3, cents - cents // 3]
    on = old.paid_on if story.odds(0.8) else story.nudged(old.paid_on, 5)
    for part in parts:
        story.enter(right, ((booked.receipt.number, part),), on, reference=old.reference)
    if is_new_first:
        if story.odds(0.3):
            yield from story.check()
        story.later(story.dice.choice((0, 0, 1)))
        story.delete(booked.payment)
    yield from more_money(story, right if story.odds(0.5) else wrong)


def moved_leftover(story: Story) -> Pause:
    """Move a payment to another invoice in Xero whose row in Case Manager was never its equal."""
    cents = story.some_cents()
    wrong, right = story.bill(cents), story.bill(cents, payer=story.other_payer())
    receipt, payment = story.paid(wrong, cents)
    old = story.payment(payment)
    typed = cents if story.odds(0.6) else cents - 250
    story.type_in(wrong, ((receipt.number, typed),), typed, story.nudged(old.paid_on, 9))
    yield from story.perhaps_check()
    story.later(story.dice.choice((0, 1, 9)))
    story.delete(payment)
    story.enter(right, ((receipt.number, cents),), old.paid_on, reference=old.reference)
    yield from more_money(story, right)


def moved_in_part(story: Story) -> Pause:
    """Leave some of a payment on its invoice in Xero, and enter the rest on another one."""
    cents = story.some_cents(10_000)
    first, second = story.bill(cents), story.bill(cents, payer=story.other_payer())
    booked = story.booked(first, cents)
    yield from story.perhaps_check()
    story.later(1)
    old, stays = story.payment(booked.payment), cents * story.dice.randint(20, 80) // 100
    story.delete(booked.payment)
    for invoice, part in ((first, stays), (second, cents - stays)):
        story.enter(invoice, ((booked.receipt.number, part),), old.paid_on, reference=old.reference)


def batch_made_anew(story: Story) -> Pause:
    """Delete a batch in Xero and enter it anew with another split; sometimes one line is really gone."""
    lines = [story.some_cents() for _ in range(story.dice.randint(3, 8))]
    receipt = story.receipt(sum(lines))
    invoices = [story.bill(2 * cents) for cents in lines]
    on, batch = story.day(), story.world.new_id()
    old = [
        story.enter(invoice, ((receipt.number, cents),), on, batch=batch)
        for invoice, cents in zip(invoices, lines, strict=True)
    ]
    how = story.dice.choice(("manual", "named", "journalled", "group"))
    group = story.world.new_group()
    for invoice, payment in zip(invoices, old, strict=True):
        key = story.copy(invoice, payment, how)
        if how == "group":
            story.regroup(key, group)
    yield from story.perhaps_check()
    story.later(1)
    for payment in old:
        story.delete(payment)
    if story.odds(0.2):
        yield from story.check()
    shift = min(lines[0], lines[1]) * story.dice.randint(5, 90) // 100
    again = [lines[0] + shift, lines[1] - shift, *lines[2:]]
    if story.odds(0.4):
        receipt.cents -= again.pop()
    anew = story.world.new_id()
    for invoice, cents in zip(invoices, again, strict=False):
        story.enter(invoice, ((receipt.number, cents),), on, batch=anew)


def deleted(story: Story) -> Pause:
    """Delete a payment in Xero that was a slip."""
    invoice = story.bill(cents := story.some_cents())
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(2)
    booked.receipt.cents = 0
    story.delete(booked.payment)
    yield from more_money(story, invoice)


def bounced(story: Story) -> Pause:
    """Let a cheque bounce, and new money come weeks later."""
    invoice = story.bill(cents := story.some_cents())
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(4)
    booked.receipt.cents = 0
    story.delete(booked.payment)
    for _ in range(2):
        yield from story.perhaps_check()
    story.later(story.dice.choice((7, 21, 30)))
    paid_again = cents if story.odds(0.7) else cents - cents // 20
    story.paid(invoice, paid_again)


def undone_by_hand(story: Story) -> Pause:
    """Undo a copy by a refund or an adjustment typed by hand, and enter the right payment in Xero."""
    cents = story.some_cents()
    invoice = story.bill(3 * cents)
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    story.delete(booked.payment)
    _undo(story, invoice, booked, cents)
    if story.odds(0.3):
        yield from story.check()
    if story.odds(0.6):
        booked.receipt.cents = right = cents + story.dice.randint(0, cents)
        on = story.nudged(story.payment(booked.payment).paid_on, 3)
        story.enter(invoice, ((booked.receipt.number, right),), on)
    else:
        booked.receipt.cents = 0


def lowered_by_refund(story: Story) -> Pause:
    """Lower a payment in Xero, and in Case Manager by a refund typed by hand."""
    cents = story.some_cents()
    invoice = story.bill(2 * cents)
    booked = story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    less = cents // 5
    story.delete(booked.payment)
    booked.receipt.cents = cents - less
    story.enter(invoice, ((booked.receipt.number, cents - less),), story.payment(booked.payment).paid_on)
    _undo(story, invoice, booked, less)


def _undo(story: Story, invoice: Billed, booked: Booked, cents: int) -> None:
    if booked.row not in {row.payment_id for row in story.books.rows_with(booked.receipt.number)}:
        return
    if story.odds(0.5):
        story.books.change_case_invoice(invoice.case, refunds=cents)
    else:
        story.books.change_case_invoice(invoice.case, adjustments=cents)
    story.books.give_back(booked.receipt.number, cents)


def credited(story: Story) -> Pause:
    """Write a credit note in Xero, an adjustment in Case Manager: both, or one of them."""
    cents = story.some_cents()
    invoice = story.bill(2 * cents)
    story.booked(invoice, cents)
    yield from story.perhaps_check()
    story.later(1)
    which = story.dice.randrange(3)
    if which != 1:
        story.books.credit(invoice.xero, cents // 4, story.day(), story.now)
    if which != 0:
        story.books.change_case_invoice(invoice.case, adjustments=-(cents // 4))
    yield from more_money(story, invoice)


def entered_twice(story: Story) -> Pause:
    """Enter the same money twice in Xero."""
    cents = story.some_cents()
    invoice = story.bill(3 * cents)
    receipt, payment = story.paid(invoice, cents)
    if story.odds(0.6):
        story.copy(invoice, payment)
    if story.odds(0.4):
        yield from story.check()
    receipt.is_entered_twice = True
    on = story.payment(payment).paid_on + timedelta(days=story.dice.choice((0, 0, 1, 2)))
    story.enter(invoice, ((receipt.number, cents),), on)
    if story.odds(0.3):
        yield from story.check()
        story.delete(payment)


def edited_here(story: Story) -> Pause:
    """Change a copy in Case Manager by hand."""
    cents = story.some_cents()
    invoice = story.bill(2 * cents)
    booked = story.booked(invoice, cents, "named" if story.odds(0.7) else "manual")
    yield from story.perhaps_check()
    row = story.books.rows.get(booked.row)
    if row is not None:
        wrong = cents if story.odds(0.5) else cents - story.dice.randint(1, cents // 2)
        story.correct(booked.row, wrong, story.nudged(row.paid_on, 9))
    yield from more_money(story, invoice)
