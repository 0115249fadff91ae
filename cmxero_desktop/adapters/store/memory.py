"""Keep what belongs together, found once or said by a person; what has ended is kept and never used again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Row, StoredRow, Work
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, EndedPair, Explanation, PairedHow, RememberedPair
from cmxero_desktop.domain.money import Money

_ACCEPTED, _EXPLAINED = "accepted", "explained"
_pairs, _parted, _sayings = tables.remembered_pairs, tables.parted_pairs, tables.sayings
_decode_accepted = decoder(AcceptedSet)
_decode_explanation = decoder(Explanation)


class Memory(Work):
    """Pairs, parted pairs, accepted sets and explanations."""

    def pairs(self) -> tuple[RememberedPair, ...]:
        """Return the pairs that have not ended, in the order in which they were first found."""
        living = select(_pairs).where(_pairs.c.ended_at.is_(None)).order_by(_pairs.c.position)
        return tuple(_pair_of(row) for row in self._connection.execute(living))

    def keep(self, pairs: Iterable[RememberedPair]) -> None:
        """Remember pairs; one that is remembered already takes the new values."""
        rows = {(row["payment_key"], row["case_payment_key"]): row for row in map(_row_of, pairs)}
        if not rows:
            return
        columns = (_pairs.c.payment_key, _pairs.c.case_payment_key)
        living = {tuple(row) for row in self._connection.execute(select(*columns).where(_pairs.c.ended_at.is_(None)))}
        known = [row for key, row in rows.items() if key in living]
        if known:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in known[0]}
            self._connection.execute(
                self._living(_pairs.update()).values(values),
                [{**_named(row), **{f"new_{name}": value for name, value in row.items()}} for row in known],
            )
        self._insert(_pairs, [row for key, row in rows.items() if key not in living])

    def end(self, pairs: Iterable[RememberedPair], at: datetime, why: str) -> None:
        """End pairs at an instant (aware UTC), for a reason in words."""
        ended = [_named(_row_of(pair)) for pair in pairs]
        if ended:
            self._connection.execute(self._living(_pairs.update()).values(ended_at=at, ended_why=why), ended)

    def ended(self) -> tuple[EndedPair, ...]:
        """Return the pairs that ended, in the order in which they did."""
        gone = select(_pairs).where(_pairs.c.ended_at.is_not(None)).order_by(_pairs.c.ended_at, _pairs.c.position)
        rows = self._connection.execute(gone)
        return tuple(EndedPair(pair=_pair_of(row), at=row.ended_at, why=row.ended_why) for row in rows)

    def part(self, xero_id: XeroPaymentId, case_id: CasePaymentId) -> None:
        """Note that a person said that these two are not the same money: they are never paired again."""
        row = {"payment_key": xero_id.lower(), "case_payment_key": case_payment_key(case_id)}
        self._insert_missing(_parted, [row])

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

    @staticmethod
    def _living(statement: Any) -> Any:  # noqa: ANN401 - an update, whose type SQLAlchemy changes with each clause
        return statement.where(
            _pairs.c.payment_key == bindparam("by_payment"),
            _pairs.c.case_payment_key == bindparam("by_case_payment"),
            _pairs.c.ended_at.is_(None),
        )

    def _say(self, kind: str, name: str, number: str, record: AcceptedSet | Explanation) -> None:
        row = {"kind": kind, "name": name, "invoice_number": number, "has_ended": False, "record": encode(record)}
        self._insert(_sayings, [row])

    def _take_back(self, kind: str, name: str) -> None:
        said = _sayings.update().where(_sayings.c.kind == kind, _sayings.c.name == name)
        self._connection.execute(said.values(has_ended=True))

    def _said(self, kind: str) -> Iterable[StoredRow]:
        living = select(_sayings).where(_sayings.c.kind == kind, _sayings.c.has_ended.is_(False))
        return self._connection.execute(living.order_by(_sayings.c.position))


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
    }


def _named(row: Row) -> Row:
    return {"by_payment": row["payment_key"], "by_case_payment": row["case_payment_key"]}


def _pair_of(row: StoredRow) -> RememberedPair:
    return RememberedPair(
        xero_id=XeroPaymentId(row.payment_id),
        case_id=case_payment_of(row.case_payment_key),
        invoice_number=row.invoice_number,
        amount=Money.from_minor(row.amount_minor, row.currency),
        paid_on=row.paid_on,
        how=PairedHow(row.how),
        since=row.since,
    )


def _name_of(accepted: AcceptedSet) -> str:
    """Return a name that no other set has: its members."""
    ids = [member.xero_id.lower() if member.xero_id else encode(member.case_id) for member in accepted.members]
    return " ".join(sorted(ids))
