"""The settings file: everything survives a round trip, and everything that is wrong is named with its line."""

import os
import stat
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from cmxero_desktop.adapters.settings_file import TomlSettingsFile, home_folder
from cmxero_desktop.adapters.settings_file.closed_days import holidays_of
from cmxero_desktop.domain.closed_days import ClosedSpan
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.domain.sor.schedules import FirmType
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.services.ports.computer import SettingsFile
from cmxero_desktop.services.records import settings as s

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
MONEY = st.decimals(min_value=0, max_value=10**12, places=2)
CLOCK = st.builds(time, hour=st.integers(0, 23), minute=st.integers(0, 59))
CODE = TEXT.map(str.strip).filter(bool)
HOURS = st.lists(CLOCK, min_size=2, max_size=2, unique=True).map(lambda two: s.WorkingHours(*sorted(two)))
SPANS = [
    ClosedSpan(first=date(2000, 12, 24), last=date(2000, 1, 3), is_yearly=True),
    ClosedSpan(first=date(2027, 8, 11), last=date(2027, 8, 11)),
    ClosedSpan(first=date(2026, 12, 24), last=date(2027, 1, 3)),
]
SETTINGS = st.builds(
    s.Settings,
    mode=st.sampled_from(s.Mode),
    xero=st.builds(
        s.XeroSettings,
        sign_in=st.sampled_from(s.SignInKind),
        client_id=TEXT,
        redirect_port=st.integers(1, 65_535),
        tenant_id=TEXT,
        tier=st.sampled_from(s.Tier),
        proxy=st.sampled_from(["", "http://proxy:8080", "https://proxy.firm.example"]),
        identity_url=TEXT,
        api_url=TEXT,
    ),
    case_manager=st.builds(s.CaseManagerSettings, url=TEXT, mapping=TEXT),
    policy=st.builds(
        s.PolicySettings,
        invoice_prefix=TEXT.filter(lambda text: bool(text.strip())),
        start_date=st.none() | st.dates(),
        near_days=st.integers(0, 3650),
        removal_limit_count=st.integers(0, 1_000_000),
        removal_limit_percent=st.decimals(min_value=0, max_value=100, places=3),
        removal_limit_amount=MONEY,
        forward_dating_days=st.integers(0, 3650) | st.sampled_from(s.ForwardDating),
        sor_account=TEXT,
        edit_days=st.integers(0, 3650),
        total_tolerance=MONEY,
        bulk_amount_limit=MONEY,
        lodged_until=st.none() | st.dates(),
        never_copy=st.lists(CODE, max_size=3).map(tuple),
        keep_flagging=st.lists(CODE, max_size=3).map(tuple),
        payment_types=st.dictionaries(TEXT.filter(lambda text: bool(text.strip())), CODE, max_size=3),
    ),
    poll=st.builds(
        s.PollSettings,
        interval_min=st.integers(1, 1440),
        working_hours=st.none() | HOURS,
        working_days=st.frozensets(st.integers(0, 6), min_size=1),
        full_at=CLOCK | st.just(s.Never.OFF),
    ),
    store=st.builds(s.StoreSettings, url=TEXT),
    sor=st.builds(
        s.SorSettings,
        firm_type=st.sampled_from(FirmType),
        breaks_quiet_hours=st.booleans(),
        headings=st.dictionaries(TEXT.filter(lambda text: bool(text.strip())), st.sampled_from(ListColumn), max_size=3),
    ),
    notices=st.builds(
        s.NoticeSettings,
        quiet_from=CLOCK | st.just(s.Never.OFF),
        quiet_to=CLOCK,
        quiet_days=st.frozensets(st.integers(0, 6)),
        holidays=st.sampled_from(["", "NSW", "NZ Otago"]).map(holidays_of),
        closed=st.lists(st.sampled_from(SPANS), unique=True, max_size=3).map(tuple),
        summary=st.booleans(),
        show_names=st.booleans(),
    ),
    reasons=st.builds(
        s.ReasonSettings,
        reject=st.lists(st.sampled_from(["Asked, twice", 'He said "no"', "Not theirs"]), unique=True).map(tuple),
    ),
    mail=st.builds(
        s.MailSettings,
        host=st.sampled_from(["", "smtp.firm.example", "10.0.0.5", "[::1]"]),
        port=st.integers(0, 65_535),
        encryption=st.sampled_from(s.Encryption),
        login=TEXT,
        sender=st.sampled_from(["", "desk@firm.example"]),
        recipients=st.sampled_from([(), ("ann@firm.example",), ("ann@firm.example", "bob@firm.example")]),
    ),
    updates=st.builds(
        s.UpdateSettings,
        address=st.sampled_from(["", "https://example.com/desk?sig=a%2Fb", r"\\SRV01\desk", "/mnt/desk"]),
        public_key=st.binary(min_size=32, max_size=32).map(lambda key: b64encode(key).decode()) | st.just(""),
    ),
)

DESIGN = """\
mode = "approve"                        # "observe" writes nothing and needs no write login
[xero]
client_id = "ABC"                         # the firm's own PKCE app: no secret exists
redirect_port = 8742
tenant_id = "T"
identity_url = "http://127.0.0.1:1"
api_url = "http://127.0.0.1:1"
sign_in = "browser"
tier = "starter"
[case_manager]
url = "sqlite:////tmp/case.db"
mapping = "reference"                   # or a path
[policy]
invoice_prefix = "CM-"
start_date = 2026-07-01                 # optional: older payments are out of scope
near_days = 7
removal_limit_count = 10
removal_limit_percent = 2
removal_limit_amount = "20000.00"
forward_dating_days = "case_manager"    # or a number, or "off"
bulk_amount_limit = "5000.00"
total_tolerance = "0.05"
edit_days = 2
sor_account = "SOR Clearing"
sor_unallocated = "Parked"
lodged_until = 2026-09-30               # optional: the end of the last lodged tax period
never_copy = ["091",   "Trust"]         # codes of accounts whose payments are never copied (trust money)
keep_flagging = []
[payment_types]
"090" = "Cheque"                        # Xero account code to Case Manager's payment type
200 = "Cash"
[poll]
interval_min = 10
working_hours = "07:30-18:00"
working_days = "mon, tue, fri"
full_at = "off"
[sor]
firm_type = "other"
breaks_quiet_hours = false
[notices]
quiet_from = "18:00"
quiet_to = "07:45"
quiet_days = "sun"
holidays = "VIC"
closed = ["24 Dec to 3 Jan", "11 Aug 2027"]
summary = true
show_names = false
[reasons]
reject = ["Asked the client", "Not ours, says Jo"]   # what we say

[mail]
port = 0
encryption = "starttls"
recipients = []

[people]
approvers = []
second_approver = "off"
second_above = "5000.00"
"""


@pytest.fixture
def file(tmp_path: Path) -> TomlSettingsFile:
    return TomlSettingsFile(tmp_path)


def wrong(file: TomlSettingsFile, text: str) -> str:
    file.path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        file.load()
    assert caught.value.remedy
    return caught.value.message


@rules(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(first=SETTINGS, second=SETTINGS)
def test_settings_survive_being_written_over_others(tmp_path: Path, first: s.Settings, second: s.Settings) -> None:
    file: SettingsFile = TomlSettingsFile(tmp_path)
    for each in (first, second):
        file.save(each)
        assert file.load() == each


def test_the_example_of_the_design_is_read(file: TomlSettingsFile) -> None:
    file.path.write_text(DESIGN, encoding="utf-8")
    settings = file.load()
    assert settings.mode is s.Mode.APPROVE
    assert settings.xero.client_id == "ABC"
    assert settings.policy.start_date == date(2026, 7, 1)
    assert settings.policy.removal_limit_amount == Decimal("20000.00")
    assert settings.policy.forward_dating_days is s.ForwardDating.CASE_MANAGER
    assert (settings.policy.edit_days, settings.policy.lodged_until) == (2, date(2026, 9, 30))
    assert (settings.policy.total_tolerance, settings.policy.bulk_amount_limit) == (Decimal("0.05"), Decimal(5000))
    assert settings.policy.never_copy == ("091", "Trust")
    assert settings.policy.payment_types == {"090": "Cheque", "200": "Cash"}
    assert settings.poll.working_hours == s.WorkingHours(time(7, 30), time(18))
    assert settings.poll.working_days == {0, 1, 4}
    assert settings.poll.full_at is s.Never.OFF
    assert settings.xero.tier.calls_a_day == 1_000
    assert settings.reasons.reject == ("Asked the client", "Not ours, says Jo")


def test_saving_what_was_read_changes_no_letter(file: TomlSettingsFile) -> None:
    file.path.write_text(DESIGN, encoding="utf-8")
    file.save(file.load())
    assert file.path.read_text(encoding="utf-8") == DESIGN


def test_a_change_keeps_comments_and_touches_its_line_only(file: TomlSettingsFile) -> None:
    file.path.write_text(DESIGN, encoding="utf-8")
    read = file.load()
    file.save(replace(read, policy=replace(read.policy, start_date=None, near_days=9)))
    lines = file.path.read_text(encoding="utf-8").splitlines()
    assert [line for line in DESIGN.splitlines() if line not in lines] == [
        "start_date = 2026-07-01                 # optional: older payments are out of scope",
        "near_days = 7",
    ]
    assert "near_days = 9" in lines


def test_payment_types_are_changed_in_their_lines_and_what_is_no_longer_named_goes(file: TomlSettingsFile) -> None:
    file.path.write_text(DESIGN, encoding="utf-8")
    read = file.load()
    types = {"090": "EFT", "610": "Credit Card"}
    file.save(replace(read, policy=replace(read.policy, payment_types=types)))
    assert file.load().policy.payment_types == types
    text = file.path.read_text(encoding="utf-8")
    assert '200 = "Cash"' not in text
    assert text.count("[payment_types]") == 1


def test_a_bad_payment_type_is_named_with_its_own_line(file: TomlSettingsFile) -> None:
    message = wrong(file, DESIGN.replace('200 = "Cash"', '200 = " "\n"210" = 5'))
    assert "payment_types.200 is  ; it must be one of Case Manager's payment types in quotes" in message
    first = file.path.read_text(encoding="utf-8").splitlines().index('200 = " "') + 1
    assert f"Line {first}: payment_types.200" in message
    assert f"Line {first + 1}: payment_types.210 is 5" in message


def test_missing_keys_take_their_defaults(file: TomlSettingsFile) -> None:
    file.path.write_text("", encoding="utf-8")
    assert file.load() == s.Settings()
    file.path.write_text("[poll]\ninterval_min = 30\n", encoding="utf-8-sig")
    assert file.load() == s.Settings(poll=s.PollSettings(interval_min=30))


def test_dotted_and_inline_keys_are_read_too(file: TomlSettingsFile) -> None:
    file.path.write_text('xero.client_id = "A"\npoll = { interval_min = 30 }\n', encoding="utf-8")
    settings = file.load()
    assert (settings.xero.client_id, settings.poll.interval_min) == ("A", 30)
    assert "Line 2: poll.interval_min is 0" in wrong(file, 'xero.client_id = "A"\npoll = { interval_min = 0 }\n')


def test_everything_wrong_is_named_at_once_with_its_line(file: TomlSettingsFile) -> None:
    text = DESIGN.replace("near_days", "near_day").replace('"approve"', '"aprove"').replace("= 8742", '= "8742"')
    message = wrong(file, text + "\n[pol]\ninterval_min = 1\n")
    assert 'Line 1: mode is aprove; it must be "observe" or "approve". Did you mean "approve"?' in message
    assert "Line 4: xero.redirect_port is 8742; it must be a whole number from 1 to 65535." in message
    assert "Line 16: policy.near_day is not a setting. Did you mean policy.near_days?" in message
    assert f"Line {text.count(chr(10)) + 2}: pol is not a setting." in message


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ('[policy]\nstart_date = "2026-07-01"', "a date without quotes"),
        ("[policy]\nstart_date = 2026-07-01T10:00:00", "a date without quotes"),
        ("[policy]\nremoval_limit_amount = 20000.00", "an amount in quotes"),
        ("[policy]\nremoval_limit_amount = 20000", "an amount in quotes"),
        ('[policy]\nremoval_limit_amount = "20,000.00"', "an amount in quotes"),
        ('[policy]\nremoval_limit_amount = "1.005"', "an amount in quotes"),
        ('[policy]\nremoval_limit_amount = "-1.00"', "an amount in quotes"),
        ("[policy]\nremoval_limit_percent = 101", "from 0 to 100"),
        ("[policy]\nremoval_limit_percent = nan", "from 0 to 100"),
        ("[policy]\nremoval_limit_percent = true", "from 0 to 100"),
        ("[policy]\nnear_days = 7.0", "a whole number"),
        ("[policy]\nnear_days = true", "a whole number"),
        ("[policy]\nforward_dating_days = -1", "a number of days"),
        ('[policy]\nforward_dating_days = "casemanager"', "a number of days"),
        ("[policy]\ntotal_tolerance = 0.05", "an amount in quotes"),
        ('[policy]\nbulk_amount_limit = "a lot"', "an amount in quotes"),
        ("[policy]\nedit_days = -1", "a whole number"),
        ('[policy]\nlodged_until = "2026-09-30"', "a date without quotes"),
        ('[policy]\nnever_copy = "091"', 'account codes in quotes, such as ["091", "210"]'),
        ("[policy]\nnever_copy = [91]", "account codes in quotes"),
        ('[policy]\nnever_copy = [" "]', "account codes in quotes"),
        ('[policy]\nnever_copied = ["091"]', "Did you mean policy.never_copy?"),
        ('[payment_types]\n" " = "EFT"', "names no account"),
        ("[payment_types]\n090 = 5", "one of Case Manager's payment types"),
        ('payment_types = "EFT"', "payment_types is not a setting"),
        ('[policy]\ninvoice_prefix = " "', "the beginning of the invoice numbers"),
        ("[xero]\nclient_id = 5", "a text in quotes"),
        ("[poll]\ninterval_min = 0", "a whole number from 1"),
        ("[poll]\ninterval = 5", "Did you mean poll.interval_min?"),
        ('[poll]\nworking_hours = "18:00-08:00"', "two times of the same day"),
        ('[poll]\nworking_hours = "8-18"', "two times of the same day"),
        ("[poll]\nworking_hours = 8", "two times of the same day"),
        ('[poll]\nworking_days = "mon-fri"', "days in quotes"),
        ("[poll]\nworking_days = 5", "days in quotes"),
        ('[poll]\nfull_at = "25:00"', 'a time of day in quotes, such as "02:00", or "off"'),
        ("[poll]\nfull_at = 2", "a time of day in quotes"),
        ('[xero]\ntier = "free"', '"starter" or "core"'),
        ('[xero]\nsign_in = "password"', '"browser" or "custom_connection"'),
        ('[xero]\nproxy = "socks5://proxy:1080"', "the address of an HTTP proxy"),
        ('[xero]\nproxy = "http://ann:secret@proxy:8080"', "holds a password"),
        ('[sor_headings]\n"Our no" = "number"', '"schedule" or "invoice"'),
        ('[mail]\nhost = "smtp example"', "the name of a mail server"),
        ('[updates]\naddress = "http://example.com"', "it must begin with https and hold no login"),
        ('[updates]\npublic_key = "abc"', "a public key of 44 characters"),
        ('[mail]\nencryption = "none"', '"starttls" or "tls"'),
        ('[mail]\nsender = "Desk <desk@firm.example>"', "an e-mail address"),
        ('[mail]\nrecipients = "ann@firm.example"', "e-mail addresses in quotes"),
        ('[mail]\nrecipients = ["ann@firm.example, bob@firm.example"]', "e-mail addresses in quotes"),
        ('[reasons]\nreject = "Asked the client"', 'of at most 120 letters each, such as ["Asked the client"]'),
        ('[reasons]\nreject = ["Asked the client", " "]', "at most 12 reasons in quotes"),
        ("[reasons]\nreject = [5]", "at most 12 reasons in quotes"),
        (f'[reasons]\nreject = ["{"x" * 121}"]', "of at most 120 letters each"),
        (f"[reasons]\nreject = {[str(number) for number in range(13)]}", "at most 12 reasons in quotes"),
        ("[[poll]]\ninterval_min = 5", "poll is not a setting"),
        ("xero = 5", "xero is not a setting"),
    ],
)
def test_a_bad_value_says_what_would_be_right(file: TomlSettingsFile, line: str, right: str) -> None:
    message = wrong(file, line + "\n")
    assert right in message
    assert f"Line {1 if chr(10) not in line or line.startswith('[[') else 2}:" in message


def test_a_percentage_with_decimals_is_exact(file: TomlSettingsFile) -> None:
    file.path.write_text("[policy]\nremoval_limit_percent = 2.35\n", encoding="utf-8")
    assert file.load().policy.removal_limit_percent == Decimal("2.35")


@pytest.mark.parametrize("text", ["mode = \n", "mode = 'observe'\nmode = 'observe'\n", "[xero]\n[xero]\n"])
def test_a_broken_file_is_named_and_never_written_over(file: TomlSettingsFile, text: str) -> None:
    assert str(file.path) in wrong(file, text)
    with pytest.raises(SettingsError):
        file.save(s.Settings())
    assert file.path.read_text(encoding="utf-8") == text


def test_a_file_in_another_encoding_is_said_so(file: TomlSettingsFile) -> None:
    file.path.write_bytes(b'mode = "\xe9"')
    with pytest.raises(SettingsError, match="UTF-8"):
        file.load()


def test_a_missing_file_is_said_so(file: TomlSettingsFile) -> None:
    assert not file.exists()
    with pytest.raises(SettingsError, match="cmxero init"):
        file.load()
    file.save(s.Settings())
    assert file.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_only_the_owner_can_read_the_file(file: TomlSettingsFile) -> None:
    file.save(s.Settings())
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    file: TomlSettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.save(s.Settings())
    before = file.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="No space left"):
        file.save(s.Settings(mode=s.Mode.APPROVE))
    assert file.path.read_bytes() == before
    assert list(file.path.parent.iterdir()) == [file.path]


def test_the_home_folder_is_the_override_then_the_environment_then_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMXERO_HOME", str(tmp_path / "env"))
    assert home_folder(tmp_path / "given") == tmp_path / "given"
    assert home_folder() == tmp_path / "env"
    assert (tmp_path / "env").is_dir()
    monkeypatch.delenv("CMXERO_HOME")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_args, **_more: tmp_path / "platform")
    assert home_folder() == tmp_path / "platform"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows looks for anybody's folder beside one's own")
def test_a_home_folder_that_cannot_be_found_out_is_said_so() -> None:
    with pytest.raises(SettingsError, match="cannot be found out") as caught:
        home_folder(Path("~nobody-of-that-name/desk"))
    assert "--home or CMXERO_HOME" in caught.value.remedy


def test_a_home_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be used"):
        home_folder(tmp_path / "file" / "home")


LISTED = """[policy]
never_copy = [
    "091",  # trust money
    "092",  # the old one
]
"""


def test_a_comment_inside_a_list_stays_with_its_line(file: TomlSettingsFile) -> None:
    file.path.write_text(LISTED, encoding="utf-8")
    settings = file.load()
    file.save(replace(settings, policy=replace(settings.policy, never_copy=("091", "882"))))
    text = file.path.read_text(encoding="utf-8")
    assert '"091",  # trust money' in text
    assert '"092"' not in text
    assert file.load().policy.never_copy == ("091", "882")
    file.save(replace(settings, policy=replace(settings.policy, never_copy=("882", "091"))))
    assert file.load().policy.never_copy == ("882", "091")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"[poll]\ninterval_min = {'9' * 5_000}\n", "it holds a number that is too long"),
        (f"[poll]\ninterval_min = 0x{'f' * 5_000}\n", "poll.interval_min is a number that is too long; it must be"),
        (f"mode = '{'x' * 10_000}'\n", f"mode is {'x' * 119}…; it must be"),
    ],
)
def test_what_is_endless_is_a_sentence_that_ends(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        TomlSettingsFile(tmp_path).load()
    assert said in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_file_with_a_number_that_is_too_long_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"a = {'9' * 5_000}\n")
    with pytest.raises(SettingsError, match="cannot be understood"):
        TomlSettingsFile(tmp_path).save(s.Settings())
    assert file.read_text().startswith("a = 9")
