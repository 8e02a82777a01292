"""A proxy before a real server that fails on demand: refuses, loses answers, cuts them, answers with errors."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 64 * 1024
_CUT_AFTER = 64  # bytes of an answer that still arrive
_ERROR = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Fault:
    """What goes wrong next.

    Args:
        port: loopback port of the proxy.
    """

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.used = 0
        self._next: str | None = None
        self._always: str | None = None
        self._lock = threading.Lock()

    def next(self, how: str) -> None:
        """Let the next connection fail."""
        self._next = how

    def always(self, how: str) -> None:
        """Let every connection fail until healed."""
        self._always = how

    def heal(self) -> None:
        """Let everything through again."""
        self._next = self._always = None

    def take(self) -> str | None:
        """Return how this connection fails, if it does."""
        with self._lock:
            how, self._next = self._always or self._next, None
            self.used += how is not None
        return how


@contextmanager
def proxy(target: int) -> Iterator[Fault]:
    """Stand before a loopback port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fault = Fault(listener.getsockname()[1])
        stop = threading.Event()

        def accept() -> None:
            while not stop.is_set():
                with suppress(TimeoutError, OSError):
                    client, _ = listener.accept()
                    threading.Thread(target=_carry, args=(client, target, fault), daemon=True).start()

        listener.settimeout(0.2)
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield fault
        finally:
            stop.set()
            thread.join()


def _carry(client: socket.socket, target: int, fault: Fault) -> None:
    """Carry one request and its answer; connections are closed after each, so that every fault hits one request."""
    client.settimeout(10)
    with client, suppress(OSError):
        how = fault.take()
        if how == "refuse":
            return
        request = _request(client)
        if how == "error":
            client.sendall(_ERROR)
            return
        with socket.create_connection(("127.0.0.1", target), timeout=10) as server:
            server.sendall(request)
            answer = _all_of(server)
        if how == "cut answer":
            answer = answer[:_CUT_AFTER]
        if how != "drop answer":
            client.sendall(answer)


def _request(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(_PIECE)
        if not piece:
            raise OSError
        head += piece
    head, _, body = head.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        piece = client.recv(_PIECE)
        if not piece:
            raise OSError
        body += piece
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body


def _all_of(server: socket.socket) -> bytes:
    answer = b""
    while piece := server.recv(_PIECE):
        answer += piece
    return answer
