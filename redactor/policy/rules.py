"""Matching: which line of a profile decides on a detail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redactor.model import (
    Audience,
    Case,
    Confidential,
    Detected,
    Document,
    Finding,
    Label,
    Person,
    Reader,
    ReaderKind,
    Relation,
    Role,
    Span,
)
from redactor.policy.profile import Profile, Rule, Standing, When
from redactor.policy.vocabulary import covered, services_of, wordings_of

_FAMILY = (Relation.SUBJECT_CHILD, Relation.SIBLING)
_AT_HOME = (*_FAMILY, Relation.PARENT, Relation.FAMILY)
_PROTECTED = (Relation.OTHER_CHILD, Relation.REFERRER)
_HOME = (Label.ADDRESS, Label.POSTCODE)
_RESIDENCE = "residence"  # wording of templates/vocabulary.yaml
_CONTACT = (Label.ADDRESS, Label.POSTCODE, Label.PHONE, Label.EMAIL)
SURE = 0.5  # score from which the detector is taken at its word
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
    """

    addressed_to_reader: bool
    danger: bool
    protected_names: frozenset[str]
    services: frozenset[str]
    hidden: frozenset[Confidential] = frozenset()
    home_hidden: bool = False
    hidden_values: frozenset[tuple[Label, str]] = frozenset()
    placement_lines: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may ask about a detail."""

    label: Label
    standing: Standing
    confidential: bool
    contact_unsafe: bool
    reader_unsafe: bool
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
    if at_work and (finding.label in _HOME or at_the_placement):
        anybodys &= {Confidential.PLACEMENT}  # the address of a home's staff, and the number beside it, are the child's
    elif person is not None and person.relation != Relation.UNKNOWN:
        return covered(finding.label, person.confidential)
    return finding.label in _CONTACT and covered(finding.label, anybodys)


def surname(person: Person) -> str:
    """Return the last word of a person's name in lower case; empty where there is only one."""
    words = person.name.split("(")[0].split()
    return words[-1].casefold() if len(words) > 1 else ""


def circumstances(document: Document, detected: Detected, reader: Reader) -> Circumstances:
    """Look up what is so for a whole document and reader."""
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
        where = finding.label in _HOME and (staff or finding.person in placed)
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
        if finding.label in _CONTACT and finding.person in guarded and covered(finding.label, guarded[finding.person])
    )


def _names(text: str, reader: Reader) -> bool:
    """Say whether a detail's text is the reading court's or agency's name, or all but a word of it."""
    if reader.kind not in (ReaderKind.AGENCY, ReaderKind.COURT):
        return False
    said, name = text.casefold().split(), reader.name.casefold().split()
    return len(said) > 1 and len(name) > 1 and (said == name[: len(said)] or name == said[: len(name)])


def _addressed(document: Document, detected: Detected, reader: Reader) -> bool:
    """Say whether a salutation names the reader."""
    if reader.person is None:
        return False
    own = [finding.span for finding in detected.findings if finding.person == reader.person]
    salutations = [Span(match.start(), match.end()) for match in _SALUTATION.finditer(document.text)]
    return any(salutation.contains(span) for salutation in salutations for span in own)


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
    around: Circumstances = Circumstances(False, False, frozenset(), frozenset()),
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
