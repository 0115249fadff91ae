"""Take whatever looks like a token, a code or a password out of a text, in every form in which such things are written.

Too much is taken out rather than too little: a log is read by people to whom a secret is of no use.
"""

import re

HIDDEN = "[hidden]"

_PASSWORDS = r"passw(?:or)?d|passphrase|pwd|secret"
_TOKENS = r"token|verifier|assertion|api_?key|credential|session_?id"
_ANSWERS = r"code|state|nonce"
_KEYS = rf"(?:{_PASSWORDS}|{_TOKENS}|{_ANSWERS})s?"
# What may stand between a name and its value, with the quotes of JSON, or of JSON within JSON.
_IS = r"\\*[\"']?\s*(?:=>|[:=])\s*"


def _field(names: str, least: int) -> re.Pattern[str]:
    """Match a field of a form, a header or a document; a value without quotes is at least so long."""
    quoted = r'"(?:[^"\\]|\\.)*"?' + r"|'(?:[^'\\]|\\.)*'?"
    bare = rf"(?!\[hidden\])[^\s\"'&,;<>{{}}()\[\]\\]{{{least},}}"
    return re.compile(rf"(?i)((?<![\w-])[\w.-]{{0,40}}(?:{names})s?{_IS})(?:{quoted}|{bare})")


_PATTERNS = (
    # Cookies hold several values, to the end of the line.
    re.compile(r"(?i)(\b(?:set-)?cookie2?\b\\*[\"']?\s*[:=]\s*)[^\r\n]+"),
    re.compile(r"(?i)(\b(?:proxy-)?authorization\b\\*[\"']?\s*[:=,]\s*\\*[\"']?)(?:[A-Za-z]+\s+)?[^\s\"'\\,;<>]+"),
    re.compile(r"(?i)(\b(?:bearer|basic)(?:\s|%20|\+)+)[A-Za-z0-9._~+/=%-]{8,}"),
    # How a mail program logs in.
    re.compile(r"(?i)(\bauth\s+(?:plain|login|cram-md5|xoauth2)\s+)[A-Za-z0-9+/]{4,}={0,2}"),
    # An address with a login: the password reaches to the last @, since some contain one.
    re.compile(r"(://[^/\s:@\"'<>]{0,100}:)[^\s\"'<>]{0,300}(?=@)"),
    re.compile(r"(?i)(%3A%2F%2F[^\s%\"']{0,100}%3A)[^\s\"'<>]{0,400}(?=%40)"),
    _field(_PASSWORDS, 1),
    _field(_TOKENS, 3),
    _field(_ANSWERS, 8),
    # JSON within JSON: a value ends at the same number of backslashes with a quote as it began.
    re.compile(rf"(?i)({_KEYS}\\+[\"']\s*[:=]\s*)(?P<quote>\\+[\"']).*?(?:(?<!\\)(?P=quote)|$)"),
    # Within an address everything is written in percent; a value ends where the next field begins.
    re.compile(rf"(?i)({_KEYS}(?:%22|%27)?(?:%3D|%3A)(?:%20|\+)*)(?:(?!%26[\w.-]+%3D)[^\s\"'&<>])+"),
    re.compile(rf"(?i)({_KEYS}>)[^<\s][^<]*(?=</)"),
    # A signed token, whole or cut short.
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,2}"),
    # A long run without sense, with a digit in it: nothing that a person has to read looks like that.
    re.compile(r"(?<![\w/+-])(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{40,}={0,2}"),
)


def redacted(text: str) -> str:
    """Return the text without anything that looks like a token, a code or a password."""
    for pattern in _PATTERNS:
        text = pattern.sub(_hide, text)
    return text


def _hide(found: re.Match[str]) -> str:
    kept = found.group(1) if found.re.groups else ""
    value = found.group()[len(kept) :]
    # A quoted value keeps its quotes, so that a line of JSON stays one.
    quote = found.groupdict().get("quote") or (value[:1] if value[:1] in {'"', "'"} else "")
    return f"{kept}{quote}{HIDDEN}{quote}"
