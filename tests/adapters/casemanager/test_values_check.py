"""No value of a mapping file is accepted that its column cannot hold, or that tells nothing there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.records.readings import CaseWrite
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]

_JOURNALLED = 'when = "not_null"\ncolumn = "journal_number"'
_SHARED = 'when = "shared"\ncolumn = "payment_group"'
_CONSTANTS = "[payments.constants]"


def problems_of(database: CaseManagerDatabase) -> tuple[str, ...]:
    with pytest.raises(CaseManagerError) as caught:
        database.check()
    return caught.value.problems


def told_by(firm: Firm, folder: Path, value: str, column: str = "is_locked") -> Firm:
    return with_mapping(firm, folder, _JOURNALLED, f'when = "equals"\ncolumn = "{column}"\nvalue = {value}')


def is_locked(database: CaseManagerDatabase) -> list[bool]:
    return [payment.is_journalled for payment in database.read(["10234"], AUD).sides["10234"].payments]


_TOLD: tuple[tuple[str, str, list[str], list[bool]], ...] = (
    ("BOOLEAN", "true", ["true", "false", "NULL"], [True, False, False]),
    ("BOOLEAN", "1", ["true", "false", "NULL"], [True, False, False]),
    ("INTEGER", "true", ["1", "0", "2"], [True, False, False]),
    ("INTEGER", '"1"', ["1", "0", "NULL"], [True, False, False]),
    ("SMALLINT", "[1, 2]", ["1", "2", "3"], [True, True, False]),
    ("DECIMAL(5,2)", "0.5", ["0.50", "0.51", "NULL"], [True, False, False]),
    ("VARCHAR(3)", '["Y", "P"]', ["'Y'", "'P'", "'N'"], [True, True, False]),
    ("VARCHAR(3)", "7", ["'7'", "'07'", "NULL"], [True, False, False]),
    ("CHAR(3)", '"Y"', ["'Y'", "'YY'", "NULL"], [True, False, False]),
    ("DATE", "2026-11-01", ["'2026-11-01'", "'2026-11-02'", "NULL"], [True, False, False]),
)


def test_a_tell_reads_what_is_there(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    """R10, R17: a payment that is locked in truth is never linked, whatever type says that it is."""
    for key in (1, 2, 3):
        reference.add_payment(key)
    for number, (type_, value, stored, told) in enumerate(_TOLD):
        column = f"c{number}"
        reference.run(
            f"ALTER TABLE payments ADD {column} {type_}",
            *(
                f"UPDATE payments SET {column} = {v} WHERE payment_id = {k}"  # noqa: S608  # this test's own
                for k, v in enumerate(stored, start=1)
            ),
        )
        assert is_locked(opened(told_by(reference, tmp_path, value, column))) == told, (type_, value)
        tell = f'when = "not_equals"\ncolumn = "{column}"\nvalue = {value}'
        other = opened(with_mapping(reference, tmp_path, _JOURNALLED, tell))
        are_there = [v != "NULL" for v in stored]
        assert is_locked(other) == [there and not t for there, t in zip(are_there, told, strict=True)], (type_, value)


_REFUSED = (
    ("BOOLEAN", '"true"', "without quotes"),
    ("BOOLEAN", '"Y"', "holds "),
    ("INTEGER", '"true"', "holds whole numbers: write true or false without quotes"),
    ("INTEGER", '"Y"', "holds whole numbers"),
    ("INTEGER", "0.5", "holds whole numbers"),
    ("INTEGER", '[1, "N"]', "holds whole numbers"),
    ("DECIMAL(5,2)", "0.125", "keeps 2 decimals"),
    ("DECIMAL(5,2)", "1000", "takes nothing above 999.99"),
    ("VARCHAR(3)", "true", "holds text: write it in quotes, just as it stands there"),
    ("VARCHAR(3)", '"LOCK"', "takes 3 characters, and it has 4"),
    ("VARCHAR(10)", "2026-11-01", "holds text: write it in quotes, just as it stands there"),
    ("DATE", '"2026-11-01"', "holds dates: write one without quotes, as 2026-11-22"),
    ("DATE", "20261101", "holds dates"),
)


def test_a_value_that_its_column_cannot_hold_is_named(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    for number, (type_, value, why) in enumerate(_REFUSED):
        column = f"c{number}"
        reference.run(f"ALTER TABLE payments ADD {column} {type_}")
        (problem,) = problems_of(opened(told_by(reference, tmp_path, value, column)))
        assert problem.startswith("payments.journalled.value is "), problem
        assert f", but the column {column} in the table payments " in problem, problem
        assert why in problem, problem
        if "[" not in value:
            text = f"{_CONSTANTS}\n{column} = {value}"
            (problem,) = problems_of(opened(with_mapping(reference, tmp_path, _CONSTANTS, text)))
            assert problem.startswith(f"payments.constants.{column} is "), problem


def test_what_no_value_can_be_compared_with_is_named(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    reference.run(f"ALTER TABLE payments ADD is_locked {'BYTEA' if reference.dialect == 'postgresql' else 'BLOB'}")
    for value in ("0.5", "1", '"Y"', "true"):
        (problem,) = problems_of(opened(told_by(reference, tmp_path, value)))
        assert problem.startswith("payments.journalled compares the column is_locked in the table payments, whose type")


@pytest.mark.postgres
def test_whole_numbers_stay_within_their_column(postgres_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(postgres_url)
    firm.run("ALTER TABLE payments ADD is_locked SMALLINT")
    for value, why in (("40000", "takes nothing above 32767"), ("-40000", "takes nothing below -32768")):
        (problem,) = problems_of(opened(told_by(firm, tmp_path, value)))
        assert problem.endswith(f"{why}.")


@pytest.mark.mariadb
def test_what_an_enumeration_does_not_list_is_named(mariadb_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(mariadb_url)
    firm.add_payment(1)
    firm.run(
        "ALTER TABLE payments ADD is_locked ENUM('Y', 'N'), ADD flag BIT(1), ADD bits BIT(8)",
        "ALTER TABLE payments MODIFY payment_type ENUM('EFT', 'Cash')",
    )
    firm.run("UPDATE payments SET is_locked = 'Y', flag = b'1', bits = b'101'")
    (problem,) = problems_of(opened(told_by(firm, tmp_path, '"X"')))
    assert problem.endswith("takes only Y, N.")
    assert is_locked(opened(told_by(firm, tmp_path, '"y"'))) == [True]
    assert is_locked(opened(told_by(firm, tmp_path, "true", "flag"))) == [True]
    assert is_locked(opened(told_by(firm, tmp_path, "false", "flag"))) == [False]
    assert is_locked(opened(told_by(firm, tmp_path, "[5, 6]", "bits"))) == [True]
    (problem,) = problems_of(opened(with_mapping(firm, tmp_path, '"EFT"', '"Card"')))
    assert problem.startswith("payments.added_payment_type is 'Card'")


def test_a_view_without_types_is_told_by_text_and_number_alike(sqlite_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    firm.run(
        "ALTER TABLE payments RENAME TO some",
        "CREATE VIEW payments AS SELECT *, 1 AS number, 'Y' AS letter, '7' AS digit FROM some",
    )
    for column, values in {"number": ["1", '"1"', "true", '"true"'], "letter": ['"Y"'], "digit": ["7", '"7"']}.items():
        for value in values:
            assert is_locked(opened(told_by(firm, tmp_path, value, column))) == [True], (column, value)
    assert is_locked(opened(told_by(firm, tmp_path, "2026-11-01", "digit"))) == [False]


_SHARING = (
    (_SHARED, "payment_group = 5", True),
    (f"{_SHARED}\nnone = 0", "payment_group = 0", False),
    (f"{_SHARED}\nnone = [0, -1]", "payment_group = 1", True),
    ('when = "equals"\ncolumn = "payment_group"\nvalue = [1, 2]', "payment_group = 2", True),
    ('when = "equals"\ncolumn = "payment_group"\nvalue = [1, 2]', "payment_group = 3", False),
    ('when = "not_equals"\ncolumn = "payment_group"\nvalue = 0', "payment_group = 3", True),
    ('when = "not_equals"\ncolumn = "payment_group"\nvalue = 0', "payment_group = 0", False),
    ('when = "not_null"\ncolumn = "payment_group"', "payment_group = 0", True),
    ('when = "equals"\ncolumn = "letter"\nvalue = "Y"', 'letter = "y"', True),
    ('when = "shared"\ncolumn = "letter"', 'letter = ""', False),
)


def test_a_constant_must_not_make_all_that_is_added_multi_invoice(
    reference: Firm, opened: Opened, tmp_path: Path
) -> None:
    reference.run("ALTER TABLE payments ADD letter VARCHAR(9)")
    for number, (tell, constant, is_wrong) in enumerate(_SHARING):
        firm = with_mapping(reference, tmp_path, _SHARED, tell, _CONSTANTS, f"{_CONSTANTS}\n{constant}")
        database = opened(firm)
        if is_wrong:
            name = constant.split(" ", maxsplit=1)[0]
            assert problems_of(database) == (
                (
                    f"payments.constants.{name} would make every added payment part of a multi-invoice payment: "
                    "give it a value by which payments.multi_invoice does not tell it."
                ),
            ), (tell, constant)
            continue
        reference.run("DELETE FROM payments")
        for twice in "ab":
            values = firm.values(notes=f"Xero payment {number}{twice}")
            database.change_invoice(firm.invoice_id, AUD, always(insert(values)))
        side = database.read(["10234"], AUD).sides["10234"]
        assert not any(payment.is_multi_invoice for payment in side.payments), (tell, constant)


def test_a_column_that_is_never_empty_does_not_tell_by_being_empty(
    reference: Firm, opened: Opened, tmp_path: Path
) -> None:
    reference.run(
        "ALTER TABLE payments ADD is_locked INTEGER DEFAULT 0 NOT NULL", "ALTER TABLE payments ADD flag BOOLEAN"
    )
    for column, why in (("is_locked", "is never empty"), ("flag", "")):
        tell = f'when = "not_null"\ncolumn = "{column}"'
        found = opened(with_mapping(reference, tmp_path, _JOURNALLED, tell))
        if column == "flag" and reference.dialect == "mysql":
            found.check()
            continue
        (problem,) = problems_of(found)
        assert problem.startswith(f'payments.journalled has when = "not_null", but the column {column}')
        assert why in problem


_NEVER = (
    (
        ('notes = "notes"  ', 'notes = "journal_number"  '),
        (
            "The column journal_number in the table payments takes 20 characters, but notes needs 49 for the "
            "line that names a Xero payment."
        ),
    ),
    (
        ('reference = "reference_number"', 'reference = "notes"'),
        "payments.reference and payments.notes are both the column notes; each needs a column of its own.",
    ),
    (
        ('added_payment_type = "EFT"', 'added_payment_type = "Electronic funds transfer"'),
        (
            "payments.added_payment_type is 'Electronic funds transfer', but the column payment_type in the table "
            "payments takes 20 characters, and it has 25."
        ),
    ),
    (
        ('key_source = "generated"', 'key_source = "uuid"'),
        "The key payment_id of payments holds whole numbers, so it cannot hold a UUID.",
    ),
)


def test_what_an_insert_could_never_write_is_named(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    for change, problem in _NEVER:
        assert problems_of(opened(with_mapping(reference, tmp_path, *change))) == (problem,)


@pytest.mark.mariadb
def test_an_unsigned_column_takes_no_negative_payments(mariadb_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(mariadb_url)
    firm.run("ALTER TABLE payments MODIFY amount DECIMAL(12,2) UNSIGNED")
    opened(firm).check()
    (problem,) = problems_of(
        opened(with_mapping(firm, tmp_path, 'amount_sign = "positive"', 'amount_sign = "negative"'))
    )
    assert problem.startswith("The column amount in the table payments takes no negative numbers")


def test_nothing_in_a_column_tells_nothing(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    reference.add_payment(1)
    reference.add_payment(2, group=7)
    tell = 'when = "not_equals"\ncolumn = "payment_group"\nvalue = 0'
    side = opened(with_mapping(reference, tmp_path, _SHARED, tell)).read(["10234"], AUD).sides["10234"]
    assert [payment.is_multi_invoice for payment in side.payments] == [False, True]


def test_a_file_that_keeps_anything_in_any_column_is_read_alone_as_whole(
    sqlite_url: str, opened: Opened, tmp_path: Path
) -> None:
    """A group of text in a column for numbers, a key of text too, and a date with or without its time."""
    firm = reference_firm(sqlite_url)
    for key in (1, 2, 3):
        firm.add_payment(key, on_second=key == 3)
    firm.run(
        "ALTER TABLE payments ADD posted DATETIME",
        "UPDATE payments SET payment_group = 'G', posted = '2026-11-01' WHERE payment_id <> 2",
        "UPDATE payments SET posted = '2026-11-01 00:00:00' WHERE payment_id = 2",
    )
    database = opened(told_by(firm, tmp_path, "2026-11-01", "posted"))
    side = database.read(["10234"], AUD).sides["10234"]
    assert [(p.is_multi_invoice, p.is_journalled) for p in side.payments] == [(True, True), (False, True)]
    seen: list[object] = []

    def look(locked: object) -> tuple[CaseWrite, ...]:
        seen.append(locked)
        return ()

    database.change_invoice(firm.invoice_id, AUD, look)
    assert seen == [side]


@pytest.mark.parametrize(
    ("type_", "only", "constant", "counting"),
    [
        ("DATE", 'when = "null"', "", [2, 3]),
        ("VARCHAR(9)", 'when = "null"', "", [2, 3]),
        ("INTEGER DEFAULT 0", 'when = "equals"\nvalue = 0', "", [3]),
        ("INTEGER", 'when = "not_equals"\nvalue = 1', "", [2, 3]),
        ("INTEGER", 'when = "equals"\nvalue = [0, 2]', "gone = 2", [3]),
        ("BOOLEAN", 'when = "equals"\nvalue = false', "gone = false", [3]),
    ],
)
def test_only_rows_that_count_are_read_and_an_added_one_counts(
    reference: Firm, opened: Opened, tmp_path: Path, type_: str, only: str, constant: str, counting: list[int]
) -> None:
    """A payment that somebody deleted softly is no money; its group is shared with nobody by it."""
    gone, left = {"DATE": ("'2026-11-02'", "NULL"), "VARCHAR(9)": ("'x'", "''")}.get(type_, ("1", "0"))
    reference.add_payment(1, group=7)
    reference.add_payment(2)
    reference.add_payment(3, group=7)
    flags = ("true", "false") if type_ == "BOOLEAN" else (gone, left)
    reference.run(
        f"ALTER TABLE payments ADD gone {type_}",
        f"UPDATE payments SET gone = {flags[0]} WHERE payment_id = 1",  # noqa: S608  # this test's own
        "UPDATE payments SET gone = NULL WHERE payment_id = 2",
        f"UPDATE payments SET gone = {flags[1]} WHERE payment_id = 3",  # noqa: S608  # this test's own
    )
    firm = with_mapping(
        reference, tmp_path, _CONSTANTS, f'[payments.only]\ncolumn = "gone"\n{only}\n{_CONSTANTS}\n{constant}'
    )
    database = opened(firm)
    assert database.check().payments == len(counting)
    side = database.read(["10234"], AUD).sides["10234"]
    assert [(p.payment_id.value, p.is_multi_invoice) for p in side.payments] == [(key, False) for key in counting]
    added = database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))["i"]
    after = database.read(["10234"], AUD).sides["10234"].payments
    assert {payment.payment_id for payment in after} == {added, *map(CasePaymentId, counting)}


@pytest.mark.parametrize("constant", ["", "gone = 1"])
def test_a_payment_that_would_not_count_is_not_added(
    reference: Firm, opened: Opened, tmp_path: Path, constant: str
) -> None:
    reference.run("ALTER TABLE payments ADD gone INTEGER")
    only = '[payments.only]\ncolumn = "gone"\nwhen = "equals"\nvalue = 0'
    database = opened(with_mapping(reference, tmp_path, _CONSTANTS, f"{only}\n{_CONSTANTS}\n{constant}"))
    assert problems_of(database) == (
        (
            "An added payment would not count by payments.only: give the column gone in [payments.constants] a value "
            "that counts."
        ),
    )


def test_an_invoice_that_does_not_count_is_none(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    """So a number may be used again for the one that replaced it."""
    reference.run(
        "ALTER TABLE invoices ADD gone INTEGER DEFAULT 0",
        "UPDATE invoices SET gone = 1, invoice_number = ' 10235' WHERE invoice_id = 1",
    )
    reference.add_payment(1, on_second=True)
    only = '[invoices.only]\ncolumn = "gone"\nwhen = "not_equals"\nvalue = 1\n\n[payments]\ntable'
    database = opened(with_mapping(reference, tmp_path, "[payments]\ntable", only))
    assert database.check().invoices == 1
    side = database.read(["10235"], AUD).sides["10235"]
    assert (side.invoice.invoice_id, side.unreadable) == (reference.second_id, ())
    assert database.read(["10234"], AUD).sides == {}
