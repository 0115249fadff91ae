"""Shared ground of the adapters that read TOML files which a person may have written."""
