"""Have only programs open the store that know of two persons' yes: an older one would write after the first.

What an older program wrote is read as it is.
"""

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table."""
