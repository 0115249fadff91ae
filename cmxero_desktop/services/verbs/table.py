"""Which use case answers which command: one table of the lines beside it, and what goes before those that decide."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cmxero_desktop.services.verbs.closed_lines import closed_handlers
from cmxero_desktop.services.verbs.commands.command import Handler
from cmxero_desktop.services.verbs.deciding_lines import deciding_handlers
from cmxero_desktop.services.verbs.looking_lines import looking_handlers
from cmxero_desktop.services.verbs.parts import OpenParts
from cmxero_desktop.services.verbs.sor_lines import notice_handlers, schedule_handlers


def open_handlers(it: OpenParts) -> tuple[Handler, ...]:
    """Return the whole table: a line for each command."""
    lines = (*deciding_handlers(it.outside, it.watched, it.setting_forms), *schedule_handlers(it.outside))
    deciding = (replace(handler, use_case=_among_ours(it, handler.use_case)) for handler in lines)
    noticing = notice_handlers(it.outside, it.desktop)
    return (*closed_handlers(it.closed), *looking_handlers(it), *noticing, *deciding)


def _among_ours(it: OpenParts, use_case: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Refuse what would be decided while the settings lead to another firm's, or by a store that was put back (R35).

    Where the store is then is remembered, also by what failed half-way.
    """

    def run(command: object) -> object:
        it.books.require_ours()
        it.epochs.require_known()
        try:
            return use_case(command)
        finally:
            it.epochs.keep()

    return run
