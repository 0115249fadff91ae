"""What can be asked of a desk, and which use case answers it."""
