"""Adapters against the real outside thing of each."""
