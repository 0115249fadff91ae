"""What is asked of the settings, the mode among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmxero_desktop.services.records.settings import Mode, Settings
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True)
class ReadSettings(Command[Settings]):
    """Read the settings file."""


@dataclass(frozen=True, slots=True)
class ReadSettingTexts(Command[Mapping[str, str]]):
    """Read each setting by its name, as a person would type it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings(Command[str]):
    """Change settings by their names to what was typed; nothing is kept where one of them cannot be so."""

    texts: Mapping[str, str]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMode(Command[str]):
    """Change the mode; going back to approving while another program was seen to write needs a reason (R29)."""

    mode: Mode
    by: str
    reason: str = ""
