"""A home folder is set up for approving only over a database in which an approval would go through."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs.commands.connecting import Initialise
from tests.adapters.casemanager.firms import reference_firm

_CLOSED = """
CREATE TRIGGER closed BEFORE INSERT ON payments BEGIN SELECT RAISE(ABORT, 'the ledger is closed'); END
"""


def test_a_database_that_takes_no_payment_is_for_observing_only(tmp_path: Path) -> None:
    (tmp_path / "case.db").touch()
    firm = reference_firm(f"sqlite:///{tmp_path / 'case.db'}")
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        connection.execute(_CLOSED)
        connection.commit()
    desks, home = Desks(Parts(secrets=MemorySecrets, open_browser=lambda _: False)), tmp_path / "home"
    request = InitRequest(case_manager_url=firm.url, xero_client_id="abc", mode=Mode.APPROVE)
    with desks.closed(home) as desk, pytest.raises(CaseManagerError, match=r"cannot add a payment: .*ledger is closed"):
        desk.run(Initialise(request))
    assert not (home / "settings.toml").exists()
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        connection.execute("DROP TRIGGER closed")
        connection.commit()
    with desks.closed(home) as desk:
        desk.run(Initialise(request))
    assert (home / "settings.toml").exists()
    assert firm.run("SELECT count(*) FROM payments") == [(0,)], "what was tried was taken back"
