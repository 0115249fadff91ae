"""Send the hash of the newest audit entry out of this computer, so that a trail that was cut can be told by it."""

from datetime import datetime

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.services.connecting.mailing import Mailing
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.mail import Letter, MailSent

_KEEP = (
    "Keep this mail. The hash covers every entry up to this one: if History ever lacks the entry with this hash, its "
    "end was cut off, or it was written anew. To compare: cmxero list history --json, or a workbook's sheet History."
)


def newest_words(entry: AuditEntry) -> str:
    """Say which entry of the audit trail is the newest."""
    return f"Newest entry of the audit trail: {entry.sequence:,}, hash {entry.entry_hash}."


def send_hash(store: Store, mailing: Mailing, now: datetime) -> str:
    """Mail the newest hash and return what became of it.

    Raises NotAllowedError where there is nothing yet, and what `Mailing.send` does.
    """
    with store.read() as unit:
        newest = next(iter(unit.audit.entries(newest=1)), None)
    if newest is None:
        raise NotAllowedError("The audit trail has no entry yet.", "Check Xero first.")
    letter = Letter(
        key=f"hash:{newest.entry_hash}:{now.isoformat()}",
        subject=f"CM-Xero Desk: the audit trail up to entry {newest.sequence:,}",
        text=f"{newest_words(newest)}\n\n{_KEEP}",
    )
    refused = mailing.send(letter)
    note_sent(store, letter, now)
    said = f"The hash of entry {newest.sequence:,} was sent."
    return f"{said} Not to {', '.join(refused)}: the server refused." if refused else said


def note_sent(store: Store, letter: Letter, at: datetime) -> None:
    """Keep that the server took a mail, which Health and the doctor say."""
    with store.begin() as unit:
        unit.sor.save_mail_sent(MailSent(at, letter.subject))
        unit.commit()
