"""Throw mangled pages at checks of Xero, and hold what the program says against what it says without them."""

import random
import re
from collections import Counter
from pathlib import Path

from cmxero_desktop.services.records.runs import PollOutcome, PollRun
from tests.fuzz.desk import FuzzDesk, Shown
from tests.fuzz.mangling import EVERY_ROW, Mangled, Mangler

_SHARES = (0.1, 0.3, 0.7, 1.0)
_STEADY = 0.3
_OF_ALL = ("/Accounts", "/Organisation")
_HEALED = 0.4
_ALLOWED = frozenset({PollOutcome.DONE, PollOutcome.BROKEN, PollOutcome.OFFLINE})
# A sentence for a person: no name of a class, no brackets of a traceback, and an end.
_SENTENCE = re.compile(r"[A-Z\d].{8,600}\.", re.DOTALL)
_NO_SENTENCE = re.compile(r"Error\b|Exception|Traceback|0x[0-9a-f]{6}|msgspec|None,")


class FuzzError(AssertionError):
    """The program crashed, said no sentence, or let a mangled row touch another one; the message says how to see it."""


class Fuzz:
    """Checks of one firm, from one seed: the same seed always does the same."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Read everything once as it is, from nothing and again, so that there is something to compare with."""
        self.pages, self.polls = 0, 0
        self.outcomes: Counter[str] = Counter()
        self.manglers: Counter[str] = Counter()
        self.seed, self._dice = seed, random.Random(seed)
        self._touched: set[str] = set()
        self._how: list[str] = []
        self._is_lied_to = False
        self._desk = desk = FuzzDesk(folder)
        desk.keep("first.db")
        self._expect(desk.poll(), PollOutcome.DONE)
        self._truth = desk.shown()
        desk.keep("known.db")

    def close(self) -> None:
        """End everything."""
        self._desk.close()

    def run(self, pages: int) -> None:
        """Mangle so many pages in as many checks as that takes."""
        while self.pages < pages:
            self.polls += 1
            self._one_poll()

    def _one_poll(self) -> None:
        is_first = self._dice.random() < 0.3
        self._desk.back_to("first.db" if is_first else "known.db")
        self._touched, self._how, self._is_lied_to = set(), [], False
        # A server that is wrong is often wrong in the same way each time it is asked.
        is_steady, share = self._dice.random() < _STEADY, self._dice.choice(_SHARES)
        seed = self._dice.random()
        mangler = Mangler(random.Random(seed), swaps_numbers=not is_first)

        def rewrite(path: str, body: bytes) -> bytes:
            if self._dice.random() >= share:
                return body
            again = Mangler(random.Random(f"{seed} {path}"), swaps_numbers=not is_first) if is_steady else mangler
            mangled = again.mangle(body)
            self._note(path, mangled)
            return mangled.body

        run = self._polled(rewrite)
        self.outcomes[run.outcome] += 1
        if run.outcome not in _ALLOWED:
            self._fail(f"the check ended {run.outcome}: {run.reason}")
        shown = self._looked_at()
        self._look_at_sentences(run, shown)
        if run.outcome is PollOutcome.DONE:
            self._look_at_untouched(shown, "beside the mangled rows")
        elif not is_first:
            self._look_at_all(shown, "after a check that was refused")
        if not is_first and not self._is_lied_to and self._dice.random() < _HEALED:
            self._expect(self._desk.poll(is_full=True), PollOutcome.DONE)
            self._look_at_all(self._looked_at(), "after the next good check")

    def _polled(self, rewrite: object) -> PollRun:
        try:
            return self._desk.poll(rewrite, is_full=self._dice.random() < 0.8)  # type: ignore[arg-type] # as it is made above
        except Exception as error:
            raise FuzzError(self._again(f"the check crashed: {error!r}")) from error

    def _looked_at(self) -> Shown:
        try:
            return self._desk.shown()
        except Exception as error:
            raise FuzzError(self._again(f"what was stored cannot be shown: {error!r}")) from error

    def _note(self, path: str, mangled: Mangled) -> None:
        self.pages += 1
        self.manglers.update(mangled.how.split("+"))
        # What an account or the organisation is says something of each payment.
        self._touched |= {EVERY_ROW} if path.endswith(_OF_ALL) else mangled.touched
        self._is_lied_to |= mangled.is_lie
        self._how.append(f"{path}: {mangled.how}")

    def _look_at_sentences(self, run: PollRun, shown: Shown) -> None:
        said = [row.problem for row in shown.unreadable]
        said += [run.reason] if run.outcome is not PollOutcome.DONE else []
        for sentence in said:
            if not _SENTENCE.fullmatch(sentence) or _NO_SENTENCE.search(sentence) or not sentence.isprintable():
                self._fail(f"that is no sentence: {sentence!r}")

    def _look_at_untouched(self, shown: Shown, when: str) -> None:
        if EVERY_ROW in self._touched:
            return
        for number in set(self._desk.numbers.values()) - self._touched_numbers():
            if shown.proposals.get(number) != self._truth.proposals.get(number):
                self._fail(f"{number} was not touched, and something else is proposed on it {when}")

    def _look_at_all(self, shown: Shown, when: str) -> None:
        if shown.proposals != self._truth.proposals:
            numbers = {*shown.proposals, *self._truth.proposals}
            other = [n for n in sorted(numbers) if shown.proposals.get(n) != self._truth.proposals.get(n)]
            self._fail(f"something else is proposed {when} on {', '.join(other)}; unreadable: {shown.unreadable}")

    def _touched_numbers(self) -> set[str]:
        numbers, payments = self._desk.numbers, self._desk.xero.ledger.payments
        of_payments = {numbers.get(payments[name].document_id, "") for name in self._touched if name in payments}
        return {numbers.get(name, name) for name in self._touched} | of_payments

    def _expect(self, run: PollRun, outcome: PollOutcome) -> None:
        if run.outcome is not outcome:
            self._fail(f"a good check ended {run.outcome}: {run.reason}")

    def _fail(self, what: str) -> None:
        raise FuzzError(self._again(what))

    def _again(self, what: str) -> str:
        shown = "\n".join(self._how)
        return f"seed {self.seed}, check {self.polls}: {what}\nFUZZ_SEED={self.seed} repeats it. Mangled:\n{shown}"
