"""Many keys are one parameter of a statement, whatever stands in them, on each database."""

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.domain.identifiers import XeroPaymentId
from tests.adapters.store.examples import xero_payment

STRANGE = ["plain", "it's", 'say "so"', "back\\slash", "{a,b}", "null", "7", "%", "é", "\U0001f4b6", " ", "a,b"]


def test_keys_with_strange_signs_are_found(store: SqlStore) -> None:
    many = [*STRANGE, *(f"p-{number}" for number in range(1_500))]
    with store.begin() as unit:
        unit.facts.save_payments(xero_payment(each) for each in many)
        unit.commit()
    with store.begin() as unit:
        found = unit.facts.payments_by_id([XeroPaymentId(each) for each in (*many, "none", "")])
        unit.gaps.save_unknown(STRANGE)
        unit.facts.save_payments([xero_payment("it's"), xero_payment("{a,b}")])
        unknown = unit.gaps.unknown_ids()
    assert list(found) == many
    assert unknown == set(STRANGE) - {"it's", "{a,b}"}
