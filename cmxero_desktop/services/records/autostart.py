"""Whether the program starts when a person signs in to this computer."""

from dataclasses import dataclass

NO_WAY = "This system has no way that the program knows to start it at sign-in."
NO_PROGRAM = "The program cmxero-desktop was not found beside this one, so nothing can start it at sign-in."
ELSEWHERE = (
    "At sign-in the program starts with another of its folders. Only one can: a tick here takes the place of that one."
)
INVENTED = "This desk is for trying things out, and does not start by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class AutostartSeen:
    """How it is now, and a sentence of where that is kept, or why it cannot be here.

    `is_elsewhere` says that the program does start, but with another of its folders: one of them can, and no more.
    """

    is_supported: bool
    is_on: bool = False
    is_elsewhere: bool = False
    said: str
