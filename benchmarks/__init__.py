"""Measurements of the program beside other tools, each with a ratio."""
