"""An act that several things close says all of them at once, so that nobody mends one to meet the next."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.decisions import Action, Verdict
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.services.correlation.situations import ensure


def closed(act: Refused) -> str:
    with pytest.raises(NotAllowedError) as told:
        ensure(Verdict(action=Action.APPLY, act=act, rows=()))
    return str(told.value)


def test_each_cause_is_said_the_first_to_mend_first() -> None:
    first, second = refused(Why.OBSERVE), refused(Why.NEVER_CHECKED)
    said = closed(replace(first, also=(second,)))
    assert 0 <= said.index(str(first)) < said.index(str(second))
    assert second.reason in closed(second)
