"""Special-category data, and what tells more than a name: descriptions, sources, health, offences, explicit detail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

import redactor.language
from redactor.detect.candidate import Candidate
from redactor.model import Label

_DATA = Path(redactor.language.__file__).resolve().parent / "data"
_CERTAINTY = {
    Label.DESCRIPTOR: 0.4,
    Label.ATTRIBUTION: 0.45,
    Label.HEALTH: 0.4,
    Label.OFFENCE: 0.4,
    Label.EXPLICIT: 0.5,
}
_WHY = {
    Label.DESCRIPTOR: "a description that may single somebody out",
    Label.ATTRIBUTION: "tells who gave the information",
    Label.HEALTH: "tells about somebody's health",
    Label.OFFENCE: "tells about an offence",
    Label.EXPLICIT: "explicit detail",
}
_WORD = re.compile(r"(?<![\w-])[A-Za-z]+")


def special(text: str) -> Iterator[Candidate]:
    """Yield ethnicity, nationality, religion, orientation, immigration status and named diagnoses."""
    exact, loose = _special_phrases()
    for word in _WORD.finditer(text):
        found = _longest(text, word.start(), exact.get(word.group(), ()), False) or _longest(
            text, word.start(), loose.get(word.group().lower(), ()), True
        )
        if found is not None and not is_language(text, word.start(), word.start() + len(found[0])):
            phrase, score, why = found
            yield Candidate(word.start(), word.start() + len(phrase), Label.SPECIAL, score, "rules", why)


_SPOKEN = re.compile(
    r"\b(?:speaks?|speaking|spoke|spoken|talks?|language(?:s)?(?: is| are|:)?|fluent in|interpreter(?: in| for|:)?|translated (?:in)?to|reads?|written in|said in|in) (?:\w+ (?:and|or|&) )?$",
    re.IGNORECASE,
)
_TONGUE = re.compile(
    r"(?:[- ]speak(?:ing|ers?)|,? interpreters?|,? interpretation| translat\w+| language| lessons?| class(?:es)?| leaflets?| version| GCSE|,? (?:and|or|&) English\b)"
)
_SPOKEN_REACH = 32  # characters


def is_language(text: str, start: int, end: int) -> bool:
    """Say whether a nationality stands for the language: 'speaks Polish', 'Urdu interpreter'. A language tells no origin."""
    before = _SPOKEN.search(text, max(0, start - _SPOKEN_REACH), start)
    return before is not None or _TONGUE.match(text, end) is not None


def circumstances(text: str) -> Iterator[Candidate]:
    """Yield what the profiles for publication and for referrers need, at lower certainty."""
    patterns, official = _circumstance_patterns()
    for label, pattern in patterns:
        for match in pattern.finditer(text):
            if label is Label.ATTRIBUTION and official.search(match.group()):
                continue
            if "\n" not in match.group().strip():
                yield Candidate(match.start(), match.end(), label, _CERTAINTY[label], "rules", _WHY[label])


Phrase = tuple[str, float, str]
Table = dict[str, tuple[Phrase, ...]]


@cache
def _special_phrases() -> tuple[Table, Table]:
    """Return the phrases by their first word: those that must be written as they stand, and those that need not."""
    terms = yaml.safe_load((_DATA / "special.yaml").read_text("utf-8"))
    faint = set(_phrases(terms["low_diagnoses"]))
    diagnoses = [phrase for phrase in _phrases(terms["diagnoses"]) if phrase not in faint]
    nationalities = str(terms["nationalities"]).split()
    exact: list[Phrase] = [(phrase, 0.75, "tells an ethnicity") for phrase in _phrases(terms["ethnicities"])]
    exact += [(word, 0.7, "tells a nationality, ethnicity or language") for word in nationalities]
    exact += [(word.upper(), 0.6, "tells a nationality, ethnicity or language") for word in nationalities]
    exact += [(phrase, 0.75, "tells a religion") for phrase in _phrases(terms["religions"])]
    exact += [(phrase, 0.7, "names a diagnosis") for phrase in diagnoses if phrase.isupper()]
    exact += [(phrase, 0.55, "may name a diagnosis") for phrase in sorted(faint)]
    loose: list[Phrase] = [
        (phrase.lower(), 0.7, "tells orientation or gender identity") for phrase in _phrases(terms["identities"])
    ]
    loose += [(phrase.lower(), 0.75, "tells an immigration status") for phrase in _phrases(terms["immigration"])]
    loose += [(phrase.lower(), 0.7, "names a diagnosis") for phrase in diagnoses if not phrase.isupper()]
    return _by_first_word(exact), _by_first_word(loose)


def _by_first_word(phrases: list[Phrase]) -> Table:
    table: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        first = _WORD.match(phrase[0])
        if first is not None:
            table.setdefault(first.group(), []).append(phrase)
    return {word: tuple(sorted(each, key=lambda phrase: -len(phrase[0]))) for word, each in table.items()}


def _longest(text: str, start: int, phrases: tuple[Phrase, ...], loose: bool) -> Phrase | None:
    """Return the longest phrase that stands here and ends at the end of a word."""
    for phrase in phrases:
        end = start + len(phrase[0])
        there = text[start:end]
        if (there.lower() if loose else there) == phrase[0] and not text[end : end + 1].isalnum():
            return phrase
    return None


@cache
def _circumstance_patterns() -> tuple[tuple[tuple[Label, re.Pattern[str]], ...], re.Pattern[str]]:
    terms = yaml.safe_load((_DATA / "circumstances.yaml").read_text("utf-8"))
    official = re.compile(terms.pop("official_sources"), re.IGNORECASE)
    patterns = tuple(
        (Label(label), re.compile(pattern, re.IGNORECASE)) for label, listed in terms.items() for pattern in listed
    )
    return patterns, official


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|") if phrase.strip()]
