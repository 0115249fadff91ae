"""What goes wrong between this computer and a SQL Server, each the driver's own kind of error and a known refusal."""

import pytds

from cmxero_desktop.adapters.sql.failures import Refusal


class LostServerError(pytds.InterfaceError):  # type: ignore[misc]  # the driver publishes no types
    """The connection broke or fell silent: whether the last statement took place is not known."""

    refusal = Refusal.LOST


class UnreachedServerError(pytds.InterfaceError):  # type: ignore[misc]  # the driver publishes no types
    """No connection came about."""

    refusal = Refusal.NOT_REACHED


class NoDatabaseError(pytds.OperationalError):  # type: ignore[misc]  # the driver publishes no types
    """The login is known, but may not open the database, or there is none of that name."""

    refusal = Refusal.NO_DATABASE


class NotWindowsError(pytds.InterfaceError):  # type: ignore[misc]  # the driver publishes no types
    """Windows should sign in, where there is none."""

    refusal = Refusal.SIGN_IN


class UntrustedServerError(pytds.InterfaceError):  # type: ignore[misc]  # the driver publishes no types
    """The server cannot prove who it is, or would not encrypt what is said; nothing was said to it."""

    refusal = Refusal.UNTRUSTED


class SlowServerError(pytds.OperationalError):  # type: ignore[misc]  # the driver publishes no types
    """A statement took too long, and the server confirmed that it gave it up."""

    refusal = Refusal.SLOW


class EndedTransactionError(pytds.OperationalError):  # type: ignore[misc]  # the driver publishes no types
    """The transaction that should be committed had ended by itself: nothing of it is left."""

    refusal = Refusal.UNDONE
