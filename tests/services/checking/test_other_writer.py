"""Another program that copies Xero's payments too: what tells of it, what does not, and that no money stands twice.

The truth is which receipt each sum of money is. Case Manager's own link, switched on beside us, copies what Case
Manager does not have; neither knows of the other.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import pytest

from cmxero_desktop.domain.errors import NotAllowedError, SettingsError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.other_writer import other_writer_words
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY, Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.intents import IntentState
from cmxero_desktop.services.records.readings import CaseReading
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import NOV_1, Desk, FakeSettingsFile, nov
from tests.services.fake_case_manager import FakeCaseManager
from tests.services.fake_store import MemoryStore
from tests.services.fake_time import Crash

OWN_TEXT = "Imported from Xero"
INVOICES = 8


def writer_alerts(desk: Desk) -> list[Alert]:
    return [alert for alert in desk.view().alerts if alert.kind is AlertKind.OTHER_WRITER]


def mode_of(desk: Desk) -> Mode:
    return desk.settings.settings.mode


@dataclass
class Link:
    """Case Manager's own link: it copies each payment of which Case Manager has no equal, and says so in Notes."""

    desk: Desk
    note: str = OWN_TEXT
    copied: list[CasePaymentId] = field(default_factory=list)

    def work(self, most: int = 99) -> None:
        """Copy what is missing, up to so many."""
        for payment in list(self.desk.xero.payments.values()):
            number = payment.invoice_number.removeprefix("CM-")
            there = {(row.amount, row.paid_on) for row in self.desk.case.payments(number)}
            if most and payment.is_live and (payment.amount, payment.paid_on) not in there:
                notes = self.note.format(id=payment.payment_id)
                self.copied.append(self.desk.case.type_in(number, str(payment.amount.amount), payment.paid_on, notes))
                most -= 1


class Receipts:
    """Money that comes in, each sum like no other's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.count = 0
        for n in range(INVOICES):
            desk.bill(str(100 + n), "99000.00")

    def come(self, how_many: int = 1) -> list[XeroPaymentId]:
        """Receive money in Xero."""
        came = []
        for _ in range(how_many):
            self.count += 1
            came.append(self.desk.xero.pay(f"CM-{100 + self.count % INVOICES}", f"{100 + self.count}.00", NOV_1))
        return came

    def doubled(self) -> list[str]:
        """Return the sums that stand in Case Manager more than once."""
        rows = Counter(str(row.amount) for row in self.desk.case.rows.values())
        return sorted(amount for amount, times in rows.items() if times > 1)


@pytest.fixture
def receipts(desk: Desk) -> Receipts:
    """Return a firm whose first check is over and whose first receipts are copied."""
    made = Receipts(desk)
    made.come(5)
    desk.poll()
    desk.approve_in_bulk()
    desk.apply()
    return made


# The truth


@pytest.mark.parametrize("note", [OWN_TEXT, "Xero payment {id}", "XERO PAYMENT {id}"])
@pytest.mark.parametrize("seed", range(2))
def test_a_day_beside_case_managers_own_link_doubles_no_receipt(
    desk: Desk, receipts: Receipts, note: str, seed: int
) -> None:
    """All that bulk allows is approved after each check, and the link works before, between and after every step."""
    dice, link = Random(seed), Link(desk, note)
    for _ in range(20):
        receipts.come(dice.randrange(3))
        if dice.random() < 0.5:
            link.work()
        desk.poll()
        if dice.random() < 0.3:
            link.work(1)
        if mode_of(desk) is Mode.APPROVE:
            desk.approve_in_bulk()
            if dice.random() < 0.5:
                desk.steps.act_at("lock", lambda: link.work(2))
            desk.apply()
            desk.steps.trouble = None
        desk.clock.now += timedelta(minutes=10)
        assert receipts.doubled() == []
    assert link.copied
    assert mode_of(desk) is Mode.OBSERVE
    assert len(writer_alerts(desk)) == 1


def test_a_diligent_typist_never_drops_the_mode(desk: Desk, receipts: Receipts) -> None:
    """Whoever types each payment as soon as Xero has it looks like a link, but for the Notes."""
    link = Link(desk, note="banked today")
    for _ in range(10):
        receipts.come(6)
        link.work()
        desk.poll()
        desk.clock.pass_days(1)
    assert mode_of(desk) is Mode.APPROVE
    assert writer_alerts(desk) == []


@pytest.mark.parametrize("note", ["Xero payment {id}", OWN_TEXT])
def test_one_stray_note_that_a_person_typed_drops_nothing(desk: Desk, receipts: Receipts, note: str) -> None:
    receipts.come(3)
    Link(desk, note).work(1)
    for _ in range(3):
        desk.poll()
        desk.approve_in_bulk()
        desk.apply()
        desk.clock.pass_days(1)
    assert mode_of(desk) is Mode.APPROVE
    assert writer_alerts(desk) == []
    assert receipts.doubled() == []


# What is enough


def test_two_notes_of_ours_are_enough_however_far_apart(desk: Desk, receipts: Receipts) -> None:
    receipts.come(2)
    link = Link(desk, "Xero payment {id}")
    link.work(1)
    desk.poll()
    desk.clock.pass_days(40)
    link.work(1)
    desk.poll()
    (alert,) = writer_alerts(desk)
    assert (
        "2 imported payments were not written by this program, the first of them 106.00 on 1 Nov" in alert.explanation
    )
    assert "or our own records were restored from a backup" in alert.explanation
    assert mode_of(desk) is Mode.OBSERVE


def test_three_texts_of_case_managers_own_are_enough_in_one_day_only(desk: Desk, receipts: Receipts) -> None:
    link = Link(desk)
    for _ in range(3):
        receipts.come(2)
        link.work()
        desk.poll()
        desk.clock.pass_days(1)
    assert writer_alerts(desk) == []
    receipts.come(3)
    link.work()
    desk.poll()
    (alert,) = writer_alerts(desk)
    assert alert.explanation.startswith("9 imported payments")
    assert "Case Manager's own Xero link seems to be on." in alert.explanation
    assert "backup" not in alert.explanation


def test_it_is_one_alert_that_grows_and_the_history_says_it_once(desk: Desk, receipts: Receipts) -> None:
    link = Link(desk)
    for expected in (4, 5, 6):
        receipts.come(4 if expected == 4 else 1)
        link.work()
        assert desk.poll().counts.alerts == 1
        (alert,) = writer_alerts(desk)
        assert (alert.key, alert.rule) == (OTHER_WRITER_KEY, Rule.R29)
        assert alert.explanation.startswith(f"{expected} imported payments")
    told = [e.event.what for e in desk.history() if e.event.rule == Rule.R29]
    assert told == [AuditWhat.ALERT, AuditWhat.MODE_CHANGED]


# The way back


def come_back(desk: Desk, reason: str = "the link is off") -> str:
    return change_mode(desk.outside, Mode.APPROVE, Saying(by="Ann", reason=reason))


@pytest.fixture
def stopped(desk: Desk, receipts: Receipts) -> Link:
    """Return a link that was told, and after it a check that found nothing new."""
    link = Link(desk)
    receipts.come(3)
    link.work()
    desk.poll()
    receipts.come(1)
    desk.poll()
    assert mode_of(desk) is Mode.OBSERVE
    return link


def test_a_person_comes_back_and_a_later_writer_is_told_anew(desk: Desk, receipts: Receipts, stopped: Link) -> None:
    assert come_back(desk).startswith("The mode is approve now.")
    assert desk.poll().counts.alerts == 0
    (event,) = [e.event for e in desk.history() if e.event.what is AuditWhat.MODE_CHANGED and e.event.by == "Ann"]
    assert (event.reason, event.rule, event.evidence) == ("the link is off", Rule.R29, {"mode": "approve"})
    desk.approve_in_bulk()
    desk.apply()
    assert receipts.doubled() == []
    receipts.come(2)
    stopped.work()
    desk.poll()
    assert mode_of(desk) is Mode.APPROVE, "two texts may be a person's, and the three before are dealt with"
    receipts.come(1)
    stopped.work()
    desk.poll()
    assert mode_of(desk) is Mode.OBSERVE


@pytest.mark.usefixtures("stopped")
def test_a_settings_file_alone_brings_nobody_back(desk: Desk) -> None:
    """The file of another desktop of the store never said anything else."""
    desk.set_mode(Mode.APPROVE)
    (add,) = [p for p in desk.proposals() if p.proposal.kind is ProposalKind.ADD]
    with pytest.raises(NotAllowedError, match="Observe only"):
        desk.deciding.approve([add.proposal_id], by="Ann")
    with pytest.raises(NotAllowedError, match="Observe only"):
        desk.apply()
    desk.poll()
    assert mode_of(desk) is Mode.OBSERVE
    assert len(writer_alerts(desk)) == 1


@pytest.mark.parametrize(("step", "written"), [("committed", 1), ("lock", 0)])
def test_applying_stops_where_a_check_of_another_desktop_sees_another_writer(
    desk: Desk, receipts: Receipts, step: str, written: int
) -> None:
    """One invoice is written; before the next, the desktop that checks has told the writer in the store they share."""
    receipts.come(4)
    desk.poll()
    before = len(desk.case.rows)
    desk.approve_in_bulk()

    def tell() -> None:
        told = Alert(
            key=OTHER_WRITER_KEY,
            kind=AlertKind.OTHER_WRITER,
            rule=Rule.R29,
            explanation="",
            next_step="",
            raised_at=desk.clock.now,
        )
        with desk.store.begin() as unit:
            unit.alerts.raise_new([told])
            unit.commit()

    desk.steps.act_at(step, tell)
    report = desk.apply()
    assert (len(report.applied), len(report.held_back)) == (written, 4 - written)
    assert all("Observe only" in row.reason for row in report.held_back)
    assert len(desk.case.rows) == before + written
    assert len(desk.proposals(ProposalState.APPROVED)) == 3


@pytest.mark.usefixtures("stopped")
def test_no_way_back_without_a_reason(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="reason"):
        come_back(desk, "  ")
    assert mode_of(desk) is Mode.OBSERVE


def test_no_way_back_before_a_check_that_finds_nothing_new(desk: Desk, receipts: Receipts, stopped: Link) -> None:
    receipts.come(1)
    stopped.work()
    desk.poll()
    with pytest.raises(NotAllowedError, match="still found a new copy") as refused:
        come_back(desk)
    assert "Switch off whoever else copies" in refused.value.remedy
    assert len(writer_alerts(desk)) == 1
    desk.poll()
    come_back(desk)
    assert writer_alerts(desk) == []


@pytest.mark.usefixtures("stopped")
def test_coming_back_is_whole_or_nothing_where_the_file_cannot_be_written(desk: Desk) -> None:
    works = desk.settings
    desk.settings = FakeSettingsFile(works.settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeSettingsFile, "save", lambda *_: (_ for _ in ()).throw(SettingsError("read-only")))
        with pytest.raises(SettingsError):
            come_back(desk)
    assert len(writer_alerts(desk)) == 1


@pytest.mark.usefixtures("receipts")
def test_the_mode_changes_without_an_alert_too(desk: Desk) -> None:
    ann = Saying(by="Ann", reason="")
    assert change_mode(desk.outside, Mode.APPROVE, ann) == "The mode is approve already."
    assert change_mode(desk.outside, Mode.OBSERVE, ann) == "The mode is observe now."
    assert change_mode(desk.outside, Mode.OBSERVE, ann) == "The mode is observe already."
    assert change_mode(desk.outside, Mode.APPROVE, ann).startswith("The mode is approve now.")
    told = [
        (e.event.by, e.event.reason, e.event.rule) for e in desk.history() if e.event.what is AuditWhat.MODE_CHANGED
    ]
    assert told == [("Ann", "The mode is observe now.", ""), ("Ann", "The mode is approve now.", "")]


def test_in_observe_mode_it_is_told_too_and_no_mode_changes(desk: Desk, receipts: Receipts) -> None:
    desk.set_mode(Mode.OBSERVE)
    receipts.come(3)
    Link(desk).work()
    desk.poll()
    assert len(writer_alerts(desk)) == 1
    assert [e.event.what for e in desk.history() if e.event.rule == Rule.R29] == [AuditWhat.ALERT]


def test_it_is_told_again_where_the_mode_could_not_be_stored(desk: Desk, receipts: Receipts) -> None:
    receipts.come(3)
    Link(desk).work()
    works = desk.settings

    class ReadOnly(type(works)):  # type: ignore[misc]  # the class of the fake
        def save(self, _settings: object) -> None:
            raise SettingsError("settings.toml cannot be written.")

    desk.settings = ReadOnly(works.settings)
    desk.restart()
    assert desk.polling.poll(PollAsk()).reason == "settings.toml cannot be written."
    desk.settings = works
    desk.restart()
    desk.poll()
    assert mode_of(desk) is Mode.OBSERVE


# What is accounted for


def test_what_stood_at_the_first_check_tells_nothing(desk: Desk) -> None:
    made = Receipts(desk)
    made.come(6)
    Link(desk).work(3)
    Link(desk, "Xero payment {id}").work()
    desk.poll()
    desk.poll(is_full=True)
    assert writer_alerts(desk) == []


def test_what_we_wrote_ourselves_is_no_other_writer(desk: Desk, receipts: Receipts) -> None:
    receipts.come(5)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    assert desk.poll().counts.alerts == 0
    with desk.store.read() as unit:
        assert unit.pairs.foreign() == ()


@pytest.mark.usefixtures("receipts")
def test_copies_that_we_removed_and_a_backup_of_case_manager_brings_back_are_ours(desk: Desk) -> None:
    backup = dict(desk.case.rows)
    for payment_id in list(desk.xero.payments):
        desk.xero.delete(payment_id)
    desk.poll()
    desk.approve_and_apply(*desk.proposals())
    assert desk.case.rows == {}
    desk.case.rows = backup
    desk.poll()
    assert writer_alerts(desk) == []
    assert mode_of(desk) is Mode.APPROVE


def test_keys_of_rows_that_we_removed_are_nobodys_once_another_writer_has_them(desk: Desk, receipts: Receipts) -> None:
    """The undone payments are deleted in Xero, and the link gives the keys of their copies to other money."""
    came = receipts.come(2)
    desk.poll()
    adds = desk.proposals()
    desk.approve_and_apply(*adds)
    keys = set(desk.case.rows)
    desk.undo(*adds)
    for payment_id in came:
        desk.xero.delete(payment_id)
    receipts.come(2)
    Link(desk, "Xero payment {id}").work()
    assert keys == set(desk.case.rows)
    desk.poll()
    assert len(writer_alerts(desk)) == 1


def test_copies_undone_and_made_again_are_ours(desk: Desk, receipts: Receipts) -> None:
    for _ in range(3):
        receipts.come(3)
        desk.poll()
        adds = desk.proposals()
        desk.approve_and_apply(*adds)
        desk.undo(*adds)
        desk.poll()
        for row in adds:
            desk.deciding.reopen([row.proposal_id], by="Ann", reason="after all")
        desk.approve_and_apply(*adds)
        desk.poll()
    assert receipts.doubled() == []
    assert writer_alerts(desk) == []


def test_a_write_of_ours_that_is_still_under_way_is_ours(
    desk: Desk, receipts: Receipts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another desktop of the store applies while this one checks: the row stands, and its outcome is not stored."""
    receipts.come(3)
    desk.poll()
    desk.approve_in_bulk()
    read = FakeCaseManager.read

    def apply_then_read(
        case: FakeCaseManager, numbers: Collection[str], currency: str, **more: Collection[str]
    ) -> CaseReading:
        monkeypatch.setattr(FakeCaseManager, "read", read)
        desk.steps.fail_at("committed", Crash())
        with pytest.raises(Crash):
            desk.apply()
        return read(case, numbers, currency, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(FakeCaseManager, "read", apply_then_read)
    desk.poll()
    with desk.store.read() as unit:
        assert [i.state for i in unit.intents.still_open()].count(IntentState.OPEN) == 1
        assert unit.pairs.foreign() == ()
    desk.apply()
    desk.poll()
    assert (writer_alerts(desk), receipts.doubled()) == ([], [])


def test_a_write_of_ours_that_was_not_made_accounts_for_nothing(desk: Desk, receipts: Receipts) -> None:
    receipts.come(3)
    desk.poll()
    desk.approve_in_bulk()
    desk.steps.fail_at("written", NotAllowedError("no"), times=99)
    desk.apply()
    desk.steps.trouble = None
    with desk.store.begin() as unit:
        unit.intents.close(replace(i, state=IntentState.NOT_WRITTEN) for i in unit.intents.still_open())
        unit.commit()
    Link(desk, "Xero payment {id}").work()
    desk.poll()
    assert len(writer_alerts(desk)) == 1


def test_notes_of_ours_on_pairs_that_memory_knows_are_ours(desk: Desk, memory: MemoryStore) -> None:
    """Our store is of yesterday: it knows the pairs, and not that they were noted in Case Manager since."""
    made = Receipts(desk)
    made.come(5)
    Link(desk, note="typed").work()
    desk.poll()
    backup = memory.rows.copy()
    desk.approve_in_bulk()
    desk.apply()
    assert all("Xero payment" in row.notes for row in desk.case.rows.values())
    memory.rows = backup
    desk.restart()
    desk.poll()
    assert writer_alerts(desk) == []


def test_a_note_that_was_found_after_something_was_applied_is_foreign_all_the_same(
    desk: Desk, receipts: Receipts
) -> None:
    """The memory has the pair already when the next check comes, from the note itself."""
    receipts.come(4)
    desk.poll()
    desk.approve(*desk.proposals()[:1])
    Link(desk, "Xero payment {id}").work()
    for row in list(desk.case.rows.values())[-4:]:
        desk.case.edit(row.payment_id, invoice_id=next(iter(desk.case.invoices)))
    desk.apply()
    desk.poll()
    assert len(writer_alerts(desk)) == 1


@pytest.mark.usefixtures("receipts")
def test_a_text_that_a_person_puts_to_older_rows_tells_nothing(desk: Desk) -> None:
    keys = [desk.case.type_in("100", f"{n}.50", NOV_1) for n in (1, 2, 3, 4)]
    desk.poll()
    for key in keys:
        desk.case.edit(key, notes=OWN_TEXT)
    desk.poll()
    assert writer_alerts(desk) == []


@pytest.mark.usefixtures("receipts")
def test_old_copies_that_come_with_an_invoice_tell_nothing(desk: Desk) -> None:
    """Xero's number was wrong: its invoice comes into scope one day, and the copies of years with it."""
    desk.case.bill("200", "99000.00")
    for n in range(5):
        desk.case.type_in("200", f"{n + 1}.75", nov(n + 1), OWN_TEXT)
    desk.poll()
    desk.xero.bill("CM-200", "99000.00")
    for n in range(5):
        desk.xero.pay("CM-200", f"{n + 1}.75", nov(n + 1))
    desk.poll()
    assert writer_alerts(desk) == []


def test_stray_notes_that_are_gone_count_no_more(desk: Desk, receipts: Receipts) -> None:
    link = Link(desk, "Xero payment {id}")
    for _ in range(4):
        receipts.come(1)
        link.work(1)
        desk.poll()
        del desk.case.rows[link.copied[-1]]
        desk.poll()
    assert writer_alerts(desk) == []
    with desk.store.read() as unit:
        assert unit.pairs.foreign() == ()


def test_what_stood_when_it_was_told_is_kept_although_it_is_gone(desk: Desk, receipts: Receipts) -> None:
    receipts.come(3)
    link = Link(desk)
    link.work()
    desk.poll()
    for key in link.copied:
        del desk.case.rows[key]
    desk.poll()
    (alert,) = writer_alerts(desk)
    assert alert.explanation.startswith("3 imported payments")


def test_texts_that_links_of_ours_note_between_the_checks_are_told_all_the_same(desk: Desk, receipts: Receipts) -> None:
    """With bulk approval open each foreign row gets our own line at once; it was another's all the same."""
    link = Link(desk)
    for _ in range(3):
        receipts.come(1)
        link.work()
        desk.poll()
        if mode_of(desk) is Mode.APPROVE:
            desk.approve_in_bulk()
            desk.apply()
    assert len(writer_alerts(desk)) == 1
    assert mode_of(desk) is Mode.OBSERVE


@pytest.mark.parametrize("note", [OWN_TEXT, "Xero payment {id}"])
def test_one_foreign_copy_is_worded_as_one(desk: Desk, receipts: Receipts, note: str) -> None:
    """A store of an older release raised an alert for each; what stands of it is told in one sentence."""
    receipts.come(1)
    Link(desk, note).work()
    desk.poll()
    with desk.store.read() as unit:
        words = other_writer_words(unit.pairs.foreign())
    assert words.startswith("The imported payment of 106.00 on 1 Nov 2026 on invoice CM-106, seen on 22 Nov 2026, was")
