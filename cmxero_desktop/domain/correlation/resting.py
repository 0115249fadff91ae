"""Say which invoices are at rest: no stage of a judgement does anything with them or because of them.

Such an invoice may be left out of the next judgement, as long as nothing of its own has changed and nobody asks for it.
What another one may ask for are its ties.
"""

import hashlib
from collections.abc import Collection, Iterable
from typing import TypeAlias

from cmxero_desktop.domain.correlation.sketches import Sketched
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.scope import DEAD, folded

Tie: TypeAlias = tuple[str, ...]
"""What may join two invoices: a payment's id, a remittance, or a multi-invoice payment."""


def mark_of_tie(tie: Tie) -> int:
    """Return a number for a tie, the same in every program."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(tie).encode("utf-8", "surrogatepass"), digest_size=7).digest())


def is_at_rest(sketched: Sketched, claimed: Collection[XeroPaymentId], policy: Policy) -> bool:
    """Say whether an invoice is at rest after its own first pass.

    Every payment of both sides is one of a pair, nothing is proposed, left over, held, said or in doubt, no copy here
    names a payment that is not of this invoice, and no copy elsewhere names one that is (`claimed`). Then no later
    stage looks at it but for its ties; and since no row of it waits for a day, today makes no difference.
    """
    return not _has_open_ends(sketched) and not claimed and _is_plain(sketched.snapshot, policy)


def _has_open_ends(sketched: Sketched) -> bool:
    return bool(
        sketched.sketches
        or sketched.leftovers
        or sketched.never_known
        or sketched.orphans
        or sketched.explained
        or sketched.lost
        or sketched.twice
        or sketched.misplaced
        or sketched.is_held
        or any(row.bucket is not Bucket.MATCHED for row in (*sketched.rows, *sketched.hidden))
    )


def _is_plain(snapshot: InvoiceSnapshot, policy: Policy) -> bool:
    """Say whether it is one living invoice on both sides that names only its own; nobody said a word of it."""
    xero, said = snapshot.xero_invoice, snapshot.decisions
    is_odd = (
        snapshot.case_invoice is None
        or xero is None
        or xero.status in DEAD
        or snapshot.unreadable
        or snapshot.unknown_ids
        or snapshot.named_elsewhere
        or snapshot.rivals
        or snapshot.refunded
        or snapshot.renumbered_from
        or snapshot.renumbered_to
        or said.accepted
        or said.explained
    )
    return not is_odd and not _names_of_others(snapshot, policy)


def _names_of_others(snapshot: InvoiceSnapshot, policy: Policy) -> set[XeroPaymentId]:
    """Return the ids that copies here name and that are of no payment of this invoice."""
    marks = (read_mark(payment.notes, policy.imported_text) for payment in snapshot.case_payments)
    own = {folded(payment.payment_id) for payment in snapshot.xero_payments}
    return {mark.payment_id for mark in marks if mark.payment_id is not None} - own


def ties_of(snapshot: InvoiceSnapshot) -> Iterable[Tie]:
    """Return what another invoice may ask for of one that is at rest."""
    for payment in snapshot.xero_payments:
        yield of_id(payment.payment_id)
        if payment.is_live:
            yield from remittances_of(payment)
    for copy in snapshot.case_payments:
        if copy.is_multi_invoice and copy.group:
            yield _of_group(copy.group)


def asked_by(sketched: Sketched, policy: Policy) -> Iterable[Tie]:
    """Return what an invoice asks for of those that are at rest.

    Its copies name payments of others (R7), its additions may be part of a remittance, its changes of a batch that was
    entered anew (R16b), and a line of a multi-invoice payment that matches nothing of a group (R18).
    """
    yield from map(of_id, _names_of_others(sketched.snapshot, policy))
    for sketch in sketched.sketches:
        if sketch.kind is ProposalKind.ADD and sketch.xero is not None:
            yield from remittances_of(sketch.xero)
        elif sketch.kind is ProposalKind.CHANGE and sketch.xero is not None and sketch.xero.batch_payment_id:
            yield _of_batch(sketch.xero.batch_payment_id)
    for marked in sketched.leftovers:
        if marked.payment.is_multi_invoice:
            yield _of_group(marked.payment.group)


def asked_by_stray(stray: StrayPayment, policy: Policy) -> Iterable[Tie]:
    """Return what a payment asks for whose invoice Xero does not have: the payment that it names (R7)."""
    named = read_mark(stray.payment.notes, policy.imported_text).payment_id
    if named is not None:
        yield of_id(named)


def remittances_of(payment: XeroPayment) -> Iterable[Tie]:
    """Return the remittances that a payment may be part of: its batch; its contact, date and account (R18)."""
    contact = payment.contact_id or payment.contact_name.strip().casefold()
    if payment.batch_payment_id:
        yield _of_batch(payment.batch_payment_id)
    if contact:
        account = payment.account_id or payment.account_code or payment.account_name
        yield ("contact", contact, payment.paid_on.isoformat(), account)


def of_id(payment_id: XeroPaymentId) -> Tie:
    """Return the tie of whoever has a payment, and of whose copies name it."""
    return ("id", folded(payment_id))


def _of_batch(batch: str) -> Tie:
    return ("batch", batch)


def _of_group(group: str) -> Tie:
    return ("group", group)
