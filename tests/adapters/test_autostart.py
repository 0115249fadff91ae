"""Starting at sign-in stands where the system keeps it, for this person alone, and as the setup program writes it."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.adapters.autostart import (
    APPROVED_KEY,
    ENTRY_NAME,
    RUN_KEY,
    VALUE_NAME,
    NoAutostart,
    WindowsAutostart,
    XdgAutostart,
    exec_line,
    person_registry,
    run_value,
)
from cmxero_desktop.domain.errors import AutostartError

SETUP_SCRIPT = Path(__file__).parents[2] / "tools/installer/setup.nsi"
INSTALLED = r"C:\Users\Ann\AppData\Local\Programs\CM-Xero Desk"
COMMAND = (rf"{INSTALLED}\cmxero-desktop.exe", "--hidden")


class FakeRegistry:
    """A person's part of the registry, in memory."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.error: OSError | None = None

    def get(self, key: str, name: str) -> str | bytes | None:
        self._fail()
        return self.values.get((key, name))

    def set(self, key: str, name: str, text: str) -> None:
        self._fail()
        self.values[key, name] = text

    def delete(self, key: str, name: str) -> None:
        self._fail()
        self.values.pop((key, name), None)

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


def defined(name: str) -> str:
    """Return what the setup program's script calls by a name, with what that names in it."""
    script = SETUP_SCRIPT.read_text(encoding="utf-8")
    (value,) = re.findall(rf'^!define {name} "(.*)"$', script, re.MULTILINE)
    return str(value)


def test_windows_has_the_very_value_that_the_setup_program_writes(registry: FakeRegistry) -> None:
    script = SETUP_SCRIPT.read_text(encoding="utf-8")
    # What a fresh setup has in $0 when it comes to the value; an upgrade may keep a longer one that begins so.
    (written,) = re.findall(
        r"""StrCpy \$0 '(.*)'\n(?:  .*\n)*  WriteRegStr HKCU "\$\{RUN_KEY\}" "\$\{PRODUCT\}" \$0$""",
        script,
        re.MULTILINE,
    )
    WindowsAutostart(registry, COMMAND).set(is_on=True)
    assert registry.values == {
        (defined("RUN_KEY"), defined("PRODUCT")): written.replace("$INSTDIR", INSTALLED),
    }
    assert (defined("RUN_KEY"), defined("PRODUCT")) == (RUN_KEY, VALUE_NAME)


def test_what_the_setup_program_ticked_is_on_and_can_be_taken_back(registry: FakeRegistry) -> None:
    autostart = WindowsAutostart(registry, COMMAND)
    assert not autostart.seen().is_on
    registry.values[RUN_KEY, VALUE_NAME] = run_value(COMMAND)
    assert autostart.seen().is_on
    autostart.set(is_on=False)
    assert registry.values == {}
    autostart.set(is_on=False)


@pytest.mark.parametrize(
    ("approved", "is_on"), [(b"\x02" + bytes(11), True), (b"\x03" + bytes(11), False), (b"", True), ("text", True)]
)
def test_what_a_person_switched_off_in_task_manager_is_off(
    registry: FakeRegistry,
    approved: bytes | str,
    is_on: bool,  # noqa: FBT001
) -> None:
    autostart = WindowsAutostart(registry, COMMAND)
    autostart.set(is_on=True)
    registry.values[APPROVED_KEY, VALUE_NAME] = approved
    assert autostart.seen().is_on is is_on
    autostart.set(is_on=True)
    assert autostart.seen().is_on


def test_a_home_folder_of_its_own_goes_along() -> None:
    assert run_value((*COMMAND, "--home", r"D:\firm two")).endswith(r'desktop.exe" --hidden --home "D:\firm two"')
    assert run_value((r"C:\x.exe",)) == r'"C:\x.exe"'


HOMES = ((), ("--home", r"D:\firm two"), ("--home", r"D:\firm"))


@pytest.mark.parametrize("own", HOMES)
@pytest.mark.parametrize("other", HOMES)
@pytest.mark.parametrize("system", ["windows", "linux"])
def test_only_the_folder_that_starts_says_so_and_another_does_not_switch_it_off(
    registry: FakeRegistry, tmp_path: Path, own: tuple[str, ...], other: tuple[str, ...], system: str
) -> None:
    def autostart(words: tuple[str, ...]) -> WindowsAutostart | XdgAutostart:
        command = (*COMMAND, *words)
        return WindowsAutostart(registry, command) if system == "windows" else XdgAutostart(tmp_path, command)

    autostart(other).set(is_on=True)
    seen = autostart(own).seen()
    assert (seen.is_on, seen.is_elsewhere) == (own == other, own != other)
    assert seen.said.startswith("At sign-in the program starts with another of its folders.") is (own != other)
    autostart(own).set(is_on=False)
    assert autostart(other).seen().is_on is (own != other)
    autostart(own).set(is_on=True)
    assert autostart(own).seen().is_on


def test_wherever_the_program_lies_by_now_it_is_the_same_folder_that_starts(registry: FakeRegistry) -> None:
    WindowsAutostart(registry, (r"C:\OLD\cmxero-desktop.exe", "--hidden", "--home", r"D:\Firm")).set(is_on=True)
    assert WindowsAutostart(registry, (*COMMAND, "--home", r"d:\firm")).seen().is_on


def test_what_windows_refuses_is_told(registry: FakeRegistry) -> None:
    registry.error = PermissionError(5, "Access is denied")
    autostart = WindowsAutostart(registry, COMMAND)
    seen = autostart.seen()
    assert (seen.is_supported, seen.said) == (False, "Windows does not say it: Access is denied.")
    with pytest.raises(AutostartError, match="did not take it: Access is denied"):
        autostart.set(is_on=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has one")
def test_elsewhere_there_is_no_registry() -> None:
    assert person_registry() is None


def test_linux_has_a_file_that_is_there_or_not(tmp_path: Path) -> None:
    autostart = XdgAutostart(tmp_path / "autostart", ("/opt/cm-xero-desk/cmxero-desktop", "--hidden"))
    path = tmp_path / "autostart" / ENTRY_NAME
    assert (autostart.seen().is_on, autostart.seen().is_supported) == (False, True)
    autostart.set(is_on=True)
    assert autostart.seen().is_on
    assert 'Exec="/opt/cm-xero-desk/cmxero-desktop" "--hidden"' in path.read_text("utf-8").splitlines()
    assert [file.name for file in path.parent.iterdir()] == [ENTRY_NAME]
    autostart.set(is_on=False)
    assert not path.exists()
    autostart.set(is_on=False)
    assert str(path) in autostart.seen().said


@pytest.mark.parametrize(
    "text",
    [
        "[Desktop Entry]\nExec=x\nHidden=true\n",
        "[Desktop Entry]\nExec=x\nX-GNOME-Autostart-enabled = False\n",
        "[Desktop Entry]\nExec=\n",
        "[Other]\nExec=x\n",
        "Exec=x\n",
        "",
        "\udcff",
    ],
)
def test_what_a_desktop_switched_off_or_nobody_understands_is_off(tmp_path: Path, text: str) -> None:
    (tmp_path / ENTRY_NAME).write_text(text, encoding="utf-8", errors="surrogateescape")
    autostart = XdgAutostart(tmp_path, ("x",))
    assert not autostart.seen().is_on
    autostart.set(is_on=True)
    assert autostart.seen().is_on


def test_what_a_disk_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(AutostartError, match="could not be changed"):
        XdgAutostart(tmp_path / "file", ("x",)).set(is_on=True)


WORD = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=20)


def read_back(line: str) -> list[str]:
    """Read a command as the Desktop Entry Specification says: the text's escapes, then the quotes', then the signs."""
    text = re.sub(r"\\\\", lambda _: "\\", line)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]


@given(st.lists(WORD, min_size=1, max_size=4))
def test_every_word_of_a_command_comes_through_as_desktops_read_it(words: list[str]) -> None:
    line = exec_line(words)
    assert read_back(line) == words
    assert "%" not in line.replace("%%", "")


def test_signs_that_a_desktop_would_obey_are_written_as_the_specification_says() -> None:
    assert exec_line(("/a b/50%", 'q"$`\\')) == '"/a b/50%%" "q\\\\"\\\\$\\\\`\\\\\\\\"'


def test_where_it_cannot_be_it_says_why() -> None:
    nowhere = NoAutostart("This system has no way.")
    assert (nowhere.seen().is_supported, nowhere.seen().said) == (False, "This system has no way.")
    with pytest.raises(AutostartError, match="no way"):
        nowhere.set(is_on=True)
