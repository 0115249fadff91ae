"""All kinds of command that there are, whichever module of the package they stand in."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from cmxero_desktop.services.verbs import commands
from cmxero_desktop.services.verbs.commands.command import Command


def all_commands() -> tuple[type[Command[Any]], ...]:
    """Return each kind of command, by name; a new module of the package is read without being named here."""
    modules = [import_module(f"{commands.__name__}.{found.name}") for found in iter_modules(commands.__path__)]
    kinds = {kind for module in modules for kind in vars(module).values() if _is_command(kind)}
    return tuple(sorted(kinds, key=lambda kind: kind.__name__))


def _is_command(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
