"""A mapping file is read whole, and every mistake in it is named with its line and key."""

from decimal import Decimal
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import load_mapping
from cmxero_desktop.adapters.casemanager.mapping import KeySource, Sum, TableName, Tell, Told
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.shipped import shipped

REFERENCE = shipped("mappings", "reference.toml").read_text(encoding="utf-8")


def problems_of(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseManagerError) as caught:
        load_mapping(str(path))
    assert str(path) in caught.value.message
    return caught.value.problems


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if line.startswith(start))


def test_the_reference_mapping_says_what_the_reference_schema_is() -> None:
    mapping = load_mapping("reference")
    assert mapping.source == "reference"
    assert mapping.invoices.table == TableName(name="invoices")
    assert mapping.payments.journalled == Tell(told=Told.NOT_NULL, column="journal_number")
    assert mapping.payments.multi_invoice == Tell(told=Told.SHARED, column="payment_group")
    assert (mapping.payments.key_source, mapping.payments.are_amounts_negative) == (KeySource.GENERATED, False)
    assert (mapping.payments.added_payment_type, mapping.payments.imported_text) == ("EFT", "Xero payment")
    assert dict(mapping.payments.constants) == {}
    assert mapping.settings is not None
    assert mapping.settings.forward_dating_days == "forward_dating_days"


def test_every_commented_example_of_the_reference_mapping_is_valid(tmp_path: Path) -> None:
    text = REFERENCE
    for line in ('schema = "', 'payer = "', 'entered_by = "', 'journalled_row = "', 'journalled_unlocked = "'):
        assert f"# {line}" in text
        text = text.replace(f"# {line}", line)
    start = text.index("# [invoices.adjustments]")
    sum_ = text[start : text.index("\n\n", start)]
    plain = "\n".join(line.removeprefix("# ") for line in sum_.splitlines())
    text = text.replace(sum_, plain).replace('adjustments = "adjustments"', "")
    path = tmp_path / "all.toml"
    path.write_text(text, encoding="utf-8-sig")
    mapping = load_mapping(str(path))
    assert str(mapping.payments.table) == "accounts.payments"
    assert dict(mapping.payments.constants) == {"entered_by": "CM-Xero Desk"}
    assert mapping.payments.entered_by == "entered_by"
    assert isinstance(mapping.invoices.adjustments, Sum)
    assert mapping.invoices.adjustments.is_negative


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('\namount = "amount"', '\namuont = "amount"', "amuont", "payments.amuont is not known here."),
        ('\namount = "amount"', "\namount = 5", "amount =", "payments.amount must be text in quotes, not 5."),
        (
            'amount_sign = "positive"',
            'amount_sign = "plus"',
            "amount_sign",
            "payments.amount_sign must be positive or negative, not 'plus'.",
        ),
        (
            'key_source = "generated"',
            'key_source = "x"',
            "key_source",
            "payments.key_source must be one of generated, next_number, uuid, not 'x'.",
        ),
        (
            '\nwhen = "shared"',
            '\nwhen = "often"',
            'when = "often"',
            "payments.multi_invoice.when must be one of never, not_null, equals, not_equals, shared.",
        ),
        (
            '\nwhen = "not_null"',
            '\nwhen = "shared"',
            'when = "shared"',
            "payments.journalled.when must be one of never, not_null, equals, not_equals.",
        ),
        (
            "[payments.constants]",
            '[payments.constants]\nnotes = "x"',
            'notes = "x"',
            "payments.constants.notes is filled with the payment's own value already.",
        ),
        (
            "[payments.constants]",
            "[payments.constants]\nx = [1]",
            "x = [1]",
            "payments.constants.x must be text, a number, a date, true or false, not [1].",
        ),
        ("[settings]", "[setings]", "[setings]", "setings is not known here."),
        (
            'value = "value"',
            'value = "value"\njournalled_row = "x"',
            "journalled_row",
            "settings.journalled_row and journalled_unlocked are needed together.",
        ),
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: str, problem: str) -> None:
    text = REFERENCE.replace(old, new, 1)
    assert f"line {line_of(text, line)}: {problem}" in problems_of(tmp_path, text)


_SUM = """[invoices.refunds]
table = "refunds"
invoice = "invoice_id"
amount = "amount"
where = { column = "kind", equals = "refund" }
[payments]"""


def with_refunds(text: str, section: str) -> str:
    """Return the mapping with its refunds in a table of their own."""
    start = text.index('refunds = "refunds"')
    return text[:start] + text[text.index("\n", start) :].replace("[payments]", section, 1)


def test_a_figure_may_be_a_sum_or_none_or_unknown(tmp_path: Path) -> None:
    """R24a: what nobody knows is not the same as what never is."""
    path = tmp_path / "mapping.toml"
    found = []
    for text in (
        with_refunds(REFERENCE, _SUM),
        REFERENCE.replace('refunds = "refunds"', "refunds = 0"),
        with_refunds(REFERENCE, "[payments]"),
    ):
        path.write_text(text, encoding="utf-8")
        mapping = load_mapping(str(path))
        found.append((mapping.invoices.refunds, mapping.are_adjustments_known))
    where = Tell(told=Told.EQUALS, column="kind", values=("refund",))
    refunds = Sum(table=TableName(name="refunds"), invoice="invoice_id", amount="amount", where=where)
    assert found == [(refunds, True), (0, True), (None, False)]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('amount = "amount"', "amount = 1", "amount", "invoices.refunds.amount must be text in quotes, not 1."),
        ('amount = "amount"', 'sum = "amount"', "sum", "invoices.refunds.sum is not known here."),
        ('amount = "amount"', "", "[invoices.refunds]", "invoices.refunds.amount is missing."),
        (', equals = "refund"', "", "where", "invoices.refunds.where.equals is missing."),
        ("equals", "when", "where", "invoices.refunds.where.when is not known here."),
        (
            '{ column = "kind", equals = "refund" }',
            '"x"',
            "where",
            "invoices.refunds.where must be a section of its own.",
        ),
        ("where", 'sign = "minus"\nwhere', "sign", "invoices.refunds.sign must be positive or negative, not 'minus'."),
    ],
)
def test_each_mistake_in_a_sum_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: str, problem: str
) -> None:
    text = with_refunds(REFERENCE, _SUM.replace(old, new, 1))
    assert f"line {line_of(text, line)}: {problem}" in problems_of(tmp_path, text)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "[invoices]\ntable = 'i'\nextra = 1\n[payments]\n")
    assert "line 1: invoices.key is missing." in problems
    assert "line 3: invoices.extra is not known here." in problems
    assert "line 4: payments.amount is missing." in problems
    assert "line 4: payments.journalled is missing." in problems
    assert problems_of(tmp_path, "") == ("invoices is missing.", "payments is missing.")


def test_what_is_no_mapping_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[invoices\n", encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes(b"[invoices]\ntable = '\xfc'\n")
    for name, why in (
        ("broken", "line 1"),
        ("latin", "is not UTF-8 text: line 2 has a character in another encoding"),
        ("missing", "No such file"),
    ):
        with pytest.raises(CaseManagerError, match=why):
            load_mapping(str(tmp_path / f"{name}.toml"))
    with pytest.raises(CaseManagerError, match="The mapping refrence cannot be read"):
        load_mapping("refrence")


def test_a_constant_keeps_its_exact_value(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    text = REFERENCE.replace("[payments.constants]", "[payments.constants]\nfee = 0.10\nis_open = true")
    path.write_text(text, encoding="utf-8")
    assert dict(load_mapping(str(path)).payments.constants) == {"fee": Decimal("0.10"), "is_open": True}
