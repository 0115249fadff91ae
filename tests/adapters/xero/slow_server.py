"""A server that sends for ever, in pieces: whoever limits only the wait for each piece never gets to the end.

It sends a piece at each look at the clock, so that however slow the machine is no more comes than was looked for.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Semaphore, Thread

from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls


class TickingClock:
    """A clock that goes on by a second at each look, and lets a slow server send its next piece."""

    def __init__(self) -> None:
        self.looks = 0
        self.wanted = Semaphore(0)

    def __call__(self) -> float:
        """Return how often it was looked at before, as monotonic seconds."""
        self.looks += 1
        self.wanted.release()
        return self.looks - 1.0


@contextmanager
def sending(head: bytes, piece: bytes, clock: TickingClock) -> Iterator[XeroUrls]:
    """Answer each connection with `head` and then with a `piece` at each look at `clock`, until the client goes."""
    is_over = Event()

    def serve() -> None:
        while True:
            connection, _ = listening.accept()
            if is_over.is_set():
                connection.close()
                return
            with connection:
                try:
                    connection.recv(65_536)
                    connection.sendall(head)
                    while not is_over.is_set():
                        clock.wanted.acquire()
                        connection.sendall(piece)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = Thread(target=serve, name="slow-server")
        thread.start()
        try:
            yield xero_urls(address, address)
        finally:
            is_over.set()
            clock.wanted.release()
            # A last connection wakes it everywhere, which shutting a listener down does on Linux alone.
            socket.create_connection(listening.getsockname()).close()
            thread.join()
