"""Find one remittance that both systems hold, allocated or typed otherwise (R18)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cmxero_desktop.domain import wording_elsewhere
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.naming import first_named
from cmxero_desktop.domain.correlation.resting import remittances_of
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.correlation.subsets import sums_of_some
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import MOST_NAMED, Flag, ProposalKind, whole_of
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import xero_order

_ONE_PERCENT = 100
_EQUAL_LINES = 5
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class _Sent:
    """What Xero received at once: a batch, or several payments of one contact, date and account; additions first."""

    payments: tuple[XeroPayment, ...]
    adds: tuple[Place, ...]
    is_batch: bool

    @property
    def total(self) -> int:
        return sum(p.amount.minor for p in self.payments)

    @property
    def only_add(self) -> XeroPayment | None:
        """Its one addition, where Case Manager is not to take the rest; additions stand first."""
        return self.payments[0] if len(self.adds) == 1 < len(self.payments) else None

    def part(self, places: Iterable[int]) -> "_Sent":
        """Return some of it."""
        chosen = tuple(places)
        adds = tuple(self.adds[place] for place in chosen if place < len(self.adds))
        return replace(self, payments=tuple(self.payments[place] for place in chosen), adds=adds)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What Case Manager holds at once: a group with a line that matches nothing, or one payment that does not.

    `number` is the invoice in scope on which the one payment stands.
    """

    lines: tuple[CasePayment, ...]
    is_group: bool
    number: str = ""

    @property
    def total(self) -> int:
        return sum(p.amount.minor for p in self.lines)


def with_remittances(board: Board, strays: Iterable[StrayPayment], policy: Policy) -> Board:
    """Flag all additions of a remittance whose total stands in Case Manager already, on all its invoices.

    One contact's payments of a day need not be one remittance: what some of them add up to, to the cent, counts too;
    where it was typed on the invoice of one of them, within the same 1 %.
    """
    by_day: dict[date, list[_Sent]] = defaultdict(list)
    for sent in _sent(board):
        for day in {p.paid_on for p in sent.payments}:
            by_day[day].append(sent)
    found: list[tuple[Place, Finding]] = []
    sums: dict[int, Mapping[int, tuple[int, ...]]] = {}
    for typed in _typed(board, strays) if by_day else ():
        for sent in _near(typed, by_day, policy):
            same = sent if _is_same(typed, sent) else _part(typed, sent, sums)
            if same is not None:
                finding = _finding(typed, same)
                found += [(place, finding) for place in same.adds]
    return board.with_findings(found)


def _part(typed: _Typed, sent: _Sent, sums: dict[int, Mapping[int, tuple[int, ...]]]) -> _Sent | None:
    """Return those of one contact's payments of a day that make up what was typed; `sums` are known by identity."""
    if sent.is_batch or len(sent.payments) == _SEVERAL:
        return None
    if id(sent) not in sums:
        sums[id(sent)] = sums_of_some([p.amount.minor for p in sent.payments])
    places = sums[id(sent)].get(typed.total) or _nearly(typed, sent, sums[id(sent)])
    return sent.part(places) if places else None


def _nearly(typed: _Typed, sent: _Sent, sums: Mapping[int, tuple[int, ...]]) -> Sequence[int]:
    """Return what may make it up less a fee; so much is only believed of a payment on the invoice of one of them."""
    if all(place.number != typed.number for place in sent.adds):
        return ()
    close = (places for total, places in sums.items() if abs(total - typed.total) * _ONE_PERCENT <= total)
    return sorted(set().union(*close))


def _sent(board: Board) -> Iterable[_Sent]:
    """Return the remittances that have an addition; a batch of one payment is only compared with groups."""
    sets: dict[tuple[str, ...], list[XeroPayment]] = defaultdict(list)
    adds: dict[str, Place] = {}
    for number, sketched in board.invoices.items():
        for sketch in sketched.sketches:
            if sketch.kind is ProposalKind.ADD and sketch.xero is not None:
                adds[sketch.xero.payment_id] = Place(number, sketch.key)
        for payment in sketched.live:
            for key in remittances_of(payment):
                sets[key].append(payment)
    for key, payments in sets.items():
        payments.sort(key=lambda p: (p.payment_id not in adds, xero_order(p)))
        places = tuple(adds[p.payment_id] for p in payments if p.payment_id in adds)
        is_batch = key[0] == "batch"
        if places and (len(payments) >= _SEVERAL or is_batch):
            yield _Sent(tuple(payments), places, is_batch)


def _typed(board: Board, strays: Iterable[StrayPayment]) -> Iterable[_Typed]:
    """Return the groups with an unmatched line, and each single unmatched payment."""
    groups: dict[str, list[CasePayment]] = defaultdict(list)
    open_groups: set[str] = set()
    strays = tuple(strays)
    for sketched in board.invoices.values():
        for payment in sketched.snapshot.case_payments:
            if payment.is_multi_invoice and payment.group:
                groups[payment.group].append(payment)
        for marked in sketched.leftovers:
            if marked.payment.is_multi_invoice:
                open_groups.add(marked.payment.group)
        yield from (
            _Typed((m.payment,), is_group=False, number=sketched.number)
            for m in sketched.never_known
            if not m.payment.is_multi_invoice
        )
    for stray in strays:
        if stray.payment.is_multi_invoice:
            groups[stray.payment.group].append(stray.payment)
        else:
            yield _Typed((stray.payment,), is_group=False)
    yield from (_Typed(tuple(lines), is_group=True) for name, lines in groups.items() if name in open_groups)


def _near(typed: _Typed, by_day: Mapping[date, Sequence[_Sent]], policy: Policy) -> Iterable[_Sent]:
    seen: set[int] = set()
    for day in {p.paid_on for p in typed.lines}:
        for offset in range(-policy.near_days, policy.near_days + 1):
            for sent in by_day.get(day + timedelta(days=offset), ()):
                if id(sent) not in seen:
                    seen.add(id(sent))
                    yield sent


def _is_same(typed: _Typed, sent: _Sent) -> bool:
    if not typed.is_group and len(sent.payments) < _SEVERAL:
        return False
    if abs(typed.total - sent.total) * _ONE_PERCENT <= sent.total:
        return True
    if not typed.is_group or len(typed.lines) < _EQUAL_LINES:
        return False
    lines = Counter(p.amount for p in typed.lines) & Counter(p.amount for p in sent.payments)
    return lines.total() >= _EQUAL_LINES


def _finding(typed: _Typed, sent: _Sent) -> Finding:
    """Name both sets of lines, of many the first; whatever becomes of any of them changes the row."""
    lines = first_named(sorted(typed.lines, key=lambda p: p.payment_id.order))
    payments = sorted(sent.payments, key=lambda p: p.payment_id)
    named = tuple(payments[:MOST_NAMED])
    more = len(payments) - len(named)
    return Finding(
        Flag.SAME_REMITTANCE,
        wording_elsewhere.same_remittance(named, lines.payments, more, lines.more, to_add=sent.only_add),
        near=lines.payments,
        near_xero=named,
        whole=(*lines.whole, *((whole_of(payments),) if more else ())),
    )
