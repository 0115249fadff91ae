"""The Qt application around the window: its start, its messages, and what is said where it cannot start."""
