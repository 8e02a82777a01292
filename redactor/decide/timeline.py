"""Dates of a series told so that order and duration stay: moved by one secret number of days, or counted from a start.

A date without a year gets the year in which it lies nearest to the last whole date before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from redactor.decide.generalise import MONTHS
from redactor.model import Detected, Document, Finding, Label, Span
from redactor.policy.profile import Times
from redactor.pseudonyms import Series

_ISO = re.compile(r"^\D*(\d{4})-(\d{2})-(\d{2})\D*$")
_NUMERIC = re.compile(r"^\D*(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?\D*$")
_WORDED = re.compile(r"^(?:\D*?(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?\W*([A-Za-z]{3})[a-z]*\.?,?(?:\s+(\d{4}))?\W*$")
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?,?\s+(?:the\s+)?$", re.IGNORECASE
)
_REACH = 16  # characters before a date in which its weekday may stand
_CENTURY = 100
_TURN = 40  # two-figure years up to this are of this century
_DAYS_A_WEEK, _MONTHS_A_YEAR = 7, 12


@dataclass(frozen=True, slots=True)
class _Read:
    """A date as far as it was written: without a year or a day, these are None."""

    year: int | None
    month: int
    day: int | None


class Timeline:
    """Tells the dates of one document as its series does.

    Args:
        times: how the profile tells dates.
        series: the shift and the first day; without a first day the document's own earliest date is Month 1.
    """

    def __init__(self, document: Document, detected: Detected, times: Times, series: Series) -> None:
        self._times, self._series = times, series
        self._days = _resolved(document, detected) if times.dates in ("month_number", "week_number", "shifted") else {}
        self._begins = first_day(self._days, series)

    def told(self, finding: Finding) -> str | None:
        """Return a date's words, or None where month, year or the plain word for a date must do."""
        known = self._days.get(finding.span)
        if known is None:
            return "a date" if self._times.dates in ("month_number", "week_number", "shifted") else None
        day, whole = known
        if self._times.dates == "shifted":
            return self._shifted(day, whole=whole)
        return self._counted(day) if self._begins else "a date"

    def _shifted(self, day: date, *, whole: bool) -> str | None:
        if not self._series.shift_days:
            return "a date"
        moved = day + timedelta(days=self._series.shift_days)
        return f"{moved.day} {moved:%B %Y}" if whole else f"{moved:%B %Y}"

    def _counted(self, day: date) -> str:
        begins = self._begins or day
        if self._times.dates == "week_number":
            name, count = "Week", (day - begins).days // _DAYS_A_WEEK
        else:
            name, count = "Month", (day.year - begins.year) * _MONTHS_A_YEAR + day.month - begins.month
        if count >= 0:
            return f"{name} {count + 1}"
        return f"{-count} {name.lower()}{'s' if count < -1 else ''} before {name} 1"


def with_weekday(text: str, span: Span) -> Span:
    """Take in the weekday before a date: with the month it would tell the day."""
    start = max(0, span.start - _REACH)
    before = _WEEKDAY.search(text, start, span.start)
    return Span(before.start(), span.end) if before else span


def begun(series: Series, document: Document, detected: Detected) -> Series:
    """Return a series that knows its first day: the earliest date of its first document that has one."""
    if series.begins:
        return series
    first = min((day for day, _ in _resolved(document, detected).values()), default=None)
    return replace(series, begins=first.isoformat()) if first else series


def first_day(days: dict[Span, tuple[date, bool]], series: Series) -> date | None:
    """Return the day from which a series counts."""
    if series.begins:
        return date.fromisoformat(series.begins)
    return min((day for day, _ in days.values()), default=None)


def _resolved(document: Document, detected: Detected) -> dict[Span, tuple[date, bool]]:
    """Read every date; say for each whether it was written with its day."""
    read = {
        finding.span: _parsed(document.text[finding.span.start : finding.span.end])
        for finding in detected.findings
        if finding.label == Label.DATE
    }
    years = [(span, each) for span, each in read.items() if each and each.year]
    found: dict[Span, tuple[date, bool]] = {}
    anchor = _day(years[0][1], years[0][1].year or 0) if years else None
    for span, each in read.items():
        if each is None or (each.year is None and anchor is None):
            continue
        day = _day(each, each.year) if each.year else _nearest(each, anchor or date.today())
        if day is not None:
            found[span] = (day, each.day is not None)
            anchor = day if each.year else anchor
    return found


def _nearest(read: _Read, anchor: date) -> date | None:
    days = [_day(read, year) for year in (anchor.year - 1, anchor.year, anchor.year + 1)]
    return min((day for day in days if day), key=lambda day: abs((day - anchor).days), default=None)


def _day(read: _Read, year: int) -> date | None:
    try:
        return date(year, read.month, read.day or 1)
    except ValueError:
        return None


def _parsed(words: str) -> _Read | None:
    if iso := _ISO.match(words):
        return _Read(int(iso[1]), int(iso[2]), int(iso[3]))
    if numeric := _NUMERIC.match(words):
        return _Read(_year(numeric[3]), int(numeric[2]), int(numeric[1]))
    worded = _WORDED.match(words.strip())
    months = [month[:3].casefold() for month in MONTHS]
    if worded and worded[2].casefold() in months:
        return _Read(_year(worded[3]), months.index(worded[2].casefold()) + 1, int(worded[1]) if worded[1] else None)
    return None


def _year(figures: str | None) -> int | None:
    if not figures:
        return None
    year = int(figures)
    return year if year >= _CENTURY else year + (2000 if year <= _TURN else 1900)
