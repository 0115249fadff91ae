"""What a person looks at: the desk at a glance, the first report, the proof of the audit trail."""
