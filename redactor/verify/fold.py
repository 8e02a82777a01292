"""Folds text so that what a reader would take for the same words compares equal, however the file spells it.

Folding removes case, compatibility forms (ligatures, full-width letters), accents, soft hyphens, zero-width characters
and look-alike letters of other alphabets. Both sides of every comparison are folded, so folding can hide no difference
that matters: a removed name spelt with a Cyrillic letter is still that name.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝвнкмтпгзӏɡɑοαερτυνκιβηχγω" + "łøđıħŧŋðþĸſ" + "’‘ʼ`´′“”„‐‑‒–—−",
    "aeopcyxijshdqwbhkmtnr3lgaoaeptuvkiβnxγw" + "lodihtndpks" + "''''''\"\"\"------",
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_LINE_END_HYPHEN = re.compile("(?:[-\u00ad\u2010\u2011][ \t]*\r?\n|[\u0002\ufffe][ \t]*\r?\n?)[ \t]*")
# Scripts written without spaces: each character is a word, since programs put spaces beside them as they like.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")


def fold(text: str) -> str:
    """Return the text in the one form in which texts are compared."""
    plain = _INVISIBLE.sub("", text)
    if plain.isascii():
        return plain.lower()
    lowered = unicodedata.normalize("NFKC", plain).casefold().translate(_LOOK_ALIKES)
    spread = unicodedata.normalize("NFD", lowered)
    return "".join(c for c in spread if unicodedata.category(c) != "Mn").translate(_LOOK_ALIKES)


def joined_lines(text: str) -> str:
    """Return the text with words joined again that a line end had hyphenated."""
    return _LINE_END_HYPHEN.sub("", text)


_SYLLABLE_LETTERS = 3  # so many letters at the end of one word and the start of the next meet by chance


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a short text."""
    return tuple(_WORD.findall(fold(text)))


class Words:
    """A folded text as a sequence of words that can be searched fast.

    Args:
        texts: the text in stretches; no phrase is found across two stretches.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.sequence: list[str] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        self._squeezed: str | None = None
        self._edges: list[int] = []
        for text in texts:
            self.extend(_WORD.findall(fold(text)))

    def extend(self, more: Iterable[str]) -> None:
        """Append one stretch of folded words, fenced off from what stands before."""
        if self.sequence:
            self.sequence.append("")
        for word in more:
            self._places[word].append(len(self.sequence))
            self.sequence.append(word)
        self._squeezed = None

    def __len__(self) -> int:
        return len(self.sequence)

    def __contains__(self, phrase: Sequence[str]) -> bool:
        return bool(self.places(phrase, most=1))

    def places(self, phrase: Sequence[str], most: int | None = None) -> list[int]:
        """Return where the words of the phrase stand in sequence."""
        found: list[int] = []
        if not phrase:
            return found
        rarest = min(range(len(phrase)), key=lambda i: len(self._places.get(phrase[i], ())))
        wanted = list(phrase)
        for place in self._places.get(phrase[rarest], ()):
            start = place - rarest
            if start >= 0 and self.sequence[start : start + len(wanted)] == wanted:
                found.append(start)
                if most is not None and len(found) >= most:
                    break
        return found

    def count(self, phrase: Sequence[str]) -> int:
        """Return how often the words of the phrase stand in sequence."""
        return len(self.places(phrase))

    def vocabulary(self) -> set[str]:
        """Return every distinct word."""
        return set(self._places)

    def squeezed(self) -> str:
        """Return all words without anything between them (stretches stay fenced)."""
        if self._squeezed is None:
            parts, self._edges, position = [], [], 0
            for word in self.sequence:
                part = word or "\n"
                self._edges.append(position)
                parts.append(part)
                position += len(part)
            self._edges.append(position)
            self._squeezed = "".join(parts)
        return self._squeezed

    def count_squeezed(self, letters: str, *, whole_words: bool) -> int:
        """Return how often the letters stand in sequence, whatever spaces or marks divide them.

        Args:
            letters: folded letters and digits without anything between.
            whole_words: count only where a word begins at the first and one ends at the last letter.
        """
        text = self.squeezed()
        count, at = 0, text.find(letters)
        while at >= 0:
            count += self._is_no_chance(at, at + len(letters), whole_words=whole_words)
            at = text.find(letters, at + 1)
        return count

    def _is_no_chance(self, start: int, end: int, *, whole_words: bool) -> bool:
        """Say whether letters that were found stand for themselves: "for judgment" only seems to hold "R Judgment".

        Where they begin or end inside a word, they must share more than a syllable with it.
        """
        first, last = bisect_right(self._edges, start), bisect_left(self._edges, end)
        begins, ends = self._edges[first - 1] == start, self._edges[last] == end
        if whole_words or (begins and ends):
            return begins and ends
        shared_at_start = min(self._edges[first], end) - start
        shared_at_end = end - max(self._edges[last - 1], start)
        return (begins or shared_at_start > _SYLLABLE_LETTERS) and (ends or shared_at_end > _SYLLABLE_LETTERS)
