"""Make the small Debian whose Wine runs Windows programs, and enter it so that nothing outlives the visit.

Debian 12's own Wine is too old: it lacks what Python asks of Windows 10. So Debian 13 is laid into a folder.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.windows.place import Place

_SUITE = "trixie"
PACKAGES = (
    # Runs Windows programs, on a screen of its own, of which a picture is taken.
    "wine",
    "wine64",
    "xvfb",
    "xauth",
    "imagemagick",
    "fonts-liberation",
    # Makes the small program that starts ours, the setup program, and their signatures.
    "gcc-mingw-w64-x86-64-win32",
    "nsis",
    "osslsigncode",
)
_FETCH_LIMIT_S = 1_800
# What a Linux program expects to find, and the folders that are ours; all of it is gone with the last process.
_MOUNTS = """
mount -t proc proc "$1/proc"
mount --rbind /sys "$1/sys"
mount --rbind /dev "$1/dev"
mount -t tmpfs tmpfs "$1/tmp"
mkdir -p "$1/work" "$1/source"
mount --bind "$2" "$1/work"
mount --bind -o ro "$3" "$1/source"
root=$1
shift 3
exec chroot "$root" "$@"
"""


class CannotError(Exception):
    """This machine cannot do it; the message says what is missing."""


def make_system(place: Place) -> None:
    """Lay the system into its folder, unless it is there with all its packages; CannotError."""
    done = place.system / "made-of"
    wanted = " ".join(PACKAGES)
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return
    if os.geteuid() != 0:
        raise CannotError("A system in a folder can be made and entered by root alone.")
    if shutil.which("debootstrap") is None:
        raise CannotError("debootstrap is missing. On Debian or Ubuntu: apt-get install debootstrap")
    place.work.mkdir(parents=True, exist_ok=True)
    is_whole = (place.system / "usr" / "bin" / "apt-get").exists() and not (place.system / "debootstrap").exists()
    if not is_whole:
        shutil.rmtree(place.system, ignore_errors=True)
        bootstrap = ["debootstrap", "--variant=minbase", "--include=ca-certificates", _SUITE, str(place.system)]
        subprocess.run(bootstrap, check=True, timeout=_FETCH_LIMIT_S)  # noqa: S603 - words of our own
    install = f"apt-get update -q && apt-get install -y -q --no-install-recommends {wanted} && apt-get clean"
    environment = {**clean_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    command = entering(place, place.work, ["sh", "-c", install])
    subprocess.run(command, check=True, timeout=_FETCH_LIMIT_S, env=environment)  # noqa: S603 - as above
    (place.system / "etc" / "hosts").write_text("127.0.0.1 localhost\n", encoding="ascii")
    done.write_text(wanted, encoding="utf-8")


def entering(place: Place, source: Path, command: Sequence[str]) -> list[str]:
    """Return the command that runs another one inside the system, as the first process of a world of its own.

    When that first process ends, or is killed, everything that it started is killed with it. `source` is seen as
    /source, and cannot be changed from there.
    """
    alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    return [*alone, "sh", "-ec", _MOUNTS, "sh", str(place.system), str(place.work), str(source), *command]


def clean_environment() -> dict[str, str]:
    """Return what a program in the system is told of its surroundings, and nothing of ours."""
    return {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
    }


def run_inside(place: Place, source: Path, command: Sequence[str], *, limit_s: int) -> None:
    """Run one Linux program of the system; CalledProcessError, TimeoutExpired."""
    words = entering(place, source, command)
    subprocess.run(words, check=True, timeout=limit_s, env=clean_environment())  # noqa: S603 - words of our own
