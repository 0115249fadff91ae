"""What the Health page and the diagnostics bundle say of this computer and of our own store."""

import platform
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.adapters.sql.addresses import has_password
from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.adapters.xero.proxies import proxy_seen
from cmxero_desktop.app.clock import local_zone, utc_now
from cmxero_desktop.domain.room import Room
from cmxero_desktop.runtime.free_memory import free_memory_bytes
from cmxero_desktop.runtime.home import open_to_others
from cmxero_desktop.runtime.logs import LOG_FILE
from cmxero_desktop.services.diagnostics.examining import ExaminedComputer
from cmxero_desktop.services.records.reports import HealthFacts

# SQLite keeps what it wrote last beside the file.
_STORE_FILES = ("", "-wal", "-shm")


def desk_facts(home: Path, store: SqlStore) -> HealthFacts:
    """Look at this computer and at what the store knows of checks. Raises StoreError."""
    with store.read() as unit:
        requests_today = unit.polling.requests_on(utc_now().astimezone(local_zone()).date())
        lease = unit.sharing.lease()
        payments_stored = unit.facts.payments_stored()
        mail_sent = unit.sor.mail_sent()
    store_files = [] if store.is_shared else [Path(store.place + end) for end in _STORE_FILES]
    return replace(
        computer_facts(home, store.place),
        store_bytes=None if store.is_shared else _bytes_of(store_files),
        open_to_others=open_to_others(home, [file for file in store_files if not file.is_relative_to(home)]),
        requests_today=requests_today,
        payments_stored=payments_stored,
        mail_sent=mail_sent,
        is_store_shared=store.is_shared,
        lease=lease,
    )


def examined_computer(home: Path) -> ExaminedComputer:
    """Return this computer as the doctor looks at it."""
    return ExaminedComputer(
        home=home,
        log_file=home / "logs" / LOG_FILE,
        clock=utc_now,
        zone=local_zone(),
        free_bytes=lambda: shutil.disk_usage(home).free,
        room=lambda is_shared: room_of(home, is_shared=is_shared),
        open_to_others=lambda: open_to_others(home),
        has_password=has_password,
        proxy=proxy_seen,
    )


def room_of(home: Path, *, is_shared: bool) -> Room:
    """Return what is free here; where the store is shared it lies on a server's disk, which nobody here sees."""
    disk_bytes = None if is_shared else shutil.disk_usage(home).free
    return Room(disk_bytes=disk_bytes, memory_bytes=free_memory_bytes())


def computer_facts(home: Path, store_place: str) -> HealthFacts:
    """Look at this computer's side of the program."""
    return HealthFacts(
        home=str(home),
        store_place=store_place,
        log_file=str(home / "logs" / LOG_FILE),
        disk_free_bytes=shutil.disk_usage(home).free,
        memory_free_bytes=free_memory_bytes(),
        log_bytes=_bytes_of((home / "logs").glob("*")),
        versions={
            "CM-Xero Desk": __version__,
            "Python": platform.python_version(),
            "Qt": _version_of("PySide6-Essentials"),
            "xero-python": _version_of("xero-python"),
            "SQLite": sqlite3.sqlite_version,
            "System": platform.platform(terse=True),
        },
    )


def _bytes_of(files: Iterable[Path]) -> int:
    total = 0
    for file in files:
        # A log is rotated, and a write-ahead file goes away, while we look.
        with suppress(OSError):
            total += file.stat().st_size
    return total


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not known"
