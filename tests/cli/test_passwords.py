"""A password never has to stand on the command line: it is asked for or read; one that stood there is warned of."""

import io
from pathlib import Path

import pytest

from cmxero_desktop.cli import passwords
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.services.records.setup import InitRequest
from tests.cli.conftest import Office

CASE, STORE = "postgresql://reader@SRV02/cm", "postgresql://desk@SRV03/desk"


def init(office: Office, *more: str, case: str = CASE) -> InitRequest:
    """Run `cmxero init` and return what was asked of the desk."""
    assert office.run("init", "--case-manager-url", case, "--xero-client-id", "c", *more) == 0, office.err
    (request,) = office.factory.requests
    return request


class Terminal(io.StringIO):
    """A stream at which a person sits."""

    def isatty(self) -> bool:
        return True


def test_the_passwords_of_both_databases_are_asked_for(office: Office) -> None:
    request = init(office, "--store-url", STORE)
    assert (request.password, request.store_password) == ("s3cret", "s3cret")
    assert office.prompts == [
        "Password of reader for cm on SRV02 (Enter: unchanged): ",
        "Password of desk for desk on SRV03 (Enter: unchanged): ",
    ]
    assert "s3cret" not in office.out + office.err


@pytest.mark.parametrize("typed", [None, ""], ids=["nobody sits there", "only Enter"])
def test_who_types_nothing_leaves_what_the_keyring_has(office: Office, typed: str | None) -> None:
    office.secret = typed
    assert init(office).password is None


@pytest.mark.parametrize("case", ["sqlite:////data/case.db", "postgresql://SRV02/cm"])
def test_without_a_login_nothing_is_asked(office: Office, case: str) -> None:
    assert init(office, case=case).password is None
    assert office.prompts == []


def test_passwords_are_read_from_a_file_and_from_standard_input(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_bytes(b"\xef\xbb\xbfwith a mark and blanks \r\nsecond line")
    monkeypatch.setattr("sys.stdin", io.StringIO("piped\nmore\n"))
    more = ("--store-url", STORE, "--store-password-file", "-")
    request = init(office, "--case-manager-password-file", str(tmp_path / "password"), *more)
    assert (request.password, request.store_password) == ("with a mark and blanks ", "piped")
    assert office.prompts == []


def test_a_password_on_the_command_line_works_and_is_warned_of(office: Office) -> None:
    request = init(office, "--store-url", STORE, case="postgresql://reader:hunter2@SRV02/cm")
    assert request.case_manager_url == "postgresql://reader:hunter2@SRV02/cm"
    assert office.prompts == ["Password of desk for desk on SRV03 (Enter: unchanged): "]
    assert "can see the password in --case-manager-url" in office.err
    assert "--store-url" not in office.err
    assert "hunter2" not in office.out + office.err


def test_two_passwords_for_one_database_are_refused(office: Office) -> None:
    words = ("init", "--case-manager-url", "postgresql://reader:hunter2@SRV02/cm", "--xero-client-id", "c")
    assert office.run(*words, "--case-manager-password-file", "-") == 1
    assert "Leave it out of the address." in office.err
    assert office.factory.requests == []


def test_a_file_that_holds_no_password_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").write_text("\nbelow\n")
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00\x80")
    for name, words in (
        ("empty", "holds no password in its first line"),
        ("gone", "No such file"),
        ("picture", "it is no text"),
    ):
        with pytest.raises(SettingsError, match=words) as caught:
            passwords.read_secret(str(tmp_path / name))
        assert caught.value.__cause__ is None
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(SettingsError, match="Standard input holds no password"):
        passwords.read_secret("-")
    with pytest.raises(SettingsError, match="Standard input holds no secret") as caught:
        passwords.read_secret("-", "secret")
    assert caught.value.remedy == "Write the secret there, and nothing before it."


def test_a_secret_is_never_shown_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return "typed"

    monkeypatch.setattr("sys.stdin", Terminal("echoed\n"))
    monkeypatch.setattr(passwords, "getpass", getpass)
    assert passwords.ask_secret("Secret: ") == "typed"
    assert asked == ["Secret: "]


def test_ctrl_d_at_the_question_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def getpass(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(passwords, "getpass", getpass)
    assert passwords.ask_secret("Secret: ") == ""


def test_nobody_is_asked_where_nobody_sits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("not read\n"))
    assert passwords.ask_secret("Secret: ") is None


def test_a_password_behind_the_question_mark_is_warned_of_as_well(office: Office) -> None:
    init(office, case="postgresql://reader@SRV02/cm?password=hunter2")
    assert "other people of this computer can see the password in --case-manager-url" in office.err
    assert "hunter2" not in office.err + office.out
    assert office.prompts == []
