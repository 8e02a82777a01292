"""Defends 'the right copy to the right person': cells of the published matrix (domain rules 1.3)."""

import pytest

from redactor.decide.examples import shown
from redactor.policy import load_profile
from redactor.policy.profile import Example

PEOPLE = [
    {"id": "c", "name": "Robin Vale", "relation": "subject_child"},
    {"id": "b", "name": "Jamie Vale", "relation": "sibling"},
    {"id": "m", "name": "Ann Vale", "relation": "parent"},
    {"id": "f", "name": "Paul Moor", "relation": "parent"},
    {"id": "n", "name": "Jean Winter", "relation": "referrer"},
    {"id": "o", "name": "Kit Lane", "relation": "other_child"},
    {"id": "a", "name": "Kurt Holland", "relation": "alleged_perpetrator"},
    {"id": "k", "name": "Iris Stone", "relation": "foster_carer"},
    {"id": "s", "name": "Will Marsh", "relation": "professional", "role": "Social Worker"},
    {"id": "v", "name": "Elsie Mair", "relation": "visitor"},
    {"id": "d", "name": "Joyce Vale", "relation": "deceased"},
]
READERS = {
    "family_copy": {"person": "m"},
    "court_bundle": {"kind": "court", "name": "The Family Court"},
    "third_party_agency": {"kind": "agency", "name": "Hill Primary School", "works_with": ["c"]},
    "learning_review": {"kind": "public"},
}
PROFILES = tuple(READERS)
CELLS = {  # category: text, and for each profile whether the reader sees the words as they stand
    "subject child's name": ("{{PERSON|c|Robin}} was seen.", "Robin", (True, True, True, False)),
    "child's date of birth": ("Born {{DOB|c|2 March 2016}}.", "2 March 2016", (True, True, True, False)),
    "child's school": ("At {{SCHOOL|c|Hill Primary}}.", "Hill Primary", (True, True, True, False)),
    "child's address": ("Of {{ADDRESS|c|1 High Rise}}.", "1 High Rise", (True, True, True, False)),
    "foster carer": ("With {{PERSON|k|Iris Stone}}.", "Iris Stone", (False, False, False, False)),
    "sibling": ("And {{PERSON|b|Jamie}} too.", "Jamie", (True, True, False, False)),
    "third-party child": ("Near {{PERSON|o|Kit Lane}} then.", "Kit Lane", (False, False, False, False)),
    "other parent's name": ("{{PERSON|f|Paul Moor}} came.", "Paul Moor", (True, True, True, False)),
    "other parent's address": ("At {{ADDRESS|f|2 Low Court}}.", "2 Low Court", (False, True, False, False)),
    "other parent's telephone": ("On {{PHONE|f|07700 900123}}.", "07700 900123", (False, False, False, False)),
    "other parent's car": ("Drives {{VEHICLE_REG|f|KX19 ZTR}}.", "KX19 ZTR", (False, True, False, False)),
    "the reader's own data": ("{{PHONE|m|07700 900124}} is hers.", "07700 900124", (True, False, False, False)),
    "referrer": ("{{PERSON|n|Jean Winter}} rang.", "Jean Winter", (False, False, False, False)),
    "alleged perpetrator": ("{{PERSON|a|Kurt Holland}} came.", "Kurt Holland", (False, True, False, False)),
    "professional in role": ("{{PERSON|s|Will Marsh}} came.", "Will Marsh", (True, True, True, False)),
    "professional's telephone": ("On {{PHONE|s|01632 960111}}.", "01632 960111", (False, True, False, False)),
    "visitor": ("{{PERSON|v|Elsie Mair}} sat in.", "Elsie Mair", (False, True, False, False)),
    "exact date of an event": ("Seen on {{DATE|-|3 May 2024}}.", "3 May 2024", (True, True, True, False)),
    "police number of another": ("PNC {{PNC|a|2011/0339187Q}}.", "2011/0339187Q", (False, True, False, False)),
    "bank account of another": ("Bank {{BANK|f|00-00-00 12345678}}.", "12345678", (False, False, False, False)),
    "health of the child": ("{{PERSON|c|Robin}} has {{SPECIAL|c|asthma}}.", "asthma", (True, True, True, False)),
    "health of another": ("{{PERSON|f|Paul}} has {{SPECIAL|f|depression}}.", "depression", (False, True, False, False)),
    "explicit description": ("He {{EXPLICIT|c|did this}}.", "did this", (True, True, True, False)),
    "foster carer's address": ("Of {{ADDRESS|k|9 Dale Road}}.", "9 Dale Road", (False, False, False, False)),
    "adopters": ("The matched adopters live in {{LOCATION|-|Poole}}.", "adopters live", (False, True, False, True)),
    "adoption as the plan": ("The plan for {{PERSON|c|Robin}} is adoption.", "is adoption", (True, True, True, True)),
    "other parent's workplace": ("He works at {{ORG|f|Low Mill}}.", "Low Mill", (False, True, False, False)),
    "somebody who has died": ("Since {{PERSON|d|Joyce}} died.", "Joyce", (True, True, True, False)),
    "day of a death": ("She died on {{DOB|d|3 March 2021}}.", "3 March 2021", (True, True, True, False)),
    "intelligence": ("IIR 4471: cars stop at the yard.", "cars stop", (False, True, False, False)),
    "crime number": ("Crime {{CASE_REF|-|55240011223}} applies.", "55240011223", (False, True, False, False)),
    "child's NHS number": ("NHS {{NHS_NUMBER|c|999 000 0000}}.", "999 000 0000", (False, True, True, False)),
    "child's case number": ("Case {{CASE_REF|c|SM26C00117}}.", "SM26C00117", (True, True, True, False)),
    "child's faith": ("{{PERSON|c|Robin}} is {{SPECIAL|c|Buddhist}}.", "Buddhist", (True, True, True, False)),
    "another's faith": ("{{PERSON|f|Paul}} is {{SPECIAL|f|Buddhist}}.", "Buddhist", (False, True, False, False)),
    "another's offence": ("{{PERSON|a|Kurt}} {{OFFENCE|a|stole a car}}.", "stole a car", (False, True, False, False)),
    "another's signature": ("Signed {{IMAGE|f|(signature)}}.", "(signature)", (False, True, False, False)),
    "the reader's signature": ("Signed {{IMAGE|m|(signature)}}.", "(signature)", (True, True, False, False)),
    "child's picture": ("Shown {{IMAGE|c|(photograph)}}.", "(photograph)", (True, True, False, False)),
    "venue of nobody": ("Seen near {{LOCATION|-|Low Park}}.", "Low Park", (True, True, True, False)),
    "child's wishes": ("{{PERSON|c|Robin}} wants to see her dad.", "wants to see her dad", (True, True, True, True)),
    "decision": ("Decision: a child protection plan.", "a child protection plan", (True, True, True, True)),
    "labels": ("Allegation: he shouted. Opinion: he was cross.", "Allegation: he", (True, True, True, True)),
}
HIDDEN = {  # what the case file marks as confidential for the child: text, and words that no reader sees
    "address": ("Home is {{ADDRESS|c|1 High Rise}}.", "1 High Rise"),
    "placement": ("Placed at {{ORG|c|Larkspur House}}, {{PHONE|s|01632 960111}}.", "Larkspur"),
    "phone": ("Ring {{PHONE|c|07700 900125}}.", "900125"),
    "identity": ("{{PERSON|c|Robin}} was seen.", "Robin"),
}
AUDIENCES = ("closed", "withheld", "privileged", "strategy", "other_family", "internal")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("category", CELLS)
def test_a_cell_of_the_matrix(category: str, profile: str) -> None:
    text, words, cells = CELLS[category]
    example = Example(name=category, text=text, people=PEOPLE, reader=READERS[profile], expect="")
    assert (words in shown(load_profile(profile), example)) is cells[PROFILES.index(profile)]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("mark", HIDDEN)
def test_what_the_case_file_marks_as_confidential_is_seen_by_no_reader(mark: str, profile: str) -> None:
    text, words = HIDDEN[mark]
    people = [{**person, "confidential": [mark]} if person["id"] == "c" else person for person in PEOPLE]
    example = Example(name=mark, text=text, people=people, reader=READERS[profile], expect="")
    assert words not in shown(load_profile(profile), example)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_was_not_for_everybody_is_dropped_whole(audience: str, profile: str) -> None:
    text = "The boots were in the hall."
    example = Example.model_validate(
        {"name": "x", "text": text, "audience": audience, "people": PEOPLE, "reader": READERS[profile], "expect": ""}
    )
    assert "boots" not in shown(load_profile(profile), example)
