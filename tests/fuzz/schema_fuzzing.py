"""Holds the mapping's check against what a made-up schema then does: what is good is read and written as shown."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.correlation.writable import note_as_written, reference_as_written, why_not_written
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.services.correlation.policies import policy_of
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseManagerFacts, CaseWrite, WriteKind
from cmxero_desktop.services.records.settings import PolicySettings
from tests.fuzz.strange_schemas import VALUES, MadeSchema, Maker

_AUD = "AUD"
_NUMBERS = ("101", "102", "103")
_ROWS = 6
_SENTENCE = re.compile(r"[\"'\w].{8,600}[.?]", re.DOTALL)
_NO_SENTENCE = re.compile(r"Error\b|Exception|Traceback|0x[0-9a-f]{6}|Decimal\(|None,|Kind\.|Told\.")


class SchemaFuzzError(AssertionError):
    """The check called good what is not, or said no sentence; the message has the schema and the seed."""


class SchemaFuzz:
    """Schemas on one database, one after another, from one seed."""

    def __init__(self, url: str, folder: Path, seed: int) -> None:
        """Keep where to make them."""
        self.outcomes: Counter[str] = Counter()
        self._url, self._seed = url, seed
        self._dice = random.Random(seed)
        self._dialect = make_url(url).get_backend_name()
        self._engine = create_engine(url, poolclass=NullPool)
        self._path = folder / "made.toml"
        self._made: MadeSchema | None = None

    def run(self, count: int) -> None:
        """Make and try so many schemas."""
        maker = Maker(self._dice, self._dialect)
        for number in range(count):
            made = self._made = maker.make()
            self._execute(*made.statements)
            try:
                self.outcomes[self._try(made)] += 1
            except Exception as error:
                mapping = made.mapping
                tables = "\n".join(made.statements)
                message = f"seed {self._seed}, schema {number} on {self._dialect}: {error}\n{tables}\n{mapping}"
                raise SchemaFuzzError(message) from error

    def _execute(self, *statements: str) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = []
        with self._engine.begin() as connection:
            for statement in statements:
                found = connection.execute(text(statement))
                rows = found.all() if found.returns_rows else []
        return rows

    def _try(self, made: MadeSchema) -> str:
        self._path.write_text(made.mapping, encoding="utf-8")
        try:
            mapping = load_mapping(str(self._path))
        except CaseManagerError as error:
            return self._refused(error)
        with closing(CaseManagerDatabase(self._url, mapping, lock_wait_s=1)) as database:
            try:
                facts = database.check()
            except CaseManagerError as error:
                return self._refused(error)
            stored = self._fill(made)
            self._look_at_reading(database, made, stored)
            if facts.write_problem:
                return "read only"
            return self._look_at_writing(database, facts)

    def _refused(self, error: CaseManagerError) -> str:
        """Hold that each refusal is a sentence."""
        assert error.problems or error.remedy, error
        for sentence in error.problems or (error.message,):
            assert _SENTENCE.fullmatch(sentence), sentence
            assert not _NO_SENTENCE.search(sentence), sentence
        return "refused"

    def _fill(self, made: MadeSchema) -> dict[str, dict[str, str]]:
        """Add rows as another program would; return what stands in the telling columns of each by its reference."""
        for key, number in zip(made.invoice_keys, _NUMBERS, strict=True):
            with suppress(DBAPIError):
                self._execute(f"INSERT INTO inv VALUES ({key}, '{number}', 500, NULL)")  # noqa: S608  # made up here
        stored: dict[str, dict[str, str]] = {}
        for row in range(1, _ROWS + 1):
            amount = -row if made.is_negative else row
            values = {
                "p_key": made.payment_key(row),
                "p_inv": self._dice.choice(made.invoice_keys[:2]),
                "p_day": "'2026-11-01'",
                "p_amount": str(amount),
                "p_type": self._dice.choice(("'4'", "'Y'")),
                "p_ref": f"'{row}'",
                "c_one": "NULL",
                "c_two": "NULL",
            }
            told = {
                tell.of: self._dice.choice((*tell.literals * 3, "NULL", self._dice.choice(VALUES)[1]))
                for tell in made.tells.values()
            }
            if self._inserted(values | told):
                stored[str(row)] = told
            elif self._inserted(values | dict.fromkeys(told, "NULL")):
                stored[str(row)] = dict.fromkeys(told, "NULL")
        return stored

    def _inserted(self, values: dict[str, str]) -> bool:
        """Insert a row, with something in what must be filled; say whether the database took it."""
        for filler in ("NULL", "1", "'Y'", "'2026-11-01'", "TRUE", "'{}'"):
            row = {
                name: filler if value == "NULL" and name.startswith("c_") else value for name, value in values.items()
            }
            with suppress(DBAPIError):
                self._execute(f"INSERT INTO pay ({', '.join(row)}) VALUES ({', '.join(row.values())})")  # noqa: S608
                return True
        return False

    def _look_at_reading(
        self, database: CaseManagerDatabase, made: MadeSchema, stored: dict[str, dict[str, str]]
    ) -> None:
        """Hold that each row which counts is read once, whole as alone, and that it tells what stands there."""
        facts, read = database.check(), database.read(_NUMBERS, _AUD)
        every = [*read.sides.values(), *read.others]
        payments = [payment for side in every for payment in side.payments]
        spoilt = [row for side in every for row in side.unreadable if not row.is_invoice]
        assert len(payments) + len(spoilt) == facts.payments, "a row was lost"
        if "only" not in made.tells:
            assert facts.payments == len(stored), "a row was not counted"
        for side in read.sides.values():
            assert self._alone(database, side) == side, "read alone it is another"
        groups = Counter(told["t_multi_invoice"] for told in stored.values() if "t_multi_invoice" in told)
        for payment in payments:
            self._look_at_tells(made, payment, stored[payment.reference.strip()], groups)

    def _look_at_tells(
        self, made: MadeSchema, payment: CasePayment, stored: dict[str, str], groups: Counter[str]
    ) -> None:
        for field, is_told in (("journalled", payment.is_journalled), ("multi_invoice", payment.is_multi_invoice)):
            tell = made.tells[field]
            literal = stored[tell.of]
            if literal == "NULL" or tell.when == "never":
                assert not is_told, f"{payment}: {field} is told by nothing"
            elif tell.when in {"equals", "not_equals"} and literal in tell.literals:
                assert is_told is (tell.when == "equals"), f"{payment}: {field} by {literal}"
            elif tell.when == "not_null":
                assert is_told is (literal != "''"), f"{payment}: {field} by {literal}"
            elif tell.when == "shared" and "only" not in made.tells and groups[literal] > 1:
                assert is_told is (literal not in {*tell.literals, "''"}), f"{payment}: {field} by {literal}"

    def _alone(self, database: CaseManagerDatabase, side: CaseInvoiceSide) -> CaseInvoiceSide | None:
        seen: list[CaseInvoiceSide | None] = []

        def look(locked: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
            seen.append(locked)
            return ()

        database.change_invoice(side.invoice.invoice_id, _AUD, look)
        return seen[0]

    def _look_at_writing(self, database: CaseManagerDatabase, facts: CaseManagerFacts) -> str:
        """Hold that a payment which is offered is written, read back as it was shown, and taken away again."""
        policy = policy_of(PolicySettings(), facts, _AUD)
        side = database.read(["101"], _AUD).sides.get("101")
        notes = note_as_written("", XeroPaymentId("5f2c1a9e-3b1d-4c8e-9f00-0123456789ab"), policy)
        if side is None or notes is None:
            return "no invoice"
        after = PaymentValues(
            paid_on=date(2026, 11, 20),
            amount=Money.of(self._dice.choice(("12.34", "999.99", "0.10")), _AUD),
            reference=reference_as_written(self._dice.choice(("INV 7", "Zoë 🙂", "r" * 70, "")), "", policy),
            notes=notes,
            payment_type=policy.payment_type,
        )
        if why_not_written(after, None, policy):
            return "not writable"
        invoice_id = side.invoice.invoice_id
        key = database.change_invoice(
            invoice_id,
            _AUD,
            lambda _: [CaseWrite(intent_id="i", kind=WriteKind.INSERT, payment_id=None, before=None, after=after)],
        )["i"]
        now = database.read(["101"], _AUD).sides["101"]
        (added,) = [payment for payment in now.payments if payment.payment_id == key]
        assert PaymentValues.of(added) == after, "what was written is another"
        assert len(now.payments) == len(side.payments) + 1
        assert not added.is_journalled, "what was written is locked"
        assert not added.is_multi_invoice, "what was written is part of a multi-invoice payment"
        gone = CaseWrite(intent_id="d", kind=WriteKind.DELETE, payment_id=key, before=after, after=None)
        database.change_invoice(invoice_id, _AUD, lambda _: [gone])
        assert database.read(["101"], _AUD).sides["101"].payments == side.payments
        return "written"
