"""The newest hash of the audit trail goes to the firm by mail, and says which entry it covers."""

from dataclasses import replace

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.errors import MailError, NotAllowedError
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.connecting.sending_hash import send_hash
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.settings import MailSettings
from tests.services.desk import Desk
from tests.services.fake_mail_server import FakeMailServer

MAIL = MailSettings(host="smtp.firm.example", sender="desk@firm.example", recipients=("ann@firm.example",))


def send(desk: Desk, server: FakeMailServer) -> str:
    desk.settings.settings = replace(desk.settings.settings, mail=MAIL)
    mailing = Mailing(settings_file=desk.settings, secrets=MemorySecrets(), server=server, clock=desk.clock)
    return send_hash(desk.store, mailing, desk.clock())


def write_entry(desk: Desk) -> str:
    with desk.store.begin() as unit:
        unit.audit.append([AuditEvent(at=desk.clock(), by="Ann", what=AuditWhat.SOR, reason="r")])
        unit.commit()
    with desk.store.read() as unit:
        return unit.audit.entries(newest=1)[0].entry_hash


def test_the_mail_has_the_hash_and_is_noted(desk: Desk) -> None:
    newest, server = write_entry(desk), FakeMailServer()
    assert send(desk, server) == "The hash of entry 1 was sent."
    assert newest in server.letters[0].text
    with desk.store.read() as unit:
        sent = unit.sor.mail_sent()
    assert sent is not None
    assert sent.subject == "CM-Xero Desk: the audit trail up to entry 1"


def test_whom_the_server_refused_is_named(desk: Desk) -> None:
    write_entry(desk)
    server = FakeMailServer()
    server.refused = ("bob@firm.example",)
    assert send(desk, server).endswith("Not to bob@firm.example: the server refused.")


def test_what_was_not_taken_is_not_noted(desk: Desk) -> None:
    write_entry(desk)
    server = FakeMailServer()
    server.error = MailError("Down.", "Look at it.")
    with pytest.raises(MailError):
        send(desk, server)
    with desk.store.read() as unit:
        assert unit.sor.mail_sent() is None


def test_without_an_entry_nothing_is_sent(desk: Desk) -> None:
    server = FakeMailServer()
    with pytest.raises(NotAllowedError, match="no entry yet"):
        send(desk, server)
    assert server.asked == 0
