"""Ask a configured address whether there is a newer version of the program, and believe only what is signed.

Nothing is asked unless an address and a public key stand in the settings, and nothing is ever fetched or installed but
the manifest itself.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.domain.releases import (
    KEY_BYTES,
    Release,
    decoded,
    is_newer,
    release_of,
    require_timely,
    unsealed,
)
from cmxero_desktop.services.ports.computer import Clock, SettingsFile
from cmxero_desktop.services.ports.releases import ReleaseMemory, ReleaseSource, SignatureCheck
from cmxero_desktop.services.records.releases import ReleasesRemembered, UpdatesSeen, address_shown
from cmxero_desktop.services.records.settings import UpdateSettings

ASKED_EVERY = timedelta(days=1)
LONGEST_JITTER = timedelta(hours=4)
"""By how much at most a question is put off, so that an office does not ask all at once."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """Knows what the maker has told, and asks anew. `jitter` gives a wait from nothing to `LONGEST_JITTER`."""

    settings_file: SettingsFile
    source: ReleaseSource
    is_signed: SignatureCheck
    memory: ReleaseMemory
    clock: Clock
    jitter: Callable[[], timedelta]
    own_version: str
    own_store_revision: str

    def seen(self) -> UpdatesSeen:
        """Return what is known, without asking anybody. Raises SettingsError."""
        settings = self.settings_file.load().updates
        return self._told(settings, self._remembered(settings))

    def ask(self) -> UpdatesSeen:
        """Ask now, because a person wants to know; nothing is asked where it is off.

        Raises ReleaseError with what is wrong, where, and what to do; SettingsError.
        """
        settings = self.settings_file.load().updates
        if not settings.is_on:
            return self._told(settings, ReleasesRemembered())
        known = self._remembered(settings)
        now = self.clock()
        asked = replace(known, asked_at=now, due_at=now + ASKED_EVERY + self.jitter(), trouble="", remedy="")
        # Before anything is asked: what cannot be kept would be asked for again and again.
        self.memory.save(asked)
        try:
            asked = replace(asked, text=self._believed(settings, known, now))
        except ReleaseError as error:
            self.memory.save(replace(asked, trouble=error.message, remedy=error.remedy))
            raise
        self.memory.save(asked)
        return self._told(settings, asked)

    def ask_if_due(self) -> bool:
        """Ask where the last time is a day ago, and say whether it was asked; a failure is only remembered."""
        settings = self.settings_file.load().updates
        if not settings.is_on:
            return False
        try:
            if not self._is_due(self._remembered(settings)):
                return False
            self.ask()
        except ReleaseError as error:
            # Not its text: that is for Health, and an address may hold more than a log may keep.
            _log.info("Whether there is a newer version could not be found out: %s", type(error).__name__)
        return True

    def _is_due(self, known: ReleasesRemembered) -> bool:
        now = self.clock()
        if known.due_at is None:
            self.memory.save(replace(known, due_at=now + self.jitter()))
            return False
        # A clock that was put back would have it wait for ever.
        return known.due_at <= now or known.due_at > now + ASKED_EVERY + LONGEST_JITTER

    def _believed(self, settings: UpdateSettings, known: ReleasesRemembered, now: datetime) -> str:
        """Return the text of a release that is signed, timely and no step back. Raises ReleaseError."""
        where = address_shown(settings.address)
        found = unsealed(self.source.read(settings.address), where)
        key = decoded(settings.public_key, KEY_BYTES)
        if key is None or not self.is_signed(key, found.signature, found.signed):
            message = f"The manifest at {where} is not signed by the public key in the settings (updates.public_key)."
            remedy = (
                "Believe nothing of it, and ask whoever publishes the program's versions for you: was it changed on "
                "its way, or is there a new key?"
            )
            raise ReleaseError(message, remedy)
        require_timely(release_of(found.text, where), self._release(known), now, where)
        return found.text

    def _remembered(self, settings: UpdateSettings) -> ReleasesRemembered:
        remembered = self.memory.load()
        if remembered.key == settings.public_key:
            return remembered
        return ReleasesRemembered(key=settings.public_key)

    def _release(self, known: ReleasesRemembered) -> Release | None:
        if not known.text:
            return None
        try:
            return release_of(known.text, "this computer")
        except ReleaseError:
            return None

    def _told(self, settings: UpdateSettings, known: ReleasesRemembered) -> UpdatesSeen:
        if not settings.is_on:
            place = address_shown(settings.address)
            return UpdatesSeen(is_on=False, own_version=self.own_version, place=place)
        release = self._release(known)
        newer = release is not None and is_newer(release.version, self.own_version)
        return UpdatesSeen(
            is_on=True,
            own_version=self.own_version,
            place=address_shown(settings.address),
            release=release,
            is_newer=newer,
            renews_store=release is not None and newer and release.store_revision > self.own_store_revision,
            asked_at=known.asked_at,
            trouble=known.trouble,
            remedy=known.remedy,
        )
