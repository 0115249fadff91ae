"""What a person says of payments, invoices and accounts, so that the next judgement knows it."""

from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.services.records.numbers import NumberChoices
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLink(Command[str]):
    """Say that a near double is the same money; the report is the id of the change that takes the add's place."""

    proposal_id: str
    case_payment_id: CasePaymentId
    by: str
    xero_payment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackLink(Command[str]):
    """Let two payments no longer be called the same money, by the id of the change that came of it."""

    proposal_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain(Command[str]):
    """Say what an unmatched payment of Case Manager is; with `same`, which of Xero's payments it stands for."""

    case_payment_id: CasePaymentId
    by: str
    reason: str
    what: Explained | None = None
    same: tuple[XeroPaymentId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyThere(Command[str]):
    """Say that the money of an addition stands in Case Manager already, as this payment."""

    proposal_id: str
    case_payment_id: CasePaymentId
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Command[str]):
    """Say that a locked payment was corrected elsewhere; `row_id` is its row's, its key, or an addition's it blocks."""

    row_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpair(Command[str]):
    """Say that a matched pair is not the same money."""

    row_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadNumberChoices(Command[NumberChoices]):
    """Read which invoice of Case Manager one of Xero's may be; it goes by its number in the lists, or in Xero."""

    invoice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumber(Command[str]):
    """Say which invoice of Case Manager one of Xero's is, by that one's number."""

    invoice: str
    number: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayAccount(Command[str]):
    """Say once what payments to one of Xero's accounts are (R3)."""

    account: str
    answer: AccountAnswer
    by: str
    payment_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayTyped(Command[str]):
    """Say that persons type what is copied as quickly as a program would copy it (R29)."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote(Command[str]):
    """Note something on the payments of a row, with who sees to it and when; where all is empty, take the note off."""

    row_id: str
    by: str
    text: str = ""
    owner: str = ""
    follow_up: date | None = None
    # The notes that stood on screen, so that nobody writes over what somebody else wrote meanwhile.
    seen: tuple[DeskNote, ...] | None = None
