"""From facts to stored results and proposals: snapshots, the policy in force, which invoices, one moment."""
