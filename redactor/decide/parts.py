"""Records of several families: the parts about a family that is not the reader's.

A panel, tactical or MARAC record goes through its cases one by one. Where a case's part names nobody of those whom
the reader's own parts are about, it is another family's (domain rules 1.4 A and C: other families are dropped).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from redactor.decide.passages import Named
from redactor.model import Audience, Case, Document, Person, PersonId, Reader, ReaderKind, Relation, Role, Section, Span

_CASE_HEADING = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s*)?(?:case|referral|nominal|family|child|young person)\s+"
    r"(?:no\.?\s*|number\s*)?(?:\d{1,3}|[A-Z])\b",
    re.IGNORECASE,
)
_LONGEST = 120  # characters of a heading
_OURS = (Relation.SUBJECT_CHILD, Relation.SIBLING, Relation.PARENT, Relation.FAMILY)


def of_other_families(document: Document, case: Case, reader: Reader, known: Iterable[Section]) -> list[Section]:
    """Return the cases of a record that are not the reader's, outside sections that are marked already.

    Nothing is returned where no part names the reader: then nobody can tell which part is theirs.
    """
    parts = _case_parts(document)
    readers = {reader.person} if reader.kind == ReaderKind.PERSON else set(reader.works_with)
    if len(parts) <= 1 or not readers - {None}:
        return []
    named = Named(case)
    people = [_named_in(document.text, part, named) for part in parts]
    mine = {number for number, there in enumerate(people) if any(person.id in readers for person in there)}
    ours = {
        person.id for number in mine for person in people[number] if person.relation in _OURS or person.id in readers
    }
    taken = [section.span for section in known]
    return [
        Section(part, Audience.OTHER_FAMILY, "a case of the record that names nobody of the reader's family")
        for number, part in enumerate(parts)
        if mine and number not in mine and not ours & _ids(people[number]) and not any(map(part.overlaps, taken))
    ]


def _ids(people: Iterable[Person]) -> set[PersonId]:
    return {person.id for person in people}


def _named_in(text: str, part: Span, named: Named) -> list[Person]:
    """Return the people whose name stands in a part; a word that two bear counts for both."""
    return [person for people in named.within(text, part) for person in people]


def _case_parts(document: Document) -> list[Span]:
    """Return from each heading of a case to the next heading."""
    headings = [piece for piece in document.pieces if piece.role == Role.HEADING and len(piece.span) <= _LONGEST]
    starts = [piece.span.start for piece in headings]
    parts = []
    for number, piece in enumerate(headings):
        if _CASE_HEADING.match(document.text[piece.span.start : piece.span.end]):
            later = (
                s
                for s, other in zip(starts[number + 1 :], headings[number + 1 :], strict=True)
                if other.level <= piece.level
            )
            parts.append(Span(piece.span.start, next(later, len(document.text))))
    return parts
