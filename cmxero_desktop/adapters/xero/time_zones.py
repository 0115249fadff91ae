"""Find the IANA time zone that Xero's name for it means."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import windows_tz


def _squeezed(name: str) -> str:
    return re.sub(r"[^A-Z0-9+-]", "", name.upper())


# Xero writes the name of a Windows zone in capitals without any gap: NEWZEALANDSTANDARDTIME. It leaves out the sign of
# those that are west of UTC, and still names two that Windows calls old.
_BY_SQUEEZED = {_squeezed(windows): iana for windows, iana in windows_tz.win_tz.items()} | {
    "UTC02": "Etc/GMT+2",
    "UTC08": "Etc/GMT+8",
    "UTC09": "Etc/GMT+9",
    "UTC11": "Etc/GMT+11",
    "KAMCHATKASTANDARDTIME": "Asia/Kamchatka",
    "MIDATLANTICSTANDARDTIME": "Etc/GMT+2",
}


def iana_zone(name: str) -> tuple[str, str]:
    """Return the IANA name and an empty reason, or UTC and why it could not be told."""
    zone = _BY_SQUEEZED.get(_squeezed(name), name)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        said = f"names the time zone {name!r}, which is not known" if name else "does not name a time zone"
        return "UTC", f"Xero {said}, so dates are judged in UTC."
    return zone, ""
