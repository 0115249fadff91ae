"""What is left in the registry is told from what the person keeps in the keyring."""

from tools.installer.installed import lines_about_us

EXPORT = r"""Windows Registry Editor Version 5.00

[HKEY_CURRENT_USER\Software\Wine\Credential Manager\Generic: cm-xero-desk]
@="cm-xero-desk"

[HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run]
"CM-Xero Desk"="cmxero-desktop.exe --hidden"
"Other"="other.exe"

[HKEY_CURRENT_USER\Software\CM-Xero Desk]
"""


def test_a_key_that_was_forgotten_is_seen_and_the_keyring_is_not() -> None:
    assert lines_about_us(EXPORT) == [
        '"CM-Xero Desk"="cmxero-desktop.exe --hidden"',
        r"HKEY_CURRENT_USER\Software\CM-Xero Desk]",
    ]
