"""Runs and packs the program for Windows on a Linux machine, from packages alone."""
