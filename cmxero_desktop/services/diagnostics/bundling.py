"""Make the diagnostics bundle: for support, from an allow-list, and readable before anything is written.

Whatever cannot be opened is missing from it and said to be; the rest is there all the same.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.diagnostics import bundle_parts as parts
from cmxero_desktop.services.diagnostics.known_words import known_words
from cmxero_desktop.services.diagnostics.redacting import KnownWords, Redactor
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, BundlePart, HealthCheck, HealthFacts
from cmxero_desktop.services.records.settings import Settings

T = TypeVar("T")

_log = logging.getLogger(__name__)
_LINE = re.compile(r"(?m)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: )")
_FRAME = re.compile(r'^ +File ".*?((?:cmxero_desktop|site-packages|lib)[\w./\\-]*)", line (\d+), in (\w+)')
_KIND = re.compile(r"^([\w.]+(?:Error|Exception|Warning|Interrupt|Exit))\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSources:
    """Where a bundle's parts come from; each is asked for once, and whatever it raises costs only its own part.

    `known` are this computer's names and the secrets that are known by value; our store's names are added to them.
    """

    settings: Callable[[], Settings]
    store: Callable[[], Store]
    doctor: Callable[[], tuple[HealthCheck, ...]]
    computer: Callable[[], HealthFacts]
    log: Callable[[], str]
    known: Callable[[], KnownWords]
    hide_secrets: Callable[[str], str]


def make_bundle(sources: BundleSources, choice: BundleChoice) -> Bundle:
    """Return every file of the bundle with its full text. Never raises for a part that cannot be had."""
    return _Making(sources, choice).bundle()


class _Making:
    """One bundle while it is made."""

    def __init__(self, sources: BundleSources, choice: BundleChoice) -> None:
        self._sources = sources
        self._choice = choice
        self._missing: dict[str, list[str]] = {}
        own = self._had("the words of this computer", sources.known) or KnownWords()
        stored = self._had("the store", self._stored_words)
        # Without the store nobody can say which names stand in a free text.
        self._knows_names = stored is not None
        stored = stored or KnownWords()
        known = KnownWords(names=own.names | stored.names, amounts=stored.amounts, secrets=own.secrets)
        self._redact = Redactor(known, choice, sources.hide_secrets)

    def bundle(self) -> Bundle:
        sources, text = self._sources, parts.text_of
        made = {
            "computer.json": self._had("this computer", lambda: text(parts.computer_part(sources.computer()))),
            "settings.json": self._had(
                "the settings", lambda: text(parts.settings_part(sources.settings(), self._choice))
            ),
            "polling.json": self._had("the checks", self._polling),
            "counts.json": self._had("the counts", self._counts),
            "doctor.json": self._had("the doctor", self._doctor),
            "log.txt": self._had("the log", self._log_text),
        }
        files = [("about.txt", self._about()), *((name, text) for name, text in made.items() if text)]
        # The last word over every file: whatever part it came from, a secret goes.
        last = Redactor(
            KnownWords(secrets=self._redact.known.secrets),
            BundleChoice(has_names=True, has_amounts=True),
            sources.hide_secrets,
        )
        return Bundle(tuple(BundlePart(name, last(text)) for name, text in files))

    def _had(self, what: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except DeskError as error:
            self._missing.setdefault(str(error), []).append(what)
        except Exception as error:  # noqa: BLE001 - a bundle is for the very things that nobody foresaw
            _log.exception("A part of the diagnostics bundle could not be made")
            self._missing.setdefault(type(error).__name__, []).append(what)
        return None

    def _stored_words(self) -> KnownWords:
        with self._sources.store().read() as unit:
            return known_words(unit)

    def _polling(self) -> str:
        with self._sources.store().read() as unit:
            state, runs = unit.polling.state(), unit.polling.runs(parts.RUNS_KEPT)
        return parts.text_of(parts.polling_part(state, runs, self._redact))

    def _counts(self) -> str:
        store = self._sources.store()
        report = verify(store)
        with store.read() as unit:
            return parts.text_of(parts.counts_part(unit, report, self._redact))

    def _doctor(self) -> str:
        checks = self._sources.doctor()
        return parts.text_of(parts.doctor_part(checks, self._redact, self._choice, knows_names=self._knows_names))

    def _log_text(self) -> str:
        text = self._sources.log()
        if self._knows_names or self._choice.has_names:
            # When, how bad and which part of the program: never a name, and never to be taken for one.
            pieces = _LINE.split(text)
            return "".join(piece if at % 2 else self._redact(piece) for at, piece in enumerate(pieces))
        return "".join(_skeleton(text))

    def _about(self) -> str:
        choice = self._choice
        lines = [
            "Diagnostics of CM-Xero Desk, for whoever helps with it.",
            "",
            f"Names, invoice numbers and references: {'as they are' if choice.has_names else 'left out'}.",
            f"Amounts: {'as they are' if choice.has_amounts else 'left out'}.",
            "Passwords, tokens and codes: never.",
        ]
        if not (self._knows_names or choice.has_names):
            lines.append("The store could not be read, so the log is only an outline: its words may be names.")
        # What went wrong with opening names this computer and the settings, whose words are known in any case.
        lines += [f"Missing: {', '.join(parts)}. {self._redact(why)}" for why, parts in self._missing.items()]
        return "\n".join(lines) + "\n"


def _skeleton(text: str) -> Iterator[str]:
    """Give of each line only what cannot be a name: when, where in the program, and which kind of error."""
    for line in text.splitlines():
        head, frame, kind = _LINE.match(line), _FRAME.match(line), _KIND.match(line)
        if head is not None:
            yield f"{head[1]}{parts.LEFT_OUT}\n"
        elif frame is not None:
            yield f'  File "{frame[1]}", line {frame[2]}, in {frame[3]}\n'
        elif kind is not None:
            yield f"{kind[1]}\n"
