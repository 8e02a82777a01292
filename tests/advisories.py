"""Looks the pins up in a folder of advisories in the OSV format, for places where no vulnerability service answers.

The format is ossf.github.io/osv-schema; PyPA's advisory database is such a folder and can be carried in on a disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Hit:
    """A pin that an advisory names."""

    package: str
    version: str
    advisory: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a folder of advisories says of the pins.

    Args:
        advisories: how many were read.
        about: how many of them are about a pinned package, whatever its version.
        newest: when the newest of all was last modified.
    """

    hits: tuple[Hit, ...]
    advisories: int
    about: int
    newest: str


def look(folder: Path, pins: dict[str, str]) -> Looked:
    """Look pins up.

    Args:
        folder: with OSV records as YAML or JSON, at any depth.
        pins: version by package name.
    """
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    hits, count, about, newest = [], 0, 0, ""
    for record in _records(folder):
        count += 1
        newest = max(newest, str(record.get("modified", "")))
        if record.get("withdrawn"):
            continue
        named = [(name, each) for name, each in _packages(record) if name in pinned]
        about += bool(named)
        hits += [Hit(name, pinned[name], record["id"]) for name, each in named if _is_affected(pinned[name], each)]
    return Looked(tuple(sorted(set(hits), key=lambda hit: (hit.package, hit.advisory))), count, about, newest)


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            loaded = json.loads(path.read_text())
        elif path.suffix in (".yaml", ".yml"):
            loaded = yaml.load(path.read_text(), _LOADER)
        else:
            continue
        if isinstance(loaded, dict) and "affected" in loaded:
            yield loaded


def _packages(record: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for affected in record["affected"]:
        package = affected.get("package", {})
        if package.get("ecosystem") == "PyPI":
            yield canonicalize_name(package["name"]), affected


def _is_affected(pinned: str, affected: dict[str, Any]) -> bool:
    version = Version(pinned)
    if any(_same(listed, version) for listed in affected.get("versions", ())):
        return True
    spans = [each["events"] for each in affected.get("ranges", ()) if each["type"] in ("ECOSYSTEM", "SEMVER")]
    return any(_lies_in(version, events) for events in spans)


def _same(listed: str, version: Version) -> bool:
    try:
        return Version(listed) == version
    except InvalidVersion:
        return False


def _lies_in(version: Version, events: list[dict[str, str]]) -> bool:
    """Follow a range's events in the order of their versions (OSV schema, "Evaluation")."""
    inside = False
    for event in sorted(events, key=lambda each: Version(next(iter(each.values())))):
        kind, at = next(iter(event.items()))
        if kind == "introduced" and version >= Version(at):
            inside = True
        elif (kind == "fixed" and version >= Version(at)) or (kind == "last_affected" and version > Version(at)):
            inside = False
    return inside
