"""What starts at sign-in is chosen by the system, for real in the folder that XDG_CONFIG_HOME names."""

import sys
from pathlib import Path

import pytest

from cmxero_desktop.adapters.autostart import ENTRY_NAME, NoAutostart
from cmxero_desktop.app import autostart as chosen
from cmxero_desktop.app.autostart import autostart_of, not_by_itself, starter, xdg_config_home
from cmxero_desktop.app.command_line import real_parts
from cmxero_desktop.app.desks import Desks
from cmxero_desktop.cli.main import run
from cmxero_desktop.places import platform_home
from cmxero_desktop.services.verbs.commands.computer import ReadAutostart, SetAutostart

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux' own way")


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def exec_of(config: Path) -> str:
    lines = (config / "autostart" / ENTRY_NAME).read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith("Exec="))


def test_off_until_it_is_switched_on_and_off_again(config: Path, tmp_path: Path) -> None:
    with Desks(real_parts()).closed(tmp_path / "home") as desk:
        assert not desk.run(ReadAutostart()).is_on
        assert not config.exists()
        assert desk.run(SetAutostart(is_on=True)).is_on
        program = starter()
        assert program is not None
        assert program.is_file()
        assert exec_of(config) == f'Exec="{program}" "--hidden" "--home" "{tmp_path / "home"}"'
        assert not desk.run(SetAutostart(is_on=False)).is_on
    assert list((config / "autostart").iterdir()) == []


def test_the_command_line_does_the_same(config: Path, tmp_path: Path) -> None:
    for words, is_on in (((), False), (("on",), True), ((), True), (("off",), False)):
        assert run(["autostart", *words, "--home", str(tmp_path / "home")], Desks(real_parts())) == 0
        assert (config / "autostart" / ENTRY_NAME).exists() is is_on


def test_the_usual_home_folder_needs_no_name(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMXERO_HOME", "/elsewhere")
    autostart_of(platform_home()).set(is_on=True)
    assert exec_of(config).endswith('cmxero-desktop" "--hidden"')


def test_a_name_that_is_no_whole_path_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    assert xdg_config_home() == Path.home() / ".config"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert xdg_config_home() == Path.home() / ".config"


def test_an_invented_firm_does_not_start_by_itself(tmp_path: Path) -> None:
    assert not not_by_itself(tmp_path).seen().is_supported


def test_without_its_program_and_on_other_systems_it_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(sys, "platform", "darwin")
        assert isinstance(autostart_of(tmp_path), NoAutostart)
        assert "no way" in autostart_of(tmp_path).seen().said
    monkeypatch.setattr(chosen, "_places", lambda: iter([tmp_path / "cmxero-desktop"]))
    assert "was not found" in autostart_of(tmp_path).seen().said
