"""Whatever is stored as JSON comes back as the same frozen record, and equal records give equal texts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.records import Decisions, UnreadableRow
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEvent
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent
from cmxero_desktop.services.records.results import InvoiceResult
from cmxero_desktop.services.records.runs import PollRun, PollState
from tests.adapters.store.examples import event, result
from tests.adapters.store.strategies import records

KINDS = (
    Alert,
    AuditEvent,
    CasePaymentId,
    Intent,
    InvoiceResult,
    PollRun,
    PollState,
    StoredProposal,
    UnreadableRow,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_record_comes_back_as_it_was(kind: type[Any], data: st.DataObject) -> None:
    record = data.draw(records(kind))
    read = decoder(kind)(encode(record))
    assert read == record
    assert type(read) is kind
    assert encode(read) == encode(record)


def test_the_order_of_sets_and_mappings_makes_no_difference() -> None:
    names = [XeroPaymentId(f"payment-{n}") for n in range(50)]
    one = Decisions(apart=frozenset((name, CasePaymentId(1)) for name in names))
    other = Decisions(apart=frozenset((name, CasePaymentId(1)) for name in reversed(names)))
    assert encode(one) == encode(other)
    assert encode({"b": 1, "a": 2}) == encode({"a": 2, "b": 1})


def test_amounts_are_text_with_two_decimals_and_never_a_float() -> None:
    assert '"amount":{"amount":"400.00","currency":"AUD"}' in encode(event())


def test_times_are_written_in_utc() -> None:
    assert '"as_of":"2026-11-22T12:00:00Z"' in encode(result())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        encode(event())[:-1],
        encode(event()).replace('"400.00"', '"four"'),
        encode(event()).replace('"applied"', '"eaten"'),
        encode(event()).replace('"2026-11-01"', '"1 Nov"'),
    ],
)
def test_a_text_that_does_not_fit_is_a_store_error_with_a_remedy(text: str) -> None:
    with pytest.raises(StoreError) as raised:
        decoder(AuditEvent)(text)
    assert "AuditEvent" in raised.value.message
    assert "backup" in raised.value.remedy


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="object cannot be stored"):
        encode(object())
