"""Decide which libraries and Qt parts go into the Linux folder: what the program needs and no system has by itself."""

import re
from pathlib import PurePosixPath

# Of what a Linux has by itself, Python's own needs alone are brought along, in the versions that it was made with:
# OpenSSL (Apache-2.0), SQLite (public domain), libffi (MIT), zlib, bzip2 and liblzma (all permissive). Everything else
# is the system's, which keeps it up to date; some of it, as libreadline (GPL), may not be shipped with us at all.
_OWN = re.compile(r"lib(?:ssl|crypto|sqlite3|ffi|z|bz2|lzma|python3\.\d+)\.so[\d.]*")
_OF_THE_SYSTEM = re.compile(r"/(?:usr/)?lib(?:32|64)?/")
# Extension modules of a system's own Python lie among its libraries; these are Python's.
_MODULES = re.compile(r"/python3\.\d+/")
_PYTHON_PARTS_NOT_USED = frozenset({"readline", "_gdbm", "_dbm", "_curses", "_curses_panel", "_tkinter", "nis"})

# The window needs a screen, by X11 or Wayland, and text that a person types.
_PLUGINS = frozenset(
    {
        *("platforms/libqxcb.so", "platforms/libqwayland.so", "platforms/libqoffscreen.so"),
        *("platforminputcontexts/libcomposeplatforminputcontextplugin.so", "platformthemes/libqxdgdesktopportal.so"),
        *("platforminputcontexts/libibusplatforminputcontextplugin.so", "wayland-shell-integration/libxdg-shell.so"),
        *("xcbglintegrations/libqxcb-egl-integration.so", "xcbglintegrations/libqxcb-glx-integration.so"),
        *(
            "wayland-decoration-client/libbradient.so",
            "wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
        ),
    }
)
_QT_LIBRARIES = re.compile(
    r"lib(?:Qt6(?:Core|DBus|Gui|OpenGL|Widgets|XcbQpa|WaylandClient|WlShellIntegration)|icu(?:data|i18n|uc))\.so[\d.]*"
)
_QT_MODULES = frozenset({"QtCore", "QtDBus", "QtGui", "QtWidgets"})
_QT_PLUGINS, _QT_LIB, _QT_WORDS = "PySide6/Qt/plugins/", "PySide6/Qt/lib/", "PySide6/Qt/translations/"


def is_shipped(name: str, source: str) -> bool:
    """Tell whether a file goes into the folder: by its name there, and by where it lies here."""
    path = PurePosixPath(name)
    if path.parts[0] == "PySide6" or path.name.startswith("libQt6"):
        return _is_qt_used(name, path)
    if path.name.partition(".")[0] in _PYTHON_PARTS_NOT_USED:
        return False
    is_library_of_system = _OF_THE_SYSTEM.match(source) and not _MODULES.search(source) and ".so" in path.name
    return _OWN.fullmatch(path.name) is not None or not is_library_of_system


def _is_qt_used(name: str, path: PurePosixPath) -> bool:
    if name.startswith(_QT_PLUGINS):
        return name.removeprefix(_QT_PLUGINS) in _PLUGINS
    if name.startswith(_QT_LIB) or path.name.startswith("libQt6"):
        return _QT_LIBRARIES.fullmatch(path.name) is not None
    is_module = path.name.startswith("Qt")
    return not name.startswith(_QT_WORDS) and (not is_module or path.name.partition(".")[0] in _QT_MODULES)
