"""Keys and numbers that the database holds equal by rules of its own: all is approved, and no money stands twice (R4).

The truth is known by amounts: each receipt has one of its own. Somebody typed half of them under keys that differ in
capitals, accents or blanks at the end, as far as the very database takes that for the key of the invoice.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import cast

import pytest
import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.placements import Bucket
from tests.adapters.casemanager.firms import Firm
from tests.adapters.casemanager.test_same_keys import loose_firm
from tests.services.desk import NOV_1, Desk
from tests.services.fake_case_manager import FakeCaseManager
from tests.services.fake_store import MemoryStore

_log = logging.getLogger(__name__)
_SPELLINGS = ("INV-A1", "inv-a1", "Inv-A1", "INV-A1 ", "inv-a1   ", "ÍNV-Á1", "ínv-á1")
_RECEIPTS, _ROUNDS = 14, 4
_PAYMENT = "INSERT INTO payments VALUES (:key, :invoice, '2026-11-01', :amount, 'EFT', '', :notes, '', NULL)"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb utf8mb4_general_ci", marks=pytest.mark.mariadb),
        pytest.param("mariadb utf8mb4_unicode_ci", marks=pytest.mark.mariadb),
        pytest.param("mariadb utf8mb4_unicode_nopad_ci", marks=pytest.mark.mariadb),
        pytest.param("mariadb utf8mb4_bin", marks=pytest.mark.mariadb),
    ]
)
def loose(request: pytest.FixtureRequest, tmp_path: Path) -> Firm:
    """Make a firm whose keys are compared by the rules of its engine, or of one of MariaDB's collations."""
    kind, _, collation = str(request.param).partition(" ")
    if kind == "sqlite":
        (tmp_path / "case.db").touch()
    url = f"sqlite:///{tmp_path / 'case.db'}" if kind == "sqlite" else str(request.getfixturevalue(f"{kind}_url"))
    firm = loose_firm(url, tmp_path)
    if collation:
        key = f"VARCHAR(20) COLLATE {collation}"
        firm.run(
            "ALTER TABLE payments DROP FOREIGN KEY payments_ibfk_1",
            "ALTER TABLE adjustments DROP FOREIGN KEY adjustments_ibfk_1",
            f"ALTER TABLE invoices MODIFY invoice_id {key} NOT NULL, MODIFY invoice_number {key}",
            f"ALTER TABLE payments MODIFY invoice_id {key} NOT NULL",
            f"ALTER TABLE adjustments MODIFY invoice_id {key}",
            "ALTER TABLE payments ADD FOREIGN KEY (invoice_id) REFERENCES invoices (invoice_id)",
        )
    firm.run("UPDATE invoices SET total = 90000")
    return firm


def typed(firm: Firm, dice: Random, receipts: Sequence[tuple[str, str]]) -> list[str]:
    """Type receipts, each with its id in Xero, under keys that the database takes for the invoice's; return these."""
    engine = sa.create_engine(firm.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        is_same = sa.text("SELECT count(*) FROM invoices WHERE invoice_id = :key AND invoice_number = '10234'")
        known = [one for one in _SPELLINGS if connection.execute(is_same, {"key": one}).scalar()]
    for key, (amount, payment_id) in enumerate(receipts, start=20):
        notes = dice.choice(("", "", f"Xero payment {payment_id}"))
        firm.run(_PAYMENT, key=key, invoice=dice.choice(known), amount=amount, notes=notes)
    return known


def standing(firm: Firm) -> Counter[str]:
    """Count the rows of each amount, on whichever invoice."""
    engine = sa.create_engine(firm.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return Counter(f"{row[0]:.2f}" for row in connection.execute(sa.text("SELECT amount FROM payments")))


@pytest.fixture
def desk(loose: Firm) -> Iterator[Desk]:
    with closing(CaseManagerDatabase(loose.url, load_mapping(loose.mapping), lock_wait_s=2.0)) as database:
        database.check()
        made = Desk(MemoryStore())
        made.case = cast("FakeCaseManager", database)  # the real one, by the same port
        yield made


@pytest.mark.parametrize("seed", range(2))
def test_all_is_approved_and_each_receipt_stands_once(loose: Firm, desk: Desk, seed: int) -> None:
    dice = Random(seed)
    desk.xero.bill("CM-10234", "90000.00")
    amounts = [f"{100 + 7 * n}.{n:02}" for n in range(_RECEIPTS)]
    receipts = [(amount, str(desk.xero.pay("CM-10234", amount, NOV_1))) for amount in amounts]
    known = typed(loose, dice, [one for one in receipts if dice.random() < 0.5])
    for _ in range(_ROUNDS):
        desk.poll()
        desk.approve_in_bulk()
        desk.apply()
    _log.info("%s takes %s for the key", loose.url, known)
    assert not desk.proposals(), [(row.proposal.explanation, row.proposal.flags) for row in desk.proposals()]
    assert standing(loose) == Counter(amounts)
    desk.poll()
    assert not desk.proposals()


@pytest.mark.parametrize("number", ["ab-1", "AB-1 ", "ÁB-1", "AB-01"])
def test_a_number_that_only_the_database_calls_the_same_doubles_nothing_and_drops_nothing(
    loose: Firm, desk: Desk, number: str
) -> None:
    """R4: numbers are compared as text; what is not the same one is skipped and told, or stands once."""
    loose.run("UPDATE invoices SET invoice_number = :n WHERE invoice_id = 'INV-A1'", n=number)
    loose.run("UPDATE invoices SET invoice_number = 'other' WHERE invoice_id = 'INV-B2'")
    desk.xero.bill("CM-AB-1", "90000.00")
    first, second = (desk.xero.pay("CM-AB-1", amount, NOV_1) for amount in ("111.11", "222.22"))
    loose.run(_PAYMENT, key=20, invoice="INV-A1", amount="111.11", notes="")
    for _ in range(_ROUNDS):
        desk.poll()
        desk.approve_in_bulk()
        desk.apply()
    stands = standing(loose)
    assert stands["111.11"] == 1
    with desk.store.read() as unit:
        placements = [p for result in unit.results.latest() for p in result.correlation.placements]
    rows = {p.xero.payment_id: p for p in placements if p.xero is not None}
    for payment_id, amount in ((first, "111.11"), (second, "222.22")):
        is_told = rows[payment_id].bucket is not Bucket.MATCHED and bool(rows[payment_id].explanation)
        assert stands[amount] <= 1
        assert is_told or stands[amount] == 1
