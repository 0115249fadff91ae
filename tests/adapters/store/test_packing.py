"""A packed text comes back as it was, for ever, or a sentence says that it is damaged."""

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from cmxero_desktop.adapters.store.common_words import RESULT_WORDS
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.adapters.store.packing import Packed, pack, unpack
from cmxero_desktop.domain.errors import StoreError
from tests.adapters.store.examples import result


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text


def test_the_result_of_an_invoice_takes_less_than_a_fifth() -> None:
    text = encode(result())
    assert len(pack(text)) * 5 < len(text)


def test_the_words_stay_what_they_are() -> None:
    """What was stored with them can be read with the very same ones only: a better list is another one."""
    said = hashlib.sha256(RESULT_WORDS).hexdigest()
    assert said == "55c1f3737707371373cc9aa24f2ece4760a86a6ab7db137abfa9439dedd4034b"


@given(st.data())
def test_any_damage_is_told(data: st.DataObject) -> None:
    packed = pack(encode(result()))
    place = data.draw(st.integers(0, len(packed) - 1))
    other = data.draw(st.integers(1, 255))
    damaged = bytearray(packed)
    damaged[place] ^= other
    with pytest.raises(StoreError):
        unpack(bytes(damaged))


@pytest.mark.parametrize("cut", [0, 1, 5, 6, 20, -1])
def test_what_is_cut_or_has_a_tail_is_no_record(cut: int) -> None:
    packed = pack(encode(result()))
    with pytest.raises(StoreError):
        unpack(packed[:cut])
    with pytest.raises(StoreError):
        unpack(packed + b"x")


def test_words_of_a_later_program_are_told_as_such() -> None:
    deflated = zlib.compressobj(zdict=b"other words")
    with pytest.raises(StoreError, match="words that this program does not know"):
        unpack(deflated.compress(b"text") + deflated.flush())


@pytest.mark.parametrize("value", ["garbage", 2**62, -1, 1.5])
def test_what_is_no_bytes_is_told_and_fills_no_memory(value: object) -> None:
    with pytest.raises(StoreError):
        Packed().process_result_value(value, sqlite.dialect())


def test_nothing_stays_nothing() -> None:
    packed = Packed()
    assert packed.process_bind_param(None, sqlite.dialect()) is None
    assert packed.process_result_value(None, sqlite.dialect()) is None
