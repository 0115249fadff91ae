"""Bind the use cases to their ports, as the verbs of one open desk."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from cmxero_desktop.adapters.bundle_file import write_bundle
from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.app.bundles import bundle_of
from cmxero_desktop.app.clock import local_zone, new_id, utc_now
from cmxero_desktop.app.computer import desk_facts
from cmxero_desktop.app.lazy_secrets import DescribedSecrets
from cmxero_desktop.app.looks import Scene, examine
from cmxero_desktop.app.xero_sign_in import XeroAccess
from cmxero_desktop.runtime.progress import Progress
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.checking.spending import count_requests
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.connecting.tending import tend
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.deciding.linking import link_near_double
from cmxero_desktop.services.ports.computer import Turn
from cmxero_desktop.services.timetable.noting import note_missed
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.services.viewing.desk_view import read_desk
from cmxero_desktop.services.viewing.verifying import verify
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.undoing import Undoing

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything outside that one open desk works with."""

    home: Path
    settings_file: TomlSettingsFile
    store: SqlStore
    case_manager: CaseManagerDatabase
    xero: XeroApiReader
    access: XeroAccess
    secrets: DescribedSecrets
    progress: Progress
    turn: Turn


def bind_verbs(it: Outside) -> Verbs:
    """Bind the use cases to their ports."""
    file, store, case_manager, xero = it.settings_file, it.store, it.case_manager, it.xero
    polling = Polling(
        xero=xero,
        case_manager=case_manager,
        store=store,
        settings_file=file,
        clock=utc_now,
        new_id=new_id,
        desk=PollingDesk(
            holder=f"{platform.node()}:{it.home.resolve()}",
            label=platform.node() or "Another desktop",
            zone=local_zone(),
        ),
        turn=it.turn,
        tell=it.progress.tell,
    )
    applying = Applying(
        xero=xero, case_manager=case_manager, store=store, settings_file=file, clock=utc_now, new_id=new_id
    )
    undoing = Undoing(case_manager=case_manager, store=store, settings_file=file, clock=utc_now, new_id=new_id)
    deciding = Deciding(store=store, settings_file=file, clock=utc_now)
    connecting = Connecting(sign_in=it.access.sign_in, settings_file=file, store=store, clock=utc_now)

    def export(path: Path) -> Path:
        from cmxero_desktop.adapters.workbook import write_workbook

        return write_workbook(read_desk(store), path)

    return Verbs(
        settings=file.load,
        poll=_counted(it, polling.poll),
        progress=lambda: it.progress.shown,
        stop_waiting=it.progress.stop,
        note_missed=lambda missed: note_missed(store, utc_now, missed),
        tend=lambda: tend(store, it.access.sign_in, utc_now),
        sign_in=connecting.sign_in,
        cancel_sign_in=it.access.sign_in.cancel,
        pin=connecting.pin,
        disconnect=connecting.disconnect,
        view=lambda: read_desk(store),
        approve=deciding.approve,
        approve_all=deciding.approve_all,
        apply=_counted(it, applying.apply),
        reject=deciding.reject,
        hold=deciding.hold,
        reopen=deciding.reopen,
        undo=undoing.undo,
        choose_link=lambda proposal_id, case_payment_id, by: link_near_double(
            deciding,
            case_manager,
            store,
            file,
            utc_now,
            proposal_id=proposal_id,
            case_payment_id=case_payment_id,
            by=by,
        ),
        export=export,
        verify=lambda: verify(store),
        doctor=lambda: examine(_scene(it)),
        health=lambda: desk_facts(it.home, store),
        bundle=lambda choice: bundle_of(_scene(it), choice),
        write_bundle=write_bundle,
    )


def _scene(it: Outside) -> Scene:
    return Scene(
        home=it.home,
        settings=it.settings_file.load,
        store=lambda: it.store,
        case_manager=it.case_manager.check,
        secrets=lambda: it.secrets,
        tokens=lambda: it.access.tokens,
        xero=lambda: it.xero,
    )


def _counted(it: Outside, verb: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Count the requests that a verb makes, whatever becomes of it."""

    def run(*arguments: Asked.args, **named: Asked.kwargs) -> Answer:
        before = it.xero.requests_made
        try:
            return verb(*arguments, **named)
        finally:
            today = utc_now().astimezone(local_zone()).date()
            count_requests(it.store, today, it.xero.requests_made - before)

    return run
