"""What the doctor says of a server: what is dangerous is to be put right, what could be better is told."""

from dataclasses import replace

import pytest

from cmxero_desktop.services.diagnostics.server_words import condition_of_server
from cmxero_desktop.services.records.server_seen import ServerSeen, TableSeen

PAYMENTS = TableSeen(name="dbo.payments", is_found_by_invoice=True)
GOOD = ServerSeen(
    kind="SQL Server",
    version=(16, 0, 4105, 2),
    edition="Standard Edition (64-bit)",
    rules="Latin1_General_CI_AS",
    allows_snapshots=True,
    keeps_readers_waiting=True,
    rights=("INSERT", "UPDATE", "DELETE"),
    tables=(TableSeen(name="dbo.invoices"), PAYMENTS),
)


def on_payments(**other: object) -> ServerSeen:
    return replace(GOOD, tables=(replace(PAYMENTS, **other),))  # type: ignore[arg-type]  # each case names its field


def test_a_server_where_all_is_well_is_told_in_facts() -> None:
    assert condition_of_server(GOOD).seen == (
        "SQL Server 2022 (16.0.4105.2, Standard Edition (64-bit)). It compares text by Latin1_General_CI_AS. A reading "
        "is one picture. This login may read, insert, update, delete payments."
    )
    assert condition_of_server(GOOD).is_good


@pytest.mark.parametrize(
    ("kind", "version", "said"),
    [("SQLite", (3, 46, 1), "SQLite 3.46.1."), ("PostgreSQL", (), "PostgreSQL.")],
)
def test_another_kind_is_told_by_name_and_version(kind: str, version: tuple[int, ...], said: str) -> None:
    condition = condition_of_server(ServerSeen(kind=kind, version=version))
    assert (condition.seen, condition.is_good) == (said, True)


def test_a_policy_that_may_hide_payments_has_to_be_put_right() -> None:
    """A payment that is hidden would be taken for missing, and entered a second time."""
    condition = condition_of_server(on_payments(filters=("Own office", "Closed")))
    assert "Own office and Closed decides row by row who sees what of dbo.payments" in condition.seen
    assert condition.remedy.startswith("Have Own office and Closed show this login every row of dbo.payments")


def test_a_server_older_than_the_protocol_has_to_be_put_right() -> None:
    old = condition_of_server(replace(GOOD, version=(10, 50, 6000)))
    assert "older than any" in old.seen
    assert old.remedy == "Have it brought to SQL Server 2012 or later."
    assert condition_of_server(replace(GOOD, version=(12, 0, 2000, 8), edition="SQL Azure")).is_good


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (replace(GOOD, allows_snapshots=False), "no one picture and waits for whoever is saving; what is written"),
        (replace(GOOD, allows_snapshots=False, keeps_readers_waiting=False), "no one picture; what is written"),
        (replace(GOOD, is_administrator=True), "have one made that may read, and write payments alone"),
        (replace(GOOD, rights=()), "This login may only read payments."),
        (replace(GOOD, unseen=("its settings (it does not answer)",)), "Not shown: its settings (it does not answer)."),
        (on_payments(triggers=("noted",)), "Triggers act beside each write: noted."),
        (on_payments(replacing_triggers=("kept",)), "kept acts in the stead of writes to dbo.payments: have whoever"),
        (on_payments(is_found_by_invoice=False), "have such an index made"),
        (on_payments(slow_keys=("inv_code",)), "A key in inv_code of dbo.payments that has letters beyond ASCII"),
        (on_payments(is_view=True), "dbo.payments is a view"),
        (on_payments(triggers=None), "GRANT VIEW DEFINITION ON dbo.payments shows it."),
        (on_payments(filters=None), "GRANT VIEW DEFINITION ON dbo.payments shows it."),
    ],
)
def test_what_could_be_better_is_told_and_stops_nobody(seen: ServerSeen, said: str) -> None:
    condition = condition_of_server(seen)
    assert said in condition.seen
    assert said not in condition_of_server(GOOD).seen
    assert condition.is_good


def test_what_has_no_table_yet_says_nothing_of_payments() -> None:
    seen = condition_of_server(replace(GOOD, tables=())).seen
    assert seen.endswith("A reading is one picture.")


def test_what_nobody_answered_about_the_rights_of_the_login_is_not_said() -> None:
    said = condition_of_server(replace(GOOD, rights=None, unseen=("the login's rights (08S01)",))).seen
    assert "Not shown: the login's rights (08S01)." in said
    assert "This login may" not in said
