"""Publish a version in a folder that an installed program asks, signed by a key of its own, and tamper with it."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cmxero_desktop.domain.releases import MANIFEST_NAME
from tools.installer.asking import Installed, contains, same
from tools.sign_manifest import main, new_key

_FOLDER: Final = "firm/news"
_ADDRESS: Final = r"C:\firm\news"
_VERSION: Final = "99.4.0"
_NEWS: Final = "Payments of Łódź and Hämé are read"
_REFUSED: Final = "is not signed by the public key in the settings"
_NOT_DONE: Final = 1


def hear_news(installed: Installed) -> None:
    """Have it ask: what is signed is told, what was changed, signed by another or older is refused. WrongError."""
    folder = installed.visit.drive_c / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    public = new_key(folder / "own.key")
    new_key(folder / "another.key")
    lines = f"\n[updates]\naddress = '{_ADDRESS}'\npublic_key = \"{public}\"\n"
    with installed.settings.open("a", encoding="utf-8") as file:
        file.write(lines)
    now = datetime.now(UTC)
    manifest = _publish(folder, "own.key", now)
    seen = installed.ask("updates")
    same("the version that is told", (seen["is_newer"], seen["release"]["version"]), (True, _VERSION))
    same("what is new", seen["release"]["news"], [_NEWS])
    contains("what a person reads", installed.tell("updates").out, f"Version {_VERSION} of", "Nothing was downloaded")
    good = manifest.read_bytes()
    manifest.write_bytes(good.replace(_VERSION.encode(), b"99.5.0"))
    contains("the word on a changed one", installed.tell("updates", expect=_NOT_DONE).error, _REFUSED)
    _publish(folder, "another.key", now)
    contains("the word on another's", installed.tell("updates", expect=_NOT_DONE).error, _REFUSED)
    _publish(folder, "own.key", now - timedelta(hours=1))
    contains("the word on an older one", installed.tell("updates", expect=_NOT_DONE).error, "a newer one, of")
    manifest.write_bytes(good)
    same("the version that is told again", installed.ask("updates")["release"]["version"], _VERSION)


def _publish(folder: Path, key: str, at: datetime) -> Path:
    """Sign as whoever publishes does, and return the manifest."""
    setup = folder / f"cm-xero-desk-{_VERSION}-setup.exe"
    setup.write_bytes(b"a setup program")
    same("signing", main(["sign", str(folder / key), str(setup), "--version", _VERSION, "--news", _NEWS], at), 0)
    return folder / MANIFEST_NAME
