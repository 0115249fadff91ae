"""Run migrations within the transaction that the store has opened; Alembic loads this file by its path."""

from alembic import context

from cmxero_desktop.adapters.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
