"""Where several desktops share a store, the people set in one window count at each, whatever its own file says."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.connecting.epochs import confirm_store
from cmxero_desktop.services.deciding.accepting_totals import accept_totals
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.changing_settings import change_settings, read_setting_texts
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.records.settings import Mode, PeopleSettings
from tests.services.deciding.pressing import ANN, BOB, CID, added, approve, set_people, write
from tests.services.desk import Desk, FakeSettingsFile

FORMS = SettingForms(texts_of, with_texts)
ALL = {"people.second_approver": "all", "people.approvers": f"{ANN}\n{BOB}"}


def other_desktop(desk: Desk) -> None:
    """Sit down at another desktop of the store, whose own file knows nothing of people."""
    desk.settings = FakeSettingsFile()
    desk.restart()


def test_what_is_set_at_one_desktop_counts_at_all(desk: Desk) -> None:
    desk.is_store_shared = True
    add = added(desk)
    change_settings(desk.outside, FORMS, ALL, ANN)
    other_desktop(desk)
    assert desk.settings.settings.people == PeopleSettings()
    assert read_setting_texts(desk.outside, FORMS)["people.second_approver"] == "all"
    with pytest.raises(NotAllowedError, match="Cid may not do this"):
        approve(desk, add, CID)
    assert approve(desk, add, BOB) == "half"
    assert write(desk, BOB) == []
    assert approve(desk, add, ANN) == "done"
    assert write(desk, BOB) == [add.proposal_id]
    assert desk.undoing.undo([add.proposal_id], by=BOB, reason="r").half
    assert desk.paid() == ["400.00"]


def test_what_another_desktop_approved_alone_before_is_not_written_by_it(desk: Desk) -> None:
    desk.is_store_shared = True
    add = added(desk)
    approve(desk, add, ANN)
    change_settings(desk.outside, FORMS, ALL, ANN)
    other_desktop(desk)
    assert write(desk, ANN) == []
    assert desk.again(add).state is ProposalState.APPROVED


def test_whoever_is_not_named_there_changes_nothing_from_another_desktop(desk: Desk) -> None:
    desk.is_store_shared = True
    desk.poll()
    change_settings(desk.outside, FORMS, ALL, ANN)
    other_desktop(desk)
    acts: tuple[Callable[[], object], ...] = (
        lambda: change_settings(desk.outside, FORMS, {"people.second_approver": "off"}, CID),
        lambda: change_mode(desk.outside, Mode.APPROVE, Saying(by=CID, reason="r")),
        lambda: accept_totals(desk.outside, by=CID, reason="r", shown="X"),
        lambda: confirm_store(desk.outside, by=CID, reason="r"),
    )
    for act in acts:
        with pytest.raises(NotAllowedError, match="Cid may not do this"):
            act()
    assert "observe now" in change_mode(desk.outside, Mode.OBSERVE, Saying(by=CID, reason="r")), "anybody may stop it"
    change_settings(desk.outside, FORMS, {"people.second_approver": "off"}, BOB)
    assert desk.state().office == Office(approvers=(ANN, BOB))


def test_other_settings_say_nothing_of_people(desk: Desk) -> None:
    desk.is_store_shared = True
    desk.poll()
    change_settings(desk.outside, FORMS, {"poll.interval_min": "15"}, CID)
    assert desk.state().office is None
    change_settings(desk.outside, FORMS, ALL, ANN)
    other_desktop(desk)
    change_settings(desk.outside, FORMS, {"poll.interval_min": "20"}, CID)
    assert desk.state().office == Office(approvers=(ANN, BOB), rule=SecondRule.ALL)
    assert desk.settings.settings.people.office == desk.state().office, "the file tells what counts"


def test_a_store_of_one_computer_leaves_the_word_to_its_file(desk: Desk) -> None:
    add = added(desk)
    change_settings(desk.outside, FORMS, {"people.second_approver": "all"}, ANN)
    assert desk.state().office is None
    set_people(desk, SecondRule.OFF)
    assert approve(desk, add, ANN) == "done"


def test_nobody_without_a_name_changes_the_people(desk: Desk) -> None:
    desk.poll()
    with pytest.raises(NotAllowedError):
        change_settings(desk.outside, FORMS, ALL, " ")
    assert desk.settings.settings == replace(desk.settings.settings, people=PeopleSettings())
