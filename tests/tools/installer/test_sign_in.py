"""The setup's tick and the program's own switch write one value, and what `reg query` says of it is read right."""

import re

import pytest

from cmxero_desktop.adapters.autostart import APPROVED_KEY, RUN_KEY, VALUE_NAME, run_value
from tools.installer.bundle import HERE
from tools.installer.sign_in import value_in

SETUP = (HERE / "setup.nsi").read_text(encoding="utf-8")
PROGRAM = r"C:\Users\J. Wu\AppData\Local\Programs\CM-Xero Desk\cmxero-desktop.exe"


def test_the_setup_s_tick_stands_where_the_program_s_own_switch_is() -> None:
    defined = dict(re.findall(r'^!define (\w+) "(.*)"$', SETUP, re.MULTILINE))
    assert (defined["PRODUCT"], defined["RUN_KEY"], defined["APPROVED_KEY"]) == (VALUE_NAME, RUN_KEY, APPROVED_KEY)


def test_the_setup_s_tick_is_the_program_s_own_switch() -> None:
    ((written, _),) = re.findall(r"StrCpy \$0 '(.*)'(?=\n(.*\n){1,9}  WriteRegStr HKCU \"\$\{RUN_KEY\}\")", SETUP)
    assert written.replace(r"$INSTDIR\cmxero-desktop.exe", PROGRAM) == run_value([PROGRAM, "--hidden"])


def test_what_the_program_wrote_for_another_home_begins_as_the_setup_s_tick() -> None:
    """By that the setup knows at an upgrade that it may keep it."""
    assert run_value([PROGRAM, "--hidden", "--home", r"D:\desk 2"]).startswith(run_value([PROGRAM, "--hidden"]))


@pytest.mark.parametrize(
    "line",
    ['    CM-Xero Desk    REG_SZ    "C:\\a b\\c.exe" --hidden\r', '  CM-Xero Desk REG_SZ "C:\\a b\\c.exe" --hidden'],
)
def test_a_value_of_the_registry_is_read_with_its_kind(line: str) -> None:
    said = f"\r\nHKEY_CURRENT_USER\\{RUN_KEY}\r\n{line}\n\r\n"
    assert value_in(said, VALUE_NAME) == ("REG_SZ", r'"C:\a b\c.exe" --hidden')


def test_a_value_that_is_not_there_is_none() -> None:
    assert value_in("reg: Unable to find the specified registry value\r\n", VALUE_NAME) is None
