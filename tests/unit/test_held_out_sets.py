"""Promise defended: the held-out sets can be measured with: each file reads and says whom each tag means."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from redactor.model import Label
from redactor.policy import find_reader, load_case, load_profile
from tests.bench import detect, expectations

BENCH = Path(__file__).parents[1] / "bench"
WRITTEN, FRESH = BENCH / "written", BENCH / "fresh"
DOCUMENTS = sorted(path for home in (WRITTEN, FRESH) for path in (home / "documents").glob("*.yaml"))
EXPECTED = sorted((FRESH / "expect").glob("*.yaml"))
RECIPIENTS = ("family_copy", "court_bundle", "third_party_agency", "learning_review")
TAG = re.compile(r"\{\{([A-Z_]+)\|([^|{}]*)\|([^{}]*)\}\}")


def named(path: Path) -> str:
    """Name a case of a test after its file."""
    return path.stem


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_each_document_and_its_case_agree(path: Path) -> None:
    """Every tag has a label of ours and an owner whom the document lists; the case reads and knows nobody else."""
    document = yaml.safe_load(path.read_text())
    people = {person["id"] for person in document["people"]}
    tags = TAG.findall(str(document["blocks"]))
    assert document["id"] == path.stem
    assert len(tags) >= 50
    assert {label for label, _, _ in tags} <= {label.value for label in Label}
    assert {owner for _, owner, _ in tags} <= people | {"-"}
    assert all(owner != "-" for label, owner, _ in tags if label == "PERSON")
    assert "{{" not in TAG.sub("", str(document["blocks"]))
    case = load_case((path.parents[1] / "cases" / f"{path.stem}.case.yaml").read_bytes())
    assert {person.id for person in case.people} <= people
    for recipient in RECIPIENTS:
        find_reader(case, recipient)


def strings(value: Any) -> list[str]:
    """Return every string inside a block, in order, with its tags taken off."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [TAG.sub(r"\3", str(value))]


@pytest.mark.parametrize("path", EXPECTED, ids=named)
def test_each_expectation_can_be_held_against_its_document(path: Path) -> None:
    """What must go or stay stands in the document, for two readers of the case; no list speaks against the other."""
    text = "\n".join(strings(yaml.safe_load((FRESH / "documents" / path.name).read_text())["blocks"])).casefold()
    case = load_case((FRESH / "cases" / f"{path.stem}.case.yaml").read_bytes())
    wanted = yaml.safe_load(path.read_text())
    assert len(wanted) == 2
    for profile, lists in wanted.items():
        load_profile(profile)
        find_reader(case, profile)
        assert min(len(lists["go"]), len(lists["stay"])) >= 8
        assert [words for words in lists["go"] + lists["stay"] if words.casefold() not in text] == []
        gone = [words.casefold() for words in lists["go"]]
        assert [words for words in lists["stay"] if any(part in words.casefold() for part in gone)] == []


@pytest.mark.parametrize(("home", "letter", "last"), [(WRITTEN, "w", 20), (FRESH, "f", 20)])
def test_each_set_is_whole(home: Path, letter: str, last: int) -> None:
    """No document of a set is missing, and each has its case."""
    names = [f"{letter}{number:02}" for number in range(1, last + 1)]
    assert sorted(path.stem for path in (home / "documents").iterdir()) == names
    assert sorted(path.name for path in (home / "cases").iterdir()) == [f"{name}.case.yaml" for name in names]


def test_each_fresh_document_has_its_expectations() -> None:
    """The fresh set says of each document what must go and stay."""
    assert [path.stem for path in EXPECTED] == sorted(path.stem for path in (FRESH / "documents").iterdir())


@pytest.mark.parametrize("program", [detect, expectations])
def test_a_sealed_document_is_never_picked_out(program: ModuleType) -> None:
    """Naming a sealed document ends the program, so that nobody reads its misses one by one."""
    with pytest.raises(SystemExit, match="sealed"):
        program.parts("fresh", Path(), {"f11"})
