"""The page of what was done, by whom and why."""
