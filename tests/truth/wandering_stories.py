"""Stories of money that stands on one invoice and is entered on another, while other money hides the traces."""

from datetime import timedelta

from tests.truth.story import Pause, Story
from tests.truth.typing_stories import more_money


def moved_beside_other_money(story: Story) -> Pause:
    """Take a payment off an invoice in Xero and enter it on another, while other money comes on the first one."""
    cents = story.some_cents(20_000)
    wrong, right = story.bill(2 * cents), story.bill(cents, payer=story.other_payer())
    booked = story.booked(wrong, cents)
    yield from story.perhaps_check()
    story.later(1)
    old = story.payment(booked.payment)
    story.delete(booked.payment)
    story.enter(right, ((booked.receipt.number, cents),), old.paid_on, reference=story.dice.choice((old.reference, "")))
    story.paid(wrong, cents - cents * story.dice.randint(1, 30) // 100)
    yield from more_money(story, right)


def moved_by_parts(story: Story) -> Pause:
    """Enter a payment on another invoice in two parts, one of which the program may have by then; delete it last."""
    first, second = story.some_cents(), story.some_cents()
    cents = first + second
    wrong, right = story.bill(cents), story.bill(cents, payer=story.other_payer())
    booked = story.booked(wrong, cents)
    yield from story.perhaps_check()
    story.later(3)
    on = story.payment(booked.payment).paid_on
    receipt = booked.receipt.number
    story.enter(right, ((receipt, first),), on)
    if story.odds(0.5):
        key = story.books.payments_of[right.xero][-1]
        story.copy(right, key, "manual")
    story.later(0.5)
    story.delete(booked.payment)
    story.enter(right, ((receipt, second),), on)


def remittance_among_others(story: Story) -> Pause:
    """Type one sum for some of a payer's payments of a day; the others of that day have nothing to do with it."""
    lines = [story.some_cents() for _ in range(story.dice.randint(2, 3))]
    whole = sum(lines)
    receipt = story.receipt(whole)
    on = story.day()
    first, *others = [story.bill(whole), *(story.bill(cents) for cents in lines[1:])]
    for invoice, cents in zip((first, *others), lines, strict=True):
        story.enter(invoice, ((receipt.number, cents),), on)
    for _ in range(story.dice.randint(1, 3)):
        other = story.some_cents()
        story.paid(story.bill(other), other, on)
    is_less_fee = story.odds(0.3)
    home = first if is_less_fee else story.bill(whole)
    typed_on = on if story.odds(0.5) else story.nudged(on, 6)
    typed = whole - whole // 120 if is_less_fee else whole
    story.type_in(home, ((receipt.number, typed),), typed, typed_on)
    yield from more_money(story, home)


def typed_beside_near_money(story: Story) -> Pause:
    """Type money on another invoice that awaits money of nearly the same amount."""
    cents = story.some_cents(20_000)
    near = cents + story.dice.choice((-1, 1)) * story.dice.randint(10, 1_400)
    right, wrong = story.bill(cents), story.bill(2 * cents, payer=story.other_payer())
    receipt, payment = story.paid(right, cents)
    on = story.payment(payment).paid_on
    story.paid(wrong, near, on + timedelta(days=story.dice.choice((0, 1, 9))))
    story.type_in(wrong, ((receipt.number, cents),), cents, on)
    yield from more_money(story, right)


def typed_in_pieces_elsewhere(story: Story) -> Pause:
    """Type one payment in two or three pieces on another invoice, of the same payer or of somebody else."""
    lines = [story.some_cents() for _ in range(story.dice.randint(2, 3))]
    whole = sum(lines)
    right = story.bill(whole)
    wrong = story.bill(2 * whole) if story.odds(0.7) else story.bill(2 * whole, payer=story.other_payer())
    receipt, payment = story.paid(right, whole)
    on = story.payment(payment).paid_on
    for cents in lines:
        typed_on = on if story.odds(0.6) else story.nudged(on, 5)
        story.type_in(wrong, ((receipt.number, cents),), cents, typed_on)
    yield from more_money(story, right)


def typed_in_pieces_on_several(story: Story) -> Pause:
    """Type one payment in two pieces on two other invoices of the same payer, on one day."""
    lines = [story.some_cents() for _ in range(2)]
    right = story.bill(sum(lines))
    receipt, payment = story.paid(right, sum(lines))
    on = story.payment(payment).paid_on
    on = on if story.odds(0.6) else story.nudged(on, 5)
    for cents in lines:
        story.type_in(story.bill(2 * cents), ((receipt.number, cents),), cents, on)
    yield from more_money(story, right)
