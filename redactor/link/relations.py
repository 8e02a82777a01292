"""What the document suggests about people whom the case does not know, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from redactor.language.lexicon import lexicon
from redactor.link.mentions import CHILD_COLUMNS, Mention
from redactor.link.people import Someone
from redactor.model import Finding, Label, Person, PersonId, Relation

_FIGURE = re.compile(r"\d{1,2}")
_ADULT = 18  # years
_ADULT_COLUMNS = {
    "mother": Relation.PARENT,
    "father": Relation.PARENT,
    "parent": Relation.PARENT,
    "parents": Relation.PARENT,
    "parents/carers": Relation.PARENT,
}
_REFERRER_COLUMNS = frozenset({"referrer", "informant", "caller", "referred by"})


def describe(someone: Someone, identity: PersonId) -> Person:
    """Return the person: as the case knows them, or as the document suggests them."""
    if someone.known is not None:
        return replace(someone.known, mentions=len(someone.mentions))
    fullest = max(someone.mentions, key=lambda mention: (_fullness(mention), -mention.start))
    spellings = {mention.text for mention in someone.mentions} - {fullest.text}
    relation, role, agency, why = suggest(someone.mentions)
    return Person(
        id=identity,
        name=" ".join(fullest.text.split()),
        relation=relation,
        aliases=tuple(sorted(spellings)),
        role=role,
        agency=agency,
        certain=False,
        why=why,
        mentions=len(someone.mentions),
    )


def _fullness(mention: Mention) -> tuple[int, int]:
    return sum(len(word) > 1 for word in mention.name.words), len(mention.text)


def suggest(found: list[Mention]) -> tuple[Relation, str | None, str | None, str]:
    """Return the relation that the surroundings speak for, role, agency and the evidence in a plain sentence."""
    agency = next((mention.agency for mention in found if mention.agency), None)
    role = next((mention.role for mention in found if mention.role), None)
    kin = [mention.kin for mention in found if mention.kin]
    column = next((mention.column for mention in found if mention.column in CHILD_COLUMNS), "")
    if role in lexicon().roles:
        return Relation.PROFESSIONAL, role, agency, f"listed with role '{role}'"
    if role and agency:
        return Relation.PROFESSIONAL, role, agency, "listed with a role and an agency"
    title = next((mention.title for mention in found if mention.professional_title), "")
    if title:
        return (
            Relation.PROFESSIONAL,
            role,
            agency,
            f"'{title.upper() if len(title) < 4 else title.capitalize()}' stands before it",
        )
    if column:
        return Relation.SUBJECT_CHILD, None, None, f"stands in the column '{column}'"
    for mention in found:
        if mention.column in _ADULT_COLUMNS:
            return _ADULT_COLUMNS[mention.column], None, None, f"stands in the column '{mention.column}'"
        if mention.column in _REFERRER_COLUMNS:
            return Relation.REFERRER, None, None, f"stands in the column '{mention.column}'"
    if kin:
        word = max(sorted(set(kin)), key=kin.count)
        return Relation(lexicon().kinship[word]), None, None, f"'{word}' stands before it"
    if agency:
        return Relation.PROFESSIONAL, role, agency, "listed with an agency"
    return Relation.UNKNOWN, role, agency, "named in the document, not in the case file"


def minors(findings: Sequence[Finding], owned: Mapping[int, PersonId], text: str) -> frozenset[PersonId]:
    """Return the people beside whose names an age under 18 stands."""
    young = set()
    for index, finding in enumerate(findings):
        figure = _FIGURE.search(text, finding.span.start, finding.span.end)
        if finding.label is Label.AGE and index in owned and figure and int(figure[0]) < _ADULT:
            young.add(owned[index])
    return frozenset(young)


def as_child(person: Person) -> Person:
    """Return a stranger to the case as another family's child; people of the case stay what the case says."""
    if person.relation is not Relation.UNKNOWN or person.why == "in the case file":
        return person
    return replace(person, relation=Relation.OTHER_CHILD, why="an age under 18 stands beside the name")
