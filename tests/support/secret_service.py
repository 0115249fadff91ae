"""Fixtures that give a test the real Secret Service: a private D-Bus session with an unlocked gnome-keyring.

- `keyring_environment`: the variables that put a process into the session; one session for each test process.
- `secret_service`: the same for this process, `keyring` included; what the test stored is deleted after it.
- `run_in_session`: runs a command with those variables and gives the finished process.

Where dbus or gnome-keyring is missing, the test is skipped with the reason; under CI=true it fails.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol

import keyring
import pytest

BACKEND: Final = "keyring.backends.SecretService.Keyring"
BUS_NAME: Final = "org.freedesktop.secrets"
COMMAND_TIMEOUT_S: Final = 120
_START_TIMEOUT_S: Final = 30
_PROGRAMS: Final = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring"}
# The bus starts the keyring itself, unlocked, at the first call and again where it broke off: Debian 12's aborts once
# in some hundred short clients, and the system's own entry for it would start a locked one that asks a person.
_BUS: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={run}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_SERVICE: Final = "[D-BUS Service]\nName={name}\nExec={script}\n"
_KEYRING: Final = """#!/bin/sh
exec gnome-keyring-daemon --foreground --unlock --components=secrets <{password} 2>>{errors}
"""


class RunInSession(Protocol):
    """Runs a command inside the keyring session, with text output captured and no standard input."""

    def __call__(
        self,
        *command: str | Path,
        environment: Mapping[str, str] | None = None,
        timeout_s: float = COMMAND_TIMEOUT_S,
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end; `environment` goes on top of the session's own, the exit status is not checked."""
        ...


@pytest.fixture(scope="session")
def keyring_environment() -> Iterator[dict[str, str]]:
    """Give the variables that put a process into a live session with an unlocked Secret Service."""
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        reason = f"no Secret Service here (on Debian: apt-get install {' '.join(missing)})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cmxero-keyring-")))
        yield _start_session(home, stack)  # the keyring ends with its bus


@pytest.fixture
def secret_service(keyring_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Make the session's Secret Service this process's keyring for one test."""
    usual = keyring.get_keyring()  # asked before the environment changes what it would answer
    for name, value in keyring_environment.items():
        monkeypatch.setenv(name, value)
    keyring.set_keyring(keyring.core.load_keyring(BACKEND))
    yield keyring_environment
    keyring.set_keyring(usual)
    _forget_everything()


@pytest.fixture
def run_in_session(keyring_environment: dict[str, str]) -> RunInSession:
    """Give the call that runs a command inside the keyring session."""

    def run(
        *command: str | Path,
        environment: Mapping[str, str] | None = None,
        timeout_s: float = COMMAND_TIMEOUT_S,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in command],
            check=False,
            env={**os.environ, **keyring_environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )

    return run


def _start_session(home: Path, stack: contextlib.ExitStack) -> dict[str, str]:
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    own = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    inherited = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    bus = _start(
        ["dbus-daemon", f"--config-file={_configure(home, runtime)}", "--nofork", "--print-address=1"],
        inherited | own,
        stack,
    )
    assert bus.stdout is not None
    own["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    keyring_process(own)
    # The test processes default to a keyring that refuses (tests/conftest.py); inside the session it is this one.
    own["PYTHON_KEYRING_BACKEND"] = BACKEND
    return own


def _start(command: list[str], environment: Mapping[str, str], stack: contextlib.ExitStack) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    stack.enter_context(process)
    stack.callback(process.terminate)
    return process


def _configure(home: Path, runtime: Path) -> Path:
    services = home / "services"
    services.mkdir()
    password, script, errors = home / "password", home / "keyring", home / "keyring.errors"
    password.write_text(secrets.token_hex(16), "ascii")
    script.write_text(_KEYRING.format(password=password, errors=errors), "ascii")
    script.chmod(0o700)
    (services / f"{BUS_NAME}.service").write_text(_SERVICE.format(name=BUS_NAME, script=script), "ascii")
    configuration = home / "bus.conf"
    configuration.write_text(_BUS.format(run=runtime, services=services), "ascii")
    return configuration


def keyring_process(environment: Mapping[str, str]) -> int:
    """Return the process id of a session's keyring, which is started where it does not run."""
    address = environment["DBUS_SESSION_BUS_ADDRESS"]
    _ask_bus(address, "StartServiceByName", "su", (BUS_NAME, 0))
    return int(_ask_bus(address, "GetConnectionUnixProcessID", "s", (BUS_NAME,)))


def _ask_bus(address: str, method: str, signature: str, values: tuple[object, ...]) -> int:
    # Only Linux has these, and every system must be able to read this file.
    from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    with open_dbus_connection(address) as connection:
        wish = new_method_call(bus, method, signature, values)
        answer = connection.send_and_get_reply(wish, timeout=_START_TIMEOUT_S)
    if answer.header.message_type is not MessageType.method_return:
        pytest.fail(f"the session's bus does not {method}: {answer.body}")
    return int(answer.body[0])


def _forget_everything() -> None:
    import secretstorage  # noqa: PLC0415 - as above

    with contextlib.closing(secretstorage.dbus_init()) as connection:
        for item in secretstorage.get_default_collection(connection).get_all_items():
            item.delete()
