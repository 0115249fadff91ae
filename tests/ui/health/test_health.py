"""Health says of each part what is so, makes up nothing, and puts on top what needs a person."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise, product

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.firm_totals import TotalsCause, TotalsFinding
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.reports import HealthFacts, OpenToOthers
from cmxero_desktop.services.records.runs import (
    Allowance,
    CallLimits,
    LastComparison,
    Lease,
    Pause,
    PinnedOrganisation,
    PollOutcome,
    PollState,
    SignInAge,
    Trigger,
)
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    MailSettings,
    Never,
    PollSettings,
    Settings,
    SignInKind,
    Tier,
    XeroSettings,
)
from cmxero_desktop.services.records.totals import AcceptedTotals, FirmTotals
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.desk.bell import items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.health.bundle_sheet import BundleSheet
from cmxero_desktop.ui.health.lines import HealthLine, lines_of, summary_of
from cmxero_desktop.ui.theme.colours import Tone
from tests.domain.test_releases import RELEASE
from tests.ui.conftest import Stage
from tests.ui.fake_desk import HEALTH
from tests.ui.views import NOW, entry, firm_view, run

HOUR = timedelta(hours=1)
TAX = Decimal("1.1")
LEASE = Lease(holder="srv02:/home", label="SRV02", until=NOW + timedelta(minutes=20))


def lines(
    *,
    health: HealthFacts | None = HEALTH,
    settings: Settings | None = None,
    view: DeskView | None = None,
    **state: object,
) -> dict[str, HealthLine]:
    """Return the lines of the invented firm, with what is changed of it."""
    shown = view or firm_view()
    shown = replace(shown, state=replace(shown.state, **state))  # type: ignore[arg-type]  # fields of the state
    content = DeskContent(view=shown, settings=settings or Settings(), health=health)
    return {line.name: line for line in lines_of(content, NoSchedule(), NOW)}


def test_everything_that_is_known_of_this_computer_is_shown() -> None:
    known = HealthFacts(
        home="/its/home",
        store_place="its store",
        log_file="/its/log",
        disk_free_bytes=7_300_000_000,
        versions={"Its": "9.8.7"},
        store_bytes=12_345_678,
        log_bytes=4_600,
        requests_today=4_321,
        is_store_shared=True,
        lease=LEASE,
        open_to_others=OpenToOthers(paths=("/its/home/store.db",)),
        store_unknown="Its keyring is locked.",
        payments_stored=49_956,
        memory_free_bytes=900_000_000,
        desktop="SRV01:/its/home",
        mail_sent=MailSent(NOW, "SOR invoice CM-102: its debit date comes"),
        updates=UpdatesSeen(is_on=True, own_version="1.3.0", place="https://b.example", release=RELEASE, is_newer=True),
    )
    settings = Settings(mail=MailSettings(host="smtp.c.example", sender="a@c.example", recipients=("b@c.example",)))
    shown = " ".join(line.text for line in lines(health=known, settings=settings).values())
    signs = {
        "home": "/its/home",
        "store_place": "its store",
        "log_file": "/its/log",
        "disk_free_bytes": "7.3 GB",
        "versions": "Its 9.8.7",
        "store_bytes": "its store, 12 MB; shared",
        "log_bytes": "/its/log, 5 kB with the older ones",
        "requests_today": "4,321 used today",
        "is_store_shared": "shared, ",
        "lease": "SRV02 checks Xero for all until 11:05",
        "desktop": "this desktop is SRV01:/its/home",
        "payments_stored": "49,956 payments are stored.",
        "memory_free_bytes": "room for about 100,000 in all; then the memory ends first.",
        "mail_sent": "SOR invoice CM-102: its debit date comes",
        "store_unknown": "put back from a backup. Its keyring is locked.",
        "updates": "Version 1.4.0 of 2 Dec 2026 is there; this is 1.3.0. New: Holidays are quiet.",
        "open_to_others": "can read or change /its/home/store.db. Take their rights away",
    }
    assert {field.name for field in fields(HealthFacts)} == signs.keys()
    for name, sign in signs.items():
        assert sign in shown, name


def test_what_is_not_known_is_said_to_be_so_and_never_nought() -> None:
    fresh = PollState(
        organisation=PinnedOrganisation(organisation_id="org", name="Wu", currency="AUD", time_zone="Australia/Sydney")
    )
    content = DeskContent(view=DeskView(state=fresh), settings=Settings())
    shown = {line.name: line for line in lines_of(content, NoSchedule(), NOW)}
    assert shown["Calls to Xero"].text == "How many were made today is not known yet."
    assert shown["Everything compared"].text == "Last: not known yet; each night at 02:00."
    assert shown["Sign-in"].text == "In the browser; this program has not renewed it yet."
    assert shown["Case Manager"].text == "Not read yet."
    assert not any(" 0 " in f" {line.text} " for line in shown.values())


@pytest.mark.parametrize(
    ("used", "limits", "text", "tone"),
    [
        (37, CallLimits(), "37 used today, 4,963 of 5,000 left, 500 of them kept for Check Xero.", Tone.CALM),
        (
            37,
            CallLimits(minute=58, day=4_100, seen_at=NOW),
            (
                "37 used today, 4,100 of 5,000 left, 500 of them kept for Check Xero. Xero said 10:45: 58 this minute, "
                "4,100 today left."
            ),
            Tone.CALM,
        ),
        (
            4_600,
            CallLimits(),
            (
                "4,600 used today, 400 of 5,000 left, 500 of them kept for Check Xero. Checks by the schedule wait "
                "until Xero allows more; yours still work while any are left."
            ),
            Tone.CAUTION,
        ),
    ],
)
def test_calls(used: int, limits: CallLimits, text: str, tone: Tone) -> None:
    line = lines(health=replace(HEALTH, requests_today=used), allowance=Allowance(limits=limits))["Calls to Xero"]
    assert (line.text, line.tone) == (text, tone)


def test_the_tier_counts() -> None:
    starter = Settings(xero=XeroSettings(tier=Tier.STARTER))
    text = lines(health=replace(HEALTH, requests_today=10), settings=starter)["Calls to Xero"].text
    assert text == "10 used today, 990 of 1,000 left, 100 of them kept for Check Xero."


def test_sign_in_says_when_it_ends() -> None:
    assert lines(sign_in=SignInAge(renewed_at=NOW))["Sign-in"] == HealthLine(
        "Sign-in", "In the browser, renewed on 25 Nov 2026; unused it would end on 24 Jan 2027."
    )
    assert lines(sign_in=SignInAge(renewed_at=NOW - timedelta(days=54)))["Sign-in"].tone is Tone.CAUTION
    ended = replace(firm_view(), runs=(run(NOW, PollOutcome.SIGNED_OUT, "Revoked."),))
    assert lines(view=ended)["Sign-in"].tone is Tone.DANGER
    custom = Settings(xero=XeroSettings(sign_in=SignInKind.CUSTOM_CONNECTION))
    assert (
        lines(settings=custom)["Sign-in"].text
        == "By a custom connection, whose secret the keyring holds; it does not end."
    )


def test_checks_say_how_old_everything_is() -> None:
    assert not lines()["Checks"].needs_you
    assert lines(comparison=LastComparison(last_polled_at=NOW - HOUR))["Checks"].needs_you
    paused = lines(allowance=Allowance(pause=Pause(until=NOW + HOUR, because="Xero asked for fewer calls")))["Checks"]
    assert "paused until 11:45, because Xero asked for fewer calls" in paused.text
    off = Settings(poll=PollSettings(full_at=Never.OFF))
    assert lines(settings=off)["Everything compared"].text.endswith("; not by itself.")


def test_the_store_says_who_checks() -> None:
    assert lines()["Store"].text.endswith("; for this computer alone")
    nobody = replace(HEALTH, is_store_shared=True)
    assert lines(health=nobody)["Store"].text.endswith("; shared, and no desktop checks Xero now")


@pytest.mark.parametrize(
    ("url", "end"),
    [("postgresql+psycopg://cm@srv/cm", " (PostgreSQL)"), ("mssql+pyodbc://cm@srv/cm", " (SQL Server)"), ("", "")],
)
def test_case_manager_says_which_kind_of_database_it_is(url: str, end: str) -> None:
    settings = Settings(case_manager=CaseManagerSettings(url=url))
    assert (
        lines(settings=settings, comparison=LastComparison(case_manager_label="cm on srv"))["Case Manager"].text
        == f"cm on srv{end}"
    )


@pytest.mark.parametrize(
    ("size", "end"),
    [
        (None, "desk.log"),
        (0, "desk.log, nothing written yet"),
        (1, "desk.log, 1 kB with the older ones"),
        (2_000_000, "desk.log, 2 MB with the older ones"),
    ],
)
def test_the_log_says_how_large_it_is_and_never_nought(size: int | None, end: str) -> None:
    assert lines(health=replace(HEALTH, log_bytes=size))["Log"].text.endswith(end)


def test_little_room_needs_a_person() -> None:
    line = lines(health=replace(HEALTH, disk_free_bytes=120_000_000))["Disk"]
    assert line.needs_you
    assert line.text.startswith("120 MB free")
    assert "Make room" in line.text


def test_how_many_payments_there_are_and_can_be_is_said() -> None:
    assert "Payments" not in lines()
    stored = replace(HEALTH, payments_stored=49_956, disk_free_bytes=8_000_000_000, memory_free_bytes=900_000_000)
    line = lines(health=stored)["Payments"]
    assert not line.needs_you
    assert (
        line.text == "49,956 payments are stored. There is room for about 100,000 in all; then the memory ends first."
    )
    assert lines(health=replace(stored, memory_free_bytes=400_000_000))["Payments"].needs_you
    server = replace(stored, is_store_shared=True, disk_free_bytes=0)
    assert not lines(health=server)["Payments"].needs_you


def test_the_summary_names_what_needs_a_person() -> None:
    good = tuple(lines().values())
    assert summary_of(good) == HealthLine("Summary", "The program works, and nothing here needs you.", Tone.GOOD)
    one = (*good, HealthLine("Disk", "Full.", Tone.CAUTION))
    assert summary_of(one) == HealthLine("Summary", "1 line needs a look: Disk.", Tone.CAUTION)
    two = (*one, HealthLine("Sign-in", "Ended.", Tone.DANGER))
    assert summary_of(two) == HealthLine("Summary", "2 lines need a look: Disk, Sign-in.", Tone.DANGER)


def test_not_connected_says_where_to_connect() -> None:
    assert lines(organisation=PinnedOrganisation())["Xero"].text == "Not connected yet: File, Connection to Xero."


def test_the_page_follows_the_time_of_day(stage: Stage) -> None:
    window = stage.window
    window.wishes.go_to_page(6)
    assert window.desk.content is not None
    waiting = len(items_of(window.desk.content))
    assert waiting
    assert (
        window.health.summary.text()
        == f"The program works, and has {waiting} notices about the money in the bell (F8)."
    )
    window.time.now = lambda: NOW + HOUR
    window.tick()
    assert window.health.summary.text() == "1 line needs a look: Checks."
    assert "Not checked since" in window.health.lines["Checks"].text()


def test_each_run_says_what_asked_for_it_and_why_it_failed(stage: Stage) -> None:
    failed = replace(run(NOW, PollOutcome.BROKEN, "Xero has trouble of its own."), trigger=Trigger.WAKE)
    stage.fake.desk_view = replace(firm_view(), runs=(failed,))
    stage.window.desk.refresh()
    stage.settle()
    model = stage.window.health.runs_model
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert "waking up" in shown
    assert "Xero has trouble of its own." in shown
    assert "no good answer" in shown


def test_every_end_and_every_cause_of_a_check_has_words(stage: Stage) -> None:
    model = stage.window.health.runs_model
    for outcome, trigger in product(PollOutcome, Trigger):
        model.set_rows([replace(run(NOW, outcome, "Its reason."), trigger=trigger)])
        assert all(model.index(0, column).data() for column in range(model.columnCount())), (outcome, trigger)


def test_a_check_that_was_not_made_stands_in_history_with_its_reason(stage: Stage) -> None:
    why = "2 checks were not made: the computer slept."
    missed = entry(99, AuditWhat.SKIPPED_RUN, by="program", at=NOW, stored=None, why=why)
    stage.fake.desk_view = replace(firm_view(), history=(missed,))
    stage.window.desk.refresh()
    stage.settle()
    model = stage.window.history.model
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert "Missed a check" in shown
    assert why in shown


def test_the_bundle_is_made_from_here(stage: Stage) -> None:
    stage.window.wishes.go_to_page(6)
    stage.window.health.bundle_asked.emit()
    stage.settle()
    assert isinstance(stage.sheet(), BundleSheet)


def test_the_log_folder_is_opened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    stage.window.health.log_asked.emit(HEALTH.log_file)
    assert [url.toLocalFile() for url in opened] == ["/home/ann/.local/share/cm-xero-desk/logs"]
    stage.window.health.log_asked.emit("")
    assert len(opened) == 1


def test_totals_that_differ_are_said_until_somebody_accepts_them() -> None:
    assert lines()["Totals"] == HealthLine(
        "Totals", "The totals of invoices show no common difference; Debtors names single ones that differ."
    )
    finding = TotalsFinding(invoices=60, concerned=60, differing=60, cause=TotalsCause.TAX, low=TAX, high=TAX)
    found = lines(totals=FirmTotals(finding=finding))["Totals"]
    assert found.tone is Tone.CAUTION
    assert found.text == f"{finding} {finding.next_step}"
    accepted = AcceptedTotals(finding=finding, by="J. Wu", at=NOW, reason="without GST")
    line = lines(totals=FirmTotals(finding=finding, accepted=accepted))["Totals"]
    assert line.tone is Tone.CALM
    assert "J. Wu accepted it on" in line.text


@pytest.mark.parametrize("height", [540, 768, 1080])
def test_no_line_is_pressed_into_another_in_a_low_window(stage: Stage, height: int) -> None:
    stage.window.resize(1366, height)
    page = stage.window.health
    stage.window.tabs.setCurrentWidget(page)
    stage.settle()
    shown = sorted((value.geometry() for value in page.lines.values()), key=lambda place: place.y())
    assert len(shown) > 8
    assert all(below.top() > above.bottom() for above, below in pairwise(shown))


def test_what_a_check_found_is_whole_in_a_narrow_window_and_other_columns_give_way(stage: Stage) -> None:
    window = stage.window
    window.resize(960, 640)
    window.tabs.setCurrentWidget(window.health)
    QApplication.processEvents()
    table, model = window.health.runs, window.health.runs_model
    found = next(at for at in range(model.columnCount()) if model.headerData(at, Qt.Orientation.Horizontal) == "Found")
    whole = table.fontMetrics().horizontalAdvance("12,345 matched, 1,234 unmatched, 1,234 skipped, 1,234 to approve")
    assert table.columnWidth(found) > whole
    assert table.isColumnHidden(found - 1), "seconds are of no use to whoever reads what was found"
