"""The most memory that this process ever had at once."""


def peak_mb() -> float:
    """Return it in MiB; Windows keeps no such figure in Python."""
    import resource  # noqa: PLC0415 - as above: every system must be able to read this file

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
