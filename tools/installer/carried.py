"""Hold that everything in a bundle may be shipped: its packages and its libraries, by the list of what was read."""

from importlib.metadata import distributions

from tools.installer.bundle import Bundle
from tools.licences import Carried, library_objections, objections
from tools.notices import licence_of

_LIBRARIES = frozenset({".dll", ".pyd", ".exe", ".so"})
_OURS = "cm-xero-desk"


class NotAllowedError(Exception):
    """Something is in the bundle that may not be shipped, or that nobody looked at."""


def require_allowed(bundle: Bundle) -> int:
    """Return how many packages and libraries were looked at; NotAllowedError names what may not be shipped."""
    packages = [
        Carried(each.name, licence_of(each))
        for each in distributions(path=[str(bundle.site_packages)])
        if each.name != _OURS
    ]
    files = (path for path in bundle.folder.rglob("*") if path.suffix in _LIBRARIES)
    libraries = [path.relative_to(bundle.folder).as_posix() for path in files]
    wrong = [*objections(packages), *library_objections(libraries)]
    if wrong:
        raise NotAllowedError("\n".join(wrong))
    return len(packages) + len(libraries)
