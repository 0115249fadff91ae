"""The settings file and the home folder that it lies in."""

from cmxero_desktop.adapters.settings_file.file import TomlSettingsFile, home_folder

__all__ = ["TomlSettingsFile", "home_folder"]
