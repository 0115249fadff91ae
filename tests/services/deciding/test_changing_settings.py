"""Settings that are changed in the window are kept with who changed them and what they were."""

import pytest

from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.domain.errors import NotAllowedError, SettingsError
from cmxero_desktop.services.deciding.changing_settings import change_settings
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.settings import Mode, Settings
from tests.services.desk import Desk
from tests.services.fake_store import MemoryStore

FORMS = SettingForms(texts_of, with_texts)


@pytest.fixture
def desk() -> Desk:
    return Desk(MemoryStore())


def test_what_is_changed_counts_and_is_kept_in_the_trail(desk: Desk) -> None:
    texts = {"poll.interval_min": "15", "policy.never_copy": "091", "policy.near_days": "7"}
    said = change_settings(desk.outside, FORMS, texts, "Ann")
    assert desk.settings.settings.poll.interval_min == 15
    assert desk.settings.settings.policy.never_copy == ("091",)
    assert said == "Kept. Check every: 10 -> 15; Never copied: nothing -> 091. It counts from the next check on."
    (entry,) = desk.history()
    assert (entry.event.what, entry.event.by) == (AuditWhat.SETTINGS_CHANGED, "Ann")
    assert dict(entry.event.evidence) == {"poll.interval_min": "10 -> 15", "policy.never_copy": " -> 091"}
    assert desk.settings.settings.mode is Mode.APPROVE, "nothing else changes"


def test_what_may_be_secret_in_an_address_is_not_kept_for_ever(desk: Desk) -> None:
    address = "https://example.com/desk?sig=s3cret"
    said = change_settings(desk.outside, FORMS, {"updates.address": address}, "Ann")
    assert desk.settings.settings.updates.address == address
    (entry,) = desk.history()
    assert dict(entry.event.evidence) == {"updates.address": " -> https://example.com"}
    assert "s3cret" not in f"{said} {entry.event.reason}"


def test_nothing_changed_leaves_no_trace(desk: Desk) -> None:
    assert change_settings(desk.outside, FORMS, {"poll.interval_min": "10"}, "Ann") == "No setting was changed."
    assert desk.history() == []


def test_one_value_that_cannot_be_keeps_everything_as_it_was(desk: Desk) -> None:
    before = desk.settings.settings
    with pytest.raises(SettingsError):
        change_settings(desk.outside, FORMS, {"poll.interval_min": "15", "policy.near_days": "x"}, "Ann")
    assert desk.settings.settings == before
    assert desk.history() == []


def test_what_is_not_kept_in_the_file_is_not_in_the_trail_either(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: object, _settings: Settings) -> None:
        raise SettingsError("settings.toml cannot be written.")

    monkeypatch.setattr(type(desk.settings), "save", refuse)
    with pytest.raises(SettingsError):
        change_settings(desk.outside, FORMS, {"poll.interval_min": "15"}, "Ann")
    assert desk.history() == []


@pytest.mark.parametrize("name", ["mode", "case_manager.url", "store.url", "mail.host", "xero.tenant_id"])
def test_what_has_to_be_tried_first_is_not_changed_here(desk: Desk, name: str) -> None:
    with pytest.raises(NotAllowedError):
        change_settings(desk.outside, FORMS, {name: "approve"}, "Ann")
    assert desk.history() == []
