"""The pages of all payments: matched, unmatched and skipped."""
