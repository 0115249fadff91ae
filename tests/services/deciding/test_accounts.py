"""What a person says once of an account, and what becomes of its payments at once (R3)."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.errors import NotAllowedError, SettingsError, XeroUnavailableError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import Account
from cmxero_desktop.services.deciding.accounts import AccountSaying, say_account
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.settings import Mode, PolicySettings, Settings
from tests.services.desk import Desk, FakeSettingsFile, QueuedStore, nov

TRUST = Account(account_id="A-1", name="Trust money", code="882", account_type="CURRLIAB")
TILL = Account(account_id="A-2", name="Till", account_type="CURRENT")
BANK = Account(account_id="A-3", name="Cheque", code="090", account_type="BANK")
NAMELESS = Account(account_id="A-4", account_type="CURRENT")


class ReadOnlySettings(FakeSettingsFile):
    """A settings file that cannot be written."""

    def save(self, settings: Settings) -> None:
        del settings
        raise SettingsError("settings.toml cannot be written.")


def pay(desk: Desk, account: Account, amount: str = "10.00", number: str = "CM-100") -> XeroPaymentId:
    payment_id = desk.xero.pay(number, amount, nov(1))
    desk.xero.change(payment_id, account_id=account.account_id.lower())
    return payment_id


@pytest.fixture(autouse=True)
def chart(desk: Desk) -> None:
    desk.bill()
    desk.xero.chart = [TRUST, TILL, BANK, NAMELESS]


def say(desk: Desk, account: str, answer: AccountAnswer, payment_type: str = "") -> str:
    said = AccountSaying(account=account, answer=answer, by="Ann", payment_type=payment_type)
    return say_account(desk.outside, said)


def asked(desk: Desk) -> list[str]:
    return [a.explanation for a in desk.view().alerts if a.kind is AlertKind.ACCOUNT]


def policy(desk: Desk) -> PolicySettings:
    return desk.settings.load().policy


def test_r3_each_account_is_asked_about_once_with_count_and_sum(desk: Desk) -> None:
    pay(desk, TRUST)
    pay(desk, TRUST, "20.00")
    desk.bill("101")
    dollars = pay(desk, TRUST, "500.00", "CM-101")
    desk.xero.payments[dollars] = replace(desk.xero.payments[dollars], amount=Money.of("500.00", "USD"))
    desk.xero.delete(pay(desk, TRUST, "7.00"))
    pay(desk, TILL, "40.00")
    pay(desk, BANK, "50.00")
    pay(desk, NAMELESS, "60.00")
    desk.poll()
    assert asked(desk) == [
        (
            "3 payments, 30.00 in all, were paid to Trust money (882) in Xero, which is no bank account: "
            "10.00 on CM-100 of 1 Nov 2026 (in Unmatched), 20.00 on CM-100 of 1 Nov 2026 (in Unmatched), "
            "500.00 on CM-101 of 1 Nov 2026 (in Skipped)."
        ),
        (
            "1 payment of 40.00 was paid to Till in Xero, which is no bank account: "
            "40.00 on CM-100 of 1 Nov 2026 (in Unmatched)."
        ),
    ]
    raised = [e for e in desk.history() if e.event.what is AuditWhat.ALERT]
    desk.poll(is_full=True)
    desk.restart()
    desk.poll()
    assert [e for e in desk.history() if e.event.what is AuditWhat.ALERT] == raised


def test_r3_what_is_older_than_the_start_is_not_asked_about(desk: Desk) -> None:
    pay(desk, TRUST)
    desk.set_policy(start_date=nov(30))
    desk.poll()
    assert asked(desk) == []


@pytest.mark.parametrize("called", ["882", " trust MONEY ", "a-1"])
def test_r3_never_copy_keeps_payments_out_at_once_and_for_good(desk: Desk, called: str) -> None:
    pay(desk, TRUST)
    desk.poll()
    sentence = say(desk, called, AccountAnswer.NEVER_COPY)
    assert sentence.startswith("Trust money (882): never copy them. ")
    assert [row.placement.reason for row in desk.view().skipped] == [Reason.ACCOUNT]
    assert policy(desk).never_copy == ("882",)
    event = desk.history()[-1].event
    assert (event.what, event.by, event.reason) == (AuditWhat.ACCOUNT_SAID, "Ann", sentence)
    desk.restart()
    pay(desk, TRUST, "30.00")
    desk.poll(is_full=True)
    assert asked(desk) == []
    assert desk.proposals() == []


def test_r3_a_payment_type_makes_the_account_as_good_as_a_bank(desk: Desk) -> None:
    pay(desk, TILL)
    desk.poll()
    assert desk.proposal().proposal.flags == {Flag.NOT_BANK}
    sentence = say(desk, "Till", AccountAnswer.TRUST, " Cash ")
    assert sentence.startswith("Till: copy them as Cash. ")
    add = desk.proposal().proposal
    assert (add.flags, add.after and add.after.payment_type) == (frozenset(), "Cash")
    assert asked(desk) == []


def test_r3_an_answer_takes_the_place_of_the_one_before(desk: Desk) -> None:
    desk.set_policy(
        payment_types=MappingProxyType({"090": "Cheque", "Trust Money": "EFT"}),
        never_copy=("091", "TRUST MONEY"),
        keep_flagging=("092",),
    )
    pay(desk, TRUST)
    desk.poll()
    say(desk, "882", AccountAnswer.TRUST, "Cash")
    kept = policy(desk)
    assert kept.payment_types == {"090": "Cheque", "Trust Money": "Cash"}
    assert (kept.never_copy, kept.keep_flagging) == (("091",), ("092",))
    say(desk, "882", AccountAnswer.KEEP_FLAGGING)
    kept = policy(desk)
    assert (kept.payment_types, kept.never_copy, kept.keep_flagging) == ({"090": "Cheque"}, ("091",), ("092", "882"))
    say(desk, "882", AccountAnswer.KEEP_FLAGGING)
    assert policy(desk).keep_flagging == ("092", "882")
    assert desk.proposal().proposal.flags == {Flag.NOT_BANK}


def test_r3_it_may_be_said_of_an_account_that_nobody_asked_about(desk: Desk) -> None:
    desk.poll(is_full=True)
    say(desk, "090", AccountAnswer.NEVER_COPY)
    pay(desk, BANK)
    desk.poll()
    assert [row.placement.reason for row in desk.view().skipped] == [Reason.ACCOUNT]


@pytest.mark.parametrize(
    ("called", "answer", "problem"),
    [
        ("883", AccountAnswer.NEVER_COPY, "no account 883"),
        ("", AccountAnswer.NEVER_COPY, "no account .no name."),
        ("a-4", AccountAnswer.NEVER_COPY, "neither a code nor a name"),
        ("882", AccountAnswer.TRUST, "No payment type"),
    ],
)
def test_r3_what_cannot_be_kept_is_refused_and_changes_nothing(
    desk: Desk, called: str, answer: AccountAnswer, problem: str
) -> None:
    pay(desk, TRUST)
    desk.poll(is_full=True)
    before, history = desk.settings.load(), desk.history()
    with pytest.raises(NotAllowedError, match=problem):
        say(desk, called, answer, " ")
    assert desk.settings.load() == before
    assert desk.history() == history
    assert len(asked(desk)) == 1


def test_r3_where_the_settings_cannot_be_written_history_tells_of_no_answer(desk: Desk) -> None:
    pay(desk, TRUST)
    desk.poll()
    history = desk.history()
    desk.settings = ReadOnlySettings(settings=desk.settings.load())
    with pytest.raises(SettingsError):
        say(desk, "882", AccountAnswer.NEVER_COPY)
    assert desk.history() == history
    assert len(asked(desk)) == 1


def test_r3_an_answer_is_kept_although_case_manager_cannot_be_read_now(desk: Desk) -> None:
    pay(desk, TRUST)
    desk.poll()
    desk.case.is_down = True
    say(desk, "882", AccountAnswer.NEVER_COPY)
    desk.case.is_down = False
    assert asked(desk) == []
    desk.poll()
    assert [row.placement.reason for row in desk.view().skipped] == [Reason.ACCOUNT]


def test_r3_accounts_that_could_not_be_read_are_asked_for_at_the_next_check(desk: Desk) -> None:
    """The payments are not new any more, and their account is known all the same."""
    pay(desk, TRUST)
    desk.xero.errors["accounts"] = XeroUnavailableError("Broken.")
    desk.poll()
    assert desk.proposal().proposal.flags == frozenset()
    del desk.xero.errors["accounts"]
    desk.poll()
    assert desk.proposal().proposal.flags == {Flag.NOT_BANK}
    assert len(asked(desk)) == 1
    assert desk.xero.asked.count("accounts") == 2


def test_the_mode_that_somebody_chose_while_the_answer_waited_stays(desk: Desk) -> None:
    desk.poll(is_full=True)
    outside = desk.outside

    def meanwhile() -> None:
        change_mode(outside, Mode.OBSERVE, Saying(by="Bob", reason="stop"))

    said = AccountSaying(account="882", answer=AccountAnswer.NEVER_COPY, by="Ann")
    say_account(replace(outside, store=QueuedStore(desk.store, meanwhile)), said)
    assert (desk.settings.load().mode, policy(desk).never_copy) == (Mode.OBSERVE, ("882",))


def test_the_answer_that_somebody_gave_while_the_mode_waited_stays(desk: Desk) -> None:
    desk.poll(is_full=True)
    outside = replace(desk.outside, store=QueuedStore(desk.store, lambda: say(desk, "882", AccountAnswer.NEVER_COPY)))
    change_mode(outside, Mode.OBSERVE, Saying(by="Bob", reason="stop"))
    assert (desk.settings.load().mode, policy(desk).never_copy) == (Mode.OBSERVE, ("882",))
