"""What nobody foresaw in a check: a stored run says so, the log has the trace, and the next check loses nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.services.checking.polling import Polling
from cmxero_desktop.services.ports.computer import Turn
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollRun
from tests.services.desk import NOV_1, Desk

# Its words may hold anything, a name or a password among it.
pytestmark = pytest.mark.allow_log
ODD = "Ms Ito, password=hunter2"


def stored_runs(desk: Desk) -> list[PollRun]:
    with desk.store.read() as unit:
        return list(unit.polling.runs(20))


def with_payments(desk: Desk) -> Desk:
    desk.bill()
    for amount in ("10.00", "20.00", "30.00"):
        desk.xero.pay("CM-100", amount, NOV_1)
    return desk


def check_that_it_is_told(
    desk: Desk, run: PollRun, kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    assert run.outcome is PollOutcome.FAILED
    assert kind.__name__ in run.reason
    assert "Case Manager was not changed" in run.reason
    assert ODD not in run.reason
    assert stored_runs(desk)[0] == run
    traces = [each for each in caplog.records if each.exc_info and each.levelno == logging.ERROR]
    assert [each.exc_info[0] for each in traces if each.exc_info] == [kind]
    desk.xero.errors.clear()
    desk.steps.trouble = None
    assert desk.poll().counts.proposed == 3


@pytest.mark.parametrize("kind", [TypeError, KeyError, RecursionError, MemoryError, OverflowError, OSError])
@pytest.mark.parametrize(
    "asked", ["organisation", "changed_payments", "changed_invoices", "accounts", "changed_refunds"]
)
def test_in_what_xero_is_asked_for(
    desk: Desk, kind: type[Exception], asked: str, caplog: pytest.LogCaptureFixture
) -> None:
    with_payments(desk).xero.errors[asked] = kind(ODD)
    check_that_it_is_told(desk, desk.polling.poll(PollAsk()), kind, caplog)


def test_in_case_manager_s_adapter(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with_payments(desk).steps.fail_at("read", ValueError(ODD))
    check_that_it_is_told(desk, desk.polling.poll(PollAsk()), ValueError, caplog)


def test_in_the_look_at_which_books_they_are(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def look() -> None:
        raise LookupError(ODD)

    polling = Polling(with_payments(desk).outside, desk=desk.desk, turn=turn_of(None), tell=desk.told.append, look=look)
    check_that_it_is_told(desk, polling.poll(PollAsk()), LookupError, caplog)
    assert desk.told[-1] == "", "nothing is said to be under way any more"


def test_in_the_turn(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    turn = turn_of(PermissionError(ODD))
    polling = Polling(with_payments(desk).outside, desk=desk.desk, turn=turn, tell=desk.told.append)
    check_that_it_is_told(desk, polling.poll(PollAsk()), PermissionError, caplog)


def turn_of(error: Exception | None) -> Turn:
    @contextmanager
    def turn() -> Iterator[None]:
        if error is not None:
            raise error
        yield

    return turn


def test_settings_that_cannot_be_read_are_told_by_a_run_too(desk: Desk) -> None:
    with_payments(desk).settings.is_broken = True
    run = desk.polling.poll(PollAsk())
    assert (run.outcome, run.reason) == (PollOutcome.FAILED, "settings.toml, line 3: unknown key.")
    assert stored_runs(desk) == [run]
    desk.settings.is_broken = False
    assert desk.poll().counts.proposed == 3


@pytest.mark.parametrize("error", [StoreError("The disk is full."), ArithmeticError(ODD)], ids=["full", "odd"])
def test_at_each_step_of_the_store_there_is_a_run_or_a_store_error(desk: Desk, error: Exception) -> None:
    with_payments(desk)
    refused = 0
    for number in range(1, 100):
        seen = len(desk.steps.seen)

        def trouble(_name: str, end: int = seen + number) -> None:
            if len(desk.steps.seen) == end:
                raise error

        desk.steps.trouble = trouble
        try:
            run = desk.polling.poll(PollAsk(is_full=True))
        except StoreError:
            refused += 1
            continue
        assert stored_runs(desk)[0] == run
        if run.outcome is PollOutcome.DONE:
            break
        assert run.outcome is PollOutcome.FAILED
    assert 1 <= refused <= 2, "only where the run itself is stored"
    desk.steps.trouble = None
    assert desk.poll().counts.proposed == 3
