"""Defends 'nothing leaks': cover and schedule list every redaction with its reason and hint at none."""

import hashlib
import io

import docx
from docx.oxml.ns import qn

from redactor import decide
from redactor.model import (
    Case,
    CopyMark,
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
from redactor.render import furniture

TEXT = "Kit Lane: notes..\nJean Winter rang on Monday.\nchecked by me\n"
PEOPLE = (
    Person(PersonId("o"), "Kit Lane", Relation.OTHER_CHILD),
    Person(PersonId("n"), "Jean Winter", Relation.REFERRER),
    Person(PersonId("m"), "Ann Vale", Relation.PARENT),
)
DOCUMENT = Document(
    Kind.DOCX,
    digest_of(TEXT.encode()),
    TEXT,
    (
        Piece(Span(0, 18), Role.BODY, InPackage("d", 0)),
        Piece(Span(18, 46), Role.BODY, InPackage("d", 1)),
        Piece(Span(46, 60), Role.COMMENT, InPackage("c", 0)),
    ),
)
DETECTED = Detected(
    (
        Finding(Span(0, 8), Label.PERSON, 1.0, "test", person=PersonId("o")),
        Finding(Span(18, 29), Label.PERSON, 1.0, "test", person=PersonId("n")),
    ),
    PEOPLE,
)
CASE = Case("DC-1", PEOPLE)
READER = Reader("r1", ReaderKind.PERSON, PersonId("m"), "Ann Vale")
PROFILE = load_profile("family_copy")
PLAN = decide.plan(DOCUMENT, DETECTED, PROFILE, CASE, READER)
MARK = CopyMark("Ann Vale", "1 of 1", "2024-06-01", "OFFICIAL-SENSITIVE", "DC-1", draft=True)


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_served_schedule_lists_all_and_hints_at_none() -> None:
    text = words(furniture.schedule(DOCUMENT, PLAN))
    assert text.count("paragraph 1") == 1 and text.count("paragraph 2") == 1
    assert "This is personal information about somebody else." in text
    for hint in ("Kit", "Winter", "Monday", "referrer", "confidence", "TP", "PERSON", "sha256", "checked by me"):
        assert hint not in text


def test_internal_schedule_has_codes_rules_and_hashes() -> None:
    text = words(furniture.schedule(DOCUMENT, PLAN, internal=True))
    assert "TP-CONF" in text and "WORK" in text and "another family's child" in text
    assert hashlib.sha256(f"{DOCUMENT.digest}\nKit Lane".encode()).hexdigest() in text
    assert "Kit" not in text and "Winter" not in text


def test_cover_says_who_it_is_for_and_whom_to_ask() -> None:
    text = words(furniture.cover(DOCUMENT, PLAN, PROFILE, CASE, READER, MARK))
    for line in ("Ann Vale", "1 of 1", "Partial copy", "ask the chair", "10 working days", "Family copy"):
        assert line in text
    assert "Winter" not in text and "confidence" not in text
