"""What the case file knows better than the detector: a date that is somebody's birthday, a word that is their name.

And whose a private detail is that nobody was found for: the last person of the case file of whom the line speaks.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from redactor.decide.passages import Named
from redactor.model import Case, Document, Finding, Label, Person, Relation, Role, Span
from redactor.policy.vocabulary import vocabulary

_NUMERIC = re.compile(r"^\D*(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\D*$")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4}|\d{2})\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MAY_BE_A_NAME = frozenset({Label.LOCATION, Label.ORG, Label.SCHOOL, Label.SPECIAL, Label.USERNAME, Label.DESCRIPTOR})
_PRIVATE = frozenset({Label.SPECIAL, Label.HEALTH})
_LONG_ENOUGH = 4  # letters of a name that no other word is likely to be
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def birthday(finding: Finding, text: str, case: Case) -> Finding:
    """Return the finding as the one person's date of birth whose it is in the case file, or unchanged.

    Args:
        text: of the whole document.
    """
    if finding.label not in (Label.DATE, Label.DOB):
        return finding
    said = _parts(text[finding.span.start : finding.span.end])
    born = [person.id for person in case.people if person.born and said and _same(person.born, said)]
    if len(born) != 1:
        return finding
    return replace(finding, label=Label.DOB, person=born[0])


def _parts(words: str) -> tuple[int, int, int] | None:
    """Return day, month and year (of two or four figures) of a whole date."""
    if numeric := _NUMERIC.match(words):
        return int(numeric[1]), int(numeric[2]), int(numeric[3])
    if (worded := _WORDED.search(words)) and worded[2].casefold() in _MONTHS:
        return int(worded[1]), _MONTHS.index(worded[2].casefold()) + 1, int(worded[3])
    return None


def _same(born: str, said: tuple[int, int, int]) -> bool:
    try:
        day = date.fromisoformat(born)
    except ValueError:
        return False
    century = 100
    year = day.year if said[2] >= century else day.year % century
    return (day.day, day.month, year) == said


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
        self._text, self._case, self._named = document.text, case, Named(case)
        self._open = re.compile(rf"\b(?:{'|'.join(vocabulary().leaves_open)})\b", re.IGNORECASE)

    def owner(self, finding: Finding, found: Person | None, part: Role) -> Person | None:
        """Return the person whose health or background this probably is, or the one found.

        Args:
            found: whom the detail was linked to; the professional of a table's row is only its author.
            part: of the file.
        """
        beside = found is not None and found.relation is Relation.PROFESSIONAL and part is Role.TABLE_CELL
        stranger = found is None or found.relation is Relation.UNKNOWN
        if finding.label not in _PRIVATE or not (stranger or beside):
            return found
        line = Span(self._text.rfind("\n", 0, finding.span.start) + 1, finding.span.start)
        last = self._named.last(self._text, line)
        after = last[0] if last else line.start
        if self._open.search(self._text, after, line.end):
            return found if found and not beside else None
        if last is not None:
            return last[1][0] if len(last[1]) == 1 else found
        return next((person for person in self._case.people if person.relation is Relation.SUBJECT_CHILD), None)
