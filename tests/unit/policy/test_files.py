"""Defends 'the right copy to the right person': case, gate and profile files are read exactly or refused."""

import pytest

from redactor.errors import InvalidDefinition
from redactor.model import Confidential, Gate, ReaderKind, Relation
from redactor.policy import find_reader, load_case, load_gate, load_profile, load_reasons, shipped_profiles
from redactor.policy.shelf import parse_profile
from redactor.resources import path

CASE = b"""reference: DC-1
people:
  - {id: p1, name: "Robin Vale", relation: subject_child, born: 2011-03-14, confidential: [address]}
  - {id: p2, name: No, relation: parent, contact: unsafe, role: null, died: null}
recipients:
  r1: {id: r1, person: p2}
  r3: {kind: agency, name: "Budmouth Housing", works_with: [p1]}
"""


def test_case_is_read_as_written() -> None:
    case = load_case(CASE)
    child, parent = case.people
    assert (child.relation, child.born) == (Relation.SUBJECT_CHILD, "2011-03-14")
    assert child.confidential == {Confidential.ADDRESS}
    assert parent.name == "No" and parent.contact_unsafe and not parent.deceased
    assert find_reader(case, "r1").person == "p2"
    assert find_reader(case, "r3").works_with == {"p1"}
    assert find_reader(case, "p1").kind == ReaderKind.PERSON
    assert find_reader(case, None).kind == ReaderKind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (b"people:\n  - {id: p1, name: A, relation: cousin}\n", 2, "relation"),
        (
            b"people:\n  - {id: p1, name: A, relation: parent}\n  - {id: p1, name: B, relation: parent}\n",
            3,
            "two people",
        ),
        (b"recipients:\n  r1: {person: p9}\n", 2, "p9"),
        (b"recipients:\n  r1:\n    kind: agency\n    name: X\n    works_with:\n      - p9\n", 6, "p9"),
        (b"recipients:\n  r1: {name: X}\n", 2, "say who reads"),
        (b"people:\n  - {id: p1, name: A, name: B, relation: parent}\n", 2, "twice"),
        (b"reference: [1\n", 2, "not valid YAML"),
        (b"a: &x [1]\nb: *x\n", 2, "alias"),
        (b"colour: red\n", 1, "not known"),
        (b"people:\n  - {id: p1, relation: parent}\n", 2, "missing"),
        (b"reference: !!python/object:os.system x\n", 1, "tags"),
        (b"", 1, "empty"),
        (b"[" * 5000, None, "n"),
    ],
)
def test_bad_case_is_refused_with_its_place(text: bytes, line: int | None, words: str) -> None:
    with pytest.raises(InvalidDefinition) as refusal:
        load_case(text)
    assert words in refusal.value.message
    if line:
        assert refusal.value.line == line


def test_unknown_recipient_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="no such recipient"):
        find_reader(load_case(CASE), "r9")


def test_gate_is_read() -> None:
    gate = load_gate(b"route: order\nauthorised_on: 2024-05-01\nagreement: {version: '2', signed_on: 2024-01-02}\n")
    assert gate == Gate(
        route="order", authorised_on="2024-05-01", agreement_version="2", agreement_signed_on="2024-01-02"
    )
    with pytest.raises(InvalidDefinition) as refusal:
        load_gate(b"route: order\nauthorised_on: first of May\n")
    assert refusal.value.line == 2


@pytest.mark.parametrize(
    "name",
    [
        "court_bundle",
        "court_bundle_criminal",
        "family_copy",
        "learning_review",
        "subject_access",
        "third_party_agency",
    ],
)
def test_shipped_profiles_load(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name and name in shipped_profiles()
    assert profile.ref.digest.startswith("sha256:")
    assert all(reason in load_reasons() for reason in (rule.reason for rule in profile.rules) if reason)


def test_profile_without_reason_cannot_exist() -> None:
    text = path("templates", "profiles", "family_copy.yaml").read_text()
    broken = text.replace("    reason: SAFE\n", "", 1)
    with pytest.raises(InvalidDefinition, match="reason") as refusal:
        parse_profile(broken.encode())
    assert refusal.value.line
    with pytest.raises(InvalidDefinition, match="every profile must remove"):
        parse_profile(text.replace("[comment, deleted,", "[deleted,").encode())
    with pytest.raises(InvalidDefinition, match="no profile of that name"):
        load_profile("no_such")


# What a council may get wrong in its copy of family_copy: what it changes, into what, at which words of the new text
# the refusal must point (line and column), and what it must say.
MISTAKES = [
    ("do: pseudonym", "do: pseudonim", "do:", "must be one of keep"),
    ("{relation: foster_carer", "{relation: foster_parent", "relation:", "Input should be"),
    ("confidential: true, label: PERSON", "confidental: true, label: PERSON", "confidental", "not known"),
    ("label: [PHONE, EMAIL]}", "label: [PHONE, EMAILS]}", "EMAILS", "Input should be"),
    ("reads: custody", "reads: prisons", "reads:", "not in templates/vocabulary.yaml"),
    ("reason: TP-CONF", "reason: TPCONF", "reason:", "reason code is not in"),
    ("reason: CLOSED, because: ", "reason: SHUT, because: ", "reason:", "reason code is not in"),
    ('"[foster carer]"', '"[{lable}]"', "", "can stand in braces"),
    ("group: handling", "group: handeling", "group:", "templates/passages.yaml"),
    ("spare: [self], reason: SWW", "spare: [selves], reason: SWW", "selves", "Input should be"),
    ("[confidential_details,", "[confidential_detail,", "confidential_detail", "Input should be"),
    ("preserve: [views", "preserve: [view", "view", "Input should be"),
    ("version: 3", "version: three", "version:", "valid integer"),
    ("name: family_copy", "name: Family Copy", "name:", "match"),
    ("  internal: {do: drop", "  external: {do: drop", "external:", "Input should be"),
    ("name: other people's details", "name: other people's names", "name:", "two rules"),
    ("- name: numbers", "- name: parents", "name:", "two examples"),
    ("marks: {classification", "marks: {clasification", "clasification", "not known"),
    ("widths: standard}", "widths: narrow}", "widths:", "Input should be"),
    ("{field: approved_by", "{field: approver", "field:", "Input should be"),
    ("readers: [person]", "readers: [persons]", "persons", "Input should be"),
    ("parts_removed: [comment, ", "parts_removed: [", "parts_removed", "every profile must remove"),
    ('"relation": "other_child"', '"relation": "stranger"', '"relation"', "Input should be"),
    ('reader: {"person": "m"}', 'reader: {"person": "q"}', '"person"', "not among the people"),
    ("everyone: true", "everyone: true: no", ": no", "not valid YAML"),
    ("examples:", "times: {dates: yearly}\nexamples:", "dates:", "Input should be"),
    ("examples:", "times: {age_bands: [[5, five], [1, one]]}\nexamples:", "[1, one]", "higher age"),
]


@pytest.mark.parametrize(("old", "new", "wrong", "words"), MISTAKES)
def test_a_mistake_in_a_copied_profile_is_shown_at_its_place(old: str, new: str, wrong: str, words: str) -> None:
    text = path("templates", "profiles", "family_copy.yaml").read_text(encoding="utf-8")
    before, found, after = text.partition(old)
    assert found
    with pytest.raises(InvalidDefinition) as refusal:
        parse_profile((before + new + after).encode())
    assert words in refusal.value.message
    lines = (before + new[: new.index(wrong)]).split("\n")
    if not wrong:  # the words are a key's own: the refusal points at the key
        assert (refusal.value.line, lines[-1].lstrip()[:3]) == (len(lines), "rep")
    else:
        assert (refusal.value.line, refusal.value.column) == (len(lines), len(lines[-1]) + 1)
