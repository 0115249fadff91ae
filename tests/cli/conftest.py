"""Runs the command line over a desk in memory, and keeps what it prints."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cmxero_desktop.cli.main import run
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs import Verbs
from tests.ui.fake_desk import FakeDesk, Offered
from tests.ui.views import firm_view

FACTS = CaseManagerFacts(
    label="case.db on this computer",
    invoices=1_234,
    payments=5_678,
    forward_dating_days=5,
    is_journalled_locked=True,
    notes_limit=None,
    reference_limit=None,
    payment_type="EFT",
    imported_text="Xero payment",
)
GOOD = HealthCheck(name="Case Manager", is_good=True, seen="case.db on this computer, 55 invoices")
BAD = HealthCheck(name="Keyring", is_good=False, seen="locked.", remedy="Unlock it.")


class FakeFactory:
    """Opens one desk in memory whatever the home folder, and notes what it was asked."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.verbs: Verbs | None = None
        self.checks: tuple[HealthCheck, ...] = (GOOD,)
        self.needs_secret = False
        self.secret = ""
        self.homes: list[Path | None] = []
        self.requests: list[InitRequest] = []
        self.signed: list[tuple[str, ...]] = []

    def initialise(self, home: Path | None, request: InitRequest) -> CaseManagerFacts:
        self.homes.append(home)
        self.requests.append(request)
        return FACTS

    def connect(self, home: Path | None, tenant_id: str, by: str, ask_secret: Callable[[], str] = str) -> Connection:
        self.homes.append(home)
        self.secret = ask_secret() if self.needs_secret else ""
        self.signed.append(("in", tenant_id, by))
        return Offered(tenant_id or "org-1", "Brightside Rehab Pty Ltd")

    def disconnect(self, home: Path | None, by: str) -> None:
        self.homes.append(home)
        self.signed.append(("out", by))

    def doctor(self, home: Path | None) -> tuple[HealthCheck, ...]:
        self.homes.append(home)
        return self.checks

    def bundle(self, home: Path | None, choice: BundleChoice) -> Bundle:
        self.homes.append(home)
        return self.desk.verbs().bundle(choice)

    def write_bundle(self, bundle: Bundle, path: Path) -> Path:
        return self.desk.verbs().write_bundle(bundle, path)

    @contextmanager
    def open(self, home: Path | None) -> Iterator[Verbs]:
        self.homes.append(home)
        yield self.verbs or self.desk.verbs()


@dataclass
class Office:
    """A person at a terminal: what was typed, and what came back."""

    factory: FakeFactory
    out: str = ""
    err: str = ""
    status: int = -1
    secret: str = field(default="s3cret")

    @property
    def desk(self) -> FakeDesk:
        return self.factory.desk

    def run(self, *words: str) -> int:
        out, err = io.StringIO(), io.StringIO()
        self.status = run(words, self.factory, out=out, err=err, ask_secret=lambda: self.secret)
        self.out, self.err = out.getvalue(), err.getvalue()
        return self.status

    def json(self, *words: str) -> Any:  # noqa: ANN401 - whatever a verb prints
        self.run(*words, "--json")
        return json.loads(self.out)


@pytest.fixture
def office() -> Office:
    return Office(FakeFactory(FakeDesk(firm_view())))
