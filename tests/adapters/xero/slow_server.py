"""A server that sends for ever, in pieces: whoever limits only the wait for each piece never gets to the end."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from threading import Event, Thread

from cmxero_desktop.adapters.xero.urls import XeroUrls, xero_urls

# Enough for any client that gives up, and an end for one that does not.
_MOST_PIECES = 2_000_000


@contextmanager
def sending(head: bytes, piece: bytes) -> Iterator[XeroUrls]:
    """Answer each connection with `head` and then with `piece` again and again, until the client goes away."""
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
                    for each in chain([head], repeat(piece, _MOST_PIECES)):
                        connection.sendall(each)
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
            # A last connection wakes it everywhere, which shutting a listener down does on Linux alone.
            socket.create_connection(listening.getsockname()).close()
            thread.join()
