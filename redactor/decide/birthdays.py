"""A date that the case file knows as somebody's date of birth is one, whatever the detector took it for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from redactor.model import Case, Finding, Label

_NUMERIC = re.compile(r"^\D*(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\D*$")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4}|\d{2})\b")
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
