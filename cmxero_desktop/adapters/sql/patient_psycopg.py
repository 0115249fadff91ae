"""Has psycopg give up a server that says nothing, which neither it nor the network below it would ever do."""

import time
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.waiting import Ready

_T = TypeVar("_T")


class PatientConnection(Connection[Any]):
    """A connection on which no wait takes longer than `answer_s` after the last sign of life, in seconds."""

    answer_s: float = 10

    def wait(self, gen: PQGen[_T], *args: Any, **kwargs: Any) -> _T:
        """Run a step of the connection; raise OperationalError and close it where the server falls silent."""
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, step: PQGen[_T]) -> PQGen[_T]:
        """Hand on what a step waits for and what comes; psycopg sends NONE every tenth of a second without anything."""
        try:
            wanted = next(step)
            end = time.monotonic() + self.answer_s
            while True:
                ready = yield wanted
                now = time.monotonic()
                if ready is not Ready.NONE:
                    end = now + self.answer_s
                elif now >= end:
                    # Closed without a farewell: rolling back would be a wait for the same server.
                    self.pgconn.finish()
                    message = f"no answer within {self.answer_s:g} seconds"
                    raise OperationalError(message)
                wanted = step.send(ready)
        except StopIteration as finished:
            result: _T = finished.value
            return result
