"""A signature is Ed25519's, by the vectors of RFC 8032, and nothing that only looks like one passes or breaks."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.adapters.releases.signature import is_signed

# RFC 8032, 7.1, TEST 3.
KEY = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
SIGNED = bytes.fromhex("af82")
SIGNATURE = bytes.fromhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)
ORDER = 2**252 + 27742317777372353535851937790883648493


def test_the_vector_of_the_standard_is_signed() -> None:
    assert is_signed(KEY, SIGNATURE, SIGNED)
    assert not is_signed(KEY, SIGNATURE, b"\xaf\x83")
    assert not is_signed(bytes(32), SIGNATURE, SIGNED)


def test_a_second_signature_that_mathematics_would_take_is_none() -> None:
    malleable = int.from_bytes(SIGNATURE[32:], "little") + ORDER
    assert not is_signed(KEY, SIGNATURE[:32] + malleable.to_bytes(32, "little"), SIGNED)


@pytest.mark.parametrize(("key", "signature"), [(b"", SIGNATURE), (KEY, b""), (KEY[:-1], SIGNATURE), (KEY, KEY)])
def test_what_has_another_size_is_none(key: bytes, signature: bytes) -> None:
    assert not is_signed(key, signature, SIGNED)


@given(st.binary(min_size=64, max_size=64), st.binary(max_size=50))
def test_nobody_guesses_one(signature: bytes, signed: bytes) -> None:
    assert not is_signed(KEY, signature, signed)


def test_what_the_bundle_leaves_out_is_not_missed() -> None:
    """Without what makes such libraries (`tools/installer/keeping.py`) a signature is checked all the same."""
    script = (
        "import sys\n"
        "sys.modules['cffi'] = sys.modules['pycparser'] = None\n"
        "from cmxero_desktop.adapters.releases.signature import is_signed\n"
        f"assert is_signed({KEY!r}, {SIGNATURE!r}, {SIGNED!r})\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
