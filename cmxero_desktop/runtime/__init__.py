"""What makes things happen at the right time and one at a time: no decisions, and no toolkit."""
