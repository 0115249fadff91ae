"""One transaction of our own store, put together from the parts that change for different reasons."""

from cmxero_desktop.adapters.store.audit import AuditTrail
from cmxero_desktop.adapters.store.facts import PaymentFacts
from cmxero_desktop.adapters.store.intents import Intents
from cmxero_desktop.adapters.store.invoices import InvoiceFacts
from cmxero_desktop.adapters.store.polls import Polls
from cmxero_desktop.adapters.store.proposals import Proposals
from cmxero_desktop.adapters.store.results import Results
from cmxero_desktop.adapters.store.sharing import Sharing


class SqlUnitOfWork(PaymentFacts, InvoiceFacts, Results, Proposals, Intents, AuditTrail, Polls, Sharing):
    """A unit of work over one connection; the store that opened it undoes whatever was not committed."""

    def commit(self) -> None:
        """Make everything done in this unit last."""
        self._connection.commit()
