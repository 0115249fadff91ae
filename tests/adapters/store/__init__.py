"""Our own store on both databases."""
