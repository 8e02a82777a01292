"""The parts, short forms, initials and log-ins of all known names, in a form in which they can be looked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from redactor.language.lexicon import lexicon
from redactor.model import Case

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"}
)
_CELTIC = re.compile(r"(?P<son>Mac|Mc|O'|Fitz)(?P<of>[A-Z])")


@dataclass(slots=True)
class Names:
    """The parts of all known names, folded: without accents, in small letters.

    Args:
        parts: each part, and whether the case file itself names it.
        initials: two or three letters that stand for a known person.
        logins: forms of a whole name in addresses and user names.
    """

    parts: dict[str, bool] = field(default_factory=dict)
    initials: set[str] = field(default_factory=set)
    logins: set[str] = field(default_factory=set)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the word in small letters and without accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(character for character in plain if not unicodedata.combining(character))


def names_of(case: Case, found: Iterable[str]) -> Names:
    """Take the names of the case's people and of those already found to pieces."""
    names = Names()
    for person in case.people:
        for whole in (person.name, *person.aliases):
            _add(names, whole, registered=True)
    for whole in found:
        _add(names, whole, registered=False)
    return names


def _add(names: Names, whole: str, *, registered: bool) -> None:
    known = lexicon()
    plain = whole.replace("’", "'").removesuffix("'s")
    words = [
        word
        for word in re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", plain)
        if not known.is_title(word) or len(plain.split()) == 1
    ]
    whole_name = [word for word in words if word.lower() not in known.kinship]
    words = [word for word in whole_name if not (known.is_safe(word) and not registered)]
    if registered:
        words = [word for word in words if word.lower() not in {"unborn", "baby", "child"}]
    for word in words:
        if len(word) > 1:
            for part in {fold(word), *(fold(half) for half in re.split("-", word) if len(half) > 2)}:
                names.parts[part] = names.parts.get(part, False) or registered
    if registered and words:
        for short in known.nicknames.get(words[0].lower(), ()):
            if not known.is_word(short):
                names.parts.setdefault(fold(short), True)
    if len(whole_name) >= 2 and words:
        _add_initials(names, whole_name)
    if len(words) >= 2:
        first, last = fold(words[0]), fold(words[-1])
        names.logins.update(
            {
                first + last,
                first[0] + last,
                first + "." + last,
                first[0] + "." + last,
                last + first,
                last + "." + first,
                last + first[0],
                first + "_" + last,
            }
        )


def _add_initials(names: Names, words: Sequence[str]) -> None:
    capitals = [word[0].upper() for word in words if word[0].isupper() or word.isupper()]
    if len(capitals) < 2:
        return
    halves = [half[0].upper() for word in words for half in word.split("-") if half]
    names.initials.add((capitals[0] + words[-1][:2]).upper())  # as school records shorten: Oliver Wood is OWO
    celtic = _CELTIC.match(words[-1])
    if celtic is not None:
        names.initials.add(capitals[0] + celtic["son"].upper() + celtic["of"].upper())
    names.initials.update({capitals[0] + capitals[-1], "".join(capitals[:4]), "".join(halves[:4])})
    if "-" in words[-1]:
        names.initials.add(capitals[0] + "".join(half[0].upper() for half in words[-1].split("-") if half))
