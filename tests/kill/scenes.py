"""A scene in which a process is killed: the firm, its databases, and states of both to which it can be set back."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    Mode,
    PolicySettings,
    PollSettings,
    Settings,
    StoreSettings,
    XeroSettings,
)
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.writing.planning_ahead import AT_ONCE
from tests.end_to_end.plain_xero import TENANT, PlainXero
from tests.kill.firm import Books, Firm, invented, rows_of
from tests.kill.victim import desks

ROOT = Path(__file__).parents[2]
SIGKILLED = -9
_NEVER_OLD_MIN = 1_440
_MEMORY = "/dev/shm"  # noqa: S108 - the folder made in it is private


@dataclass(frozen=True)
class Death:
    """How a victim ended: the steps it told, and whether SIGKILL ended it."""

    steps: tuple[str, ...]
    status: int

    @property
    def is_killed(self) -> bool:
        """Whether it was killed, rather than finished before that."""
        return self.status == SIGKILLED


class Helper:
    """The process that imports the program once and forks the victims."""

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.victim"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end."""
        self._process.communicate()

    def ask(self, **job: object) -> dict[str, Any]:
        """Have one job done and return its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


class Scene:
    """One firm with a home folder, a Case Manager database and, where it is not in the home folder, a store."""

    def __init__(self, folder: Path, helper: Helper, xero: PlainXero, case_url: str = "", store_url: str = "") -> None:
        self.store_url = store_url
        self.at_once = AT_ONCE
        self._folder = folder
        self._helper = helper
        self._live = folder / "live"
        self._live.mkdir(parents=True)
        self._case = _Tables(case_url or f"sqlite:///{self._live / 'case.db'}", ("payments",))
        self._store = _Tables(store_url, ()) if store_url else None
        self.firm: Firm = invented(xero)
        self.firm.fill(self._case.engine)
        TomlSettingsFile(self.home).save(_settings(xero, self._case.url, store_url))
        with desks().open(self.home) as desk:
            run = desk.run(Poll())
            assert run.counts.proposed == len(self.firm.changes), run
        self.keep("fresh")

    @property
    def home(self) -> Path:
        """The program's home folder."""
        return self._live / "home"

    @property
    def books(self) -> Books:
        """What Case Manager really holds."""
        return rows_of(self._case.engine)

    def keep(self, name: str) -> None:
        """Remember everything as it is now."""
        shutil.copytree(self._live, self._folder / name)
        for tables in self._on_server:
            tables.keep(name)

    def set_back(self, name: str) -> None:
        """Make everything as it was when it was kept."""
        kept = self._folder / name
        for path in [path for path in self._live.rglob("*") if path.is_file()]:
            if not (kept / path.relative_to(self._live)).exists():
                path.unlink()
        # Written over, not replaced: Case Manager's file stays the file that it was (R35).
        shutil.copytree(kept, self._live, dirs_exist_ok=True)
        for tables in self._on_server:
            tables.set_back(name)

    def kill(self, what: str, **where: object) -> Death:
        """Have a victim do something and die of it; without `kill_at` or `kill_after` it lives to the end."""
        answer = self._helper.ask(home=str(self.home), what=what, at_once=self.at_once, **where)
        return Death(tuple(answer["steps"]), answer["status"])

    def warm_up(self) -> None:
        """Have the helper import all that a victim needs."""
        self._helper.ask(home=str(self.home), what="warm up")

    @property
    def case_engine(self) -> Engine:
        """Case Manager's database, past the program."""
        return self._case.engine

    @property
    def _on_server(self) -> Sequence["_Tables"]:
        return [tables for tables in (self._case, self._store) if tables and tables.is_on_server]


class _Tables:
    """Some tables of a database, kept and set back by copying their rows; no table named: all of them."""

    def __init__(self, url: str, names: Sequence[str]) -> None:
        self.url = url
        self.engine = create_engine(make_url(url), poolclass=NullPool)
        self.is_on_server = self.engine.dialect.name != "sqlite"
        self._names = names

    def keep(self, name: str) -> None:
        """Copy each table into a schema of that name."""
        with self.engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
            statement = f"CREATE TABLE {name}.{{table}} AS TABLE public.{{table}}"
            self._execute(connection, self._tables(connection), statement)

    def set_back(self, name: str) -> None:
        """Empty each table and copy the kept rows into it; waits for whatever a killed process left under way."""
        with self.engine.begin() as connection:
            tables = self._tables(connection)
            # The audit trail refuses to be emptied, as it should.
            self._execute(connection, tables, "ALTER TABLE public.{table} DISABLE TRIGGER USER")
            connection.execute(text(f"TRUNCATE {', '.join(f'public.{table}' for table in tables)}"))
            self._execute(connection, tables, f"INSERT INTO public.{{table}} SELECT * FROM {name}.{{table}}")  # noqa: S608
            self._execute(connection, tables, "ALTER TABLE public.{table} ENABLE TRIGGER USER")

    @staticmethod
    def _execute(connection: Connection, tables: Sequence[str], statement: str) -> None:
        for table in tables:
            connection.execute(text(statement.format(table=table)))

    def _tables(self, connection: Connection) -> Sequence[str]:
        found = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        return self._names or sorted(found)


def _settings(xero: PlainXero, case_url: str, store_url: str) -> Settings:
    return Settings(
        mode=Mode.APPROVE,
        xero=XeroSettings(client_id="PLAIN", tenant_id=TENANT, identity_url=xero.url, api_url=xero.url),
        case_manager=CaseManagerSettings(url=case_url),
        # One removal of few copies would be past the usual limit (R27), which is not what is looked at here.
        policy=PolicySettings(removal_limit_percent=Decimal(100)),
        store=StoreSettings(url=store_url),
        # A scene is set back for longer than facts stay young: a thousand kills take hours on a busy machine.
        poll=PollSettings(interval_min=_NEVER_OLD_MIN),
    )


@contextmanager
def open_scene(case_url: str = "", store_url: str = "") -> Iterator[Scene]:
    """Set a scene with a Xero and a helper of its own."""
    # A killed process leaves the system's memory as it is, so nothing is gained by waiting for a disk.
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as place, PlainXero() as xero, Helper() as helper:
        # An answer's head and body are two packets; the second would wait 40 ms for the receipt of the first.
        xero._server.RequestHandlerClass.disable_nagle_algorithm = True  # type: ignore[attr-defined]
        # A victim may die while it is being answered; that is no news.
        xero._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        scene = Scene(Path(place), helper, xero, case_url, store_url)
        scene.warm_up()
        scene.keep("applied")
        yield scene
