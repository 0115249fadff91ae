"""Makes what many tests look at, and takes long, once for all test processes: the others read what the first made."""

import os
import pickle
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

from filelock import FileLock

from tests.support.servers import FOLDER_VARIABLE

T = TypeVar("T")
_known: dict[str, object] = {}


def made_once(key: str, make: Callable[[], T]) -> T:
    """Return what `make` returns, made once in a test run for each key, whichever process asks first.

    It must be picklable, and no test may change it. Two calls with one key must mean the same. Outside a test run it
    is made once in each process.
    """
    if key not in _known:
        folder = os.environ.get(FOLDER_VARIABLE)
        _known[key] = _shared(Path(folder), key, make) if folder else make()
    return cast("T", _known[key])


def _shared(folder: Path, key: str, make: Callable[[], object]) -> object:
    path = folder / f"made-{sha256(key.encode()).hexdigest()[:24]}.pickle"
    with FileLock(path.with_suffix(".lock")):
        if path.exists():
            return pickle.loads(path.read_bytes())  # noqa: S301 — this run wrote it
        made = make()
        whole = path.with_suffix(".new")
        whole.write_bytes(pickle.dumps(made))
        whole.replace(path)
    return made
