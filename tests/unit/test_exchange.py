"""The JSON of `redactor detect`, field by field, as other programs were promised it.

Defends "other programs build on this": fields may be added, none renamed, and offsets are code points of the text.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from redactor import exchange
from redactor.detect import find, load
from redactor.link import identify
from redactor.model import Case, Person, PersonId, Relation, Role
from redactor.sections import find as find_sections
from tests.unit.detect.texts import document

PIECE = {"start": int, "end": int, "role": str, "at": str}
SECTION = {"start": int, "end": int, "audience": str, "withheld_by": (str, type(None)), "why": str}
FINDING = {
    "start": int,
    "end": int,
    "text": str,
    "label": str,
    "score": float,
    "source": str,
    "person": (str, type(None)),
    "why": str,
}
PERSON = {"id": str, "name": str, "relation": str, "certain": bool, "why": str, "mentions": int}
AUDIENCES = {"open", "closed", "withheld", "privileged", "strategy", "other_family", "internal"}
PROMISED_LABELS = """
PERSON DOB AGE DATE ADDRESS POSTCODE LOCATION SCHOOL ORG PHONE EMAIL URL USERNAME IP DEVICE NHS_NUMBER NINO UPN PNC
PASSPORT DRIVING_LICENCE VEHICLE_REG BANK CASE_REF SPECIAL SCHOOL_YEAR DESCRIPTOR ATTRIBUTION HEALTH
OFFENCE IMAGE EXPLICIT
"""
PROMISED_RELATIONS = """
subject_child sibling parent family foster_carer other_child alleged_perpetrator referrer third_party professional
visitor deceased unknown
"""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    doc = document(
        (Role.HEADING, "1. Present"),
        [["Name", "Role"], ["Priyanka Nair", "Social Worker"]],
        "Jayden Okafor-Bright (14) lives at 4 Elm Road, DT4 9QX. 👩‍👧",
        "Mum's number is 07700 900118, mail j.bright@post.example.",
        (Role.HEADING, "2. Closed session – information withheld at the request of the police"),
        "A neighbour, Carol Finch, rang.",
    )
    case = Case(people=(Person(PersonId("p1"), "Jayden Okafor-Bright", Relation.SUBJECT_CHILD, ("Jay",)),))
    detected = identify(find(doc, case, load()), doc, case, find_sections(doc, case))
    written = json.dumps(exchange.detected_json(doc, detected), ensure_ascii=False)
    answer: dict[str, Any] = json.loads(written)
    return answer


@pytest.mark.parametrize(
    ("key", "fields"), [("pieces", PIECE), ("sections", SECTION), ("findings", FINDING), ("people", PERSON)]
)
def test_every_promised_field_is_there_with_its_type(told: dict[str, Any], key: str, fields: dict[str, Any]) -> None:
    assert told[key]
    for entry in told[key]:
        assert all(isinstance(entry[name], kind) for name, kind in fields.items()), entry


def test_the_document_itself(told: dict[str, Any]) -> None:
    assert told["digest"].startswith("sha256:")
    assert told["kind"] == "docx"
    assert "".join(told["text"][piece["start"] : piece["end"]] for piece in told["pieces"]) == told["text"]


def test_findings_lie_where_they_say_and_apart(told: dict[str, Any]) -> None:
    for finding in told["findings"]:
        assert told["text"][finding["start"] : finding["end"]] == finding["text"]
        assert 0 <= finding["score"] <= 1
    assert all(one["end"] <= other["start"] for one, other in pairwise(told["findings"]))


def test_words_from_closed_lists(told: dict[str, Any]) -> None:
    assert {finding["label"] for finding in told["findings"]} <= set(PROMISED_LABELS.split())
    assert {person["relation"] for person in told["people"]} <= set(PROMISED_RELATIONS.split())
    assert {section["audience"] for section in told["sections"]} <= AUDIENCES
    assert {section["withheld_by"] for section in told["sections"]} == {"police"}


def test_people_by_id(told: dict[str, Any]) -> None:
    ids = {person["id"] for person in told["people"]}
    assert {finding["person"] for finding in told["findings"]} - {None} <= ids
    assert "p1" in ids
    assert all(identity == "p1" or identity.removeprefix("x").isdigit() for identity in ids)


def test_a_mail_address_is_one_finding(told: dict[str, Any]) -> None:
    assert [each["text"] for each in told["findings"] if each["label"] == "EMAIL"] == ["j.bright@post.example"]
    assert not any(each["text"].lower() in {"social worker", "name", "role", "mum"} for each in told["findings"])
