"""Makes up schemas of Case Manager's as strangers might have them, each with its mapping file, from one seed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TABLES = ("inv", "pay")
KEYS = ("K-1", "k-2", "30000000-0000-4000-8000-000000000003")
# What is common first, then what is strange.
_Pool = tuple[tuple[str, ...], tuple[str, ...]]
_TEXTS: _Pool = (
    ("VARCHAR(120)", "VARCHAR(60)", "CHAR(80)", "TEXT"),
    ("VARCHAR(30)", "VARCHAR(9)", "INTEGER", "{blob}", "DATE"),
)
_MONEY: _Pool = (
    ("NUMERIC(12,2)", "NUMERIC(14,4)", "DOUBLE PRECISION"),
    ("NUMERIC(5,2)", "REAL", "INTEGER", "NUMERIC(9,1)"),
)
_DAYS: _Pool = (("DATE", "{datetime}"), ("{moment}", "VARCHAR(10)", "INTEGER"))
_PAYMENT_TYPES: _Pool = (("VARCHAR(20)", "TEXT"), ("VARCHAR(2)", "INTEGER", "{choice}"))
_TELLS: _Pool = (
    ("BOOLEAN", "INTEGER", "SMALLINT", "CHAR(1)", "VARCHAR(10)", "DATE", "NUMERIC(5,2)", "{choice}", "TEXT", "{odd}"),
    ("{blob}", "{datetime}", "{moment}"),
)
_FITTING = {
    "BOOLEAN": ("TRUE", "FALSE"),
    "INTEGER": ("1", "0", "-1", "99999"),
    "SMALLINT": ("1", "0", "-1"),
    "CHAR(1)": ("'Y'", "'y'", "'1'"),
    "VARCHAR(10)": ("'Y'", "'y'", "'1'", "'true'", "'Größe'", "''"),
    "TEXT": ("'Y'", "'LOCKED'", "'Größe'"),
    "DATE": ("'2026-11-01'",),
    "NUMERIC(5,2)": ("0.5", "1", "-1"),
    "{choice}": ("'Y'", "'LOCKED'"),
    "{odd}": ("TRUE", "FALSE"),
}
_TYPES: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"datetime": "DATETIME", "moment": "TIMESTAMP", "choice": "VARCHAR(6)", "odd": "BIT", "blob": "BLOB"},
    "postgresql": {
        "datetime": "TIMESTAMP",
        "moment": "TIMESTAMPTZ",
        "choice": "letters",
        "odd": "BOOLEAN",
        "blob": "BYTEA",
    },
    "mysql": {
        "datetime": "DATETIME",
        "moment": "TIMESTAMP NULL",
        "choice": "ENUM('Y','N','LOCKED')",
        "odd": "BIT(1)",
        "blob": "BLOB",
    },
}
# As a mapping file has a value, and as SQL has it.
VALUES = (
    ("true", "TRUE"),
    ("false", "FALSE"),
    ("1", "1"),
    ("0", "0"),
    ("-1", "-1"),
    ("99999", "99999"),
    ("0.5", "0.5"),
    ('"Y"', "'Y'"),
    ('"y"', "'y'"),
    ('"1"', "'1'"),
    ('"true"', "'true'"),
    ('"LOCKED"', "'LOCKED'"),
    ('"Größe"', "'Größe'"),
    ('""', "''"),
    ("2026-11-01", "'2026-11-01'"),
)
_DOMAINS = 0.1
_CHOICE_OF_TELL = ("never", "not_null", "equals", "equals", "not_equals", "shared")


@dataclass(frozen=True)
class MadeTell:
    """How a mapping file says what a column tells, and the same as SQL; `of` is the column's name, `kind` its type."""

    when: str
    of: str
    kind: str
    toml: str
    literals: tuple[str, ...]


@dataclass(frozen=True)
class MadeSchema:
    """Statements that make the tables, the mapping file, what tells, and how keys are written as SQL."""

    statements: tuple[str, ...]
    mapping: str
    tells: Mapping[str, MadeTell]
    invoice_keys: tuple[str, ...]
    payment_key: Callable[[int], str]
    is_negative: bool


class Maker:
    """Makes up schemas for one kind of database."""

    def __init__(self, dice: random.Random, dialect: str) -> None:
        """Keep the dice."""
        self._dice = dice
        self._dialect = dialect
        self._strangeness = 0.0
        self._domains = dict[str, str]()

    def make(self) -> MadeSchema:
        """Make up one schema."""
        dice = self._dice
        self._strangeness = dice.choice((0.0, 0.0, 0.05, 0.05, 0.3))
        self._domains = {}
        key_type = dice.choice(("INTEGER", "BIGINT", "VARCHAR(40)", "VARCHAR(40)", "CHAR(36)", "NUMERIC(10,0)"))
        reference = "VARCHAR(50)" if self._is_strange() else key_type
        is_number = key_type in {"INTEGER", "BIGINT", "NUMERIC(10,0)"}
        is_negative = dice.random() < 0.2
        source, column, payment_key = self._payment_key()
        kinds = {field: self._tell(field) for field in ("journalled", "multi_invoice")}
        only = self._only() if dice.random() < 0.3 else None
        tells = {**kinds, **({"only": only} if only else {})}
        others = {name: dice.choice(_TELLS[0]) for name in ("c_one", "c_two")}
        constants = {name: self._values(kind, 1)[0][0] for name, kind in others.items() if dice.random() < 0.6}
        if only and only.when == "equals":
            constants["t_only"] = only.toml if not only.toml.startswith("[") else only.toml[1:-1].split(", ")[0]
        columns = [
            f"p_key {column}",
            f"p_inv {reference} NOT NULL"
            + (" REFERENCES inv (i_key)" if reference == key_type and dice.random() < 0.6 else ""),
            f"p_day {self._type(_DAYS)}",
            f"p_amount {self._type(_MONEY)}",
            f"p_type {self._type(_PAYMENT_TYPES)}",
            f"p_ref {self._type(_TEXTS)}",
            f"p_notes {self._type(_TEXTS)}",
            *(f"{tell.of} {self._written(tell.kind)}" for tell in tells.values()),
            *(f"{name} {self._written(kind)}{self._needed(name in constants)}" for name, kind in others.items()),
        ]
        invoices = (
            f"i_key {key_type} PRIMARY KEY, i_no VARCHAR(20), i_total {self._type(_MONEY)}, i_due {self._type(_DAYS)}"
        )
        choice = ("DROP TYPE IF EXISTS letters", "CREATE TYPE letters AS ENUM ('Y', 'N', 'LOCKED')")
        return MadeSchema(
            statements=(
                "DROP TABLE IF EXISTS pay",
                "DROP TABLE IF EXISTS inv",
                *(choice if self._dialect == "postgresql" else ()),
                *(f"DROP DOMAIN IF EXISTS {name}" for name in self._domains),
                *(f"CREATE DOMAIN {name} AS {kind}" for name, kind in self._domains.items()),
                f"CREATE TABLE inv ({invoices})",
                f"CREATE TABLE pay ({', '.join(columns)})",
            ),
            mapping=self._mapping(source, tells, constants, is_negative=is_negative),
            tells=tells,
            invoice_keys=("1", "2", "3") if is_number else tuple(f"'{key}'" for key in KEYS),
            payment_key=payment_key,
            is_negative=is_negative,
        )

    def _is_strange(self) -> bool:
        return self._dice.random() < self._strangeness

    def _type(self, pool: _Pool) -> str:
        return self._written(self._dice.choice(pool[self._is_strange()]))

    def _written(self, kind: str) -> str:
        """Return a type as the database has it; in PostgreSQL a firm may have given it a name of its own."""
        written = kind.format(**_TYPES[self._dialect])
        if self._dialect != "postgresql" or kind == "{choice}" or self._dice.random() > _DOMAINS:
            return written
        name = f"kind_{len(self._domains)}"
        self._domains[name] = written
        return name

    def _needed(self, is_given: bool) -> str:  # noqa: FBT001 - said by its name where it is called
        return " NOT NULL" if (is_given and self._dice.random() < 0.5) or self._is_strange() else ""

    def _values(self, kind: str, count: int) -> list[tuple[str, str]]:
        """Choose values that fit a type, or, now and then, any."""
        fitting = [value for value in VALUES if value[1] in _FITTING.get(kind, ())]
        among = VALUES if self._is_strange() or not fitting else fitting
        return self._dice.sample(among, min(count, len(among)))

    def _payment_key(self) -> tuple[str, str, Callable[[int], str]]:
        generated = {
            "sqlite": "INTEGER PRIMARY KEY",
            "postgresql": "INTEGER GENERATED BY DEFAULT AS IDENTITY (START WITH 900) PRIMARY KEY",
            "mysql": "INTEGER PRIMARY KEY AUTO_INCREMENT",
        }[self._dialect]
        made: list[tuple[str, str, Callable[[int], str]]] = [
            ("generated", generated, str),
            ("next_number", "BIGINT PRIMARY KEY", str),
            ("uuid", "VARCHAR(40) PRIMARY KEY", lambda n: f"'p-{n}'"),
            ("uuid", "CHAR(36) PRIMARY KEY", lambda n: f"'P {n}'"),
        ]
        if self._is_strange():
            made = [
                ("next_number", "VARCHAR(40) PRIMARY KEY", lambda n: f"'{n}'"),
                ("uuid", "VARCHAR(20) PRIMARY KEY", lambda n: f"'p-{n}'"),
            ]
        if self._dialect == "postgresql":
            made.append(("uuid", "UUID PRIMARY KEY", lambda n: f"'00000000-0000-4000-8000-{n:012}'"))
        return self._dice.choice(made)

    def _tell(self, field: str) -> MadeTell:
        among = [when for when in _CHOICE_OF_TELL if field == "multi_invoice" or when != "shared"]
        when = self._dice.choice(among)
        return self._with_values(when, f"t_{field}")

    def _only(self) -> MadeTell:
        return self._with_values(self._dice.choice(("null", "not_null", "equals", "not_equals")), "t_only")

    def _with_values(self, when: str, of: str) -> MadeTell:
        """Choose one value; or, now and then, a list of two, and for a group most often none."""
        kind = self._dice.choice(_TELLS[self._is_strange()])
        if when in {"never", "null", "not_null"} or (when == "shared" and self._dice.random() < 0.6):
            return MadeTell(when, of, kind, "", ())
        values = self._values(kind, 2 if self._dice.random() < 0.2 else 1)
        toml = values[0][0] if len(values) == 1 else f"[{', '.join(value for value, _ in values)}]"
        return MadeTell(when, of, kind, toml, tuple(literal for _, literal in values))

    def _mapping(
        self, source: str, tells: Mapping[str, MadeTell], constants: Mapping[str, str], *, is_negative: bool
    ) -> str:
        due = 'due_date = "i_due"\n' if self._dice.random() < 0.5 else ""
        type_ = self._dice.choice(("EFT", "EFT", "4", "Y"))
        text = (
            f'[invoices]\ntable = "inv"\nkey = "i_key"\nnumber = "i_no"\ntotal = "i_total"\n{due}'
            f'[payments]\ntable = "pay"\nkey = "p_key"\nkey_source = "{source}"\ninvoice = "p_inv"\npaid_on = "p_day"\n'
            f'amount = "p_amount"\namount_sign = "{"negative" if is_negative else "positive"}"\n'
            'payment_type = "p_type"\nreference = "p_ref"\n'
            f'notes = "p_notes"\nadded_payment_type = "{type_}"\n'
        )
        for field, tell in tells.items():
            text += f'[payments.{field}]\nwhen = "{tell.when}"\n'
            text += f'column = "{tell.of}"\n' if tell.when != "never" else ""
            text += f"{'none' if tell.when == 'shared' else 'value'} = {tell.toml}\n" if tell.toml else ""
        lines = "".join(f"{name} = {value}\n" for name, value in constants.items() if not value.startswith("["))
        return f"{text}[payments.constants]\n{lines}"
