"""The SOR watch: what a check does of it, what persons say of schedules, and who says what is to be said."""
