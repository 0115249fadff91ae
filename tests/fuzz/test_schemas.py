"""A few of the made-up schemas of Case Manager's that `nox -s fuzz` tries by the thousand.

FUZZ_SEED in the environment repeats one run, FUZZ_SCHEMAS makes it as long as one likes.
"""

import os
from pathlib import Path

import pytest

from tests.fuzz.schema_fuzzing import SchemaFuzz

SCHEMAS = int(os.environ.get("FUZZ_SCHEMAS", "20"))
SEED = int(os.environ.get("FUZZ_SEED", "4"))


@pytest.mark.parametrize(
    "kind",
    [
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def test_what_the_check_calls_good_is_read_and_written(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if kind == "sqlite":
        (tmp_path / "case.db").touch()
        url = f"sqlite:///{tmp_path / 'case.db'}"
    else:
        url = str(request.getfixturevalue(f"{kind}_url"))
    fuzz = SchemaFuzz(url, tmp_path, SEED)
    fuzz.run(SCHEMAS)
    assert fuzz.outcomes["written"], fuzz.outcomes
    assert fuzz.outcomes["refused"], fuzz.outcomes
