"""A real SMTP server on loopback that demands encryption and a login; the test issues its certificate."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_PATIENCE_S = 30
LOGIN, PASSWORD = "desk@firm.example", "pässwort 7"


@dataclass
class Refusals:
    """What the server says no to: by recipient, and to the mail itself; and which ways of logging in it offers."""

    recipients: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    without: tuple[str, ...] = ()


@dataclass
class MailServerHere:
    """The server as a test sees it: where it is, what it trusts, and the mails that it took."""

    authority: trustme.CA
    host: str = "localhost"
    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)

    def context(self) -> ssl.SSLContext:
        """Return what a client trusts: this authority and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails that were taken, as a mail program reads them."""
        return [message_from_bytes(_bytes(each.content), policy=default) for each in self.envelopes]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient or refuse it."""
        if address in self.refusals.recipients:
            return self.refusals.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take a mail or refuse it."""
        if self.refusals.mail:
            return self.refusals.mail
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        """Let in who knows the password."""
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=data == LoginPassword(LOGIN.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def mail_server(
    *, is_implicit: bool = False, offers_tls: bool = True, name: str = "localhost", refusals: Refusals | None = None
) -> Iterator[MailServerHere]:
    """Run the server; `is_implicit` encrypts from the first byte, `name` is what its certificate says."""
    here = MailServerHere(trustme.CA(), refusals=refusals or Refusals())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.authority.issue_cert(name).configure_cert(context)

    def session() -> SMTP:
        return SMTP(
            here,
            hostname="localhost",
            tls_context=context if offers_tls and not is_implicit else None,
            require_starttls=offers_tls and not is_implicit,
            auth_required=offers_tls,
            auth_require_tls=not is_implicit,
            auth_exclude_mechanism=here.refusals.without,
            authenticator=here.authenticate,
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", 0, ssl=context if is_implicit else None))
    here.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()
    try:
        yield here
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(_PATIENCE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.AbstractServer) -> None:
    """Close what listens and what is connected, on the thread of the loop itself."""
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    # Transports close in a turn of their own.
    await asyncio.sleep(0)


def _bytes(content: bytes | str | None) -> bytes:
    assert isinstance(content, bytes)
    return content
