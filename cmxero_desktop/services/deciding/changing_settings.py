"""Change settings in the window: by the rules of the file, and kept in the audit trail with what they were before."""

from collections.abc import Mapping
from dataclasses import replace

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.services.correlation.situations import ensure_approves
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.releases import address_shown
from cmxero_desktop.services.records.setting_words import CHANGEABLE, SETTINGS
from cmxero_desktop.services.records.settings import PeopleSettings, Settings

_TITLES = {words.name: words.title for words in SETTINGS}
_EMPTY = "nothing"


def change_settings(outside: Outside, forms: SettingForms, texts: Mapping[str, str], by: str) -> str:
    """Change settings by their names to what was typed, and return what was changed as a sentence.

    Raises SettingsError where one cannot be so, and then changes none; NotAllowedError for one of another sheet.
    """
    if strange := sorted(texts.keys() - CHANGEABLE):
        message = f"{', '.join(strange)} cannot be changed here."
        raise NotAllowedError(message, "Use its own sheet, or the settings file.")
    with outside.store.begin() as unit:
        # Not before: the unit may have waited for somebody who said what an account is, and all of it is saved again.
        old_settings = settings_now(outside, unit)
        settings = forms.with_texts(old_settings, texts)
        if settings.people != old_settings.people:
            ensure_approves(old_settings.people.office, by)
            if outside.is_store_shared:
                unit.polling.save_office(settings.people.office)
        before, after = forms.texts_of(old_settings), forms.texts_of(settings)
        changed = {name: (before[name], after[name]) for name in texts if before[name] != after[name]}
        if not changed:
            return "No setting was changed."
        shown = {name: tuple(_shown(name, text) for text in both) for name, both in changed.items()}
        said = "; ".join(f"{_TITLES[name]}: {old or _EMPTY} -> {new or _EMPTY}" for name, (old, new) in shown.items())
        evidence = {name: f"{old} -> {new}" for name, (old, new) in shown.items()}
        event = AuditEvent(at=outside.clock(), by=by, what=AuditWhat.SETTINGS_CHANGED, reason=said, evidence=evidence)
        unit.audit.append([event])
        # Before the commit: what counts and is not kept could never be explained.
        outside.settings_file.save(settings)
        unit.commit()
    return f"Kept. {said}. It counts from the next check on."


def read_setting_texts(outside: Outside, forms: SettingForms) -> Mapping[str, str]:
    """Return each setting by its name, as a person would type it."""
    with outside.store.read() as unit:
        return forms.texts_of(settings_now(outside, unit))


def settings_now(outside: Outside, unit: UnitOfWork) -> Settings:
    """Return the settings of this desktop, with the people as they were set for all that share the store."""
    settings, office = outside.settings_file.load(), unit.polling.state().office
    return replace(settings, people=PeopleSettings.of(office)) if office is not None else settings


def _shown(name: str, text: str) -> str:
    """Return what History keeps for ever: of an address, nothing that may be a secret."""
    return address_shown(text) if name == "updates.address" else "; ".join(text.splitlines())
