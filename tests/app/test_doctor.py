"""The doctor of a real desk: everything is good on a good day, and a clock that is wrong by hours is named."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cmxero_desktop.app.demo import Demo, open_demo
from cmxero_desktop.services.records.reports import BundleChoice
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.diagnosing import Examine, MakeBundle, ReadHealth
from cmxero_desktop.services.verbs.commands.viewing import ReadView


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo() as opened:
        yield opened


def test_every_line_is_good_in_the_open_desk_and_part_by_part(demo: Demo) -> None:
    with demo.desks.closed(demo.opened.home) as closed:
        for desk in (demo.opened.desk, closed):
            assert [check for check in desk.run(Examine()) if not check.is_good] == []


def test_the_request_that_the_doctor_makes_is_counted(demo: Demo) -> None:
    before = demo.opened.desk.run(ReadHealth()).requests_today or 0
    with demo.desks.closed(demo.opened.home) as closed:
        for desk, made in ((demo.opened.desk, 1), (closed, 2)):
            desk.run(Examine())
            assert demo.opened.desk.run(ReadHealth()).requests_today == before + made


def test_a_clock_that_differs_from_xeros_by_hours_is_a_bad_line(demo: Demo) -> None:
    demo.firm.xero.clock.advance(timedelta(hours=3))
    clock = next(check for check in demo.opened.desk.run(Examine()) if check.name == "clock")
    assert not clock.is_good
    assert "behind Xero's" in clock.seen


def test_an_organisation_that_is_lost_is_called_by_its_name_after_a_restart_too(demo: Demo) -> None:
    demo.firm.xero.connections._all.clear()
    with demo.desks.open(demo.opened.home) as again:
        run = again.run(Poll())
    with demo.desks.closed(demo.opened.home) as closed:
        seen = " ".join(check.seen for check in closed.run(Examine()))
    assert run.outcome is PollOutcome.SIGNED_OUT
    for said in (run.reason, seen):
        assert "Xero refuses access to the organisation Brightside Rehab Pty Ltd: it was disconnected" in said
        assert demo.firm.xero.tenant_id not in said.partition("Xero refuses")[2]


def test_a_bundle_of_the_whole_demo_names_nobody(demo: Demo) -> None:
    text = "\n".join(part.text for part in demo.opened.desk.run(MakeBundle(BundleChoice())).parts)
    view = demo.opened.desk.run(ReadView())
    rows = (*view.matched, *view.unmatched, *view.skipped)
    names = {row.bill_to for row in rows} | {row.placement.invoice_number for row in rows}
    names |= {row.reference for row in rows if len(row.reference) > 4} | {view.state.organisation.name}
    amounts = {str(row.amount) for row in rows if row.amount and row.amount.minor >= 10_000}
    assert len(names) > 50
    assert [word for word in (names | amounts) - {""} if word in text] == []
    assert '"by_bucket"' in text
