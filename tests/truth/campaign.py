"""Run one firm through the program as a person would, and say by kind of mistake what became of the money."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from tests.truth.books import AUD, Books
from tests.truth.driving import Program, Seen
from tests.truth.firms import Firm, Style
from tests.truth.in_memory import InMemory
from tests.truth.judging import Fault, Judge
from tests.truth.story import CHECKS, Billed, Story

_DECIDED_SHARE = 0.5
# Links and acceptances change no money; changes come before additions, so that these see what is settled.
BULK_ACTS = (
    (ProposalKind.LINK, ProposalKind.ACCEPT),
    (ProposalKind.CHANGE,),
    (ProposalKind.ADD,),
)
_TYPED_SHARE = 0.1
_TOLD_SHARE = 0.7
# After so many rounds nothing more may be approved (R32).
_ROUNDS = 3
# What may go wrong: money twice on its own invoice, or on two; money overwritten; a bounced payment's row made into
# other money; a deleted payment of which nothing is said; money on two invoices that both balance all the same; money
# on an invoice of Case Manager that is not the one of its invoice in Xero, whatever their numbers say.
FIGURES = ("doubled", "across", "lost", "merged", "forgotten", "unseen", "misplaced")


@dataclass(slots=True)
class Tally:
    """The figures of one or more runs."""

    receipts: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    across: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    merged: Counter[str] = field(default_factory=Counter)
    forgotten: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)
    misplaced: Counter[str] = field(default_factory=Counter)
    restless: int = 0
    faults: dict[str, list[tuple[str, int, Fault]]] = field(default_factory=dict)
    flags: Counter[str] = field(default_factory=Counter)
    set_aside: int = 0
    clean: int = 0
    clean_in_bulk: int = 0
    invoices: int = 0

    @property
    def bulk_share(self) -> float:
        """Which share of the clean additions went in bulk."""
        return self.clean_in_bulk / self.clean if self.clean else 1.0

    def table(self) -> str:
        """Return the figures by kind of mistake."""
        columns = ("receipts", *FIGURES)
        lines = [f"{'kind of mistake':26}" + "".join(f"{name:>11}" for name in columns)]
        lines += [
            f"{story:26}" + "".join(f"{getattr(self, name)[story] or '':>11}" for name in columns)
            for story in sorted(self.receipts)
        ]
        totals = "".join(f"{sum(getattr(self, name).values()):>11}" for name in columns)
        lines.append(f"{'all':26}{totals}")
        lines.append(f"clean additions in bulk: {self.clean_in_bulk} of {self.clean} ({self.bulk_share:.1%})")
        lines.append(f"set aside: {self.set_aside}")
        if self.flags:
            kept = ", ".join(f"{flag} {count}" for flag, count in self.flags.most_common())
            lines.append(f"the other clean ones: {kept}")
        return "\n".join(lines)

    def add(self, judge: Judge, seen: Seen, *, without_strays: bool) -> None:
        """Add the figures of one run."""
        firm = judge.firm
        self.invoices += len(firm.books.xero_invoices)
        self.receipts += judge.stories()
        self.restless += judge.restless
        for name, found in zip(
            FIGURES,
            (judge.doubled, judge.across, judge.lost, judge.merged, judge.forgotten, judge.unseen, judge.misplaced),
            strict=True,
        ):
            faults = list(found.values())
            getattr(self, name).update(fault.story for fault in faults)
            self.faults.setdefault(name, []).extend((firm.style.name, firm.seed, fault) for fault in faults)
        clean = judge.clean_additions(without_strays=without_strays)
        self.clean += len(clean)
        self.clean_in_bulk += len(clean & judge.bulk)
        waiting = {p.xero.payment_id: p for p in seen.proposals if p.xero and p.kind is ProposalKind.ADD}
        for key in clean - judge.bulk:
            flags = sorted(waiting[key].flags) if key in waiting else ["by hand" if key in judge.by_hand else "no add"]
            self.flags.update([" ".join(flags)])


def run(
    style: Style,
    seed: int,
    invoices: int,
    *,
    without: Collection[str] = (),
    tally: Tally | None = None,
    with_cleanup: bool = True,
) -> Tally:
    """Invent a firm and drive the rules over it, with a clean-up of old leftovers at each check or without any."""
    firm = Firm(style, seed, invoices)
    policy = Policy(currency=AUD, forward_dating_days=5, start_date=style.start_date)
    tally = tally or Tally()
    judge = Judge(firm)
    program = InMemory(firm.books, policy, without)
    seen = drive(firm, program, judge, with_cleanup=with_cleanup)
    tally.add(judge, seen, without_strays=not style.has_standard_fees)
    tally.set_aside += program.set_aside
    return tally


def drive(firm: Firm, program: Program, judge: Judge, *, with_cleanup: bool = True) -> Seen:
    """Check, clean up, approve all that bulk allows, check again, let people go on; to the last check."""
    while True:
        now = CHECKS[firm.world.stage]
        judge.note_equals()
        program.check(now)
        if with_cleanup:
            judge.judge(program.clean_up(), is_bulk=True)
        for _ in range(_ROUNDS):
            if not sum(_act(program, judge, kinds) for kinds in BULK_ACTS):
                break
        else:
            judge.restless += sum(_act(program, judge, kinds) for kinds in BULK_ACTS)
        seen = program.look()
        judge.note_lost(seen)
        judge.note_forgotten(seen)
        if not firm.has_more:
            return seen
        decide(firm, program, judge, seen)
        firm.advance()


def _act(program: Program, judge: Judge, kinds: Collection[str]) -> int:
    """Approve all of these kinds that bulk allows, and say how much that was."""
    writes = program.approve_bulk(kinds)
    judge.judge(writes, is_bulk=True)
    return len(writes)


def decide(firm: Firm, program: Program, judge: Judge, seen: Seen) -> None:
    """Let somebody who knows the truth decide about some of what bulk leaves."""
    for invoice, number in told(firm, seen):
        program.say_number(invoice, number)
    chosen = {p.invoice_number: p for p in seen.proposals if firm.dice.random() < _DECIDED_SHARE and is_right(firm, p)}
    judge.judge(program.approve(list(chosen.values())), is_bulk=False)


def told(firm: Firm, seen: Seen) -> list[tuple[XeroInvoiceId, str]]:
    """Return what somebody who knows the truth says of some invoices of which it is in doubt which they are (R1)."""
    books = firm.books
    in_doubt = [s.xero_invoice_id for s in seen.snapshots if s.renumbered_to or s.rivals or s.case_invoice is None]
    asked = [i for i in in_doubt if i in books.case_of and books.xero_invoices[i].status != "VOIDED"]
    return [(i, books.case_invoices[books.case_of[i]].number) for i in asked if firm.dice.random() < _TOLD_SHARE]


def type_meanwhile(firm: Firm, approved: Sequence[Proposal]) -> None:
    """Type the money of some approved additions by hand before they are written, under another date or less a fee."""
    books, dice = firm.books, firm.dice
    for proposal in approved:
        payment = proposal.xero
        if proposal.kind is not ProposalKind.ADD or payment is None or dice.random() > _TYPED_SHARE:
            continue
        story = Story(firm.world, "typed_meanwhile", is_clean=False)
        firm.world.marked_invoices[payment.invoice_id] = story.name
        shares = books.xero_money[payment.payment_id]
        for number, _ in shares:
            books.receipts[number].story = story.name
        case = proposal.case_invoice_id
        billed = Billed(payment.invoice_id, case, proposal.invoice_number, payment.contact_name, 0)
        less = dice.choice((0, 0, 250))
        story.type_in(billed, shares, payment.amount.minor - less, story.nudged(payment.paid_on, 21))


def is_right(firm: Firm, proposal: Proposal) -> bool:
    """Say whether a proposal would bring every receipt nearer to what really came."""
    books = firm.books
    before = dict(books.case_money.get(proposal.case.payment_id, ()) if proposal.case else ())
    kind = proposal.kind
    after = (
        dict(books.xero_money[proposal.xero.payment_id]) if proposal.xero and kind is not ProposalKind.REMOVE else {}
    )
    if kind is ProposalKind.LINK:
        return True
    if kind is ProposalKind.ACCEPT:
        return _are_one_money(books, proposal)
    is_better = False
    for number in {*before, *after}:
        now = books.standing(number)
        then = now - before.get(number, 0) + after.get(number, 0)
        cents = books.receipts[number].cents
        if abs(then - cents) > abs(now - cents):
            return False
        is_better = is_better or abs(then - cents) < abs(now - cents)
    return is_better


def _are_one_money(books: Books, proposal: Proposal) -> bool:
    """Say whether what a row would accept as the same is money of the same receipts."""
    there = {number for payment in proposal.accepted for number, _ in books.xero_money[payment.payment_id]}
    here = {number for row in proposal.accepted_as for number, _ in books.case_money[row.payment_id]}
    return there == here
