"""Tell which invoices something was stored about since a comparison, whoever stored it."""

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.work import GENERATION_ID, Work
from cmxero_desktop.services.records.touched import Touched, touched_of

_touched, _counted = tables.touched.c, tables.facts_version.c


class Touches(Work):
    """What was touched, and when last."""

    def generation(self) -> int:
        """Return the number of the last time that anything was stored that a comparison rests on."""
        statement = select(_counted.version).where(_counted.version_id == GENERATION_ID)
        return self._connection.scalar(statement) or 0

    def since(self, generation: int) -> Touched:
        """Return what was touched after a generation."""
        later = select(_touched.subject).where(_touched.generation > generation)
        return touched_of(self.generation(), tuple(self._connection.scalars(later)))
