"""The rules: where each payment of an invoice stands, and what would make Case Manager mirror Xero."""
