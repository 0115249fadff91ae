"""Connecting from the command line: a custom connection by its secret, disconnecting, waiting, and stopping."""

import json
import signal
from pathlib import Path

import pytest

from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind
from tests.end_to_end.hunting import Hunter
from tests.end_to_end.watched_firm import Office, init_words, use_free_port, watched_firm

pytestmark = pytest.mark.keyring
COULD_NOT, STOPPED = 1, 130


def test_a_custom_connection_from_its_secret_to_its_end(tmp_path: Path, keyring_environment: dict[str, str]) -> None:
    hunter, office = Hunter(), Office(tmp_path, keyring_environment)
    with watched_firm(tmp_path / "firm", hunter) as firm:
        identity = firm.xero.identity
        secret = identity.custom_client_secret
        hunter.learn("client secret", secret)
        words = [*init_words(firm, firm.case_database.url), "--sign-in", "custom_connection"]
        words[words.index(firm.xero.client_id)] = identity.custom_client_id
        assert office.run(*words) == 0, office.last_words()
        assert office.run("connect") == COULD_NOT
        assert "Standard input holds no secret in its first line. Write the secret there" in office.last_words()
        assert office.run("connect", typed="wr0ng\n") == COULD_NOT
        assert "the client id or the secret is not right" in office.last_words()
        assert office.run("poll") == COULD_NOT
        assert "signed_out" in office.last_words()
        assert office.run("connect", typed=f"{secret}\n") == 0, office.last_words()
        assert "Connected to Brightside Rehab Pty Ltd." in office.last_words()
        assert office.run("poll") == 0, office.last_words()
        assert office.run("doctor") == 0, office.last_words()
        assert "a custom connection, whose secret the keyring holds; it does not end." in office.last_words()
        assert office.run("diagnostics", "--preview", "--with-names", "--with-amounts") == 0
        backup = (office.home / "store.db").read_bytes()
        assert office.run("list", "proposals", "--json") == 0
        (waiting, *_) = json.loads(office.last_words())
        assert office.run("hold", str(waiting["id"]), "--reason", "later") == 0, office.last_words()
        assert office.run("poll") == 0
        assert "put back" not in office.last_words(), "what the keyring remembers is the store that is there"
        (office.home / "store.db").write_bytes(backup)
        assert office.run("approve", str(waiting["id"])) == COULD_NOT
        assert "was put back from an older state" in office.last_words()
        assert office.run("poll") == 0
        assert "cmxero confirm-store" in office.last_words()
        assert office.run("confirm-store", "--reason", "the newer one is lost") == 0, office.last_words()
        assert office.run("disconnect") == 0
        assert "What was read, decided and applied is kept." in office.last_words()
        assert office.run("poll") == COULD_NOT
        assert office.run("list", "proposals") == 0
        assert "CM-20101" in office.last_words()
    assert office.find(hunter) == []


def test_disconnecting_the_browser_s_sign_in_revokes_it(tmp_path: Path, keyring_environment: dict[str, str]) -> None:
    hunter, office = Hunter(), Office(tmp_path, keyring_environment)
    with watched_firm(tmp_path / "firm", hunter) as firm:
        assert office.run(*init_words(firm, firm.case_database.url)) == 0
        use_free_port(office.home)
        assert office.run("connect") == 0
        assert office.run("disconnect", "--json") == 0
        assert '"connected": false' in office.last_words()
        assert firm.xero.requests.to("/connect/revocation")
        assert office.run("connect") == 0
        firm.xero.faults.add(Fault(kind=FaultKind.STATUS, path="/connect/revocation", status=503))
        assert office.run("disconnect") == COULD_NOT
        assert "Xero could not be told" in office.last_words()
        assert office.run("poll") == COULD_NOT, "it is forgotten here all the same"


def test_a_wait_is_told_and_can_be_stopped_and_a_pause_can_be_ended(
    tmp_path: Path, keyring_environment: dict[str, str]
) -> None:
    hunter, office = Hunter(), Office(tmp_path, keyring_environment)
    with watched_firm(tmp_path / "firm", hunter) as firm:
        assert office.run(*init_words(firm, firm.case_database.url)) == 0
        use_free_port(office.home)
        assert office.run("connect") == 0
        firm.xero.faults.add(Fault(kind=FaultKind.LIMIT, path="/Payments", problem="minute", retry_after_s=60))
        with office.start("poll") as waiting:
            assert waiting.stderr is not None
            line = next(line for line in waiting.stderr if "It goes on at" in line)
            assert line.startswith("Xero's limit of 60 calls a minute is used up.")
            waiting.send_signal(signal.SIGINT)
            _, rest = waiting.communicate()
        assert waiting.returncode == STOPPED
        assert rest.strip().startswith("Stopped. ")
        assert "Traceback" not in rest
        firm.xero.faults.add(Fault(kind=FaultKind.LIMIT, path="/Invoices", problem="day", retry_after_s=3_600))
        assert office.run("poll") == COULD_NOT
        assert office.run("poll") == COULD_NOT
        assert "Xero asked for a pause" in office.last_words()
        assert office.run("poll", "--anyway") == 0, office.last_words()
