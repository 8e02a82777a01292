"""What ``redactor doctor`` and the tests ask the inside of the wall: what can you see and reach?"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from pathlib import Path


def report(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Try the forbidden things and tell which of them worked; echo the files back.

    The request is ``{"look_at": [paths], "address": [host, port]}``.
    """
    wanted = json.loads(request)
    visible = [path for path in wanted.get("look_at", []) if _readable(Path(path))]
    reached = False
    try:
        with socket.create_connection(tuple(wanted["address"]), timeout=1):
            reached = True
    except (OSError, KeyError):
        reached = False
    others = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return json.dumps({"visible": visible, "network": reached, "processes": len(others)}).encode(), files


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
