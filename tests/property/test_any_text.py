"""Detection, sections and linking on any text at all: no crash, and every span is a stretch of the text.

Defends the first promise (nothing leaks): a span that slips, or an error on odd characters, leaves a name standing.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.detect import Detector, find, load
from redactor.detect.names import NameModel
from redactor.link import identify
from redactor.model import Case, Cell, Digest, Document, InText, Kind, Person, PersonId, Piece, Relation, Role, Span
from redactor.sections import find as find_sections

NAMED = ("Mrs Banks", "TROTT, Lee", "will is here", "O.B.", "(SK)", "'Ghost'", "known as", "A.", "Mac", "e.g.", "Ⅻ")
TOLD = (
    "born 3/4/2019",
    "07700 900118",
    "lives at 4 Elm Road, DT4 9QX",
    "[Closed session]",
    "Not to be shared with family",
)
ODD = (
    "\u202eDavid\u202c",
    "Ja\u0301nos",
    "O\u2019Neill",
    "\u200bA\u200bda",
    "Zo\u00eb\u00ad-Lee",
    "e\u0301\u0302",
    "\u0130stanbul",
    "\ufb01eld",
)
OTHER = (
    "محمد",
    "שרה",
    "王芳",
    "ผู้ใหญ่",
    "👩‍👧",
    "\ufeff",
    "\u2028",
    "\x0b",
    "\t",
    "\n",
    " | ",
    "...",
    "From: A <a@b.example>",
)
FRAGMENTS = st.sampled_from([*NAMED, *TOLD, *ODD, *OTHER])
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=14).map(" ".join)
ROLES = st.sampled_from([Role.BODY, Role.HEADING, Role.TABLE_CELL, Role.COMMENT, Role.FOOTER, Role.LIST_ITEM])
CASE = Case(
    people=(
        Person(PersonId("p1"), "Ada O'Neill-Banks", Relation.SUBJECT_CHILD, ("Ada", "王芳", "")),
        Person(PersonId("p2"), "Zoë", Relation.PARENT),
    )
)


@cache
def detector() -> Detector:
    return load()


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Paragraphs and cells of any characters, as any reader of files could hand them on."""
    text, pieces = "", []
    for number, words in enumerate(draw(st.lists(TEXTS, min_size=1, max_size=6))):
        role = draw(ROLES)
        start = len(text)
        text += words + draw(st.sampled_from(["\n", "\t", "\r\n", ""]))
        cell = Cell(0, number // 2, number % 2) if role is Role.TABLE_CELL else None
        pieces.append(Piece(Span(start, len(text)), role, InText(number), cell, 1 if role is Role.HEADING else 0))
    return Document(draw(st.sampled_from(list(Kind))), Digest("sha256:" + "0" * 64), text, tuple(pieces))


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_finding_and_section_is_a_stretch_of_the_text(document: Document) -> None:
    sections = find_sections(document, CASE)
    detected = identify(find(document, CASE, detector()), document, CASE, sections)
    for spans in ([each.span for each in detected.findings], [each.span for each in detected.sections]):
        assert all(0 <= span.start < span.end <= len(document.text) for span in spans)
        assert all(before.end <= after.start for before, after in pairwise(spans))
    known = {person.id for person in detected.people}
    assert all(finding.person is None or finding.person in known for finding in detected.findings)


@settings(max_examples=60, deadline=None)
@given(documents())
def test_the_same_text_gives_the_same_findings(document: Document) -> None:
    assert find(document, CASE, detector()) == find(document, CASE, detector())


def test_a_long_text_is_read_in_stretches_without_losing_a_word() -> None:
    names: NameModel = detector().names
    line = "The worker saw Olu Bright at home and spoke with her.\n"
    text = line * 1300 + "no line end here " * 300
    words = names.words(text)
    assert [text[a:b].lower() for a, b in words.bounds.tolist()[:5]] == ["the", "worker", "saw", "olu", "bright"]
    assert all(before[1] <= after[0] for before, after in pairwise(words.bounds.tolist()))
    assert "".join(text[a:b] for a, b in words.bounds.tolist()) == "".join(text.split())
    assert sum(span.label == "PERSON" for span in names.spans(text)) == 1300
