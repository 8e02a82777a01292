"""The plan: one decision for every finding, disjoint, sorted and complete (contract: how decisions combine).

1. The profile's first fitting rule decides on each finding. 2. A dropped section removes all that stands in it. 3.
Where things overlap the stricter action wins; only the reader's own data is cut out of a masked passage and kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace

from redactor.decide import passages
from redactor.decide.grammar import after_article, with_title
from redactor.decide.operators import replacement
from redactor.decide.parts import of_other_families
from redactor.decide.register import SpokenOf, birthday, named
from redactor.decide.settle import Claim, outside, settled
from redactor.decide.spoken import spoken_of
from redactor.decide.timeline import Timeline, with_weekday
from redactor.model import (
    Action,
    Audience,
    Case,
    Decision,
    Detected,
    Document,
    Finding,
    Label,
    Person,
    PersonId,
    Plan,
    Reader,
    ReasonCode,
    Relation,
    Role,
    Section,
    SectionDecision,
    Span,
)
from redactor.policy.circumstances import circumstances
from redactor.policy.conditions import Standing
from redactor.policy.profile import Outcome, Profile, Rule, SectionRule
from redactor.policy.rules import SURE, facts_of, first_match, standing_of
from redactor.pseudonyms import Label as PersonLabel
from redactor.pseudonyms import Series, label_people

_BEFORE = 60  # characters before a detail that a rule may ask about
_LONG_ENOUGH = 4  # letters of a name that no other word is likely to be
UNKNOWN_RULE = "unknown"
_CHILDREN = (Relation.SUBJECT_CHILD, Relation.SIBLING)
_NOTES = ReasonCode("WORK")
_NOTES_BECAUSE = "Comments, earlier wording, hidden text and file properties are not part of the agreed record."
_INITIALS = re.compile(r"[A-Z]{2,4}")
_CALLED = (Action.PSEUDONYM, Action.MASK)  # a name becomes what the person is called, without the title before it
_STRANGER = PersonLabel("a person", "a person")


def plan(
    document: Document,
    detected: Detected,
    profile: Profile,
    case: Case,
    reader: Reader,
    series: Series | None = None,
) -> Plan:
    """Decide what happens to every finding of a document for one reader.

    Args:
        series: the key of the case's documents, so that one person and one day are told alike in all of them.
    """
    sections = _sections(document, detected, profile, case, reader)
    gone = [section for section in sections if section.action == Action.REMOVE]
    names = label_people(document, detected, case, series)
    decider = _Decider(document, detected, profile, case, reader, names, series or Series())
    claims = [decider.claim(finding) for finding in detected.findings]
    claims += [_passage_claim(passage) for passage in passages.find(document, detected, profile, case, reader)]
    decisions = settled(document.text, claims, gone)
    return Plan(
        document=document.digest,
        profile=profile.ref,
        case=case.reference,
        reader=reader.key,
        decisions=tuple(decisions),
        sections=tuple(sections),
    )


class _Decider:
    """Decides on single findings; holds what is looked up for each."""

    def __init__(
        self,
        document: Document,
        detected: Detected,
        profile: Profile,
        case: Case,
        reader: Reader,
        names: Mapping[PersonId, PersonLabel],
        series: Series,
    ) -> None:
        self._document, self._profile, self._case, self._reader = document, profile, case, reader
        self._names = names
        self._people = {person.id: person for person in detected.people}
        self._bearers = _bearers(detected.people)
        self._namesake_of = _bearers(detected.people, folded=True)
        self._sections = detected.sections
        told = spoken_of(document, case, detected.sections, reader)
        self._around = circumstances(document, detected, reader, told)
        self._starts = [piece.span.start for piece in document.pieces]
        self._spoken_of = SpokenOf(document, case)
        self._timeline = Timeline(document, detected, profile.times, series)

    def claim(self, found: Finding) -> Claim:
        finding = named(birthday(found, self._document.text, self._case), self._document.text, self._case)
        linked = self._people.get(finding.person) if finding.person is not None else None
        person = self._spoken_of.owner(finding, linked, self._part(finding))
        rule = self._rule(finding, person)
        outcome: Outcome = rule or self._profile.unknown
        name = rule.name if rule else UNKNOWN_RULE
        doubtful = self._doubtful(finding, person)
        asked = outcome.ask or doubtful or person is not linked
        stands = rule is not None and rule.stands
        if doubtful and not stands and not self._initials_of_a_colleague(finding, person):
            outcome, name = self._strictest_of_namesakes(finding, outcome, name)
            namesakes = self._namesakes(finding)
            if (
                not namesakes
                and self._profile.unknown.do > outcome.do
                and finding.label not in self._profile.flags_only
            ):
                outcome, name = self._profile.unknown, f"{name} (in doubt)"
        own = standing_of(person, self._reader) == Standing.SELF and outcome.do == Action.KEEP
        return Claim(self._decision(finding, person, outcome, name, asked), own)

    def _rule(self, finding: Finding, person: Person | None) -> Rule | None:
        facts = facts_of(
            finding,
            person,
            self._case,
            self._reader,
            _audience(self._sections, finding.span),
            self._part(finding),
            text=self._document.text[finding.span.start : finding.span.end],
            before=self._document.text[max(0, finding.span.start - _BEFORE) : finding.span.start].rpartition("\n")[2],
            around=self._around,
        )
        return first_match(self._profile, facts)

    def _part(self, finding: Finding) -> Role:
        return self._document.pieces[bisect_right(self._starts, finding.span.start) - 1].role

    def _doubtful(self, finding: Finding, person: Person | None) -> bool:
        guessed = (
            person is not None and not person.certain and standing_of(person, self._reader) != Standing.PROFESSIONAL
        )
        if guessed:
            return True
        if person is not None and self._named_alone(finding, person):
            return False
        return not finding.certain or finding.score < self._profile.doubt_below

    def _initials_of_a_colleague(self, finding: Finding, person: Person | None) -> bool:
        """Say whether a doubtful name is a professional's initials, and nobody's who must be protected."""
        word = self._document.text[finding.span.start : finding.span.end]
        if finding.label != Label.PERSON or person is None or not person.certain or not _INITIALS.fullmatch(word):
            return False
        others = (each for each in self._people.values() if each.relation != Relation.PROFESSIONAL)
        return person.relation == Relation.PROFESSIONAL and not any(word in _initials_of(each) for each in others)

    def _namesakes(self, finding: Finding) -> list[Person]:
        """Return the people whom a doubtful name can mean, if each word of it is a word of theirs."""
        words = {word.casefold() for word in self._document.text[finding.span.start : finding.span.end].split()}
        if finding.label != Label.PERSON or finding.score < SURE or not any(len(word) > 1 for word in words):
            return []
        meant = set.intersection(*(self._namesake_of.get(word, set()) for word in words))
        found = [person for key, person in self._people.items() if key in meant]
        return found if all(person.certain for person in found) else []

    def _strictest_of_namesakes(self, finding: Finding, outcome: Outcome, name: str) -> tuple[Outcome, str]:
        """Return the strictest outcome among all whom a doubtful name can mean.

        A first name that two children share tells the reader no more than the one they know, so the likelier child
        decides on it and a person is asked; a mother's copy must not call her own child "another child".
        """
        likely = self._people.get(finding.person) if finding.person is not None else None
        if outcome.do == Action.KEEP and likely is not None and likely.relation in _CHILDREN:
            return outcome, name
        for person in self._namesakes(finding):
            rule = self._rule(replace(finding, person=person.id), person)
            other: Outcome = rule or self._profile.unknown
            if other.do > outcome.do:
                outcome, name = other, f"{rule.name if rule else UNKNOWN_RULE} (in doubt)"
        return outcome, name

    def _named_alone(self, finding: Finding, person: Person) -> bool:
        """Say whether a finding is, letter by letter, a word of one known person's name and of nobody else's."""
        word = self._document.text[finding.span.start : finding.span.end]
        if finding.label != Label.PERSON or len(word) < _LONG_ENOUGH or not word[:1].isupper():
            return False
        owners = {known.id for known in self._case.people if word in _words(known)}
        return owners == {person.id} and not self._bearers.get(word, set()) - {person.id}

    def _decision(self, finding: Finding, person: Person | None, outcome: Outcome, rule: str, asked: bool) -> Decision:
        name = self._names.get(person.id, _STRANGER) if person else _STRANGER
        text = self._document.text[finding.span.start : finding.span.end]
        kept = outcome.do == Action.KEEP
        told = finding.label == Label.DATE and outcome.do == Action.GENERALISE
        words = replacement(
            outcome.do,
            text,
            template=outcome.replacement,
            own=name.own,
            general=name.general,
            label=finding.label,
            times=self._profile.times,
            day=self._timeline.told(finding) if told else None,
        )
        span = with_weekday(self._document.text, finding.span) if told else finding.span
        if finding.label == Label.PERSON and outcome.do in _CALLED and words:
            span = with_title(self._document.text, span)
        return Decision(
            span=span,
            action=outcome.do,
            replacement=after_article(self._document.text, span.start, words),
            reason=ReasonCode("" if kept else outcome.reason),
            because=outcome.because,
            rule=rule,
            label=finding.label,
            person=person.id if person else finding.person,
            certain=not asked,
        )


def _initials_of(person: Person) -> set[str]:
    """Return how initials may stand for a person: first letters, and with the surname's second, as in schools."""
    names = [[word for word in name.split() if word[:1].isalpha()] for name in (person.name, *person.aliases)]
    plain = {"".join(word[0] for word in name) for name in names}
    short = {name[0][0] + name[-1][:length] for name in names if len(name) > 1 for length in (1, 2)}
    return {initials.upper() for initials in plain | short}


def _bearers(people: Iterable[Person], *, folded: bool = False) -> dict[str, set[PersonId]]:
    """Return, for each word of a name, whose name it is in."""
    found: dict[str, set[PersonId]] = {}
    for person in people:
        for word in _words(person):
            found.setdefault(word.casefold() if folded else word, set()).add(person.id)
    return found


def _words(person: Person) -> set[str]:
    return {word for name in (person.name, *person.aliases) for word in name.split()}


def _audience(sections: Iterable[Section], span: Span) -> Audience:
    return next((section.audience for section in sections if section.span.overlaps(span)), Audience.OPEN)


def _passage_claim(passage: passages.Passage) -> Claim:
    rule = passage.rule
    return Claim(
        Decision(
            span=passage.span,
            action=rule.do,
            replacement="" if rule.do == Action.KEEP else rule.replacement,
            reason=ReasonCode(rule.reason),
            because=rule.because,
            rule=f"passage: {rule.group}",
            label=Label.ATTRIBUTION,
            certain=not rule.ask,
        ),
        passage=True,
    )


def _sections(
    document: Document, detected: Detected, profile: Profile, case: Case, reader: Reader
) -> list[SectionDecision]:
    """Decide on sections first, then on the parts of the file that no reader gets, outside dropped sections."""
    found = [_section(section, profile.sections[section.audience], reader) for section in detected.sections]
    others = of_other_families(document, case, reader, detected.sections)
    found += [replace(_section(each, profile.sections[each.audience], reader), certain=False) for each in others]
    gone = [section.span for section in found if section.action == Action.REMOVE]
    notes: list[Span] = []
    for piece in document.pieces:
        if piece.role not in profile.parts_removed or not len(piece.span):
            continue
        for part in outside(piece.span, gone):
            if notes and notes[-1].end == part.start:
                notes[-1] = Span(notes[-1].start, part.end)
            else:
                notes.append(part)
    found += [SectionDecision(span, Action.REMOVE, _NOTES, _NOTES_BECAUSE, rule="parts_removed") for span in notes]
    return sorted(found, key=lambda section: section.span)


def _section(section: Section, rule: SectionRule, reader: Reader) -> SectionDecision:
    """Apply a section rule; a section withheld from named people is for the chair to decide for anyone else."""
    name = f"section: {section.audience}"
    if rule.do == "keep":
        return SectionDecision(section.span, Action.KEEP, ReasonCode(""), rule.because, rule=name)
    others = bool(section.withheld_from) and reader.person not in section.withheld_from
    return SectionDecision(
        span=section.span,
        action=Action.REMOVE,
        reason=ReasonCode(rule.reason),
        because=rule.because,
        placeholder=rule.placeholder,
        rule=name,
        certain=not (rule.do == "ask" or others),
    )
