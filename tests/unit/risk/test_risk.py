"""Defends 'nothing leaks': what remains after redaction is weighed, and two copies side by side are compared."""

import pytest

from redactor import decide, risk
from redactor.decide.examples import built
from redactor.model import Reader, ReaderKind
from redactor.policy import load_profile
from redactor.policy.profile import Example

TEXT = (
    "{{PERSON|c|Robin Vale}}, {{AGE|c|8}}, one of twins, of {{ADDRESS|c|1 High Rise}}, goes to "
    "{{SCHOOL|c|Hill Primary}} and has {{SPECIAL|c|asthma}}; {{PERSON|m|Ann Vale}} lives at {{ADDRESS|m|2 Low Court}}."
)
PEOPLE = [
    {"id": "c", "name": "Robin Vale", "relation": "subject_child"},
    {"id": "m", "name": "Ann Vale", "relation": "parent"},
    {"id": "f", "name": "Paul Moor", "relation": "parent"},
]
DOCUMENT, DETECTED, CASE, MOTHER = built(Example(name="x", text=TEXT, people=PEOPLE, reader={"person": "m"}, expect=""))
PUBLIC = Reader("r4", ReaderKind.PUBLIC)


def test_what_stays_in_a_family_copy_is_exposed_and_in_a_review_is_not() -> None:
    family = decide.plan(DOCUMENT, DETECTED, load_profile("family_copy"), CASE, MOTHER)
    open_copy = risk.assess(DOCUMENT, DETECTED, family)
    assert open_copy.level == "high" and open_copy.people[0].person == "c" and open_copy.direct >= 3
    review = decide.plan(DOCUMENT, DETECTED, load_profile("learning_review"), CASE, PUBLIC)
    closed = risk.assess(DOCUMENT, DETECTED, review)
    assert closed.direct == 0
    assert closed.people[0].score < open_copy.people[0].score
    assert ("multiple birth", 1) in closed.rare and closed.level == "medium"
    assert closed.checklist


def test_two_copies_side_by_side_tell_more_than_one() -> None:
    profile = load_profile("family_copy")
    mother = decide.plan(DOCUMENT, DETECTED, profile, CASE, MOTHER)
    review = decide.plan(DOCUMENT, DETECTED, load_profile("learning_review"), CASE, PUBLIC)
    joined = risk.join(DOCUMENT, DETECTED, mother, review)
    assert joined.first_only == len(DETECTED.findings) and joined.second_only == 0
    assert dict(joined.by_label)["PERSON"] == 2
    assert set(joined.named) == {"c", "m"} and joined.tells_more
    same = risk.join(DOCUMENT, DETECTED, mother, mother)
    assert same.by_label == () and same.named == () and not same.tells_more


def test_plans_of_another_document_are_refused() -> None:
    plan = decide.plan(DOCUMENT, DETECTED, load_profile("family_copy"), CASE, MOTHER)
    other, *_ = built(Example(name="y", text="Nothing.", expect=""))
    with pytest.raises(ValueError, match="this document"):
        risk.join(other, DETECTED, plan, plan)
