"""The processes that are killed: a helper imports the program once and forks a victim for each line it reads.

Each line names the folder, what to do, how many rows are planned at once, and where to die: at the n-th step by the
victim's own hand, or by the helper's, at some moment after the n-th step while the victim goes on. The answer says
which signal ended it.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.verbs.commands.deciding import Approve
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.writing.applying import Applying
from tests.kill.planted import plant
from tests.kill.steps import Steps, count_steps

APPROVER = "J. Wu"
REASON = "taken back in a test"


class StandingSecrets:
    """A keyring that holds one sign-in, whichever home folder asks for it, and no store's mark: each is put back.

    It is always the same one, as the stores that are put back were kept by it.
    """

    def describe(self) -> str:
        """Say what it is called."""
        return "a keyring that stands still"

    def get(self, name: str) -> str | None:
        """Return the refresh token, or by what this keyring is told from others."""
        if name == "store-keyring":
            return "standing"
        return None if name.startswith("store-") else "plain-refresh"

    def set(self, name: str, value: str) -> None:
        """Forget what a renewal gives: the stand-in for Xero takes the first token for ever."""

    def delete(self, name: str) -> None:
        """Stay signed in."""


def desks() -> Desks:
    """Return the real desks, with a keyring that needs no service."""
    secrets = StandingSecrets()
    return Desks(Parts(secrets=lambda: secrets, open_browser=lambda _: False))


def in_need(view: DeskView) -> tuple[ProposalId, ...]:
    """Return the rows of Review in an order in which each can be approved: what needs another one's room after that.

    Which of two rows of a day is listed first is chance, and differs by day.
    """
    rows = sorted((row.stored for row in view.review), key=lambda stored: bool(stored.proposal.depends_on))
    return tuple(stored.proposal_id for stored in rows)


def act(desk: Desk, what: str) -> None:
    """Do what the victim is there for: approve and apply everything, take everything back, or nothing more."""
    view = desk.run(ReadView())
    if what == "apply":
        ids = in_need(view)
        for row_id in ids:
            desk.run(Approve(ids=(row_id,), by=APPROVER))
        desk.run(Apply(ids=ids, by=APPROVER))
    elif what == "undo":
        applied = sorted(s.proposal_id for s in view.proposals.values() if s.state is ProposalState.APPLIED)
        desk.run(Undo(ids=tuple(applied), by=APPROVER, reason=REASON))


def main() -> None:
    """Warm up on the first line, then fork a victim for each of the others."""
    for line in sys.stdin:
        job: dict[str, Any] = json.loads(line)
        if job["what"] == "warm up":
            with desks().open(Path(job["home"])) as desk:
                act(desk, "apply")
            answer: dict[str, Any] = {}
        else:
            answer = _run(job)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _run(job: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(job, writing)
    os.close(writing)
    steps: list[str] = []
    with os.fdopen(reading, encoding="utf-8", buffering=1) as told:
        for step in told:
            steps.append(step.rstrip("\n"))
            if len(steps) == job.get("kill_after"):
                _linger(job["linger"])
                os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return {"steps": steps, "status": os.waitstatus_to_exitcode(status)}


def _linger(turns: int) -> None:
    """Let the victim get a little further; counted, not slept."""
    for _ in range(turns):
        pass


def _live(job: dict[str, Any], report: int) -> NoReturn:
    """Be the victim."""
    # Whatever happens, the helper's own code must not go on in this process.
    try:
        plant(job.get("bug"))
        Applying.__init__.__kwdefaults__ = {"at_once": job["at_once"]}
        count_steps(Steps(report, job.get("kill_at")))
        with desks().open(Path(job["home"])) as desk:
            act(desk, job["what"])
    except BaseException:  # noqa: BLE001 - an exception that got out would run the helper's code twice
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
