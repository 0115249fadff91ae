"""When to check next, and what a missed or refused check means."""
