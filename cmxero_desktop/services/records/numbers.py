"""What a person needs to say which invoice of Case Manager one of Xero's is (R1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.money import Money


class NumberWhy(StrEnum):
    """What speaks for an invoice of Case Manager."""

    COPIES = "copies"
    PRESENT = "present"
    SAID = "said"
    FIRST = "first"
    NEAR = "near"


NUMBER_WHY_WORDS: Mapping[NumberWhy, str] = MappingProxyType(
    {
        NumberWhy.COPIES: "has the payments copied from Xero",
        NumberWhy.PRESENT: "its number in Xero now",
        NumberWhy.SAID: "said to be it before",
        NumberWhy.FIRST: "its first number",
        NumberWhy.NEAR: "almost the same number",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChoice:
    """One invoice of Case Manager that may be it, with its figures; `copies` is how many payments of Xero's it holds.

    `refusal` says why it cannot be chosen: it is not there, which leaves it without figures, or another one's.
    """

    number: str
    why: tuple[NumberWhy, ...]
    copies: int = 0
    payments: int = 0
    total: Money | None = None
    balance: Money | None = None
    bill_to: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChoices:
    """An invoice of Xero's and what it may be in Case Manager, the likeliest first.

    `shown` is its number in Xero now, `before` the one while nothing was in doubt; `payments` is how many living ones
    it has there. `goes_with` is the number in Case Manager that it is compared with meanwhile, where there is one.
    """

    invoice_number: str
    shown: str
    before: str
    contact: str = ""
    total: Money | None = None
    due: Money | None = None
    payments: int = 0
    goes_with: str = ""
    is_in_doubt: bool = False
    rivals: tuple[str, ...] = ()
    choices: tuple[NumberChoice, ...] = ()
