"""What can be asked of a desk: a frozen record each, by what it is about."""
