"""The manual in a window of its own, opened at what the person looks at."""
