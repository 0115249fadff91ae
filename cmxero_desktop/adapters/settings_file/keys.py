"""Every key that `settings.toml` may have: what it means in `Settings`, what it accepts, and what would be right."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from cmxero_desktop.adapters.settings_file.closed_days import holidays_of, regions, span_of, span_text
from cmxero_desktop.domain.closed_days import ClosedSpan, PublicHolidays
from cmxero_desktop.domain.people import SecondRule, bare_name
from cmxero_desktop.domain.sor.schedules import FirmType
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.domain.strangers import shortened
from cmxero_desktop.services.records.mail import is_host, is_mail_address
from cmxero_desktop.services.records.releases import is_public_key, is_release_address
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    Encryption,
    ForwardDating,
    MailSettings,
    Mode,
    Never,
    NoticeSettings,
    PeopleSettings,
    PolicySettings,
    PollSettings,
    ReasonSettings,
    Settings,
    SignInKind,
    SorSettings,
    StoreSettings,
    Tier,
    UpdateSettings,
    WorkingHours,
    XeroSettings,
)

SettingValue: TypeAlias = (
    str
    | int
    | Decimal
    | date
    | time
    | WorkingHours
    | PublicHolidays
    | frozenset[int]
    | tuple[str, ...]
    | tuple[ClosedSpan, ...]
    | None
)
TomlValue: TypeAlias = str | int | date | list[str] | None
E = TypeVar("E", bound=StrEnum)

PAYMENT_TYPES = "payment_types"
"""The section whose keys a firm chooses: the codes of its Xero accounts (R3)."""

SOR_HEADINGS = "sor_headings"
"""The section whose keys are the headings of the firm's lists of schedules (S1)."""

REJECT_REASONS = ("reasons", "reject")
APPROVERS = ("people", "approvers")
ON_LINES = frozenset({REJECT_REASONS, APPROVERS})
"""The settings that are sentences or names, each on a line of its own, so that a comma divides none of them."""

OPEN_SECTIONS = {PAYMENT_TYPES: ("policy", "payment_types"), SOR_HEADINGS: ("sor", "headings")}
"""Sections whose keys a firm chooses, and where each stands in the settings."""

_LAST_PORT = 65_535
# Each has a letter of its own in the sheet where it is chosen.
_MOST_REASONS, _LONGEST_REASON = 12, 120
_MOST_PEOPLE, _LONGEST_NAME = 50, 60
_LONGEST_WAIT_MIN = 1_440
_MOST_DAYS = 3_650
_HUNDRED = 100
_LONGEST_SAID = 120
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,2})?")


class UnfitValueError(ValueError):
    """A value that a setting cannot have; the text goes behind the setting's name and says what would be right."""


def _said(value: object) -> str:
    """Repeat a value as far as it helps to find it."""
    try:
        return shortened(str(value), _LONGEST_SAID)
    except ValueError:
        # Python writes no number of thousands of digits.
        return "a number that is too long"


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. `read` raises UnfitValueError with what would be right."""

    path: tuple[str, ...]
    read: Callable[[object], SettingValue]

    def of(self, settings: Settings) -> SettingValue:
        """Return the setting's value, None where it has an empty default and is not set."""
        value: SettingValue = attrgetter(".".join(self.path))(settings)
        return None if value == "" and value == self.default else value

    @property
    def default(self) -> SettingValue:
        """The value where the file has none."""
        value: SettingValue = attrgetter(".".join(self.path))(Settings())
        return value


def settings_from(values: Mapping[Key, SettingValue]) -> Settings:
    """Build the settings; what is not there takes its default."""
    by_section: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        section, name = key.path if len(key.path) > 1 else ("", key.path[0])
        by_section.setdefault(section, {})[name] = value
    for open_section, (section, name) in OPEN_SECTIONS.items():
        if chosen := by_section.pop(open_section, {}):
            by_section.setdefault(section, {})[name] = MappingProxyType(chosen)
    sections = {name: kind(**by_section.get(name, {})) for name, kind in _SECTIONS.items()}
    return Settings(**by_section.get("", {}), **sections)  # type: ignore[arg-type] # each key's `read` gives its type


def key_at(path: tuple[str, ...]) -> Key | None:
    """Return the setting at a path of the file; each account code or heading in an open section is one."""
    if len(path) > 1 and path[0] == PAYMENT_TYPES:
        return Key(path, _payment_type if path[-1].strip() else _no_account)
    if len(path) > 1 and path[0] == SOR_HEADINGS:
        return Key(path, _one_of(ListColumn))
    return KEYS.get(path)


def in_toml(key: Key, value: SettingValue) -> TomlValue:
    """Return a value as the file holds it: what is not set is left out, and money stands in quotes."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, time | WorkingHours):
        return "-".join(f"{at:%H:%M}" for at in ((value,) if isinstance(value, time) else (value.start, value.end)))
    if isinstance(value, frozenset):
        return ", ".join(_DAYS[day] for day in sorted(value)) or Never.OFF.value
    if isinstance(value, Decimal):
        return int(value) if key.read is _percent and value == value.to_integral_value() else str(value)
    if isinstance(value, PublicHolidays):
        return value.region or Never.OFF.value
    return [_in_list(each) for each in value] if isinstance(value, tuple) else value


def _in_list(item: str | ClosedSpan) -> str:
    return span_text(item) if isinstance(item, ClosedSpan) else item


def closest(path: tuple[str, ...]) -> str:
    """Return the known setting that looks most like a path, or nothing."""
    known = {".".join(each): each for each in KEYS}
    same_section = [name for name, each in known.items() if each[:-1] == path[:-1]]
    near = difflib.get_close_matches(".".join(path), same_section, n=1) or [
        name for name, each in known.items() if each[-1] == path[-1]
    ]
    return (near or difflib.get_close_matches(".".join(path), known, n=1) or [""])[0]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnfitValueError(f"is {_said(value)}; it must be a text in quotes.")
    return str(value)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitValueError(f"is {_said(value)}; it must be true or false.")
    return value


def _prefix(value: object) -> str:
    if not _text(value).strip():
        raise UnfitValueError('is empty; it must be the beginning of the invoice numbers, such as "CM-".')
    return _text(value)


def _whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        # bool is a kind of int in Python, and a float would be rounded.
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise UnfitValueError(f"is {_said(value)}; it must be a whole number from {least} to {most}.")
        return int(value)

    return read


def _one_of(kind: type[E]) -> Callable[[object], E]:
    def read(value: object) -> E:
        words = [each.value for each in kind]
        if not isinstance(value, str) or value not in words:
            near = difflib.get_close_matches(str(value), words, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            quoted = " or ".join(f'"{word}"' for word in words)
            raise UnfitValueError(f"is {_said(value)}; it must be {quoted}.{hint}")
        return kind(value)

    return read


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise UnfitValueError(
            f"is {_said(value)}; it must be a date without quotes and without a time, such as 2026-07-01."
        )
    return date(value.year, value.month, value.day)


def _percent(value: object) -> Decimal:
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str) or not _is_between(text, 0, _HUNDRED):
        raise UnfitValueError(f"is {_said(value)}; it must be a number from 0 to 100, such as 2.")
    return Decimal(text)


def _amount(value: object) -> Decimal:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise UnfitValueError(
            f'is {_said(value)}; it must be an amount in quotes with at most two decimals, such as "20000.00".'
        )
    return Decimal(value)


def _codes(value: object) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else [None]
    if not all(isinstance(code, str) and code.strip() for code in codes):
        raise UnfitValueError(f'is {_said(value)}; it must be account codes in quotes, such as ["091", "210"].')
    return tuple(str(code).strip() for code in codes)


def _reasons(value: object) -> tuple[str, ...]:
    reasons = value if isinstance(value, list) else [None]
    texts = [" ".join(each.split()) if isinstance(each, str) else "" for each in reasons]
    if not all(texts) or len(texts) > _MOST_REASONS or any(len(text) > _LONGEST_REASON for text in texts):
        raise UnfitValueError(
            f"is {_said(value)}; it must be at most {_MOST_REASONS} reasons in quotes, of at most {_LONGEST_REASON} "
            'letters each, such as ["Asked the client"].'
        )
    return tuple(dict.fromkeys(texts))


def _people(value: object) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [None]
    names = [" ".join(each.split()) if isinstance(each, str) else "" for each in people]
    if not all(names) or len(names) > _MOST_PEOPLE or any(len(name) > _LONGEST_NAME for name in names):
        raise UnfitValueError(
            f"is {_said(value)}; it must be the names of at most {_MOST_PEOPLE} persons in quotes, of at most "
            f'{_LONGEST_NAME} letters each, as they stand beside their decisions, such as ["J. Wu", "R. Patel"].'
        )
    return tuple({bare_name(name): name for name in names}.values())


def _no_account(_value: object) -> str:
    # Every payment to an account that has no code would get the type, and be trusted.
    raise UnfitValueError('names no account; its code must stand before the equals sign, such as "090" = "EFT".')


def _payment_type(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnfitValueError(
            f'is {_said(value)}; it must be one of Case Manager\'s payment types in quotes, such as "EFT".'
        )
    return value.strip()


def _forward_dating(value: object) -> int | ForwardDating:
    if isinstance(value, str) and value in list(ForwardDating):
        return ForwardDating(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DAYS:
        return int(value)
    raise UnfitValueError(f'is {_said(value)}; it must be "case_manager", "off" or a number of days, such as 5.')


def _hours(value: object) -> WorkingHours:
    start, _, end = str(value).partition("-")
    hours = [_TIME.fullmatch(each.strip()) for each in (start, end)]
    if not isinstance(value, str) or not all(hours) or _clock(start) >= _clock(end):
        raise UnfitValueError(
            f'is {_said(value)}; it must be two times of the same day in quotes, such as "08:00-18:00".'
        )
    return WorkingHours(_clock(start), _clock(end))


def _days(value: object) -> frozenset[int]:
    names = [each.strip().lower() for each in str(value).split(",")]
    if not isinstance(value, str) or not set(names) <= set(_DAYS):
        raise UnfitValueError(f'is {_said(value)}; it must be days in quotes, such as "mon, tue, wed, thu, fri".')
    return frozenset(_DAYS.index(name) for name in names)


def _days_or_off(value: object) -> frozenset[int]:
    if value == Never.OFF:
        return frozenset()
    return _days(value)


def _holidays(value: object) -> PublicHolidays:
    if value == Never.OFF:
        return holidays_of("")
    if not isinstance(value, str) or value not in regions():
        raise UnfitValueError(f'is {_said(value)}; it must be "off" or one of {", ".join(regions())}, in quotes.')
    return holidays_of(value)


def _closed(value: object) -> tuple[ClosedSpan, ...]:
    spans = [
        span_of(each) if isinstance(each, str) else None for each in (value if isinstance(value, list) else [value])
    ]
    found = tuple(span for span in spans if span is not None)
    if not isinstance(value, list) or len(found) < len(spans):
        raise UnfitValueError(
            f'is {_said(value)}; it must be days in quotes, such as ["11 Aug 2027", "24 Dec to 3 Jan"].'
        )
    return tuple(dict.fromkeys(found))


def _time(value: object) -> time:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise UnfitValueError(f'is {value}; it must be a time of day in quotes, such as "08:30".')
    return _clock(value)


def _time_or_off(value: object) -> time | Never:
    if value == Never.OFF:
        return Never.OFF
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise UnfitValueError(f'is {_said(value)}; it must be a time of day in quotes, such as "02:00", or "off".')
    return _clock(value)


def _clock(text: str) -> time:
    return time.fromisoformat(text.strip())


def _proxy(value: object) -> str:
    text = _text(value)
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise UnfitValueError(f'is {text}; it must be the address of an HTTP proxy, such as "http://proxy:8080".')
    if parts.password is not None:
        raise UnfitValueError("holds a password; a proxy with a password belongs into HTTPS_PROXY of the environment.")
    return text


def _host(value: object) -> str:
    if _text(value) and not is_host(_text(value)):
        raise UnfitValueError(f'is {_said(value)}; it must be the name of a mail server, such as "smtp.example.com".')
    return _text(value)


def _address(value: object) -> str:
    if _text(value) and not is_mail_address(_text(value)):
        raise UnfitValueError(f'is {_said(value)}; it must be an e-mail address, such as "desk@example.com".')
    return _text(value)


def _addresses(value: object) -> tuple[str, ...]:
    addresses = value if isinstance(value, list) else [None]
    if not all(isinstance(each, str) and is_mail_address(each) for each in addresses):
        raise UnfitValueError(
            f'is {_said(value)}; it must be e-mail addresses in quotes, such as ["office@example.com"].'
        )
    return tuple(dict.fromkeys(str(each) for each in addresses))


def _release_address(value: object) -> str:
    if _text(value) and not is_release_address(_text(value)):
        # Never repeated: a login may stand in it.
        raise UnfitValueError(
            'cannot be used; it must begin with https and hold no login, such as "https://example.com/desk", or be '
            "a folder named from its root."
        )
    return _text(value)


def _public_key(value: object) -> str:
    if _text(value) and not is_public_key(_text(value)):
        raise UnfitValueError(f"is {_said(value)}; it must be a public key of 44 characters in quotes.")
    return _text(value)


def _is_between(text: str, least: int, most: int) -> bool:
    try:
        return least <= Decimal(text) <= most
    except InvalidOperation:
        return False


_READERS: dict[tuple[str, ...], Callable[[object], SettingValue]] = {
    ("mode",): _one_of(Mode),
    ("xero", "sign_in"): _one_of(SignInKind),
    ("xero", "client_id"): _text,
    ("xero", "redirect_port"): _whole(1, _LAST_PORT),
    ("xero", "tenant_id"): _text,
    ("xero", "tier"): _one_of(Tier),
    ("xero", "proxy"): _proxy,
    ("xero", "identity_url"): _text,
    ("xero", "api_url"): _text,
    ("case_manager", "url"): _text,
    ("case_manager", "mapping"): _text,
    ("policy", "invoice_prefix"): _prefix,
    ("policy", "start_date"): _day,
    ("policy", "near_days"): _whole(0, _MOST_DAYS),
    ("policy", "removal_limit_count"): _whole(0, 1_000_000),
    ("policy", "removal_limit_percent"): _percent,
    ("policy", "removal_limit_amount"): _amount,
    ("policy", "forward_dating_days"): _forward_dating,
    ("policy", "sor_account"): _text,
    ("policy", "sor_unallocated"): _text,
    ("policy", "edit_days"): _whole(0, _MOST_DAYS),
    ("policy", "total_tolerance"): _amount,
    ("policy", "bulk_amount_limit"): _amount,
    ("policy", "lodged_until"): _day,
    ("policy", "never_copy"): _codes,
    ("policy", "keep_flagging"): _codes,
    ("poll", "interval_min"): _whole(1, _LONGEST_WAIT_MIN),
    ("poll", "working_hours"): _hours,
    ("poll", "working_days"): _days,
    ("poll", "full_at"): _time_or_off,
    ("store", "url"): _text,
    ("sor", "firm_type"): _one_of(FirmType),
    ("sor", "breaks_quiet_hours"): _yes_or_no,
    ("notices", "quiet_from"): _time_or_off,
    ("notices", "quiet_to"): _time,
    ("notices", "quiet_days"): _days_or_off,
    ("notices", "holidays"): _holidays,
    ("notices", "closed"): _closed,
    ("notices", "summary"): _yes_or_no,
    ("notices", "show_names"): _yes_or_no,
    REJECT_REASONS: _reasons,
    APPROVERS: _people,
    ("people", "second_approver"): _one_of(SecondRule),
    ("people", "second_above"): _amount,
    ("mail", "host"): _host,
    ("mail", "port"): _whole(0, _LAST_PORT),
    ("mail", "encryption"): _one_of(Encryption),
    ("mail", "login"): _text,
    ("mail", "sender"): _address,
    ("mail", "recipients"): _addresses,
    ("updates", "address"): _release_address,
    ("updates", "public_key"): _public_key,
}
KEYS = {path: Key(path, read) for path, read in _READERS.items()}
_SECTIONS: dict[str, Callable[..., object]] = {
    "xero": XeroSettings,
    "case_manager": CaseManagerSettings,
    "policy": PolicySettings,
    "poll": PollSettings,
    "store": StoreSettings,
    "sor": SorSettings,
    "notices": NoticeSettings,
    "mail": MailSettings,
    "reasons": ReasonSettings,
    "people": PeopleSettings,
    "updates": UpdateSettings,
}
