"""Turn what can go wrong on the way to Xero into plain sentences, with offline and broken told apart."""

from urllib3 import exceptions as http

from cmxero_desktop.domain.errors import SignInError, XeroPausedError, XeroUnavailableError

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


class AnswerLostError(XeroUnavailableError):
    """The request was sent, but its answer did not arrive whole: Xero may have acted on it."""


def network_fault(error: Exception, host: str) -> XeroUnavailableError:
    """Say in words why a request to `host` had no usable answer."""
    reason: BaseException = error
    while isinstance(reason, http.MaxRetryError) and reason.reason is not None:
        reason = reason.reason
    if isinstance(reason, http.ProxyError):
        message = f"The proxy on the way to {host} did not let the connection through."
        return XeroUnavailableError(message, f"Check the proxy settings of this computer. {_LATER}")
    if isinstance(reason, http.SSLError):
        message = f"The secure connection to {host} could not be verified, so it was not used."
        remedy = f"Check the date of this computer, and that your firm's proxy certificate is installed in it. {_LATER}"
        return XeroUnavailableError(message, remedy)
    if isinstance(reason, http.NameResolutionError):
        return XeroUnavailableError(f"This computer is offline: it cannot find {host}.", OFFLINE_REMEDY)
    # A read that times out is no refused connection, although both are time-outs.
    if isinstance(reason, http.ConnectTimeoutError | http.NewConnectionError):
        return XeroUnavailableError(
            f"This computer is offline or cut off: {host} does not take the call.", OFFLINE_REMEDY
        )
    return _lost(reason, host)


def _lost(reason: BaseException, host: str) -> AnswerLostError:
    if isinstance(reason, http.ReadTimeoutError):
        message = f"{host} took the call, but did not answer in time."
    elif isinstance(reason, http.DecodeError):
        message = f"The answer of {host} arrived damaged."
    elif isinstance(reason, http.IncompleteRead | http.ProtocolError):
        message = f"The connection to {host} broke off before the whole answer was here."
    else:
        message = f"The call to {host} failed ({type(reason).__name__})."
    return AnswerLostError(message, _LATER)


def not_xero(what: str, host: str) -> XeroUnavailableError:
    """Say that something answered which cannot be Xero, such as the sign-in page of a network."""
    message = f"{host} answered {what} with something that is not Xero's data."
    remedy = f"A network that wants a sign-in page of its own (Wi-Fi, firewall) does that: open any web page. {_LATER}"
    return XeroUnavailableError(message, remedy)


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
    limit = _LIMITS.get(problem.strip().lower(), "one of its limits of calls")
    seconds = _seconds(retry_after)
    wait = f" and can be asked again in {_duration(seconds)}" if seconds is not None else ""
    return XeroPausedError(
        f"Xero has reached {limit}{wait}.", "The next check goes on by itself.", retry_after_s=seconds
    )


def lost_organisation(name: str) -> SignInError:
    """Say that this sign-in has no access to the organisation any more."""
    message = f"Xero refuses access to the organisation {name}."
    return SignInError(
        message, "It was disconnected, or the user lost the right to it. Connect it again in the settings."
    )


def sign_in_ended() -> SignInError:
    """Say that Xero does not accept the sign-in any more."""
    return SignInError("Xero has ended the sign-in of this program.", SIGN_IN_AGAIN)


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    # Also leaves out "nan" and "inf", which float() accepts.
    return seconds if 0 <= seconds < float("inf") else None


def _duration(seconds: float) -> str:
    if seconds < 120:  # noqa: PLR2004 - seconds are clearer than minutes up to two of them
        return f"{seconds:.0f} seconds"
    minutes = -(-int(seconds) // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - as above
