"""The first run: Xero, Case Manager, the rules, and a first check with its report."""
