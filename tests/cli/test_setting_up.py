"""Sets a home folder up, connects it and looks after it, without a window."""

import io
from pathlib import Path

import pytest

from cmxero_desktop.services.records.reports import BundleChoice
from cmxero_desktop.services.records.settings import Mode, Settings, SignInKind, XeroSettings
from tests.cli.conftest import BAD, GOOD, Office

INIT = ("init", "--case-manager-url", "sqlite:///case.db", "--xero-client-id", "client-1")


def test_init_asks_for_what_was_typed_and_says_what_it_found(office: Office) -> None:
    assert office.run(*INIT) == 0
    (request,) = office.factory.requests
    assert (request.case_manager_url, request.mapping, request.xero_client_id) == (
        "sqlite:///case.db",
        "reference",
        "client-1",
    )
    assert (request.sign_in, request.mode, request.store_url) == (None, Mode.OBSERVE, "")
    assert office.out == (
        "case.db on this computer: 1,234 invoices, 5,678 payments; it fits the mapping.\n"
        'Settings written, mode "observe". Next: cmxero connect\n'
    )


def test_init_in_json_with_everything_said(office: Office) -> None:
    more = ("--mapping", "firm.toml", "--store-url", "postgresql+psycopg://srv/desk", "--mode", "approve")
    document = office.json("--home", "there", *INIT, *more, "--sign-in", "custom_connection")
    assert document == {
        "case_manager": "case.db on this computer",
        "invoices": 1234,
        "payments": 5678,
        "forward_dating_days": 5,
        "mode": "approve",
    }
    (request,) = office.factory.requests
    assert (request.mapping, request.sign_in) == ("firm.toml", SignInKind.CUSTOM_CONNECTION)
    assert (request.store_url, request.mode) == ("postgresql+psycopg://srv/desk", Mode.APPROVE)
    assert office.factory.homes == [Path("there")]


def test_connect_names_the_organisation_and_asks_for_no_secret_that_is_not_needed(office: Office) -> None:
    assert office.run("connect", "--tenant", "org-2", "--by", "Ann") == 0
    assert office.desk.calls == [("sign_in",), ("pin", "org-2", "Ann")]
    assert office.out == "Connected to Brightside Rehab Pty Ltd. Next: cmxero poll\n"


def test_a_custom_connection_is_asked_for_its_secret(office: Office) -> None:
    office.desk.settings = Settings(xero=XeroSettings(sign_in=SignInKind.CUSTOM_CONNECTION))
    document = office.json("connect", "--tenant", "org-1")
    assert document == {"tenant_id": "org-1", "name": "Brightside Rehab Pty Ltd"}
    assert office.desk.calls[0] == ("sign_in", office.secret)
    assert str(office.secret) not in office.out


def test_a_database_is_adopted_by_name_and_with_a_reason(office: Office) -> None:
    assert office.json("adopt-database", "--reason", "a new server", "--by", "Ann") == {"said": "Kept."}
    assert office.desk.calls[-1] == ("adopt", "Ann", "a new server")


def test_a_store_is_confirmed_by_name_and_with_a_reason(office: Office) -> None:
    assert office.json("confirm-store", "--reason", "the newer one is lost", "--by", "Ann") == {"said": "Kept."}
    assert office.desk.calls[-1] == ("confirm", "Ann", "the newer one is lost")


def test_disconnect_says_that_nothing_is_lost(office: Office) -> None:
    assert office.run("disconnect", "--by", "Ann") == 0
    assert office.desk.calls == [("disconnect", "Ann")]
    assert "is kept" in office.out


def test_a_custom_connections_secret_comes_from_a_file_or_a_pipe(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.desk.settings = Settings(xero=XeroSettings(sign_in=SignInKind.CUSTOM_CONNECTION))
    (tmp_path / "secret").write_text("from a file\n")
    assert office.run("connect", "--secret-file", str(tmp_path / "secret")) == 0
    office.secret = None
    monkeypatch.setattr("sys.stdin", io.StringIO("from a pipe\r\nmore\n"))
    assert office.run("connect") == 0
    assert [call[1] for call in office.desk.calls if call[0] == "sign_in"] == ["from a file", "from a pipe"]


def test_whoever_the_system_cannot_name_is_unknown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert office.run("disconnect") == 0
    assert office.desk.calls == [("disconnect", "unknown")]


def test_the_doctor_is_content_where_everything_is_good(office: Office) -> None:
    assert office.run("doctor") == 0
    assert office.out == f"good  Case Manager: {GOOD.seen}\n"
    assert office.err == ""


def test_the_doctor_says_what_to_do_and_ends_with_a_status(office: Office) -> None:
    office.factory.checks = (GOOD, BAD)
    document = office.json("doctor")
    assert document[1] == {"name": "Keyring", "good": False, "seen": "locked.", "remedy": "Unlock it."}
    assert document[0]["remedy"] is None
    assert office.status == 1
    assert office.err == "Needs a look: Keyring.\n"
    office.run("doctor")
    assert office.out.splitlines()[1] == "LOOK  Keyring: locked. Unlock it."


def test_a_bundle_can_be_read_before_anything_is_written(office: Office) -> None:
    assert office.run("diagnostics", "--preview") == 0
    assert office.out.startswith("== about.txt\n\nPasswords: never.\n")
    assert "== log.txt" in office.out
    document = office.json("diagnostics", "--preview", "--with-names")
    assert document["parts"][1] == {"name": "log.txt", "text": "Brightside paid [amount]\n"}
    assert not [call for call in office.desk.calls if call[0] == "write_bundle"]


def test_a_bundle_is_written_with_what_was_ticked(office: Office) -> None:
    assert office.json("diagnostics", "help.zip", "--with-names", "--with-amounts") == {
        "file": "help.zip",
        "parts": ["about.txt", "log.txt"],
    }
    assert office.desk.calls[0] == ("bundle", BundleChoice(has_names=True, has_amounts=True))
    office.run("diagnostics", "help.zip")
    assert office.out == "Written: help.zip. Read it before you send it.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("diagnostics",),
        ("diagnostics", "help.zip", "--preview"),
        ("approve", "p1", "p2", "--link", "501"),
        ("approve", "--all", "--kind", "add", "--release", "checked"),
        ("approve", "--all"),
        ("approve", "--all", "--kind", "remove"),
        ("approve", "p1", "--kind", "add"),
        ("approve",),
        ("reject", "p1"),
        ("adopt-database",),
        ("no-such-verb",),
        (),
    ],
    ids=" ".join,
)
def test_wrong_usage_asks_nothing_of_the_desk(
    office: Office, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.run(*words) == 2
    assert "usage: cmxero" in capsys.readouterr().err
    assert office.factory.homes == []


def test_help_and_version_are_no_mistakes(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("--version") == 0
    assert capsys.readouterr().out.startswith("CM-Xero Desk ")
    assert office.run("sor", "--help") == 0
