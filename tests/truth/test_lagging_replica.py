"""A replica that lags behind doubles and loses nothing: what is written is judged where it is written (R21).

A proxy may lead what reads to a replica and what writes to its primary, which both say that they are the same
database. The truth are the rows of the primary.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from tests.adapters.casemanager.firms import Firm
from tests.truth.test_other_databases import Office, Turning, filled, offices, payments, urls

__all__ = ["offices", "urls"]

Split = tuple[Office, Firm, Firm]


@pytest.fixture
def split(offices: Callable[[str], Office], urls: tuple[str, str]) -> Iterator[Split]:
    """Give a desk that reads from a replica and writes to its primary."""
    office, primary = offices(urls[0]), filled(urls[1])
    with closing(CaseManagerDatabase(primary.url, load_mapping(primary.mapping), lock_wait_s=0.2)) as writes:
        office.desk.case = Turning(office.opened(office.firm), writes)  # type: ignore[assignment]
        yield office, office.firm, primary


def typed(firm: Firm) -> None:
    firm.run(
        "INSERT INTO payments (payment_id, invoice_id, payment_date, amount, payment_type, reference_number, notes) "
        "VALUES (7, 1, '2026-11-01', 400, 'EFT', '', '')"
    )


def test_what_was_typed_and_has_not_come_to_the_replica_is_not_written_again(split: Split) -> None:
    office, replica, primary = split
    office.pay()
    office.desk.poll()
    office.desk.approve(office.desk.proposal(ProposalKind.ADD))
    typed(primary)
    report = office.desk.apply()
    assert report.applied == ()
    assert len(report.stale) == 1
    assert (len(payments(primary)), payments(replica)) == (1, [])
    # What comes to Review while the replica lags is judged by the primary again, however often it is approved.
    office.desk.poll()
    for stored in office.desk.proposals(ProposalState.PROPOSED):
        office.desk.approve(stored)
    office.desk.apply()
    assert len(payments(primary)) == 1
    typed(replica)
    office.desk.poll()
    assert {stored.proposal.kind for stored in office.desk.proposals(ProposalState.PROPOSED)} <= {ProposalKind.LINK}


def test_what_we_wrote_and_has_not_come_to_the_replica_is_not_written_again(split: Split) -> None:
    office, _, primary = split
    office.pay()
    office.desk.poll()
    office.desk.approve(office.desk.proposal(ProposalKind.ADD))
    assert len(office.desk.apply().applied) == 1
    office.desk.poll()
    for stored in office.desk.proposals(ProposalState.PROPOSED):
        office.desk.approve(stored)
    office.desk.apply()
    assert len(payments(primary)) == 1
