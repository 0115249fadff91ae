"""Find the marks of all results beside their records, so that only those that changed are read for the window."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index, which holds all that a look at the marks needs."""
    op.create_index("ix_results_marks", "results", ["invoice_number", "digest"])
