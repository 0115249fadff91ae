"""Nothing is shipped whose licence nobody read, on whichever system: this is held by every run of the checks."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.licences import READ, Carried, is_allowed, library_objections, objections
from tools.notices import RUNTIME, licence_of
from tools.windows.pins import pins_for_windows


def pinned() -> set[str]:
    lines = RUNTIME.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    words = (line.split(" --hash=")[0].strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return {canonicalize_name(Requirement(word).name) for word in words}


def test_every_pinned_package_was_read_and_may_be_shipped() -> None:
    assert pinned() - READ.keys() == set()
    assert [name for name in pinned() if not is_allowed(READ[name])] == []
    assert {canonicalize_name(name) for name in pins_for_windows(RUNTIME.read_text(encoding="utf-8"))} <= READ.keys()


def test_every_package_that_is_here_still_says_what_was_read() -> None:
    here = []
    for name in sorted(pinned()):
        try:
            here.append(distribution(name))
        except PackageNotFoundError:  # only another system has it
            continue
    assert len(here) > 30
    assert objections(Carried(each.name, licence_of(each)) for each in here) == []


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("(Apache-2.0 AND MIT) OR GPL-3.0-only", True),
        ("see below", False),
    ],
)
def test_a_way_that_may_be_gone_is_enough_and_every_part_of_it_counts(licence: str, *, may: bool) -> None:
    assert is_allowed(licence) is may


def test_what_is_new_or_has_changed_is_named() -> None:
    new, changed = objections([Carried("left-pad", "GPL-3.0-only"), Carried("SQLAlchemy", "AGPL-3.0-only")])
    assert "left-pad (GPL-3.0-only) stands in no list" in new
    assert "sqlalchemy stood under MIT when it was read, and now says AGPL-3.0-only" in changed


def test_a_library_that_nobody_named_is_named() -> None:
    known = ["runtime/python313.dll", "runtime/_ssl.pyd", "runtime/Lib/site-packages/PySide6/Qt6Core.dll", "cmxero.exe"]
    assert library_objections(known) == []
    (strange,) = library_objections([*known, "runtime/Lib/site-packages/xlsxwriter/libreadline.dll"])
    assert "libreadline.dll is a library that stands in no list" in strange
