"""Make up schemas of Case Manager's, and hold the mapping's check against what each then does.

    python -m benchmarks.fuzz_schemas [2000] [--seed 1] [--on sqlite|postgres|mariadb]

Types, keys, tells, constants and lengths are made up, fitting and not. Nothing may crash; each refusal is a sentence;
what the check calls good is read, each row that counts once, whole as alone, and tells what stands there; and what it
says can be written is written, read back as it was shown, and taken away again. What is wrong is told with its seed.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.schema_fuzzing import SchemaFuzz
from tests.support import servers

# Another seed every so often, so that what is found is found again soon.
_A_SEED = 50
_SERVERS = {"postgres": servers.postgres, "mariadb": servers.mariadb}


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind not in _SERVERS:
        (folder / "case.db").touch()
        yield f"sqlite:///{folder / 'case.db'}"
        return
    place = servers.make_folder()
    try:
        yield servers.create_database(_SERVERS[kind](place), "fuzz_schemas")
    finally:
        servers.stop_all(place)


def main() -> None:
    """Try as many as are asked for, and say what was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas", type=int, nargs="?", default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", choices=("sqlite", *_SERVERS), default="sqlite")
    asked = parser.parse_args()
    begun, met = time.perf_counter(), Counter[str]()
    with tempfile.TemporaryDirectory() as name, _database(asked.on, Path(name)) as url:
        for start in range(0, asked.schemas, _A_SEED):
            fuzz = SchemaFuzz(url, Path(name), asked.seed + start // _A_SEED)
            fuzz.run(min(_A_SEED, asked.schemas - start))
            met += fuzz.outcomes
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in met.most_common())
    print(
        f"{asked.schemas} schemas on {asked.on} in {time.perf_counter() - begun:.0f} s, and none was wrong: {outcomes}"
    )


if __name__ == "__main__":
    main()
