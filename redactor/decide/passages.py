"""Passages: clauses and sentences that give something away by their wording, not by a name.

'She asked that her name is never given' names nobody and tells everything. templates/passages.yaml holds the wording,
by group; a profile says what happens to each group. What is recognised here is always for a person to confirm.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from redactor.language.lexicon import lexicon
from redactor.model import (
    Case,
    Confidential,
    Detected,
    Document,
    Finding,
    Label,
    Person,
    Reader,
    Relation,
    Role,
    Span,
)
from redactor.policy.profile import PassageRule, Profile
from redactor.policy.rules import SURE, standing_of
from redactor.policy.vocabulary import vocabulary
from redactor.policy.wording import Group, groups

_ABBREVIATIONS = (
    "mr",
    "mrs",
    "ms",
    "dr",
    "st",
    "no",
    "nos",
    "rev",
    "prof",
    "sgt",
    "insp",
    "approx",
    "e.g",
    "i.e",
    "ref",
    "tel",
    "ext",
)
_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])")
_END_WITHOUT_CAPITALS = re.compile(r"(?<=\w{3})[.!?]\s+(?=[a-z])")  # in notes whose author uses none
_CLAUSE_END = re.compile(r"[;:]\s+|\s[–—-]\s|,?\sand\s(?=(?:her|his|their|he|she|they|the|a|an)\s)")
_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|‘[^’\n]{12,}’")
_SURE_OF_STRANGERS = 0.8  # score from which somebody whom the case does not know is taken for a child of others
_FEWEST, _MOST = 2, 30  # ordinary words of a clause that tells something, and of one that speaks of one child only
_NAME = re.compile(r"[^\W\d_]{2,}")
_PRONOUN = re.compile(r"\b(she|he|her|his|him|they|their|them)\b", re.IGNORECASE)


@cache
def _kin() -> re.Pattern[str]:
    """Return the words for the family whose copy it is ('mum', not 'her mum'): their clause speaks of them too."""
    return re.compile(
        rf"(?<!\bher )(?<!\bhis )(?<!\btheir )(?<!['’]s )\b(?:{'|'.join(vocabulary().kin_words)})\b", re.IGNORECASE
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that a profile's passage rule covers."""

    span: Span
    rule: PassageRule


@cache
def _pattern(name: str) -> re.Pattern[str] | None:
    patterns = groups()[name].patterns
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else None


def sentences(text: str) -> list[Span]:
    """Cut a text into sentences; a paragraph, a table cell and a line each end one."""
    found: list[Span] = []
    for line in re.finditer(r"[^\n\t]+", text):
        start = line.start()
        ends = _END if _END.search(text, line.start(), line.end()) else _END_WITHOUT_CAPITALS
        for end in ends.finditer(text, line.start(), line.end()):
            before = re.search(r"([\w.]+)\.$", text[start : end.start() + 1])
            word = before[1].casefold() if before else ""
            if text[end.start()] == "." and (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
                continue
            found.append(_trimmed(text, start, end.end()))
            start = end.end()
        found.append(_trimmed(text, start, line.end()))
    return [span for span in found if len(span)]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _aliases(case: Case) -> list[tuple[str, Person]]:
    """Return the words of aliases; they count only where no name has the word."""
    people = [person for person in case.people if person.relation != Relation.PROFESSIONAL]
    return [(word.casefold(), person) for person in people for alias in person.aliases for word in _NAME.findall(alias)]


def _stands_for_a_name(word: str) -> bool:
    """Say whether a word of somebody's name is meant as one: by its capital, or since it is no ordinary word."""
    return word[0].isupper() or word not in lexicon().words


class Named:
    """Where the people of the case file are named, by the file's own words and not by what was found.

    So that finding one more detail can never make a passage smaller.
    """

    def __init__(self, case: Case) -> None:
        self._people: dict[str, list[Person]] = {}
        for person in case.people:
            if person.relation == Relation.PROFESSIONAL:
                continue
            for word in set(_NAME.findall(person.name)):
                self._people.setdefault(word.casefold(), []).append(person)
        for word, person in _aliases(case):
            if word not in self._people:
                self._people[word] = [person]
        self._pattern = re.compile(r"\b(" + "|".join(map(re.escape, sorted(self._people))) + r")\b", re.IGNORECASE)

    def within(self, text: str, span: Span) -> list[list[Person]]:
        """Return, for each word in the span that is part of a name, the people whose name it may be."""
        if not self._people:
            return []
        words = [match[0] for match in self._pattern.finditer(text, span.start, span.end)]
        return [self._people[word.casefold()] for word in words if _stands_for_a_name(word)]

    def places(self, text: str) -> list[tuple[Span, list[Person]]]:
        """Return where names stand, words that follow one another as one name, and the people whose it may be."""
        found: list[tuple[Span, list[Person]]] = []
        for match in self._pattern.finditer(text) if self._people else ():
            people = self._people[match[0].casefold()]
            if not _stands_for_a_name(match[0]):
                continue
            both = [person for person in people if found and person in found[-1][1]]
            if both and text[found[-1][0].end : match.start()] in (" ", "-"):
                found[-1] = (Span(found[-1][0].start, match.end()), both)
            else:
                found.append((Span(match.start(), match.end()), people))
        return found

    def last(self, text: str, span: Span) -> tuple[int, list[Person]] | None:
        """Return where the last name in the span ends, and the people whose name it may be."""
        if not self._people:
            return None
        found = [match for match in self._pattern.finditer(text, span.start, span.end) if _stands_for_a_name(match[0])]
        return (found[-1].end(), self._people[found[-1][0].casefold()]) if found else None


def find(document: Document, detected: Detected, profile: Profile, case: Case, reader: Reader) -> list[Passage]:
    """Return the passages that the profile's rules cover, in text order, possibly overlapping."""
    if not profile.passages:
        return []
    text = document.text
    cut = sentences(text)
    starts = [span.start for span in cut]
    named = Named(case)
    found: list[Passage] = []
    for rule in profile.passages:
        group = groups()[rule.group]
        spans = [
            *_worded(text, cut, rule.group, group),
            *_about_people(text, cut, starts, detected, reader, named, group),
            *_under_headings(document, cut, detected, group),
        ]
        if group.people or group.identity_confidential:
            spans += [finding.span for finding in detected.findings if finding.label == Label.ATTRIBUTION]
        for span in sorted(set(spans)):
            if _spared(text, span, named, rule, reader):
                continue
            found += [Passage(part, rule) for part in _without_quotations(text, span, detected, rule, group)]
    return _joined(text, sorted(found, key=lambda passage: (profile.passages.index(passage.rule), passage.span)))


def _joined(text: str, found: list[Passage]) -> list[Passage]:
    """Join passages of one rule that touch or overlap, blanks between them included."""
    joined: list[Passage] = []
    for passage in found:
        last = joined[-1] if joined else None
        if last and last.rule is passage.rule and not _apart(text, last.span, passage.span):
            joined[-1] = Passage(Span(last.span.start, max(last.span.end, passage.span.end)), last.rule)
        else:
            joined.append(passage)
    return sorted(joined, key=lambda passage: (passage.span, passage.rule.group))


def _apart(text: str, first: Span, second: Span) -> bool:
    between = text[first.end : second.start]
    return bool(between.strip()) or "\n" in between or "\t" in between


def _spared(text: str, span: Span, named: Named, rule: PassageRule, reader: Reader) -> bool:
    """Say whether a passage speaks of somebody whom the rule spares: the last person named before its end."""
    if not rule.spare and not rule.spare_works_with:
        return False
    start = text.rfind("\n", 0, span.start) + 1
    spoken_of = named.within(text, Span(start, span.end))
    if not spoken_of:
        return False
    return any(
        standing_of(person, reader) in rule.spare or (rule.spare_works_with and person.id in reader.works_with)
        for person in spoken_of[-1]
    )


def _worded(text: str, cut: list[Span], name: str, group: Group) -> list[Span]:
    pattern = _pattern(name)
    if pattern is None:
        return []
    found = []
    general = re.compile("|".join(group.unless), re.IGNORECASE) if group.unless else None
    for sentence in cut:
        if general and general.search(text, sentence.start, sentence.end):
            continue
        for match in pattern.finditer(text, sentence.start, sentence.end):
            found.append(_extent(text, sentence, Span(match.start(), match.end()), group))
    return found


def _protected(person: Person | None, reader: Reader, group: Group) -> bool:
    if person is None or person.id == reader.person:
        return False
    hidden = person.relation in group.identity_confidential and Confidential.IDENTITY in person.confidential
    return person.relation in group.people or hidden


def _about_people(
    text: str, cut: list[Span], starts: list[int], detected: Detected, reader: Reader, named: Named, group: Group
) -> list[Span]:
    people = {person.id: person for person in detected.people}
    found = []
    for finding in detected.findings:
        if finding.person is None or not _protected(people.get(finding.person), reader, group):
            continue
        index = bisect_right(starts, finding.span.start) - 1
        if index < 0:
            continue
        extent = _extent(text, cut[index], finding.span, group)
        needed = SURE if people[finding.person].certain else _SURE_OF_STRANGERS
        sure = finding.score >= needed and finding.certain
        if group.alone and not sure:
            continue
        if group.alone and not _speaks_only_of(text, extent, finding, named, group):
            continue
        found.append(extent)
        if group.follow:
            found += _following(text, cut, index, finding, named)
    return found


def _speaks_only_of(text: str, extent: Span, finding: Finding, named: Named, group: Group) -> bool:
    """Say whether a clause tells something and names nobody else of the case; quoted speech is somebody else's."""
    quoted = any(
        match.start() <= finding.span.start < match.end() for match in _QUOTED.finditer(text, extent.start, extent.end)
    )
    rest = text[extent.start : finding.span.start] + text[finding.span.end : extent.end]
    if quoted or not _FEWEST <= len(re.findall(r"[^\W\d_]+", rest)) <= _MOST or _kin().search(rest):
        return False
    return all(any(person.relation in group.people for person in people) for people in named.within(text, extent))


def _following(text: str, cut: list[Span], index: int, finding: Finding, named: Named) -> list[Span]:
    """Take in the next sentences of the same paragraph that name nobody else of the case but say 'she' or 'he'."""
    found = []
    for previous, sentence in pairwise(cut[index:]):
        if any(mark in text[previous.end : sentence.start] for mark in "\n\t"):
            break
        others = [people for people in named.within(text, sentence) if finding.person not in {p.id for p in people}]
        if others or not _PRONOUN.search(text, sentence.start, sentence.end):
            break
        found.append(sentence)
    return found


def _under_headings(document: Document, cut: list[Span], detected: Detected, group: Group) -> list[Span]:
    """Return what stands under a heading of the group, if the case has a referrer who must not be known."""
    if not group.headings or not any(person.relation == Relation.REFERRER for person in detected.people):
        return []
    pattern = re.compile("|".join(group.headings), re.IGNORECASE)
    inside, spans = False, []
    for piece in document.pieces:
        if piece.role == Role.HEADING:
            inside = bool(pattern.search(document.text, piece.span.start, piece.span.end))
        elif inside and piece.role in (Role.BODY, Role.LIST_ITEM):
            spans.append(piece.span)
    return [sentence for sentence in cut if any(span.contains(sentence) or span.overlaps(sentence) for span in spans)]


def _extent(text: str, sentence: Span, hit: Span, group: Group) -> Span:
    if group.extent == "paragraph":
        end = text.find("\n", hit.end)
        return _trimmed(text, text.rfind("\n", 0, hit.start) + 1, len(text) if end < 0 else end)
    if group.extent == "sentence":
        return sentence
    quoted = [(match.start(), match.end()) for match in _QUOTED.finditer(text, sentence.start, sentence.end)]
    ends = [
        match
        for match in _CLAUSE_END.finditer(text, sentence.start, sentence.end)
        if not any(start < match.start() < end for start, end in quoted)
    ]
    start = max((match.end() for match in ends if match.end() <= hit.start), default=sentence.start)
    end = min((match.start() for match in ends if match.start() >= hit.end), default=sentence.end)
    return Span(start, max(end, hit.end))


def _without_quotations(text: str, span: Span, detected: Detected, rule: PassageRule, group: Group) -> list[Span]:
    """Leave somebody else's quoted words standing, unless they too speak of the protected person."""
    if not rule.keep_quotations:
        return [span]
    people = {person.id: person for person in detected.people}
    holes = []
    for match in _QUOTED.finditer(text, span.start, span.end):
        quotation = Span(match.start(), match.end())
        hits = [finding for finding in detected.findings if quotation.overlaps(finding.span)]
        if not any(_protected(people.get(f.person) if f.person else None, Reader(), group) for f in hits):
            holes.append(quotation)
    parts, start = [], span.start
    for hole in holes:
        parts.append(_trimmed(text, start, hole.start))
        start = hole.end
    parts.append(_trimmed(text, start, span.end))
    return [part for part in parts if any(character.isalnum() for character in text[part.start : part.end])]
