"""Trouble on request: which answers the sandbox spoils, how, and how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event, Lock

from cmxero_desktop.sandbox.xero.messages import HTML_TYPE, Answer, Json, JsonValue


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"  # another status code, before anything is read
    LIMIT = "limit"  # a 429 that names `problem`, with Retry-After where `retry_after_s` is given
    HTML = "html"  # a page for people with status 200
    HALF = "half"  # half of the answer, then the connection closes
    RESET = "reset"  # the connection is reset before an answer
    HOLD = "hold"  # no answer until `release()`
    SLOW = "slow"  # the answer comes after `delay_s` real seconds
    GZIP = "gzip"  # the body claims to be gzip and is not
    NOT_JSON = "not_json"  # JSON that breaks off
    ROW = "row"  # one row of a list is broken, as `damage` says


class Damage(StrEnum):
    """What is wrong with a row."""

    NULL_DATE = "null_date"
    UNKNOWN_STATUS = "unknown_status"
    NULL_REFERENCE = "null_reference"
    WRONG_TYPE = "wrong_type"
    NO_ID = "no_id"
    NO_INVOICE = "no_invoice"
    NOT_A_ROW = "not_a_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One sort of trouble, `times` times (None: always) on paths with `path`, after `skip` good answers.

    A ROW fault means the row with `row_id` where that is given, else the row at index `row`.
    """

    kind: FaultKind
    path: str = ""
    times: int | None = 1
    skip: int = 0
    status: int = 503
    problem: str = "minute"
    retry_after_s: int | None = None
    delay_s: float = 0.0
    damage: Damage = Damage.UNKNOWN_STATUS
    row: int = 0
    row_id: str | None = None


class Faults:
    """The faults that wait for their request. `rewrite` may make any other body of a good answer to a path."""

    def __init__(self) -> None:
        self.rewrite: Callable[[str, bytes], bytes] | None = None
        self._lock = Lock()
        self._waiting: list[Fault] = []
        self._released = Event()
        self._released.set()

    def add(self, fault: Fault) -> None:
        """Let this happen from now on."""
        with self._lock:
            self._waiting.append(fault)
            if fault.kind is FaultKind.HOLD:
                self._released.clear()

    def clear(self) -> None:
        """Let nothing go wrong any more, and answer what is held."""
        with self._lock:
            self._waiting.clear()
        self.release()

    def release(self) -> None:
        """Answer every call that is held."""
        self._released.set()

    def wait(self, limit_s: float = 600.0) -> None:
        """Wait for `release()`, for at most `limit_s` seconds."""
        self._released.wait(limit_s)

    def take(self, path: str) -> Fault | None:
        """Return the fault that hits this request as a whole, and count it."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.kind is not FaultKind.ROW and fault.path in path:
                    return self._use(index, fault)
        return None

    def spoil_rows(self, path: str, answer: Answer) -> Answer:
        """Return the answer with the rows broken that are to be broken."""
        if answer.document is None or answer.status != 200:  # noqa: PLR2004 (a status code)
            return answer
        document = answer.document
        with self._lock:
            rows_wanted = [fault for fault in self._waiting if fault.kind is FaultKind.ROW and fault.path in path]
            for fault in rows_wanted:
                spoilt = _spoilt(document, fault)
                if spoilt is not None and self._use(self._waiting.index(fault), fault) is not None:
                    document = spoilt
        return replace(answer, document=document)

    def _use(self, index: int, fault: Fault) -> Fault | None:
        if fault.skip:
            self._waiting[index] = replace(fault, skip=fault.skip - 1)
            return None
        if fault.times is not None:
            if fault.times <= 1:
                del self._waiting[index]
            else:
                self._waiting[index] = replace(fault, times=fault.times - 1)
        return fault


def refusal(fault: Fault) -> Answer | None:
    """Return the answer that stands in for the real one, where the fault has such an answer."""
    if fault.kind is FaultKind.STATUS:
        return Answer(status=fault.status, document={"Status": fault.status, "Title": "Sandbox fault"})
    if fault.kind is FaultKind.HTML:
        return Answer(text="<html><body>We are doing some maintenance.</body></html>", content_type=HTML_TYPE)
    if fault.kind is FaultKind.LIMIT:
        headers = {"X-Rate-Limit-Problem": fault.problem}
        if fault.retry_after_s is not None:
            headers["Retry-After"] = str(fault.retry_after_s)
        return Answer(status=429, text="", headers=headers)
    return None


def _spoilt(document: Json, fault: Fault) -> Json | None:
    """Return the document with one row broken, or None where it does not hold that row."""
    name, rows = next(((key, value) for key, value in document.items() if isinstance(value, list)), ("", []))
    index = fault.row if fault.row_id is None else _index_of(rows, fault.row_id)
    if not 0 <= index < len(rows) or not isinstance(rows[index], Mapping):
        return None
    return {**document, name: [*rows[:index], _damaged(rows[index], fault.damage), *rows[index + 1 :]]}


def _index_of(rows: list[JsonValue], row_id: str) -> int:
    keys = ("PaymentID", "InvoiceID", "CreditNoteID", "OverpaymentID", "PrepaymentID")
    for index, row in enumerate(rows):
        # The first of these keys that a row has is its own id; the others would be nested.
        if isinstance(row, Mapping) and next((row[key] for key in keys if key in row), None) == row_id:
            return index
    return -1


def _damaged(row: Mapping[str, JsonValue], damage: Damage) -> JsonValue:
    changes: dict[Damage, dict[str, JsonValue]] = {
        Damage.NULL_DATE: {"Date": None},
        Damage.UNKNOWN_STATUS: {"Status": "7F3"},
        Damage.NULL_REFERENCE: {"Reference": None},
        Damage.WRONG_TYPE: {"Amount": {"Value": "1,00"}, "Total": {"Value": "1,00"}},
    }
    if damage is Damage.NOT_A_ROW:
        return "row"
    without = {Damage.NO_ID: "PaymentID", Damage.NO_INVOICE: "Invoice"}.get(damage)
    return {key: value for key, value in row.items() if key != without} | changes.get(damage, {})
