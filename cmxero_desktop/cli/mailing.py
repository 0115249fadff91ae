"""The verb that says by which mail server warnings go out, and tries it."""

import argparse

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.passwords import read_secret
from cmxero_desktop.cli.rows import Row
from cmxero_desktop.services.records.settings import Encryption, MailSettings
from cmxero_desktop.services.verbs.commands.computer import SendTestMail, SetMail
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.desk import Desk


def mail(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show the mail server, set it up, try it, or forget it."""
    if asked.mail_verb == "test":
        said = desk.run(SendTestMail())
        return Answer({"said": said}, said)
    if asked.mail_verb == "set":
        _set(asked, desk)
    if asked.mail_verb == "off":
        desk.run(SetMail(MailSettings()))
    settings = desk.run(ReadSettings()).mail
    return Answer(_document(settings), _text(settings))


def _set(asked: argparse.Namespace, desk: Desk) -> None:
    password = None
    if asked.password_file:
        password = read_secret(asked.password_file)
    elif asked.login:
        password = asked.ask_secret(f"Password of {asked.login} at {asked.host} (Enter: unchanged): ") or None
    settings = MailSettings(
        host=asked.host,
        port=asked.port,
        encryption=Encryption(asked.encryption),
        login=asked.login,
        sender=asked.sender,
        recipients=tuple(dict.fromkeys(asked.to)),
    )
    desk.run(SetMail(settings, password))


def _document(settings: MailSettings) -> Row:
    return {
        "host": settings.host or None,
        "port": settings.port or settings.encryption.port,
        "encryption": settings.encryption.value,
        "login": settings.login or None,
        "sender": settings.sender or None,
        "recipients": list(settings.recipients),
    }


def _text(settings: MailSettings) -> str:
    if not settings.is_set:
        return "No mail is sent. To set it up: cmxero mail set --help"
    port = settings.port or settings.encryption.port
    login = f" as {settings.login}" if settings.login else ""
    people = ", ".join(settings.recipients)
    return (
        f"Mails go by {settings.host}, port {port} ({settings.encryption.value}){login}, from {settings.sender} to "
        f"{people}.\nTo try it: cmxero mail test"
    )
