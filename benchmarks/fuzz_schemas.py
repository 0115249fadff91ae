"""Make up schemas of Case Manager's, and hold the mapping's check against what each then does.

    python -m benchmarks.fuzz_schemas [2000] [--seeds 1, or 7-12] [--on sqlite|postgres|mariadb]

Types, keys, tells, constants and lengths are made up, fitting and not. Nothing may crash; each refusal is a sentence;
what the check calls good is read, each row that counts once, whole as alone, and tells what stands there; and what it
says can be written is written, read back as it was shown, and taken away again. What is wrong is told with its seed;
each seed is 50 schemas.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.seeds import run_seeds, seeds_of
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
    parser.add_argument(
        "--seeds", default="1", help="the first seed, or a range of them, whatever the number of schemas"
    )
    parser.add_argument("--on", choices=("sqlite", *_SERVERS), default="sqlite")
    asked = parser.parse_args()
    seeds = seeds_of(parser, asked.schemas, asked.seeds, _A_SEED)
    with tempfile.TemporaryDirectory() as name, _database(asked.on, Path(name)) as url:

        def run(seed: int) -> Counter[str]:
            fuzz = SchemaFuzz(url, Path(name), seed)
            fuzz.run(min(asked.schemas, _A_SEED))
            return fuzz.outcomes

        run_seeds(seeds, run, f"made-up schemas on {asked.on}")


if __name__ == "__main__":
    main()
