"""The demo: an invented firm with a Xero of its own on this computer, connected and checked, in a folder of its own."""

import socket
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app.clock import utc_now
from cmxero_desktop.app.desks import Desks, OpenDesk, Parts, migrated_store
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import InstalmentState, ScheduleState
from cmxero_desktop.sandbox.firm.firm import local_today
from cmxero_desktop.sandbox.firm.running import RunningFirm, open_firm
from cmxero_desktop.sandbox.firm.sor_scenarios import CANCELLED, DEFAULTED, FAILED, LISTED, MARKED
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.runs import PollAsk, Trigger
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    Mode,
    Never,
    NoticeSettings,
    PolicySettings,
    Settings,
    XeroSettings,
)
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.connecting import Pin, SignIn
from cmxero_desktop.services.verbs.commands.sor import EndSchedule, MarkSchedule, TakeSchedules
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk

_VISIT_TIMEOUT_S = 30
_LONGEST_WAIT, _MINUTES_OF_WORK = timedelta(days=12), 480
# The firm has few copies: at two percent one payment that is deleted would be held by the limit, and nobody would see
# how a removal comes; forty are held all the same.
_LIMIT_PERCENT = Decimal(5)


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: the open desk, the desks that opened it, and the firm to which things happen."""

    opened: OpenDesk
    desks: Desks
    firm: RunningFirm


@contextmanager
def open_demo() -> Iterator[Demo]:
    """Invent the firm, sign in, check Xero once, and give the desk; everything is forgotten at the end."""
    secrets = MemorySecrets()
    with tempfile.TemporaryDirectory(prefix="cm-xero-desk-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder, "home")
        with open_firm(Path(folder)) as firm:
            # Its Xero lets days pass at once.
            clock = firm.xero.clock.now
            desks = Desks(Parts(secrets=lambda: secrets, open_browser=_consent, clock=clock))
            TomlSettingsFile(home).save(_settings(firm))
            with desks.closed(home) as closed:
                closed.run(SignIn())
                closed.run(Pin(tenant_id=firm.xero.tenant_id, by="demo"))
            with desks.open_desk(home) as opened:
                opened.desk.run(Poll(PollAsk(trigger=Trigger.START)))
            # While no desk keeps the rows in its memory.
            _let_wait(home)
            with desks.open_desk(home) as opened:
                _say_of_schedules(opened.desk, local_today(firm.xero.clock))
                yield Demo(opened, desks, firm)


def _let_wait(home: Path) -> None:
    """Let each row have waited since its payment's day: at a firm they come one by one, and show how old each is."""
    now = utc_now()
    with migrated_store(home, "") as store, store.begin() as unit:
        waiting = unit.proposals.in_states([ProposalState.PROPOSED])
        unit.proposals.update((replace(each, first_seen_at=_came_at(each, now)), each.state) for each in waiting)
        unit.commit()


def _came_at(stored: StoredProposal, now: datetime) -> datetime:
    """Return an instant on the payment's day, twelve days ago at the earliest; what is dated ahead came just now."""
    minutes = sum(stored.proposal.invoice_number.encode()) % _MINUTES_OF_WORK
    day = datetime.combine(stored.proposal.paid_on, time(9), now.tzinfo) + timedelta(minutes=minutes)
    return min(now, max(day, now - _LONGEST_WAIT - timedelta(minutes=minutes)))


def _say_of_schedules(desk: Desk, today: date) -> None:
    """Say of the firm's SOR schedules what payments alone do not tell, so that there is one in every state."""
    currency = desk.run(ReadView()).state.organisation.currency
    lines = [*_listed(f"SOR-{LISTED}", LISTED, today, currency), *_listed(f"SOR-{FAILED}", FAILED, today, currency)]
    late = replace(lines[-1], state=InstalmentState.FAILED, retry_on=today + timedelta(days=5))
    desk.run(TakeSchedules(lines=(*lines[:-1], late), by="demo"))
    desk.run(MarkSchedule(invoice=str(MARKED), by="demo"))
    for number, state in ((CANCELLED, ScheduleState.CANCELLED), (DEFAULTED, ScheduleState.DEFAULTED)):
        desk.run(EndSchedule(invoice=str(number), state=state, by="demo", reason="as Apxium wrote"))


def _listed(name: str, number: int, today: date, currency: str) -> list[ListLine]:
    """Return the list of a schedule of nine instalments, the first of which was written forty days ago."""
    return [
        ListLine(
            line=place + 2,
            schedule=name,
            invoice=str(number),
            due_on=today + timedelta(days=30 * place - 40),
            amount=Money.of("100.00", currency),
            disbursed=Money.of("880.00", currency),
        )
        for place in range(9)
    ]


def _settings(firm: RunningFirm) -> Settings:
    return Settings(
        mode=Mode.APPROVE,
        xero=XeroSettings(
            client_id=firm.xero.client_id,
            redirect_port=_free_port(),
            identity_url=firm.xero.identity_url,
            api_url=firm.xero.api_url,
        ),
        case_manager=CaseManagerSettings(url=firm.case_database.url),
        policy=PolicySettings(removal_limit_percent=_LIMIT_PERCENT),
        # Whoever tries it in the evening or on a Sunday shall see the notices too.
        notices=NoticeSettings(quiet_from=Never.OFF, quiet_days=frozenset()),
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _consent(address: str) -> bool:
    """Visit the sandbox's consent page in place of a browser; the sandbox consents at once."""

    def visit() -> None:
        with urllib.request.urlopen(address, timeout=_VISIT_TIMEOUT_S) as answer:  # noqa: S310 - the sandbox's loopback
            answer.read()

    threading.Thread(target=visit, name="demo-consent", daemon=True).start()
    return True
