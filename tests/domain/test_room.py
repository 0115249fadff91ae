"""What does not fit this computer is refused before anything is read, in figures; what fits or is unknown is not."""

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.room import Room, demand_room

_MILLION = 1_000_000


def test_the_next_limit_is_the_nearer_one() -> None:
    assert Room().limit(7) is None
    assert Room(disk_bytes=80_000).limit(7) == (17, "the disk")
    assert Room(memory_bytes=90_000).limit(7) == (10, "the memory")
    assert Room(disk_bytes=80_000, memory_bytes=90_000).limit(0) == (10, "the disk")
    assert Room(disk_bytes=80_000, memory_bytes=90_000).limit(7) == (10, "the memory")


def test_what_fits_or_is_not_known_is_read() -> None:
    demand_room(Room(), stored=0, expected=_MILLION)
    demand_room(Room(disk_bytes=8_000_000_000, memory_bytes=9_000_000_000), stored=0, expected=_MILLION)
    # What is stored already needs no more of the disk, however little is left.
    demand_room(Room(disk_bytes=0), stored=_MILLION, expected=_MILLION - 1)


def test_what_does_not_fit_is_refused_in_figures() -> None:
    with pytest.raises(StoreError) as refused:
        demand_room(Room(disk_bytes=7_999_999_999), stored=0, expected=_MILLION)
    assert str(refused.value) == (
        "About 1,000,000 payments of CM invoices take about 8.0 GB more of the disk, and 8.0 GB are free. "
        "None of them was read. "
        "Make room on the disk, or keep the store on a PostgreSQL server, then check again."
    )
    with pytest.raises(StoreError, match=r"need about 9\.0 GB of memory to be compared, and 4\.0 GB are free"):
        demand_room(Room(disk_bytes=0, memory_bytes=4_000_000_000), stored=_MILLION, expected=_MILLION)
