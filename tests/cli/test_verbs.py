"""Checks, decides, applies and takes back: what is asked of the desk, what is printed, and the exit status."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.errors import NotAllowedError, StoreError, XeroUnavailableError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.reports import ApplyReport, DecisionReport, RowOutcome, VerifyReport
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.services.verbs.commands.diagnosing import Verify
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo
from cmxero_desktop.services.verbs.desk import Desk
from tests.cli.conftest import Office
from tests.ui.views import NOW, account_alert, run

BY = ("--by", "Ann")


def _one(reason: str, row: str = "p9") -> tuple[RowOutcome, ...]:
    return (RowOutcome(row, reason),)


def test_a_check_says_what_it_read_and_where_everything_stands(office: Office) -> None:
    assert office.run("poll") == 0
    assert office.out == (
        "3 payments read with 4 requests: 42 matched, 8 unmatched, 4 skipped, 9 proposed, 0 alerts.\n"
    )
    assert office.json("poll", "--full", "--anyway")["counts"]["matched"] == 42
    assert office.desk.asks == [PollAsk(), PollAsk(is_full=True, ends_pause=True)]


def test_a_check_that_did_not_finish_says_why(office: Office) -> None:
    office.desk.poll_run = run(NOW, PollOutcome.PAUSED, "Xero asked for a pause until 11:00.")
    assert office.run("poll") == 1
    assert office.err == "The check did not finish (paused): Xero asked for a pause until 11:00.\n"
    assert office.out == ""


def test_approving_applies_at_once(office: Office) -> None:
    assert office.json("approve", "p1", "p2", "--release", "checked", *BY) == {
        "applied": [{"id": "p1", "reason": "Applied."}, {"id": "p2", "reason": "Applied."}],
        "stale": [],
        "failed": [],
        "held_back": [],
    }
    assert office.status == 0
    assert office.desk.calls == [("approve", ("p1", "p2"), "Ann", "checked"), ("apply", ("p1", "p2"), "Ann")]


def test_what_was_not_approved_is_not_applied_and_has_an_outcome(office: Office) -> None:
    office.desk.decision_report = DecisionReport(refused=_one("A removal needs a reason."))
    assert office.run("approve", "p9", *BY) == 3
    assert [call[0] for call in office.desk.calls] == ["approve"]
    assert office.out.splitlines() == [
        "applied: 0",
        "stale: 0",
        "failed: 1",
        "held back: 0",
        "  failed  p9  A removal needs a reason.",
    ]


@pytest.mark.parametrize(
    ("decided", "applied", "status"),
    [
        (DecisionReport(done=_one("Approved.")), None, 0),
        (DecisionReport(done=_one("Approved."), held_back=_one("Never in bulk.", "p1")), None, 0),
        (DecisionReport(held_back=_one("Never in bulk.", "p1")), None, 0),
        (DecisionReport(done=_one("Approved."), stale=_one("It changed.", "p1")), None, 3),
        (DecisionReport(done=_one("Approved.")), ApplyReport(held_back=_one("The limit.")), 3),
        (DecisionReport(done=_one("Approved.")), ApplyReport(failed=_one("No connection.")), 3),
    ],
    ids=["all", "some are never in bulk", "none", "one is stale", "the limit stops one", "one failed"],
)
def test_in_bulk_only_what_was_left_out_on_purpose_is_no_failure(
    office: Office, decided: DecisionReport, applied: ApplyReport | None, status: int
) -> None:
    office.desk.decision_report, office.desk.apply_report = decided, applied
    assert office.run("approve", "--all", "--kind", "add", *BY) == status
    assert office.desk.calls[0] == ("approve_all", ProposalKind.ADD, "Ann")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("501", CasePaymentId(501)),
        ("k-501", CasePaymentId("k-501")),
        ("0042", CasePaymentId("0042")),
        ("4²", CasePaymentId("4²")),
        ("٤٢", CasePaymentId("٤٢")),
    ],
)
def test_a_link_takes_the_place_of_the_add(office: Office, typed: str, key: CasePaymentId) -> None:
    assert office.run("approve", "p1", "--link", typed, *BY) == 0
    assert office.desk.calls == [
        ("choose_link", "p1", key, "Ann"),
        ("approve", ("p-change",), "Ann", ""),
        ("apply", ("p-change",), "Ann"),
    ]


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (("hold", "p1"), ("hold", ("p1",), "Ann", "", None)),
        (("hold", "p1", "--until", "2026-12-01"), ("hold", ("p1",), "Ann", "", date(2026, 12, 1))),
        (("reject", "p1", "--reason", "no"), ("reject", ("p1",), "Ann", "no")),
        (("reopen", "p1", "p2"), ("reopen", ("p1", "p2"), "Ann", "")),
    ],
    ids=["hold", "hold until", "reject", "reopen"],
)
def test_a_decision_is_asked_for_as_it_was_typed(
    office: Office, words: tuple[str, ...], call: tuple[object, ...]
) -> None:
    assert office.run(*words, *BY) == 0
    assert office.desk.calls == [call]
    assert office.out.splitlines()[-1].split() == ["done", call[1][-1], "Done."]  # type: ignore[index]  # the ids


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (("explain", "501", "--as", "other"), ("explain", CasePaymentId(501), Explained.OTHER, ())),
        (("explain", "k-7", "--as", "same:P1, P2"), ("explain", CasePaymentId("k-7"), None, ("P1", "P2"))),
        (("already-there", "p1", "--payment", "501"), ("already_there", "p1", CasePaymentId(501))),
        (("corrected", "p1"), ("corrected", "p1")),
        (("unpair", "x-P1"), ("unpair", "x-P1")),
        (("mode", "approve"), ("mode", Mode.APPROVE)),
    ],
    ids=["explain", "the same as two", "already there", "corrected", "unpair", "mode"],
)
def test_what_a_person_says_is_kept_with_who_and_why(
    office: Office, words: tuple[str, ...], call: tuple[object, ...]
) -> None:
    assert office.json(*words, "--reason", "the bank says so", *BY) == {"said": "Kept."}
    assert office.desk.calls == [(*call, "Ann", "the bank says so")]


def test_that_persons_copy_is_said_with_or_without_a_reason(office: Office) -> None:
    assert office.json("others", "--typed", *BY) == {"said": "Kept."}
    assert office.json("others", "--typed", "--reason", "I sit beside her", *BY) == {"said": "Kept."}
    assert office.desk.calls == [("typed", "Ann", ""), ("typed", "Ann", "I sit beside her")]


def test_observing_needs_no_reason(office: Office) -> None:
    assert office.run("mode", "observe", *BY) == 0
    assert office.desk.calls == [("mode", Mode.OBSERVE, "Ann", "")]


@pytest.mark.parametrize("what", ["nonsense", "corrected", "same"])
def test_a_payment_is_explained_in_one_of_the_known_ways(office: Office, what: str) -> None:
    assert office.run("explain", "501", "--as", what, "--reason", "because", *BY) == 2


def test_a_decision_that_some_rows_refuse_is_not_done_for_every_row(office: Office) -> None:
    office.desk.decision_report = DecisionReport(done=_one("Held.", "p1"), stale=_one("It changed.", "p2"))
    assert office.json("hold", "p1", "p2", *BY) == {
        "done": [{"id": "p1", "reason": "Held."}],
        "refused": [{"id": "p2", "reason": "It changed."}],
    }
    assert office.status == 3


def test_an_undo_says_what_was_taken_back(office: Office) -> None:
    assert office.run("undo", "p1", "--reason", "double entry", *BY) == 0
    assert office.desk.calls == [("undo", ("p1",), "Ann", "double entry")]
    assert office.out.splitlines() == ["undone: 1", "failed: 0", "  undone  p1  Undone."]


def test_an_undo_that_failed_for_a_row_is_not_done_for_every_row(office: Office) -> None:
    report = ApplyReport(applied=_one("Undone.", "p1"), failed=_one("It is journalled.", "p2"))
    office.desk.answer(Undo.handled_by(lambda _: report))
    assert office.json("undo", "p1", "p2", "--reason", "double entry")["failed"] == [
        {"id": "p2", "reason": "It is journalled."}
    ]
    assert office.status == 3


def test_verify_says_that_everything_holds(office: Office) -> None:
    assert office.run("verify") == 0
    assert office.out == "Everything holds: 6 audit entries, 55 invoices.\n"
    good = VerifyReport(audit_entries=6, invoices=55, newest_hash="abc")
    office.desk.answer(Verify.handled_by(lambda _: good))
    assert office.run("verify") == 0
    assert office.out.endswith("Newest hash, to be kept outside this computer: abc\n")
    document = {"good": True, "audit_entries": 6, "newest_hash": "abc", "invoices": 55, "findings": []}
    assert office.json("verify") == document


def test_the_newest_hash_is_mailed_where_it_is_asked_for_and_everything_holds(office: Office) -> None:
    assert office.run("verify", "--mail") == 0
    assert office.out.endswith("\nKept.\n")
    assert ("send_hash",) in office.desk.calls


def test_verify_lists_what_does_not_hold(office: Office) -> None:
    report = VerifyReport(audit_entries=6, invoices=55, findings=("Entry 4 was changed.",))
    office.desk.answer(Verify.handled_by(lambda _: report))
    assert office.run("verify") == 1
    assert office.out == "Entry 4 was changed.\n"
    assert office.err == "Not everything holds: 1 finding.\n"


def test_the_workbook_is_written_where_it_was_asked_for(office: Office) -> None:
    assert office.json("export", "out.xlsx") == {"file": "out.xlsx"}
    assert office.desk.calls == [("export", Path("out.xlsx"))]
    office.run("export", "out.xlsx")
    assert office.out == "Written: out.xlsx\n"


def test_the_home_folder_may_be_named_before_or_after_the_verb(office: Office) -> None:
    office.run("--home", "here", "poll")
    office.run("poll", "--home", "there")
    office.run("poll")
    assert office.factory.homes == [Path("here"), Path("there"), None]


def test_an_error_is_a_title_a_sentence_and_a_status(office: Office) -> None:
    office.desk.error = NotAllowedError("The mode is observe.", "Set the mode to approve first.")
    assert office.run("approve", "p1") == 1
    assert office.err == "Not allowed now: The mode is observe. Set the mode to approve first.\n"


def test_what_was_done_is_printed_before_the_desk_is_closed_and_cannot_be(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def open_and_fail(_home: Path | None) -> Iterator[Desk]:
        yield office.desk
        raise StoreError("The program's store cannot be closed.", "Make room on the disk.")

    monkeypatch.setattr(office.factory, "open", open_and_fail)
    assert office.run("approve", "p-1") == 1
    assert "applied: 1" in office.out
    assert "cannot be closed" in office.err


def test_what_was_approved_and_could_not_be_applied_has_an_outcome(office: Office) -> None:
    def away(_: Apply) -> ApplyReport:
        raise XeroUnavailableError("Xero is away.", "Try again.")

    office.desk.answer(Apply.handled_by(away))
    assert office.run("approve", "p-1") == 1
    assert "held back  p-1  Xero is away. Try again. It stays approved." in office.out
    assert office.err == "Xero cannot be reached: Xero is away. Try again.\n"


@pytest.mark.allow_log
def test_what_nobody_foresaw_is_a_sentence_without_its_words_and_a_trace_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.desk.error = KeyError("password=hunter2")
    assert office.run("poll") == 1
    assert "does not expect (KeyError)" in office.err
    assert "hunter2" not in office.err
    assert "cmxero verify" in office.err
    assert caplog.records[-1].exc_info


def test_a_person_can_stop_it_at_any_time(office: Office) -> None:
    office.desk.error = KeyboardInterrupt()  # type: ignore[assignment]  # Ctrl+C is no Exception
    assert office.run("poll") == 130
    assert office.err.startswith("Stopped.")


@pytest.mark.parametrize("words", [("p1",), ("--all", "--kind", "add"), ("p1", "--link", "501")], ids=" ".join)
def test_on_old_data_nothing_is_approved_linked_or_applied(office: Office, words: tuple[str, ...]) -> None:
    office.desk.closed = NotAllowedError("The data is too old to apply.", "Check Xero first.")
    assert office.run("approve", *words, *BY) == 1
    assert office.err == "Not allowed now: The data is too old to apply. Check Xero first.\n"
    assert office.desk.calls == []


@pytest.mark.parametrize(
    ("words", "answer", "payment_type"),
    [
        (("--never-copy",), AccountAnswer.NEVER_COPY, ""),
        (("--keep-flagging",), AccountAnswer.KEEP_FLAGGING, ""),
        (("--payment-type", "Cash"), AccountAnswer.TRUST, "Cash"),
    ],
)
def test_an_account_is_spoken_of_once(
    office: Office, words: tuple[str, ...], answer: AccountAnswer, payment_type: str
) -> None:
    assert office.json("account", "882", *words, *BY) == {"said": "Kept."}
    assert office.desk.calls == [("say_account", "882", answer, payment_type, "Ann")]


@pytest.mark.parametrize(
    "words", [("882",), ("--never-copy",), ("882", "--never-copy", "--keep-flagging"), ("882", "--payment-type", "")]
)
def test_an_account_goes_with_exactly_one_answer(office: Office, words: tuple[str, ...]) -> None:
    assert office.run("account", *words) == 2
    assert office.desk.calls == []


def test_the_accounts_that_are_asked_about_are_shown_with_their_answers(office: Office) -> None:
    assert office.run("account") == 0
    assert office.out.startswith("Every account that payments went to is a bank")
    office.desk.desk_view = replace(office.desk.desk_view, alerts=(account_alert(),))
    (row,) = office.json("account")
    assert (row["account"], row["payments"], row["amount"]) == ("882", 12, "4310.00")
    assert row["answers"].keys() == {"payment-type", "never-copy", "keep-flagging"}
    assert office.json("list", "alerts")[0]["account"] == "882"
    assert office.run("account") == 0
    assert 'cmxero account "882" with --payment-type TYPE' in office.out


def test_that_the_totals_may_differ_is_said_with_a_reason(office: Office) -> None:
    assert office.run("accept-totals", *BY) == 2
    assert office.run("accept-totals", "--reason", "without GST", *BY) == 2
    assert office.run("accept-totals", "--shown", "7F3A-19C2", "--reason", "without GST", *BY) == 0
    assert (office.out, office.desk.calls) == ("Kept.\n", [("accept_totals", "Ann", "without GST", "7F3A-19C2")])


def test_r1_which_invoice_one_is_is_said_with_a_reason_or_without(office: Office) -> None:
    assert office.json("renumber", "CM-101", "--use", "100", "--reason", "a label", *BY) == {"said": "Kept."}
    assert office.run("renumber", "CM-101", "--use", "100", *BY) == 0
    assert office.desk.calls == [
        ("renumber", "CM-101", "100", "Ann", "a label"),
        ("renumber", "CM-101", "100", "Ann", ""),
    ]


def test_r1_without_a_number_it_shows_which_one_it_may_be(office: Office) -> None:
    found = office.json("renumber", "CM-101")
    assert (found["invoice_number"], found["xero_number"], found["number_before"]) == ("CM-101", "CM-101", "CM-100")
    assert (found["goes_with"], found["in_doubt"], found["due"], found["payments"]) == ("100", True, "900.00", 3)
    assert found["choices"] == [
        {
            "number": "100",
            "why": ["copies", "first"],
            "copies": 2,
            "payments": 3,
            "total": "1000.00",
            "balance": "900.00",
            "bill_to": "Ms Ito",
            "refusal": None,
        },
        {
            "number": "101",
            "why": ["present"],
            "copies": 0,
            "payments": 0,
            "total": None,
            "balance": None,
            "bill_to": None,
            "refusal": "Case Manager has no invoice 101.",
        },
    ]
    assert office.run("renumber", "CM-101") == 0
    assert office.out.splitlines()[-4:] == [
        "CM-101 is called CM-101 in Xero, CM-100 before.",
        "  100          has the payments copied from Xero, its first number: total 1,000.00, balance 900.00, 2 copies",
        "  101          its number in Xero now: Case Manager has no invoice 101.",
        "Say which one it is: cmxero renumber CM-101 --use NUMBER",
    ]
