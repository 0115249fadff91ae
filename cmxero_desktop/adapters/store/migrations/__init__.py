"""Alembic's environment and every step from an empty database to the present tables."""
