"""The keyring fixtures give the real Secret Service, to this process and to the processes it starts."""

import os
import signal
import sys

import keyring
import pytest

from cmxero_desktop.adapters.secrets import KeyringSecrets
from tests.support.secret_service import RunInSession, keyring_process

pytestmark = pytest.mark.keyring


@pytest.mark.parametrize("secret", ["first", "second"])
@pytest.mark.usefixtures("secret_service")
def test_this_process_stores_and_forgets(secret: str) -> None:
    assert keyring.get_password("cmxero-test", "someone") is None
    keyring.set_password("cmxero-test", "someone", secret)
    assert keyring.get_password("cmxero-test", "someone") == secret


@pytest.mark.usefixtures("secret_service")
def test_a_command_sees_the_same_keyring(run_in_session: RunInSession) -> None:
    keyring.set_password("cmxero-test", "someone", "from here")
    code = "import keyring; print(keyring.get_password('cmxero-test', 'someone'))"
    done = run_in_session(sys.executable, "-c", code)
    assert (done.returncode, done.stdout.strip()) == (0, "from here"), done.stderr


def test_a_keyring_that_is_killed_comes_back_open_with_what_it_held(secret_service: dict[str, str]) -> None:
    secrets = KeyringSecrets("cmxero-test")
    secrets.set("someone", "kept")
    killed = keyring_process(secret_service)
    os.kill(killed, signal.SIGKILL)
    assert secrets.get("someone") == "kept"
    assert keyring_process(secret_service) != killed


def test_outside_the_session_there_is_no_keyring() -> None:
    with pytest.raises(keyring.errors.NoKeyringError):
        keyring.get_password("cmxero-test", "someone")
