"""Stories of a transition in which Xero is right and somebody typed the money otherwise in Case Manager."""

from datetime import date, timedelta

from tests.truth.books import Shares
from tests.truth.story import Billed, Pause, Story

# Two payments of a standard fee that come nearer to each other than this look as if they were entered twice.
_APART_DAYS = 4


def clean(story: Story) -> Pause:
    """Let nothing go wrong: money is typed into both ledgers, or only Xero has it yet."""
    parts = [story.some_cents() for _ in range(story.dice.choice((1, 1, 1, 2, 3)))]
    invoice = story.bill(sum(parts))
    paid_on = date.min
    for cents in parts:
        on = story.day()
        if (on - paid_on).days < _APART_DAYS:
            break
        paid_on = on
        _, payment = story.paid(invoice, cents, on)
        if story.odds(0.5):
            story.copy(invoice, payment)
        yield from story.perhaps_check()
        story.later(story.dice.randint(4, 40))


def other_date(story: Story) -> Pause:
    """Type the same money under another date, 1 to 21 days off."""
    invoice = story.bill(cents := story.some_cents())
    receipt, payment = story.paid(invoice, cents)
    on = story.nudged(story.payment(payment).paid_on, 21)
    story.type_in(invoice, ((receipt.number, cents),), cents, on)
    yield from more_money(story, invoice)


def net_of_fee(story: Story) -> Pause:
    """Type what the card company paid out, less its fee."""
    invoice = story.bill(cents := story.some_cents())
    receipt, payment = story.paid(invoice, cents)
    fee = story.dice.choice((250, 330, 30 + cents * 175 // 10_000, 55))
    on = story.payment(payment).paid_on + timedelta(days=story.dice.choice((0, 0, 1, 2, 3)))
    story.type_in(invoice, ((receipt.number, cents - fee),), cents - fee, on)
    yield from more_money(story, invoice)


def digits_swapped(story: Story) -> Pause:
    """Let two digits change places while typing."""
    cents = story.dice.randint(10, 99) * 100 + 3 if not story.world.has_standard_fees else 45_000
    wrong = int(f"{cents:05d}"[1] + f"{cents:05d}"[0] + f"{cents:05d}"[2:]) or cents
    invoice = story.bill(max(cents, wrong))
    receipt, payment = story.paid(invoice, cents)
    story.type_in(invoice, ((receipt.number, wrong),), wrong, story.payment(payment).paid_on)
    yield from more_money(story, invoice)


def one_sum_for_two(story: Story) -> Pause:
    """Type two payments as one sum."""
    first, second = story.some_cents(), story.some_cents()
    invoice = story.bill(first + second)
    one, payment = story.paid(invoice, first)
    on = story.payment(payment).paid_on
    two, _ = story.paid(invoice, second, on + timedelta(days=story.dice.choice((0, 1, 5, 14))))
    on = on if story.odds(0.3) else story.nudged(on, 14)
    story.type_in(invoice, ((one.number, first), (two.number, second)), first + second, on)
    yield from more_money(story, invoice)


def two_for_one(story: Story) -> Pause:
    """Type one payment in two parts."""
    first, second = story.some_cents(), story.some_cents()
    invoice = story.bill(first + second)
    receipt, payment = story.paid(invoice, first + second)
    on = story.payment(payment).paid_on
    for cents in (first, second):
        story.type_in(invoice, ((receipt.number, cents),), cents, on)
        on += timedelta(days=story.dice.choice((0, 3, 9)))
    yield from more_money(story, invoice)


def typed_twice(story: Story) -> Pause:
    """Type the same money a second time; more money of the same amount comes later."""
    invoice = story.bill(3 * (cents := story.some_cents()))
    booked = story.booked(invoice, cents, "manual" if story.odds(0.6) else "named")
    on = story.books.rows[booked.row].paid_on + timedelta(days=story.dice.choice((0, 1, 2, 9)))
    story.type_in(invoice, ((booked.receipt.number, cents),), cents, on)
    if story.odds(0.5):
        yield from story.perhaps_check()
        story.later(20)
        story.paid(invoice, cents)


def group_otherwise(story: Story) -> Pause:
    """Allocate one remittance for several invoices otherwise in Case Manager."""
    yield from _remittance(story, is_whole_on_one=False)


def whole_on_one(story: Story) -> Pause:
    """Type one remittance for several invoices as one sum on one of them."""
    yield from _remittance(story, is_whole_on_one=True)


def _remittance(story: Story, *, is_whole_on_one: bool) -> Pause:
    lines = [story.some_cents() for _ in range(story.dice.randint(2, 4))]
    whole = sum(lines)
    receipt = story.receipt(whole)
    invoices = [story.bill(whole if is_whole_on_one else cents + cents // 2) for cents in lines]
    batch = story.world.new_id() if story.odds(0.7) else ""
    on = story.day()
    for invoice, cents in zip(invoices, lines, strict=True):
        story.enter(invoice, ((receipt.number, cents),), on, batch=batch)
    typed_on = on if story.odds(0.5) else story.nudged(on, 6)
    if is_whole_on_one:
        home = invoices[0] if story.odds(0.7) else story.bill(whole)
        typed = whole - (whole // 120 if story.odds(0.2) else 0)
        story.type_in(home, ((receipt.number, typed),), typed, typed_on)
    else:
        group = story.world.new_group()
        for invoice, cents in zip(invoices, _otherwise(story, lines), strict=True):
            story.type_in(invoice, ((receipt.number, cents),), cents, typed_on, group=group)
    yield from more_money(story, story.dice.choice(invoices))


def _otherwise(story: Story, lines: list[int]) -> list[int]:
    """Allocate a sum otherwise: some of one line stands in another, within what the invoices still owe."""
    moved = min(lines[0], lines[1]) * story.dice.randint(5, 45) // 100
    return [lines[0] + moved, lines[1] - moved, *lines[2:]]


def typed_on_wrong_invoice(story: Story) -> Pause:
    """Type the money on another invoice, of the same payer or of somebody else."""
    right, wrong = _right_and_wrong(story, cents := story.some_cents())
    receipt, payment = story.paid(right, cents)
    on = story.payment(payment).paid_on
    on = on if story.odds(0.6) else story.nudged(on, 5)
    story.type_in(wrong, ((receipt.number, cents),), cents, on, reference=story.payment(payment).reference)
    yield from more_money(story, wrong if wrong.xero and story.odds(0.5) else right)


def copy_on_wrong_invoice(story: Story) -> Pause:
    """Let a copy that names the payment stand on another invoice."""
    right, wrong = _right_and_wrong(story, cents := story.some_cents())
    _, payment = story.paid(right, cents)
    story.copy(wrong, payment, "named" if story.odds(0.8) else "journalled named")
    yield from more_money(story, wrong if wrong.xero and story.odds(0.5) else right)


def _right_and_wrong(story: Story, cents: int) -> tuple[Billed, Billed]:
    right = story.bill(cents)
    is_only_here = story.odds(0.25)
    return right, story.bill_case_only(cents) if is_only_here else story.bill(cents, payer=story.other_payer())


def more_money(story: Story, invoice: Billed) -> Pause:
    """Let other money come on an invoice that has a mistake on it, now or after a check, or none at all."""
    if story.odds(0.4):
        yield from story.perhaps_check()
        story.later(story.dice.randint(1, 30))
        due = min(story.books.due(invoice.xero), story.books.owed(invoice.case), story.some_cents())
        if due > 0:
            story.paid(invoice, due)


def stray(story: Story) -> Pause:
    """Type money in Case Manager that Xero does not have at all."""
    invoice = story.bill(2 * (cents := story.some_cents()))
    receipt = story.receipt(cents)
    shares: Shares = ((receipt.number, cents),)
    story.type_in(invoice, shares, cents, story.day())
    yield from more_money(story, invoice)
