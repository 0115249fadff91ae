"""In every firm of the truth tests, at every check, what is at rest may be left out of the judgement."""

from collections.abc import Collection, Iterable
from datetime import date

import pytest

from cmxero_desktop.domain.correlation.judging import Judgement, judge
from cmxero_desktop.domain.correlation.judging_memo import Memo
from cmxero_desktop.domain.correlation.stray_payments import StrayPayment
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot
from tests.support.at_rest import Compared, compare
from tests.truth import in_memory
from tests.truth.campaign import run
from tests.truth.firms import STYLES, Style

_INVOICES = 60


@pytest.mark.parametrize("style", STYLES, ids=[style.name for style in STYLES])
def test_leaving_out_what_is_at_rest_changes_nothing(style: Style, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Compared] = []

    def judging(
        snapshots: Iterable[InvoiceSnapshot],
        policy: Policy,
        today: date,
        *,
        strays: Collection[StrayPayment],
        memo: Memo,
    ) -> Judgement:
        snapshots = tuple(snapshots)
        found.append(compare(snapshots, policy, today, strays=strays))
        return judge(snapshots, policy, today, strays=strays, memo=memo)

    monkeypatch.setattr(in_memory, "judge", judging)
    run(style, 3, _INVOICES)
    assert not [one.differing for one in found if one.differing]
    assert sum(one.at_rest for one in found) > _INVOICES
