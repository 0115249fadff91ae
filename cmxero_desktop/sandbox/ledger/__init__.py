"""What the sandbox's Xero keeps: organisations, invoices, payments, and the rules by which they change."""
