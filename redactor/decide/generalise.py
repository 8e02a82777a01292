"""The same, said less exactly. What cannot be understood becomes the plain word for its kind, never itself."""

from __future__ import annotations

import re
from functools import cache

from redactor.language.lexicon import lexicon
from redactor.model import Label
from redactor.policy.profile import Times
from redactor.policy.vocabulary import vocabulary

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_MONTH_WORD = re.compile(r"\b(" + "|".join(month[:3] for month in MONTHS) + r")[a-z]*\b", re.IGNORECASE)
_NUMERIC = re.compile(r"\b(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?\b")
_CLOCK = re.compile(
    r"^\D{0,3}\d{1,2}[.:]\d{2}(?!\s?[./-]\s?\d)(?:\s*(?:am|pm|hrs))?(?:\s*(?:to|-|–)\s*\d{1,2}[.:]\d{2}.*)?$",
    re.IGNORECASE,
)
_MONTH_AND_YEAR = re.compile(r"^\D*?(\d{1,2})\s?[./-]\s?(\d{4})\D*$")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_YEAR = re.compile(r"\b(19\d{2}|20\d{2})\b")
_NUMBER = re.compile(r"\d{1,3}")
_CENTURY_TURN = 40  # two-figure years up to this are of this century
_NUMBER_WORDS = (
    "newborn", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip

_OTHERWISE = {
    Label.DATE: "a date",
    Label.DOB: "date of birth",
    Label.AGE: "an age",
    Label.SCHOOL_YEAR: "a school year",
    Label.ADDRESS: "an address",
    Label.POSTCODE: "a postcode",
    Label.PERSON: "a person",
}


def generalised(text: str, label: Label, times: Times) -> str:
    """Return less exact words for a detail.

    Args:
        text: the detail as it stands.
        label: what it is.
        times: how dates and ages are told.
    """
    if label == Label.DATE and _CLOCK.match(text):
        return "a time"
    if label == Label.DATE:
        return _date(text, times) or _OTHERWISE[label]
    if label == Label.AGE:
        return _age(text, times) or _OTHERWISE[label]
    words = vocabulary()
    if label == Label.LOCATION and (place := _first(text, words.places[label])):
        return place
    if label == Label.LOCATION and " ".join(text.split()).casefold() in _towns():
        return words.town
    if label in words.places:
        return _first(text, words.places[label]) or words.place_otherwise[label]
    if label in (Label.SPECIAL, Label.HEALTH):
        return _first(text, words.special, whole=False) or words.special_otherwise
    return _OTHERWISE.get(label, "a detail")


@cache
def _towns() -> frozenset[str]:
    return frozenset(place.casefold() for place in lexicon().places)


def _first(text: str, table: list[tuple[str, str]], *, whole: bool = True) -> str | None:
    folded = text.casefold().replace("’", "'")
    edge = r"\b" if whole else ""
    return next((say for word, say in table if re.search(rf"\b{re.escape(word)}{edge}", folded)), None)


def _date(text: str, times: Times) -> str | None:
    month, year = _month_and_year(text)
    if times.dates == "year":
        return year
    return " ".join(filter(None, (month, year))) or None


def _month_and_year(text: str) -> tuple[str | None, str | None]:
    if iso := _ISO.search(text):
        return _name(int(iso[2])), iso[1]
    if short := _MONTH_AND_YEAR.match(text):
        return _name(int(short[1])), short[2]
    if numeric := _NUMERIC.search(text):
        return _name(int(numeric[2])), _whole_year(numeric[3])
    word, year = _MONTH_WORD.search(text), _YEAR.search(text)
    month = next((name for name in MONTHS if word and name.startswith(word[1].capitalize())), None)
    return month, year[1] if year else None


def _name(month: int) -> str | None:
    return MONTHS[month - 1] if 1 <= month <= len(MONTHS) else None


def _whole_year(figures: str | None) -> str | None:
    if figures is None or len(figures) == 4:
        return figures
    return f"20{figures}" if int(figures) <= _CENTURY_TURN else f"19{figures}"


def _age(text: str, times: Times) -> str | None:
    folded = text.casefold()
    number = _NUMBER.search(folded)
    years = (
        int(number[0])
        if number
        else next((n for n, w in enumerate(_NUMBER_WORDS) if re.search(rf"\b{w}\b", folded)), None)
    )
    if years is None:
        return None
    if re.search(r"month|week|day|\bm\b|/12", folded):
        years = years // 12 if "month" in folded or "/12" in folded else 0
    return next((words for lowest, words in reversed(times.age_bands) if years >= lowest), None)
