"""Turn what can go wrong on the way to Xero into plain sentences, with offline and broken told apart."""

from datetime import datetime

from urllib3 import exceptions as http

from cmxero_desktop.domain.errors import SignInError, XeroOfflineError, XeroPausedError, XeroUnavailableError
from cmxero_desktop.domain.ways import CONNECT
from cmxero_desktop.services.records.runs import LONGEST_PAUSE

_LATER = "Nothing was changed; the program tries again at the next check."
OFFLINE_REMEDY = f"Check the internet connection of this computer. {_LATER}"
BROKEN_REMEDY = f"Nothing is wrong with this computer. {_LATER}"
SIGN_IN_AGAIN = "Sign in to Xero again; everything that was read so far is kept."
_LIMITS = {
    "minute": "its limit of calls a minute",
    "day": "its limit of calls a day for this organisation",
    "appminute": "its limit of calls a minute for all users of this app",
    "concurrent": "its limit of calls at the same time",
}
_CLAUSES = {
    "minute": "Xero's limit of 60 calls a minute is used up",
    "day": "Xero's limit of calls a day for this organisation is used up",
    "appminute": "Xero's limit of calls a minute for all users of this app is used up",
    "concurrent": "Xero allows no more calls at the same time",
}
# What is worth waiting for in the middle of a reading: a limit that is over within about a minute.
_LONGEST_WAIT_S = 70.0
# Xero says how long for the minute limit only; the others end with the window of a minute, or with a call.
_UNSAID_WAIT_S = {"minute": 60.0, "appminute": 60.0, "concurrent": 5.0}
_PORTAL_STATUS = 511


class AnswerTooLargeError(http.HTTPError):
    """Somebody sent more than an answer of Xero's can hold."""


class AnswerLostError(XeroUnavailableError):
    """The request was sent, but its answer did not arrive whole: Xero may have acted on it."""


def network_fault(error: Exception, host: str) -> XeroUnavailableError:
    """Say in words why a request to `host` had no usable answer."""
    reason: BaseException = error
    while isinstance(reason, http.MaxRetryError) and reason.reason is not None:
        reason = reason.reason
    if isinstance(reason, http.ProxyError):
        wants_login = "407" in str(reason.original_error)
        message = (
            f"The proxy on the way to {host} wants a login."
            if wants_login
            else f"The proxy on the way to {host} did not let the connection through."
        )
        remedy = "Check the proxy of this computer, and Proxy in Settings, Checking (xero.proxy in settings.toml)."
        return XeroOfflineError(message, f"{remedy} {_LATER}")
    if isinstance(reason, http.SSLError):
        message = f"The secure connection to {host} could not be verified, so it was not used."
        remedy = f"Check the date of this computer, and that your firm's proxy certificate is installed in it. {_LATER}"
        return XeroUnavailableError(message, remedy)
    if isinstance(reason, http.NameResolutionError):
        return XeroOfflineError(f"This computer is offline: it cannot find {host}.", OFFLINE_REMEDY)
    # A read that times out is no refused connection, although both are time-outs.
    if isinstance(reason, http.ConnectTimeoutError | http.NewConnectionError):
        return XeroOfflineError(f"This computer is offline or cut off: {host} does not take the call.", OFFLINE_REMEDY)
    return _lost(reason, host)


def _lost(reason: BaseException, host: str) -> AnswerLostError:
    if isinstance(reason, http.ReadTimeoutError):
        message = f"{host} took the call, but did not answer in time."
    elif isinstance(reason, AnswerTooLargeError):
        message = f"{host} sent more than an answer of Xero's can hold, so the rest was not read."
    elif isinstance(reason, http.DecodeError):
        message = f"The answer of {host} arrived damaged."
    elif isinstance(reason, http.IncompleteRead | http.ProtocolError):
        message = f"The connection to {host} broke off before the whole answer was here."
    else:
        message = f"The call to {host} failed ({type(reason).__name__})."
    return AnswerLostError(message, _LATER)


def is_web_page(body: bytes) -> bool:
    """Say whether a body is a page for people, whatever its headers call it."""
    return body.lstrip()[:1] == b"<"


def is_from_elsewhere(status: int, *, is_page: bool) -> bool:
    """Say whether an answer cannot be Xero's: it redirects nobody, and sends web pages only in trouble of its own."""
    return status == _PORTAL_STATUS or 300 <= status < 400 or (is_page and status < 500)  # noqa: PLR2004 - redirects; errors of servers


def captive(what: str, host: str) -> XeroOfflineError:
    """Say that something between this computer and Xero answered, such as the sign-in page of a network."""
    message = f"{host} answered {what} with a web page, or sent it elsewhere: that is not Xero's data."
    remedy = f"A network that wants a sign-in page of its own (Wi-Fi, firewall) does that: open any web page. {_LATER}"
    return XeroOfflineError(message, remedy)


def damaged(what: str, host: str) -> AnswerLostError:
    """Say that an answer is no web page, but not what Xero sends either; Xero may have done what was asked."""
    return AnswerLostError(f"{host} answered {what} with something that is not Xero's data.", BROKEN_REMEDY)


def other_time(what: str, said: datetime, now: datetime) -> XeroUnavailableError:
    """Say that Xero's clock and this computer's lie more than a day apart (both aware UTC), so that one is wrong."""
    message = (
        f"Xero answered {what} at {said:%Y-%m-%d %H:%M} by its clock, and this computer's says {now:%Y-%m-%d %H:%M} "
        "(both UTC): that answer was left aside."
    )
    return XeroUnavailableError(message, f"If the date of this computer is wrong, set it. {_LATER}")


def refused(what: str, status: int, detail: str = "") -> XeroUnavailableError:
    """Say that Xero answered with an error status."""
    said = f" ({detail})" if detail else ""
    if status >= 500:  # noqa: PLR2004 - the server's own errors
        return XeroUnavailableError(
            f"Xero is there, but has trouble of its own: it answered {what} with error {status}{said}.", BROKEN_REMEDY
        )
    return XeroUnavailableError(f"Xero did not accept {what}: error {status}{said}.", _LATER)


def paused(problem: str, retry_after: str | None) -> XeroPausedError:
    """Say which limit was hit and how long Xero asks to wait; only the minute and day limits tell."""
    kind = problem.strip().lower()
    limit = _LIMITS.get(kind, "one of its limits of calls")
    seconds = _seconds(retry_after)
    wait = f" and can be asked again in {_duration(seconds)}" if seconds is not None else ""
    return XeroPausedError(
        f"Xero has reached {limit}{wait}.",
        "The next check goes on by itself.",
        retry_after_s=seconds,
        because=_CLAUSES.get(kind, "Xero asked for fewer calls"),
    )


def short_wait_s(problem: str, retry_after: str | None) -> float | None:
    """Return after how many seconds the same request is worth repeating; None where that is too far away."""
    seconds = _seconds(retry_after)
    if seconds is None:
        return _UNSAID_WAIT_S.get(problem.strip().lower())
    return max(1.0, seconds) if problem.strip().lower() in _UNSAID_WAIT_S and seconds <= _LONGEST_WAIT_S else None


def lost_organisation(name: str) -> SignInError:
    """Say that this sign-in has no access to the organisation any more."""
    message = f"Xero refuses access to the organisation {name}: it was disconnected, or the user lost the right to it."
    remedy = f"Sign in again as a user who may see it ({CONNECT}). Nothing is lost."
    return SignInError(message, remedy)


def sign_in_ended() -> SignInError:
    """Say that Xero does not accept the sign-in any more."""
    return SignInError("Xero has ended the sign-in of this program.", SIGN_IN_AGAIN)


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    # Also leaves out "nan" and "inf", which float() accepts; no pause of Xero's is longer than the longest.
    return min(seconds, LONGEST_PAUSE.total_seconds()) if 0 <= seconds < float("inf") else None


def _duration(seconds: float) -> str:
    if seconds < 120:  # noqa: PLR2004 - seconds are clearer than minutes up to two of them
        return f"{seconds:.0f} seconds"
    minutes = -(-int(seconds) // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - as above
