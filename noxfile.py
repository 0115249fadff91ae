"""The project's commands: the demo, every check, and the slower ones, each in an environment of its own.

`nox -s demo` opens the window on an invented firm; `nox -s tests` runs every check there is. Versions and hashes
come from `requirements/`; `nox -s pins` renews them.
"""

import ctypes
import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.sessions = ["tests"]
# Where uv is installed an environment is there in seconds; `nox` alone makes the same one.
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True

CODE = ("cmxero_desktop", "tests", "tools", "benchmarks", "noxfile.py")
# Which parts of the program, and how much of them the tests run: lines and branches, in per cent.
COVERED = {
    "domain, services": 100,
    "cli": 95,
    "ui/desk, ui/evidence, ui/history, ui/payments, ui/review, ui/sheets, ui/sor, ui/widgets": 95,
}

# Where Linux keeps files in memory, and what the tests' files and their own memory need beside each other.
MEMORY = Path("/dev/shm")  # noqa: S108 - every use of it makes names of its own
ROOM_FOR_TESTS_BYTES = 6 * 2**30

# What Qt needs of a Linux system: the file it loads, and the Debian package that has it.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
# These are needed only where a window really appears.
QT_SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

EMPTY_CASE_DATABASE = """
import sqlite3, sys
from cmxero_desktop.sandbox.case_manager.rows import REFERENCE_DDL
with sqlite3.connect(sys.argv[1]) as connection:
    connection.executescript(";".join(REFERENCE_DDL))
"""


@nox.session
def demo(session: nox.Session) -> None:
    """Open the window on an invented firm; what follows `--` goes to the program."""
    install_project(session, "runtime")
    provide_qt_libraries(session)
    session.run("cmxero-desktop", "--demo", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run every check; with arguments after `--`, only pytest with those."""
    install_project(session, "tests")
    provide_qt_libraries(session)
    # The program is started hundreds of times: what is compiled is kept, whatever the machine's habit.
    session.env["PYTHONDONTWRITEBYTECODE"] = ""
    if has_room_in_memory():
        session.env["TMPDIR"] = str(MEMORY)
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    check_style(session)
    # Types and walls are checked on one processor, while the other one compiles the tests, which each worker would
    # do, and goes on to run them.
    with ThreadPoolExecutor(1) as beside:
        checked = beside.submit(check_types_and_walls, session, silent=True)
        session.run("pytest", "--collect-only", "--quiet", "-p", "no:randomly", silent=True)
        session.run("coverage", "erase")
        # Workers hand tests on as they finish: the ones that kill processes last far longer than the rest. They wait
        # for these, and for servers, about a third of the time: three workers keep two processors busy.
        session.run("pytest", "-n", "3", "--dist", "worksteal", "--cov", "--cov-report=")
        checked.result()
    for parts, percent in COVERED.items():
        session.log(f"tests run {percent} % of the lines and branches of {parts}, or more:")
        files = ",".join(f"cmxero_desktop/{part}/*" for part in parts.split(", "))
        session.run("coverage", "report", f"--include={files}", f"--fail-under={percent}")


@nox.session
def lint(session: nox.Session) -> None:
    """Run the checks that only read the sources: format, lint, types and import contracts."""
    install_project(session, "tests")
    check_sources(session)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Throw at the program what nobody ever sends it; after `--` which of them, how often, by which seeds, on what.

    `nox -s fuzz -- schemas --seeds 1-40 --on mariadb` tries forty seeds of made-up schemas, `nox -s fuzz -- 50` a
    little of everything.
    """
    install_project(session, "tests")
    every = [path.stem.removeprefix("fuzz_") for path in sorted(Path("benchmarks").glob("fuzz_*.py"))]
    chosen = [word for word in session.posargs if word in every]
    for name in chosen or every:
        words = (word for word in session.posargs if word not in every)
        session.run("python", "-m", f"benchmarks.fuzz_{name}", *words)


@nox.session
def mutation(session: nox.Session) -> None:
    """Change correlation one operator at a time, and list the changes that no test noticed."""
    install_project(session, "tests")
    session.install("--require-hashes", "-r", "requirements/mutation.txt")
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")


@nox.session
def holidays(session: nox.Session) -> None:
    """Renew resources/public_holidays.tsv from what a package knows that the program need not carry."""
    session.install("--require-hashes", "-r", "requirements/holidays.txt")
    session.run("python", "-m", "tools.holidays_table")


@nox.session(venv_backend="none")
def shape(session: nox.Session) -> None:
    """Print rooms, arrows and sizes; `-- --write` renews the figures in docs/architecture.md and its picture."""
    session.run(sys.executable, "-m", "tools.shape", *session.posargs, external=True)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Run every benchmark, or those named after `--` (such as `poll`); each prints its ratios."""
    install_project(session, "benchmarks")
    provide_qt_libraries(session)
    every = [path.stem.removeprefix("bench_") for path in sorted(Path("benchmarks").glob("bench_*.py"))]
    for name in session.posargs or every:
        session.run("python", "-m", f"benchmarks.bench_{name}")


@nox.session
def installer(session: nox.Session) -> None:
    """Make what people install: this system's folder in dist/, started; on Debian as root also Windows' setup program.

    `-- here` makes the folder alone; `-- bundle`, `-- setup` and `-- journey` are steps to the setup program.
    """
    install_project(session, "tests")
    provide_qt_libraries(session)
    is_debian_root = sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("apt-get") is not None
    steps = [word for word in session.posargs if word != "here"]
    if steps or (is_debian_root and not session.posargs):
        provide_debootstrap(session)
        session.run("python", "-m", "tools.installer", *steps)
    if not steps:
        session.install("--require-hashes", "-r", "requirements/installer.txt")
        session.run("pyinstaller", "--noconfirm", "--log-level=WARN", "build_installer.spec")
        check_bundle(session, Path("dist", "cm-xero-desk").resolve())
        if shutil.which("dpkg-deb"):
            session.run("python", "-m", "tools.installer.deb", "dist/cm-xero-desk", "dist")


@nox.session
def windows(session: nox.Session) -> None:
    """Run the program as a Windows program under Wine (Debian, as root); after `--` what alone: docs/windows.md."""
    install_project(session, "tests")
    provide_debootstrap(session)
    session.run("python", "-m", "tools.windows", *session.posargs)


@nox.session
def pins(session: nox.Session) -> None:
    """Renew requirements/*.txt from pyproject.toml and requirements/*.in, for every platform and Python at once."""
    session.install("uv")
    program, build = "pyproject.toml", "requirements/build.in"
    compile_pins(session, "runtime", program)
    compile_pins(session, "build", build)
    for name in ("tests", "benchmarks", "installer"):
        compile_pins(session, name, program, build, f"requirements/{name}.in", same_as=("runtime", "build"))
    compile_pins(session, "mutation", "requirements/mutation.in", same_as=("tests",))
    # It runs alone, and wants an older package of dates than the program.
    compile_pins(session, "holidays", "requirements/holidays.in")


def check_sources(session: nox.Session) -> None:
    """Hold format, style, types and walls."""
    check_style(session)
    check_types_and_walls(session)


def check_style(session: nox.Session) -> None:
    """Hold format and style, which takes no second."""
    session.run("ruff", "format", "--check", *CODE)
    session.run("ruff", "check", *CODE)


def check_types_and_walls(session: nox.Session, *, silent: bool = False) -> None:
    """Hold types and import contracts; `silent` tells only what is wrong."""
    session.run("mypy", silent=silent)
    session.run("lint-imports", silent=silent)


def has_room_in_memory() -> bool:
    """Tell whether the tests' files may lie in memory, where neither stores nor servers wait for a disk."""
    if not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    room_bytes = min(shutil.disk_usage(MEMORY).free, int(available[1]) * 1024 if available else 0)
    return room_bytes >= ROOM_FOR_TESTS_BYTES


def install_project(session: nox.Session, requirements: str) -> None:
    """Install pinned, hashed requirements, then this checkout with the pinned build backend."""
    files = ("build", requirements)
    for name in files:
        session.install("--require-hashes", "-r", f"requirements/{name}.txt")
    # Editable, so that a reused environment always runs the sources as they are.
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")


def check_bundle(session: nox.Session, bundle: Path) -> None:
    """Start both programs of a bundle, and take one of them through settings, mapping, database and store."""
    place = Path(session.create_tmp()).resolve()
    shutil.rmtree(place)
    place.mkdir()
    session.run("python", "-c", EMPTY_CASE_DATABASE, str(place / "case.db"))
    suffix = ".exe" if sys.platform == "win32" else ""
    case_manager = f"--case-manager-url=sqlite:///{(place / 'case.db').as_posix()}"
    runs = (
        ("cmxero-desktop", "--version"),
        ("cmxero", "--version"),
        ("cmxero", "init", case_manager, "--xero-client-id=bundle-check"),
        ("cmxero", "list", "proposals"),
        ("cmxero", "verify"),
    )
    # Nothing of this environment may lend the bundle what it lacks.
    bare = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.defpath, "HOME": str(place), "CMXERO_HOME": str(place / "home")}
    for program, *arguments in runs:
        session.run(str(bundle / f"{program}{suffix}"), *arguments, env=bare, include_outer_env=False, external=True)


def compile_pins(session: nox.Session, name: str, *sources: str, same_as: tuple[str, ...] = ()) -> None:
    """Resolve some sources into one file of exact versions and hashes that names no host."""
    constraints = [word for other in same_as for word in ("--constraint", f"requirements/{other}.txt")]
    session.run(
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--upgrade",
        "--universal",
        "--python-version=3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-config",
        "--custom-compile-command=nox -s pins",
        *constraints,
        f"--output-file=requirements/{name}.txt",
        *sources,
    )


def provide_qt_libraries(session: nox.Session) -> None:
    """On Linux, install the system libraries that Qt lacks; without the right to, name them and stop."""
    if not sys.platform.startswith("linux"):
        return
    needed, wanted = missing_packages(QT_LIBRARIES), missing_packages(QT_SCREEN_LIBRARIES)
    if not needed and not wanted:
        return
    command = f"apt-get install --no-install-recommends {' '.join([*needed, *wanted])}"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        session.run("apt-get", "update", "--quiet", external=True, env=quiet)
        session.run(*command.split(), "--yes", "--quiet", external=True, env=quiet)
    elif needed or has_screen():
        session.error(f"Qt needs system libraries that this machine lacks. On Debian or Ubuntu: sudo {command}")


def provide_debootstrap(session: nox.Session) -> None:
    """On Debian, as root, install what lays another Debian into a folder; elsewhere the tool itself says what lacks."""
    if shutil.which("debootstrap") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        session.run("apt-get", "update", "--quiet", external=True)
        session.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "debootstrap", external=True)


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """Give the packages of those libraries that cannot be loaded here."""
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def has_screen() -> bool:
    """Tell whether windows would appear on an X display."""
    return bool(os.environ.get("DISPLAY"))
