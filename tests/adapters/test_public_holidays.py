"""The table of public holidays: what the governments say, for every state, territory and province."""

from datetime import date, datetime, time

import pytest

from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.adapters.settings_file.closed_days import holidays_of, regions, span_of, span_text
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.services.records.setting_words import HOLIDAY_REGIONS
from cmxero_desktop.services.records.settings import NoticeSettings

EVERYWHERE = {"-01-01", "-12-25"}
# As gazetted for 2026 and 2027; a day that differs between neighbours says that no state has another's.
GAZETTED = {
    "ACT": {"2026-03-09", "2026-04-04", "2026-04-27", "2026-06-01", "2026-06-08", "2026-10-05", "2026-12-28"},
    "NSW": {"2026-04-27", "2026-06-08", "2026-10-05", "2026-12-28", "2027-04-26"},
    "NT": {"2026-05-04", "2026-06-08", "2026-08-03", "2026-12-28"},
    "QLD": {"2026-05-04", "2026-08-12", "2026-10-05", "2026-12-28"},
    "SA": {"2026-03-09", "2026-06-08", "2026-10-05", "2026-12-28"},
    "TAS": {"2026-03-09", "2026-06-08", "2026-12-28"},
    "VIC": {"2026-03-09", "2026-06-08", "2026-09-25", "2026-11-03", "2026-12-28"},
    "WA": {"2026-03-02", "2026-04-27", "2026-06-01", "2026-09-28", "2026-12-28"},
    "NZ": {"2026-01-02", "2026-02-06", "2026-04-27", "2026-06-01", "2026-07-10", "2026-10-26", "2027-06-25"},
    "NZ Auckland": {"2026-01-26", "2026-02-06", "2026-07-10"},
    "NZ Wellington": {"2026-01-19", "2026-07-10"},
    "NZ Canterbury": {"2026-11-13", "2026-07-10"},
}
NOT = {
    "NSW": {"2026-03-09", "2026-11-03", "2026-09-28"},
    "VIC": {"2026-04-27", "2026-10-05"},
    "QLD": {"2026-06-08", "2026-04-27"},
    "TAS": {"2026-04-04", "2026-10-05"},
    "WA": {"2026-06-08", "2026-03-09"},
    "NZ": {"2026-01-26", "2026-06-08", "2026-01-19"},
    "NZ Wellington": {"2026-01-26"},
}


def days(region: str) -> set[str]:
    return {day.isoformat() for day in holidays_of(region).names}


@pytest.mark.parametrize("region", regions())
def test_each_region_has_its_holidays_every_year(region: str) -> None:
    found = days(region)
    for year in range(2026, 2042):
        of_year = {day for day in found if day.startswith(str(year))}
        # In Tasmania a New Year's Day on a weekend is a working Saturday's: only the Monday is one.
        assert {f"{year}{end}" for end in EVERYWHERE} <= of_year | ({f"{year}-01-01"} if region == "TAS" else set())
        assert 9 <= len(of_year) <= 18


@pytest.mark.parametrize("region", GAZETTED)
def test_the_holidays_are_those_of_the_governments(region: str) -> None:
    assert GAZETTED[region] <= days(region)
    assert not NOT.get(region, set()) & days(region)


def test_the_window_offers_every_region_and_no_other() -> None:
    assert sorted(HOLIDAY_REGIONS) == sorted(("off", *regions()))


def test_a_province_has_the_country_s_too() -> None:
    for region in regions():
        if region.startswith("NZ "):
            assert len(days(region) - days("NZ")) == 16
            assert days("NZ") <= days(region)


def test_nobody_chosen_knows_none() -> None:
    assert not holidays_of("").names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("11 Aug 2027", "11 Aug 2027"),
        ("2027-08-11", "11 Aug 2027"),
        ("24 December 2026 to 3 January 2027", "24 Dec 2026 to 3 Jan 2027"),
        ("2026-12-24 to 2027-01-03", "24 Dec 2026 to 3 Jan 2027"),
        (" 24 Dec to 3 Jan ", "24 Dec to 3 Jan"),
        ("29 Feb", "29 Feb"),
        ("2 May to 2 May", "2 May"),
    ],
)
def test_days_of_the_office_are_read_as_people_write_them(typed: str, kept: str) -> None:
    span = span_of(typed)
    assert span is not None
    assert span_text(span) == kept
    assert span_of(kept) == span


@pytest.mark.parametrize(
    "typed", ["", "Christmas", "3 Jan 2027 to 24 Dec 2026", "24 Dec 2026 to 3 Jan", "30 Feb", "5/3/26"]
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert span_of(typed) is None


def test_the_file_says_which_days_are_quiet(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = TomlSettingsFile(tmp_path_factory.mktemp("home"))
    file.path.write_text('[notices]\nholidays = "VIC"\nclosed = ["24 Dec to 3 Jan"]\n', encoding="utf-8")
    notices = file.load().notices
    noon = [datetime.combine(date(2026, month, day), time(12)) for month, day in ((11, 3), (11, 4), (12, 30))]
    assert [notices.is_quiet(at) for at in noon] == [True, False, True]
    assert not NoticeSettings().is_quiet(noon[0])


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ('holidays = "Victoria"', 'it must be "off" or one of ACT, NSW'),
        ("holidays = 3", 'it must be "off" or one of ACT'),
        ('closed = ["24 Dec", "soon"]', "it must be days in quotes"),
        ('closed = "24 Dec"', "it must be days in quotes"),
        ("closed = [2026-12-24]", "it must be days in quotes"),
    ],
)
def test_what_is_no_region_or_day_says_what_would_be(
    line: str, right: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = TomlSettingsFile(tmp_path_factory.mktemp("home"))
    file.path.write_text(f"[notices]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        file.load()
    assert right in caught.value.message
