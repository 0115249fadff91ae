"""Open the desk only when the worker first needs it, so that the window is painted before databases are loaded."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from cmxero_desktop.services.verbs import Verbs


class LateDesk:
    """A desk that opens with the first verb, on the thread that calls it, and is closed on that thread too."""

    def __init__(self, open_verbs: Callable[[], AbstractContextManager[Verbs]]) -> None:
        self._open_verbs = open_verbs
        self._stack = ExitStack()
        self._opened: Verbs | None = None

    def close(self) -> None:
        """Close the desk if it was opened."""
        self._opened = None
        self._stack.close()

    def verbs(self) -> Verbs:
        """Return verbs that open the desk when they are first used; each raises what opening raises."""
        desk = self._desk
        return Verbs(
            settings=lambda: desk().settings(),
            poll=lambda is_full: desk().poll(is_full),
            view=lambda: desk().view(),
            approve=lambda ids, *, by, release_reason="": desk().approve(ids, by=by, release_reason=release_reason),
            approve_all=lambda by: desk().approve_all(by),
            apply=lambda ids, by: desk().apply(ids, by),
            reject=lambda ids, *, by, reason: desk().reject(ids, by=by, reason=reason),
            hold=lambda ids, *, by, reason="", until=None: desk().hold(ids, by=by, reason=reason, until=until),
            reopen=lambda ids, *, by, reason: desk().reopen(ids, by=by, reason=reason),
            undo=lambda ids, *, by, reason: desk().undo(ids, by=by, reason=reason),
            choose_link=lambda proposal_id, payment_id, by: desk().choose_link(proposal_id, payment_id, by),
            export=lambda path: desk().export(path),
            verify=lambda: desk().verify(),
            doctor=lambda: desk().doctor(),
        )

    def _desk(self) -> Verbs:
        if self._opened is None:
            self._opened = self._stack.enter_context(self._open_verbs())
        return self._opened
