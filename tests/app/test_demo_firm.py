"""The demo shows in its first minute what a firm's weeks show: rows of every age, a removal that comes, a notice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.app.demo import Demo, open_demo
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.verbs.commands.checking import AskHistory, Poll
from cmxero_desktop.services.verbs.commands.deciding import Approve
from cmxero_desktop.services.verbs.commands.settings import ChangeSettings
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.commands.writing import Apply
from cmxero_desktop.ui.theme.formatting import age


@pytest.fixture
def demo() -> Iterator[Demo]:
    with open_demo() as opened:
        yield opened


def waiting(demo: Demo) -> list[StoredProposal]:
    rows = (row.stored for row in demo.opened.desk.run(ReadView()).review)
    return [stored for stored in rows if stored.state is ProposalState.PROPOSED]


def test_rows_have_waited_from_now_to_twelve_days_and_notices_are_given_at_any_hour(demo: Demo) -> None:
    now = datetime.now(UTC)
    ages = {age(stored.first_seen_at, now) for stored in waiting(demo)}
    assert len(ages) >= 8
    assert all(timedelta(0) <= now - stored.first_seen_at <= timedelta(days=12, hours=9) for stored in waiting(demo))
    assert "12d" in ages
    # Whoever tries it in the evening or on a Sunday is given notices too.
    notices = demo.opened.settings_file.load().notices
    week = datetime(2026, 11, 23, tzinfo=UTC)
    assert not [at for hour in range(24 * 7) if notices.is_quiet(at := week + timedelta(hours=hour))]


def test_one_payment_that_is_deleted_comes_as_a_removal_and_forty_are_held(demo: Demo) -> None:
    desk, happen = demo.opened.desk, demo.firm.happenings
    ages = {stored.proposal_id: stored.first_seen_at for stored in waiting(demo)}
    deleted = happen.payment_deleted()
    number = str(deleted["invoice_number"])
    desk.run(Poll(PollAsk()))
    told = desk.run(AskHistory(XeroPaymentId(str(deleted["payment_id"]))))
    assert told.payment_id == deleted["payment_id"]
    assert told == desk.run(AskHistory(told.payment_id)), "what Xero said once is not asked for again"
    (removal,) = (s for s in waiting(demo) if s.proposal.invoice_number == number)
    assert removal.proposal.kind is ProposalKind.REMOVE
    assert Flag.OVER_LIMIT not in removal.proposal.flags
    still = {stored.proposal_id: stored.first_seen_at for stored in waiting(demo)}
    assert {id_: still[id_] for id_ in ages} == ages, "a check makes nothing younger"
    happen.forty_deleted()
    desk.run(Poll(PollAsk()))
    removals = [s for s in waiting(demo) if s.proposal.kind is ProposalKind.REMOVE]
    assert len(removals) > 40
    assert all(Flag.OVER_LIMIT in stored.proposal.flags for stored in removals)


def test_the_first_of_two_persons_is_refused_as_the_second(demo: Demo) -> None:
    desk = demo.opened.desk
    desk.run(ChangeSettings(texts={"people.second_approver": "all"}, by="demo"))
    (row,) = (s for s in waiting(demo) if s.proposal.invoice_number == "CM-22501")
    ask = Approve(ids=(row.proposal_id,), by="demo")
    assert [half.row_id for half in desk.run(ask).half] == [row.proposal_id]
    assert "another person who approves" in desk.run(ask).held_back[0].reason.casefold()
    assert not desk.run(Apply(ids=(row.proposal_id,), by="demo")).applied
    assert desk.run(Approve(ids=(row.proposal_id,), by="R. Patel")).done
    assert len(desk.run(Apply(ids=(row.proposal_id,), by="demo")).applied) == 1
