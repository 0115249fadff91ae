"""Tell by a driver's error what a database refused; the words are for the adapter that was refused."""

from enum import Enum, auto


class Refusal(Enum):
    """Why a database refused."""

    BUSY = auto()
    DENIED = auto()
    SIGN_IN = auto()
    READ_ONLY = auto()
    FULL = auto()
    DISK = auto()
    """The disk failed, which a full one may do too."""

    DAMAGED = auto()
    CANNOT_OPEN = auto()
    UNFIT = auto()
    """A value is none that its column can hold."""

    LACKS_CHARACTER = auto()
    """The encoding of the database has not every character of a text."""

    NO_DATABASE = auto()
    SLOW = auto()
    """The server ended a statement that took too long."""

    UNTRUSTED = auto()
    """The server cannot prove who it is, or would not keep what is said to it from others."""

    UNDONE = auto()
    """The server took the whole transaction back by itself."""

    NOT_REACHED = auto()
    LOST = auto()
    """The connection broke while it was used: whether the last statement took place is not known."""


_BY_CODE: dict[str | int, Refusal] = {
    # SQLite's primary result names
    "SQLITE_BUSY": Refusal.BUSY,
    "SQLITE_LOCKED": Refusal.BUSY,
    "SQLITE_PROTOCOL": Refusal.BUSY,
    "SQLITE_READONLY": Refusal.READ_ONLY,
    "SQLITE_FULL": Refusal.FULL,
    "SQLITE_IOERR": Refusal.DISK,
    "SQLITE_NOTADB": Refusal.DAMAGED,
    "SQLITE_CORRUPT": Refusal.DAMAGED,
    "SQLITE_CANTOPEN": Refusal.CANNOT_OPEN,
    "SQLITE_PERM": Refusal.CANNOT_OPEN,
    # PostgreSQL's SQLSTATE
    "55P03": Refusal.BUSY,
    "40P01": Refusal.BUSY,
    "40001": Refusal.BUSY,
    "42501": Refusal.DENIED,
    "25006": Refusal.READ_ONLY,
    "53100": Refusal.FULL,
    "57014": Refusal.SLOW,
    "25P03": Refusal.LOST,
    "28P01": Refusal.SIGN_IN,
    "28000": Refusal.SIGN_IN,
    "3D000": Refusal.NO_DATABASE,
    "22P05": Refusal.LACKS_CHARACTER,
    "22021": Refusal.LACKS_CHARACTER,
    "22001": Refusal.UNFIT,
    "22003": Refusal.UNFIT,
    "22007": Refusal.UNFIT,
    "22008": Refusal.UNFIT,
    # MariaDB's and MySQL's numbers
    1205: Refusal.BUSY,
    1213: Refusal.BUSY,
    1020: Refusal.BUSY,
    3572: Refusal.BUSY,
    1044: Refusal.DENIED,
    1142: Refusal.DENIED,
    1143: Refusal.DENIED,
    1290: Refusal.READ_ONLY,
    1792: Refusal.READ_ONLY,
    1969: Refusal.SLOW,
    3024: Refusal.SLOW,
    1021: Refusal.FULL,
    1114: Refusal.FULL,
    1045: Refusal.SIGN_IN,
    1049: Refusal.NO_DATABASE,
    1264: Refusal.UNFIT,
    1292: Refusal.UNFIT,
    1366: Refusal.UNFIT,
    1406: Refusal.UNFIT,
    2003: Refusal.NOT_REACHED,
    2005: Refusal.NOT_REACHED,
    2006: Refusal.LOST,
    2013: Refusal.LOST,
}
_BY_SQL_SERVERS_NUMBER: dict[int, Refusal] = {
    # Somebody else's lock, a deadlock that was ours to lose, and a row that changed since a snapshot
    **dict.fromkeys((1204, 1205, 1222, 3960), Refusal.BUSY),
    **dict.fromkeys((229, 230, 262, 297, 300, 916), Refusal.DENIED),
    # 18452 is a Windows account of a domain that the server does not trust
    **dict.fromkeys((18452, 18456, 18470, 18486, 18487, 18488), Refusal.SIGN_IN),
    **dict.fromkeys((3906, 3908, 5063), Refusal.READ_ONLY),
    **dict.fromkeys((1101, 1105, 9002), Refusal.FULL),
    **dict.fromkeys((823, 824, 825), Refusal.DAMAGED),
    # What cannot be converted, is out of its range, or is cut off
    **dict.fromkeys((220, 241, 242, 244, 245, 248, 295, 2628, 8114, 8115, 8152, 8169), Refusal.UNFIT),
    **dict.fromkeys((911, 4060, 4063, 4064), Refusal.NO_DATABASE),
    # Its database is being restored, recovered or brought back, or only one may use it
    **dict.fromkeys((921, 922, 924, 927, 942, 945, 976, 978, 983, 17142), Refusal.NOT_REACHED),
    **dict.fromkeys((596, 6005, 6006), Refusal.LOST),
    **dict.fromkeys((3609, 3930, 3998), Refusal.UNDONE),
}


def refusal_of(original: BaseException | None) -> Refusal | None:
    """Return what a driver's own error means; None for what is no refusal of a known kind."""
    told = getattr(original, "refusal", None)
    if isinstance(told, Refusal):
        return told
    number = getattr(original, "number", None)
    if isinstance(number, int):
        return _BY_SQL_SERVERS_NUMBER.get(number)
    code = code_of(original)
    if isinstance(code, str) and code.startswith("SQLITE_"):
        # Extended names such as SQLITE_IOERR_WRITE begin with the primary one.
        code = "_".join(code.split("_")[:2])
    return _BY_CODE.get(code) if code is not None else None


def code_of(original: BaseException | None) -> str | int | None:
    """Return SQLite's result name, PostgreSQL's SQLSTATE, or the number that other drivers put first or in `number`."""
    number = getattr(original, "number", None)
    if isinstance(number, int):
        return number or None
    first = original.args[0] if original is not None and original.args else None
    if isinstance(first, int):
        return first
    named = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return str(named) if named else None


def first_line(error: BaseException | None) -> str:
    """Return the first line of what a driver says, without its full stop; nothing where it says nothing."""
    # SQL Server's driver keeps what the server said apart from what it adds.
    lines = str(getattr(error, "text", None) or error or "").strip().splitlines()
    return lines[0].rstrip(".") if lines else ""
