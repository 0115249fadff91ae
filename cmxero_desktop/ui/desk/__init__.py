"""What the window knows and asks of the worker: content, jobs, freshness, schedule, preferences, notices."""
