"""Asks ClamAV about every upload, where the installation has one (ASVS 5.4.3).

Whatever is not a clear answer is a refusal: a scanner that is configured and silent must not let files through.
Protocol: clamd(8), INSTREAM.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from redactor.errors import Hostile, UnsafeConfiguration

_CHUNK_BYTES = 256 * 1024
_LONGEST_ANSWER = 4096
_CLEAN, _FOUND = b"stream: OK", b" FOUND"
_UNSURE = "The virus scanner did not answer, so the file was not taken."
_FIX = "Start clamd, check REDACTOR_CLAMD, and see that its StreamMaxLength is at least 210M."


def scan(address: str, content: bytes, seconds: float) -> None:
    """Let clean content pass.

    Args:
        address: ``unix:/path/of/socket`` or ``tcp://host:port`` of clamd.
        seconds: how long the scanner may take.

    Raises:
        Hostile: if the scanner knows the content; its name is not told, for it may be that of a document.
        UnsafeConfiguration: if there is no clear answer.
    """
    try:
        with _connect(address, seconds) as link:
            answer = _ask(link, content)
    except OSError:
        raise UnsafeConfiguration(_UNSURE, next_step=_FIX) from None
    if answer.endswith(_FOUND):
        raise Hostile("The virus scanner knows this file as harmful.")
    if answer != _CLEAN:
        raise UnsafeConfiguration(_UNSURE, next_step=_FIX)


def ping(address: str, seconds: float) -> bool:
    """Say whether clamd answers."""
    try:
        with _connect(address, seconds) as link:
            link.sendall(b"zPING\0")
            return link.recv(_LONGEST_ANSWER).strip(b"\0") == b"PONG"
    except OSError:
        return False


def _connect(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(seconds)
        try:
            link.connect(str(Path(parts.path)))
        except OSError:
            link.close()
            raise
        return link
    if parts.scheme != "tcp" or not parts.hostname or not parts.port:
        raise UnsafeConfiguration(
            "REDACTOR_CLAMD is not an address.", next_step="Set it to unix:/run/clamav/clamd.ctl or tcp://host:3310."
        )
    return socket.create_connection((parts.hostname, parts.port), timeout=seconds)


def _ask(link: socket.socket, content: bytes) -> bytes:
    answer = b""
    with suppress(BrokenPipeError, ConnectionResetError):  # it may refuse half way; its answer says why
        link.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK_BYTES):
            piece = content[start : start + _CHUNK_BYTES]
            link.sendall(struct.pack("!I", len(piece)) + piece)
        link.sendall(struct.pack("!I", 0))
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = link.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0")
