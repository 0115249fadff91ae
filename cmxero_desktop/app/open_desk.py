"""Construct what one open desk works with, and give the desk that works with it."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cmxero_desktop.adapters.bundle_file import write_bundle
from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.adapters.sql.addresses import address_seen
from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.adapters.text_file import write_text
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.app.bundles import bundle_of
from cmxero_desktop.app.clock import local_zone
from cmxero_desktop.app.computer import desk_facts, examined_computer, room_of
from cmxero_desktop.app.exports import write_export
from cmxero_desktop.app.suggesting import suggesting_for
from cmxero_desktop.app.xero_sign_in import XeroAccess
from cmxero_desktop.domain.sor.calendar import CalendarDay
from cmxero_desktop.domain.sor.tables import ListTable
from cmxero_desktop.runtime.progress import Progress
from cmxero_desktop.services.checking.polling import UNNAMED_DESKTOP, PollingDesk
from cmxero_desktop.services.checking.spending import count_requests
from cmxero_desktop.services.connecting.belonging import OtherBooks
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.epochs import Epochs
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.connecting.updates import Updates
from cmxero_desktop.services.diagnostics.examining import ExaminedParts, examine
from cmxero_desktop.services.ports.computer import Autostart, SettingForms, Turn
from cmxero_desktop.services.ports.diagnosis import DescribedSecrets
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import ShownList
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs.dispatching import Dispatcher, Meter
from cmxero_desktop.services.verbs.parts import ClosedParts, OpenParts
from cmxero_desktop.services.verbs.table import open_handlers
from cmxero_desktop.services.writing.watched import Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """The adapters of one open desk: `outside` for its use cases, the others for what is beyond the ports."""

    home: Path
    outside: Outside
    books: OtherBooks
    epochs: Epochs
    store: SqlStore
    xero: XeroApiReader
    access: XeroAccess
    secrets: DescribedSecrets
    mailing: Mailing
    updates: Updates
    autostart: Autostart
    progress: Progress
    turn: Turn
    initialise: Callable[[InitRequest], CaseManagerFacts]


def open_desk(it: Adapters) -> Dispatcher:
    """Return the desk that works with these adapters."""
    outside, sign_in, zone = it.outside, it.access.sign_in, local_zone()
    connecting = Connecting(
        sign_in=sign_in, settings_file=outside.settings_file, store=outside.store, clock=outside.clock
    )
    examined = _examined(it)
    closed = ClosedParts(
        settings_file=outside.settings_file,
        connecting=lambda: connecting,
        read_address=address_seen,
        initialise=it.initialise,
        suggesting=suggesting_for(outside.settings_file, it.secrets, lambda: it.store),
        examine=lambda: examine(examined),
        mailing=lambda: it.mailing,
        updates=it.updates,
        autostart=it.autostart,
        make_bundle=lambda choice: bundle_of(examined, choice),
        write_bundle=write_bundle,
    )
    parts = OpenParts(
        closed=closed,
        outside=outside,
        sign_in=sign_in,
        books=it.books,
        epochs=it.epochs,
        desktop=PollingDesk(
            holder=outside.holder,
            label=platform.node() or UNNAMED_DESKTOP,
            zone=zone,
            room=lambda: room_of(it.home, is_shared=it.store.is_shared),
        ),
        turn=it.turn,
        watched=Watched(tell=it.progress.tell, is_stopped=lambda: it.progress.is_stopped),
        read_health=lambda: replace(
            desk_facts(it.home, it.store),
            store_unknown=it.epochs.trouble,
            updates=it.updates.seen(),
            desktop=outside.holder,
        ),
        write_export=write_export,
        setting_forms=SettingForms(texts_of, with_texts),
        write_list=_write_list,
        write_lists=_write_lists,
        write_text=write_text,
        read_list=_read_list,
        calendar_text=_calendar_text,
        write_calendar=_write_calendar,
    )
    meter = Meter(
        requests_made=lambda: outside.xero.requests_made,
        count=lambda made: count_requests(outside.store, outside.clock().astimezone(zone).date(), made),
    )
    return Dispatcher(open_handlers(parts), waits=_Waits(it.progress, sign_in), meter=meter)


def _read_list(path: Path) -> ListTable:
    from cmxero_desktop.adapters.list_file import read_list

    return read_list(path)


def _calendar_text(days: tuple[CalendarDay, ...], now: datetime) -> str:
    from cmxero_desktop.adapters.calendar_file import calendar_text

    return calendar_text(days, now)


def _write_calendar(text: str, path: Path) -> Path:
    from cmxero_desktop.adapters.calendar_file import write_calendar

    return write_calendar(text, path)


def _write_lists(shown: Sequence[ShownList], path: Path) -> Path:
    from cmxero_desktop.adapters.workbook import write_lists

    return write_lists(shown, path)


def _write_list(shown: ShownList, path: Path) -> Path:
    from cmxero_desktop.adapters.workbook import write_list

    return write_list(shown, path)


class _Waits:
    """Implements `Waits` over the two things that can wait: the progress of a check, and a sign-in."""

    def __init__(self, progress: Progress, sign_in: XeroSignIn) -> None:
        self._progress = progress
        self._sign_in = sign_in

    def progress(self) -> PollProgress | None:
        return self._progress.shown

    def stop_waiting(self) -> None:
        self._progress.stop()

    def cancel_sign_in(self) -> None:
        self._sign_in.cancel()


def _examined(it: Adapters) -> ExaminedParts:
    return ExaminedParts(
        computer=examined_computer(it.home),
        settings=it.outside.settings_file.load,
        store=lambda: it.store,
        case_manager=it.outside.case_manager.check,
        server=it.outside.case_manager.look_at_server,
        rehearse=it.outside.case_manager.rehearse,
        identify=it.outside.case_manager.identify,
        secrets=lambda: it.secrets,
        tokens=lambda: it.access.tokens,
        xero=lambda: it.xero,
        updates=it.updates.seen,
    )
