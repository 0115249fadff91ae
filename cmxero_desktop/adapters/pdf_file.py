"""Make a PDF of plain lines: A4, a fixed-width font that every reader has, page numbers, the same bytes each time."""

from collections.abc import Sequence

from cmxero_desktop.domain.strangers import harmless

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 50
_SIZE, _LEADING = 9, 12
LETTERS = int((_WIDTH - 2 * _MARGIN) / (_SIZE * 0.6))
"""How many letters a line holds; a longer one goes on below."""
_LINES = (_HEIGHT - 2 * _MARGIN) // _LEADING - 2


def pdf_of(lines: Sequence[str]) -> bytes:
    """Return the lines as a PDF; a letter that its font does not have is a question mark."""
    folded = [piece for line in lines for piece in _folded(harmless(line))]
    pages = [folded[at : at + _LINES] for at in range(0, len(folded), _LINES)] or [[]]
    count = len(pages)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        font,
    ]
    for place, page in enumerate(pages):
        stream = _stream(page, f"Page {place + 1} of {count}")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents {5 + 2 * place} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    return _file(objects)


def _folded(line: str) -> list[str]:
    return [line[at : at + LETTERS] for at in range(0, len(line), LETTERS)] or [""]


def _stream(lines: Sequence[str], foot: str) -> bytes:
    """Write one page: its lines from the top, and its number at the bottom."""
    written = [b"BT /F1 %d Tf %d TL %d %d Td" % (_SIZE, _LEADING, _MARGIN, _HEIGHT - _MARGIN)]
    written += [b"(%b) Tj T*" % _escaped(line) for line in lines]
    written += [b"ET", b"BT /F1 %d Tf %d %d Td (%b) Tj ET" % (_SIZE, _MARGIN, _MARGIN - _LEADING, _escaped(foot))]
    return b"\n".join(written)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    """Put the objects one behind the other, with the table that says where each begins."""
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)
