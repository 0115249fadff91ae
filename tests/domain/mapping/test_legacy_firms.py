"""What is suggested for legacy schemas is true or asked: in any order, with few rows, under names that say nothing."""

import pytest

from cmxero_desktop.domain.mapping.findings import MappingSuggestion
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenSchema
from cmxero_desktop.domain.mapping.suggesting import suggest_mapping
from tests.truth.legacy_firms import FIRMS
from tests.truth.legacy_laying import LegacyFirm
from tests.truth.legacy_seen import (
    answers_of,
    books_of,
    hold_true,
    known_of,
    nameless,
    seen_schema,
    shuffled,
    thinned,
    truth_of,
    under_other_names,
)

NOTHING = KnownSide()
TABLES = ("invoices.table", "payments.table", "payments.invoice")
_MOST_ROUNDS = 6


@pytest.fixture(params=FIRMS, ids=lambda firm: firm.name)
def firm(request: pytest.FixtureRequest) -> LegacyFirm:
    found: LegacyFirm = request.param
    return found


def answered(firm: LegacyFirm, schema: SeenSchema, known: KnownSide) -> MappingSuggestion:
    """Answer until nothing is asked any more; each answer may bring other questions."""
    answers = dict[str, str]()
    suggestion = suggest_mapping(schema, known, answers)
    for _ in range(_MOST_ROUNDS):
        hold_true(firm, suggestion)
        assert suggestion.unknown_answers == ()
        if not suggestion.questions:
            return suggestion
        answers |= answers_of(firm, suggestion)
        suggestion = suggest_mapping(schema, known, answers)
    raise AssertionError(suggestion.questions)


def decided(suggestion: MappingSuggestion) -> dict[str, tuple[str, str]]:
    return {finding.key: (finding.likely, finding.sureness) for finding in suggestion.findings}


@pytest.mark.parametrize("is_known", [False, True], ids=["before the first check", "with Xero's facts"])
def test_what_is_suggested_is_true_or_asked(firm: LegacyFirm, is_known: bool) -> None:  # noqa: FBT001 - two cases
    told = books_of(firm)
    done = answered(firm, seen_schema(firm, told), known_of(told) if is_known else NOTHING)
    if firm.obstacle:
        assert any(firm.obstacle in obstacle for obstacle in done.obstacles)
        assert not done.draft
    else:
        assert done.obstacles == ()
        assert done.is_complete


@pytest.mark.untraced
def test_the_order_of_tables_columns_and_rows_makes_no_difference(firm: LegacyFirm) -> None:
    told = books_of(firm)
    schema = seen_schema(firm, told)
    before = suggest_mapping(schema, NOTHING, {})
    after = suggest_mapping(shuffled(schema, 1), NOTHING, {})
    assert decided(after) == decided(before)
    assert sorted(after.obstacles) == sorted(before.obstacles)


@pytest.mark.parametrize(("share", "is_known"), [(0.05, True), (0.2, False), (0.6, True)])
def test_few_rows_make_it_ask_and_not_be_wrong(firm: LegacyFirm, share: float, is_known: bool) -> None:  # noqa: FBT001
    told = books_of(firm)
    schema = seen_schema(firm, told)
    known = known_of(told) if is_known else NOTHING
    hold_not_wrong(firm, suggest_mapping(thinned(schema, 1, share), known, {}))


@pytest.mark.parametrize("is_known", [False, True], ids=["", "known"])
def test_under_names_that_say_nothing_it_is_true_or_asked(firm: LegacyFirm, is_known: bool) -> None:  # noqa: FBT001
    told = books_of(firm)
    schema, new = nameless(seen_schema(firm, told))
    suggestion = suggest_mapping(schema, known_of(told) if is_known else NOTHING, {})
    hold_not_wrong(under_other_names(firm, new), suggestion)


def hold_not_wrong(firm: LegacyFirm, suggestion: MappingSuggestion) -> None:
    """Hold that nothing untrue about money is taken; what follows from a table that is asked for, is asked with it."""
    if suggestion.obstacles or any(suggestion.finding(key) in suggestion.questions for key in TABLES):
        return
    for finding in suggestion.findings:
        if finding.is_money and not finding.is_open:
            assert finding.likely in truth_of(firm, finding), finding
