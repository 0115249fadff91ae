"""Xero as the program meets it: sign-in, addresses, pages, limits and faults, over an invented ledger."""
