"""Whether the program starts when a person signs in to this computer."""

from dataclasses import dataclass

NO_WAY = "This system has no way that the program knows to start it at sign-in."
NO_PROGRAM = "The program cmxero-desktop was not found beside this one, so nothing can start it at sign-in."
INVENTED = "This desk is for trying things out, and does not start by itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class AutostartSeen:
    """How it is now, and a sentence of where that is kept, or why it cannot be here."""

    is_supported: bool
    is_on: bool = False
    said: str
