"""What was found, whom it is about, and what the case file knew beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model.document import Span
from redactor.model.words import UNKNOWN_READER, Audience, Confidential, Label, PersonId, ReaderKind, Relation


@dataclass(frozen=True, slots=True)
class Finding:
    """One detail about somebody, found at one place.

    Args:
        score: 0 to 1; policy, not the detector, decides what is too low.
        source: which detector found it.
        why: a plain sentence for the reviewer, without document text.
        person: whom it is about, once linked.
        certain: False where the link or the label is in doubt and a person should look.
    """

    span: Span
    label: Label
    score: float
    source: str
    why: str = ""
    person: PersonId | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record and who was in the room for it."""

    span: Span
    audience: Audience
    why: str
    withheld_by: str | None = None
    withheld_from: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One human being across the document and the case."""

    id: PersonId
    name: str
    relation: Relation = Relation.UNKNOWN
    aliases: tuple[str, ...] = ()
    role: str | None = None
    agency: str | None = None
    born: str | None = None
    deceased: bool = False
    confidential: frozenset[Confidential] = frozenset()
    contact_unsafe: bool = False
    certain: bool = True
    why: str = ""
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a copy is made.

    Args:
        key: the key in the case file's ``recipients``, or a person id, or ``unknown``.
        works_with: for an agency, the people it already works with.
    """

    key: str = UNKNOWN_READER
    kind: ReaderKind = ReaderKind.UNKNOWN
    person: PersonId | None = None
    name: str = ""
    purpose: str = ""
    works_with: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """A section marked by hand in the case file, from some words to some words."""

    starts_with: str
    ends_with: str
    audience: Audience
    withheld_by: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What is known before the document is read."""

    reference: str = ""
    people: tuple[Person, ...] = ()
    readers: tuple[Reader, ...] = ()
    sections: tuple[MarkedRegion, ...] = ()

    def person(self, key: str | None) -> Person | None:
        """Return the person with this id, if the case knows them."""
        return next((person for person in self.people if person.id == key), None)


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found and who it is about: the linked findings, the people and the sections.

    Args:
        findings: sorted, not overlapping.
        people: the case's people who are mentioned or known, then the unknown ones (x1, x2, ...).
        sections: sorted, not overlapping, only those that are not open.
    """

    findings: tuple[Finding, ...]
    people: tuple[Person, ...]
    sections: tuple[Section, ...] = ()

    def person(self, key: str | None) -> Person | None:
        """Return the person with this id."""
        return next((person for person in self.people if person.id == key), None)
