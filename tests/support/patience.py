"""How long a test waits for what must come: no machine is so busy, so that only what hangs is ended by it."""

from typing import Final

HUNG_S: Final = 250.0
"""Less than pytest's own limit, after which it ends the run and shows where every thread stands."""

HUNG_MS: Final = 250_000
