"""Deciding who each finding is about."""

from __future__ import annotations

from dataclasses import replace

from redactor.language.marked import styles
from redactor.link.mentions import Layout, mentions
from redactor.link.owners import owners
from redactor.link.people import gather, number_of
from redactor.link.relations import as_child, describe, minors
from redactor.link.ties import ties, with_shared_surnames
from redactor.model import Case, Detected, Document, Finding, Person, PersonId, Relation, Section

__all__ = ["identify"]

_BROAD = (Relation.UNKNOWN, Relation.FAMILY)  # styles that say less than a kin word or a role
_OF_A_FAMILY = (Relation.SUBJECT_CHILD, Relation.SIBLING, Relation.PARENT, Relation.FAMILY, Relation.FOSTER_CARER)


def identify(findings: tuple[Finding, ...], document: Document, case: Case, sections: tuple[Section, ...]) -> Detected:
    """Say who each finding is about; people whom the case does not know get ids x1, x2, ... in order of first mention.

    Args:
        findings: sorted and not overlapping, as detection left them.
        sections: passed on as they are.

    Returns:
        The findings with their person; a link that could be to somebody else as well has ``certain=False`` and says why.
    """
    layout = Layout(document)
    found = with_shared_surnames(mentions(findings, document, layout), document.text)
    everyone = gather(found, case.people, ties(found, layout))
    ids = [number_of(position, someone, len(case.people)) for position, someone in enumerate(everyone)]
    person_of = {
        mention.index: identity for identity, someone in zip(ids, everyone, strict=True) for mention in someone.mentions
    }
    doubted = {index for someone in everyone for index in someone.doubted}
    owned = owners(findings, found, person_of, dict(zip(ids, everyone, strict=True)), layout)
    linked = tuple(_linked(index, finding, person_of, owned, doubted) for index, finding in enumerate(findings))
    young = minors(findings, owned, document.text)
    people = tuple(
        as_child(describe(someone, identity)) if identity in young else describe(someone, identity)
        for identity, someone in zip(ids, everyone, strict=True)
    )
    return Detected(linked, _as_marked(people, linked, layout), sections)


def _finer(said: Relation, suggested: Relation) -> Relation:
    """Return what the template says; where it says only 'family' or 'person', the word beside the name says more."""
    if suggested is Relation.UNKNOWN or said not in _BROAD:
        return said
    return suggested if said is Relation.UNKNOWN or suggested in _OF_A_FAMILY else said


def _as_marked(people: tuple[Person, ...], findings: tuple[Finding, ...], layout: Layout) -> tuple[Person, ...]:
    """Take people whom the case does not know for what our own template says of them; nobody has to guess then."""
    said: dict[PersonId, Relation] = {}
    for finding in findings:
        piece = layout.piece_at(finding.span.start)
        relation = styles().people.get(piece.style.casefold()) if piece is not None else None
        if relation is not None and finding.person is not None and finding.source == "template":
            said.setdefault(finding.person, relation)
    return tuple(
        replace(person, relation=_finer(said[person.id], person.relation), certain=True, why="our own template says so")
        if person.id in said and not person.certain
        else person
        for person in people
    )


def _linked(
    index: int, finding: Finding, person_of: dict[int, PersonId], owned: dict[int, PersonId], doubted: set[int]
) -> Finding:
    person = person_of.get(index) or owned.get(index)
    if index in doubted:
        return replace(finding, person=person, certain=False, why="the name could be another person's as well")
    return replace(finding, person=person)
