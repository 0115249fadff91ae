"""Runs the command line over a desk in memory, and keeps what it prints."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cmxero_desktop.adapters.sql.addresses import address_seen
from cmxero_desktop.cli.main import run
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import HealthCheck
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs.commands.connecting import Initialise, ReadAddress
from cmxero_desktop.services.verbs.commands.diagnosing import Examine
from cmxero_desktop.services.verbs.desk import Desk
from tests.ui.fake_desk import FakeDesk
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
        self.checks: tuple[HealthCheck, ...] = (GOOD,)
        self.homes: list[Path | None] = []
        self.requests: list[InitRequest] = []
        desk.answer(Initialise.handled_by(self._initialise))
        desk.answer(ReadAddress.handled_by(lambda asked: address_seen(asked.url)))
        desk.answer(Examine.handled_by(lambda _: self.checks))

    def _initialise(self, asked: Initialise) -> CaseManagerFacts:
        self.requests.append(asked.request)
        return FACTS

    @contextmanager
    def open(self, home: Path | None) -> Iterator[Desk]:
        self.homes.append(home)
        yield self.desk

    @contextmanager
    def closed(self, home: Path | None) -> Iterator[Desk]:
        self.homes.append(home)
        yield self.desk


@dataclass
class Office:
    """A person at a terminal: what was typed, and what came back."""

    factory: FakeFactory
    out: str = ""
    err: str = ""
    status: int = -1
    secret: str | None = field(default="s3cret")
    prompts: list[str] = field(default_factory=list)

    @property
    def desk(self) -> FakeDesk:
        return self.factory.desk

    def run(self, *words: str) -> int:
        out, err = io.StringIO(), io.StringIO()
        self.status = run(words, self.factory, out=out, err=err, ask_secret=self._type)
        self.out, self.err = out.getvalue(), err.getvalue()
        return self.status

    def _type(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        return self.secret

    def json(self, *words: str) -> Any:  # noqa: ANN401 - whatever a verb prints
        self.run(*words, "--json")
        return json.loads(self.out)


@pytest.fixture
def office() -> Office:
    return Office(FakeFactory(FakeDesk(firm_view())))
