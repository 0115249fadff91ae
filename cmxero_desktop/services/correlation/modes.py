"""What the mode allows: observe writes nothing at all."""

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.services.ports.computer import SettingsFile
from cmxero_desktop.services.records.settings import Mode


def require_approve_mode(settings_file: SettingsFile) -> None:
    """Raise NotAllowedError in observe mode."""
    if settings_file.load().mode is not Mode.APPROVE:
        message = 'The mode is "observe": nothing may be approved or written.'
        remedy = 'Once Case Manager\'s own Xero link is off, set mode = "approve" in the settings.'
        raise NotAllowedError(message, remedy)
