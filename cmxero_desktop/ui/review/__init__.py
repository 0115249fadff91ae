"""The page of what waits for a decision, and the bar that decides in bulk."""
