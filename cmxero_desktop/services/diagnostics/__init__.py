"""Whether everything works, and a bundle for whoever supports the firm, without names and secrets."""
