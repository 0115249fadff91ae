"""Settle open intents: find out in Case Manager whether a write that was about to be made was made."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import PaymentValues, ProposalKind, ProposalState, moved
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.giving_up import give_up
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.ports.case_manager import CaseManager
from cmxero_desktop.services.ports.computer import Clock
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentPurpose, IntentState
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite, WriteKind

INTERRUPTED = "The program ended before the outcome was recorded."


def settle_open_intents(
    outside: Outside,
    *,
    why: str,
    unwritten: ProposalState = ProposalState.PROPOSED,
    only: Collection[str] | None = None,
) -> tuple[Intent, ...]:
    """Settle open intents (those with the ids `only`, None: all) and return them; `why` says what left them open.

    What another desktop is writing is left to it, until it was silent for too long; what was planned and not begun is
    given up without a look. Reads each invoice under the same lock that a write takes, so a commit still under way is
    waited for. Raises CaseManagerError where the database cannot be reached: the intents stay open and nothing is
    guessed.
    """
    with outside.store.read() as unit:
        pending = _left_open(unit, outside.holder, only)
        currency = unit.polling.state().organisation.currency
    settled: list[Intent] = []
    if only is None and any(intent.lease for intent in pending):
        # From here on whoever has planned them cannot begin them any more, however long it slept.
        with outside.store.begin() as unit:
            pending = _left_open(unit, outside.holder, only)
            unit.sharing.end_writing({intent.lease for intent in pending})
            settled += give_up(unit, pending, outside.clock)
            unit.commit()
    by_invoice: dict[CaseInvoiceId, list[Intent]] = defaultdict(list)
    for intent in pending:
        if intent.state is IntentState.OPEN:
            by_invoice[intent.case_invoice_id].append(intent)
    for invoice_id, intents in by_invoice.items():
        side = _read_locked(outside.case_manager, invoice_id, currency)
        with outside.store.begin() as unit:
            settled += record_outcome(
                unit, _found(intents, side), outside.clock, what=AuditWhat.RECOVERED, why=why, unwritten=unwritten
            )
            unit.commit()
    return tuple(settled)


def _left_open(unit: UnitOfWork, holder: str, only: Collection[str] | None) -> list[Intent]:
    """Return what nobody is writing any more, or what is asked for."""
    pending = unit.intents.still_open()
    if only is not None:
        return [intent for intent in pending if intent.intent_id in only]
    elsewhere = unit.sharing.writing_elsewhere(holder) if pending else frozenset()
    return [intent for intent in pending if intent.lease not in elsewhere]


def _read_locked(case_manager: CaseManager, invoice_id: CaseInvoiceId, currency: str) -> CaseInvoiceSide | None:
    seen: list[CaseInvoiceSide | None] = []

    def look(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        seen.append(side)
        return ()

    case_manager.change_invoice(invoice_id, currency, look)
    return seen[0]


def _found(intents: Iterable[Intent], side: CaseInvoiceSide | None) -> list[Intent]:
    """Return the intents of one invoice with what is found in Case Manager: written, or not.

    Insertions come first, and each finds a row of its own: a database may give the key of a removed row to a new one.
    """
    left = {payment.payment_id: payment for payment in (side.payments if side else ())}
    intents = sorted(intents, key=lambda intent: intent.kind is not WriteKind.INSERT)
    arrivals = {batch_id: _Arrivals(act, left.values()) for batch_id, act in _by_act(intents).items()}
    found = []
    for intent in intents:
        if intent.kind is WriteKind.INSERT:
            key = arrivals[intent.batch_id].find(intent, left)
            if key is not None:
                del left[key]
            found.append(_closed(intent, key, is_written=key is not None))
        else:
            present = left.get(intent.payment_id) if intent.payment_id else None
            is_written = present is None if intent.kind is WriteKind.DELETE else _is_updated(intent, present)
            found.append(_closed(intent, intent.payment_id, is_written=is_written))
    return found


def _by_act(intents: Iterable[Intent]) -> Mapping[str, list[Intent]]:
    acts: dict[str, list[Intent]] = defaultdict(list)
    for intent in intents:
        acts[intent.batch_id].append(intent)
    return acts


_Placed = tuple[int, CasePaymentId]
"""A payment's place in its invoice's order, and its key."""


class _Arrivals:
    """The payments of an invoice that one act may have inserted: new ones, or a new row with a removed one's key."""

    def __init__(self, act: Sequence[Intent], payments: Iterable[CasePayment]) -> None:
        """Arrange them by the Xero payment that they name and by all that they say, in the invoice's order."""
        older = {payment_id for intent in act for payment_id in intent.known_ids}
        removed = {intent.payment_id: intent.before for intent in act if intent.kind is WriteKind.DELETE}
        self._named: dict[XeroPaymentId | None, deque[_Placed]] = defaultdict(deque)
        self._equal: dict[PaymentValues | None, deque[_Placed]] = defaultdict(deque)
        for place, payment in enumerate(payments):
            key, values = payment.payment_id, PaymentValues.of(payment)
            if key in older and removed.get(key, values) == values:
                continue
            self._named[_named(values)].append((place, key))
            self._equal[values].append((place, key))

    def find(self, intent: Intent, left: Collection[CasePaymentId]) -> CasePaymentId | None:
        """Return the first payment among those `left` that names the same Xero payment, or has all equal."""
        named = [self._named[folded(intent.xero_payment_id)]] if intent.xero_payment_id is not None else []
        first: list[_Placed] = []
        for found in (*named, self._equal[intent.after]):
            while found and found[0][1] not in left:
                found.popleft()
            first += [found[0]] if found else []
        return min(first)[1] if first else None


def _closed(intent: Intent, key: CasePaymentId | None, *, is_written: bool) -> Intent:
    return replace(intent, state=IntentState.WRITTEN if is_written else IntentState.NOT_WRITTEN, result_id=key)


def _is_updated(intent: Intent, payment: CasePayment | None) -> bool:
    """Say whether an update was made; a row that someone changed further since is told by what is left of it."""
    if payment is None:
        return False
    values = PaymentValues.of(payment)
    if values in {intent.before, intent.after}:
        return values == intent.after
    if _named(intent.before) != _named(intent.after):
        return _named(values) == _named(intent.after)
    facts = zip(_facts(values), _facts(intent.before), _facts(intent.after), strict=True)
    return any(now == after != before for now, before, after in facts)


def _named(values: PaymentValues | None) -> XeroPaymentId | None:
    return read_mark(values.notes, "").payment_id if values else None


def _facts(values: PaymentValues | None) -> tuple[object, ...]:
    return (values.paid_on, values.amount, values.reference) if values else (None, None, None)


def record_outcome(
    unit: UnitOfWork,
    intents: Iterable[Intent],
    clock: Clock,
    *,
    what: AuditWhat,
    why: str,
    unwritten: ProposalState = ProposalState.PROPOSED,
) -> tuple[Intent, ...]:
    """Close intents, move their proposals, remember copies that we wrote, append the audit entries; return the intents.

    A proposal that was not written becomes `unwritten`; one that was to be undone stays applied. An intent that
    another desk settled meanwhile is returned as that one found it.
    """
    intents = tuple(intents)
    known = unit.intents.by_id([intent.intent_id for intent in intents])
    ours = [intent for intent in intents if known[intent.intent_id].state is IntentState.OPEN]
    unit.intents.close(ours)
    # Settled and written is in the store's own database only (R35).
    state = unit.polling.state()
    database = state.database.place.name or state.comparison.case_manager_label
    found = unit.proposals.by_fingerprint([intent.fingerprint for intent in ours])
    moves = [(_moved(found[i.fingerprint], i, clock, why, unwritten), found[i.fingerprint].state) for i in ours]
    unit.proposals.update(moves)
    is_failure = unwritten is ProposalState.FAILED
    events = (
        _event(new, i, AuditWhat.FAILED if is_failure and i.state is IntentState.NOT_WRITTEN else what, clock, why)
        for i, (new, _) in zip(ours, moves, strict=True)
    )
    unit.audit.append([replace(event, database=database) for event in events])
    written = [i for i in ours if i.state is IntentState.WRITTEN]
    _part_unlinked(unit, [found[i.fingerprint] for i in written if i.purpose is IntentPurpose.UNDO], clock)
    # A database may give the key of a removed payment to the next one, which then is nobody's copy (R29).
    unit.pairs.forget_copies(i.payment_id for i in written if i.kind is WriteKind.DELETE and i.payment_id is not None)
    unit.pairs.add_copies(i.result_id for i in written if i.kind is not WriteKind.DELETE and i.result_id is not None)
    return tuple(ours) if len(ours) == len(intents) else _as_stored(unit, intents)


def _part_unlinked(unit: UnitOfWork, undone: Iterable[StoredProposal], clock: Clock) -> None:
    """Part what a person unlinked: an undone link says that the two are not the same money (R7a)."""
    pairs = [
        (stored.proposal.xero.payment_id, stored.proposal.case.payment_id)
        for stored in undone
        if stored.proposal.kind is ProposalKind.LINK and stored.proposal.xero and stored.proposal.case
    ]
    for xero_id, case_id in pairs:
        unit.memory.part(xero_id, case_id)
    parted = {(folded(xero_id), case_id) for xero_id, case_id in pairs}
    gone = [pair for pair in unit.memory.pairs() if (folded(pair.xero_id), pair.case_id) in parted] if parted else []
    unit.memory.end(gone, clock(), "A person undid the link.")


def _as_stored(unit: UnitOfWork, intents: Sequence[Intent]) -> tuple[Intent, ...]:
    stored = unit.intents.by_id([intent.intent_id for intent in intents])
    return tuple(stored[intent.intent_id] for intent in intents)


def _event(stored: StoredProposal, intent: Intent, what: AuditWhat, clock: Clock, why: str) -> AuditEvent:
    """Describe the write that was made or not made; its before and after are the intent's, also for an undo."""
    event = event_of(stored, what, at=clock(), by=intent.by, reason=why or intent.reason)
    return replace(
        event,
        before=intent.before,
        after=intent.after,
        case_payment_id=intent.result_id or intent.payment_id,
        batch_id=intent.batch_id,
        evidence={**event.evidence, "written": "yes" if intent.state is IntentState.WRITTEN else "no"},
    )


def _moved(stored: StoredProposal, intent: Intent, clock: Clock, why: str, unwritten: ProposalState) -> StoredProposal:
    is_written = intent.state is IntentState.WRITTEN
    if intent.purpose is IntentPurpose.UNDO:
        if not is_written:
            return replace(stored, outcome=why)
        decision = Decision(by=intent.by, at=clock(), reason=intent.reason)
        # The key of a payment that was put back tells the removal that the undo itself brings up (R31).
        put_back = intent.result_id if intent.kind is WriteKind.INSERT else stored.result_id
        return replace(
            stored,
            state=moved(stored.state, ProposalState.UNDONE),
            changed_at=clock(),
            decision=decision,
            result_id=put_back,
            outcome="",
        )
    return replace(
        stored,
        state=moved(stored.state, ProposalState.APPLIED if is_written else unwritten),
        changed_at=clock(),
        batch_id=intent.batch_id,
        result_id=intent.result_id if is_written else None,
        outcome="" if is_written else why,
    )
