"""Settings as a person types them: each goes round unchanged, and what the file refuses a field refuses too."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType

import pytest

from cmxero_desktop.adapters.settings_file.keys import KEYS, PAYMENT_TYPES
from cmxero_desktop.adapters.settings_file.texts import texts_of, with_texts
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.services.records.setting_words import CHANGEABLE, ELSEWHERE, SETTINGS
from cmxero_desktop.services.records.settings import (
    ForwardDating,
    MailSettings,
    Never,
    PolicySettings,
    PollSettings,
    Settings,
    SorSettings,
    WorkingHours,
)

FULL = Settings(
    policy=PolicySettings(
        start_date=date(2026, 7, 1),
        removal_limit_percent=Decimal("2.5"),
        forward_dating_days=5,
        lodged_until=date(2026, 9, 30),
        never_copy=("091", "210"),
        payment_types=MappingProxyType({"090": "EFT", "095": "Credit Card"}),
    ),
    poll=PollSettings(working_hours=WorkingHours(time(8), time(18)), working_days=frozenset({0, 1}), full_at=Never.OFF),
    sor=SorSettings(breaks_quiet_hours=False, headings=MappingProxyType({"Due": next(iter(ListColumn))})),
    mail=MailSettings(recipients=("a@example.com", "b@example.com")),
)


@pytest.mark.parametrize("settings", [Settings(), FULL], ids=["default", "full"])
def test_what_is_shown_is_typed_back_as_the_same_settings(settings: Settings) -> None:
    assert with_texts(settings, texts_of(settings)) == settings
    assert with_texts(settings, {}) == settings


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("poll.interval_min", " 15 ", "15"),
        ("poll.working_hours", "08:00-17:30", "08:00-17:30"),
        ("poll.working_days", "Mon, tue", "mon, tue"),
        ("poll.full_at", "off", "off"),
        ("policy.removal_limit_amount", "12,000.50", "12000.50"),
        ("policy.bulk_amount_limit", "700", "700"),
        ("policy.removal_limit_percent", "2.5", "2.5"),
        ("policy.start_date", "1 July 2026", "1 Jul 2026"),
        ("policy.start_date", "2026-07-01", "1 Jul 2026"),
        ("policy.lodged_until", "30 Sep 2026", "30 Sep 2026"),
        ("policy.forward_dating_days", "7", "7"),
        ("policy.forward_dating_days", "off", "off"),
        ("policy.sor_account", "091", "091"),
        ("policy.never_copy", "091,210", "091, 210"),
        ("sor.breaks_quiet_hours", "No", "no"),
        ("notices.quiet_from", "off", "off"),
        ("notices.quiet_from", "18:15", "18:15"),
        ("notices.quiet_to", "07:00", "07:00"),
        ("notices.quiet_days", "Sun, sat", "sat, sun"),
        ("notices.quiet_days", "off", "off"),
        ("notices.holidays", "NZ Otago", "NZ Otago"),
        ("notices.holidays", "off", "off"),
        ("notices.closed", "2027-08-11, 24 Dec to 3 Jan", "11 Aug 2027, 24 Dec to 3 Jan"),
        ("notices.closed", "", ""),
        ("notices.summary", "no", "no"),
        ("notices.show_names", "yes", "yes"),
        ("updates.address", "https://example.com/desk?sig=a,b", "https://example.com/desk?sig=a,b"),
        ("updates.address", r"\\SRV01\desk", r"\\SRV01\desk"),
        ("updates.public_key", "", ""),
        ("reasons.reject", "Asked, twice\n\n  Not  ours \n", "Asked, twice\nNot ours"),
        ("payment_types", "090=EFT, 095 = Credit Card", "090 = EFT, 095 = Credit Card"),
        ("payment_types", "", ""),
    ],
)
def test_a_person_types_without_quotes(name: str, typed: str, shown: str) -> None:
    assert texts_of(with_texts(FULL, {name: typed}))[name] == shown


def test_an_empty_field_takes_the_default() -> None:
    settings = with_texts(FULL, {"policy.start_date": "", "poll.working_hours": " ", "policy.never_copy": ""})
    assert (settings.policy.start_date, settings.poll.working_hours, settings.policy.never_copy) == (None, None, ())
    assert with_texts(FULL, {"reasons.reject": " \n"}).reasons == Settings().reasons
    assert with_texts(FULL, {"policy.forward_dating_days": ""}).policy.forward_dating_days is ForwardDating.CASE_MANAGER


@pytest.mark.parametrize(
    ("name", "typed", "right"),
    [
        ("poll.interval_min", "0", "a whole number from 1 to 1440"),
        ("poll.interval_min", "often", "a whole number from 1 to 1440"),
        ("poll.working_hours", "18:00-08:00", "two times of the same day, such as 08:00-18:00"),
        ("policy.removal_limit_amount", "1.234", "an amount with at most two decimals, such as 20000.00"),
        ("policy.start_date", "5/3/26", "a date without a time, such as 2026-07-01"),
        ("policy.never_copy", "091,,210", "account codes, such as [091, 210]"),
        ("sor.breaks_quiet_hours", "sometimes", "true or false"),
        ("notices.quiet_from", "5 pm", "a time of day, such as 02:00, or off"),
        ("notices.quiet_to", "off", "a time of day, such as 08:30"),
        ("notices.holidays", "Victoria", "off or one of ACT, NSW"),
        ("notices.closed", "24 Dec, Christmas", "days, such as [11 Aug 2027, 24 Dec to 3 Jan]"),
        ("notices.quiet_days", "weekends", "days, such as mon, tue, wed, thu, fri"),
        ("updates.address", "http://ann:s3cret@example.com", "must begin with https and hold no login"),
        ("reasons.reject", "x" * 121, "at most 12 reasons, of at most 120 letters each, such as [Asked the client]"),
        ("updates.public_key", "a key", "a public key of 44 characters"),
        ("payment_types", "090 EFT", "an account and a payment type, such as 090 = EFT"),
        ("payment_types", "= EFT", "its code must stand before the equals sign"),
        ("payment_types", "090 =", "one of Case Manager's payment types, such as EFT"),
        ("policy.unknown", "1", "is not a setting"),
    ],
)
def test_what_cannot_be_says_what_would_be_right(name: str, typed: str, right: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_texts(FULL, {name: typed})
    assert right in caught.value.message
    assert caught.value.message.startswith(name)


def test_everything_that_cannot_be_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        with_texts(FULL, {"poll.interval_min": "0", "policy.near_days": "-1", "policy.edit_days": "3"})
    assert "poll.interval_min" in caught.value.message
    assert "policy.near_days" in caught.value.message
    assert "edit_days" not in caught.value.message


def test_each_setting_of_the_file_is_changed_in_the_window_or_its_place_is_named() -> None:
    known = {".".join(path) for path in KEYS} | {PAYMENT_TYPES}
    elsewhere = {words.name for words in ELSEWHERE}
    assert known == CHANGEABLE | elsewhere
    assert not CHANGEABLE & elsewhere
    assert len({words.name for words in (*SETTINGS, *ELSEWHERE)}) == len(SETTINGS) + len(ELSEWHERE)
    assert all(words.sentence.endswith(".") for words in (*SETTINGS, *ELSEWHERE))
    for words in SETTINGS:
        for choice in words.choices:
            assert texts_of(with_texts(replace(FULL), {words.name: choice}))[words.name] == choice


@pytest.mark.parametrize("name", ["poll.interval_min", "mail.port", "policy.near_days", "policy.removal_limit_percent"])
def test_a_number_without_end_is_refused_as_any_other_that_does_not_fit(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is 9999") as caught:
        with_texts(Settings(), {name: "9" * 5_000})
    assert len(str(caught.value)) < 400
