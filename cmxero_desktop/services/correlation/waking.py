"""Say before a judgement what the board asks for of those at rest, and which refunds have their home on it."""

from dataclasses import replace

from cmxero_desktop.domain.correlation.resting import asked_by, asked_by_stray
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.services.correlation.firm import Firm
from cmxero_desktop.services.correlation.kept_firm import KeptFirm

# Who asks in the name of all payments on invoices that Xero does not have; no invoice is called so.
_STRAYS = "\0"


def ask_for_those_at_rest(kept: KeptFirm, firm: Firm, policy: Policy) -> None:
    """Say what the board and the payments beside it ask for by now, after each of it was sketched by itself."""
    for number, first in kept.memo.first.items():
        if kept.asking.get(number) is not first:
            kept.asking[number] = first
            kept.ask(number, asked_by(first.sketched, policy))
    for number in kept.asking.keys() - kept.memo.first.keys():
        del kept.asking[number]
        kept.ask(number, ())
    kept.ask(_STRAYS, (tie for stray in firm.strays for tie in asked_by_stray(stray, policy)))


def give_refunds(kept: KeptFirm, policy: Policy) -> None:
    """Give each refund to the invoice on the board that it belongs to by now (R2)."""
    found = kept.homes.of_all(kept.known.refunds, policy)
    for number in found.keys() | kept.refunded:
        one = kept.board.get(number)
        refunded = found.get(number, ())
        if one is not None and one.snapshot is not None and one.snapshot.refunded != refunded:
            kept.board[number] = replace(one, snapshot=replace(one.snapshot, refunded=refunded))
    kept.refunded = frozenset(found)
