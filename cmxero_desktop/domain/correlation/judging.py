"""Judge a firm's invoices together, in the order of judgement that the rules give; one invoice is a firm of one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from cmxero_desktop.domain.correlation.balancing import balanced
from cmxero_desktop.domain.correlation.batches import with_batches_anew
from cmxero_desktop.domain.correlation.besides import with_besides
from cmxero_desktop.domain.correlation.decision_hashes import DecisionHashes, removal_hash
from cmxero_desktop.domain.correlation.equal_sums import with_accepts
from cmxero_desktop.domain.correlation.findings import Board
from cmxero_desktop.domain.correlation.judging_memo import Claimed, Memo, seen_on
from cmxero_desktop.domain.correlation.limiting import Limits, with_limits
from cmxero_desktop.domain.correlation.moving import with_moves
from cmxero_desktop.domain.correlation.pieces import with_pieces
from cmxero_desktop.domain.correlation.remittances import with_remittances
from cmxero_desktop.domain.correlation.sealing import sealed
from cmxero_desktop.domain.correlation.siblings import with_siblings
from cmxero_desktop.domain.correlation.sides import explanations_of
from cmxero_desktop.domain.correlation.sketches import Sketched
from cmxero_desktop.domain.correlation.sketching import sketch
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment, with_strays
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import SETTLED, Explained
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All rows and proposals by invoice, and which removal limit was passed, in words (R27)."""

    correlations: Mapping[str, Correlation]
    breach: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPasses:
    """Every invoice sketched by itself, and the case payments of invoices that Xero does not have."""

    invoices: Mapping[str, Sketched]
    strays: Sequence[StrayPayment]


def first_passes(
    snapshots: Iterable[InvoiceSnapshot],
    strays: Iterable[StrayPayment],
    policy: Policy,
    today: date,
    memo: Memo,
) -> FirstPasses:
    """Sketch each invoice by itself, as far as `memo` does not have it of an earlier judgement."""
    # Whoever reads them may come by them in any order, and what is said first is hashed first.
    snapshots = sorted(snapshots, key=lambda s: s.number)
    strays = sorted(strays, key=lambda s: (s.number, s.payment.payment_id.order))
    memo.begin(policy, today)
    claims = _claims(snapshots, strays, policy)
    return FirstPasses(
        invoices={s.number: _first(s, _claimed(s, claims), memo, policy, today) for s in snapshots}, strays=strays
    )


def judge(
    snapshots: Iterable[InvoiceSnapshot],
    policy: Policy,
    today: date,
    *,
    strays: Collection[StrayPayment] = (),
    limits: Limits | None = None,
    only: Collection[str] | None = None,
    memo: Memo | None = None,
) -> Judgement:
    """Judge all invoices, and return those with the numbers `only` (None: all of them).

    `strays` are the case payments of invoices that Xero does not have (R4, R7, R23b).

    Without `limits` the removal limits are not judged (R27). What `memo` has of an earlier judgement is not made again.
    """
    memo = memo or Memo()
    return judge_from(first_passes(snapshots, strays, policy, today, memo), policy, limits=limits, only=only, memo=memo)


def judge_from(
    first: FirstPasses, policy: Policy, *, limits: Limits | None, only: Collection[str] | None, memo: Memo
) -> Judgement:
    """Judge the invoices together, after each was sketched by itself; the rest is as `judge` has it."""
    doubtful = [stray for stray in first.strays if stray.said in {None, Explained.SET_ASIDE}]
    board = Board(first.invoices)
    board = with_batches_anew(with_moves(board, policy), policy)
    board = with_accepts(board, policy)
    board = with_remittances(board, doubtful, policy)
    board = with_besides(board, policy, memo.looks)
    board = with_siblings(with_pieces(with_strays(board, doubtful, policy), doubtful, policy))
    board, breach = with_limits(board, limits, policy) if limits is not None else (board, "")
    memo.end(board.invoices)
    return Judgement(
        correlations={
            number: memo.sealed(number, seen, partial(_sealed, board, seen.sketched, policy))
            for number, seen in seen_on(board).items()
            if only is None or number in only
        },
        breach=breach,
    )


def _first(snapshot: InvoiceSnapshot, claimed: Claimed, memo: Memo, policy: Policy, today: date) -> Sketched:
    return memo.sketched(snapshot, claimed, lambda: sketch(snapshot, policy, today, claimed))


def _sealed(board: Board, one: Sketched, policy: Policy) -> Correlation:
    return sealed(board, one, balanced(board, one, _declined(one), policy), policy)


_Claims = Mapping[XeroPaymentId, Collection[str]]


def _claims(snapshots: Iterable[InvoiceSnapshot], strays: Iterable[StrayPayment], policy: Policy) -> _Claims:
    """Return which invoices have a case payment that names each Xero payment; what is explained claims none (R7)."""
    found: dict[XeroPaymentId, set[str]] = defaultdict(set)
    for snapshot in snapshots:
        said = explanations_of(snapshot)
        for payment in snapshot.case_payments:
            if payment.payment_id in said and said[payment.payment_id].what in SETTLED:
                continue
            name = read_mark(payment.notes, policy.imported_text).payment_id
            if name is not None:
                found[name].add(snapshot.number)
    for stray in strays:
        if stray.said in SETTLED:
            continue
        name = read_mark(stray.payment.notes, policy.imported_text).payment_id
        if name is not None:
            found[name].add(stray.number)
    return found


def _claimed(snapshot: InvoiceSnapshot, claims: _Claims) -> frozenset[XeroPaymentId]:
    """Return the ids of the invoice's payments that other invoices' copies name."""
    own = {snapshot.number}
    names = (folded(p.payment_id) for p in snapshot.xero_payments)
    return frozenset(name for name in names if not own.issuperset(claims.get(name, ())))


def _declined(sketched: Sketched) -> frozenset[str]:
    """Return the keys of the sketches that a person held, rejected or undid; an edit inherits it of its removal."""
    said = sketched.snapshot.decisions.declined
    if not said:
        return frozenset()
    hashes = DecisionHashes(sketched)
    return frozenset(
        s.key for s in sketched.sketches if hashes.of(s) in said or (s.rule is Rule.R16 and removal_hash(s) in said)
    )
