"""Stories of what lies about in Case Manager from before: money that Xero never had, or has as something else."""

from datetime import timedelta

from tests.truth.story import CHECKS, Pause, Story
from tests.truth.typing_stories import clean, more_money

_OLDEST_DAYS = 500


def never_in_xero(story: Story) -> Pause:
    """Let an invoice be paid that Xero never had, some time before the first check; later it is a clean story."""
    if story.world.stage:
        yield from clean(story)
        return
    invoice = story.bill_here(cents := story.some_cents())
    receipt = story.receipt(cents)
    on = CHECKS[0].date() - timedelta(days=story.dice.randrange(2, _OLDEST_DAYS))
    story.type_in(invoice, ((receipt.number, cents),), cents, on)


def credit_typed_as_payment(story: Story) -> Pause:
    """Type a credit note of Xero's as a payment, so that what is owed agrees; perhaps other money comes too."""
    invoice = story.bill(cents := story.some_cents())
    on = story.day()
    story.books.credit(invoice.xero, cents, on, story.now)
    story.type_in(invoice, (), cents, story.nudged(on, 9))
    yield from more_money(story, invoice)


def typed_where_a_credit_lacks(story: Story) -> Pause:
    """Type money on the wrong invoice, whose credit note Case Manager lacks: what is owed there agrees by mistake."""
    cents = story.some_cents()
    wrong, right = story.bill(cents), story.bill(cents, payer=story.other_payer())
    story.books.credit(wrong.xero, cents, story.day(), story.now)
    receipt = story.receipt(cents)
    on = story.day()
    is_typed_first = story.odds(0.4)
    typed_on = on if story.odds(0.6) else story.nudged(on, 5)
    if is_typed_first:
        story.type_in(wrong, ((receipt.number, cents),), cents, typed_on)
        yield from story.perhaps_check()
        story.later(9)
    story.enter(right, ((receipt.number, cents),), on)
    if not is_typed_first:
        story.type_in(
            wrong,
            ((receipt.number, cents),),
            cents,
            typed_on,
            reference=story.payment(story.books.payments_of[right.xero][-1]).reference,
        )
    yield from more_money(story, right)
