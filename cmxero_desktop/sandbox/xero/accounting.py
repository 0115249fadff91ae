"""The accounting API: who may ask, which records an answer holds, in which order, and on which page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero.filters import Field, InefficientFilterError, compile_order, compile_where
from cmxero_desktop.sandbox.xero.messages import HTML_TYPE, Answer, Json, JsonValue, Request
from cmxero_desktop.sandbox.xero.wire import envelope

R = TypeVar("R")

PAGE_SIZE, PAGE_SIZE_LIMIT = 100, 1000
_CACHED_SELECTIONS = 8


class BadQueryError(Exception):
    """A query that Xero answers with status 400."""


class Answers(Protocol):
    """One resource of the accounting API, whatever its records are."""

    scopes: frozenset[str]

    def listed(self, ledger: Ledger, request: Request) -> Answer:
        """Answer GET of the list."""

    def one(self, ledger: Ledger, record_id: str) -> Answer | None:
        """Answer GET by id, or None where there is no such record."""

    def history(self, ledger: Ledger, record_id: str) -> Answer | None:
        """Answer GET of a record's History and Notes, or None where there is no such record."""


@dataclass(kw_only=True)
class Resource(Generic[R]):
    """How one kind of record is listed, filtered, ordered and written."""

    name: str
    scopes: frozenset[str]
    records: Callable[[Ledger], Iterable[R]]
    find: Callable[[Ledger, str], R | None]
    row: Callable[[Ledger, R, bool], Json]
    one_row: Callable[[Ledger, R], Json]
    updated_at: Callable[[R], datetime] | None = None
    fields: Mapping[str, Field[R]] = field(default_factory=dict)
    orders: Mapping[str, Callable[[R], str]] = field(default_factory=dict)
    lists: Mapping[str, Callable[[R], str]] = field(default_factory=dict)
    search: Callable[[R], str] | None = None
    has_pages: bool = True
    summary_leaves_out: frozenset[str] = frozenset()
    lines: Callable[[Ledger, R], list[JsonValue]] | None = None
    _selections: dict[tuple[object, ...], list[R]] = field(default_factory=dict)

    def listed(self, ledger: Ledger, request: Request) -> Answer:
        """Answer GET of the list: filtered and ordered, whole or one page of it."""
        try:
            with ledger.lock:
                chosen = self._selection(ledger, request)
                return self._answer(ledger, chosen, request.query)
        except InefficientFilterError as refused:
            return _bad(f"Your request is not filtering {self.name} efficiently: {refused}")
        except BadQueryError as refused:
            return _bad(str(refused))

    def one(self, ledger: Ledger, record_id: str) -> Answer | None:
        """Answer GET by id."""
        with ledger.lock:
            record = self.find(ledger, record_id)
            if record is None:
                return None
            return Answer(document=envelope(self.name, [self.one_row(ledger, record)], ledger.clock.now()))

    def history(self, ledger: Ledger, record_id: str) -> Answer | None:
        """Answer GET of a record's History and Notes."""
        with ledger.lock:
            record = self.find(ledger, record_id)
            if record is None or self.lines is None:
                return None
            return Answer(document={"HistoryRecords": self.lines(ledger, record)})

    def _selection(self, ledger: Ledger, request: Request) -> list[R]:
        """Return the chosen records; kept for the next page as long as the books do not change."""
        query = {name: value for name, value in request.query.items() if name not in {"page", "pageSize"}}
        since = request.headers.get("if-modified-since")
        key = (id(ledger), ledger.revision, since, *sorted(query.items()))
        if key not in self._selections:
            chosen = self._chosen(ledger, query, since)
            while len(self._selections) >= _CACHED_SELECTIONS:
                del self._selections[next(iter(self._selections))]
            self._selections[key] = chosen
        return self._selections[key]

    def _chosen(self, ledger: Ledger, query: Mapping[str, str], since: str | None) -> list[R]:
        chosen = list(self.records(ledger))
        updated_at = self.updated_at
        if since is not None and updated_at is not None:
            start = _modified_since(since)
            chosen = [record for record in chosen if updated_at(record) >= start]
        for name, read in self.lists.items():
            if query.get(name):
                wanted = {value.strip().lower() for value in query[name].split(",")}
                chosen = [record for record in chosen if read(record).lower() in wanted]
        if query.get("searchTerm") and self.search is not None:
            search, term = self.search, query["searchTerm"].lower()
            chosen = [record for record in chosen if term in search(record).lower()]
        if query.get("where"):
            test = compile_where(query["where"], self.fields)
            chosen = [record for record in chosen if test(record)]
        return self._ordered(chosen, query.get("order"))

    def _ordered(self, chosen: list[R], order: str | None) -> list[R]:
        if order:
            key, is_descending = compile_order(order, self.orders)
            return sorted(chosen, key=key, reverse=is_descending)
        return sorted(chosen, key=self.updated_at) if self.updated_at is not None else chosen

    def _answer(self, ledger: Ledger, chosen: list[R], query: Mapping[str, str]) -> Answer:
        pagination: Json | None = None
        shown = chosen
        if self.has_pages and "page" in query:
            page = _whole_number(query, "page", 1)
            size = _whole_number(query, "pageSize", PAGE_SIZE)
            if size > PAGE_SIZE_LIMIT:
                message = f"pageSize must be between 1 and {PAGE_SIZE_LIMIT}"
                raise BadQueryError(message)
            shown = chosen[(page - 1) * size : page * size]
            page_count = -(-len(chosen) // size)
            pagination = {"page": page, "pageSize": size, "pageCount": page_count, "itemCount": len(chosen)}
        rows = [self.row(ledger, record, pagination is not None) for record in shown]
        if query.get("summaryOnly", "").lower() == "true":
            rows = [self._summary(row) for row in rows]
        return Answer(document=envelope(self.name, rows, ledger.clock.now(), pagination))

    def _summary(self, row: Json) -> Json:
        return {name: value for name, value in row.items() if name not in self.summary_leaves_out}


def refused(status: int, title: str, detail: str) -> Answer:
    """Return a refusal in the form that Xero's gateway gives it."""
    document: dict[str, JsonValue] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": None,
        "Extensions": {},
    }
    return Answer(status=status, document=document)


def not_found() -> Answer:
    """Return the answer for something that is not there: no JSON."""
    return Answer(status=404, text="The resource you're looking for cannot be found", content_type=HTML_TYPE)


def _bad(message: str) -> Answer:
    return Answer(status=400, document={"ErrorNumber": 16, "Type": "QueryParseException", "Message": message})


def _whole_number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        message = f"{name} must be a number from 1"
        raise BadQueryError(message)
    return int(text)


def _modified_since(text: str) -> datetime:
    """Read `yyyy-mm-ddTHH:MM:SS` as UTC, to the second."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        message = f"If-Modified-Since is not yyyy-mm-ddTHH:MM:SS: {text}"
        raise BadQueryError(message) from error
