"""Promise 4: hostile or broken input harms nobody. A child sees nothing, reaches nothing, outlives no limit."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from redactor import sandbox
from redactor.errors import Damaged, TooLarge
from redactor.limits import MEBIBYTE, Limits
from redactor.sandbox import containment
from redactor.sandbox.containment import Bubblewrap, Landlock

WALLS = [pytest.param(wall, id=wall.name) for wall in (Bubblewrap(), Landlock())]


@pytest.fixture(autouse=True, params=WALLS)
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[containment.Containment]:
    """Every promise of the wall, held by each kind of wall."""
    if not request.param.works():
        pytest.skip(f"{request.param.name} is not available on this host")
    monkeypatch.setenv(containment.SETTING, request.param.name)
    containment.active.cache_clear()
    yield request.param
    containment.active.cache_clear()


def test_a_child_reaches_no_network_and_sees_no_files(tmp_path: Path, wall: containment.Containment) -> None:
    secret = tmp_path / "other-case.txt"
    secret.write_text("another case")
    with socket.create_server(("127.0.0.1", 0)) as server:
        request = {"look_at": [str(secret), "/root/.ssh", "/home", "/etc/shadow"], "address": server.getsockname()}
        answer = sandbox.call("redactor.sandbox.probe:report", json.dumps(request).encode(), {"a": b"1", "b": b""})
    seen = json.loads(answer.value)
    assert seen["visible"] == []
    assert seen["network"] is False
    assert seen["processes"] <= 3 or wall.name == "landlock"  # Landlock hides no processes
    assert dict(answer.files) == {"a": b"1", "b": b""}


def test_a_hanging_child_is_killed() -> None:
    begun = time.monotonic()
    with pytest.raises(TooLarge):
        sandbox.call("redactor.sandbox.probe:hang", b'{"seconds": 600}', {}, Limits(seconds=1))
    assert time.monotonic() - begun < 30


def test_a_swelling_child_is_killed() -> None:
    with pytest.raises(TooLarge):
        sandbox.call("redactor.sandbox.probe:swell", b'{"mebibytes": 400}', {}, Limits(memory_bytes=100 * MEBIBYTE))


def test_a_flood_of_output_is_refused() -> None:
    with pytest.raises(TooLarge):
        sandbox.call("redactor.sandbox.probe:flood", b'{"bytes": 3000000}', {}, Limits(output_bytes=MEBIBYTE))


@pytest.mark.parametrize("function", ["os:system", "redactor.sandbox.probe:missing"])
def test_only_functions_of_the_package_are_called(function: str) -> None:
    with pytest.raises(Damaged):
        sandbox.call(function, b"{}", {})
