"""Words and marks of a text, with the way each is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from redactor.language.lexicon import lexicon

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+|[^\w\s]|[\n\t]|_+")
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "la",
        "le",
        "du",
        "da",
        "dos",
        "das",
        "del",
        "di",
        "al",
        "el",
        "bin",
        "bint",
        "ibn",
        "ben",
        "ap",
        "ab",
        "ferch",
        "mac",
        "mc",
        "o",
        "st",
        "te",
        "ter",
        "ten",
        "af",
        "av",
        "zu",
        "abu",
        "abd",
        "ur",
        "ul",
        "ud",
    ]
)
_STOPS = frozenset(
    [
        "i",
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "if",
        "so",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "off",
        "on",
        "to",
        "up",
        "with",
        "is",
        "was",
        "are",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "not",
        "no",
        "he",
        "she",
        "it",
        "they",
        "we",
        "you",
        "his",
        "her",
        "its",
        "their",
        "our",
        "your",
        "my",
        "me",
        "him",
        "them",
        "us",
        "who",
        "whom",
        "which",
        "what",
        "when",
        "where",
        "why",
        "how",
        "that",
        "this",
        "these",
        "those",
        "there",
        "here",
        "then",
        "than",
        "all",
        "any",
        "both",
        "each",
        "few",
        "more",
        "most",
        "other",
        "some",
        "such",
        "only",
        "own",
        "same",
        "too",
        "very",
        "can",
        "could",
        "will",
        "would",
        "should",
        "shall",
        "may",
        "might",
        "must",
        "let",
        "also",
        "yes",
        "ok",
        "re",
        "cc",
        "fw",
        "ie",
        "eg",
        "etc",
        "via",
        "per",
        "said",
        "says",
        "told",
        "asked",
    ]
)


_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ")


class Shape(Enum):
    """How a word is written."""

    LOWER = "lower"
    CAPITALISED = "Capitalised"
    CAPITALS = "CAPITALS"
    INITIAL = "I"
    NUMBER = "12"
    MARK = "."


class Token(NamedTuple):
    """A word or mark and where it stands.

    Args:
        lower: the word in lower case without a possessive 's.
    """

    text: str
    start: int
    end: int
    shape: Shape
    lower: str

    @property
    def bare_end(self) -> int:
        """Where the word ends without a possessive 's."""
        return self.end - 2 if self.text.lower().endswith("'s") and len(self.text) > 3 else self.end


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Split a stretch of text; spaces are left out, line ends and tabs are marks."""
    stop = len(text) if end is None else end
    return [
        Token(match.group(), match.start(), match.end(), *_written(match.group()))
        for match in _TOKEN.finditer(text, start, stop)
    ]


@lru_cache(maxsize=65536)
def _written(word: str) -> tuple[Shape, str]:
    """Return how a word is written, and the word in lower case without a possessive 's."""
    return _shape(word), word.lower().removesuffix("'s")


def _shape(word: str) -> Shape:
    first = word[0]
    if first.isdigit():
        return Shape.NUMBER
    if not first.isalpha():
        return Shape.MARK
    if not first.isupper():
        return Shape.LOWER
    bare = word.removesuffix("'s")
    if len(bare) == 1:
        return Shape.INITIAL
    return Shape.CAPITALS if bare.isupper() else Shape.CAPITALISED


def could_name(token: Token) -> bool:
    """Say whether the word's writing lets it be part of a name."""
    shape = token.shape
    return shape is Shape.CAPITALISED or shape is Shape.CAPITALS or shape is Shape.INITIAL


def is_stop(token: Token) -> bool:
    """Say whether this is a small word that never belongs to a name."""
    return token.lower in _STOPS


def name_at(tokens: Sequence[Token], index: int, *, words_allowed: int = 1, longest: int = 5) -> int:
    """Return the index just past the name that begins here, or the index itself if none does.

    Args:
        words_allowed: how many ordinary words the name may hold ('Penny Banks' holds two).
        longest: most words of a name.
    """
    known, here, spent = lexicon(), index, 0
    while here < len(tokens) and here - index < longest:
        token = tokens[here]
        if here > index and not _joins(tokens[here - 1], token):
            break
        if token.text == "." and here > index and tokens[here - 1].shape is Shape.INITIAL:
            here += 1
            continue
        if _is_particle(tokens, here, index):
            here += 1
            continue
        if not could_name(token) or is_stop(token) or known.is_safe(token.text):
            break
        if token.shape is Shape.CAPITALS and (token.lower in known.abbreviations or _is_unspeakable(token)):
            break
        if here > index and _begins_role(tokens, here, index):
            break
        if token.shape is not Shape.INITIAL and known.is_word(token.text) and not _is_strong_name(token):
            spent += 1
            if spent > words_allowed:
                break
        here += 1
        if token.text.lower().endswith("'s") and len(token.text) > 3:
            break
    while here > index and (tokens[here - 1].lower in _PARTICLES and tokens[here - 1].shape is Shape.LOWER):
        here -= 1
    if here == index + 1 and tokens[index].shape is Shape.INITIAL:
        return index
    return here


def _is_unspeakable(token: Token) -> bool:
    """Say whether capitals without a vowel are letters after a name rather than part of it: 'SCPHN', 'RGN'."""
    return len(token.text) > 2 and not _VOWELS & set(token.lower)


def _begins_role(tokens: Sequence[Token], here: int, start: int) -> bool:
    """Say whether a job title begins here: 'P K Rao Consultant Paediatrician' is a name of three words."""
    known = lexicon()
    if tokens[here].lower not in known.role_starts:
        return False
    words = [each.lower for each in tokens[here : here + 3]]
    whole = any(" ".join(words[:length]) in known.roles for length in (2, 3) if length <= len(words))
    return whole or (here - start > 1 and words[0] in known.roles and known.name_weight(words[0]) == 0.0)


def _joins(before: Token, token: Token) -> bool:
    """Names go on over one or two spaces, and over the stop of an initial."""
    gap = token.start - before.end
    return gap <= 2 and token.text not in "\n\t" and (gap > 0 or token.text == "." or before.text == ".")


def _is_particle(tokens: Sequence[Token], here: int, index: int) -> bool:
    token = tokens[here]
    if here == index or token.shape is not Shape.LOWER or token.lower not in _PARTICLES:
        return False
    following = tokens[here + 1] if here + 1 < len(tokens) else None
    return following is not None and (could_name(following) or following.lower in _PARTICLES) and not is_stop(token)


def _is_strong_name(token: Token) -> bool:
    return lexicon().forenames.get(token.lower, 0) >= 3000


def starts_sentence(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a word stands where any word would be capitalised."""
    if index == 0:
        return True
    before = tokens[index - 1]
    if before.text in {".", "!", "?", "\n", "\t", ":", "•", "*", '"', "'", "[", "–", "-", "|", "…", "("}:
        return True
    return before.shape is Shape.NUMBER and (index == 1 or tokens[index - 2].text in {"\n", "\t"})
