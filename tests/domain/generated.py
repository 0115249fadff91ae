"""Invent invoices on which collisions are common: two amounts and two dates each, few ids, every kind of oddity."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Protocol, TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from cmxero_desktop.domain.memory import PairedHow
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, Decisions, InvoiceSnapshot, Side, XeroPayment
from tests.domain.support import (
    AUD,
    case,
    nov,
    remembered,
    run,
    snapshot,
    unreadable,
    without_case_invoice,
    without_xero_invoice,
    xero,
)

T = TypeVar("T")

# How many situations each property is held against; a night can have more.
thoroughly = settings(max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "200")), deadline=None)


class Pick(Protocol):
    """Where choices come from: a seeded generator, or hypothesis."""

    def __call__(self, options: Sequence[T], /) -> T: ...


@dataclass(frozen=True)
class Situation:
    """One invoice and the policy that it is correlated by."""

    facts: InvoiceSnapshot
    policy: Policy


OWN_IDS = ("P1", "P2", "P3", "P4", "p1")
AMOUNTS = ("400", "400.50", "450", "540", "40", "300")
DATES = (nov(1), nov(1), nov(2), nov(20), nov(27), nov(28), date(2026, 10, 31))
REFERENCES = ("", " ", "A", "B ", "B")
NOTES = ("", "", "cheque in post", "Xero payment", "x" * 480)
RARELY = (True, *[False] * 24)
SOMETIMES = (True, False, False)

ELSEWHERE = (
    xero("E1", invoice_id="INV-200"),
    xero("E2", deleted=True, minute=1, invoice_id="INV-200"),
)


def situation(pick: Pick, *, oddities: bool = True) -> Situation:
    """Invent one invoice; without `oddities` its collection is whole and nobody decided anything yet."""
    ids = [i for i in OWN_IDS if pick(SOMETIMES) or pick(SOMETIMES)]
    amounts, dates = (pick(AMOUNTS), pick(AMOUNTS)), (pick(DATES), pick(DATES))
    payments = [_xero_payment(pick, i, pick(amounts), pick(dates)) for i in ids]
    keys = range(1, 1 + pick((0, 1, 1, 2, 2, 3, 4)))
    copies = [_case_payment(pick, key, pick(amounts), pick(dates)) for key in keys]
    facts = snapshot(
        payments,
        copies,
        invoice_total=pick(("2000", "1000", "1000", "850")),
        elsewhere=[p for p in ELSEWHERE if pick(SOMETIMES)],
        unknown=["U1"] if pick((True, False)) else [],
    )
    return Situation(_with_oddities(pick, facts) if oddities else facts, _policy(pick))


def _xero_payment(pick: Pick, payment_id: str, amount: str, paid_on: date) -> XeroPayment:
    return xero(
        payment_id,
        amount,
        paid_on,
        deleted=pick(SOMETIMES),
        minute=pick((0, 1, 2)),
        reference=pick(REFERENCES),
        currency="NZD" if pick(RARELY) else AUD,
        payment_type="ARCREDITPAYMENT" if pick(RARELY) else "ACCRECPAYMENT",
        account="SOR Clearing" if pick(RARELY) else "",
    )


def _case_payment(pick: Pick, key: int, amount: str, paid_on: date) -> CasePayment:
    names = pick(("", "", "P1", "P1", "P2", "P3", "P4", "E1", "E2", "U1", "N1"))
    return case(
        key,
        amount,
        paid_on,
        names=names,
        notes=pick(NOTES),
        journalled=pick((True, *[False] * 5)),
        group=pick((True, *[False] * 5)),
        reference=pick(REFERENCES),
    )


def _policy(pick: Pick) -> Policy:
    return Policy(
        currency=AUD,
        start_date=pick((None, None, None, nov(1), nov(2), nov(21))),
        forward_dating_days=pick((5, 5, None, 0)),
        is_journalled_locked=pick((True, True, False)),
        notes_limit=pick((500, 500, None, 490, 14)),
    )


def _with_oddities(pick: Pick, facts: InvoiceSnapshot) -> InvoiceSnapshot:
    changes: Sequence[Callable[[InvoiceSnapshot], InvoiceSnapshot]] = (
        without_case_invoice,
        without_xero_invoice,
        lambda f: replace(f, xero_invoice=snapshot(amount_paid="12.34").xero_invoice),
        lambda f: replace(f, unreadable=(unreadable(pick(tuple(Side)), "row 3", pick((None, "5"))),)),
    )
    for change in changes:
        if pick(RARELY):
            facts = change(facts)
    return replace(facts, decisions=_decisions(pick, facts))


def _decisions(pick: Pick, facts: InvoiceSnapshot) -> Decisions:
    pairs = [(x.payment_id, c) for x in facts.xero_payments for c in facts.case_payments]
    proposals = run(facts).proposals
    return Decisions(
        memory=tuple(replace(remembered(x, c), how=PairedHow.SAID) for x, c in pairs if pick((True, *[False] * 7))),
        declined=frozenset(p.fingerprint for p in proposals if pick(SOMETIMES)),
        apart=frozenset((x, c.payment_id) for x, c in pairs if pick((True, *[False] * 7))),
    )


def situations(*, oddities: bool = True) -> st.SearchStrategy[Situation]:
    """Invent one invoice from a seed: sixty draws for each would be fifty times slower."""
    seeds = st.integers(min_value=0, max_value=2**32)
    return seeds.map(lambda seed: situation(Random(seed).choice, oddities=oddities))
