"""Our own store: facts, results, proposals, intents and the audit trail, in SQLite or PostgreSQL."""

from cmxero_desktop.adapters.store.store import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
