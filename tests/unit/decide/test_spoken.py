"""Defends 'the right copy to the right person': of whom a reader is shown to know."""

import pytest

from redactor.decide.spoken import spoken_of
from redactor.model import (
    Audience,
    Case,
    Document,
    InPackage,
    Kind,
    Person,
    PersonId,
    Piece,
    Reader,
    ReaderKind,
    Relation,
    Role,
    Section,
    Span,
    digest_of,
)

PEOPLE = (
    Person(PersonId("m"), "Ann Vale", Relation.PARENT),
    Person(PersonId("a"), "Kurt Holland", Relation.ALLEGED_PERPETRATOR),
    Person(PersonId("b"), "Lee Holland", Relation.ALLEGED_PERPETRATOR),
)
MOTHER = Reader("r1", ReaderKind.PERSON, PersonId("m"), "Ann Vale")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Ann Vale said Kurt would leave.", {"a"}),
        ("Ann agreed that Kurt Holland is not there.", set()),
        ("Kurt does not stay overnight\tAnn\t12 June", {"a"}),
        ("Speak to Kurt and Ann\tWill\t12 June", set()),
        ("Ann was not told about Kurt.", set()),
        ("Police told Ann. Kurt was arrested.", set()),
        ("Ann said so. Kurt was arrested.", set()),
        ("Ann said Holland would leave.", set()),
    ],
)
def test_what_shows_that_a_reader_knows_somebody(text: str, known: set[str]) -> None:
    whole = Piece(Span(0, len(text)), Role.BODY, InPackage("example", 0))
    document = Document(Kind.TEXT, digest_of(text.encode()), text, (whole,))
    assert spoken_of(document, Case("", PEOPLE), (), MOTHER) == known
    closed = (Section(Span(0, len(text)), Audience.CLOSED, "closed"),)
    assert spoken_of(document, Case("", PEOPLE), closed, MOTHER) == frozenset()
    assert spoken_of(document, Case("", PEOPLE), (), Reader("r2", ReaderKind.COURT)) == frozenset()
