"""The verifier's tests call its inside directly; programs then run without the wall, which has tests of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDACTOR_CONTAINED", "1")
