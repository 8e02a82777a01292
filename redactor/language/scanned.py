"""Slips of scanning: digits read in the place of letters, and letters in the place of digits. Nothing changes its length."""

from __future__ import annotations

import re

from redactor.language.lexicon import lexicon

_MIXED = re.compile(
    r"(?<![\w@./-])(?=[^\W\d_]*[01I])(?:[A-Za-z]{1,20}[01I]{1,2}[A-Za-z01I]{0,20}|[01I][a-z][A-Za-z01I]{1,20}|[A-Za-z]{3,20}[01])(?![\w@/]|\.\w|-\d)"
)
_AS_NUMBER = re.compile(r"(?<![\w.])(?=[OIl]*\d)[\dOIl]*[OIl][\dOIl]*(?!\w)|(?<![\w.])[OIl](?=/\d\d?/)")
_DIGITS = str.maketrans("OIl", "011")
_LEAST = 4  # words that must be words again, before a text counts as scanned badly
_SHARE = 0.004  # of all words


def as_letters(word: str) -> str:
    """Return a word with letters in the place of the digits that scanning put there: 'Be1lo', 'Hi1l', 'BeIlo'."""
    read = []
    for place, character in enumerate(word):
        before = word[place - 1] if place else word[1:2]
        if character == "1" or (character == "I" and before.islower()):
            character = "l"
        elif character == "0":
            character = "O" if before.isupper() else "o"
        read.append(character)
    return "".join(read)


def repaired(text: str) -> str:
    """Return a badly scanned text with its slips mended, of the same length; any other text as it is."""
    mixed = list(_MIXED.finditer(text))
    if len(mixed) < _LEAST:
        return text
    words = sum(lexicon().is_word(as_letters(match.group())) for match in mixed)
    if words < _LEAST or words < _SHARE * text.count(" "):
        return text
    mended = _MIXED.sub(lambda match: as_letters(match.group()), text)
    return _AS_NUMBER.sub(lambda match: match.group().translate(_DIGITS), mended)
