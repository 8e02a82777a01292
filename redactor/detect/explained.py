"""Abbreviations of bodies, forms and systems: the text spells them out, or they stand where things stand and people do not."""

from __future__ import annotations

import re
from functools import lru_cache

from redactor.language.lexicon import lexicon

_CAPITALS = re.compile(r"[A-Z]{2,8}")
_LINK_WORDS = frozenset(["of", "and", "the", "for", "in", "to", "a", "on", "with"])
_EXPLAINED = re.compile(
    r"(?P<words>(?:[A-Za-z][\w'&/-]* ){2,7})\((?:the )?[\"']?(?P<short>[A-Z][A-Za-z]{0,2}[A-Z]{1,5})[\"']?\)"
    r"|\b(?P<first>[A-Z]{2,7}) (?:=|–|-|:|stands for|means|\() ?(?P<after>(?:[A-Za-z][\w'&/-]*[ )]){2,7})"
)
_IN_OFFICE = re.compile(
    r"(?:'s)? (?:forms?|reports?|records?|systems?|numbers?|teams?|panels?|meetings?|scores?|checks?|lists?|logs?|entry|entries|referrals?|assessments?|units?|database|exports?|modules?|training|tools?|pathways?|notifications?|markers?|process|protocol|policy|guidance|thresholds?|officers?|workers?|leads?|coordinators?|practitioners?|clinics?|nurses?|services?|codes?|categor(?:y|ies)|funding|provision|placements?)\b"
)
_ARTICLE = re.compile(
    r"\b(?:the|an?|our|their|its|his|her|your|my|any|each|every|no|this|via|per|on|under) $", re.IGNORECASE
)
_OF_FAMILY = re.compile(
    r"(?:'s)? (?:famil(?:y|ies)|household|children|siblings?|kids|brothers?|sisters?|twins|boys|girls|home|house|address)\b"
)
_ARTICLE_REACH = 8


def is_explained(text: str, start: int, end: int) -> bool:
    """Say whether a lone word in capitals is a body or a form: the text spells it out, or it stands as a thing does."""
    plain = text[start:end].removesuffix("'s")
    if not _CAPITALS.fullmatch(plain) or lexicon().name_weight(plain) > 0:
        return False
    if plain in _explained(text) or _IN_OFFICE.match(text, end) is not None:
        return True
    article = _ARTICLE.search(text, max(0, start - _ARTICLE_REACH), start)
    return article is not None and not _OF_FAMILY.match(text, end)


@lru_cache(maxsize=2)
def _explained(text: str) -> frozenset[str]:
    """Return the abbreviations that the text itself spells out in ordinary words: 'Single Point of Access (SPA)'."""
    known = lexicon()
    found = set()
    for match in _EXPLAINED.finditer(text):
        short = match["short"] or match["first"]
        words = re.findall(r"[A-Za-z][\w']*", match["words"] or match["after"])
        words = words[-len(short) - 2 :] if match["words"] else words
        if any(known.name_weight(word) == 1.0 for word in words[-len(short) :]):
            continue
        letters = "".join(word[0] for word in words).upper()
        big = "".join(word[0] for word in words if word.lower() not in _LINK_WORDS).upper()
        if short.upper() in letters or short.upper() in big:
            found.add(short)
    return frozenset(found)
