"""Deciding who each finding is about."""

from __future__ import annotations

from dataclasses import replace

from redactor.link.mentions import Layout, mentions
from redactor.link.owners import owners
from redactor.link.people import gather, number_of
from redactor.link.relations import as_child, describe, minors
from redactor.link.ties import ties, with_shared_surnames
from redactor.model import Case, Detected, Document, Finding, PersonId, Section

__all__ = ["identify"]


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
    return Detected(linked, people, sections)


def _linked(
    index: int, finding: Finding, person_of: dict[int, PersonId], owned: dict[int, PersonId], doubted: set[int]
) -> Finding:
    person = person_of.get(index) or owned.get(index)
    if index in doubted:
        return replace(finding, person=person, certain=False, why="the name could be another person's as well")
    return replace(finding, person=person)
