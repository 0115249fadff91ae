"""Propose where a Case Manager's database keeps what, from its schema and its rows, and ask what these do not tell."""
