"""The desktop program on an empty home folder opens the wizard, and on a broken one says what is wrong as ever."""

import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app import command_line, desktop, first_run
from cmxero_desktop.app.desks import Parts
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.runtime.single_instance import SingleInstance
from cmxero_desktop.sandbox.firm.running import open_firm
from cmxero_desktop.services.records.settings import Mode, Settings
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.desk.preferences import APPROVER, FilePreferences
from cmxero_desktop.ui.wizard.wizard import Wizard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Person:
    """Looks at the wizard again and again, and does one step whenever that can be done."""

    def __init__(self, *steps: Callable[[Wizard], object]) -> None:
        self.steps = list(steps)
        self.timer = QTimer()
        self.timer.setInterval(10)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self) -> None:
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, Wizard) and w.isVisible()]
        if not shown or shown[0].page.is_busy:
            return
        if self.steps:
            try:
                self.steps.pop(0)(shown[0])
            except BaseException:
                # Nobody would go on, and the wizard would wait for ever.
                self.timer.stop()
                QApplication.quit()
                raise


def follow(address: str) -> bool:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the sandbox's own address
        answer.read()
    return True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Open no window of the firm and no demo; say which would have been opened."""
    application()
    seen: list[str] = []

    def window(
        folder: Path, instance: SingleInstance, asked: desktop._Asked, *, is_hidden: bool, take_away: object
    ) -> int:
        del take_away
        assert instance._lock.is_locked
        assert asked.show == [], "the wizard is not raised any more"
        seen.append(f"window of {folder.name}{', hidden' if is_hidden else ''}")
        return 0

    def demo(pictures: Path | None) -> int:
        seen.append(f"demo {pictures}")
        return 0

    monkeypatch.setattr(desktop, "_run_window", window)
    monkeypatch.setattr(desktop, "_run_demo", demo)
    monkeypatch.setattr(desktop, "start_logging", lambda *_, **__: None)
    return seen


def enter(wizard: Wizard) -> None:
    assert wizard.next_button.isEnabled(), wizard.page.said.text()
    wizard.next_button.click()


def test_from_an_empty_home_to_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: list[str]) -> None:
    secrets = MemorySecrets()
    monkeypatch.setattr(command_line, "real_parts", lambda: Parts(secrets=lambda: secrets, open_browser=follow))
    home = tmp_path / "home"
    with open_firm(tmp_path / "firm", size=5) as firm, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        monkeypatch.setenv(first_run.IDENTITY_URL, firm.xero.identity_url)
        monkeypatch.setenv(first_run.API_URL, firm.xero.api_url)

        def sign_in(wizard: Wizard) -> None:
            wizard.xero.client_id.setText(firm.xero.client_id)
            wizard.xero.port.setText(str(port))
            wizard.xero.sign_in_button.click()

        def find(wizard: Wizard) -> None:
            wizard.database.kind.setCurrentText("SQLite file")
            wizard.database.file.setText(str(firm.case_database.path))
            wizard.database.test_button.click()

        def say_who(wizard: Wizard) -> None:
            wizard.people.name.setText("J. Wu")
            enter(wizard)

        def be_quiet(wizard: Wizard) -> None:
            wizard.notices.holidays.setCurrentText("NSW")
            enter(wizard)

        def look(wizard: Wizard) -> None:
            assert wizard.check.unchanged.isVisible(), wizard.check.said.text()
            assert wizard.check.report is not None
            opened.append(f"{wizard.check.report.matched} matched")

        person = Person(enter, sign_in, enter, find, enter, enter, say_who, be_quiet, look, enter)
        assert desktop.run_desktop(["--home", str(home), "--hidden"]) == 0
    assert person.steps == []
    assert opened[1:] == ["window of home"], "whoever has just set it up wants to see it"
    assert int(opened[0].split()[0]) > 5
    settings = TomlSettingsFile(home).load()
    assert (settings.mode, settings.xero.tenant_id) == (Mode.OBSERVE, firm.xero.tenant_id)
    assert settings.notices.holidays.region == "NSW"
    assert FilePreferences(home / "window.ini").get(APPROVER) == "J. Wu"


def test_the_demo_is_opened_instead_and_cancelling_opens_nothing(tmp_path: Path, opened: list[str]) -> None:
    person = Person(lambda wizard: wizard.welcome.demo.click())
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 0
    assert opened == ["demo None"]
    person.steps = [lambda wizard: wizard.reject()]
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 0
    assert opened == ["demo None"]
    assert not TomlSettingsFile(tmp_path).exists()


def test_a_home_that_is_set_up_opens_without_the_wizard(tmp_path: Path, opened: list[str]) -> None:
    TomlSettingsFile(tmp_path).save(Settings())
    assert desktop.run_desktop(["--home", str(tmp_path), "--hidden"]) == 0
    assert opened == [f"window of {tmp_path.name}, hidden"]


def test_broken_settings_keep_their_sentence(tmp_path: Path, opened: list[str]) -> None:
    (tmp_path / "settings.toml").write_text("mode = 7\n")
    with pytest.raises(SettingsError, match="Line 1: mode is 7"):
        desktop._run_firm(tmp_path, is_hidden=False)
    assert opened == []


def test_without_a_screen_the_sentence_names_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: list[str]
) -> None:
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    with pytest.raises(SettingsError, match="cmxero init"):
        desktop._run_firm(tmp_path, is_hidden=False)
    assert opened == []


def test_a_second_start_raises_the_wizard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: list[str]) -> None:
    raised: list[bool] = []
    monkeypatch.setattr(Wizard, "come_forward", lambda wizard: raised.append(wizard.isVisible()))

    def start_again(_: Wizard) -> None:
        with SingleInstance(tmp_path, on_raise=lambda: None) as second:
            assert not second.acquire()

    def leave(wizard: Wizard) -> None:
        wizard.reject()

    person = Person(start_again, leave)
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 0
    assert (person.steps, opened, raised) == ([], [], [True])
