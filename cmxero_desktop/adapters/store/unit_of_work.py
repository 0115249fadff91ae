"""One transaction of our own store, put together from the parts that change for different reasons."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from cmxero_desktop.adapters.store.alerts import Alerts
from cmxero_desktop.adapters.store.audit import AuditTrail
from cmxero_desktop.adapters.store.desk_notes import NoteTable
from cmxero_desktop.adapters.store.facts import PaymentFacts
from cmxero_desktop.adapters.store.gaps import Gaps
from cmxero_desktop.adapters.store.intents import Intents
from cmxero_desktop.adapters.store.invoices import InvoiceFacts
from cmxero_desktop.adapters.store.journal import Journal
from cmxero_desktop.adapters.store.left import Left
from cmxero_desktop.adapters.store.memory import Memory
from cmxero_desktop.adapters.store.pairs import Pairs
from cmxero_desktop.adapters.store.past import Past
from cmxero_desktop.adapters.store.polls import Polls
from cmxero_desktop.adapters.store.proposals import Proposals
from cmxero_desktop.adapters.store.results import Results
from cmxero_desktop.adapters.store.seen import AlreadyDecoded
from cmxero_desktop.adapters.store.sharing import Sharing
from cmxero_desktop.adapters.store.sor import SorTables
from cmxero_desktop.adapters.store.touches import Touches
from cmxero_desktop.adapters.store.work import own_time


class Facts(PaymentFacts, InvoiceFacts):
    """What Xero said about payments and invoices."""


class SqlUnitOfWork:
    """A unit of work over one connection; the store that opened it undoes whatever was not committed."""

    def __init__(
        self, connection: Connection, clock: Callable[[], datetime] | None = None, seen: AlreadyDecoded | None = None
    ) -> None:
        """Let every part work within the connection's transaction; by `clock` the store tells its own time.

        `seen` is what earlier units of the same store have decoded.
        """
        seen = seen or AlreadyDecoded()
        self._connection = connection
        self._journal = journal = Journal(connection, clock or partial(own_time, connection))
        self.facts = Facts(connection, journal)
        self.gaps = Gaps(connection)
        self.results = Results(connection, journal, seen)
        self.pairs = Pairs(connection)
        self.memory = Memory(connection, journal)
        self.notes = NoteTable(connection)
        self.proposals = Proposals(connection, journal)
        self.intents = Intents(connection)
        self.audit = AuditTrail(connection, journal, seen)
        self.polling = Polls(connection)
        self.sharing = Sharing(connection)
        self.alerts = Alerts(connection)
        self.sor = SorTables(connection)
        self.past = Past(connection)
        self.touches = Touches(connection)
        self.left = Left(connection)

    def commit(self) -> None:
        """Make everything done in this unit last."""
        self._journal.close()
        self._connection.commit()
