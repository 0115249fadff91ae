"""Which use case answers which command that needs no open desk."""

from cmxero_desktop.services.ports.computer import Autostart
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.verbs.commands.command import Handler
from cmxero_desktop.services.verbs.commands.computer import (
    AskForUpdates,
    AskForUpdatesIfDue,
    ReadAutostart,
    SendTestMail,
    SetAutostart,
    SetMail,
)
from cmxero_desktop.services.verbs.commands.connecting import (
    Disconnect,
    Initialise,
    Pin,
    ReadAddress,
    SignIn,
    SuggestMapping,
    WriteMapping,
)
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle, WriteBundle
from cmxero_desktop.services.verbs.commands.settings import ReadSettings
from cmxero_desktop.services.verbs.parts import ClosedParts


def closed_handlers(it: ClosedParts) -> tuple[Handler, ...]:
    """Return the lines of the table that need no open desk."""
    return (
        ReadSettings.handled_by(lambda _: it.settings_file.load()),
        ReadAddress.handled_by(lambda c: it.read_address(c.url)),
        Initialise.handled_by(lambda c: it.initialise(c.request)),
        SuggestMapping.handled_by(lambda c: it.suggesting.suggest(c.request)),
        WriteMapping.handled_by(lambda c: it.suggesting.write(c.made, c.path, may_replace=c.may_replace)),
        SignIn.handled_by(lambda c: it.connecting().sign_in(c.secret)),
        Pin.handled_by(lambda c: it.connecting().pin(c.tenant_id, c.by)),
        Disconnect.handled_by(lambda c: it.connecting().disconnect(c.by)),
        Examine.handled_by(lambda _: it.examine()),
        SetMail.handled_by(lambda c: it.mailing().set_up(c.mail, c.password)),
        SendTestMail.handled_by(lambda _: it.mailing().send_test()),
        AskForUpdates.handled_by(lambda _: it.updates.ask()),
        AskForUpdatesIfDue.handled_by(lambda _: it.updates.ask_if_due()),
        ReadAutostart.handled_by(lambda _: it.autostart.seen()),
        SetAutostart.handled_by(lambda c: _set_autostart(it.autostart, is_on=c.is_on)),
        MakeBundle.handled_by(lambda c: it.make_bundle(c.choice)),
        WriteBundle.handled_by(lambda c: it.write_bundle(c.bundle, c.path)),
    )


def _set_autostart(autostart: Autostart, *, is_on: bool) -> AutostartSeen:
    autostart.set(is_on=is_on)
    return autostart.seen()
