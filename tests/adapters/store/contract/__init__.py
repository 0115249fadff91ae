"""What every store does: each test here runs over the store in memory, SQLite and PostgreSQL."""
