"""The parts that pages and sheets are built of: one table for all rows, its columns, buttons and sheets."""
