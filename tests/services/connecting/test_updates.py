"""News of a newer version are asked for once a day at most, believed if signed, and never more than told."""

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from nacl.signing import SigningKey

from cmxero_desktop.adapters.releases.signature import is_signed
from cmxero_desktop.domain.errors import ReleaseError, SettingsError
from cmxero_desktop.domain.releases import Release, text_of
from cmxero_desktop.services.connecting.updates import ASKED_EVERY, LONGEST_JITTER, Updates
from cmxero_desktop.services.records.releases import (
    UpdatesSeen,
    address_shown,
    is_public_key,
    is_release_address,
)
from cmxero_desktop.services.records.settings import Settings, UpdateSettings
from tests.domain.test_releases import KEY, MANIFEST, NOW, RELEASE, manifest_of
from tests.services.desk import FakeSettingsFile
from tests.services.fake_releases import FakeMemory, FakeSource

PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
ADDRESS = "https://example.com/desk?token=s3cret"
HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A desktop with an address to ask, on a clock that the test sets."""

    source: FakeSource = field(default_factory=lambda: FakeSource(MANIFEST))
    memory: FakeMemory = field(default_factory=FakeMemory)
    file: FakeSettingsFile = field(default_factory=FakeSettingsFile)
    now: datetime = NOW
    jitter: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.set(ADDRESS, PUBLIC)
        self.updates = Updates(
            settings_file=self.file,
            source=self.source,
            is_signed=is_signed,
            memory=self.memory,
            clock=lambda: self.now,
            jitter=lambda: self.jitter,
            own_version="1.3.0",
            own_store_revision="0019",
        )

    def set(self, address: str, key: str) -> None:
        self.file.settings = Settings(updates=UpdateSettings(address=address, public_key=key))

    def told(self, release: Release, key: SigningKey = KEY) -> None:
        self.source.manifest = manifest_of(text_of(release), key)

    def refused(self) -> ReleaseError:
        with pytest.raises(ReleaseError) as caught:
            self.updates.ask()
        return caught.value


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(("address", "key"), [("", ""), ("", PUBLIC), (ADDRESS, "")])
def test_nobody_is_asked_unless_address_and_key_are_set(office: Office, address: str, key: str) -> None:
    office.set(address, key)
    place = "https://example.com" if address else ""
    assert office.updates.ask() == UpdatesSeen(is_on=False, own_version="1.3.0", place=place)
    assert not office.updates.ask_if_due()
    office.now += 100 * ASKED_EVERY
    assert not office.updates.ask_if_due()
    assert not office.updates.seen().is_on
    assert office.source.asked == []


def test_the_default_is_off() -> None:
    assert not Settings().updates.is_on


def test_what_is_told_and_signed_is_known_from_then_on(office: Office) -> None:
    seen = office.updates.ask()
    assert (seen.release, seen.is_newer, seen.renews_store, seen.asked_at) == (RELEASE, True, True, NOW)
    assert seen.place == "https://example.com"
    assert office.updates.seen() == seen
    office.told(replace(RELEASE, published_at=NOW, store_revision="0019"))
    assert not office.updates.ask().renews_store


def test_the_same_version_is_nothing_new(office: Office) -> None:
    office.told(replace(RELEASE, version="1.3.0"))
    seen = office.updates.ask()
    assert (seen.is_newer, seen.renews_store) == (False, False)


def test_a_wrong_signature_says_what_where_and_what_to_do(office: Office) -> None:
    office.told(RELEASE, SigningKey(bytes(32)))
    error = office.refused()
    assert "https://example.com is not signed by the public key" in error.message
    assert "s3cret" not in f"{error}"
    assert "ask whoever publishes" in error.remedy
    seen = office.updates.seen()
    assert (seen.release, seen.trouble, seen.remedy) == (None, error.message, error.remedy)


def test_a_key_that_is_none_believes_nothing(office: Office) -> None:
    office.set(ADDRESS, "not a key")
    assert "not signed" in office.refused().message


def test_a_step_back_is_refused_and_what_was_known_stays(office: Office) -> None:
    office.told(replace(RELEASE, version="1.5.0", published_at=NOW))
    office.updates.ask()
    office.told(RELEASE)
    assert "Somebody may hold news back" in office.refused().message
    seen = office.updates.seen()
    assert seen.release is not None
    assert (seen.release.version, bool(seen.trouble)) == ("1.5.0", True)
    office.told(replace(RELEASE, version="1.5.1", published_at=NOW + HOUR))
    assert not office.updates.ask().trouble


def test_another_key_begins_anew(office: Office) -> None:
    office.updates.ask()
    other = SigningKey(bytes(32))
    office.set(ADDRESS, "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=")
    assert office.updates.seen().release is None
    office.told(replace(RELEASE, published_at=NOW - 100 * HOUR), other)
    assert office.updates.ask().is_newer


def test_a_memory_that_makes_no_sense_is_as_good_as_none(office: Office) -> None:
    office.updates.ask()
    office.memory.kept = replace(office.memory.kept, text="{}")
    assert office.updates.seen().release is None
    assert office.updates.ask().is_newer


def test_the_schedule_asks_once_a_day_at_most_and_not_all_desktops_at_once(office: Office) -> None:
    office.jitter = HOUR
    assert not office.updates.ask_if_due()
    office.now += HOUR / 2
    assert not office.updates.ask_if_due()
    office.now += HOUR / 2
    assert office.updates.ask_if_due()
    for _ in range(24 * 6):
        assert not office.updates.ask_if_due()
        office.now += HOUR / 6
    assert not office.updates.ask_if_due()
    office.now += HOUR
    assert office.updates.ask_if_due()
    assert len(office.source.asked) == 2


def test_a_question_of_a_person_counts_for_the_day(office: Office) -> None:
    office.updates.ask()
    office.now += ASKED_EVERY - timedelta(seconds=1)
    assert not office.updates.ask_if_due()
    office.now += timedelta(seconds=1)
    assert office.updates.ask_if_due()


def test_a_clock_that_was_put_back_does_not_end_it(office: Office) -> None:
    office.updates.ask()
    office.now -= LONGEST_JITTER + timedelta(seconds=1)
    assert office.updates.ask_if_due()


def test_a_failure_by_the_schedule_is_quiet_and_waits_for_the_next_day(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office.updates.ask()
    office.now += ASKED_EVERY
    office.source.error = ReleaseError(f"{ADDRESS} is away.", "Check it.")
    assert office.updates.ask_if_due()
    assert not office.updates.ask_if_due()
    seen = office.updates.seen()
    assert (seen.is_newer, seen.remedy) == (True, "Check it.")
    assert "s3cret" not in caplog.text
    assert {record.levelno for record in caplog.records} == {logging.INFO}


def test_what_cannot_be_kept_is_not_asked(office: Office) -> None:
    office.memory.error = ReleaseError("The disk is full.", "Make room.")
    assert office.refused().message == "The disk is full."
    assert office.updates.ask_if_due()
    assert office.source.asked == []


def test_broken_settings_are_told_by_whoever_reads_them(office: Office) -> None:
    office.file.is_broken = True
    with pytest.raises(SettingsError):
        office.updates.ask_if_due()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com:8443/desk/latest.json?sig=s3cret", "https://example.com:8443"),
        ("https://[::1]:8443/x", "https://[::1]:8443"),
        ("/mnt/office/desk", "/mnt/office/desk"),
        (r"\\SRV01\programs\desk", r"\\SRV01\programs\desk"),
        (r"S:\programs\desk", r"S:\programs\desk"),
    ],
)
def test_an_address_is_https_or_a_folder_and_shown_without_secrets(text: str, shown: str) -> None:
    assert is_release_address(text)
    assert address_shown(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("http://example.com", "ftp://example.com", "file:///x", "https://ann:s3cret@example.com/x", "https://"),
        *("https://ann@example.com", "https://example.com/a b", "folder", "", "/mnt/\n", "/" * 1_001, "https://x\\y"),
    ],
)
def test_nothing_else_is_an_address(text: str) -> None:
    assert not is_release_address(text)


def test_a_public_key_is_known_by_its_form() -> None:
    assert is_public_key(PUBLIC)
    assert not is_public_key(PUBLIC[:-1])


def test_the_clock_is_aware() -> None:
    assert NOW.tzinfo is UTC
