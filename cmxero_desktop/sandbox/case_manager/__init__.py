"""Case Manager as the program meets it: the reference schema and its rows, in SQLite."""
