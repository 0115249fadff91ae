"""Decode the JSON that Xero sends, and deal in one place with what would choke a decoder, a store or a screen.

Half a surrogate pair, NUL and other control characters stand in texts that people paste; each becomes `\ufffd`, in
whatever field it is, so that nothing behind this module meets one. JSON that is wrong all the same is a
`msgspec.DecodeError`, however it is wrong, and `elements` still tells one row of a list from the next.
"""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

T = TypeVar("T")

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NO_CHARACTER = "\ufffd".encode()
# Is there anything to replace at all? Nearly never, and to look for single bytes costs next to nothing.
_SIGNS = (b"\x7f", b"\xc2")
_ESCAPES = (b"\\u", b"\\b", b"\\f")
_SUSPECT = re.compile(rb"\\(?:[bf]|u(?:00[01]|007[fF]|00[89]|[dD][89a-fA-F]))|\x7f|\xc2[\x80-\x9f]")
_ESCAPE = re.compile(
    rb"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<short>[\"\\/bfnrt])|(?P<raw>\x7f|\xc2[\x80-\x9f])|\\"
)
# A tabulator and the ends of lines can be stored and shown.
_PLAIN_CONTROLS = frozenset({0x09, 0x0A, 0x0D})
_RAW_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_RAW_SPACES = bytes.maketrans(b"\t\n\r", b"   ")
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_TOKEN = re.compile(_TEXT.pattern + rb"|[][{},]", re.DOTALL)
_CLOSERS = {b"[": b"]", b"{": b"}"}


def decode(text: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Decode JSON; raise msgspec.DecodeError where it is none, is nested too deeply, or is no `kind`."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(_problem(error)) from error


def decode_document(body: bytes, kind: type[T]) -> T:
    """Decode a whole answer, after its texts were made storable, or repaired where that must be; raises as `decode`."""
    text = storable(body)
    try:
        return decode(text, kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return decode(repaired(text), kind)


def storable(body: bytes) -> bytes:
    """Return the JSON with `\ufffd` for each character that cannot be stored or shown, and no byte order mark."""
    text = body.removeprefix(_BYTE_ORDER_MARK)
    signs = (*_SIGNS, *_ESCAPES) if b"\\" in text else _SIGNS
    if not any(sign in text for sign in signs) or not _SUSPECT.search(text):
        return text
    return _ESCAPE.sub(_replaced, text)


def repaired(body: bytes) -> bytes:
    """Return JSON whose texts can be decoded, for a body that could not: bytes that are no UTF-8, raw line ends."""
    text = _RAW_CONTROLS.sub(_NO_CHARACTER, body).translate(_RAW_SPACES)
    # Every text once more, since a wrong escape is only looked for where one was suspected.
    return _ESCAPE.sub(_replaced, text.decode("utf-8", "replace").encode())


def elements(raw: bytes) -> list[msgspec.Raw]:
    """Return the elements of a list, each as it was written. Raises msgspec.DecodeError where that is no list."""
    return [msgspec.Raw(piece) for piece in _pieces(raw, b"[")]


def members(raw: bytes) -> dict[str, msgspec.Raw]:
    """Return the members of an object, each value as it was written. Raises msgspec.DecodeError where it is none."""
    found = {}
    for piece in _pieces(raw, b"{"):
        name = _TEXT.match(piece)
        rest = piece[name.end() :].lstrip() if name else b""
        # What has no name is no member; the others are what they are all the same.
        if name is not None and rest.startswith(b":"):
            found[decode(name[0], str)] = msgspec.Raw(rest[1:].strip())
    return found


def _replaced(found: re.Match[bytes]) -> bytes:
    if found["pair"]:
        return found[0]
    if found["code"]:
        code = int(found["code"], 16)
        is_half = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - Unicode's range of halves
        return _NO_CHARACTER if is_half or _is_control(code) else found[0]
    if found["short"]:
        return _NO_CHARACTER if found["short"] in b"bf" else found[0]
    # A raw control character, or a backslash that escapes nothing.
    return _NO_CHARACTER


def _is_control(code: int) -> bool:
    return (code < 0x20 or 0x7F <= code <= 0x9F) and code not in _PLAIN_CONTROLS  # noqa: PLR2004 - Unicode's controls


def _pieces(raw: bytes, opener: bytes) -> Iterator[bytes]:
    """Yield what stands between the commas of a list or an object, without going down into it by recursion."""
    # Raw is no real bytes, whatever its type says.
    text = bytes(raw).strip()
    if text[:1] != opener:
        message = "that is no list or object"
        raise msgspec.DecodeError(message)
    open_brackets: list[bytes] = []
    start = 1
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in _CLOSERS:
            open_brackets.append(_CLOSERS[sign])
        elif sign == b"," and len(open_brackets) == 1:
            yield text[start : token.start()].strip()
            start = token.end()
        elif sign in {b"]", b"}"}:
            # Where brackets do not fit, nobody can say where a row ends: then none may be told from the next.
            if open_brackets.pop() != sign or (not open_brackets and token.end() != len(text)):
                break
            if not open_brackets:
                last = text[start : token.start()].strip()
                if last or start > 1:
                    yield last
                return
    message = "the brackets do not fit"
    raise msgspec.DecodeError(message)


def _problem(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else "bytes that are no text"
