"""The window: it formats and paints one frozen view, and asks the verbs on the worker thread for everything else."""
