"""The use cases fit the verbs that the window and the command line share."""

from pathlib import Path

from cmxero_desktop.services.connecting.tending import tend
from cmxero_desktop.services.records.reports import Bundle, HealthFacts
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.timetable.noting import note_missed
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.services.viewing.desk_view import read_desk
from cmxero_desktop.services.viewing.verifying import verify
from tests.services.desk import ANN, NOV_1, Desk, ids
from tests.services.fake_sign_in import WU, FakeSignIn

HEALTH = HealthFacts(home="", store_place="", log_file="", disk_free_bytes=1, versions={})


def verbs_of(desk: Desk) -> Verbs:

    return Verbs(
        settings=desk.settings.load,
        poll=desk.polling.poll,
        progress=lambda: None,
        stop_waiting=lambda: None,
        note_missed=lambda missed: note_missed(desk.store, desk.clock, missed),
        tend=lambda: tend(desk.store, FakeSignIn(), desk.clock),
        sign_in=lambda _secret: (),
        cancel_sign_in=lambda: None,
        pin=lambda _, __: WU,
        disconnect=lambda _: None,
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
        health=lambda: HEALTH,
        bundle=lambda _: Bundle(()),
        write_bundle=lambda _, path: path,
    )


def test_a_journey_by_verbs(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "10.00", NOV_1)
    verbs = verbs_of(desk)
    assert verbs.poll(PollAsk()).counts.proposed == 1
    assert len(verbs.approve_all(ANN).done) == 1
    assert len(verbs.apply(None, ANN).applied) == 1
    (applied,) = verbs.view().undoable.values()
    assert verbs.undo(ids([applied]), by=ANN, reason="a mistake").is_complete
    assert verbs.verify().is_good
