"""What a column of a database can hold, as far as it matters here."""

from enum import StrEnum


class ColumnKind(StrEnum):
    """What a column can hold; the texts complete "it holds …"."""

    NUMBER = "whole numbers"
    DECIMAL = "decimal numbers"
    TEXT = "text"
    DATE = "dates"
    DATETIME = "dates with a time"
    ZONED = "moments, shown as dates by a time zone"
    BOOLEAN = "true or false"
    SINGLE = "numbers of six digits"
    UUID = "UUIDs"
    ANY = "anything"
    OTHER = "something else"
