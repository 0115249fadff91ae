"""A sign-in to Xero that finds what a test says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.ports.xero import Connection


@dataclass(frozen=True)
class Organisation:
    tenant_id: str
    name: str


WU, ITO = Organisation("org-1", "Wu & Partners"), Organisation("org-2", "Ito")


@dataclass
class FakeSignIn:
    """The port XeroSignIn; `error` is raised by keeping, renewing and signing out."""

    found: Sequence[Connection] = (WU,)
    error: DeskError | None = None
    done: list[str] = field(default_factory=list)
    renewed_at: datetime | None = None
    secret: str = ""

    def sign_in(self, secret: str = "") -> Sequence[Connection]:
        self.secret = secret
        return self.found

    def keep(self) -> None:
        self._do("keep")

    def renew(self) -> None:
        self._do("renew")

    def cancel(self) -> None:
        self._do("cancel")

    def sign_out(self) -> None:
        self._do("sign_out")

    def _do(self, what: str) -> None:
        self.done.append(what)
        if self.error is not None:
            raise self.error
