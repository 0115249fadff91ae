"""Open the desk only when the worker first needs it, so that the window is painted before databases are loaded."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from cmxero_desktop.adapters.bundle_file import write_bundle
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck
from cmxero_desktop.services.verbs import Verbs


class LateDesk:
    """A desk that opens with the first verb, on the thread that calls it, and is closed on that thread too."""

    def __init__(
        self,
        open_verbs: Callable[[], AbstractContextManager[Verbs]],
        doctor: Callable[[], tuple[HealthCheck, ...]],
        bundle: Callable[[BundleChoice], Bundle],
    ) -> None:
        """`doctor` and `bundle` are for a desk that cannot be opened: they look at its parts one by one."""
        self._open_verbs = open_verbs
        self._doctor_apart = doctor
        self._bundle_apart = bundle
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
            poll=lambda ask: desk().poll(ask),
            progress=lambda: self._opened.progress() if self._opened else None,
            stop_waiting=lambda: self._opened.stop_waiting() if self._opened else None,
            note_missed=lambda missed: desk().note_missed(missed),
            tend=lambda: desk().tend(),
            sign_in=lambda secret: desk().sign_in(secret),
            cancel_sign_in=lambda: self._opened.cancel_sign_in() if self._opened else None,
            pin=lambda tenant_id, by: desk().pin(tenant_id, by),
            disconnect=lambda by: desk().disconnect(by),
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
            doctor=self._doctor,
            health=lambda: desk().health(),
            bundle=self._bundle,
            write_bundle=write_bundle,
        )

    def _doctor(self) -> tuple[HealthCheck, ...]:
        try:
            desk = self._desk()
        except DeskError:
            return self._doctor_apart()
        return desk.doctor()

    def _bundle(self, choice: BundleChoice) -> Bundle:
        try:
            desk = self._desk()
        except DeskError:
            return self._bundle_apart(choice)
        return desk.bundle(choice)

    def _desk(self) -> Verbs:
        if self._opened is None:
            self._opened = self._stack.enter_context(self._open_verbs())
        return self._opened
