"""Twice as many schedules are twice the work, counted in what is looked at and not in seconds: a list may be long."""

import cProfile
import math
import pstats
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.listing import ListedBy, check_list
from cmxero_desktop.domain.sor.schedules import FirmType, ScheduledInvoice, ScheduleSource, ScheduleState, SorSchedule
from cmxero_desktop.domain.sor.sighting import WatchedInvoice
from cmxero_desktop.domain.sor.watching import SorMemory, watch
from tests.domain.support import AS_OF, POLICY, TODAY, aud, nov, snapshot, xero
from tests.domain.test_sor_records import ALERT
from tests.domain.test_sor_watch import at

CLEARING = "SOR Clearing"


class Looked(tuple[object, ...]):
    """A tuple whose every look at one of its members is a call, so that it is counted."""

    __slots__ = ()

    def __iter__(self) -> Iterator[object]:
        for place in range(len(self)):
            yield self[place]


def schedules(many: int) -> tuple[SorSchedule, ...]:
    return Looked(
        SorSchedule(
            schedule_id=f"S{place}",
            source=ScheduleSource.LIST,
            known_at=AS_OF,
            invoices=(ScheduledInvoice(number=f"CM-{place}"),),
            state=ScheduleState.CANCELLED if place % 3 else ScheduleState.ACTIVE,
        )
        for place in range(many)
    )  # type: ignore[return-value]  # of schedules


def invoices(many: int) -> tuple[WatchedInvoice, ...]:
    paid = (xero("I1", "100", nov(1), account=CLEARING), xero("P1", "40", nov(2)))
    return Looked(WatchedInvoice(snapshot=snapshot(paid, number=place)) for place in range(many))  # type: ignore[return-value]  # as above


def alerts(many: int) -> tuple[SorAlert, ...]:
    return Looked(
        replace(ALERT, key=f"a{place}", schedule_id=f"S{place}", invoice_number=f"CM-{place}") for place in range(many)
    )  # type: ignore[return-value]  # as above


def import_a_list(many: int) -> None:
    lines = [
        ListLine(
            line=place, schedule=f"S{place // 4}", invoice=f"{place // 4}", due_on=nov(1 + place % 4), amount=aud("9")
        )
        for place in range(4 * many)
    ]
    known = {f"CM-{place}": None for place in range(many)}
    given = ListedBy(
        source=ScheduleSource.LIST, by="Ann", at=AS_OF, schedules=schedules(many), invoices=known, policy=POLICY
    )
    assert len(check_list(lines, given).accepted) == many


def look(many: int) -> None:
    watch(SorMemory(schedules=schedules(many), alerts=alerts(many)), invoices(many), POLICY, FirmType.XERO, at(20))


def show(many: int) -> None:
    shown = Shown(invoices=invoices(many), balance=None, policy=POLICY, today=TODAY)
    assert len(board_of(SorMemory(schedules=schedules(many), alerts=alerts(many)), shown).rows) == many


@pytest.mark.parametrize("work", [import_a_list, look, show])
def test_twice_as_many_schedules_are_no_more_than_twice_the_work(work: Callable[[int], None]) -> None:
    def calls(many: int) -> int:
        with cProfile.Profile() as profile:
            work(many)
        total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]  # typeshed does not know it
        return total

    work(1)
    assert math.log2(calls(160) / calls(80)) < 1.2
