"""Who goes over to approving is told first what Case Manager's database would refuse."""

import pytest

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.records.abilities import CANNOT_APPROVE, Ability, Able, Rehearsal
from cmxero_desktop.services.records.settings import Mode, PolicySettings, Settings
from tests.services.desk import Desk
from tests.services.fake_store import MemoryStore

ANN = Saying(by="Ann", reason="we trust it")


@pytest.fixture
def desk() -> Desk:
    desk = Desk(MemoryStore())
    policy = PolicySettings(payment_types={"091": "CARD"})
    desk.settings.settings = Settings(mode=Mode.OBSERVE, policy=policy)
    return desk


def test_what_was_tried_is_said(desk: Desk) -> None:
    desk.case.rehearsal = Rehearsal(abilities=desk.case.rehearsal.abilities, left="One number is used up.")
    said = change_mode(desk.outside, Mode.APPROVE, ANN)
    assert said == (
        "The mode is approve now. Adding, changing and removing a payment was tried, and taken back. "
        "One number is used up."
    )
    assert desk.case.tried_types == ("CARD",)


def test_what_would_be_refused_keeps_the_mode(desk: Desk) -> None:
    cannot = Ability(name="lock an invoice", able=Able.NO, why="it is a view")
    unknown = Ability(name="add a payment", able=Able.UNKNOWN, why="not tried, because it could not lock an invoice")
    desk.case.rehearsal = Rehearsal(abilities=(cannot, unknown))
    with pytest.raises(CaseManagerError) as caught:
        change_mode(desk.outside, Mode.APPROVE, ANN)
    assert caught.value.message == "It cannot lock an invoice: it is a view."
    assert caught.value.remedy == CANNOT_APPROVE
    assert desk.settings.settings.mode is Mode.OBSERVE


def test_what_nobody_knows_is_said_and_hinders_nobody(desk: Desk) -> None:
    unknown = Ability(name="add a payment", able=Able.UNKNOWN, why="Case Manager has no invoice to try it on")
    desk.case.rehearsal = Rehearsal(abilities=(unknown,))
    assert change_mode(desk.outside, Mode.APPROVE, ANN) == (
        "The mode is approve now. It may or may not be able to add a payment: Case Manager has no invoice to try it on."
    )


def test_a_database_that_does_not_answer_hinders_nobody(desk: Desk) -> None:
    desk.case.is_down = True
    assert "What an approval needs could not be tried: " in change_mode(desk.outside, Mode.APPROVE, ANN)
    assert desk.settings.settings.mode is Mode.APPROVE


def test_nothing_is_tried_for_a_mode_that_does_not_write(desk: Desk) -> None:
    desk.settings.settings = Settings(mode=Mode.APPROVE, policy=PolicySettings(payment_types={"091": "CARD"}))
    assert change_mode(desk.outside, Mode.APPROVE, ANN) == "The mode is approve already."
    assert change_mode(desk.outside, Mode.OBSERVE, ANN) == "The mode is observe now."
    assert desk.case.tried_types == ()


def test_each_answer_is_a_sentence() -> None:
    said = [str(Ability(name="add a payment", able=able, why="it is late")) for able in Able]
    assert said == [
        "It can add a payment",
        "It cannot add a payment: it is late",
        "It may or may not be able to add a payment: it is late",
    ]
