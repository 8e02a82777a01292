"""A name taken to pieces, and how well two names can be one person's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from redactor.language.lexicon import lexicon
from redactor.language.scanned import as_letters

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SCANNED = re.compile(r"\w*[^\W\d_]\w*\d\w*|\w*\d[^\W\d_]\w*")
EXACT, SHORT, PART, SLIP, INITIAL = 1.0, 0.85, 0.8, 0.75, 0.7
FIRST = 0.95  # a lone word that is the given name
PREFIX = 0.74  # 'Geth' for Gethin
PET = 0.7  # 'Costi' for Costel
_SECOND_HALF = 0.5  # 'Ann' for Kelly-Ann
_FUZZY_FROM = 5
_REACH_BITS = 64
_SHORTEST_PREFIX = 3
_PET_LENGTH = 5  # letters by which a pet form may differ in length
_GENERATIONS = {"snr": "s", "sr": "s", "senior": "s", "jnr": "j", "jr": "j", "junior": "j"}
_PET_ENDING = re.compile(r"(?:ie|y|ey|i|s|z|zy|zza|o|a|ya|ik|ek|ka|ica|ico|ita|ito|sh|e|bo|ers)$")


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name, folded.

    Args:
        words: given names first, whatever order they were written in; titles left out.
        initials: True where the whole name is nothing but initials.
        shouted: the words that were written in capitals beside others that were not: the surname.
        generation: 's' for Senior, 'j' for Junior.
    """

    words: tuple[str, ...]
    initials: bool = False
    shouted: frozenset[str] = frozenset()
    generation: str = ""


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the word in small letters and without accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(character for character in plain if not unicodedata.combining(character))


@lru_cache(maxsize=4096)
def parse(text: str) -> Name:
    """Take a name as written to pieces: 'TROTT, Lee Michael', 'S. Rai', 'WM', 'Mrs Winter'."""
    plain = re.sub(r"['’]s\b", "", " ".join(text.split()))
    plain = _SCANNED.sub(lambda word: as_letters(word.group()), plain)
    first, comma, rest = plain.partition(",")
    if comma and rest.strip():
        plain = f"{rest.strip()} {first.strip()}"
    words = _WORD.findall(plain)
    generation = next((_GENERATIONS[word.lower()] for word in words[1:] if word.lower() in _GENERATIONS), "")
    words = [word for place, word in enumerate(words) if not place or word.lower() not in _GENERATIONS]
    while len(words) > 1 and lexicon().is_title(words[0]):
        words = words[1:]  # a title stands first; 'Ian Constable' and 'Ada Judge' bear theirs as surnames
    if (
        len(words) == 1
        and re.fullmatch(r"[A-Z]{2,4}", words[0])
        and (len(words[0]) == 2 or words[0].lower() not in lexicon().forenames)
    ):
        return Name(tuple(words[0].lower()), initials=True)
    if len(words) == 1 and re.fullmatch(r"[b-df-hj-np-tv-xz]{2}", words[0]):
        return Name(tuple(words[0]), initials=True)  # two consonants in small letters: 'kb'
    if words and all(len(word) == 1 for word in words):
        return Name(tuple(fold(word) for word in words), initials=len(words) > 1)
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    shouted = frozenset(fold(word) for word in capitals) if 0 < len(capitals) < len(words) else frozenset()
    if shouted and words[0].isupper() and not words[-1].isupper() and not comma:
        words = [word for word in words if fold(word) not in shouted] + [
            word for word in words if fold(word) in shouted
        ]
    return Name(tuple(fold(word) for word in words), shouted=shouted, generation=generation)


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> float:
    """Return how well two single words can be the same name: 0 not at all, 1 the same."""
    if one == other:
        return EXACT
    if not one or not other:
        return 0.0
    if len(one) == 1 or len(other) == 1:
        return INITIAL if one[0] == other[0] else 0.0
    nicknames = lexicon().nicknames
    if other in nicknames.get(one, ()) or one in nicknames.get(other, ()):
        return SHORT
    if other.rstrip("s") == one.rstrip("s") and min(len(one), len(other)) > 3:
        return SHORT
    halves = _by_halves(one.split("-"), other.split("-"))
    if halves:
        return halves
    if min(len(one), len(other)) >= _FUZZY_FROM and one[0] == other[0]:
        allowed = 2 if min(len(one), len(other)) >= 9 else 1
        if DamerauLevenshtein.distance(one, other, score_cutoff=allowed) <= allowed:
            return SLIP
    return 0.0


def _by_halves(one: list[str], other: list[str]) -> float:
    """'Ellie' can be Ellie-Mae; 'Mae' alone is rather somebody else."""
    if len(one) + len(other) <= 2 or not set(one) & set(other) - {""}:
        return 0.0
    return PART if one[0] == other[0] or (len(one) > 1 and len(other) > 1) else _SECOND_HALF


@lru_cache(maxsize=65536)
def short_for(short: str, full: str) -> float:
    """Return how well a word can be a pet form of a given name that no list holds: 'Geth', 'Costi', 'Kwabs'."""
    full = full.partition("-")[0]
    if len(short) < _SHORTEST_PREFIX or short == full:
        return 0.0
    if full.startswith(short):
        return PREFIX
    ending = _PET_ENDING.search(short)
    stem = short[: ending.start()] if ending is not None else ""
    if len(stem) >= _SHORTEST_PREFIX and full.startswith(stem) and abs(len(short) - len(full)) <= _PET_LENGTH:
        return PET
    return 0.0


@lru_cache(maxsize=65536)
def reach(name: Name) -> int:
    """Return, one bit a letter, what the names begin with that can stand for this one, pet names included.

    Two names whose reaches have nothing in common cannot be compared to more than nothing.
    """
    halves = {half for word in name.words for half in (word, *word.split("-"))}
    nicknames = lexicon().nicknames
    begun = {half[:1] for half in (*halves, *(pet for half in halves for pet in nicknames.get(half, ())))}
    return sum({1 << (ord(letter) % _REACH_BITS) for letter in begun if letter})


@lru_cache(maxsize=131072)
def compare(mention: Name, name: Name) -> float:
    """Return how well a mention can stand for somebody of that name."""
    if not mention.words or not name.words:
        return 0.0
    if mention.generation and name.generation and mention.generation != name.generation:
        return 0.0
    if mention.initials or name.initials:
        return max(_by_initials(mention, name), _as_word(mention, name))
    if len(mention.words) == 1:
        return _single(mention.words[0], name)
    if len(name.words) == 1:
        return 0.7 * max(alike(mention.words[0], name.words[0]), 0.8 * alike(mention.words[-1], name.words[0]))
    straight = _pair(mention.words, name.words)
    turned = 0.95 * _pair((*mention.words[1:], mention.words[0]), name.words)
    return max(straight, turned, _bag(mention.words, name.words))


def _as_word(mention: Name, name: Name) -> float:
    """In a text all of capitals three or four letters may be a whole short name, 'DUC', and no initials."""
    if not mention.initials or name.initials or len(mention.words) < 3:
        return 0.0
    return _single("".join(mention.words), name)


def _by_initials(mention: Name, name: Name) -> float:
    if mention.initials and name.initials:
        return EXACT if mention.words == name.words else 0.0
    short, full = (mention, name) if mention.initials else (name, mention)
    if len(full.words) < 2:
        return 0.0
    halves = [half[0] for word in full.words for half in word.split("-") if half]
    given = tuple(half[0] for half in full.words[0].split("-") if half)
    options = {
        (full.words[0][0], full.words[-1][0]),
        tuple(word[0] for word in full.words),
        tuple(halves),
        given if len(given) > 1 else (),
        (full.words[-1][0], full.words[0][0]),
    }
    options.add((full.words[0][0], *full.words[-1][:2]))  # as school records shorten: Oliver Wood is OWO
    ends = full.words[-1].split("-")
    if len(ends) > 1:
        options.add((full.words[0][0], ends[-1][0]))
    return 0.8 if short.words in options else 0.0


def _single(word: str, name: Name) -> float:
    if len(name.words) == 1:
        return max(alike(word, name.words[0]), short_for(word, name.words[0]), short_for(name.words[0], word))
    if len(word) == 1:
        return 0.5 if name.words[0].startswith(word) else 0.0
    first = max(alike(word, name.words[0]), short_for(word, name.words[0]))
    last = as_surname(word, name.words[-1])
    middle = max((alike(word, each) for each in name.words[1:-1]), default=0.0)
    return max(FIRST * first, 0.88 * last, 0.7 * middle)


def as_surname(one: str, other: str) -> float:
    """Return how well two words can be one surname: no short forms, for 'Tom' is no Thomas there."""
    likeness = alike(one, other)
    plural = one.rstrip("s") == other.rstrip("s")
    return 0.0 if likeness == SHORT and not plural else likeness


def _pair(mention: tuple[str, ...], name: tuple[str, ...]) -> float:
    """First with first, last with last; what stands between may be missing on one side but may not contradict."""
    first = max(alike(mention[0], name[0]), short_for(mention[0], name[0]), short_for(name[0], mention[0]))
    last = as_surname(mention[-1], name[-1])
    if not first or not last:
        return 0.0
    between, theirs = mention[1:-1], name[1:-1]
    if between and theirs and not any(alike(one, other) for one in between for other in theirs):
        return 0.6 * min(first, last)
    return (first + last) / 2 if min(first, last) >= INITIAL else 0.0


def _bag(mention: tuple[str, ...], name: tuple[str, ...]) -> float:
    small, large = sorted((set(mention), set(name)), key=len)
    return 0.9 if len(small) >= 2 and small <= large else 0.0
