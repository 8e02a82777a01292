"""Defends 'nothing leaks' and 'nothing is hidden without a reason': what the case file knows better than detectors."""

import pytest

from redactor.decide.examples import applied
from redactor.decide.plan import plan
from redactor.model import (
    Case,
    Confidential,
    Detected,
    Document,
    Finding,
    InPackage,
    Kind,
    Label,
    Person,
    PersonId,
    Piece,
    Reader,
    ReaderKind,
    Relation,
    Role,
    Span,
    digest_of,
)
from redactor.policy import load_profile

MOTHER = Person(PersonId("m"), "Ann Vale", Relation.PARENT)
FATHER = Person(PersonId("f"), "Paul Moor", Relation.PARENT, confidential=frozenset({Confidential.ADDRESS}))
CHILD = Person(PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD, born="2016-03-02")
OTHER = Person(PersonId("o"), "Robin Lane", Relation.OTHER_CHILD)
SUSPECT = Person(PersonId("s"), "Kurt Holland", Relation.ALLEGED_PERPETRATOR, aliases=("Dutch",))
NURSE = Person(PersonId("n"), "Grace Hill", Relation.PROFESSIONAL, role="School Nurse")
READERS = {
    "family_copy": Reader("r1", ReaderKind.PERSON, PersonId("m"), "Ann Vale"),
    "court_bundle": Reader("r2", ReaderKind.COURT, None, "Family Court"),
    "third_party_agency": Reader("r3", ReaderKind.AGENCY, None, "Hill School", works_with=frozenset({PersonId("c")})),
    "learning_review": Reader("r4", ReaderKind.PUBLIC),
}


def read_by(
    profile: str,
    text: str,
    *marks: tuple[str, Label, str | None],
    people: tuple[Person, ...] = (MOTHER, CHILD, SUSPECT, NURSE),
    role: Role = Role.BODY,
    certain: bool = True,
) -> str:
    """What a reader sees of a line in which some words were found."""
    findings = []
    for words, label, person in marks:
        start = text.index(words)
        owner = PersonId(person) if person else None
        findings.append(Finding(Span(start, start + len(words)), label, 0.9, "test", person=owner, certain=certain))
    document = Document(
        Kind.TEXT, digest_of(text.encode()), text, (Piece(Span(0, len(text)), role, InPackage("word/document.xml", 0)),)
    )
    detected = Detected(tuple(sorted(findings, key=lambda finding: finding.span)), people)
    return applied(document, plan(document, detected, load_profile(profile), Case("DC-1", people), READERS[profile]))


@pytest.mark.parametrize(("words", "label"), [("Holland", Label.LOCATION), ("Dutch", Label.SPECIAL)])
def test_a_name_of_the_case_file_is_one_whatever_the_detector_called_it(words: str, label: Label) -> None:
    seen = read_by("family_copy", f"Police will seek a notice for {words} by June.", (words, label, None))
    assert seen == "Police will seek a notice for [a named adult] by June."


@pytest.mark.parametrize("profile", ["family_copy", "court_bundle", "third_party_agency"])
def test_a_child_s_health_in_an_action_row_is_not_the_owner_s_of_the_action(profile: str) -> None:
    line = "Asthma review and inhaler plan\tGrace Hill\t30 June"
    seen = read_by(profile, line, ("Asthma", Label.SPECIAL, "n"), role=Role.TABLE_CELL)
    assert seen == line


@pytest.mark.parametrize("before", ["Mother: ", "Robin and his dad talked; he has "])
def test_health_stays_withheld_where_it_is_open_whose_it_is(before: str) -> None:
    seen = read_by("family_copy", f"{before}depression.", ("depression", Label.SPECIAL, None))
    assert "depression" not in seen


def test_a_first_name_that_two_children_share_stays_where_it_is_likely_the_reader_s_child() -> None:
    people = (MOTHER, CHILD, OTHER)
    line = "Robin said he was hungry."
    assert read_by("family_copy", line, ("Robin", Label.PERSON, "c"), people=people, certain=False) == line
    seen = read_by("family_copy", line, ("Robin", Label.PERSON, "o"), people=people, certain=False)
    assert "Robin" not in seen


@pytest.mark.parametrize("profile", ["court_bundle", "third_party_agency"])
def test_the_child_s_home_is_not_shown_where_a_parent_s_address_is_confidential(profile: str) -> None:
    line = "Family home: 41 Quarry Hill."
    marks = ("41 Quarry Hill", Label.ADDRESS, "c")
    assert read_by(profile, line, marks) == line
    assert "Quarry" not in read_by(profile, line, marks, people=(MOTHER, FATHER, CHILD))


def test_a_staff_address_is_the_placement_s_where_a_placement_is_confidential() -> None:
    placed = Person(
        PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD, confidential=frozenset({Confidential.PLACEMENT})
    )
    line = "Informant: Grace Hill, staff, 40 Aldhelm Road."
    for owner in ("n", None):
        seen = read_by("court_bundle", line, ("40 Aldhelm Road", Label.ADDRESS, owner), people=(placed, NURSE))
        assert "Aldhelm" not in seen


@pytest.mark.parametrize("profile", ["family_copy", "third_party_agency", "learning_review", "court_bundle"])
def test_a_paragraph_that_says_it_is_not_for_the_family_goes_whole(profile: str) -> None:
    line = (
        "A man was named as the source of the cash. Not to be shared with the family or school. It was found on Monday."
    )
    seen = read_by(profile, line)
    assert "cash" not in seen
    assert "Monday" not in seen


@pytest.mark.parametrize(
    "line",
    [
        "These minutes are not to be shared with the family without the chair's permission.",
        "The chair asked whether anything was not to be shared with the family.",
        "Her number is not to be given to the father.",
    ],
)
def test_general_talk_of_sharing_stays(line: str) -> None:
    assert read_by("family_copy", line) == line


def test_a_child_s_wish_that_a_parent_is_not_told_is_kept_from_that_parent() -> None:
    line = "He wants to get back to boxing. He does not want his mum told about the money."
    seen = read_by("family_copy", line)
    assert seen.startswith("He wants to get back to boxing.")
    assert "money" not in seen


def record(*lines: tuple[Role, str], people: tuple[Person, ...]) -> tuple[Document, Detected]:
    """A record of headed parts in which every name of the case was found."""
    text, pieces = "", []
    for number, (role, words) in enumerate(lines):
        level = 1 if role == Role.HEADING else 0
        span = Span(len(text), len(text) + len(words) + 1)
        pieces.append(Piece(span, role, InPackage("word/document.xml", number), level=level))
        text += words + "\n"
    findings = [
        Finding(Span(text.index(person.name), text.index(person.name) + len(person.name)), Label.PERSON, 0.9, "test",
                person=person.id)
        for person in people
        if person.name in text
    ]  # fmt: skip
    document = Document(Kind.DOCX, digest_of(text.encode()), text, tuple(pieces))
    return document, Detected(tuple(sorted(findings, key=lambda finding: finding.span)), people)


@pytest.mark.parametrize("profile", ["family_copy", "third_party_agency"])
def test_another_family_s_case_in_one_record_is_dropped_whole(profile: str) -> None:
    stranger = Person(PersonId("v"), "Manjit Bains", Relation.PARENT)
    people = (MOTHER, CHILD, stranger)
    document, detected = record(
        (Role.HEADING, "Case 1 – ref 031"),
        (Role.BODY, "Robin Vale lives with Ann Vale."),
        (Role.HEADING, "Case 2 – ref 034"),
        (Role.BODY, "Manjit Bains is in a refuge."),
        (Role.HEADING, "Any other business"),
        (Role.BODY, "None."),
        people=people,
    )
    made = plan(document, detected, load_profile(profile), Case("DC-1", people), READERS[profile])
    seen = applied(document, made)
    assert "Robin Vale" in seen
    assert "None." in seen
    assert "refuge" not in seen
    assert "Bains" not in seen
    assert [section.certain for section in made.sections] == [False]


def test_clauses_of_writers_without_capitals_go_singly() -> None:
    line = "passports handed in. robin knows. kit told everyone. mum said thank you"
    kit = Person(PersonId("o"), "Kit Lane", Relation.OTHER_CHILD)
    seen = read_by("family_copy", line, ("kit", Label.PERSON, "o"), people=(MOTHER, CHILD, kit))
    assert seen == "passports handed in. robin knows. [about another child: withheld] mum said thank you"


def test_a_name_linked_to_somebody_not_so_called_is_that_of_the_one_who_is() -> None:
    seen = read_by("family_copy", "Lane came back on foot.", ("Lane", Label.PERSON, "c"), people=(MOTHER, CHILD, OTHER))
    assert "Lane" not in seen


SCREEN = "Father was quiet, holding his phone. Sickle cell trait was recorded on the newborn screen."


def test_what_the_child_s_own_health_record_tells_is_the_child_s() -> None:
    mark = ("Sickle cell trait", Label.SPECIAL, "f")
    people = (MOTHER, FATHER, CHILD)
    assert "Sickle cell trait" in read_by("third_party_agency", SCREEN, mark, people=people)
    for also in ("mother ", "maternal ", "Paul's "):
        told = SCREEN.replace("Sickle", f"{also}Sickle")
        assert "Sickle cell trait" not in read_by("third_party_agency", told, mark, people=people)


def test_a_birthday_of_another_year_is_not_that_of_whom_it_was_linked_to() -> None:
    suspect = Person(PersonId("s"), "Kurt Holland", Relation.ALLEGED_PERPETRATOR, born="1985-09-14")
    line = "Robin said Kurt is kind. Says the true birthday is 9 June {}."
    for year, shown in ((2016, True), (1985, False), (1990, False)):
        text = line.format(year)
        seen = read_by("court_bundle", text, (f"9 June {year}", Label.DOB, "s"), people=(MOTHER, CHILD, suspect))
        assert "9 June" in seen
        seen = read_by("third_party_agency", text, (f"9 June {year}", Label.DOB, "s"), people=(MOTHER, CHILD, suspect))
        assert (f"9 June {year}" in seen) is shown


def test_a_telephone_beside_a_confidential_placement_is_the_placement_s() -> None:
    child = Person(
        PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD, confidential=frozenset({Confidential.PLACEMENT})
    )
    keeper = Person(PersonId("k"), "Tom Carr", Relation.PROFESSIONAL, role="Residential worker")
    text = "Informant Tom Carr, 40 Bay Road, tel 01632 960088.\nWorker Grace Hill, tel 01632 960099."
    seen = read_by(
        "court_bundle",
        text,
        ("40 Bay Road", Label.ADDRESS, "k"),
        ("01632 960088", Label.PHONE, "k"),
        ("01632 960099", Label.PHONE, "n"),
        people=(MOTHER, child, keeper, NURSE),
    )
    assert "960088" not in seen and "Bay Road" not in seen
    assert "01632 960099" in seen


def test_doubtful_initials_of_a_colleague_stay_unless_somebody_protected_has_them() -> None:
    child = Person(PersonId("o"), "Gus Horn", Relation.OTHER_CHILD)
    for people, seen in (((MOTHER, CHILD, NURSE), "By GH."), ((MOTHER, CHILD, NURSE, child), "By [withheld].")):
        assert read_by("family_copy", "By GH.", ("GH", Label.PERSON, "n"), people=people, certain=False) == seen
