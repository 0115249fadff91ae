"""Finds the files that come along with the program: its mappings and its manual."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped(*names: str) -> Traversable:
    """Give a file or folder of `resources/`: inside the package where that is installed, beside it in a checkout."""
    package = files("cmxero_desktop")
    installed = package.joinpath("resources")
    resources = installed if installed.is_dir() else Path(__file__).parents[1] / "resources"
    return resources.joinpath(*names)


def manual_file() -> Path:
    """Give the manual, with its pictures beside it: inside the package where that is installed, else a checkout's."""
    installed = Path(__file__).parent / "resources" / "manual" / "manual.md"
    return installed if installed.is_file() else Path(__file__).parents[1] / "docs" / "manual.md"
