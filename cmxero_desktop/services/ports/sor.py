"""What the services need of our own store about the SOR watch, and about what Xero said of who did what."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Protocol

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.schedules import SorSchedule
from cmxero_desktop.domain.xero_history import ToldHistory
from cmxero_desktop.services.records.mail import MailSent


class SorRecords(Protocol):
    """Schedules, alerts and notices of the watch; nothing is ever forgotten but a schedule marked by mistake."""

    def schedules(self) -> tuple[SorSchedule, ...]:
        """Return every schedule that is known, those that ended too, in the order in which they became known."""

    def save_schedules(self, schedules: Iterable[SorSchedule]) -> None:
        """Store schedules by their ids."""

    def forget_schedules(self, schedule_ids: Collection[str]) -> None:
        """Forget schedules, as if they had never been known."""

    def alerts(self) -> tuple[SorAlert, ...]:
        """Return every alert that there ever was, in the order in which they were opened."""

    def save_alerts(self, alerts: Iterable[SorAlert]) -> None:
        """Store alerts by their keys."""

    def told_history(self, payment_id: XeroPaymentId) -> ToldHistory | None:
        """Return what Xero said last of who did what with a payment, of any invoice; None where it was not asked."""

    def save_told_history(self, told: ToldHistory) -> None:
        """Store it in place of what was said of the same payment before; ids are the same in either case."""

    def balance(self) -> ClearingBalance | None:
        """Return the balance of the clearing account that a person last read in Xero."""

    def save_balance(self, balance: ClearingBalance) -> None:
        """Store it in place of the one before."""

    def mail_sent(self) -> MailSent | None:
        """Return the newest mail that the server took, None where there was none yet."""

    def save_mail_sent(self, sent: MailSent) -> None:
        """Store it in place of the one before."""

    def post(self, notices: Iterable[SorNotice]) -> None:
        """Keep what is to be said; a notice whose key is there is never posted again."""

    def take(
        self, way: NoticeWay, holder: str, now: datetime, until: datetime, is_wanted: Callable[[SorNotice], bool]
    ) -> tuple[SorNotice, ...]:
        """Return what is wanted of what is not said yet in this way, and keep it from every other desktop until then.

        The oldest comes first; what is not wanted is left to the others.
        What another desktop took is left out `until` its time is over: it may have ended between taking and saying.
        """

    def said(self, way: NoticeWay, keys: Collection[str], at: datetime) -> None:
        """Note that these were said in this way: they never are again."""
