"""Change settings in the window: by the rules of the file, and kept in the audit trail with what they were before."""

from collections.abc import Mapping

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.people import bare_name
from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.releases import address_shown
from cmxero_desktop.services.records.setting_words import CHANGEABLE, SETTINGS
from cmxero_desktop.services.records.settings import PeopleSettings

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
        old_settings = outside.settings_file.load()
        settings = forms.with_texts(old_settings, texts)
        if settings.people != old_settings.people:
            _ensure_approves(by, old_settings.people)
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


def _ensure_approves(by: str, people: PeopleSettings) -> None:
    """Raise NotAllowedError where somebody who does not approve would change who does."""
    if not bare_name(by) or not people.office.lets_approve(by):
        refusal = refused(Why.NO_RIGHT, by) if bare_name(by) else refused(Why.NO_NAME)
        raise NotAllowedError(refusal.reason, refusal.remedy)


def _shown(name: str, text: str) -> str:
    """Return what History keeps for ever: of an address, nothing that may be a secret."""
    return address_shown(text) if name == "updates.address" else "; ".join(text.splitlines())
