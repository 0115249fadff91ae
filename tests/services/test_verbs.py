"""The use cases fit the verbs that the window and the command line share."""

from pathlib import Path

from cmxero_desktop.services.desk_view import read_desk
from cmxero_desktop.services.records import PollRun
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.services.verifying import verify
from tests.services.desk import ANN, NOV_1, Desk, ids


def verbs_of(desk: Desk) -> Verbs:
    def poll(is_full: bool) -> PollRun:  # noqa: FBT001 - the verb's own shape
        return desk.polling.poll(is_full=is_full)

    return Verbs(
        settings=desk.settings.load,
        poll=poll,
        view=lambda: read_desk(desk.store),
        approve=desk.deciding.approve,
        approve_all=desk.deciding.approve_all,
        apply=desk.applying.apply,
        reject=desk.deciding.reject,
        hold=desk.deciding.hold,
        reopen=desk.deciding.reopen,
        undo=desk.undoing.undo,
        choose_link=lambda proposal_id, key, by: desk.deciding.choose_link(proposal_id, key, by).proposal_id,
        export=Path,
        verify=lambda: verify(desk.store),
        doctor=tuple,
    )


def test_a_journey_by_verbs(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    verbs = verbs_of(desk)
    assert verbs.poll(False).counts.proposed == 1  # noqa: FBT003 - the verb's own shape
    assert len(verbs.approve_all(ANN).done) == 1
    assert len(verbs.apply(None, ANN).applied) == 1
    (applied,) = verbs.view().undoable.values()
    assert verbs.undo(ids([applied]), by=ANN, reason="a mistake").is_complete
    assert verbs.verify().is_good
