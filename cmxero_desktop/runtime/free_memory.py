"""Ask this computer how much memory is free, as far as it says so."""

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_AVAILABLE = "MemAvailable:"
_KILOBYTE = 1024


class _MemoryStatus(ctypes.Structure):
    """What Windows calls MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("available", ctypes.c_ulonglong),
        ("total_page_file", ctypes.c_ulonglong),
        ("available_page_file", ctypes.c_ulonglong),
        ("total_virtual", ctypes.c_ulonglong),
        ("available_virtual", ctypes.c_ulonglong),
        ("extended_virtual", ctypes.c_ulonglong),
    )


def free_memory_bytes(meminfo: Path = _MEMINFO) -> int | None:
    """Return what programs can still have without swapping; None where nobody says."""
    if sys.platform == "win32":
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        is_told = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.available) if is_told else None
    with suppress(OSError, ValueError, IndexError):
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith(_AVAILABLE):
                return int(line.split()[1]) * _KILOBYTE
    return None
