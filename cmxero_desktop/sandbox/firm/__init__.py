"""The invented firm: its books on both sides, what can happen to it, and how it is run."""
