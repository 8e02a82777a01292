"""The words by which minutes open and end a restricted part, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

import redactor.language
from redactor.model import Audience

_FILE = Path(redactor.language.__file__).resolve().parent / "data" / "sections.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns that open a part for an audience, that end one, that say how far a note reaches, and with which a note
    begins or a letter ends."""

    opens: tuple[tuple[Audience, re.Pattern[str]], ...]
    ends: re.Pattern[str]
    only_here: re.Pattern[str]
    next_only: re.Pattern[str]
    negated: re.Pattern[str]
    agencies: re.Pattern[str]
    announces: re.Pattern[str]
    signs_off: re.Pattern[str]
    leaves: re.Pattern[str]
    privilege: re.Pattern[str]
    tells: re.Pattern[str]
    headings: tuple[tuple[Audience, re.Pattern[str]], ...]
    meaning: dict[str, re.Pattern[str]]

    def announced(self, sentence: str) -> bool:
        """Say whether a sentence of an ordinary paragraph announces that a part of the document is restricted."""
        meaning = self.meaning
        part = meaning["remainder"].search(sentence) or meaning["here"].search(sentence)
        if meaning["whole"].search(sentence) and not part:
            return False
        if meaning["unless"].search(sentence) or self.negated.search(sentence):
            return False
        return self.announces.match(sentence) is not None or self.restricts(sentence, plain=True)

    def restricts(self, said: str, *, plain: bool = False) -> bool:
        """Say whether these words, whatever they are, keep something from somebody.

        Args:
            said: a heading, a note in brackets, or with ``plain`` a sentence of an ordinary paragraph.
        """
        meaning = self.meaning
        if meaning["unless"].search(said) or self.negated.search(said):
            return False
        passes_on = bool(meaning["restricts"].search(said) and meaning["passes_on"].search(said))
        itself, people = meaning["itself"].search(said), meaning["people"].search(said)
        if plain:
            asks = meaning["rules"].search(said) and not meaning["past"].search(said)
            return bool(passes_on and meaning["here"].search(said) and asks)
        marked = meaning["marks"].search(said) and (itself or meaning["at_work"].search(said))
        return bool(marked or (passes_on and (people or itself)) or (meaning["at_work"].search(said) and itself))

    def by_phrase(self, said: str) -> Audience | None:
        """Return the audience that a set phrase announces."""
        return next((audience for audience, pattern in self.opens if pattern.search(said)), None)

    def heading_alone(self, text: str) -> Audience | None:
        """Return the audience of a heading that announces one by being a heading: 'Legal advice'."""
        return next((audience for audience, pattern in self.headings if pattern.match(text)), None)


@cache
def words() -> Words:
    """Load the patterns."""
    raw = yaml.safe_load(_FILE.read_text("utf-8"))

    def any_of(patterns: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(patterns), re.IGNORECASE)

    return Words(
        opens=tuple((Audience(audience), any_of(patterns)) for audience, patterns in raw["opens"].items()),
        ends=any_of(raw["ends"]),
        only_here=re.compile(raw["only_here"], re.IGNORECASE),
        next_only=re.compile(raw["next_only"], re.IGNORECASE),
        negated=any_of(raw["negated"]),
        announces=any_of(raw["announces"]),
        signs_off=any_of(raw["signs_off"]),
        leaves=any_of(raw["leaves"]),
        privilege=re.compile(raw["privilege"], re.IGNORECASE),
        tells=re.compile(raw["tells"], re.IGNORECASE),
        headings=tuple((Audience(audience), any_of(patterns)) for audience, patterns in raw["headings"].items()),
        meaning={name: re.compile(pattern, re.IGNORECASE) for name, pattern in raw["meaning"].items()},
        agencies=re.compile(r"\b(?:" + "|".join(raw["agencies"]) + r")\b", re.IGNORECASE),
    )


def audience_of(text: str) -> Audience | None:
    """Return the audience that these words announce, if they announce one."""
    if words().negated.search(text):
        return None
    by_phrase = words().by_phrase(text)
    if by_phrase is not None or not words().restricts(text):
        return by_phrase
    return Audience.CLOSED if words().meaning["at_work"].search(text) else Audience.WITHHELD
