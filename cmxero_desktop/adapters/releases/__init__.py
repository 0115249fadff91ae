"""The maker's manifest of the newest version: where it lies, who signed it, and what was told last."""
