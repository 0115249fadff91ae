"""The one family of errors that reaches a person: what happened, where, and what to do about it."""


class DeskError(Exception):
    """Something could not be done. `message` says what and where, `remedy` what to do next."""

    title = "This could not be done"

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep both sentences; `str()` gives them one after the other."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message and the remedy."""
        return f"{self.message} {self.remedy}".strip()


class SettingsError(DeskError):
    """The settings file is missing, cannot be read, or names something unknown."""

    title = "The settings need a look"


class StartError(DeskError):
    """The program could not begin to work, or not go on."""

    title = "CM-Xero Desk cannot run"


class SecretsError(DeskError):
    """The operating system's keyring is missing, locked, or refused."""

    title = "The keyring cannot be used"


class SignInError(DeskError):
    """Xero's sign-in did not succeed or has ended."""

    title = "Sign in to Xero"


class XeroUnavailableError(DeskError):
    """Xero cannot be reached or does not answer as it should; nothing is known to have changed."""

    title = "Xero cannot be reached"


class XeroOfflineError(XeroUnavailableError):
    """This computer's own way to Xero is cut off: no network, a network that wants a sign-in page, a proxy."""

    title = "No connection to Xero"


class XeroPausedError(XeroUnavailableError):
    """Xero asked for a pause (429). `retry_after_s` is None where Xero did not say how long.

    `because` is a clause without a full stop: "Xero's limit of calls a day for this organisation is used up".
    """

    title = "Xero asks for a pause"

    def __init__(
        self, message: str, remedy: str = "", *, retry_after_s: float | None = None, because: str = ""
    ) -> None:
        """Keep how long to wait, and why."""
        super().__init__(message, remedy)
        self.retry_after_s = retry_after_s
        self.because = because or message.rstrip(".")


class CheckedElsewhereError(DeskError):
    """Another desktop of the shared store checks Xero; this one sees its results."""

    title = "Another desktop checks Xero"


class CaseManagerError(DeskError):
    """Case Manager's database cannot be reached, does not fit the mapping, or refused a change.

    `problems` lists every missing table, column and wrong type at once.
    """

    title = "Case Manager's database"

    def __init__(self, message: str, remedy: str = "", *, problems: tuple[str, ...] = ()) -> None:
        """Keep the list of problems."""
        super().__init__(message, remedy)
        self.problems = problems

    def __str__(self) -> str:
        """Return the message, every problem, and the remedy."""
        return " ".join([self.message, *self.problems, self.remedy]).strip()


class CaseManagerAwayError(CaseManagerError):
    """Case Manager's database does not answer at all; whatever stood in it stands there still."""

    title = "Case Manager cannot be reached"


class OtherDatabaseError(CaseManagerError):
    """The settings lead to a database to which the records of the home folder do not belong; it was left alone."""

    title = "Another database of Case Manager"

    def __init__(self, message: str, remedy: str = "", *, may_be_adopted: bool = False) -> None:
        """Keep whether a person may say that it is the right one."""
        super().__init__(message, remedy)
        self.may_be_adopted = may_be_adopted


class OtherOrganisationError(DeskError):
    """The settings name an organisation to which the records of the home folder do not belong."""

    title = "Another organisation of Xero"


class MailError(DeskError):
    """The firm's mail server did not take a mail; nothing of it went out."""

    title = "No mail was sent"

    def __init__(self, message: str, remedy: str = "", *, is_lasting: bool = False) -> None:
        """Keep whether trying again soon can help: it cannot where somebody has to change something first."""
        super().__init__(message, remedy)
        self.is_lasting = is_lasting


class ReleaseError(DeskError):
    """What says that there is a newer version of the program cannot be read, or cannot be believed."""

    title = "News of a newer version"


class AutostartError(DeskError):
    """The system did not take that the program starts at sign-in, or does not any more."""

    title = "Starting at sign-in"


class StoreError(DeskError):
    """Our own store cannot be opened, is of a newer version, or is damaged."""

    title = "The program's own store"


class NotAllowedError(DeskError):
    """The mode, a rule or another person's decision forbids what was asked."""

    title = "Not allowed now"
