"""What ``redactor doctor`` and the tests ask the inside of the wall: what can you see and reach?"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_IO_URING_SETUP = 425
_UNSHARE_USER = ({"x86_64": 272, "aarch64": 97}.get(platform.machine(), -1), 0x10000000)


def report(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Try the forbidden things and tell which of them seemed to work; echo the files back.

    The request is ``{"look_at": [paths], "address": [host, port], "stream": path, "datagram": path}``.
    """
    wanted = json.loads(request)
    address, stream, datagram = tuple(wanted["address"]), wanted["stream"], wanted["datagram"]
    attempts: dict[str, Callable[[], object]] = {
        "network": lambda: socket.create_connection(address, timeout=1).close(),
        "network datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", address),
        "local socket": lambda: socket.socket(socket.AF_UNIX).connect(stream),
        "local datagram": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", datagram),
        "pair": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", datagram),
        "rings": lambda: _called(_IO_URING_SETUP, 1, ctypes.create_string_buffer(120)),
        "namespace": lambda: _called(*_UNSHARE_USER),
        "write beside": lambda: Path(wanted["look_at"][0]).with_name("planted").write_text("x"),
    }
    reached = [what for what, attempt in attempts.items() if _works(attempt)]
    visible = [path for path in wanted["look_at"] if _readable(Path(path))]
    others = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return json.dumps({"visible": visible, "reached": reached, "processes": len(others)}).encode(), files


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _called(*call: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(*call) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _readable(path: Path) -> bool:
    try:
        return bool(list(path.iterdir())) if path.is_dir() else bool(path.read_bytes())
    except OSError:
        return False


def hang(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Never answer (proves that the time limit kills)."""
    del files
    time.sleep(float(json.loads(request)["seconds"]))
    return b"{}", {}


def swell(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Take memory until stopped (proves that the memory limit kills)."""
    del files
    hoard = [bytearray(b"x" * 1024 * 1024) for _ in range(int(json.loads(request)["mebibytes"]))]
    time.sleep(5)
    return json.dumps(len(hoard)).encode(), {}


def flood(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Answer with far too much (proves that the output limit is enforced outside as well)."""
    del files
    return b"{}", {"flood": b"x" * int(json.loads(request)["bytes"])}
