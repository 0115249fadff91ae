"""CM-Xero Desk keeps Case Manager's payments a true copy of Xero's, and writes only what a person approved."""

__version__ = "0.1.0"
