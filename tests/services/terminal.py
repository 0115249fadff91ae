"""The command line over the very desk of a test: what a person types, and what comes back."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cmxero_desktop.cli.main import run as run_cmxero
from cmxero_desktop.services.ports.waits import NoWaits
from cmxero_desktop.services.verbs.dispatching import Dispatcher, Meter
from cmxero_desktop.services.verbs.table import open_handlers
from tests.services.desk import Desk
from tests.services.fake_sign_in import FakeSignIn
from tests.services.test_verbs import open_parts


class Terminal:
    """`cmxero` at work in one home folder."""

    """The command line over the very desk of the test."""

    def __init__(self, desk: Desk) -> None:
        parts = open_parts(desk, FakeSignIn())
        meter = Meter(requests_made=lambda: desk.xero.requests_made, count=lambda _: None)
        self._desk = Dispatcher(open_handlers(parts), meter=meter, waits=NoWaits())

    @contextmanager
    def open(self, _home: Path | None) -> Iterator[Dispatcher]:
        yield self._desk

    @contextmanager
    def closed(self, _home: Path | None) -> Iterator[Dispatcher]:
        yield self._desk

    def run(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        status = run_cmxero(words, self, out=out, err=err)
        return status, out.getvalue(), err.getvalue()

    def json(self, *words: str) -> Any:  # noqa: ANN401 - whatever a verb prints
        return json.loads(self.run(*words, "--json")[1])
