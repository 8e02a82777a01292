"""What all tests share: no socket leaves this machine, and where the shared evidence lies, if it is there."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("REDACTOR_SHARED", ROOT.parent / "shared"))
_LOOPBACK = ("127.", "::1", "localhost")

_connect = socket.socket.connect


def _guarded(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
        raise AssertionError("a test tried to reach the network")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    socket.socket.connect = _guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared evidence folder; tests that need it are skipped by name where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the shared evidence folder is not there")
    return SHARED
