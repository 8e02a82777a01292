"""Who each mention is. Defends the second promise (the right copy to the right person)."""

from __future__ import annotations

import re
import sys

import pytest

from redactor.link import identify
from redactor.link.parts import compare, parse
from redactor.model import Case, Detected, Document, Finding, Label, Person, PersonId, Relation, Span
from tests.unit.detect.texts import document

CASE = Case(
    people=(
        Person(PersonId("p1"), "Oliwia Nowak-Pike", Relation.SUBJECT_CHILD, ("Olivia",)),
        Person(PersonId("p2"), "Beverley Pike", Relation.FAMILY),
        Person(PersonId("p3"), "Bev Stubbs", Relation.PROFESSIONAL),
        Person(PersonId("p4"), "Will Marsh", Relation.PROFESSIONAL),
        Person(PersonId("p5"), "Dawid Nowak", Relation.PARENT),
    )
)


def linked(doc: Document, *marks: tuple[str, Label], case: Case = CASE) -> Detected:
    """Mark every place of each word, in order of the text, and link."""
    findings: list[Finding] = []
    for words, label in sorted(marks, key=lambda mark: -len(mark[0])):
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", doc.text):
            span = Span(match.start(), match.end())
            if not any(each.span.overlaps(span) for each in findings):
                findings.append(Finding(span, label, 0.9, "test"))
    return identify(tuple(sorted(findings, key=lambda each: each.span)), doc, case, ())


def names(doc: Document, *people: str, case: Case = CASE) -> list[tuple[str, str | None, bool]]:
    found = linked(doc, *((name, Label.PERSON) for name in people), case=case)
    return [(doc.text[each.span.start : each.span.end], each.person, each.certain) for each in found.findings]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oliwia Nowak-Pike", "Oliwia NOWAK-PIKE"), ("TROTT, Lee Michael", "Lee Trott"), ("Bev Pike", "Beverley Pike"),
        ("S. Rai", "Sunita Rai"), ("Dave Zielinski", "Dawid Zieliński"), ("NGUYEN Van Duc", "Duc Nguyen"),
        ("WM", "Will Marsh"), ("Kasper", "Kacper Nowak"), ("Mrs Winter", "Jean Winter"),
    ],
)  # fmt: skip
def test_forms_of_one_name(one: str, other: str) -> None:
    assert compare(parse(one), parse(other)) >= 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bev Stubbs", "Beverley Pike"),
        ("Lam", "Kirsty Lamb"),
        ("Emma Ford", "Ella Ford"),
        ("WM", "Wendy Price"),
        ("Max Tilley", "Max Reed"),
    ],
)
def test_names_of_two_people(one: str, other: str) -> None:
    assert compare(parse(one), parse(other)) < 0.68


def test_full_names_short_names_and_initials_reach_the_person_of_the_case() -> None:
    doc = document("Will Marsh spoke. Olivia listened. WM agreed with Mr Nowak.")
    assert [person for _, person, _ in names(doc, "Will Marsh", "Olivia", "WM", "Nowak")] == ["p4", "p1", "p4", "p5"]


def test_two_people_with_one_first_name_stay_two_and_the_bare_name_is_in_doubt() -> None:
    doc = document("Bev Pike came. Bev Stubbs (HV) came. Bev left.")
    found = names(doc, "Bev Pike", "Bev Stubbs", "Bev")
    assert [person for _, person, _ in found[:2]] == ["p2", "p3"]
    assert found[-1][2] is False


def test_unknown_people_get_ids_in_order_and_keep_them() -> None:
    doc = document("Zara Quill met Tom Brandt. Quill left and Brandt stayed.")
    wanted = ["x1", "x2", "x1", "x2"]
    assert [person for _, person, _ in names(doc, "Zara Quill", "Tom Brandt", "Quill", "Brandt", case=Case())] == wanted
    assert names(doc, "Zara Quill", "Tom Brandt", case=Case()) == names(doc, "Zara Quill", "Tom Brandt", case=Case())


@pytest.mark.parametrize(
    ("lines", "name", "relation"),
    [
        (
            ([["Name", "Role", "Agency"], ["Zara Quill", "Social Worker", "Dorset Council"]],),
            "Zara Quill",
            Relation.PROFESSIONAL,
        ),
        (("PC Quill attended.",), "Quill", Relation.PROFESSIONAL),
        (("Zara Quill, Health Visitor, agreed.",), "Zara Quill", Relation.PROFESSIONAL),
        (("His mother Zara rang.",), "Zara", Relation.PARENT),
        (("Her friend Zara rang.",), "Zara", Relation.OTHER_CHILD),
        (([["Child", "DOB"], ["Zara Quill", "02/09/2016"]],), "Zara Quill", Relation.SUBJECT_CHILD),
        (("Somebody called Zara rang.",), "Zara", Relation.UNKNOWN),
    ],
)
def test_relation_is_suggested_with_its_evidence_and_in_doubt(
    lines: tuple[str, ...], name: str, relation: Relation
) -> None:
    found = linked(document(*lines), (name, Label.PERSON), case=Case())
    (person,) = found.people
    assert (person.id, person.relation, person.certain) == ("x1", relation, False)
    assert person.why and name not in person.why


@pytest.mark.parametrize(
    ("lines", "detail", "label"),
    [
        (([["Child", "DOB"], ["Oliwia Nowak-Pike", "02/09/2016"]],), "02/09/2016", Label.DOB),
        (("Oliwia Nowak-Pike (02/09/2016) came.",), "02/09/2016", Label.DOB),
        (("Oliwia Nowak-Pike lives at 3 Hill Road.",), "3 Hill Road", Label.ADDRESS),
        (
            ("Oliwia Nowak-Pike is here. Write to oliwia.pike@school.example.",),
            "oliwia.pike@school.example",
            Label.EMAIL,
        ),
    ],
)
def test_detail_belongs_to_the_person_beside_it(lines: tuple[str, ...], detail: str, label: Label) -> None:
    found = linked(document(*lines), ("Oliwia Nowak-Pike", Label.PERSON), (detail, label))
    assert [each.person for each in found.findings if each.label is label] == ["p1"]


def test_detail_after_a_kin_word_belongs_to_that_relative() -> None:
    doc = document(
        [["Present", "Role"], ["Zara Quill", "Mother"], ["Tom Brandt", "Social Worker"]],
        "Tom Brandt rang. Mum's mobile 07700 900417.",
    )
    found = linked(
        doc, ("Zara Quill", Label.PERSON), ("Tom Brandt", Label.PERSON), ("07700 900417", Label.PHONE), case=Case()
    )
    assert [each.person for each in found.findings if each.label is Label.PHONE] == ["x1"]


def test_people_of_the_case_are_listed_first_with_their_mentions_counted() -> None:
    found = linked(
        document("Will Marsh met Zara Quill. Marsh left."),
        ("Will Marsh", Label.PERSON),
        ("Zara Quill", Label.PERSON),
        ("Marsh", Label.PERSON),
    )
    assert [person.id for person in found.people] == ["p1", "p2", "p3", "p4", "p5", "x1"]
    assert found.person("p4").mentions == 2  # type: ignore[union-attr]


def test_private_detail_in_a_professionals_sentence_is_not_theirs() -> None:
    found = linked(
        document("Dawid Nowak spoke. Bev Stubbs said he has asthma.", "Will Marsh reported that Oliwia has eczema."),
        ("Dawid Nowak", Label.PERSON),
        ("Bev Stubbs", Label.PERSON),
        ("Will Marsh", Label.PERSON),
        ("Oliwia", Label.PERSON),
        ("asthma", Label.SPECIAL),
        ("eczema", Label.SPECIAL),
    )
    assert [finding.person for finding in found.findings if finding.label is Label.SPECIAL] == ["p5", "p1"]


def test_stranger_with_an_age_under_18_is_another_familys_child() -> None:
    found = linked(
        document("Mia (14) stays too, and so does Tom (41)."),
        ("Mia", Label.PERSON),
        ("Tom", Label.PERSON),
        ("14", Label.AGE),
        ("41", Label.AGE),
    )
    assert [person.relation for person in found.people if person.id.startswith("x")] == [
        Relation.OTHER_CHILD,
        Relation.UNKNOWN,
    ]


def test_name_in_brackets_is_the_same_persons() -> None:
    doc = document('WONG Tsz Ching ("Chloe") came. Chloe left.')
    assert [person for _, person, _ in names(doc, "WONG Tsz Ching", "Chloe", case=Case())] == ["x1", "x1", "x1"]


def test_short_name_in_capitals_is_a_name_and_no_initials() -> None:
    doc = document("NGUYEN Van Duc is missing. DUC WAS SEEN AT TEN.")
    assert [person for _, person, _ in names(doc, "NGUYEN Van Duc", "DUC", case=Case())] == ["x1", "x1"]


STRANGERS = Case()


@pytest.mark.parametrize(
    ("line", "people", "persons"),
    [
        ("Gary Holt left. Fiona Holt sat. Mrs Holt ate.", ("Gary Holt", "Fiona Holt", "Holt"), ["x1", "x2", "x2"]),
        ("Gary Holt left. Fiona Holt sat. Mr Holt ate.", ("Gary Holt", "Fiona Holt", "Holt"), ["x1", "x2", "x1"]),
        ("Mia Holt (9) is ill. Gary Holt (41) came. Holt ate.", ("Mia Holt", "Gary Holt", "Holt"), ["x1", "x2", "x2"]),
        ("Ann and Huw Morris came. Kelly-Ann Price left. Ann sat.",
         ("Huw Morris", "Kelly-Ann Price", "Ann"),
         ["x1", "x2", "x3", "x1"]),
        ("Gethin Price came. Geth sat down.", ("Gethin Price", "Geth"), ["x1", "x1"]),
        ("Costel Popa came. She calls for costi.", ("Costel Popa", "costi"), ["x1", "x1"]),
        ("Tyler-James Wills is late, and TJ knows; tj left.", ("Tyler-James Wills", "TJ", "tj"), ["x1", "x1", "x1"]),
        ("Sol Reed, known as Romeo, came. Romeo left.", ("Sol Reed", "Romeo"), ["x1", "x1", "x1"]),
        ("Ida Moss (née Thorn) came.", ("Ida Moss", "Thorn"), ["x1", "x1"]),
        ("Jade (Jade Hooper, her worker) came. Jade Rawles left.",
         ("Jade Hooper", "Jade Rawles", "Jade"), ["x1", "x1", "x2"]),
        ("Ian Constable called. DC Constable rang.", ("Ian Constable", "Constable"), ["x1", "x1"]),
        ("Tom Early came. Anjali Thomas left. Tom sat.", ("Tom Early", "Anjali Thomas", "Tom"), ["x1", "x2", "x1"]),
        ("Dr Fiona Be1lo signed. Ms Bello agreed.", ("Fiona Be1lo", "Bello"), ["x1", "x1"]),
    ],
)  # fmt: skip
def test_who_is_meant_by_a_short_or_a_second_name(line: str, people: tuple[str, ...], persons: list[str]) -> None:
    found = names(document(line), *people, *(("Ann",) if "Ann and" in line else ()), case=STRANGERS)
    assert [person for _, person, _ in found] == persons


def test_juniors_and_seniors_stay_two() -> None:
    doc = document("Craig Holt Snr came with Craig Holt Jnr. Craig Snr left.")
    found = names(doc, "Craig Holt Snr", "Craig Holt Jnr", "Craig Snr", case=STRANGERS)
    assert [person for _, person, _ in found] == ["x1", "x2", "x1"]


def test_the_rows_of_a_form_are_about_one_person() -> None:
    doc = document([["First name(s)", "Shania Mary"], ["Surname", "Lock"], ["Also known as", "Shan"]])
    found = names(doc, "Shania Mary", "Lock", "Shan", case=STRANGERS)
    assert {person for _, person, _ in found} == {"x1"}


def test_a_bare_name_is_that_of_the_one_in_the_same_paragraph_or_spoken_of_far_more() -> None:
    much = ["Summer Reed came.", "Summer Reed sat.", "Summer Reed ate.", "Summer Reed left."]
    doc = document(*much, "Summer Tuck was there and Summer smiled.", "Summer went home.")
    found = names(doc, "Summer Reed", "Summer Tuck", "Summer", case=STRANGERS)
    assert [person for words, person, _ in found if words == "Summer"] == ["x2", "x1"]
    assert all(not certain for words, _, certain in found if words == "Summer")


def test_a_guess_by_a_pet_form_is_marked() -> None:
    doc = document("Manpreet Kaur came. Mani left.")
    assert [certain for _, _, certain in names(doc, "Manpreet Kaur", "Mani", case=STRANGERS)] == [True, False]


FAMILY = Case(
    people=(
        Person(PersonId("c1"), "Maya Rowan", Relation.SUBJECT_CHILD),
        Person(PersonId("m1"), "Shanice Rowan", Relation.PARENT),
        Person(PersonId("f1"), "Robert Bell", Relation.PARENT),
        Person(PersonId("g1"), "Pauline Rowan", Relation.FAMILY, ("Nan",)),
        Person(PersonId("o1"), "Kayleigh Dunmore", Relation.OTHER_CHILD),
    )
)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("The review is in June. Mum's mobile is 07700 900318.", "m1"),
        ("Mother's number: 07700 900318", "m1"),
        ("Ring the mobile of dad: 07700 900318", "f1"),
        ("Nan's landline is 07700 900318.", "g1"),
        ("Maya's mum's mobile is 07700 900318.", "m1"),
        ("Kayleigh's mum's mobile is 07700 900318.", None),
        ("Her mum's mobile is 07700 900318.", None),
        ("Kayleigh Dunmore was there. Mum's mobile is 07700 900318.", None),
        ("Foster mother's number: 07700 900318", None),
    ],
)
def test_a_kin_word_means_the_parent_in_the_register_but_never_anothers(text: str, owner: str | None) -> None:
    people = [(name, Label.PERSON) for name in ("Maya", "Kayleigh Dunmore", "Kayleigh")]
    found = linked(document(text), *people, ("07700 900318", Label.PHONE), case=FAMILY).findings
    phone = next(each for each in found if each.label is Label.PHONE)
    assert (phone.person == owner) if owner else (phone.person not in {"m1", "f1"})


def test_a_kin_word_means_nobody_where_the_sex_of_a_parent_is_not_told() -> None:
    parents = tuple(
        Person(PersonId(each), name, Relation.PARENT) for each, name in (("m1", "Jane Roe"), ("q1", "Xq Roe"))
    )
    found = linked(document("Mum's mobile is 07700 900318."), ("07700 900318", Label.PHONE), case=Case(people=parents))
    assert found.findings[0].person is None
    found = linked(document("Dad's mobile is 07700 900318."), ("07700 900318", Label.PHONE), case=Case(people=parents))
    assert found.findings[0].person == "q1"


def test_the_work_on_one_endless_line_grows_as_its_length_does() -> None:
    """A hostile or badly converted file may hold all its words on one line; calls are counted, not seconds."""
    people = ("Oliwia Nowak-Pike", "Bev Stubbs", "Will Marsh", "Beverley", "Dawid Nowak", "Ann Cole")
    sentence = "Oliwia Nowak-Pike saw Bev Stubbs and Will Marsh; Beverley rang Dawid Nowak and Ann Cole. "

    def work(times: int) -> int:
        doc, calls = document(sentence * times), 0
        marked = linked(doc, *((name, Label.PERSON) for name in people)).findings

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            identify(marked, doc, CASE, ())
        finally:
            sys.setprofile(None)
        return calls

    assert work(80) < 2.5 * work(40)


def test_a_home_that_the_family_lets_is_the_child_s_and_not_the_lodger_s() -> None:
    doc = document("The family let a room at 3 Wyke Cottages to Denny Loft from May.")
    found = linked(doc, ("Denny Loft", Label.PERSON), ("3 Wyke Cottages", Label.ADDRESS))
    assert [each.person for each in found.findings if each.label is Label.ADDRESS] == ["p1"]
    theirs = document("He lodges at 3 Wyke Cottages, Denny Loft says.")
    found = linked(theirs, ("Denny Loft", Label.PERSON), ("3 Wyke Cottages", Label.ADDRESS))
    assert [each.person for each in found.findings if each.label is Label.ADDRESS] == ["x1"]


def test_a_colleague_s_title_outweighs_what_the_given_name_usually_is() -> None:
    case = Case(
        people=(
            Person(PersonId("p1"), "Oliwia Pike", Relation.SUBJECT_CHILD),
            Person(PersonId("p2"), "Robin Swift", Relation.PROFESSIONAL),
        )
    )
    assert names(document("Ms Swift said so."), "Swift", case=case) == [("Swift", "p2", True)]


TWO = Case(
    people=(
        Person(PersonId("c"), "Reggie-Jay Vale", Relation.SUBJECT_CHILD),
        Person(PersonId("m"), "Jade Vale", Relation.PARENT),
        Person(PersonId("f"), "Kian Moor", Relation.PARENT),
    )
)


@pytest.mark.parametrize(
    ("line", "detail", "label", "owner"),
    [
        ("Reggie was fed, Jade held him. He has reflux.", "reflux", Label.SPECIAL, "c"),
        ("Reggie was fed, Jade held him. She has reflux.", "reflux", Label.SPECIAL, "m"),
        ("Kian kissed Jade. He has got a corsa, FE12 WDU.", "FE12 WDU", Label.VEHICLE_REG, "f"),
        ("Kian followed Jade in a blue Golf, FE12 WDU.", "FE12 WDU", Label.VEHICLE_REG, "f"),
        ("Jade was followed by Kian in a blue Golf, FE12 WDU.", "FE12 WDU", Label.VEHICLE_REG, "f"),
        ("Jade rang. Delete the old one, 07700 900807, it is dad's now.", "07700 900807", Label.PHONE, "f"),
        ("Knocked at 31 Low Row, no answer.", "31 Low Row", Label.ADDRESS, "c"),
    ],
)
def test_whose_a_detail_is_by_what_its_sentence_says(line: str, detail: str, label: Label, owner: str) -> None:
    doc = document(line)
    people = [(name, Label.PERSON) for name in ("Reggie", "Jade", "Kian") if name in line]
    found = linked(doc, *people, (detail, label), case=TWO)
    assert [each.person for each in found.findings if each.label is label] == [owner]


def test_a_title_means_the_carer_and_a_baby_is_no_professional() -> None:
    case = Case(
        people=(
            Person(PersonId("p1"), "Tunde King", Relation.FOSTER_CARER),
            Person(PersonId("p2"), "Ifeoluwa King", Relation.SUBJECT_CHILD),
            Person(PersonId("p3"), "Unborn baby Pike", Relation.SUBJECT_CHILD),
            Person(PersonId("p4"), "Beverley Pike", Relation.PROFESSIONAL),
        )
    )
    doc = document("Mr King was at home.", "Unborn baby Pike is due in July.")
    assert [person for _, person, _ in names(doc, "King", "Pike", case=case)] == ["p1", "p3"]


def test_a_school_year_after_a_name_tells_a_child() -> None:
    case = Case(
        people=(
            Person(PersonId("p1"), "Craig McAllister Snr", Relation.PARENT),
            Person(PersonId("p2"), "Craig McAllister", Relation.SUBJECT_CHILD),
        )
    )
    doc = document("C McAllister (Y7) was excluded.")
    found = linked(doc, ("C McAllister", Label.PERSON), ("Y7", Label.SCHOOL_YEAR), case=case)
    assert found.findings[0].person == "p2"
