"""Keep the SOR watch, schedules, alerts and notices each by its key, and what Xero said of who did what."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work, chunks
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.knowing import otherwise_under
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.schedules import SorSchedule
from cmxero_desktop.domain.xero_history import ToldHistory
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.touched import by_numbers, by_xero_ids

_SCHEDULE, _ALERT, _BALANCE, _MAIL, _HISTORY = "schedule", "alert", "balance", "mail", "history"
_records, _notices, _sayings = tables.sor_records, tables.sor_notices, tables.sor_sayings
_decode_schedule = decoder(SorSchedule)
_decode_alert = decoder(SorAlert)
_decode_balance = decoder(ClearingBalance)
_decode_mail = decoder(MailSent)
_decode_history = decoder(ToldHistory)
_decode_notice = decoder(SorNotice)


class SorTables(Work):
    """Schedules, alerts, the balance of the clearing account, and what is to be said."""

    def schedules(self) -> tuple[SorSchedule, ...]:
        """Return every schedule that is known, in the order in which they became known."""
        return tuple(_decode_schedule(text) for text in self._texts(_SCHEDULE))

    def save_schedules(self, schedules: Iterable[SorSchedule]) -> None:
        """Store schedules by their ids."""
        before = self.schedules()
        self._save(_SCHEDULE, {each.schedule_id: each for each in schedules})
        self._touch_if_other(before)

    def forget_schedules(self, schedule_ids: Collection[str]) -> None:
        """Forget schedules."""
        before = self.schedules()
        for some in chunks(schedule_ids):
            statement = _records.delete().where(_records.c.kind == _SCHEDULE, _records.c.name.in_(some))
            self._connection.execute(statement)
        self._touch_if_other(before)

    def _touch_if_other(self, before: Sequence[SorSchedule]) -> None:
        """Let the invoices be compared again that are otherwise under a schedule than before (S10)."""
        other = otherwise_under(before, self.schedules())
        self._touch(by_numbers(other.numbers) | by_xero_ids(other.invoice_ids))

    def alerts(self) -> tuple[SorAlert, ...]:
        """Return every alert, in the order in which they were opened."""
        return tuple(_decode_alert(text) for text in self._texts(_ALERT))

    def save_alerts(self, alerts: Iterable[SorAlert]) -> None:
        """Store alerts by their keys."""
        self._save(_ALERT, {each.key: each for each in alerts})

    def told_history(self, payment_id: XeroPaymentId) -> ToldHistory | None:
        """Return what Xero said last of who did what with a payment."""
        of_it = (_records.c.kind == _HISTORY, _records.c.name == folded(payment_id))
        text = self._connection.scalar(select(_records.c.record).where(*of_it))
        return None if text is None else _decode_history(text)

    def save_told_history(self, told: ToldHistory) -> None:
        """Store it in place of what was said of the same payment before."""
        self._save(_HISTORY, {folded(told.payment_id): told})

    def balance(self) -> ClearingBalance | None:
        """Return the balance of the clearing account that a person last read in Xero."""
        return next((_decode_balance(text) for text in self._texts(_BALANCE)), None)

    def save_balance(self, balance: ClearingBalance) -> None:
        """Store it in place of the one before."""
        self._save(_BALANCE, {_BALANCE: balance})

    def mail_sent(self) -> MailSent | None:
        """Return the newest mail that the server took, None where there was none yet."""
        return next((_decode_mail(text) for text in self._texts(_MAIL)), None)

    def save_mail_sent(self, sent: MailSent) -> None:
        """Store it in place of the one before."""
        self._save(_MAIL, {_MAIL: sent})

    def post(self, notices: Iterable[SorNotice]) -> None:
        """Keep what is to be said; a notice whose key is there is never posted again."""
        rows = [{"notice_key": each.key, "record": encode(each)} for each in notices]
        if rows:
            statement = self._upsert(_notices).on_conflict_do_nothing(index_elements=["notice_key"])
            self._connection.execute(statement, rows)

    def take(
        self, way: NoticeWay, holder: str, now: datetime, until: datetime, is_wanted: Callable[[SorNotice], bool]
    ) -> tuple[SorNotice, ...]:
        """Return what is wanted of what is not said yet in this way, and keep it from other desktops until then."""
        of_way = and_(_sayings.c.notice_key == _notices.c.notice_key, _sayings.c.way == way.value)
        statement = select(_notices, _sayings.c.holder, _sayings.c.until).outerjoin_from(_notices, _sayings, of_way)
        rows = self._connection.execute(statement.where(_sayings.c.said_at.is_(None)).order_by(_notices.c.position))
        # Nobody takes for longer than now, or a clock was wrong (R35).
        free = [row for row in rows if row.holder in {None, holder} or not now < row.until <= until + (until - now)]
        taken = tuple(notice for row in free if is_wanted(notice := _decode_notice(row.record)))
        values = [{"notice_key": notice.key, "way": way.value, "holder": holder, "until": until} for notice in taken]
        self._keep_sayings([{**each, "said_at": None} for each in values])
        return taken

    def said(self, way: NoticeWay, keys: Collection[str], at: datetime) -> None:
        """Note that these were said in this way."""
        names = sorted(keys)
        self._keep_sayings(
            [{"notice_key": key, "way": way.value, "holder": "", "until": at, "said_at": at} for key in names]
        )

    def _keep_sayings(self, rows: list[Mapping[str, Any]]) -> None:
        if not rows:
            return
        statement = self._upsert(_sayings)
        newer = {name: statement.excluded[name] for name in ("holder", "until", "said_at")}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["notice_key", "way"], set_=newer), rows
        )

    def _texts(self, kind: str) -> Iterable[str]:
        statement = select(_records.c.record).where(_records.c.kind == kind).order_by(_records.c.position)
        return self._connection.scalars(statement)

    def _save(self, kind: str, records: Mapping[str, object]) -> None:
        rows = [{"kind": kind, "name": name, "record": encode(record)} for name, record in records.items()]
        if rows:
            statement = self._upsert(_records)
            newer = {"record": statement.excluded["record"]}
            self._connection.execute(statement.on_conflict_do_update(index_elements=["kind", "name"], set_=newer), rows)
