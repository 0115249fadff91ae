"""The memory of pairs begins with what an older store knows: what was matched, and what was written (R7a)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import column, table, text

from cmxero_desktop.adapters.store import SqlStore, tables
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.adapters.store.migrating import config_for
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import PairedHow, RememberedPair
from cmxero_desktop.domain.proposals import Proposal, ProposalState
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import LastComparison
from tests.adapters.store.examples import NOON
from tests.domain.support import case, nov, run, snapshot, xero


@pytest.fixture
def store(empty_url: str) -> Iterator[SqlStore]:
    """Return a store as the release before the memory left it, with nothing in it."""
    opened = SqlStore(empty_url)
    with opened._engines.writer.begin() as connection:
        command.upgrade(config_for(connection), "0002")
    yield opened
    opened.close()


def keep(store: SqlStore, *, facts: InvoiceSnapshot | None = None, written: list[StoredProposal] | None = None) -> None:
    with store._engines.writer.begin() as connection:
        if facts is not None:
            record = encode(InvoiceResult(snapshot=facts, correlation=run(facts)))
            row = {"invoice_number": facts.number, "digest": "", "record": record}
            # At that release a record was plain text.
            results = table("results", column("invoice_number"), column("digest"), column("record"))
            connection.execute(results.insert(), [row])
        for stored in written or []:
            row = {"fingerprint": stored.fingerprint, "proposal_id": stored.proposal_id, "state": stored.state.value}
            connection.execute(tables.proposals.insert(), [{**row, "record": encode(stored)}])


def remembered(store: SqlStore) -> set[tuple[str, CasePaymentId, str, PairedHow]]:
    store.migrate(NOON)
    with store.read() as unit:
        pairs: tuple[RememberedPair, ...] = unit.memory.pairs()
    assert {pair.since for pair in pairs} <= {None}
    return {(p.xero_id, p.case_id, f"{p.amount} {p.paid_on:%d}", p.how) for p in pairs}


def applied(proposal: Proposal, key: CasePaymentId | None, minutes: int) -> StoredProposal:
    at = NOON.replace(minute=minutes)
    return StoredProposal(
        proposal=proposal, state=ProposalState.APPLIED, first_seen_at=at, changed_at=at, result_id=key
    )


def only(payments: list[XeroPayment], copies: list[CasePayment]) -> Proposal:
    (proposal,) = run(snapshot(payments, copies)).proposals
    return proposal


def test_what_was_matched_is_remembered_also_where_no_note_could_be_written(store: SqlStore) -> None:
    locked = replace(case(1, "400"), is_journalled=True)
    named = case(2, "77", names="P2", paid_on=nov(3))
    keep(store, facts=snapshot([xero("P1", "400"), xero("P2", "77", paid_on=nov(3)), xero("P3", "9")], [locked, named]))
    assert remembered(store) == {
        ("P1", CasePaymentId(1), "400.00 01", PairedHow.EQUAL),
        ("P2", CasePaymentId(2), "77.00 03", PairedHow.NAMED),
    }


def test_what_was_written_is_remembered_unless_it_was_removed_again(store: SqlStore) -> None:
    """Payment 5 was added and removed; its key was given to another payment, which is no copy of P1."""
    gone = only([xero("P1", "400", deleted=True)], [case(5, "400", names="P1")])
    keep(
        store,
        written=[
            applied(gone, None, 3),
            applied(only([xero("P1", "400")], []), CasePaymentId(5), 1),
            applied(only([xero("P2", "88")], [case(6, "80", names="P2")]), CasePaymentId(6), 2),
        ],
    )
    assert remembered(store) == {("P2", CasePaymentId(6), "88.00 01", PairedHow.NAMED)}


def test_the_last_check_has_the_last_word(store: SqlStore) -> None:
    """A copy that was written with 400.00 and is 450.00 by now, together with its original's date."""
    keep(
        store,
        facts=snapshot([xero("P1", "450")], [case(5, "450", names="P1")]),
        written=[applied(only([xero("P1", "400")], []), CasePaymentId(5), 1)],
    )
    assert remembered(store) == {("P1", CasePaymentId(5), "450.00 01", PairedHow.NAMED)}


@pytest.mark.parametrize(
    ("first", "expected"),
    [(NOON, {"P1", "P2"}), (NOON + timedelta(minutes=1), {"P1", "P2", "P4"}), (None, set())],
    ids=["its own instant tells", "only the clock tells", "no check yet"],
)
def test_r5_what_the_first_check_paired_is_marked_also_where_its_clock_was_ahead(
    empty_url: str, first: datetime | None, expected: set[str]
) -> None:
    """Pair P1 was found by a first check that broke off, P2 by the one that ended, the others later."""
    found = [
        ("P1", NOON - timedelta(hours=1)),
        ("P2", NOON),
        ("P3", NOON + timedelta(days=1)),
        ("P4", NOON - timedelta(days=300)),
        ("P5", None),
    ]
    store = SqlStore(empty_url)
    with store._engines.writer.begin() as connection:
        command.upgrade(config_for(connection), "0010")
        comparison = encode(LastComparison(first_polled_at=first))
        connection.execute(tables.poll_state.insert(), [{"part": "comparison", "record": comparison}])
        insert = text(
            "INSERT INTO remembered_pairs (payment_key, payment_id, case_payment_key, invoice_number, amount_minor,"
            " currency, paid_on, how, since) VALUES (:k, :i, :c, '100', 100, 'AUD', '2026-06-03', 'equal', :s)"
        )
        for name, since in found:
            at = None if since is None else f"{since.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
            connection.execute(insert, {"k": name.lower(), "i": name, "c": encode(CasePaymentId(7)), "s": at})
    store.migrate(NOON)
    with store.read() as unit:
        assert {pair.xero_id for pair in unit.memory.pairs() if pair.is_baseline} == expected
    store.close()
