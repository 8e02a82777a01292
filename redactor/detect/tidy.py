"""What the name model takes for a person and is none, or is two: lists, months and kin words before a name, abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from redactor.detect.candidate import Candidate
from redactor.detect.explained import is_explained
from redactor.language.lexicon import lexicon
from redactor.model import Case, Label

MODEL = "model"
_SURE = 0.95  # the model's certainty from which a single capital letter names somebody
_SHORTEST = 2  # characters of a name that stands alone
_COMMON = 200  # births from which the name of a month is somebody's name
_BETWEEN_NAMES = re.compile(r",\s+(?=[^\W\d_])")
_LAST_WORD = re.compile(r"([^\W\d_]+) $")
_TIMED = re.compile(
    r"(?<!\w)(?:on|last|next|this|every|each|by|since|until|till|from|before|after|of|in|and|to) $", re.IGNORECASE
)
_TIMED_LENGTH = 7  # characters of the longest of these and the blank after it
_KIN_LENGTH = 12  # characters of the longest kin word and the blank after it
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def tidied(text: str, spans: Iterable[Candidate], case: Case) -> list[Candidate]:
    """Return the candidates with PERSON spans cut to what can be one person's name.

    Args:
        case: whose people's initials are names even where they spell an abbreviation.
    """
    initials = {
        "".join(word[0] for word in re.findall(r"[^\W\d_]+", name)).upper()
        for person in case.people
        for name in (person.name, *person.aliases)
    } | {alias.upper() for person in case.people for alias in person.aliases}
    spans = list(spans)
    initials |= {
        "".join(word[0] for word in words).upper()
        for each in spans
        if each.label is Label.PERSON
        and 2 <= len(words := re.findall(r"[^\W\d_]{2,}", text[each.start : each.end])) <= 4
    }
    found: list[Candidate] = []
    for each in spans:
        if each.label is not Label.PERSON:
            found.append(each)
            continue
        for part in _people(text, each):
            cut = _without_leading_words(text, part)
            if cut.end - cut.start < _SHORTEST:
                cut = _with_kin_word(text, part)
            letter = text[cut.start : cut.end].strip(" .")
            plain = text[cut.start : cut.end].strip(" .,'’")
            if plain.upper() not in initials and is_explained(text, cut.start, cut.end):
                continue
            sure_letter = each.score >= _SURE and len(letter) == 1 and letter.isupper()
            if each.source != MODEL or sure_letter or _can_be_a_name(text[cut.start : cut.end], initials):
                found.append(cut)
            elif cut != part:
                found.append(part)
    return found


def _people(text: str, each: Candidate) -> Iterator[Candidate]:
    """Yield one candidate for each name of a list."""
    edges = [each.start]
    for comma in _BETWEEN_NAMES.finditer(text, each.start, each.end):
        before, after = text[edges[-1] : comma.start()], text[comma.end() : each.end]
        lone = _are_given(before, after.split(",")[0])
        if lone or (len(before.split()) > 1 and len(after.split(",")[0].split()) > 1):
            edges += [comma.start(), comma.end()]
    edges.append(each.end)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield replace(each, start=start, end=end)


def _are_given(before: str, after: str) -> bool:
    """'Berwyn, Robin': two given names are two people; 'James, Robin' may be one, surname first."""
    known = lexicon()
    given = all(word.lower() in known.forenames for word in (before, after)) and not before.isupper()
    return given and before.lower() not in known.surnames


def _without_leading_words(text: str, each: Candidate) -> Candidate:
    known = lexicon()
    words = list(_WORD.finditer(text, each.start, each.end))
    while len(words) > 1:
        first = words[0][0].lower()
        if known.forenames.get(first, 0) >= _COMMON and first not in known.kinship_titles:
            break
        if first not in known.calendar and first not in known.kinship_titles:
            break
        if first in known.calendar - known.months and not _tells_a_time(text, words[0], words[1]):
            break
        words = words[1:]
    return replace(each, start=words[0].start()) if words else each


def _tells_a_time(text: str, day: re.Match[str], following: re.Match[str]) -> bool:
    """'on Sunday Craig' and 'Sunday Craig' tell when; with a surname after it, 'Sunday Adeyemi' is somebody."""
    if _TIMED.search(text, max(0, day.start() - _TIMED_LENGTH), day.start()):
        return True
    return lexicon().forenames.get(following[0].lower(), 0) >= _COMMON


def _with_kin_word(text: str, each: Candidate) -> Candidate:
    """Take the kin word before a single letter in: 'Mama G' is somebody's name, 'G' alone is not."""
    before = _LAST_WORD.search(text, max(0, each.start - _KIN_LENGTH), each.start)
    if before is None or before[1].lower() not in lexicon().kinship_titles:
        return each
    return replace(each, start=before.start(1))


def _can_be_a_name(name: str, initials: set[str]) -> bool:
    """Refuse single letters, abbreviations that are nobody's initials, and bare kin words."""
    known = lexicon()
    plain = name.strip(" .,'’")
    if plain.upper() in initials:
        return True
    if len(plain) < _SHORTEST or plain.lower() in known.kinship:
        return False
    if plain.lower() in known.calendar and known.forenames.get(plain.lower(), 0) < _COMMON:
        return False
    return not (plain.isupper() and plain.lower() in known.abbreviations)
