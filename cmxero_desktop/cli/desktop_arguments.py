"""The words that `cmxero-desktop` understands."""

import argparse
from pathlib import Path

from cmxero_desktop import __version__


def build_desktop_parser() -> argparse.ArgumentParser:
    """Build the parser; without any word it opens the window on the usual home folder."""
    parser = argparse.ArgumentParser(prog="cmxero-desktop", description="Opens the desk between Xero and Case Manager.")
    parser.add_argument("--demo", action="store_true", help="on an invented firm; nothing is sent anywhere")
    parser.add_argument("--home", type=Path, metavar="DIR", help="the home folder")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, as at sign-in to the computer")
    parser.add_argument("--quit", action="store_true", help="have the window that is open end what it does, and close")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="with --demo: save pictures of the pages and end")
    parser.add_argument("--version", action="version", version=f"CM-Xero Desk {__version__}")
    return parser
