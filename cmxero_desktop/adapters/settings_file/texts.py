"""The settings as a person types them into fields: without quotes, days written out, by the same rules as the file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from cmxero_desktop.adapters.settings_file.keys import (
    KEYS,
    ON_LINES,
    PAYMENT_TYPES,
    Key,
    SettingValue,
    UnfitValueError,
    in_toml,
    key_at,
    settings_from,
)
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.domain.reading_days import read_day
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.settings import Settings

_REMEDY = "Correct it; nothing was kept."
# Whatever is longer is no number that a setting takes, and one that Python may not read.
_MOST_DIGITS = 18
_YES_NO = {"yes": True, "no": False}


def texts_of(settings: Settings) -> dict[str, str]:
    """Return each setting by its name, as a person would type it; what is not set is empty."""
    texts = {".".join(path): _text(key, settings) for path, key in KEYS.items()}
    types = settings.policy.payment_types
    return texts | {PAYMENT_TYPES: ", ".join(f"{account} = {kind}" for account, kind in types.items())}


def with_texts(settings: Settings, texts: Mapping[str, str]) -> Settings:
    """Return the settings with what was typed; an empty text takes the default.

    Raises SettingsError, which names everything that cannot be, at once.
    """
    values: dict[Key, SettingValue] = {key: value for key in KEYS.values() if (value := key.of(settings)) is not None}
    types: Mapping[str, str] = settings.policy.payment_types
    problems: list[str] = []
    for name, text in texts.items():
        try:
            if name == PAYMENT_TYPES:
                types = _types(text)
            else:
                _put(values, name, text.strip())
        except UnfitValueError as error:
            problems.append(f"{name} {_unquoted(str(error))}")
    if problems:
        raise SettingsError(" ".join(problems), _REMEDY)
    made = settings_from(values)
    return replace(
        made,
        policy=replace(made.policy, payment_types=MappingProxyType(dict(types))),
        sor=replace(made.sor, headings=settings.sor.headings),
    )


def _put(values: dict[Key, SettingValue], name: str, text: str) -> None:
    key = KEYS.get(tuple(name.split(".")))
    if key is None:
        raise UnfitValueError("is not a setting.")
    if text:
        values[key] = key.read(_typed(key, text))
    else:
        values.pop(key, None)


def _typed(key: Key, text: str) -> object:
    """Return what stands in the file for a text: a number for digits, a day for a day, a list for what has commas."""
    default = key.default
    if isinstance(default, bool):
        return _YES_NO.get(text.casefold(), text)
    if key.path in ON_LINES:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",")]
    if default is None and (written := read_day(text)) is not None:
        return written
    if text.isdecimal() and len(text) <= _MOST_DIGITS and _takes_a_number(key):
        return int(text)
    plain = text.replace(",", "")
    return plain if plain.replace(".", "", 1).isdecimal() else text


def _takes_a_number(key: Key) -> bool:
    try:
        key.read(1)
    except UnfitValueError:
        return False
    return True


def _types(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        account, equals, kind = (each.strip() for each in part.partition("="))
        key = key_at((PAYMENT_TYPES, account))
        if not equals or key is None:
            raise UnfitValueError(f"has {part}; it must be an account and a payment type, such as 090 = EFT.")
        found[account] = str(key.read(kind))
    return found


def _text(key: Key, settings: Settings) -> str:
    value = in_toml(key, key.of(settings))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    between = "\n" if key.path in ON_LINES else ", "
    return between.join(value) if isinstance(value, list) else str(value)


def _unquoted(problem: str) -> str:
    """Say without quotes what the file has in quotes."""
    return problem.replace(" without quotes and", "").replace(" in quotes", "").replace('"', "")
