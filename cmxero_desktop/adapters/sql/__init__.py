"""Shared ground of the adapters that speak SQL: addresses, engines, and what a database refuses."""
