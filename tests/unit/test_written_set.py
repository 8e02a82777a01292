"""Promise defended: the written held-out set can be measured with: each file reads and says whom each tag means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from redactor.model import Label
from redactor.policy import find_reader, load_case

WRITTEN = Path(__file__).parents[1] / "bench" / "written"
NAMES = sorted(path.stem for path in (WRITTEN / "documents").glob("*.yaml"))
RECIPIENTS = ("family_copy", "court_bundle", "third_party_agency", "learning_review")
TAG = re.compile(r"\{\{([A-Z_]+)\|([^|{}]*)\|([^{}]*)\}\}")


@pytest.mark.parametrize("name", NAMES)
def test_each_written_document_and_its_case_agree(name: str) -> None:
    """Every tag has a label of ours and an owner whom the document lists; the case reads and knows nobody else."""
    source = (WRITTEN / "documents" / f"{name}.yaml").read_text()
    document = yaml.safe_load(source)
    people = {person["id"] for person in document["people"]}
    tags = TAG.findall(str(document["blocks"]))
    assert document["id"] == name
    assert len(tags) >= 50
    assert {label for label, _, _ in tags} <= {label.value for label in Label}
    assert {owner for _, owner, _ in tags} <= people | {"-"}
    assert "{{" not in TAG.sub("", str(document["blocks"]))
    case = load_case((WRITTEN / "cases" / f"{name}.case.yaml").read_bytes())
    assert {person.id for person in case.people} <= people
    for recipient in RECIPIENTS:
        find_reader(case, recipient)


def test_the_set_is_whole() -> None:
    """Ten open documents and ten sealed ones, each with its case."""
    assert [f"w{number:02}" for number in range(1, 21)] == NAMES
    assert sorted(path.name for path in (WRITTEN / "cases").iterdir()) == [f"{name}.case.yaml" for name in NAMES]
