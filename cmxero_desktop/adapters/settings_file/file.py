"""Read and write `settings.toml` in the home folder, and name everything that is wrong in it with its line."""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Table

from cmxero_desktop.adapters.settings_file.keys import (
    KEYS,
    OPEN_SECTIONS,
    Key,
    SettingValue,
    TomlValue,
    UnfitValueError,
    closest,
    in_toml,
    key_at,
    settings_from,
)
from cmxero_desktop.adapters.toml.lines import line_numbers
from cmxero_desktop.adapters.toml.reading import NoTomlError, parsed, read_text
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.held_files import write_whole
from cmxero_desktop.places import SETTINGS_NAME, usual_home
from cmxero_desktop.services.records.settings import Settings

_REMEDY = "Correct the file in a text editor, then start again."


def home_folder(override: Path | None = None) -> Path:
    """Return the home folder and make sure that it exists: `override`, else CMXERO_HOME, else the platform's.

    Raises SettingsError where there is no such place, or nothing can be made there.
    """
    try:
        folder = usual_home(override)
    except RuntimeError as error:
        message = f"Where the program's folder is cannot be found out: {error}"
        raise SettingsError(message, "Name one by its whole path, with --home or CMXERO_HOME.") from error
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {folder} cannot be used: {error.strerror}."
        raise SettingsError(message, "Choose another with --home or CMXERO_HOME.") from error
    return folder


class TomlSettingsFile:
    """Implements `SettingsFile` for one home folder."""

    def __init__(self, home: Path) -> None:
        """Remember where the file is; nothing is read yet."""
        self.path = home / SETTINGS_NAME

    def exists(self) -> bool:
        """Say whether there is a file yet."""
        return self.path.is_file()

    def load(self) -> Settings:
        """Read the settings; missing keys take their defaults.

        Raises SettingsError, which names every unknown key and bad value at once, each with its line.
        """
        text = self._text()
        try:
            document = parsed(text)
        except NoTomlError as error:
            raise SettingsError(f"{self.path} cannot be understood, {error}.", _REMEDY) from error
        lines = line_numbers(text)
        values: dict[Key, SettingValue] = {}
        problems: list[tuple[int, str]] = []
        for path, value in _entries(document):
            line = lines.get(path, lines.get(path[:1], 1))
            key = key_at(path)
            if key is None:
                problems.append((line, _unknown(path)))
                continue
            try:
                values[key] = key.read(value)
            except UnfitValueError as error:
                problems.append((line, f"{'.'.join(path)} {error}"))
        if problems:
            named = " ".join(f"Line {line}: {problem}" for line, problem in sorted(problems))
            raise SettingsError(f"{self.path} needs a look. {named}", _REMEDY)
        return settings_from(values)

    def save(self, settings: Settings) -> None:
        """Write the settings, keeping a person's comments; a crash leaves either the old file or the new one."""
        document = self._with_comments() if self.exists() else tomlkit.document()
        for key in KEYS.values():
            _put(document, key.path, in_toml(key, key.of(settings)))
        for section, place in OPEN_SECTIONS.items():
            chosen: Mapping[str, str] = attrgetter(".".join(place))(settings)
            # Set in place, so that the comments beside the keys stay; one that is no longer named goes.
            for key_name in dict.fromkeys((*document.get(section, {}), *chosen)):
                value = chosen.get(key_name)
                _put(document, (section, key_name), None if value is None else str(value))
        self._replace(tomlkit.dumps(document))

    def _text(self) -> str:
        try:
            return read_text(self.path)
        except FileNotFoundError as error:
            remedy = "Set the program up first: start cmxero-desktop, or run cmxero init."
            raise SettingsError(f"There is no {self.path} yet.", remedy) from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"{self.path} is not UTF-8 text: {error.reason}.", "Save it as UTF-8 text.") from error
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be read: {error.strerror}.", "Check its rights.") from error

    def _with_comments(self) -> tomlkit.TOMLDocument:
        """Return the file as a person wrote it."""
        try:
            return tomlkit.parse(self._text())
        except (TOMLKitError, ValueError) as error:
            raise SettingsError(f"{self.path} cannot be understood: {error}.", _REMEDY) from error

    def _replace(self, text: str) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path, text.encode("utf-8"))
        except OSError as error:
            message = f"{self.path} cannot be written: {error.strerror}."
            raise SettingsError(message, "Check the rights on the folder and the space on the disk.") from error


def _entries(document: Mapping[str, object]) -> list[tuple[tuple[str, ...], object]]:
    """Return every value with its path; a section is opened only where one belongs."""
    sections = {path[0] for path in KEYS if len(path) > 1} | OPEN_SECTIONS.keys()
    found: list[tuple[tuple[str, ...], object]] = []
    for name, value in document.items():
        if name in sections and isinstance(value, Mapping):
            found += [((name, inner), inside) for inner, inside in value.items()]
        else:
            found.append(((name,), value))
    return found


def _unknown(path: tuple[str, ...]) -> str:
    likely = closest(path)
    hint = f" Did you mean {likely}?" if likely else ""
    return f"{'.'.join(path)} is not a setting.{hint}"


def _put(document: tomlkit.TOMLDocument, path: tuple[str, ...], value: TomlValue) -> None:
    """Set one value in place, or take it out where the setting is not set."""
    *sections, name = path
    table: tomlkit.TOMLDocument | Table = document
    if sections:
        if sections[0] not in document and value is not None:
            document[sections[0]] = tomlkit.table()
        if sections[0] not in document:
            return
        table = document[sections[0]]
    if value is None:
        table.pop(name, None)
    elif isinstance(value, list) and isinstance(table.get(name), Array):
        _put_items(table[name], value)
    elif name not in table or not _is_same(table[name], value):
        table[name] = value


def _put_items(there: Array, wanted: list[str]) -> None:
    """Make a list what is wanted; what stays in it keeps its line and its comment."""
    for item in [str(item) for item in there if item not in wanted]:
        there.remove(item)
    for item in [item for item in wanted if item not in there]:
        there.append(item)
    if list(there) != wanted:
        there.clear()
        there.extend(wanted)


def _is_same(item: object, value: str | int | date | list[str]) -> bool:
    return type(tomlkit.item(value)) is type(item) and item == value
