"""Matching: which line of a profile decides on a detail."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model import Audience, Case, Finding, Label, Person, Reader, ReaderKind, Relation, Role
from redactor.policy.profile import Profile, Rule, Standing, When
from redactor.policy.vocabulary import covered


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may ask about a detail."""

    label: Label
    standing: Standing
    confidential: bool
    contact_unsafe: bool
    reader_unsafe: bool
    deceased: bool
    works_with: bool
    known: bool
    audience: Audience
    part: Role
    reader: ReaderKind


def standing_of(person: Person | None, reader: Reader) -> Standing:
    """Say who a person is, seen from the reader."""
    if person is None:
        return Standing.NOBODY
    if reader.person is not None and person.id == reader.person:
        return Standing.SELF
    return Standing(person.relation.value)


def facts_of(
    finding: Finding, person: Person | None, case: Case, reader: Reader, audience: Audience, part: Role
) -> Facts:
    """Gather what rules may ask about one finding."""
    reading = case.person(reader.person)
    return Facts(
        label=finding.label,
        standing=standing_of(person, reader),
        confidential=person is not None and covered(finding.label, person.confidential),
        contact_unsafe=person is not None and person.contact_unsafe,
        reader_unsafe=reading is not None and reading.contact_unsafe,
        deceased=person is not None and (person.deceased or person.relation == Relation.DECEASED),
        works_with=person is not None and person.id in reader.works_with,
        known=person is not None and case.person(person.id) is not None,
        audience=audience,
        part=part,
        reader=reader.kind,
    )


def first_match(profile: Profile, facts: Facts) -> Rule | None:
    """Return the first rule of the profile that fits, or None: the profile's ``unknown`` then decides."""
    entitled = facts.reader in profile.readers
    return next((rule for rule in profile.rules if (entitled or rule.everyone) and fits(rule.when, facts)), None)


def fits(when: When, facts: Facts) -> bool:
    """Say whether all conditions hold."""
    sets = (
        (when.label, facts.label),
        (when.relation, facts.standing),
        (when.audience, facts.audience),
        (when.part, facts.part),
        (when.reader, facts.reader),
    )
    flags = (
        (when.confidential, facts.confidential),
        (when.contact_unsafe, facts.contact_unsafe),
        (when.reader_unsafe, facts.reader_unsafe),
        (when.deceased, facts.deceased),
        (when.works_with, facts.works_with),
        (when.known, facts.known),
    )
    return all(not allowed or value in allowed for allowed, value in sets) and all(
        wanted is None or wanted == value for wanted, value in flags
    )
