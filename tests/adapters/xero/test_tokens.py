"""The sign-in is kept alive: rotation is saved before use, answers may be lost, and only one refreshes at a time."""

import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from cmxero_desktop.adapters.xero import tokens as tokens_module
from cmxero_desktop.adapters.xero.identity import TokenSet, XeroIdentity
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import XeroUrls
from cmxero_desktop.domain.errors import SecretsError, SignInError, XeroUnavailableError
from cmxero_desktop.sandbox.xero.faults import Fault, FaultKind
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from tests.adapters.xero.stand_in import Call, DictSecrets, Reply, StandIn
from tests.support.patience import HUNG_S

ROOT = Path(__file__).parents[3]


class ManualClock:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FragileSecrets(DictSecrets):
    """A keyring that refuses to store while it is locked."""

    is_locked = False

    def set(self, name: str, value: str) -> None:
        if self.is_locked:
            raise SecretsError("The keyring is locked.")
        super().set(name, value)


@pytest.fixture
def secrets() -> FragileSecrets:
    return FragileSecrets()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tokens(
    xero: SandboxXero, urls: XeroUrls, secrets: FragileSecrets, tmp_path: Path, clock: ManualClock
) -> XeroTokens:
    made = XeroTokens(xero.client_id, urls, secrets, tmp_path / "home" / "sign-in.lock", clock)
    answer = xero.identity.sign_in()
    made.keep(TokenSet("kept", str(answer["refresh_token"]), 1800))
    return made


def refreshes(xero: SandboxXero) -> int:
    return len(xero.requests.to("/connect/token"))


def test_an_access_token_is_used_until_a_minute_before_its_end(
    tokens: XeroTokens, clock: ManualClock, xero: SandboxXero
) -> None:
    clock.now += 1739
    assert tokens.access_token() == "kept"
    clock.now += 1
    assert tokens.access_token() != "kept"
    assert refreshes(xero) == 1


def test_rotation_is_saved_before_the_new_token_is_used(
    tokens: XeroTokens, clock: ManualClock, secrets: FragileSecrets, xero: SandboxXero
) -> None:
    before = dict(secrets.kept)
    clock.now += 3600
    access = tokens.access_token()
    assert secrets.kept != before
    assert xero.identity.tokens.access(access) is not None
    assert tokens.access_token() == access
    assert refreshes(xero) == 1
    # What cannot be saved is not used either: the next start would know only the spent token.
    clock.now += 3600
    secrets.is_locked = True
    for _ in range(2):
        with pytest.raises(SecretsError):
            tokens.access_token()


def test_only_the_refresh_token_is_in_the_keyring(tokens: XeroTokens, secrets: FragileSecrets) -> None:
    access = tokens.renew("kept")
    assert access not in "".join(secrets.kept.values())
    assert all(len(value) < 1280 for value in secrets.kept.values())


def test_a_rejected_token_is_renewed_once_for_all_who_had_it(tokens: XeroTokens, xero: SandboxXero) -> None:
    new = tokens.renew("kept")
    assert tokens.renew("kept") == new
    assert refreshes(xero) == 1


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.HALF])
def test_a_lost_answer_is_asked_for_again_with_the_old_token(
    tokens: XeroTokens, xero: SandboxXero, kind: FaultKind
) -> None:
    xero.faults.add(Fault(kind=kind, path="/connect/token"))
    assert xero.identity.tokens.access(tokens.renew("kept")) is not None
    assert refreshes(xero) == 2


def test_answers_lost_twice_leave_the_old_token_for_its_grace_period(
    tokens: XeroTokens, xero: SandboxXero, secrets: FragileSecrets
) -> None:
    before = dict(secrets.kept)
    xero.faults.add(Fault(kind=FaultKind.HALF, path="/connect/token", times=2))
    with pytest.raises(XeroUnavailableError, match="broke off"):
        tokens.renew("kept")
    assert secrets.kept == before
    xero.clock.advance(timedelta(minutes=29))
    assert xero.identity.tokens.access(tokens.access_token()) is not None


def test_past_the_grace_period_it_is_sign_in_again_and_nothing_is_forgotten(
    tokens: XeroTokens, xero: SandboxXero, secrets: FragileSecrets
) -> None:
    xero.faults.add(Fault(kind=FaultKind.HALF, path="/connect/token", times=2))
    with pytest.raises(XeroUnavailableError):
        tokens.renew("kept")
    xero.clock.advance(timedelta(minutes=31))
    with pytest.raises(SignInError, match="Sign in to Xero again; everything that was read so far is kept"):
        tokens.access_token()
    assert secrets.kept


def test_a_revoked_sign_in_is_said_so(tokens: XeroTokens, xero: SandboxXero) -> None:
    xero.identity.tokens.end_all()
    with pytest.raises(SignInError, match="expired, was used up or was revoked"):
        tokens.renew("kept")


def test_a_web_page_or_a_limit_at_the_token_address_ends_no_sign_in(tokens: XeroTokens, xero: SandboxXero) -> None:
    for fault in (Fault(kind=FaultKind.HTML), Fault(kind=FaultKind.STATUS, status=503), Fault(kind=FaultKind.LIMIT)):
        xero.faults.add(fault)
        with pytest.raises(XeroUnavailableError):
            tokens.renew("kept")
    assert tokens.access_token()


def test_a_rotated_token_that_the_keyring_refused_is_saved_later(
    tokens: XeroTokens, secrets: FragileSecrets, xero: SandboxXero
) -> None:
    secrets.is_locked = True
    with pytest.raises(SecretsError):
        tokens.renew("kept")
    secrets.is_locked = False
    # The grace is over: only the token in memory still works.
    xero.clock.advance(timedelta(minutes=31))
    before = dict(secrets.kept)
    assert tokens.access_token()
    assert secrets.kept != before
    assert refreshes(xero) == 1


def test_without_a_sign_in_nothing_is_asked(xero: SandboxXero, urls: XeroUrls, tmp_path: Path) -> None:
    tokens = XeroTokens(xero.client_id, urls, DictSecrets(), tmp_path / "lock")
    assert not tokens.is_signed_in()
    with pytest.raises(SignInError, match="not signed in"):
        tokens.access_token()
    assert refreshes(xero) == 0


def test_two_homes_do_not_share_a_sign_in(
    tokens: XeroTokens, xero: SandboxXero, urls: XeroUrls, secrets: FragileSecrets, tmp_path: Path
) -> None:
    other = XeroTokens(xero.client_id, urls, secrets, tmp_path / "other" / "sign-in.lock")
    assert tokens.is_signed_in()
    assert not other.is_signed_in()


def test_forgetting_revokes_at_xero_and_empties_the_keyring(
    tokens: XeroTokens, xero: SandboxXero, secrets: FragileSecrets
) -> None:
    access = tokens.renew("kept")
    tokens.forget()
    assert secrets.kept == {}
    assert xero.identity.tokens.access(access) is None
    tokens.forget()


def test_forgetting_while_xero_cannot_be_reached_forgets_here_and_says_so(
    tokens: XeroTokens, xero: SandboxXero, secrets: FragileSecrets
) -> None:
    xero.faults.add(Fault(kind=FaultKind.RESET, path="/connect/revocation"))
    with pytest.raises(XeroUnavailableError, match="Xero could not be told"):
        tokens.forget()
    assert secrets.kept == {}


def test_tokens_are_never_shown() -> None:
    assert "s3cret" not in repr(TokenSet("s3cret", "s3cret", 1))


def test_a_bare_set_of_fields_is_enough_and_extra_ones_do_no_harm() -> None:
    body = {
        "access_token": "a",
        "refresh_token": "r",
        "session_state": "x",
        "authentication_event_id": "y",
        "scope": "z",
    }
    with StandIn(lambda _: Reply(body)) as xero:
        assert XeroIdentity("client", xero.urls).renew("old") == TokenSet("a", "r", 1800)
    [call] = xero.calls
    assert call.body == "client_id=client&grant_type=refresh_token&refresh_token=old"
    assert "authorization" not in call.headers


def test_connections_keep_organisations_only() -> None:
    rows = [
        {"tenantId": "p", "tenantType": "PRACTICE", "tenantName": "Practice"},
        {
            "tenantId": "o",
            "tenantType": "ORGANISATION",
            "tenantName": None,
            "createdDateUtc": "2019-12-07T18:46:19.5165400",
        },
    ]

    def answer(call: Call) -> Reply:
        assert call.headers["authorization"] == "Bearer a"
        return Reply(json.dumps(rows))

    with StandIn(answer) as xero:
        [connection] = XeroIdentity("client", xero.urls).connections("a")
    assert (connection.tenant_id, connection.name) == ("o", "o")


def test_eight_threads_refresh_once(tokens: XeroTokens, clock: ManualClock, xero: SandboxXero) -> None:
    clock.now += 3600
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.access_token())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1
    assert len(got) == 8
    assert refreshes(xero) == 1


def test_another_process_that_never_lets_go_is_said_so(
    tokens: XeroTokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "_LOCK_S", 0.01)
    with (
        FileLock(tmp_path / "home" / "sign-in.lock"),
        pytest.raises(XeroUnavailableError, match="Another running copy of this program"),
    ):
        tokens.renew("kept")


def test_a_home_that_cannot_be_used_is_said_so(xero: SandboxXero, urls: XeroUrls, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SignInError, match="cannot be used"):
        XeroTokens(xero.client_id, urls, DictSecrets(), tmp_path / "file" / "lock").access_token()


PROCESS = """
import json, sys
from pathlib import Path
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import xero_urls
from tests.support.patience import HUNG_S

class FileSecrets:
    def __init__(self, path): self.path = path
    def get(self, name): return json.loads(self.path.read_text()).get(name)
    def set(self, name, value): self.path.write_text(json.dumps({name: value}))
    def delete(self, name): self.path.write_text("{}")

client_id, url, home, rounds = sys.argv[1:]
tokens = XeroTokens(client_id, xero_urls(url, url), FileSecrets(Path(home) / "secrets.json"), Path(home) / "lock")
for _ in range(int(rounds)):
    tokens.renew(tokens.access_token())
print(tokens.access_token())
"""


def test_processes_that_refresh_at_once_never_break_the_chain(
    xero: SandboxXero, urls: XeroUrls, tmp_path: Path
) -> None:
    kept = DictSecrets()
    signed_in = XeroTokens(xero.client_id, urls, kept, tmp_path / "lock")
    signed_in.keep(TokenSet("a", str(xero.identity.sign_in()["refresh_token"]), 1800))
    (tmp_path / "secrets.json").write_text(json.dumps(kept.kept))
    command = [sys.executable, "-c", PROCESS, xero.client_id, xero.identity_url, str(tmp_path), "6"]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [process.communicate(timeout=HUNG_S) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert all(xero.identity.tokens.access(out.strip()) is not None for out, _ in told)
    assert refreshes(xero) == 2 * 7
    used = [token.used_at for token in xero.identity.tokens._refresh.values()]
    # Each refresh used the newest token of the chain: nobody lived on the grace of an old one.
    assert used.count(None) == 1
