"""No token, code or password reaches a log line."""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.runtime.logs import redacted, start_logging

SECRET = "s3cr3tvalue-ABC_123"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {SECRET}",
        f"refresh_token={SECRET}&client_id=x",
        f'{{"access_token": "{SECRET}", "expires_in": 1800}}',
        f"postgresql+psycopg://reader:{SECRET}@server/casemanager",
        f"GET /callback?code={SECRET}&state=1",
        f"password: {SECRET}",
    ],
)
def test_secrets_are_taken_out(line: str) -> None:
    assert SECRET not in redacted(line)


@given(st.text(alphabet="abc XYZ.,:;()/\n", max_size=80))
def test_ordinary_text_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_traceback_is_redacted_too(tmp_path: Path) -> None:
    path = start_logging(tmp_path, to_stderr=False)
    assert path is not None
    log = logging.getLogger("cmxero_desktop.test")
    try:
        message = f"refresh_token={SECRET}"
        raise ValueError(message)  # noqa: TRY301 - the traceback is what is looked at
    except ValueError:
        log.info("It failed", exc_info=True)
    root = logging.getLogger("cmxero_desktop")
    for handler in tuple(root.handlers):
        handler.close()
        root.removeHandler(handler)
    assert "It failed" in path.read_text()
    assert SECRET not in path.read_text()
