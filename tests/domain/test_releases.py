"""What a maker says of a version is believed only as far as it is signed, whole, timely and no step back."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from cmxero_desktop.adapters.releases.signature import is_signed
from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.domain.releases import (
    MOST_BYTES,
    Release,
    SetupFile,
    decoded,
    is_newer,
    release_of,
    require_timely,
    sealed,
    signed_bytes,
    text_of,
    unsealed,
)

NOW = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
KEY = SigningKey(bytes(range(32)))
RELEASE = Release(
    version="1.4.0",
    published_at=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=400),
    news=("Holidays are quiet.",),
    setup=SetupFile(place="cm-xero-desk-1.4.0-setup.exe", sha256="ab" * 32, size_bytes=29_800_000),
    store_revision="0020",
    notes=("Close all windows first.",),
)
FIELDS: Mapping[str, object] = json.loads(text_of(RELEASE))
HERE = "https://example.com"


def manifest_of(text: str, key: SigningKey = KEY) -> bytes:
    return sealed(text, key.sign(signed_bytes(text)).signature)


MANIFEST = manifest_of(text_of(RELEASE))


def believed(manifest: bytes) -> Release:
    """Believe as the program does: first the signature, then the text."""
    found = unsealed(manifest, HERE)
    if not is_signed(bytes(KEY.verify_key), found.signature, found.signed):
        raise ReleaseError("not signed")
    return release_of(found.text, HERE)


def test_what_was_signed_is_read_as_it_was_written() -> None:
    assert believed(MANIFEST) == RELEASE


def test_a_later_version_may_say_more_and_this_one_less() -> None:
    fields = {name: value for name, value in FIELDS.items() if name not in {"notes", "store_revision"}}
    found = believed(manifest_of(json.dumps({**fields, "mirrors": ["x"]})))
    assert (found.notes, found.store_revision) == ((), "")


@given(place=st.integers(0, len(MANIFEST) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_changes_nothing(place: int, byte: int) -> None:
    changed = MANIFEST[:place] + bytes([byte]) + MANIFEST[place + 1 :]
    try:
        found = believed(changed)
    except ReleaseError:
        return
    assert found == RELEASE


def test_every_byte_with_one_bit_turned_is_refused_or_changes_nothing() -> None:
    refused = 0
    for place in range(len(MANIFEST)):
        for bit in range(8):
            changed = bytearray(MANIFEST)
            changed[place] ^= 1 << bit
            try:
                assert believed(bytes(changed)) == RELEASE
            except ReleaseError:
                refused += 1
    # What changes nothing is white space between the two texts.
    assert refused >= 8 * (len(MANIFEST) - 12)


@given(st.binary(max_size=300))
def test_whatever_bytes_come_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(ReleaseError):
        believed(content)


@given(cut=st.integers(0, len(MANIFEST) - 3))
def test_half_a_manifest_is_none(cut: int) -> None:
    with pytest.raises(ReleaseError):
        believed(MANIFEST[:cut])


def test_another_key_signed_nothing_for_us() -> None:
    with pytest.raises(ReleaseError):
        believed(manifest_of(text_of(RELEASE), SigningKey(bytes(32))))


def test_a_signature_for_the_bare_text_is_none_for_a_manifest() -> None:
    text = text_of(RELEASE)
    with pytest.raises(ReleaseError, match="not signed"):
        believed(sealed(text, KEY.sign(text.encode()).signature))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b" " * (MOST_BYTES + 1), "longer than 65,536 bytes"),
        (b"[" * 60_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[]", "no signed manifest"),
        (b'{"release": "a"}', "no signed manifest"),
        (b'{"release": "a", "signature": 1}', "no signed manifest"),
        (b'{"release": {}, "signature": "b"}', "no signed manifest"),
        (b'{"release": "a", "signature": "b", "signed": "c"}', "no signed manifest"),
        (b'{"release": "a", "release": "a", "signature": "b"}', "no JSON"),
        (b'{"release": "a", "signature": "b"}', "no signature of the right kind"),
        (b'{"release": "a", "signature": "YWJj"}', "no signature of the right kind"),
    ],
)
def test_what_is_no_manifest_is_refused_where_it_lies(content: bytes, why: str) -> None:
    with pytest.raises(ReleaseError, match=why) as caught:
        unsealed(content, HERE)
    assert HERE in caught.value.message
    assert "install nothing" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", "1"),
        ("version", "1.4.0<script>"),
        ("version", "01.4"),
        ("version", 1.4),
        ("version", "\u0661.\u0662"),
        ("published_at", "2026-12-03"),
        ("published_at", "2026-13-03T09:00:00Z"),
        ("valid_until", None),
        ("news", "Everything."),
        ("news", ["x" * 301]),
        ("news", [" "]),
        ("news", [1]),
        ("news", ["x"] * 41),
        ("notes", None),
        ("store_revision", "newest"),
        ("setup", "setup.exe"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(name: str, value: object) -> None:
    with pytest.raises(ReleaseError, match=f"understood for {name}"):
        release_of(json.dumps({**FIELDS, name: value}), HERE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("place", ""),
        ("sha256", "AB" * 32),
        ("sha256", "ab"),
        ("size_bytes", 0),
        ("size_bytes", True),
        ("size_bytes", 1.5),
        ("size_bytes", 10**11),
    ],
)
def test_a_setup_that_makes_no_sense_is_named(name: str, value: object) -> None:
    setup = FIELDS["setup"]
    assert isinstance(setup, dict)
    with pytest.raises(ReleaseError, match=f"understood for {name}"):
        release_of(json.dumps({**FIELDS, "setup": {**setup, name: value}}), HERE)


def test_half_a_sign_of_two_is_read_and_written_without_a_fault() -> None:
    odd = replace(RELEASE, news=("\ud800",))
    assert release_of(text_of(odd), HERE) == odd
    assert unsealed(manifest_of(text_of(odd)), HERE).text == text_of(odd)


def test_news_may_come_again_and_may_go_on() -> None:
    require_timely(RELEASE, None, NOW, HERE)
    require_timely(RELEASE, RELEASE, NOW, HERE)
    require_timely(replace(RELEASE, published_at=NOW, version="1.3.9"), RELEASE, NOW, HERE)


@pytest.mark.parametrize("later", [timedelta(), timedelta(seconds=1), timedelta(days=900)])
def test_a_step_back_is_refused(later: timedelta) -> None:
    known = replace(RELEASE, version="1.5.0", published_at=RELEASE.published_at + later)
    with pytest.raises(ReleaseError, match=r"tells of 1\.4\.0; a newer one.*told of 1\.5\.0") as caught:
        require_timely(RELEASE, known, NOW, HERE)
    assert "Somebody may hold news back" in caught.value.message


def test_what_has_ended_and_what_is_still_to_come_are_told() -> None:
    with pytest.raises(ReleaseError, match="counted until 2026-12-03T08:59:59Z only"):
        require_timely(replace(RELEASE, valid_until=NOW - timedelta(seconds=1)), None, NOW, HERE)
    require_timely(replace(RELEASE, valid_until=NOW, published_at=NOW + timedelta(days=1)), None, NOW, HERE)
    with pytest.raises(ReleaseError, match="still to come") as caught:
        require_timely(replace(RELEASE, published_at=NOW + timedelta(days=1, seconds=1)), None, NOW, HERE)
    assert "clock" in caught.value.remedy


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("1.4.0", "1.3.9", True),
        ("1.10.0", "1.9.0", True),
        ("1.4", "1.4.0", False),
        ("1.4.0", "1.4.0.dev1", False),
        ("1.4.0.1", "1.4.0", True),
        ("0.9", "1.0", False),
        ("1.0", "unknown", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, newer: bool) -> None:  # noqa: FBT001
    assert is_newer(version, than) is newer


def test_only_plain_base64_of_the_right_size_is_understood() -> None:
    text = base64.b64encode(b"abc").decode()
    assert decoded(text, 3) == b"abc"
    assert [decoded(each, 3) for each in (f"{text}\n", "YWJj YWJj", "YWI=", "YWJ\u00e4", "")] == [None] * 5
    # The last letter of these stands for bits that nobody reads.
    assert decoded("YWJjZB==", 4) is None
    assert decoded("YWJjZA==", 4) == b"abcd"
