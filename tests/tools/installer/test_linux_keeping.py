"""The Linux folder brings what the program needs, and nothing whose licence forbids it or that the system cares for."""

import pytest

from tools.installer.linux_keeping import is_shipped

SYSTEM = "/usr/lib/x86_64-linux-gnu"
QT = "/work/.venv/lib/python3.11/site-packages/PySide6/Qt"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("libssl.so.3", f"{SYSTEM}/libssl.so.3"),
        ("libsqlite3.so.0", f"{SYSTEM}/libsqlite3.so.0"),
        ("libpython3.11.so.1.0", "/root/python/lib/libpython3.11.so.1.0"),
        ("python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", "/usr/lib/python3.11/lib-dynload/_ssl.so"),
        (
            "psycopg_binary.libs/libpq-e9b5c9ac.so.5.18",
            "/work/.venv/lib/python3.11/site-packages/psycopg_binary.libs/x",
        ),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", f"{QT}/plugins/platforms/libqxcb.so"),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", f"{QT}/lib/libQt6Widgets.so.6"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6"),
        ("PySide6/QtCore.abi3.so", "/work/.venv/lib/python3.11/site-packages/PySide6/QtCore.abi3.so"),
        ("tzdata/zoneinfo/Australia/Sydney", "/usr/lib/python3/dist-packages/tzdata/zoneinfo/Australia/Sydney"),
    ],
)
def test_what_the_program_needs_is_there(name: str, source: str) -> None:
    assert is_shipped(name, source)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        # Both are under the GPL.
        ("libreadline.so.8", f"{SYSTEM}/libreadline.so.8"),
        (
            "python3.11/lib-dynload/readline.cpython-311-x86_64-linux-gnu.so",
            "/root/lib/python3.11/lib-dynload/readline.so",
        ),
        ("python3.11/lib-dynload/_gdbm.cpython-311-x86_64-linux-gnu.so", "/usr/lib/python3.11/lib-dynload/_gdbm.so"),
        # A system has these, and keeps them up to date.
        ("libgtk-3.so.0", f"{SYSTEM}/libgtk-3.so.0"),
        ("libglib-2.0.so.0", "/lib/x86_64-linux-gnu/libglib-2.0.so.0"),
        ("libstdc++.so.6", f"{SYSTEM}/libstdc++.so.6"),
        # No page of the window uses these.
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", f"{QT}/plugins/platformthemes/libqgtk3.so"),
        ("PySide6/Qt/plugins/imageformats/libqtiff.so", f"{QT}/plugins/imageformats/libqtiff.so"),
        ("PySide6/Qt/translations/qtbase_de.qm", f"{QT}/translations/qtbase_de.qm"),
        ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", f"{QT}/lib/libQt6EglFSDeviceIntegration.so.6"),
        ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6"),
        ("PySide6/QtNetwork.abi3.so", "/work/.venv/lib/python3.11/site-packages/PySide6/QtNetwork.abi3.so"),
    ],
)
def test_what_it_may_not_or_need_not_bring_is_not(name: str, source: str) -> None:
    assert not is_shipped(name, source)
