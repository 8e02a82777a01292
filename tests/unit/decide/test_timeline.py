"""Defends 'nothing leaks' over a series: one label a person, dates told so that order and durations stay."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redactor.decide.plan import plan
from redactor.decide.timeline import Timeline, with_weekday
from redactor.model import (
    Case,
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
from redactor.policy.profile import Profile, Times
from redactor.pseudonyms import Series, begin_series, continue_series, label_people

CHILD = Person(PersonId("c"), "Robin Vale", Relation.SUBJECT_CHILD)
MOTHER = Person(PersonId("m"), "Ann Vale", Relation.PARENT)
CASE = Case("DC-1", (CHILD, MOTHER))
PUBLIC = Reader("public", ReaderKind.PUBLIC)


def told_by(times: Times) -> Profile:
    return load_profile("learning_review").model_copy(update={"times": times})


def dated(*days: str, people: tuple[Person, ...] = CASE.people) -> tuple[Document, Detected]:
    """A line for each date, and the people named."""
    text, findings = "", []
    for day in days:
        findings.append(Finding(Span(len(text) + 3, len(text) + 3 + len(day)), Label.DATE, 0.9, "test"))
        text += f"On {day} she was seen.\n"
    piece = Piece(Span(0, len(text)), Role.BODY, InPackage("word/document.xml", 0))
    return Document(Kind.TEXT, digest_of(text.encode()), text, (piece,)), Detected(tuple(findings), people)


def words(days: tuple[str, ...], times: Times, series: Series) -> list[str]:
    document, detected = dated(*days)
    timeline = Timeline(document, detected, times, series)
    return [timeline.told(finding) or "" for finding in detected.findings]


@given(
    st.lists(st.dates(date(2015, 1, 1), date(2030, 1, 1)), min_size=2, max_size=6),
    st.integers(-400, -1),
)
def test_shifted_dates_keep_order_and_durations(days: list[date], shift: int) -> None:
    written = tuple(f"{day.day} {day:%B %Y}" for day in days)
    told = words(written, Times(dates="shifted"), Series(shift_days=shift))
    for before, after in zip(days, told, strict=True):
        moved = before + timedelta(days=shift)
        assert after == f"{moved.day} {moved:%B %Y}"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("month_number", ["Month 2", "Month 3", "Month 12", "Month 1", "Month 13"]),
        ("week_number", ["Week 4", "Week 9", "Week 48", "Week 1", "Week 52"]),
    ],
)
def test_dates_without_a_year_are_counted_from_the_first_date(dates: str, expected: list[str]) -> None:
    written = ("3 February 2024", "7th March", "2024-12-04", "10/01/2024", "3 Jan 2025")
    assert words(written, Times.model_validate({"dates": dates}), Series()) == expected


@pytest.mark.parametrize("dates", ["shifted", "month_number"])
def test_a_date_that_cannot_be_read_is_never_told_as_it_stands(dates: str) -> None:
    assert words(("last Michaelmas", "3 May"), Times.model_validate({"dates": dates}), Series(shift_days=-40)) == [
        "a date",
        "a date",
    ]


def test_without_a_key_shifted_dates_are_not_told_at_all() -> None:
    assert words(("3 May 2024",), Times(dates="shifted"), Series()) == ["a date"]


def test_the_weekday_goes_with_its_date() -> None:
    text = "Held on Tuesday 9 June 2026, by video."
    start = text.index("9")
    assert text[with_weekday(text, Span(start, start + 11)).start :].startswith("Tuesday")
    profile = load_profile("learning_review")
    document = Document(
        Kind.TEXT, digest_of(text.encode()), text, (Piece(Span(0, len(text)), Role.BODY, InPackage("x", 0)),)
    )
    found = Detected((Finding(Span(start, start + 11), Label.DATE, 0.9, "test"),), CASE.people)
    decision = plan(document, found, profile, CASE, PUBLIC).decisions[0]
    assert text[decision.span.start : decision.span.end] == "Tuesday 9 June 2026"
    assert decision.replacement == "[June 2026]"


def test_a_series_moves_the_dates_of_all_its_documents_alike() -> None:
    series = begin_series()
    profile = told_by(Times(dates="shifted"))
    shown = []
    for day in ("3 May 2024", "5 May 2024"):
        document, detected = dated(day)
        shown.append(plan(document, detected, profile, CASE, PUBLIC, series).decisions[0].replacement.strip("[]"))
    moved = [date(2024, 5, day) + timedelta(days=series.shift_days) for day in (3, 5)]
    assert shown == [f"{day.day} {day:%B %Y}" for day in moved]
    assert -331 <= series.shift_days <= -31


@given(st.permutations([Relation.SUBJECT_CHILD, Relation.SIBLING, Relation.PARENT, Relation.PARENT, Relation.FAMILY]))
def test_labels_stay_when_documents_and_people_are_added(relations: list[Relation]) -> None:
    stranger = Person(PersonId("x1"), "Sam Tewkes", Relation.UNKNOWN)
    document, detected = dated("3 May 2024", people=(*CASE.people, stranger))
    series = continue_series(begin_series(), document, detected, CASE)
    first = {person.name: label_people(document, detected, CASE, series)[person.id].own for person in detected.people}
    others = tuple(
        Person(PersonId(f"n{number}"), f"Name{number} Grey", relation) for number, relation in enumerate(relations)
    )
    grown = Case("DC-1", (*others, *CASE.people))
    later = Person(PersonId("x7"), "Sam Tewkes", Relation.UNKNOWN)
    document, detected = dated("9 May 2024", people=(*grown.people, later))
    again = label_people(document, detected, grown, continue_series(series, document, detected, grown))
    assert {person.name: again[person.id].own for person in (*CASE.people, later)} == first
    unlike = [label.own for identity, label in again.items() if identity not in ("x7",)]
    assert len(set(unlike)) == len(unlike)


def test_no_initial_is_the_person_s_own_or_rare() -> None:
    people = tuple(
        Person(PersonId(f"c{n}"), f"{letter}ana Bell", Relation.SUBJECT_CHILD) for n, letter in enumerate("ABCDEFG")
    )
    document, detected = dated("3 May 2024", people=people)
    for person in people:
        letter = label_people(document, detected, Case("DC-1", people))[person.id].own.removeprefix("Child ")
        assert letter[0] not in {person.name[0], "B"}
        assert not set(letter) & set("QXZUVYIO")
