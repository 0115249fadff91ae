"""Pack the Linux folder as a Debian package: `python -m tools.installer.deb dist/cm-xero-desk dist`.

It needs no script of its own to be installed or removed, and touches nobody's home folder.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cmxero_desktop import __version__
from tools.installer.icon import write_png
from tools.windows.place import ROOT

_NAME = "cm-xero-desk"
_LIMIT_S = 600
_ICON_SIZE = 256
# What Python and Qt load of a system by themselves; all else lies in the folder.
_NEEDS = (
    *("libstdc++6", "libgcc-s1", "libx11-xcb1", "libxcb-image0", "libxcb-render-util0", "libxcb-xkb1"),
    *("libxcb-randr0", "libxcb-sync1", "libxcb-xfixes0", "libxcb-shm0", "libfreetype6", "libzstd1"),
    *("libwayland-cursor0", "libwayland-egl1"),
    *("libc6 (>= {glibc})", "libglib2.0-0 | libglib2.0-0t64", "libgl1", "libegl1", "libxkbcommon0", "libfontconfig1"),
    *("libdbus-1-3", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxkbcommon-x11-0"),
)
_CONTROL = """Package: {name}
Version: {version}
Architecture: amd64
Maintainer: CM-Xero Desk contributors <nobody@localhost>
Installed-Size: {kib}
Depends: {needs}
Recommends: gnome-keyring | kwalletmanager
Section: misc
Priority: optional
Description: Keeps Case Manager's payments a true copy of Xero's
 It reads payments from Xero, finds each one in Case Manager, shows where every
 payment stands, and writes only what a person approved.
"""
_ENTRY = """[Desktop Entry]
Type=Application
Name=CM-Xero Desk
Comment=Keeps Case Manager's payments a true copy of Xero's
Exec=/opt/cm-xero-desk/cmxero-desktop
Icon=cm-xero-desk
Categories=Office;Finance;
Terminal=false
"""


def make_deb(bundle: Path, target: Path) -> Path:
    """Pack a folder that PyInstaller made, and return the package."""
    package = target / f"{_NAME}_{_debian_version(__version__)}_amd64.deb"
    with tempfile.TemporaryDirectory() as made:
        root = Path(made, "root")
        lay_out(bundle, root)
        words = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(package)]
        subprocess.run(words, check=True, timeout=_LIMIT_S, stdout=subprocess.DEVNULL)  # noqa: S603 - words of our own
    return package


def lay_out(bundle: Path, root: Path) -> None:
    """Lay everything where an installed package has it."""
    shutil.copytree(bundle, root / "opt" / _NAME, symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    for program in ("cmxero", "cmxero-desktop"):
        (root / "usr" / "bin" / program).symlink_to(f"/opt/{_NAME}/{program}")
    _write(root / "usr" / "share" / "applications" / f"{_NAME}.desktop", _ENTRY)
    icons = root / "usr" / "share" / "icons" / "hicolor" / f"{_ICON_SIZE}x{_ICON_SIZE}" / "apps"
    icons.mkdir(parents=True)
    write_png(icons / f"{_NAME}.png", _ICON_SIZE)
    _write(root / "usr" / "share" / "doc" / _NAME / "copyright", (ROOT / "LICENSE").read_text(encoding="utf-8"))
    kib = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    needs = ", ".join(_NEEDS).format(glibc=_glibc())
    control = _CONTROL.format(name=_NAME, version=_debian_version(__version__), kib=kib, needs=needs)
    _write(root / "DEBIAN" / "control", control)
    for path in (root, *root.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)


def _debian_version(version: str) -> str:
    """Return a version that Debian orders as we do: 1.0.0rc1 comes before 1.0.0."""
    for word in ("a", "b", "rc"):
        version = version.replace(word, f"~{word}", 1)
    return version


def _glibc() -> str:
    """Return the C library that this system has: what was made here needs this one or a later one."""
    return platform.libc_ver()[1]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


if __name__ == "__main__":
    sys.stdout.write(f"{make_deb(Path(sys.argv[1]), Path(sys.argv[2]))}\n")
