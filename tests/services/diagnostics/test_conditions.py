"""What Health and the doctor say alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.accounts import AccountQuestion
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.room import Room
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.diagnostics.conditions import (
    Condition,
    condition_of_accounts,
    condition_of_disk,
    condition_of_mail,
    condition_of_memory,
    condition_of_rights,
    condition_of_room,
    condition_of_sign_in,
    size,
)
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.reports import OpenToOthers
from cmxero_desktop.services.records.runs import LastComparison, PollState, SignInAge
from cmxero_desktop.services.records.settings import MailSettings, SignInKind

NOW = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 kB"), (999_999, "1,000 kB"), (1_000_000, "1 MB"), (499_999_999, "499 MB"), (1_000_000_000, "1.0 GB")],
)
def test_a_size_is_never_nought(count: int, text: str) -> None:
    assert size(count) == text


def test_room_is_little_below_500_mb() -> None:
    assert condition_of_disk(500_000_000, "/desk").is_good
    assert condition_of_disk(499_999_999, "/desk") == Condition(
        "499 MB free where /desk is.", "Make room: at least 500 MB are needed to work safely."
    )


def test_the_next_limit_of_payments_is_said_before_it_bites() -> None:
    assert condition_of_room(1_000, Room()) == Condition(
        "1,000 payments are stored. How many more there can be is not known."
    )
    assert condition_of_room(1_000, Room(disk_bytes=2_000_000)).is_good
    assert condition_of_room(1_000, Room(disk_bytes=1_999_999, memory_bytes=10**10)) == Condition(
        "1,000 payments are stored. There is room for about 1,249 in all; then the disk ends first.",
        "Make room before it does: the disk will not do for long.",
    )


def test_a_keyring_that_cannot_tell_which_state_of_the_store_is_the_newest_says_why() -> None:
    assert condition_of_memory("The keyring is locked.") == Condition(
        "Nobody can tell whether the program's own store was put back from a backup. The keyring is locked.",
        "The keyring is locked.",
    )


def test_a_sign_in_asks_for_a_person_only_near_its_end() -> None:
    fresh, old = (PollState(sign_in=SignInAge(renewed_at=NOW - timedelta(days=days))) for days in (1, 54))
    assert condition_of_sign_in(fresh, SignInKind.BROWSER, NOW, UTC).is_good
    assert condition_of_sign_in(old, SignInKind.BROWSER, NOW, UTC).remedy.startswith("Sign in to Xero again")


def test_an_account_that_nobody_spoke_of_needs_a_person() -> None:
    question = AccountQuestion(account_id="a", code="882", name="Trust", payments=2, amount=Money.of("3.00", "AUD"))
    asked = Alert(
        key="account:a",
        kind=AlertKind.ACCOUNT,
        rule=Rule.R3,
        explanation="Asked.",
        next_step="Answer.",
        raised_at=datetime(2026, 11, 22, tzinfo=UTC),
        account=question,
    )
    other = replace(asked, key="x", kind=AlertKind.VOIDED, account=None)
    checked = PollState(comparison=LastComparison(last_polled_at=NOW))
    condition = condition_of_accounts(checked, [other, asked])
    assert condition.seen == "Nobody has said yet what payments to Trust (882) are."
    assert "cmxero account" in condition.remedy
    assert condition_of_accounts(checked, [other]).is_good
    assert condition_of_accounts(PollState(), []).seen == "Not known before the first check."


def test_what_others_can_read_is_named_with_what_ends_it() -> None:
    assert condition_of_rights(OpenToOthers(), "/desk").is_good
    many = tuple(f"/desk/{name}" for name in "abcde")
    assert condition_of_rights(OpenToOthers(paths=many), "/desk") == Condition(
        "Other people of this computer can read or change /desk/a, /desk/b, /desk/c and 2 more.",
        "Take their rights away, as the owner of the files: chmod -R go= '/desk'",
    )
    outside = condition_of_rights(OpenToOthers(paths=("/share/store.db",)), "/desk")
    assert outside.remedy.endswith("chmod -R go= '/desk' '/share/store.db'")


def test_a_folder_that_is_copied_elsewhere_while_it_is_written_is_named() -> None:
    for is_known in (True, False):
        copied = condition_of_rights(OpenToOthers(is_known=is_known, synchronised_by="OneDrive"), "C:\\desk")
        assert copied.seen.startswith("C:\\desk is copied to other computers by OneDrive, which")
        assert "CMXERO_HOME or --home" in copied.remedy
    assert "chmod" in condition_of_rights(OpenToOthers(paths=("/a",), synchronised_by="Dropbox"), "/desk").remedy


def test_where_rights_cannot_be_asked_nobody_is_frightened() -> None:
    own = condition_of_rights(OpenToOthers(is_known=False), "C:\\desk")
    other = condition_of_rights(OpenToOthers(is_known=False, is_in_own_folder=False), "D:\\desk")
    assert own.is_good
    assert other.is_good
    assert "your own folder, which Windows keeps from other people" in own.seen
    assert "Properties, Security" in other.seen


def test_mail_says_whether_it_is_set_up_when_it_last_went_and_what_to_do_about_a_failure() -> None:
    mail = MailSettings(host="smtp.firm.example", sender="desk@firm.example", recipients=("ann@firm.example",))
    none = condition_of_mail(MailSettings(), None, (), UTC)
    assert none.is_good
    assert "cmxero mail set" in none.seen
    fresh = condition_of_mail(mail, None, (), UTC)
    assert fresh == Condition("By smtp.firm.example to 1 recipient. None was sent yet.")
    two = replace(mail, recipients=("ann@firm.example", "bob@firm.example"))
    sent = condition_of_mail(two, MailSent(NOW, "Title"), (), UTC)
    assert sent == Condition("By smtp.firm.example to 2 recipients. Last sent 25 Nov 2026 10:45: Title.")
    failed = Alert(
        key="mail-passing",
        kind=AlertKind.MAIL,
        rule=Rule.S4,
        explanation="It does not answer.",
        next_step="Look at it.",
        raised_at=NOW,
    )
    other = replace(failed, kind=AlertKind.ACCOUNT)
    trouble = condition_of_mail(mail, None, (other, failed), UTC)
    assert trouble.seen.endswith("None was sent yet. Since 25 Nov 2026 10:45: It does not answer.")
    assert trouble.remedy == "Look at it."
