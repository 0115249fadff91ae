"""The Debian package holds the folder, two programs on the path and an entry in the menu, and runs no script."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.installer.deb import _debian_version, make_deb


def test_versions_are_ordered_as_debian_orders_them() -> None:
    assert [_debian_version(version) for version in ("0.1.0", "1.0.0rc1")] == ["0.1.0", "1.0.0~rc1"]


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packs for Debian, and needs its dpkg-deb")
def test_what_is_packed_is_what_is_installed(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for program in ("cmxero", "cmxero-desktop"):
        (bundle / program).write_text("#!/bin/sh\n")
        (bundle / program).chmod(0o755)
    package = make_deb(bundle, tmp_path)

    def told(*words: str) -> str:
        return subprocess.run(["dpkg-deb", *words], check=True, capture_output=True, text=True).stdout

    assert told("--field", str(package), "Package", "Architecture").split() == [
        *("Package:", "cm-xero-desk"),
        *("Architecture:", "amd64"),
    ]
    assert "libxcb-cursor0" in told("--field", str(package), "Depends")
    told("--extract", str(package), str(tmp_path / "laid"))
    laid = tmp_path / "laid"
    assert (laid / "opt/cm-xero-desk/cmxero").stat().st_mode & 0o777 == 0o755
    assert (laid / "usr/bin/cmxero-desktop").readlink() == Path("/opt/cm-xero-desk/cmxero-desktop")
    assert "Exec=/opt/cm-xero-desk/cmxero-desktop" in (laid / "usr/share/applications/cm-xero-desk.desktop").read_text()
    assert (laid / "usr/share/icons/hicolor/256x256/apps/cm-xero-desk.png").read_bytes().startswith(b"\x89PNG")
    told("--control", str(package), str(tmp_path / "control"))
    assert [path.name for path in (tmp_path / "control").iterdir()] == ["control"]
