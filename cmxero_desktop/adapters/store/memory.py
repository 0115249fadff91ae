"""Keep what belongs together, found once or said by a person; what has ended is kept and never used again."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.journal import KeptKind, KeptWork, Was
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Row, StoredRow
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, EndedPair, Explanation, NumberSaid, PairedHow, RememberedPair
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.records.touched import EVERYTHING, by_case_numbers

_ACCEPTED, _EXPLAINED, _NUMBER = "accepted", "explained", "number"
_KINDS = {_ACCEPTED: KeptKind.ACCEPTED, _EXPLAINED: KeptKind.EXPLAINED, _NUMBER: KeptKind.NUMBER_SAID}
_pairs, _parted, _sayings = tables.remembered_pairs, tables.parted_pairs, tables.sayings
_decode_accepted = decoder(AcceptedSet)
_decode_explanation = decoder(Explanation)
_decode_number = decoder(NumberSaid)


class Memory(KeptWork):
    """Pairs, parted pairs, accepted sets, explanations, and which invoice is which."""

    def pairs(self, among: Collection[str] | None = None) -> tuple[RememberedPair, ...]:
        """Return the pairs that have not ended, in the order in which they were first found; None: on all invoices."""
        living = select(_pairs).where(_pairs.c.ended_at.is_(None)).order_by(_pairs.c.position)
        rows = (
            self._connection.execute(living)
            if among is None
            else self._select_in(living, _pairs.c.invoice_number, set(among))
        )
        return tuple(pair_of(row) for row in rows)

    def keep(self, pairs: Iterable[RememberedPair]) -> None:
        """Remember pairs; one that is remembered already takes the new values."""
        kept = {subject_of(row): (row, pair) for row, pair in ((_row_of(pair), pair) for pair in pairs)}
        if not kept:
            return
        stored = self._stored(row["payment_key"] for row, _ in kept.values())
        living = {subject_of(row._asdict()): pair_of(row) for row in stored if row.ended_at is None}
        known = [row for subject, (row, _) in kept.items() if subject in living]
        if known:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in known[0]}
            self._connection.execute(
                self._living(_pairs.update()).values(values),
                [{**_named(row), **{f"new_{name}": value for name, value in row.items()}} for row in known],
            )
        new = {subject: each for subject, each in kept.items() if subject not in living}
        moved = (old for subject, old in living.items() if subject in kept and old != kept[subject][1])
        self._touch(by_case_numbers({pair.invoice_number for pair in (*(p for _, p in new.values()), *moved)}))
        self._insert(_pairs, [{**row, "born": self._journal.moment} for row, _ in new.values()])
        # Of a pair that is formed again, `born` tells only when it first was.
        ended = {subject_of(row._asdict()) for row in stored} - living.keys()
        self._journal.keep(_formed(pair) for subject, (_, pair) in new.items() if subject in ended)
        self._journal.keep(
            was for subject, (_, pair) in kept.items() if subject in living for was in _replaced(living[subject], pair)
        )

    def end(self, pairs: Iterable[RememberedPair], at: datetime, why: str) -> None:
        """End pairs at an instant (aware UTC), for a reason in words."""
        rows = [_row_of(pair) for pair in pairs]
        if rows:
            subjects = {subject_of(row) for row in rows}
            stored = self._stored(row["payment_key"] for row in rows)
            living = [r for r in stored if r.ended_at is None and subject_of(r._asdict()) in subjects]
            ended = [_named(row) for row in rows]
            self._connection.execute(self._living(_pairs.update()).values(ended_at=at, ended_why=why), ended)
            self._journal.keep(_gone(pair_of(row)) for row in living)
            self._touch(by_case_numbers({row.invoice_number for row in living}))

    def ended(self) -> tuple[EndedPair, ...]:
        """Return the pairs that ended, in the order in which they did."""
        gone = select(_pairs).where(_pairs.c.ended_at.is_not(None)).order_by(_pairs.c.ended_at, _pairs.c.position)
        rows = self._connection.execute(gone)
        return tuple(EndedPair(pair=pair_of(row), at=row.ended_at, why=row.ended_why) for row in rows)

    def baseline(self) -> frozenset[XeroPaymentId]:
        """Return, by id in lower case, the payments that were paired in the very first comparison."""
        paired = select(_pairs.c.payment_key).where(_pairs.c.is_baseline)
        return frozenset(map(XeroPaymentId, self._connection.scalars(paired)))

    def part(self, xero_id: XeroPaymentId, case_id: CasePaymentId) -> None:
        """Note that a person said that these two are not the same money: they are never paired again."""
        row = {"payment_key": xero_id.lower(), "case_payment_key": case_payment_key(case_id)}
        self._insert_missing(_parted, [row])
        self._touch(EVERYTHING)

    def apart(self) -> frozenset[tuple[XeroPaymentId, CasePaymentId]]:
        """Return what persons parted, Xero's ids in lower case."""
        rows = self._connection.execute(select(_parted))
        return frozenset((XeroPaymentId(row.payment_key), case_payment_of(row.case_payment_key)) for row in rows)

    def accept(self, number: str, accepted: AcceptedSet) -> None:
        """Keep what a person accepted as the same money on an invoice; it is kept once."""
        self.reopen(accepted)
        self._say(_ACCEPTED, _name_of(accepted), number, accepted)

    def reopen(self, accepted: AcceptedSet) -> None:
        """End an accepted set: it is proposed anew."""
        self._take_back(_ACCEPTED, _name_of(accepted))

    def accepted(self) -> Mapping[str, tuple[AcceptedSet, ...]]:
        """Return the accepted sets that have not ended, by invoice."""
        found: dict[str, list[AcceptedSet]] = defaultdict(list)
        for row in self._said(_ACCEPTED):
            found[row.invoice_number].append(_decode_accepted(row.record))
        return {number: tuple(some) for number, some in found.items()}

    def explain(self, number: str, explanation: Explanation) -> None:
        """Keep what a person said of a case payment; what was said of it before ends."""
        self.forget_explanation(explanation.case_id)
        self._say(_EXPLAINED, case_payment_key(explanation.case_id), number, explanation)

    def forget_explanation(self, case_id: CasePaymentId) -> None:
        """End what was said of a case payment; nothing happens where nothing was."""
        self._take_back(_EXPLAINED, case_payment_key(case_id))

    def explained(self) -> Mapping[str, tuple[Explanation, ...]]:
        """Return the explanations that have not ended, by invoice."""
        found: dict[str, list[Explanation]] = defaultdict(list)
        for row in self._said(_EXPLAINED):
            found[row.invoice_number].append(_decode_explanation(row.record))
        return {number: tuple(some) for number, some in found.items()}

    def say_number(self, said: NumberSaid) -> None:
        """Keep which invoice of Case Manager one of Xero's is; what was said of it before ends."""
        self._take_back(_NUMBER, said.xero_invoice_id)
        self._say(_NUMBER, said.xero_invoice_id, said.number, said)

    def numbers_said(self) -> Mapping[XeroInvoiceId, NumberSaid]:
        """Return what was said last of each invoice, whether it still holds or not."""
        said = (_decode_number(row.record) for row in self._said(_NUMBER))
        return {each.xero_invoice_id: each for each in said}

    def _stored(self, payment_keys: Iterable[str]) -> list[StoredRow]:
        """Return all pairs of these payments of Xero, those that ended too."""
        return list(self._select_in(select(_pairs), _pairs.c.payment_key, set(payment_keys)))

    @staticmethod
    def _living(statement: Any) -> Any:  # noqa: ANN401 - an update, whose type SQLAlchemy changes with each clause
        return statement.where(
            _pairs.c.payment_key == bindparam("by_payment"),
            _pairs.c.case_payment_key == bindparam("by_case_payment"),
            _pairs.c.ended_at.is_(None),
        )

    def _say(self, kind: str, name: str, number: str, record: AcceptedSet | Explanation | NumberSaid) -> None:
        row = {"kind": kind, "name": name, "invoice_number": number, "has_ended": False, "record": encode(record)}
        self._insert(_sayings, [row])
        self._journal.keep([Was(kind=_KINDS[kind], subject=name, home=number, old=None, new=record)])
        self._touch(EVERYTHING if kind == _NUMBER else by_case_numbers({number}))

    def _take_back(self, kind: str, name: str) -> None:
        of_name = (_sayings.c.kind == kind, _sayings.c.name == name, _sayings.c.has_ended.is_(False))
        for row in self._connection.execute(select(_sayings).where(*of_name)).all():
            said = said_of(row)
            self._journal.keep([Was(kind=_KINDS[kind], subject=name, home=row.invoice_number, old=said, new=None)])
            self._touch(EVERYTHING if kind == _NUMBER else by_case_numbers({row.invoice_number}))
        self._connection.execute(_sayings.update().where(*of_name).values(has_ended=True))

    def _said(self, kind: str) -> Iterable[StoredRow]:
        living = select(_sayings).where(_sayings.c.kind == kind, _sayings.c.has_ended.is_(False))
        return self._connection.execute(living.order_by(_sayings.c.position))


def said_of(row: StoredRow) -> AcceptedSet | Explanation | NumberSaid:
    """Return what a person said."""
    decode: Mapping[str, Callable[[str], AcceptedSet | Explanation | NumberSaid]] = {
        _ACCEPTED: _decode_accepted,
        _EXPLAINED: _decode_explanation,
        _NUMBER: _decode_number,
    }
    return decode[row.kind](row.record)


def subject_of(row: Row) -> str:
    """Return what the journal calls a pair."""
    return f"{row['payment_key']} {row['case_payment_key']}"


def _replaced(old: RememberedPair, new: RememberedPair) -> Iterator[Was]:
    """Return what to keep of a pair that takes new values; one whose invoice has another number leaves the old one."""
    if old.invoice_number != new.invoice_number:
        yield _gone(old)
        yield _formed(new)
    elif old != new:
        yield _was(old, old, new)


def _formed(pair: RememberedPair) -> Was:
    return _was(pair, None, pair)


def _gone(pair: RememberedPair) -> Was:
    return _was(pair, pair, None)


def _was(pair: RememberedPair, old: RememberedPair | None, new: RememberedPair | None) -> Was:
    return Was(kind=KeptKind.PAIR, subject=subject_of(_row_of(pair)), home=pair.invoice_number, old=old, new=new)


def _row_of(pair: RememberedPair) -> Row:
    return {
        "payment_key": pair.xero_id.lower(),
        "payment_id": pair.xero_id,
        "case_payment_key": case_payment_key(pair.case_id),
        "invoice_number": pair.invoice_number,
        "amount_minor": pair.amount.minor,
        "currency": pair.amount.currency,
        "paid_on": pair.paid_on,
        "how": pair.how.value,
        "since": pair.since,
        "is_baseline": pair.is_baseline,
    }


def _named(row: Row) -> Row:
    return {"by_payment": row["payment_key"], "by_case_payment": row["case_payment_key"]}


def pair_of(row: StoredRow) -> RememberedPair:
    """Return the pair."""
    return RememberedPair(
        xero_id=XeroPaymentId(row.payment_id),
        case_id=case_payment_of(row.case_payment_key),
        invoice_number=row.invoice_number,
        amount=Money.from_minor(row.amount_minor, row.currency),
        paid_on=row.paid_on,
        how=PairedHow(row.how),
        since=row.since,
        is_baseline=row.is_baseline,
        born=row.born,
    )


def _name_of(accepted: AcceptedSet) -> str:
    """Return a name that no other set has: its members."""
    ids = [member.xero_id.lower() if member.xero_id else encode(member.case_id) for member in accepted.members]
    return " ".join(sorted(ids))
