"""Starting at sign-in is shown and changed without a window, too."""

from dataclasses import replace

from cmxero_desktop.services.records.autostart import ELSEWHERE
from tests.cli.conftest import Office


def test_it_is_shown_switched_on_and_off(office: Office) -> None:
    assert office.run("autostart") == 0
    assert office.out == "It does not start when you sign in. To have it so: cmxero autostart on\n"
    assert office.json("autostart", "on") == {
        "is_supported": True,
        "is_on": True,
        "is_elsewhere": False,
        "said": "The system keeps it.",
    }
    assert office.run("autostart") == 0
    assert office.out == "It starts in the tray when you sign in. The system keeps it.\n"
    assert office.json("autostart", "off")["is_on"] is False
    assert office.desk.calls == [("set_autostart", True), ("set_autostart", False)]


def test_where_it_cannot_be_it_says_why(office: Office) -> None:
    office.desk.autostart = replace(office.desk.autostart, is_supported=False, said="This system has no way.")
    assert office.run("autostart") == 0
    assert office.out == "This system has no way.\n"


def test_another_word_is_wrong_usage(office: Office) -> None:
    assert office.run("autostart", "perhaps") == 2


def test_where_another_folder_starts_it_says_so(office: Office) -> None:
    office.desk.autostart = replace(office.desk.autostart, is_elsewhere=True, said=ELSEWHERE)
    assert office.run("autostart") == 0
    assert office.out.startswith("At sign-in the program starts with another of its folders.")
    assert "cmxero autostart on" in office.out
