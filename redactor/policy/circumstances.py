"""What is so for a whole document and reader, looked up once: what is confidential, who is told of whom already."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redactor.model import (
    Confidential,
    Detected,
    Document,
    Label,
    Person,
    PersonId,
    Reader,
    ReaderKind,
    Relation,
    Span,
)
from redactor.policy.vocabulary import covered, services_of, wordings_of

_FAMILY = (Relation.SUBJECT_CHILD, Relation.SIBLING)
_AT_HOME = (*_FAMILY, Relation.PARENT, Relation.FAMILY)
_PROTECTED = (Relation.OTHER_CHILD, Relation.REFERRER)
HOME = (Label.ADDRESS, Label.POSTCODE)
CONTACT = (Label.ADDRESS, Label.POSTCODE, Label.PHONE, Label.EMAIL)
_RESIDENCE = "residence"  # wording of templates/vocabulary.yaml
_SALUTATION = re.compile(r"^Dear [^\n]{1,80}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is so for a whole document and reader, looked up once.

    Args:
        addressed_to_reader: the document is a letter to the reader.
        danger: a parent of the case has no safe contact.
        protected_names: surnames of other families' children and of sources, in lower case.
        services: what the reading agency does.
        hidden: what is confidential about somebody other than the reader.
        home_hidden: somebody of the family other than the reader has a confidential address.
        hidden_values: the confidential contact details themselves; they are so in whosever row they stand.
        placement_lines: lines in which the address or name of a confidential placement stands.
        spoken_of: people of whom the reader speaks in an open part, or who stand in an action that the reader owns.
    """

    addressed_to_reader: bool
    danger: bool
    protected_names: frozenset[str]
    services: frozenset[str]
    hidden: frozenset[Confidential] = frozenset()
    home_hidden: bool = False
    hidden_values: frozenset[tuple[Label, str]] = frozenset()
    placement_lines: tuple[Span, ...] = ()
    spoken_of: frozenset[PersonId] = frozenset()


def surname(person: Person) -> str:
    """Return the last word of a person's name in lower case; empty where there is only one."""
    words = person.name.split("(")[0].split()
    return words[-1].casefold() if len(words) > 1 else ""


def circumstances(
    document: Document, detected: Detected, reader: Reader, spoken_of: frozenset[PersonId] = frozenset()
) -> Circumstances:
    """Look up what is so for a whole document and reader.

    Args:
        spoken_of: whom the reader is shown to know.
    """
    own = {surname(person) for person in detected.people if person.relation in _FAMILY}
    protected = {surname(person) for person in detected.people if person.relation in _PROTECTED}
    return Circumstances(
        addressed_to_reader=_addressed(document, detected, reader),
        danger=any(person.contact_unsafe and person.relation == Relation.PARENT for person in detected.people),
        protected_names=frozenset(protected - own - {""}),
        services=services_of(reader.name) if reader.kind == ReaderKind.AGENCY else frozenset(),
        hidden=frozenset(
            mark for person in detected.people if person.id != reader.person for mark in person.confidential
        ),
        home_hidden=any(
            Confidential.ADDRESS in person.confidential and person.relation in _AT_HOME and person.id != reader.person
            for person in detected.people
        ),
        hidden_values=_hidden_values(document, detected, reader),
        placement_lines=_placement_lines(document, detected, reader),
        spoken_of=spoken_of,
    )


def _placement_lines(document: Document, detected: Detected, reader: Reader) -> tuple[Span, ...]:
    """Return the lines that tell the address or name of a placement that is confidential for the reader."""
    text = document.text
    people = {person.id: person for person in detected.people}
    placed = {
        person.id
        for person in detected.people
        if Confidential.PLACEMENT in person.confidential and person.id != reader.person
    }
    if not placed:
        return ()
    lines = set()
    for finding in detected.findings:
        owner = people.get(finding.person) if finding.person is not None else None
        staff = owner is not None and owner.relation == Relation.PROFESSIONAL
        where = finding.label in HOME and (staff or finding.person in placed)
        words = text[finding.span.start : finding.span.end]
        if where or (finding.label == Label.ORG and finding.person in placed and _RESIDENCE in wordings_of(words)):
            end = text.find("\n", finding.span.end)
            lines.add(Span(text.rfind("\n", 0, finding.span.start) + 1, len(text) if end < 0 else end))
    return tuple(sorted(lines))


def _hidden_values(document: Document, detected: Detected, reader: Reader) -> frozenset[tuple[Label, str]]:
    """Return contact details that somewhere in the document belong to a person for whom they are confidential."""
    guarded = {person.id: person.confidential for person in detected.people if person.id != reader.person}
    return frozenset(
        (finding.label, " ".join(document.text[finding.span.start : finding.span.end].casefold().split()))
        for finding in detected.findings
        if finding.label in CONTACT and finding.person in guarded and covered(finding.label, guarded[finding.person])
    )


def _addressed(document: Document, detected: Detected, reader: Reader) -> bool:
    """Say whether a salutation names the reader."""
    if reader.person is None:
        return False
    own = [finding.span for finding in detected.findings if finding.person == reader.person]
    salutations = [Span(match.start(), match.end()) for match in _SALUTATION.finditer(document.text)]
    return any(salutation.contains(span) for salutation in salutations for span in own)
