"""The pane that shows both sides of one row, and why it stands where it stands."""
