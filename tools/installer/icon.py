"""Draw the program's icon into the file that Windows reads: the tick of a matched payment, in each size."""

import os
import struct
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice

from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.theme.icons import Shape, badge_icon

_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
_GROUND, _INK = "#1f5fa8", "#ffffff"


def write_icon(target: Path) -> None:
    """Write the .ico file."""
    target.write_bytes(packed([(size, _drawn(size)) for size in _SIZES]))


def write_png(target: Path, size: int) -> None:
    """Write one picture of it."""
    target.write_bytes(_drawn(size))


def packed(pictures: Sequence[tuple[int, bytes]]) -> bytes:
    """Return an .ico file of PNG pictures, each a square of so many pixels."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = []
    for size, picture in pictures:
        # 256 does not go into a byte, and is written as 0.
        entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset))
        offset += len(picture)
    return b"".join([head, *entries, *(picture for _, picture in pictures)])


def _drawn(size: int) -> bytes:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Nothing can be drawn without it.
    application()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    badge_icon(Shape.TICK, 0, _GROUND, _INK).pixmap(size, size).scaled(size, size).save(buffer, "PNG")
    return bytes(buffer.data().data())
