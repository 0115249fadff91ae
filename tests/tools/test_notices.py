"""What the installer carries comes with its licences."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tools.notices import RUNTIME, NoLicenceError, Notice, _notice, notices, notices_of, written


def test_every_package_that_is_shipped_has_its_licence_in_full() -> None:
    found = {canonicalize_name(each.name.rsplit(" ", 1)[0]): each for each in notices()}
    pinned = re.findall(r"^([a-z0-9-]+)(?:\[[a-z]+\])?==", RUNTIME.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pinned) > 30
    for name in map(canonicalize_name, pinned):
        try:
            distribution(name)
        except PackageNotFoundError:  # only another system has it
            continue
        assert len(found[name].text) > 500, name
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in found[canonicalize_name("pyside6-essentials")].text
    assert "PSF" in found[canonicalize_name("python")].licence


def test_the_text_names_each_package_before_its_licence() -> None:
    text = written([Notice("one 1.0", "MIT", "Permission is granted\n"), Notice("other 2", "ISC", "Use it")])
    assert text.index("one 1.0: MIT") < text.index("Permission is granted") < text.index("other 2: ISC")
    assert "LGPL" in text


def test_a_package_without_a_licence_is_not_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.notices._text", lambda _: "")
    with pytest.raises(NoLicenceError, match="urllib3 has no licence file"):
        _notice(distribution("urllib3"))


def test_a_folder_of_packages_has_its_notices_too(tmp_path: Path) -> None:
    described = tmp_path / "one-1.0.dist-info"
    (described / "licenses").mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.4\nName: one\nVersion: 1.0\nLicense-Expression: MIT\n")
    (described / "licenses" / "LICENSE").write_text("Permission is granted")
    (described / "RECORD").write_text("one-1.0.dist-info/licenses/LICENSE,,\none-1.0.dist-info/METADATA,,\n")
    python, one, libpq = notices_of(tmp_path, "of Python")
    assert (python.text, one.name, one.licence, one.text) == ("of Python", "one 1.0", "MIT", "Permission is granted")
    assert "PostgreSQL Global Development Group" in libpq.text
