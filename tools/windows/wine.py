"""Run Windows programs under Wine, each with a limit that nothing outlives, on a screen of their own.

A visit is one keeper: a shell in a world of its own that keeps a screen and one Windows program, so that the services
which Wine starts beside the first program hold the keeper's streams and not ours. Each call enters that world. When the
keeper ends, everything in it is ended by the kernel.
"""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tools.windows.place import Place
from tools.windows.system import clean_environment, entering

_START_LIMIT_S: Final = 300
_LAST_WORDS_S: Final = 10
# What `timeout` says of a program that it ended, and the kernel of one that was killed.
_ENDED: Final = (124, 137, -9)
_DISPLAY: Final = ":97"
# Wine looks for its own .NET and browser engine, and makes Linux menus, unless it is told not to.
_NOT_WANTED: Final = "mscoree,mshtml,winemenubuilder.exe="
_KEEPER: Final = f"""
mkdir -p "$WINEPREFIX"
Xvfb {_DISPLAY} -screen 0 1440x900x24 -nolisten tcp -nolisten local >/dev/null 2>&1 &
until [ -e /tmp/.X11-unix/X97 ]; do sleep 0.1; done
wineboot --init >/dev/null 2>&1
[ -e /work/icuuc.dll ] && cp -u /work/icuuc.dll "$WINEPREFIX/drive_c/windows/system32/icuuc.dll"
wine reg delete 'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug' /f >/dev/null 2>&1
wine reg add 'HKCU\\Software\\Wine\\WineDbg' /v ShowCrashDialog /t REG_DWORD /d 0 /f >/dev/null 2>&1
sleep infinity | wine cmd >/dev/null 2>&1 &
echo ready
read -r _ || true
wineserver -k >/dev/null 2>&1 || true
wineserver -w >/dev/null 2>&1 || true
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a program left: its exit status (None: it was ended at its limit), and what it said."""

    status: int | None
    out: str
    error: str
    took_s: float


@dataclass(slots=True)
class Visit:
    """One stay in one Wine prefix."""

    place: Place
    prefix: str
    environment: dict[str, str]
    keeper: subprocess.Popen[bytes]

    @property
    def drive_c(self) -> Path:
        """Where this prefix's drive C: lies, seen from here."""
        return self.place.work / "prefixes" / self.prefix / "drive_c"

    def run(self, program: str, *arguments: str, limit_s: float, given: bytes = b"", **variables: str) -> Told:
        """Run one Windows program to its end or its limit; `given` is its standard input."""
        return self.run_linux("wine", program, *arguments, limit_s=limit_s, given=given, **variables)

    def run_linux(self, *command: str, limit_s: float, given: bytes = b"", **variables: str) -> Told:
        """Run a program of the system itself, beside the Windows programs."""
        limited = ["timeout", "--kill-after=1", str(limit_s), *command]
        began = time.monotonic()
        process = self._popen(limited, variables, subprocess.PIPE)
        out, error = _Reader(process.stdout), _Reader(process.stderr)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(given)  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
        try:
            status: int | None = process.wait(limit_s + _LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        took_s = time.monotonic() - began
        return Told(None if status in _ENDED else status, out.text(), error.text(), took_s)

    def start(self, program: str, *arguments: str, **variables: str) -> None:
        """Start a Windows program that goes on by itself until the visit ends."""
        self._popen(["wine", program, *arguments], variables, subprocess.DEVNULL)

    def set_for_good(self, name: str, value: str) -> None:
        """Set a variable for every program of this prefix: Wine keeps those named QT_* of the Linux side away."""
        self.run("reg", "add", r"HKCU\Environment", "/v", name, "/d", value, "/f", limit_s=60)

    def picture(self, target: str) -> None:
        """Take a picture of the screen; `target` is a name inside the system."""
        self.run_linux("import", "-display", _DISPLAY, "-window", "root", target, limit_s=60)

    def _popen(self, command: Sequence[str], variables: Mapping[str, str], out: int) -> subprocess.Popen[bytes]:
        first = _first_process(self.keeper)
        into = ["nsenter", f"--target={first}", "--mount", "--pid", "--root", "--wdns=/work"]
        return subprocess.Popen(  # noqa: S603 - words of our own
            [*into, *command],
            env={**self.environment, **variables},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
        )


class _Reader:
    """Reads a stream to its end, or as far as it came when nobody waits any longer."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._parts: list[bytes] = []
        self._stream = stream
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._stream is not None:
            while part := os.read(self._stream.fileno(), 65_536):
                self._parts.append(part)

    def text(self) -> str:
        """Return what was said."""
        self._thread.join(_LAST_WORDS_S)
        return b"".join(self._parts).decode("utf-8", errors="backslashreplace")


@contextlib.contextmanager
def visit(place: Place, source: Path, prefix: str, *, anew: bool = False) -> Iterator[Visit]:
    """Open a Wine prefix by that name (it is made where it is missing), and end all of it afterwards.

    `anew` is a computer that nobody used before: no file, no keyring, no registry of an earlier visit.
    """
    if anew:
        shutil.rmtree(place.work / "prefixes" / prefix, ignore_errors=True)
    environment = {
        **clean_environment(),
        "WINEPREFIX": f"/work/prefixes/{prefix}",
        "WINEDLLOVERRIDES": _NOT_WANTED,
        "WINEDEBUG": "-all",
        "DISPLAY": _DISPLAY,
        "TZ": "Australia/Sydney",
        # The sources are seen, and not written to.
        "PYTHONPYCACHEPREFIX": "Z:/work/pycache",
    }
    (place.work / "prefixes").mkdir(parents=True, exist_ok=True)
    keeper = subprocess.Popen(  # noqa: S603 - words of our own
        entering(place, source, ["sh", "-c", _KEEPER]),
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    watch = threading.Timer(_START_LIMIT_S, keeper.kill)
    watch.start()
    try:
        if keeper.stdout is None or keeper.stdout.readline() != b"ready\n":
            raise TimeoutError(f"Wine did not stand ready within {_START_LIMIT_S} s")
        watch.cancel()
        yield Visit(place, prefix, environment, keeper)
    finally:
        watch.cancel()
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            keeper.communicate(b"\n", timeout=60)
        keeper.kill()
        keeper.wait()


def _first_process(keeper: subprocess.Popen[bytes]) -> int:
    """Return the process number, as seen from here, of the first process of the keeper's world."""
    children = Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children").read_text(encoding="ascii").split()
    return int(children[0])
