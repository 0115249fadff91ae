"""One use case a module; everything outside is reached through the ports of this package."""
