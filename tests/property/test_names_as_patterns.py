"""ASVS 1.2.9: a name is never a pattern: whatever a register says, reading neither breaks nor finds more for it."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from redactor import detect, pipeline
from redactor.model import Case, Document, InText, Kind, Person, PersonId, Piece, Relation, Role, Span, digest_of

TEXT = "The bridge was closed on the day when the wind rose. Nobody was hurt and the road opened again."
META = st.text(st.sampled_from("()[]{}*+?.^$|\\#&~-ab "), min_size=1, max_size=16)
TOOLS = pipeline.Tools(detect.load())


def document(text: str) -> Document:
    return Document(Kind.TEXT, digest_of(text.encode()), text, (Piece(Span(0, len(text)), Role.BODY, InText(0)),))


@given(META, META)
@example(".*", "b.*")
@example("(", "[a-z]+")
@settings(max_examples=40, deadline=None)
def test_names_of_signs_are_taken_as_they_stand(first: str, second: str) -> None:
    people = (
        Person(PersonId("p1"), f"{first} {second}", Relation.SUBJECT_CHILD, aliases=(second,)),
        Person(PersonId("p2"), f"X{first}", Relation.PARENT),
    )
    found = pipeline.find(document(TEXT), Case("DC-1", people), TOOLS)
    marked = {TEXT[finding.span.start : finding.span.end] for finding in found.findings}
    assert all(any(word in (first + second) for word in text.split()) for text in marked), marked
