"""Defends 'the right copy to the right person': every shipped profile gets its own worked examples right."""

import pytest

from redactor import decide, pipeline
from redactor.decide.examples import built, shown
from redactor.policy import load_profile, shipped_profiles
from redactor.policy.profile import Example
from redactor.policy.shelf import parse_profile
from redactor.resources import path

WORKED = [(name, example) for name in shipped_profiles() for example in load_profile(name).examples]


@pytest.mark.parametrize(("name", "example"), WORKED, ids=[f"{name}: {example.name}" for name, example in WORKED])
def test_example_reads_as_expected(name: str, example) -> None:
    assert shown(load_profile(name), example) == example.expect


@pytest.mark.parametrize("name", shipped_profiles())
def test_shipped_profiles_have_no_problems(name: str) -> None:
    assert decide.check_profile(load_profile(name)) == []


def changed(before: str, after: str):
    text = path("templates", "profiles", "family_copy.yaml").read_text()
    assert before in text
    return parse_profile(text.replace(before, after).encode())


def test_check_names_a_failing_example_and_a_missing_relation() -> None:
    broken = changed('replacement: "[another child]"', 'replacement: "[somebody]"')
    assert any("another family's child" in problem for problem in decide.check_profile(broken))
    lost = changed("relation: foster_carer", "relation: visitor")
    assert any("foster_carer" in problem for problem in decide.check_profile(lost))


def test_comparing_two_profiles_on_a_document_shows_words_passages_and_sections() -> None:
    old = load_profile("family_copy")
    text = "{{PERSON|o|Kit Lane}} came. Counsel's view is that it is so."
    people = [
        {"id": "o", "name": "Kit Lane", "relation": "other_child"},
        {"id": "m", "name": "Ann", "relation": "parent"},
    ]
    example = Example(name="x", text=text, people=people, reader={"person": "m"}, expect="")
    document, detected, case, reader = built(example)
    worded = changed('replacement: "[another child]"', 'replacement: "[somebody]"')
    assert pipeline.compare(document, detected, (old, worded), case, reader) == [
        ("PERSON", "pseudonym [another child]", "pseudonym [somebody]")
    ]
    without = changed("{group: legal_advice,", "{group: finances,")
    assert pipeline.compare(document, detected, (old, without), case, reader) == [
        ("ATTRIBUTION", "mask [Legal advice is not in your copy.]", "nothing")
    ]
    assert pipeline.compare(document, detected, (old, old), case, reader) == []


def test_diff_shows_what_a_change_does() -> None:
    new = changed('replacement: "[another child]"', 'replacement: "[somebody]"')
    differences = decide.diff(load_profile("family_copy"), new)
    assert [difference.example for difference in differences] == ["another family's child"]
    assert "[somebody]" in differences[0].after and "[another child]" in differences[0].before


def test_describe_has_a_line_for_each_rule() -> None:
    profile = load_profile("court_bundle")
    lines = decide.describe(profile)
    assert all(any(rule.name in line for line in lines) for rule in profile.rules)
