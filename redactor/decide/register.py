"""What the case file knows better than the detector: a date that is somebody's birthday, a word that is their name.

And whose a private detail is that nobody was found for: the last person of the case file of whom the line speaks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date

from redactor.decide.passages import Named, sentences
from redactor.model import Case, Document, Finding, Label, Person, Relation, Role, Span
from redactor.policy.vocabulary import vocabulary

_NUMERIC = re.compile(r"^\D*(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\D*$")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4}|\d{2})\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MAY_BE_A_NAME = frozenset({Label.LOCATION, Label.ORG, Label.SCHOOL, Label.SPECIAL, Label.USERNAME, Label.DESCRIPTOR})
_PRIVATE = frozenset({Label.SPECIAL, Label.HEALTH})
_CHILDREN = (Relation.SUBJECT_CHILD, Relation.SIBLING)
_LONG_ENOUGH = 4  # letters of a name that no other word is likely to be
_CENTURY = 100
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def birthday(finding: Finding, text: str, case: Case) -> Finding:
    """Return the finding as the one person's date of birth whose it is in the case file, or unchanged.

    A date of birth of another year than that of whom it was linked to is not theirs: where the case file knows just one
    person of that year, it is a second date given for that one.

    Args:
        text: of the whole document.
    """
    if finding.label not in (Label.DATE, Label.DOB):
        return finding
    said = _parts(text[finding.span.start : finding.span.end])
    if said is None:
        return finding
    born = [person.id for person in case.people if _same(person.born, said)]
    if len(born) == 1:
        return replace(finding, label=Label.DOB, person=born[0])
    linked = case.person(finding.person)
    if finding.label is Label.DOB and linked is not None and linked.born and not _same_year(linked.born, said):
        peers = [person.id for person in case.people if _same_year(person.born, said)]
        return replace(finding, person=peers[0]) if len(peers) == 1 else finding
    return finding


def _parts(words: str) -> tuple[int, int, int] | None:
    """Return day, month and year (of two or four figures) of a whole date."""
    if numeric := _NUMERIC.match(words):
        return int(numeric[1]), int(numeric[2]), int(numeric[3])
    if (worded := _WORDED.search(words)) and worded[2].casefold() in _MONTHS:
        return int(worded[1]), _MONTHS.index(worded[2].casefold()) + 1, int(worded[3])
    return None


def _same(born: str | None, said: tuple[int, int, int]) -> bool:
    day = _day(born)
    return day is not None and (day.day, day.month) == said[:2] and _same_year(born, said)


def _same_year(born: str | None, said: tuple[int, int, int]) -> bool:
    day = _day(born)
    return day is not None and said[2] in (day.year, day.year % _CENTURY)


def _day(born: str | None) -> date | None:
    try:
        return date.fromisoformat(born or "")
    except ValueError:
        return None


def named(finding: Finding, text: str, case: Case) -> Finding:
    """Return a finding that is no name, but reads exactly as one of the case file, as a name; otherwise unchanged.

    Args:
        text: of the whole document.
    """
    words = [word.casefold() for word in _WORD.findall(text[finding.span.start : finding.span.end])]
    if finding.label is Label.PERSON:
        return _as_registered(finding, words, case)
    if finding.label not in _MAY_BE_A_NAME or not words or len(max(words, key=len)) < _LONG_ENOUGH:
        return finding
    fitting = [person for person in case.people if words in _names(person)]
    if not fitting or (finding.label is not Label.USERNAME and not text[finding.span.start].isupper()):
        return finding
    owner = fitting[0].id if finding.person not in {person.id for person in fitting} else finding.person
    return replace(finding, label=Label.PERSON, person=owner, certain=len(fitting) == 1)


def _as_registered(finding: Finding, words: list[str], case: Case) -> Finding:
    """Return a name as that of the one whose it is in the case file, where it was linked to somebody not so called."""
    linked = case.person(finding.person)
    if linked is None or not words or set(words) & _own_words(linked):
        return finding
    fitting = [person for person in case.people if set(words) <= _own_words(person)]
    return replace(finding, person=fitting[0].id, certain=len(fitting) == 1) if fitting else finding


def _own_words(person: Person) -> set[str]:
    return {word.casefold() for name in (person.name, *person.aliases) for word in _WORD.findall(name)}


def _names(person: Person) -> list[list[str]]:
    """Return what may stand for a person, as words: whole name, nickname, surname; outside the job a first name."""
    whole = [[word.casefold() for word in _WORD.findall(name)] for name in (person.name, *person.aliases)]
    alone = slice(-1, None) if person.relation is Relation.PROFESSIONAL else slice(None)
    return [*whole, *([word] for words in whole for word in words[alone])]


class SpokenOf:
    """Says whose a private detail is that nobody was found for, by the case file's names in the line before it.

    So that finding one more detail changes nothing. A word for a parent, or 'she', leaves it open.
    """

    def __init__(self, document: Document, case: Case) -> None:
        self._text, self._named = document.text, Named(case)
        self._subject = next((person for person in case.people if person.relation is Relation.SUBJECT_CHILD), None)
        self._open = re.compile(rf"\b(?:{'|'.join(vocabulary().leaves_open)})\b", re.IGNORECASE)
        self._record = re.compile(rf"\b(?:{'|'.join(vocabulary().child_records)})\b", re.IGNORECASE)
        self._sentences = sentences(document.text)
        self._starts = [span.start for span in self._sentences]

    def owner(self, finding: Finding, found: Person | None, part: Role) -> Person | None:
        """Return the person whose health or background this probably is, or the one found.

        Args:
            found: whom the detail was linked to; the professional of a table's row is only its author.
            part: of the file.
        """
        if finding.label not in _PRIVATE:
            return found
        if (child := self._in_the_child_s_record(finding, found)) is not None:
            return child
        beside = found is not None and found.relation is Relation.PROFESSIONAL and part is Role.TABLE_CELL
        stranger = found is None or found.relation is Relation.UNKNOWN
        if not (stranger or beside):
            return found
        line = Span(self._text.rfind("\n", 0, finding.span.start) + 1, finding.span.start)
        last = self._named.last(self._text, line)
        after = last[0] if last else line.start
        if self._open.search(self._text, after, line.end):
            return found if found and not beside else None
        if last is not None:
            return last[1][0] if len(last[1]) == 1 else found
        return self._subject

    def _in_the_child_s_record(self, finding: Finding, found: Person | None) -> Person | None:
        """'Sickle cell trait on the newborn screen' is the child's, where the sentence speaks of nobody else."""
        number = bisect_right(self._starts, finding.span.start) - 1
        if number < 0 or (found is not None and found.relation in _CHILDREN):
            return None
        sentence = self._sentences[number]
        if not self._record.search(self._text, sentence.start, sentence.end):
            return None
        people = [person for known in self._named.within(self._text, sentence) for person in known]
        others = any(person.relation not in _CHILDREN for person in people)
        if others or self._open.search(self._text, sentence.start, sentence.end):
            return None
        return next(iter(people), self._subject)
