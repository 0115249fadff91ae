"""How much of this computer a firm's payments take, so that a limit is said before it bites, never in the middle."""

from dataclasses import dataclass

from cmxero_desktop.domain.errors import StoreError

# Measured on invented firms of 5,000 to 200,000 payments: results, proposals and their history included, and as much
# again for what SQLite writes beside the file before it is in it; in memory while a first comparison is made.
DISK_BYTES_EACH = 8_000
MEMORY_BYTES_EACH = 9_000
_GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is free here, in bytes; None where it is not known, or where the store lies elsewhere."""

    disk_bytes: int | None = None
    memory_bytes: int | None = None

    def limit(self, stored: int) -> tuple[int, str] | None:
        """Return how many payments there can be in all, `stored` included, and what then ends first."""
        limits = []
        if self.disk_bytes is not None:
            limits.append((stored + self.disk_bytes // DISK_BYTES_EACH, "the disk"))
        if self.memory_bytes is not None:
            limits.append((self.memory_bytes // MEMORY_BYTES_EACH, "the memory"))
        return min(limits, default=None)


def demand_room(room: Room, *, stored: int, expected: int) -> None:
    """Raise StoreError where `expected` payments in all, `stored` of them here already, do not fit this computer."""
    if room.disk_bytes is not None:
        needed = max(0, expected - stored) * DISK_BYTES_EACH
        if needed > room.disk_bytes:
            message = _lacking(expected, f"take about {_size(needed)} more of the disk", room.disk_bytes)
            remedy = "Make room on the disk, or keep the store on a PostgreSQL server, then check again."
            raise StoreError(message, remedy)
    if room.memory_bytes is not None:
        needed = expected * MEMORY_BYTES_EACH
        if needed > room.memory_bytes:
            message = _lacking(expected, f"need about {_size(needed)} of memory to be compared", room.memory_bytes)
            raise StoreError(message, "Close other programs, or use a computer with more memory, then check again.")


def _lacking(expected: int, need: str, free: int) -> str:
    return f"About {expected:,} payments of CM invoices {need}, and {_size(free)} are free. None of them was read."


def _size(count: int) -> str:
    return f"{count / _GIGABYTE:,.1f} GB"
