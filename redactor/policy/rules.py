"""Matching: which line of a profile decides on a detail."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.model import (
    Audience,
    Case,
    Confidential,
    Finding,
    Label,
    Person,
    Reader,
    ReaderKind,
    Relation,
    Role,
)
from redactor.policy.circumstances import CONTACT, HOME, Circumstances, surname
from redactor.policy.conditions import Standing, When
from redactor.policy.profile import Profile, Rule
from redactor.policy.vocabulary import covered, wordings_of

SURE = 0.5  # score from which the detector is taken at its word


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may ask about a detail."""

    label: Label
    standing: Standing
    confidential: bool
    contact_unsafe: bool
    reader_unsafe: bool
    reader_speaks_of: bool
    reader_is: Standing
    receives: bool
    deceased: bool
    works_with: bool
    known: bool
    kin_of_protected: bool
    addressed_to_reader: bool
    danger: bool
    names_reader: bool
    case_given: bool
    placement_hidden: bool
    home_hidden: bool
    sure: bool
    reads: frozenset[str]
    reader_services: frozenset[str]
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


def _confidential(finding: Finding, person: Person | None, around: Circumstances, text: str, reader: Reader) -> bool:
    """Say whether a detail is confidential; a contact detail of nobody in particular could be anybody's."""
    own = person is not None and person.id == reader.person
    if not own and (finding.label, " ".join(text.casefold().split())) in around.hidden_values:
        return True
    anybodys = around.hidden & {Confidential.ADDRESS, Confidential.PHONE, Confidential.PLACEMENT}
    at_work = person is not None and person.relation == Relation.PROFESSIONAL
    at_the_placement = any(line.contains(finding.span) for line in around.placement_lines)
    if at_work and (finding.label in HOME or at_the_placement):
        anybodys &= {Confidential.PLACEMENT}  # the address of a home's staff, and the number beside it, are the child's
    elif person is not None and person.relation != Relation.UNKNOWN:
        return covered(finding.label, person.confidential)
    return finding.label in CONTACT and covered(finding.label, anybodys)


def _names(text: str, reader: Reader) -> bool:
    """Say whether a detail's text is the reading court's or agency's name, or all but a word of it."""
    if reader.kind not in (ReaderKind.AGENCY, ReaderKind.COURT):
        return False
    said, name = text.casefold().split(), reader.name.casefold().split()
    return len(said) > 1 and len(name) > 1 and (said == name[: len(said)] or name == said[: len(name)])


def facts_of(
    finding: Finding,
    person: Person | None,
    case: Case,
    reader: Reader,
    audience: Audience,
    part: Role,
    *,
    text: str = "",
    before: str = "",
    around: Circumstances,
) -> Facts:
    """Gather what rules may ask about one finding.

    Args:
        text: the finding's own text.
        before: what stands before it in its line.
        around: what is so for the whole document.
    """
    reading = case.person(reader.person)
    return Facts(
        label=finding.label,
        standing=standing_of(person, reader),
        confidential=_confidential(finding, person, around, text, reader),
        contact_unsafe=person is not None and person.contact_unsafe,
        reader_unsafe=reading is not None and reading.contact_unsafe,
        reader_speaks_of=person is not None and person.id in around.spoken_of,
        reader_is=Standing(reading.relation.value) if reading is not None else Standing.NOBODY,
        receives=person is not None and any(listed.person == person.id for listed in case.readers),
        deceased=person is not None and (person.deceased or person.relation == Relation.DECEASED),
        works_with=person is not None and person.id in reader.works_with,
        known=person is not None and case.person(person.id) is not None,
        kin_of_protected=person is not None and surname(person) in around.protected_names,
        addressed_to_reader=around.addressed_to_reader,
        danger=around.danger,
        names_reader=_names(text, reader),
        case_given=bool(case.people),
        placement_hidden=Confidential.PLACEMENT in around.hidden,
        home_hidden=around.home_hidden,
        sure=finding.certain and finding.score >= SURE,
        reads=wordings_of(text, before),
        reader_services=around.services,
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
        (when.reader_is, facts.reader_is),
        (when.audience, facts.audience),
        (when.part, facts.part),
        (when.reader, facts.reader),
    )
    flags = (
        (when.confidential, facts.confidential),
        (when.contact_unsafe, facts.contact_unsafe),
        (when.reader_unsafe, facts.reader_unsafe),
        (when.reader_speaks_of, facts.reader_speaks_of),
        (when.receives, facts.receives),
        (when.deceased, facts.deceased),
        (when.works_with, facts.works_with),
        (when.known, facts.known),
        (when.kin_of_protected, facts.kin_of_protected),
        (when.addressed_to_reader, facts.addressed_to_reader),
        (when.danger, facts.danger),
        (when.names_reader, facts.names_reader),
        (when.case_given, facts.case_given),
        (when.placement_hidden, facts.placement_hidden),
        (when.home_hidden, facts.home_hidden),
        (when.sure, facts.sure),
    )
    return (
        all(not allowed or value in allowed for allowed, value in sets)
        and all(wanted is None or wanted == value for wanted, value in flags)
        and (not when.reads or not facts.reads.isdisjoint(when.reads))
        and (not when.reader_service or not facts.reader_services.isdisjoint(when.reader_service))
    )
