"""The verb that has the program start at sign-in, or not any more."""

import argparse

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import Row
from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.verbs.commands.computer import ReadAutostart, SetAutostart
from cmxero_desktop.services.verbs.desk import Desk


def autostart(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Show whether the program starts at sign-in, or change it."""
    seen = desk.run(ReadAutostart()) if asked.turn is None else desk.run(SetAutostart(is_on=asked.turn == "on"))
    document: Row = {
        "is_supported": seen.is_supported,
        "is_on": seen.is_on,
        "is_elsewhere": seen.is_elsewhere,
        "said": seen.said,
    }
    return Answer(document, one_line(_text(seen)))


def _text(seen: AutostartSeen) -> str:
    if not seen.is_supported:
        return seen.said
    if seen.is_on:
        return f"It starts in the tray when you sign in. {seen.said}"
    if seen.is_elsewhere:
        return f"{seen.said} To have it so: cmxero autostart on"
    return "It does not start when you sign in. To have it so: cmxero autostart on"
