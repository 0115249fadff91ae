"""Run `cmxero` in processes that are forked from one that has loaded it, which saves each of them most of a second.

Each run is a process of its own with its own environment, streams and exit status; only the loading of modules, which
looks at none of these, is shared. Where processes cannot be forked, each loads for itself.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory

from tests.support.patience import HUNG_S

ROOT = Path(__file__).parents[2]
_RUN = "import sys; from cmxero_desktop.__main__ import cmxero; sys.exit(cmxero())"
# As most computers have it: whoever makes a file lets everybody read it.
_UMASK = 0o022
_SERVE = """
import json, os, sys
import cmxero_desktop.app.command_line
from cmxero_desktop.__main__ import cmxero
for line in sys.stdin:
    wish = json.loads(line)
    child = os.fork()
    if not child:
        status = 1
        try:
            os.environ.clear()
            os.environ.update(wish["env"])
            os.umask(wish["umask"])
            os.dup2(os.open(wish["in"], os.O_RDONLY), 0)
            sys.stdin = open(0, encoding="utf-8", closefd=False)
            for number, path in ((1, wish["out"]), (2, wish["err"])):
                os.dup2(os.open(path, os.O_WRONLY), number)
            sys.argv = ["cmxero", *wish["words"]]
            status = cmxero()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status or 0)
    _, ended = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(ended), flush=True)
"""


class Forked:
    """One loaded process and its children; it ends when this process does, since its standard input closes then."""

    def __init__(self) -> None:
        """Load nothing before the first run."""
        self._server: subprocess.Popen[str] | None = None

    def run(
        self, words: tuple[str, ...], environment: Mapping[str, str], typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run `cmxero` to its end, with every warning an error; `typed` is what it reads from standard input."""
        if not hasattr(os, "fork"):
            return _load_and_run(words, environment, typed)
        with TemporaryDirectory() as folder:
            streams = {name: Path(folder, name) for name in ("in", "out", "err")}
            for name, path in streams.items():
                path.write_text(typed if name == "in" else "", "utf-8")
            wish = {"words": words, "env": dict(environment), "umask": _UMASK}
            status = self._ask(wish | {name: str(path) for name, path in streams.items()})
            out, err = streams["out"], streams["err"]
            return subprocess.CompletedProcess(words, status, out.read_text("utf-8"), err.read_text("utf-8"))

    def _ask(self, wish: object) -> int:
        server = self._started()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(f"{json.dumps(wish)}\n")
        server.stdin.flush()
        ready, _, _ = select([server.stdout], [], [], HUNG_S)
        if not ready:
            server.kill()
            raise subprocess.TimeoutExpired("cmxero", HUNG_S)
        return int(server.stdout.readline())

    def _started(self) -> subprocess.Popen[str]:
        if self._server is None or self._server.poll() is not None:
            self._server = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", _SERVE],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._server


def _load_and_run(
    words: tuple[str, ...], environment: Mapping[str, str], typed: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", _RUN, *words],
        check=False,
        cwd=ROOT,
        env=dict(environment),
        input=typed,
        capture_output=True,
        text=True,
        timeout=HUNG_S,
    )


FORKED = Forked()
