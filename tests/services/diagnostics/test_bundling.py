"""A diagnostics bundle helps whoever supports the firm, and says nothing about the firm that was not ticked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck as SlowCheck
from hypothesis import given, settings
from hypothesis import strategies as st

from cmxero_desktop.domain.errors import SettingsError, StoreError, XeroUnavailableError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.connecting.connecting import Connecting
from cmxero_desktop.services.diagnostics.bundling import BundleSources, make_bundle
from cmxero_desktop.services.diagnostics.known_words import known_words
from cmxero_desktop.services.diagnostics.redacting import KnownWords, Redactor, amount_forms
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck, HealthFacts
from cmxero_desktop.services.records.runs import Allowance, CallLimits, Pause
from cmxero_desktop.services.records.settings import (
    CaseManagerSettings,
    Mode,
    Never,
    PeopleSettings,
    PolicySettings,
    PollSettings,
    Settings,
    StoreSettings,
    WorkingHours,
    XeroSettings,
)
from tests.services.desk import ANN, Desk, nov
from tests.services.fake_sign_in import WU, FakeSignIn
from tests.services.fake_store import MemoryStore

NOTHING, NAMES, AMOUNTS = BundleChoice(), BundleChoice(has_names=True), BundleChoice(has_amounts=True)
EVERYTHING = BundleChoice(has_names=True, has_amounts=True)
FACTS = HealthFacts(
    home="/home/ann", store_place="", log_file="", disk_free_bytes=7, versions={"Python": "3.11.7", "Store": "0002"}
)
AT = "2026-11-22 10:42:07,100"


def hide(text: str) -> str:
    """Stand in for the patterns of the log."""
    return text.replace("hunter2", "[hidden]")


@dataclass
class Around:
    """Everything beside the store that a bundle is made from."""

    settings: Settings = field(default_factory=Settings)
    checks: tuple[HealthCheck, ...] = ()
    log: str = ""
    known: KnownWords = field(default_factory=KnownWords)

    def bundle(self, store: Callable[[], Store], choice: BundleChoice = NOTHING, **broken: Any) -> Bundle:
        parts: dict[str, Any] = {
            "settings": lambda: self.settings,
            "store": store,
            "doctor": lambda: self.checks,
            "computer": lambda: FACTS,
            "log": lambda: self.log,
            "known": lambda: self.known,
            "hide_secrets": hide,
        }
        return make_bundle(BundleSources(**(parts | broken)), choice)


def text_of(bundle: Bundle, name: str) -> str:
    return next(part.text for part in bundle.parts if part.name == name)


def document(bundle: Bundle, name: str) -> Any:  # noqa: ANN401 - any JSON document
    return json.loads(text_of(bundle, name))


def whole(bundle: Bundle) -> str:
    return "\n".join(part.text for part in bundle.parts)


def raising(error: Exception) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail


def busy(desk: Desk) -> None:
    """Let a firm have one of everything that could tell about it."""
    service = Connecting(sign_in=FakeSignIn([WU]), settings_file=desk.settings, store=desk.store, clock=desk.clock)
    service.sign_in()
    service.pin("", "Zoë Quill")
    desk.bill("100", "9876.50")
    desk.bill("200", "4321.00")
    desk.xero.pay("CM-100", "1234.56", nov(1), reference="REMIT-77")
    gone = desk.xero.pay("CM-200", "321.00", nov(2))
    desk.case.type_in("200", "321.00", nov(2), notes=f"typed by Zoë\nXero payment {gone}")
    desk.xero.delete(gone)
    desk.poll()
    desk.approve(desk.proposals()[0])


WORDS = ("Wu & Partners", "Ms Ito", "Zoë", "REMIT-77", "CM-100", "CM-200", "org-1")
SUMS = ("1,234.56", "1234.56", "123456", "9,876.50", "321.00", "32100")


# What is in it


def test_each_file_says_what_support_needs(desk: Desk) -> None:
    busy(desk)
    around = Around(settings=desk.settings.settings, log=f"{AT} INFO cmxero_desktop.x: All is well\n")
    bundle = around.bundle(lambda: desk.store)
    assert [part.name for part in bundle.parts] == [
        "about.txt",
        "computer.json",
        "settings.json",
        "polling.json",
        "counts.json",
        "doctor.json",
        "log.txt",
    ]
    assert document(bundle, "computer.json") == {"versions": dict(FACTS.versions), "disk_free_bytes": 7}
    polling = document(bundle, "polling.json")
    assert (polling["currency"], polling["time_zone"]) == ("AUD", "Australia/Sydney")
    (run,) = polling["runs"]
    assert (run["outcome"], run["trigger"], run["fetched"], run["proposed"]) == ("done", "person", 2, 2)
    counts = document(bundle, "counts.json")
    assert counts["proposals"]["by_kind"] == {"add": 1, "remove": 1}
    assert counts["proposals"]["by_state"] == {"approved": 1, "proposed": 1}
    assert sum(counts["placements"]["by_bucket"].values()) == 2
    newest = counts["audit"].pop("newest_hash")
    assert len(newest) == 64
    assert counts["audit"] == {"entries": 2, "chain_holds": True, "findings": []}
    assert counts["open_intents"] == 0
    assert text_of(bundle, "log.txt") == around.log


def test_a_pause_and_limits_are_told(desk: Desk) -> None:
    busy(desk)
    with desk.store.begin() as unit:
        at = datetime(2026, 11, 22, 3, tzinfo=UTC)
        pause = Pause(until=at, because="Wu & Partners has reached its limit")
        limits = CallLimits(minute=59, day=100, seen_at=at)
        unit.polling.save_allowance(Allowance(pause=pause, limits=limits))
        unit.commit()
    polling = document(Around().bundle(lambda: desk.store), "polling.json")
    assert polling["pause"] == {"until": "2026-11-22T03:00:00+00:00", "because": "[name] has reached its limit"}
    assert polling["limits"]["day"] == 100


def test_settings_are_told_only_where_they_say_nothing_about_the_firm(desk: Desk) -> None:
    own = Settings(
        mode=Mode.APPROVE,
        xero=XeroSettings(
            client_id="5A4D0B0C7D9E4F10A1B2C3D4E5F60718",
            tenant_id="short",
            proxy="http://zoe:hunter2@proxy.wu.example:8080",
            identity_url="http://127.0.0.1:9",
            api_url="http://127.0.0.1:9",
        ),
        case_manager=CaseManagerSettings(url="postgresql+psycopg://zoe@srv-wu/case", mapping="/home/zoe/wu.toml"),
        policy=PolicySettings(
            invoice_prefix="WU-",
            sor_account="Wu Clearing",
            start_date=date(2026, 7, 1),
            removal_limit_amount=Decimal("7654.30"),
            forward_dating_days=3,
            bulk_amount_limit=Decimal("4321.00"),
            never_copy=("091",),
        ),
        poll=PollSettings(
            working_hours=WorkingHours(time(7, 30), time(19)),
            full_at=Never.OFF,
        ),
        store=StoreSettings(url="oracle://zoe@srv-wu/x"),
        people=PeopleSettings(approvers=("Zoe Wu", "Q. Adams"), second_approver=SecondRule.LARGE),
    )
    told = document(Around(settings=own).bundle(lambda: desk.store), "settings.json")
    assert told["xero"] == {
        "sign_in": "browser",
        "client_id": "5A4D…",
        "tenant_id": "set",
        "redirect_port": 8742,
        "tier": "core",
        "proxy": "set",
        "addresses": "of a sandbox on this computer",
    }
    assert told["case_manager"] == {"database": "postgresql", "mapping": "a file of the firm"}
    assert told["store"] == {"database": "another kind"}
    assert told["people"] == {"approvers": 2, "two": "large"}
    assert told["poll"]["working_hours"] == "07:30 to 19:00"
    assert told["poll"]["full_at"] == "off"
    assert told["policy"]["invoice_prefix"] == told["policy"]["sor_account"] == "[name]"
    assert told["policy"]["removal_limit_amount"] == "[amount]"
    assert told["policy"]["bulk_amount_limit"] == told["policy"]["total_tolerance"] == "[amount]"
    assert (told["policy"]["accounts_never_copied"], told["policy"]["lodged_until"]) == (1, None)
    assert told["policy"]["start_date"] == "2026-07-01"
    ticked = document(Around(settings=own).bundle(lambda: desk.store, EVERYTHING), "settings.json")
    assert ticked["policy"]["invoice_prefix"] == "WU-"
    assert ticked["policy"]["removal_limit_amount"] == "7654.30"
    assert (ticked["policy"]["bulk_amount_limit"], ticked["policy"]["total_tolerance"]) == ("4321.00", "0.05")
    assert ticked["xero"]["client_id"] == "5A4D…"
    plain = document(Around().bundle(lambda: desk.store), "settings.json")
    assert plain["case_manager"] == {"database": "not set", "mapping": "reference"}
    assert plain["store"] == {"database": "sqlite, in the home folder"}
    assert plain["poll"]["full_at"] == "02:00"
    assert (plain["poll"]["working_hours"], plain["xero"]["proxy"]) == ("all day", "not set")


# What is not in it


def talkative() -> Around:
    lines = [
        f"{AT} WARNING cmxero_desktop.x: Ms Ito of Wu & Partners paid 1,234.56 (REMIT-77) on CM-100, 32100 cents",
        'Traceback (most recent call last):\n  File "/home/zoe/cmxero_desktop/a.py", line 7, in f',
        "ValueError: {'contact': 'Zo\\xeb Quill', 'amount': 1234.56, 'q': 'Wu%20%26%20Partners', 'p': 'hunter2'}",
        f"{AT} INFO cmxero_desktop.x: sent to zoe@wu.example at https://srv.wu.example/x and https://api.xero.com/y",
    ]
    seen = "Wu & Partners has CM-100 over 9,876.50 in /home/zoe/desk."
    checks = (
        HealthCheck(name="Xero", is_good=True, seen=seen),
        HealthCheck(name="Case Manager", is_good=False, seen=seen, remedy="Ask Zoë Quill."),
        HealthCheck(name="disk", is_good=True, seen=seen),
    )
    known = KnownWords(names=frozenset({"zoe", "srv-wu"}), secrets=frozenset({"open sesame"}))
    return Around(checks=checks, log="\n".join(lines) + "\nopen sesame\n", known=known)


def test_without_a_tick_there_is_no_name_and_no_amount(desk: Desk) -> None:
    busy(desk)
    bundle = talkative().bundle(lambda: desk.store)
    text = whole(bundle)
    assert [word for word in (*WORDS, *SUMS, "wu.example", "Zo\\xeb", "Wu%20", "zoe") if word in text] == []
    log = text_of(bundle, "log.txt")
    assert f"{AT} WARNING cmxero_desktop.x: [name] of [name] paid [amount] ([name]) on [name], [amount] cents" in log
    assert 'File "/home/[name]/cmxero_desktop/a.py", line 7, in f' in log
    assert "https://[name]/x and https://api.xero.com/y" in log
    checks = {check["check"]: check["seen"] for check in document(bundle, "doctor.json")}
    assert checks == {
        "Xero": "[left out]",
        "Case Manager": "[name] has [name] over [amount] in /home/[name]/desk.",
        "disk": "[name] has [name] over [amount] in /home/[name]/desk.",
    }


def test_a_tick_shows_only_what_it_names_and_never_a_secret(desk: Desk) -> None:
    busy(desk)
    names = whole(talkative().bundle(lambda: desk.store, NAMES))
    assert "Ms Ito of Wu & Partners paid [amount] (REMIT-77) on CM-100" in names
    assert "Wu & Partners has CM-100 over [amount]" in names
    amounts = whole(talkative().bundle(lambda: desk.store, AMOUNTS))
    assert "[name] of [name] paid 1,234.56 ([name]) on [name], 32100 cents" in amounts
    everything = whole(talkative().bundle(lambda: desk.store, EVERYTHING))
    for text in (names, amounts, everything):
        assert "hunter2" not in text
        assert "open sesame" not in text
    assert "Names, invoice numbers and references: as they are." in everything
    assert "Amounts: as they are." in everything


def test_what_the_verification_found_is_redacted(desk: Desk) -> None:
    busy(desk)
    desk.xero.skew[next(iter(desk.xero.invoices))] = Money.of("77.70", "AUD")
    desk.poll(is_full=True)
    (finding,) = document(Around().bundle(lambda: desk.store), "counts.json")["audit"]["findings"]
    assert finding == "Invoice [name]: its payments add up to [amount], Xero's AmountPaid is [amount]."


# What cannot be had


def test_a_store_that_cannot_be_read_leaves_an_outline_of_the_log(desk: Desk) -> None:
    around = talkative()
    around.known = KnownWords(names=frozenset({"/home/zoe/desk"}))
    broken = raising(StoreError("/home/zoe/desk/store.db is damaged.", "Put back the newest backup."))
    bundle = around.bundle(broken)
    assert [part.name for part in bundle.parts] == [
        "about.txt",
        "computer.json",
        "settings.json",
        "doctor.json",
        "log.txt",
    ]
    about = text_of(bundle, "about.txt")
    assert "Missing: the store, the checks, the counts. [name]/store.db is damaged. Put back" in about
    assert "only an outline" in about
    assert text_of(bundle, "log.txt") == (
        f"{AT} WARNING cmxero_desktop.x: [left out]\n"
        '  File "cmxero_desktop/a.py", line 7, in f\nValueError\n'
        f"{AT} INFO cmxero_desktop.x: [left out]\n"
    )
    checks = {check["check"]: check["seen"] for check in document(bundle, "doctor.json")}
    assert checks["Xero"] == checks["Case Manager"] == "[left out]"
    assert [word for word in (*WORDS, *SUMS[:4]) if word in text_of(bundle, "log.txt")] == []
    ticked = around.bundle(broken, NAMES)
    assert "Wu & Partners" in text_of(ticked, "log.txt")
    assert "only an outline" not in text_of(ticked, "about.txt")
    assert desk.is_good()


@pytest.mark.allow_log("cmxero_desktop.services.diagnostics.bundling")
def test_what_nobody_foresaw_costs_only_its_own_part(desk: Desk) -> None:
    error = ZeroDivisionError("Wu & Partners")
    bundle = Around().bundle(
        lambda: desk.store,
        known=raising(error),
        log=raising(error),
        computer=raising(error),
        settings=raising(SettingsError("Line 3: no.")),
        doctor=raising(XeroUnavailableError("gone")),
    )
    assert [part.name for part in bundle.parts] == ["about.txt", "polling.json", "counts.json"]
    assert "Missing: the words of this computer, this computer, the log. ZeroDivisionError" in whole(bundle)
    assert "Missing: the settings. Line 3: no." in whole(bundle)
    assert "Wu" not in whole(bundle)


def test_the_same_desk_gives_the_same_bundle(desk: Desk) -> None:
    busy(desk)
    assert talkative().bundle(lambda: desk.store) == talkative().bundle(lambda: desk.store)


# Any names, any amounts, any secrets

LETTERS = "qzjxkvwy"
NAMED = st.text(st.sampled_from(LETTERS + "ÅéßЖ'&-,. "), min_size=4, max_size=18).filter(
    lambda text: sum(letter in LETTERS for letter in text) > 3
)
AMOUNT = st.integers(100, 9_999_999).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
SECRET_WORD = st.text(st.sampled_from("ABCDEFabcdef0123456789-_~!$"), min_size=8, max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[SlowCheck.too_slow])
@given(
    firm=NAMED,
    payer=NAMED,
    case=NAMED,
    reference=NAMED,
    person=NAMED,
    amount=AMOUNT,
    secret=SECRET_WORD,
    names_ticked=st.booleans(),
    amounts_ticked=st.booleans(),
)
def test_nothing_that_was_not_ticked_is_found_and_no_secret_ever(
    firm: str,
    payer: str,
    case: str,
    reference: str,
    person: str,
    amount: str,
    secret: str,
    names_ticked: bool,  # noqa: FBT001 - hypothesis gives them by name
    amounts_ticked: bool,  # noqa: FBT001 - as above
) -> None:
    names = [text.strip() for text in (firm, payer, case, reference, person)]
    shown = f"{int(amount[:-3]):,}{amount[-3:]}"
    desk = Desk(MemoryStore())
    desk.xero.org = replace(desk.xero.org, name=firm)
    desk.bill("100", amount)
    (key,) = desk.case.invoices
    desk.case.invoices[key] = replace(desk.case.invoices[key], bill_to=payer, case_name=case)
    desk.xero.pay("CM-100", amount, nov(1), reference=reference)
    desk.poll()
    row = desk.proposal()
    desk.deciding.hold([row.proposal_id], by=person, reason="", until=None)
    said = f"{firm}: {payer} paid {shown} for {case} ({reference!r}), {person} saw {json.dumps(payer)} {amount}"
    around = Around(
        checks=(HealthCheck(name="Xero", is_good=False, seen=said, remedy=secret),),
        log=f"{AT} ERROR cmxero_desktop.x: {said}, with {secret}\n",
        known=KnownWords(secrets=frozenset({secret})),
    )
    bundle = around.bundle(lambda: desk.store, BundleChoice(has_names=names_ticked, has_amounts=amounts_ticked))
    text = whole(bundle)
    assert secret not in text
    if not names_ticked:
        assert [name for name in names if name.lower() in text.lower()] == []
    if not amounts_ticked:
        assert shown not in text
        assert amount not in text


@given(cents=st.integers(-10_000_000, 10_000_000))
def test_an_amount_is_found_however_it_is_written(cents: int) -> None:
    money = Money.from_minor(cents, "AUD")
    known = KnownWords(amounts=frozenset(amount_forms(cents)))
    redact = Redactor(known, NOTHING, hide)
    forms = {str(abs(money.amount)), f"{abs(money.amount):,}"}
    if abs(cents) >= 10_000:
        forms |= {str(abs(cents)), f"{abs(cents) / 100}"}
    for form in forms:
        assert redact(f"paid {form} today") == "paid [amount] today"


def test_versions_dates_addresses_and_times_are_no_amounts() -> None:
    text = "Python 3.11.7 at 127.0.0.1:8742 and 10.12.13.14 on 2026-11-22 took 1.5 s"
    assert Redactor(KnownWords(), NOTHING, hide)(text) == text


def test_short_names_are_found_as_words_only() -> None:
    redact = Redactor(KnownWords(names=frozenset({"Li", "12"})), NOTHING, hide)
    assert redact("Li paid; the limit of 12 was seen in 2012 by LI.") == (
        "[name] paid; the limit of [name] was seen in 2012 by [name]."
    )


def test_letters_that_become_two_when_small_move_nothing() -> None:
    redact = Redactor(KnownWords(names=frozenset({"İstanbul Rehab", "", "  "})), NOTHING, hide)
    assert redact("İİ paid for İSTANBUL REHAB today") == "İİ paid for [name] today"


def test_a_name_that_looks_like_a_secret_is_taken_out_whole() -> None:
    redact = Redactor(KnownWords(names=frozenset({"Fund hunter2 Trust"})), NOTHING, hide)
    assert redact("from Fund hunter2 Trust") == "from [name]"


def test_a_name_that_holds_an_amount_is_found_whole() -> None:
    redact = Redactor(KnownWords(names=frozenset({"Fund 12.50 Trust"})), NOTHING, hide)
    assert redact("from Fund 12.50 Trust") == "from [name]"


def test_the_words_of_a_store_are_its_names_and_amounts(desk: Desk) -> None:
    busy(desk)
    with desk.store.read() as unit:
        known = known_words(unit)
    assert {"Wu & Partners", "Ms Ito", "Zoë Quill", "REMIT-77", "CM-100", "typed by Zoë", "SRV02", ANN} <= known.names
    assert {"123456", "32100", "321"} <= known.amounts
    assert "program" not in known.names


def test_every_corner_of_a_store_is_looked_into(desk: Desk) -> None:
    with desk.store.read() as unit:
        assert known_words(unit) == KnownWords(), "an empty store knows nobody"
    desk.bill("100", "9876.50")
    desk.bill("300", "555.00")
    desk.xero.credit(next(iter(desk.xero.invoices)), "17.00")
    first = desk.xero.pay("CM-100", "1234.56", nov(1), reference="FIRST-1")
    desk.case.type_in("100", "1234.56", nov(1), notes=f"Xero payment {first}")
    desk.xero.edit(first, "1300.00")
    other = desk.xero.pay("CM-300", "41.00", nov(3), reference="OTHER-3")
    desk.case.type_in("100", "41.00", nov(3), notes=f"Xero payment {other}")
    desk.xero.break_row(desk.xero.pay("CM-100", "66.60", nov(4)))
    desk.xero.bill("CM-999", "999.90")
    desk.xero.pay("CM-999", "999.90", nov(6), reference="NOWHERE-6")
    desk.xero.bill("INV-1", "44.40")
    desk.xero.break_row(desk.xero.pay("INV-1", "44.40", nov(6)), is_told=False)
    desk.set_policy(removal_limit_count=0, near_days=1)
    # Long after the other one, so that its deletion is no edit (R16).
    desk.clock.pass_days(3)
    gone = desk.xero.pay("CM-300", "88.80", nov(5), reference="GONE-5")
    desk.case.type_in("300", "88.80", nov(5), notes=f"Xero payment {gone}")
    desk.xero.delete(gone)
    desk.poll()
    held = desk.proposal(ProposalKind.REMOVE)
    people = PeopleSettings(second_approver=SecondRule.ALL)
    desk.settings.settings = replace(desk.settings.settings, people=people)
    assert desk.deciding.approve([held.proposal_id], by=ANN, release_reason="because Adams thinks so").half
    with desk.store.read() as unit:
        assert "because Adams thinks so" in known_words(unit).names
    desk.settings.settings = replace(desk.settings.settings, people=PeopleSettings())
    desk.approve(held, release="because Quill said so")
    with desk.store.read() as unit:
        known = known_words(unit)
    assert {"FIRST-1", "OTHER-3", "GONE-5", "NOWHERE-6", "CM-300", "because Quill said so"} <= known.names
    assert {"1700", "123456", "130000", "4100", "8880"} <= known.amounts
