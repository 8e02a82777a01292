"""The word lists of `people.yaml`, by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).resolve().parent / "data" / "people.yaml"


@cache
def words(kind: str) -> frozenset[str]:
    """Return one list of words."""
    return frozenset(str(yaml.safe_load(_FILE.read_text("utf-8"))[kind]).split())
