"""Defends "Hostile or broken input harms nobody": damaged files are read or refused with a typed error, never leaked.

The short slice of ``./run bench fuzz``; other seeds run there for as long as one likes.
"""

from __future__ import annotations

import pytest

from redactor.sandbox.containment import INSIDE
from tests.bench import fuzz

TRIES = 40


@pytest.mark.filterwarnings("ignore")
def test_damaged_samples_are_read_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INSIDE, "1")  # the damaged samples are our own
    found = fuzz.run(seed=20, seconds=600, most=TRIES)
    assert sum(found.values()) == TRIES
    assert not [what for what in found if what.startswith(("FAULT", "LEFT"))], found
    assert found["redacted"]
    assert found["read"]
