"""Requests and answers as plain values, so that everything above the socket can be tested without one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
Json: TypeAlias = dict[str, JsonValue]

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call as it came in. Header names are in lower case; of a repeated query name the last counts."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        """Return the body read as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def bearer(self) -> str | None:
        """Return the access token that came along."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: a JSON document that can still be changed by a fault, a bare JSON list, or text."""

    status: int = 200
    document: Json | None = None
    rows: Sequence[Json] | None = None
    text: str = ""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        """Return the body as it goes over the wire."""
        content = self.rows if self.document is None else self.document
        if content is None:
            return self.text.encode()
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def html(status: int, title: str, sentence: str) -> Answer:
    """Return a page for people."""
    head, body = f"<head><title>{title}</title></head>", f"<body><h1>{title}</h1><p>{sentence}</p></body>"
    page = f"<!DOCTYPE html><html>{head}{body}</html>"
    return Answer(status=status, text=page, content_type=HTML_TYPE)
