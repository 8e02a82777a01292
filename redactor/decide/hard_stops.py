"""Hard stops: what no reviewer can show without a recorded reference (domain rules 1.4; FPR 29.1 and form C8)."""

from __future__ import annotations

from redactor.decide import passages
from redactor.decide.coverage import SHOWN, Coverage
from redactor.errors import HardStop as HardStopError
from redactor.model import Case, Detected, Document, Finding, Label, Person, Plan, Reader, Relation
from redactor.policy.profile import HardStop, Profile
from redactor.policy.vocabulary import covered, vocabulary

WORDS = {
    HardStop.CONFIDENTIAL_DETAILS: "a detail that the case file marks as confidential",
    HardStop.REFERRER: "somebody who gave information in confidence, or a clause that points to them",
    HardStop.THIRD_PARTY_CHILD: "a child of another family",
    HardStop.OTHER_PARENT_CONTACT: "the other parent's contact details",
}
REFERENCES = {
    HardStop.CONFIDENTIAL_DETAILS: "the court's direction (date and paragraph) or the person's written consent",
    HardStop.REFERRER: "the court's direction or the source's written consent",
    HardStop.THIRD_PARTY_CHILD: "the court's direction or the other family's written consent",
    HardStop.OTHER_PARENT_CONTACT: "the court's direction or the other parent's written consent",
}
_GENERAL = (Label.DATE, Label.AGE)  # tell nothing once generalised; the rules decide on them


def broken(
    plan: Plan, document: Document, detected: Detected, profile: Profile, case: Case, reader: Reader
) -> dict[HardStop, int]:
    """Count, for each hard stop of the profile, the details that the plan would show against it."""
    people = {person.id: person for person in detected.people}
    coverage = Coverage(plan, shown=SHOWN)
    counts: dict[HardStop, int] = {}
    for finding in detected.findings:
        person = people.get(finding.person) if finding.person is not None else None
        stop = stop_of(finding, person, profile, reader)
        if stop is not None and not coverage.hides(document.text, finding.span):
            counts[stop] = counts.get(stop, 0) + 1
    if HardStop.REFERRER in profile.hard_stops:
        clauses = _open_clauses(plan, document, detected, profile, case, reader)
        if clauses:
            counts[HardStop.REFERRER] = counts.get(HardStop.REFERRER, 0) + clauses
    return counts


def stop_of(finding: Finding, person: Person | None, profile: Profile, reader: Reader) -> HardStop | None:
    """Return the hard stop that protects a finding from this reader, if one does."""
    if person is not None and person.id == reader.person:
        return None  # what the reader told is no secret from the reader
    if finding.label == Label.ATTRIBUTION and HardStop.REFERRER in profile.hard_stops:
        return HardStop.REFERRER
    if person is None:
        return None
    contact = finding.label in vocabulary().label_groups["contact_details"]
    applies = {
        HardStop.CONFIDENTIAL_DETAILS: finding.label not in _GENERAL and covered(finding.label, person.confidential),
        HardStop.REFERRER: person.relation == Relation.REFERRER and finding.label not in _GENERAL,
        HardStop.THIRD_PARTY_CHILD: person.relation == Relation.OTHER_CHILD
        and (contact or finding.label == Label.PERSON),
        HardStop.OTHER_PARENT_CONTACT: person.relation == Relation.PARENT and contact,
    }
    return next((stop for stop in profile.hard_stops if applies[stop]), None)


def check(plan: Plan, document: Document, detected: Detected, profile: Profile, case: Case, reader: Reader) -> None:
    """Refuse a plan that breaks a hard stop for which no reference is recorded.

    Raises:
        HardStop: naming the stop and the reference that would be needed.
    """
    settled = {stop for stop, reference in plan.settled_stops if reference.strip()}
    open_stops = {
        stop: count
        for stop, count in broken(plan, document, detected, profile, case, reader).items()
        if stop.value not in settled
    }
    if not open_stops:
        return
    stop = min(open_stops, key=lambda item: item.value)
    names = ", ".join(f"{item.value} ({open_stops[item]})" for item in sorted(open_stops))
    raise HardStopError(
        f"The plan would show {WORDS[stop]}. Hard stops that it breaks: {names}.",
        next_step=f"Redact these places, or record the reference that allows it: {REFERENCES[stop]}.",
    )


def _open_clauses(
    plan: Plan, document: Document, detected: Detected, profile: Profile, case: Case, reader: Reader
) -> int:
    """Count the clauses around a protected source that stay readable, the reader's own data apart."""
    people = {person.id: person for person in detected.people}
    shown = Coverage(plan, shown=SHOWN)
    protected, own = [], []
    for finding in detected.findings:
        person = people.get(finding.person) if finding.person is not None else None
        if person is not None and person.id == reader.person:
            own.append(finding.span)
        elif finding.label == Label.ATTRIBUTION or (person is not None and person.relation == Relation.REFERRER):
            protected.append(finding.span)
    count = 0
    for passage in passages.find(document, detected, profile, case, reader):
        if not any(passage.span.overlaps(span) for span in protected):
            continue
        holes = [hole for hole in shown.holes(passage.span) if not any(span.overlaps(hole) for span in own)]
        count += any(character.isalnum() for hole in holes for character in document.text[hole.start : hole.end])
    return count
