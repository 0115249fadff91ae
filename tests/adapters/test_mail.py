"""Mails go to a real SMTP server that demands encryption and a login, or not at all."""

import socket
import ssl
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmxero_desktop.adapters.mail import Deadlines, SmtpServer, _Client, _hand_over, message_of, system_context
from cmxero_desktop.domain.errors import MailError
from cmxero_desktop.domain.ways import CHECK
from cmxero_desktop.services.ports.mail import MailServer
from cmxero_desktop.services.records.mail import Letter
from cmxero_desktop.services.records.settings import Encryption, MailSettings
from tests.support.mail_server import LOGIN, PASSWORD, MailServerHere, Refusals, mail_server

# The server's own library warns of its ways, and of clients that hang up.
pytestmark = [
    pytest.mark.allow_log("mail.log", "asyncio"),
    # It does not know that a connection can be encrypted from the first byte.
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
LETTER = Letter(
    key="sor:1:2026-11-24", subject="SOR watch: day 3 of 7", text="1,200.00 at risk.\nLast safe day: 27 Nov."
)
SHORT = Deadlines(step_s=0.2, whole_s=0.5)
FLOOD = b"220-and more\r\n" * 1_000


def plain_send(port: int) -> tuple[str, ...]:
    """Send without a login to a server of which nothing is expected."""
    settings = MailSettings(host="127.0.0.1", port=port, sender="a@b", recipients=("c@d",))
    return SmtpServer(make_context=ssl.create_default_context, deadlines=SHORT).send(LETTER, settings, None)


def settings_for(server: MailServerHere, **said: object) -> MailSettings:
    settings = MailSettings(
        host=server.host, port=server.port, login=LOGIN, sender="desk@firm.example", recipients=("ann@firm.example",)
    )
    return replace(settings, **said)  # type: ignore[arg-type] # each test names fields of the record


def sender_to(server: MailServerHere, deadlines: Deadlines | None = None) -> SmtpServer:
    return SmtpServer(make_context=server.context, deadlines=deadlines, clock=lambda: NOW)


def test_a_mail_goes_by_starttls_after_a_login() -> None:
    with mail_server() as server:
        sender: MailServer = sender_to(server)
        assert sender.send(LETTER, settings_for(server), PASSWORD) == ()
    (mail,) = server.mails
    assert mail["Subject"] == "SOR watch: day 3 of 7"
    assert mail["To"] == "ann@firm.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == LETTER.text.splitlines()
    assert server.logins == [LOGIN.encode()]


def test_a_mail_goes_by_tls_from_the_first_byte() -> None:
    with mail_server(is_implicit=True) as server:
        sender_to(server).send(LETTER, settings_for(server, encryption=Encryption.TLS), PASSWORD)
    assert len(server.mails) == 1


def test_the_same_mail_bears_the_same_id_and_another_one_another() -> None:
    settings = MailSettings(host="h", sender="desk@firm.example", recipients=("ann@firm.example",))
    first, again = message_of(LETTER, settings, NOW), message_of(LETTER, settings, NOW.replace(hour=9))
    other = message_of(replace(LETTER, key="sor:1:2026-11-25"), settings, NOW)
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@firm.example>")


def test_who_reads_a_mail_may_be_at_the_window_or_at_a_terminal() -> None:
    letter = replace(LETTER, subject=f"Look again: {CHECK}", text=f"Check Xero again ({CHECK}).")
    mail = message_of(letter, MailSettings(host="h", sender="desk@firm.example", recipients=("ann@firm.example",)), NOW)
    assert mail["Subject"] == "Look again: F5, or cmxero poll"
    assert mail.get_content().strip() == "Check Xero again (F5, or cmxero poll)."


def test_a_calendar_goes_along_and_no_name_makes_a_header() -> None:
    letter = Letter(key="k", subject="CM-1\r\nBcc: all@world.example", text="a\u202eb", calendar="BEGIN:VCALENDAR\r\n")
    settings = MailSettings(host="h", sender="desk@firm.example", recipients=("ann@firm.example", "bob@firm.example"))
    mail = message_of(letter, settings, NOW)
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    body, calendar = mail.iter_parts()
    assert body.get_content().strip() == "a\\u202eb"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_filename() == "debit-date.ics"
    assert bytes(mail)


def test_a_server_without_encryption_gets_neither_mail_nor_password() -> None:
    with mail_server(offers_tls=False) as server, pytest.raises(MailError, match="offers no encryption") as refused:
        sender_to(server).send(LETTER, settings_for(server), PASSWORD)
    assert refused.value.is_lasting
    assert (server.logins, server.mails) == ([], [])


@pytest.mark.parametrize("is_implicit", [False, True])
def test_a_certificate_of_another_name_is_refused(*, is_implicit: bool) -> None:
    kind = Encryption.TLS if is_implicit else Encryption.STARTTLS
    with (
        mail_server(is_implicit=is_implicit, name="other.example") as server,
        pytest.raises(MailError, match="certificate that does not hold") as refused,
    ):
        sender_to(server).send(LETTER, settings_for(server, encryption=kind), PASSWORD)
    assert refused.value.is_lasting
    assert (server.logins, server.mails) == ([], [])


def test_a_certificate_that_this_computer_does_not_know_is_refused() -> None:
    with mail_server() as server, pytest.raises(MailError, match="certificate that does not hold"):
        SmtpServer(make_context=system_context).send(LETTER, settings_for(server), PASSWORD)
    assert server.mails == []


def test_starttls_at_a_port_that_is_encrypted_from_the_first_byte_says_which_goes_with_which() -> None:
    with mail_server() as server, pytest.raises(MailError, match='goes with encryption "tls"'):
        sender_to(server).send(LETTER, settings_for(server, encryption=Encryption.TLS), PASSWORD)
    with mail_server(is_implicit=True) as server, pytest.raises(MailError, match="did not answer in time"):
        sender_to(server, SHORT).send(LETTER, settings_for(server), PASSWORD)


def test_a_wrong_password_is_no_passing_trouble_and_stays_out_of_the_sentence() -> None:
    with mail_server() as server, pytest.raises(MailError, match="refused the login: 535") as refused:
        sender_to(server).send(LETTER, settings_for(server), "guessed")
    assert refused.value.is_lasting
    assert "guessed" not in str(refused.value)


def test_no_password_is_a_refused_login_too() -> None:
    with mail_server() as server, pytest.raises(MailError, match="refused the login"):
        sender_to(server).send(LETTER, settings_for(server), None)


def test_a_server_that_wants_a_login_refuses_who_has_none() -> None:
    with mail_server() as server, pytest.raises(MailError, match="refused: 530"):
        sender_to(server).send(LETTER, settings_for(server, login=""), None)


def test_a_login_goes_by_the_other_way_where_plain_is_not_offered() -> None:
    with mail_server(refusals=Refusals(without=("PLAIN",))) as server:
        with pytest.raises(MailError, match="ended the talk"):
            # The other way writes ASCII only.
            sender_to(server).send(LETTER, settings_for(server), PASSWORD)
        with pytest.raises(MailError, match="refused the login"):
            sender_to(server).send(LETTER, settings_for(server), "ascii")
    with (
        mail_server(refusals=Refusals(without=("PLAIN", "LOGIN"))) as server,
        pytest.raises(MailError, match="takes no login"),
    ):
        sender_to(server).send(LETTER, settings_for(server), PASSWORD)


def test_a_refused_recipient_does_not_keep_the_mail_from_the_others() -> None:
    gone = Refusals(recipients={"gone@firm.example": "550 nobody of that name"})
    with mail_server(refusals=gone) as server:
        both = settings_for(server, recipients=("gone@firm.example", "ann@firm.example"))
        assert sender_to(server).send(LETTER, both, PASSWORD) == ("gone@firm.example",)
        with pytest.raises(MailError, match="refused every recipient: 550 nobody") as refused:
            sender_to(server).send(LETTER, settings_for(server, recipients=("gone@firm.example",)), PASSWORD)
    assert refused.value.is_lasting
    assert len(server.mails) == 1


@pytest.mark.parametrize(("answer", "is_lasting"), [("451 try later", False), ("554 no\x1b[31m thanks", True)])
def test_a_mail_that_is_refused_says_what_the_server_said(answer: str, *, is_lasting: bool) -> None:
    with (
        mail_server(refusals=Refusals(mail=answer)) as server,
        pytest.raises(MailError, match=f"refused: {answer[:6]}") as refused,
    ):
        sender_to(server).send(LETTER, settings_for(server), PASSWORD)
    assert refused.value.is_lasting is is_lasting
    assert "\x1b" not in str(refused.value)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MailError, match="cannot be reached") as refused:
        plain_send(port)
    assert not refused.value.is_lasting


@contextmanager
def babbler(*words: bytes) -> Iterator[int]:
    """Serve one connection: say words, one each time the client was silent for a moment, and never come to an end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                for word in words:
                    connection.sendall(word)
                while words[-1:] == (FLOOD,):
                    try:
                        connection.sendall(FLOOD)
                    except OSError:
                        return
                while words[-1:] == (b"220-",) and not ended.wait(0.05):
                    try:
                        connection.sendall(b"220-still here\r\n")
                    except OSError:
                        return
                ended.wait(5)

        thread = threading.Thread(target=serve, name="babbler")
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            thread.join()


@pytest.mark.parametrize("words", [(), (b"220 hello\r\n",), (b"220-",)], ids=["silent", "hangs", "never ends"])
def test_a_server_that_hangs_is_left_at_the_deadline(words: tuple[bytes, ...]) -> None:
    with babbler(*words) as port, pytest.raises(MailError, match="did not answer in time") as refused:
        plain_send(port)
    assert not refused.value.is_lasting


@pytest.mark.parametrize("first", [b"", b"220 hello\r\n"], ids=["greeting", "answer"])
def test_a_server_that_answers_without_end_is_left_before_it_fills_the_memory(first: bytes) -> None:
    settings = MailSettings(host="127.0.0.1", sender="a@b", recipients=("c@d",))
    # A deadline far away: what ends it is how much was said.
    sender = SmtpServer(make_context=ssl.create_default_context, deadlines=Deadlines(step_s=30, whole_s=60))
    tracemalloc.start()
    try:
        with babbler(first, FLOOD) as port, pytest.raises(MailError, match="answers without end") as refused:
            sender.send(LETTER, replace(settings, port=port), None)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not refused.value.is_lasting
    assert most < 5_000_000


def test_a_goodbye_without_end_takes_no_mail_back() -> None:
    words = [b"220 hello\r\n", b"250 me\r\n", *[b"250 OK\r\n"] * 2, b"354 go on\r\n", b"250 OK\r\n"]
    with babbler(*words, FLOOD) as port:
        client = _Client(timeout=30)
        client.connect("127.0.0.1", port)
        settings = MailSettings(host="127.0.0.1", port=port, sender="a@b", recipients=("c@d",))
        assert _hand_over(client, message_of(LETTER, settings, NOW), settings, "") == ()
        client.close()


def test_a_server_that_closes_the_door() -> None:
    with babbler(b"554 no service here\r\n") as port, pytest.raises(MailError, match="refused: 554 no service here"):
        plain_send(port)
