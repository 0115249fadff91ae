"""Sets the mail server up and tries it, without a window."""

from pathlib import Path

import pytest

from cmxero_desktop.services.records.settings import Encryption, MailSettings
from tests.cli.conftest import Office

SET = ("mail", "set", "--host", "smtp.firm.example", "--from", "desk@firm.example", "--to", "ann@firm.example")


def test_without_one_no_mail_is_sent(office: Office) -> None:
    assert office.run("mail", "show") == 0
    assert office.out.startswith("No mail is sent.")


def test_a_server_is_set_up_and_shown_without_its_password(office: Office) -> None:
    document = office.json(*SET, "bob@firm.example", "ann@firm.example", "--login", "desk", "--encryption", "tls")
    assert document == {
        "host": "smtp.firm.example",
        "port": 465,
        "encryption": "tls",
        "login": "desk",
        "sender": "desk@firm.example",
        "recipients": ["ann@firm.example", "bob@firm.example"],
    }
    assert office.desk.calls == [("set_mail", office.desk.settings.mail, office.secret)]
    assert office.desk.settings.mail.encryption is Encryption.TLS
    assert str(office.secret) not in office.out
    assert office.run("mail", "show") == 0
    assert "smtp.firm.example, port 465 (tls) as desk, from desk@firm.example to ann@firm.example, bob" in office.out


def test_a_password_comes_from_a_file_and_is_asked_of_nobody_without_a_login(office: Office, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    office.run(*SET, "--login", "desk", "--password-file", str(tmp_path / "secret"))
    office.run(*SET, "--port", "2525")
    assert [call[2] for call in office.desk.calls] == ["from a file", None]
    assert office.prompts == []
    assert "port 2525 (starttls), from" in office.out


def test_off_forgets_it(office: Office) -> None:
    office.run(*SET)
    assert office.json("mail", "off")["host"] is None
    assert office.desk.settings.mail == MailSettings()


def test_a_test_says_what_became_of_it(office: Office) -> None:
    assert office.json("mail", "test") == {"said": "Kept."}
    assert office.desk.calls == [("send_test_mail",)]


@pytest.mark.parametrize("port", ["0", "65536", "smtp"])
def test_a_port_is_a_number(office: Office, port: str) -> None:
    assert office.run(*SET, "--port", port) == 2
