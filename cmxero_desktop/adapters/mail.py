"""Hand mails to the firm's own SMTP server: encrypted or not at all, and never waiting for longer than a deadline."""

import base64
import hashlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import BinaryIO

import truststore

from cmxero_desktop.domain.errors import MailError
from cmxero_desktop.domain.strangers import harmless, one_line
from cmxero_desktop.domain.ways import in_both
from cmxero_desktop.services.records.mail import Letter
from cmxero_desktop.services.records.settings import Encryption, MailSettings

_READY, _LOGGED_IN = 220, 235
_PERMANENT = 500
_LONGEST_ANSWER = 200
# Hundreds of times what a server has to say at once; more would fill the memory until the deadline.
_MOST_BYTES = 65_536
_WRONG_LOGIN = "Look at login and password with your mail provider; many want a password made for programs."


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long, in seconds, one step and the whole may last."""

    step_s: float = 20.0
    whole_s: float = 60.0


class _EndlessAnswerError(Exception):
    """An answer that is longer than any server's own; smtplib takes all kinds of OSError for a lost connection."""


class _Measured:
    """One answer of a server, line by line, as far as it goes on within reason."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._left = _MOST_BYTES

    def readline(self, most: int) -> bytes:
        """Return the next line. Raises _EndlessAnswerError."""
        line = self._lines.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise _EndlessAnswerError
        return line

    def close(self) -> None:
        """Close what is read from."""
        self._lines.close()


class _Client(smtplib.SMTP):
    """Talks to a server whose answers may go on for ever: smtplib gathers all lines of one before it looks at them."""

    def getreply(self) -> tuple[int, bytes]:
        """Return an answer. Raises _EndlessAnswerError."""
        lines = self.file or (self.sock.makefile("rb") if self.sock is not None else None)
        if lines is not None:
            self.file = _Measured(lines)
        try:
            return super().getreply()
        finally:
            if self.file is not None:
                # Where the connection was closed meanwhile there is none.
                self.file = lines


class _TlsClient(_Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def system_context() -> ssl.SSLContext:
    """Trust what this computer trusts, and hold the certificate against the server's name."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class SmtpServer:
    """Implements `MailServer`."""

    def __init__(
        self,
        *,
        make_context: Callable[[], ssl.SSLContext] = system_context,
        deadlines: Deadlines | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Connect to nothing yet; `clock` dates the mails."""
        self._make_context = make_context
        self._deadlines = deadlines or Deadlines()
        self._clock = clock

    def send(self, letter: Letter, settings: MailSettings, password: str | None) -> tuple[str, ...]:
        """Hand a mail over and return whom the server refused. Raises MailError."""
        message = message_of(letter, settings, self._clock())
        with _in_words(settings):
            context = self._make_context()
            client = _client(settings, context, self._deadlines.step_s)
            with _ended_in_time(client, self._deadlines.whole_s):
                _connect(client, settings)
                if settings.encryption is Encryption.STARTTLS:
                    client.starttls(context=context)
                return _hand_over(client, message, settings, password or "")


def message_of(letter: Letter, settings: MailSettings, now: datetime) -> EmailMessage:
    """Build the mail; what strangers typed is made harmless, and headers hold one line."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(in_both(letter.subject))
    message["From"] = settings.sender
    message["To"] = ", ".join(settings.recipients)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _message_id(letter.key, settings.sender)
    # Nobody's note of absence need answer.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(harmless(in_both(letter.text)).rstrip("\n") + "\n")
    if letter.calendar:
        message.add_attachment(letter.calendar, subtype="calendar", filename="debit-date.ics")
    return message


def _message_id(key: str, sender: str) -> str:
    """Return the same id for the same mail, so that a second copy of it is known as one."""
    digest = hashlib.sha256(f"{sender}\n{key}".encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _client(settings: MailSettings, context: ssl.SSLContext, step_s: float) -> smtplib.SMTP:
    """Return a client that has not connected yet, so that the deadline holds for its first word, too."""
    name = socket.gethostname() or "localhost"
    if settings.encryption is Encryption.TLS:
        client: smtplib.SMTP = _TlsClient(local_hostname=name, timeout=step_s, context=context)
    else:
        client = _Client(local_hostname=name, timeout=step_s)
    # smtplib holds the certificate against this, and sets it only where the constructor connects.
    vars(client)["_host"] = settings.host
    return client


@contextmanager
def _ended_in_time(client: smtplib.SMTP, whole_s: float) -> Iterator[None]:
    """End the connection at the deadline, also with a server that sends one letter a second and is never silent.

    Raises TimeoutError then.
    """
    is_late = threading.Event()

    def cut() -> None:
        is_late.set()
        if client.sock is not None:
            with suppress(OSError):
                # Below the encryption, which another thread is in the middle of.
                socket.socket.shutdown(client.sock, socket.SHUT_RDWR)

    timer = threading.Timer(whole_s, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        # smtplib calls a step that lasted too long a lost connection.
        if is_late.is_set() or isinstance(error.__context__, TimeoutError):
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
        timer.join()
        client.close()


def _connect(client: smtplib.SMTP, settings: MailSettings) -> None:
    code, answer = client.connect(settings.host, settings.port or settings.encryption.port)
    if code != _READY:
        raise smtplib.SMTPConnectError(code, answer)


def _hand_over(client: smtplib.SMTP, message: EmailMessage, settings: MailSettings, password: str) -> tuple[str, ...]:
    client.ehlo_or_helo_if_needed()
    if settings.login:
        _log_in(client, settings.login, password)
    refused = client.send_message(message, settings.sender, list(settings.recipients))
    # It has the mail by now: how the goodbye ends is no matter.
    with suppress(OSError, _EndlessAnswerError):
        client.quit()
    return tuple(refused)


def _log_in(client: smtplib.SMTP, login: str, password: str) -> None:
    """Log in; PLAIN is spoken here, because smtplib writes passwords in ASCII only."""
    ways = client.esmtp_features.get("auth", "").upper().split()
    if not ways:
        raise smtplib.SMTPNotSupportedError("AUTH")
    if "PLAIN" not in ways:
        client.login(login, password)
        return
    secret = base64.b64encode(f"\0{login}\0{password}".encode()).decode("ascii")
    code, answer = client.docmd("AUTH", f"PLAIN {secret}")
    if code != _LOGGED_IN:
        # A server that repeats what it was told must not bring the password into a sentence.
        is_told = secret.encode() in answer or password.encode() in answer
        raise smtplib.SMTPAuthenticationError(code, b"" if is_told else answer)


@contextmanager
def _in_words(settings: MailSettings) -> Iterator[None]:
    """Say in a sentence what kept the mail from going out; login and password are in none of them."""
    where = f"The mail server {settings.host}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        why = one_line(error.verify_message or "it is not known here")
        message = f"{where} shows a certificate that does not hold: {why}."
        remedy = "Look at the host in the settings; this computer must trust who issued the certificate."
        raise MailError(message, remedy, is_lasting=True) from None
    except ssl.SSLError as error:
        message = f"{where} and this computer do not agree on an encryption ({error.reason or 'no reason given'})."
        remedy = 'Port 465 goes with encryption "tls", port 587 with "starttls".'
        raise MailError(message, remedy, is_lasting=True) from None
    except smtplib.SMTPNotSupportedError as error:
        raise _not_offered(where, str(error)) from None
    except smtplib.SMTPAuthenticationError as error:
        message = f"{where} refused the login: {_answer(error.smtp_code, error.smtp_error)}."
        raise MailError(message, _WRONG_LOGIN, is_lasting=error.smtp_code >= _PERMANENT) from None
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        message = f"{where} refused every recipient: {_answer(code, answer)}."
        raise MailError(message, "Look at the recipients in the settings.", is_lasting=code >= _PERMANENT) from None
    except smtplib.SMTPResponseException as error:
        message = f"{where} refused: {_answer(error.smtp_code, error.smtp_error)}."
        remedy = "If it stays so, ask whoever runs the server."
        raise MailError(message, remedy, is_lasting=error.smtp_code >= _PERMANENT) from None
    except TimeoutError:
        message = f"{where} did not answer in time."
        raise MailError(message, "Look at host and port in the settings.") from None
    except (smtplib.SMTPException, UnicodeError, _EndlessAnswerError) as error:
        raise _broken_off(where, error) from None
    except OSError as error:
        message = f"{where} cannot be reached: {one_line(error.strerror or type(error).__name__)}."
        raise MailError(message, "Look at host, port and network.") from None


def _broken_off(where: str, error: Exception) -> MailError:
    if isinstance(error, _EndlessAnswerError):
        message = f"{where} answers without end, so it was left."
        return MailError(message, "Look at host and port in the settings: it may be no mail server.")
    message = f"{where} ended the talk before it took the mail ({type(error).__name__})."
    return MailError(message, "If it stays so, ask whoever runs the server.")


def _not_offered(where: str, why: str) -> MailError:
    if "STARTTLS" in why:
        message = f"{where} offers no encryption, so nothing was sent."
        remedy = 'Use the port that does: 587, or 465 with encryption = "tls".'
    elif "AUTH" in why or "auth" in why:
        message = f"{where} takes no login by this way."
        remedy = 'Leave "login" empty if it needs none, or use the port for programs (587 or 465).'
    else:
        message = f"{where} cannot take these addresses."
        remedy = "Use addresses of plain letters."
    return MailError(message, remedy, is_lasting=True)


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {one_line(text)[:_LONGEST_ANSWER]}".strip().rstrip(".")
