"""The organisation that the sandbox serves unless it is told of another."""

from cmxero_desktop.sandbox.ledger.entries import Organisation

BRIGHTSIDE = Organisation("8c6d2f4e-53a1-4f0b-9d27-1e5b0a7c9f31", "Brightside Rehab Pty Ltd")
