"""A store that a newer version of the program has renewed is refused in a sentence, and nothing is written.

As when one of several desktops that share it was updated before the others: on a file and on a real server, before this
program opens it and while it has it open, on the command line and in the window.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication, QLabel

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.app.lazy_desk import LazyDesk
from cmxero_desktop.cli.main import run
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.services.records.settings import CaseManagerSettings, Settings, StoreSettings, XeroSettings
from cmxero_desktop.services.verbs.commands.diagnosing import Examine
from cmxero_desktop.ui.application.application import application, open_window
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.desk.schedule import NoSchedule
from tests.support.stores import migrate_store
from tests.ui.fake_desk import StepWorker
from tests.ui.views import NOW

VERBS = (
    *(("poll",), ("list", "proposals"), ("verify",), ("tieout",), ("approve", "p-1", "--by", "Ann")),
    *(("undo", "p-1", "--reason", "twice", "--by", "Ann"), ("mode", "approve", "--by", "Ann")),
)
Dump = dict[str, list[tuple[object, ...]]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        (tmp_path / "shared").mkdir()
        return f"sqlite:///{tmp_path / 'shared' / 'store.db'}"
    return cast("str", request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg") if "postgres" in url else url)
    yield engine
    engine.dispose()


def renew(engine: sa.Engine) -> None:
    """Do what a newer version's migration does: a table more, and its number."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE newer (newer_id INTEGER PRIMARY KEY, text VARCHAR(20))")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def dump(engine: sa.Engine) -> Dump:
    """Return every row of every table."""
    with engine.connect() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)  # noqa: S608 - the names are the database's own
            for name in names
        }


def home_of(tmp_path: Path, url: str) -> Path:
    settings = Settings(
        case_manager=CaseManagerSettings(url=f"sqlite:///{tmp_path / 'case.db'}"),
        xero=XeroSettings(client_id="client-1", tenant_id="org-1"),
        store=StoreSettings(url=url),
    )
    TomlSettingsFile(tmp_path / "home").save(settings)
    return tmp_path / "home"


def desks() -> Desks:
    return Desks(Parts(secrets=MemorySecrets, open_browser=lambda _: False))


@pytest.fixture
def renewed(url: str, engine: sa.Engine, tmp_path: Path) -> Iterator[Path]:
    """Give the home of a program whose store a newer one has renewed, and hold that nothing of it was changed."""
    migrate_store(url)
    renew(engine)
    before = dump(engine)
    files = sorted((tmp_path / "shared").glob("*.backup"))
    yield home_of(tmp_path, url)
    assert dump(engine) == before
    assert sorted((tmp_path / "shared").glob("*.backup")) == files


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_the_command_line_refuses_it_in_a_sentence(renewed: Path, words: tuple[str, ...]) -> None:
    out, err = io.StringIO(), io.StringIO()
    status = run([*words, "--home", str(renewed)], desks(), out=out, err=err, ask_secret=lambda _: None)
    assert (status, out.getvalue()) == (1, "")
    assert "was written by a newer version of it (9999). Install the newest version on this computer" in err.getvalue()
    assert "the store was not touched" in err.getvalue()


def test_the_doctor_says_it_of_the_store_and_goes_on(renewed: Path) -> None:
    with desks().closed(renewed) as desk:
        checks = {check.name: check for check in desk.run(Examine())}
    assert not checks["store"].is_good
    assert "newer version" in checks["store"].seen
    assert "Install the newest version" in checks["store"].remedy
    assert checks["version"].is_good


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_window_says_it_and_asks_for_nothing(renewed: Path) -> None:
    application()
    worker, schedule = StepWorker(), NoSchedule()
    lazy = LazyDesk(partial(desks().open, renewed), partial(desks().closed, renewed))
    opened = open_window(
        lazy,
        on_worker=worker,
        approver="J. Wu",
        schedule=schedule,
        preferences=MemoryPreferences(),
        is_demo=False,
        now=lambda: NOW,
    )
    opened.window.show()
    try:
        for _ in range(3):
            worker.run()
            QApplication.processEvents()
        said = " ".join(label.text() for label in opened.window.findChildren(QLabel) if label.isVisible())
        assert "was written by a newer version of it (9999)" in said
        assert "Install the newest version on this computer" in said
    finally:
        opened.close()
        lazy.close()


def _begin(store: SqlStore) -> object:
    with store.begin() as unit:
        return unit.polling.state()


def _read(store: SqlStore) -> object:
    with store.read() as unit:
        return unit.polling.state()


def _put_back(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0012'")


@pytest.mark.parametrize("use", [_begin, _read])
@pytest.mark.parametrize(
    ("change", "says", "remedy"),
    [
        (renew, r"renewed by a newer version of it \(9999\) while this one ran", "Install the newest version"),
        (_put_back, r"was put back to what an older version wrote \(0012\)", "start it again"),
    ],
    ids=["newer", "older"],
)
def test_a_program_that_has_it_open_is_refused_from_then_on(
    url: str,
    engine: sa.Engine,
    change: Callable[[sa.Engine], None],
    says: str,
    remedy: str,
    use: Callable[[SqlStore], object],
) -> None:
    migrate_store(url)
    with closing(SqlStore(url)) as store:
        store.migrate(NOW)
        use(store)
        change(engine)
        before = dump(engine)
        with pytest.raises(StoreError, match=says) as raised:
            use(store)
        assert remedy in raised.value.remedy
        assert dump(engine) == before
