"""A reading of a document: its text with line breaks, hyphens and odd characters smoothed, and the way back.

Detectors look at the reading; every span they find is carried back to the document's own offsets.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from redactor.language.scanned import repaired
from redactor.model import Document, Kind, Role, Span

_SAME_LENGTH = {
    ord(odd): plain
    for odds, plain in (
        ("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        ("\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4\u2032", "'"),
        ("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        ("\u2010\u2011\u2212", "-"),
        ("\u2028\u2029\u000b\u000c\r", "\n"),
    )
    for odd in odds
}
_INVISIBLE = frozenset(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_WRAPPED = frozenset({Kind.PDF, Kind.IMAGE, Kind.TEXT, Kind.EMAIL})
_SHORTEST_WRAPPED_LINE = 45  # characters: shorter lines end where their author ended them
_FULLNESS = 0.62  # share of the page's usual line length from which a line counts as full
_NUMBER_GOES_ON = re.compile(r"\d\n(?:\d{3,}|\d[A-Z]{2})(?![\w/:.)])")  # '07700' and '900 118', 'DT4' and '9QX'
_NUMBER_REACH = 12  # characters
_SHORTEST_BROKEN = 20  # characters of a line in which a number can be broken
_HALF = 0.5  # of the page's usual line length
_STARTS_NEW = re.compile(r"\s*(?:[-•*▪◦·]|\(?\w{1,3}[.)]\s|[A-Z][\w' /]{0,30}:|\d{1,2}[:.]\d\d\b|>|\[|From\b|$)")


@dataclass(frozen=True, slots=True)
class Reading:
    """Smoothed text and, for each of its characters, where it stands in the document.

    Args:
        text: what the detectors look at.
        origin: offset in the document of each character of ``text``.
        document: the document that was read.
    """

    text: str
    origin: array[int]
    document: Document

    def back(self, start: int, end: int) -> Span:
        """Return the span of the document that this stretch of the reading stands for."""
        first, last = self.origin[start], self.origin[end - 1] + 1
        original = self.document.text
        while last < len(original) and (original[last] in _INVISIBLE or unicodedata.combining(original[last])):
            last += 1
        return Span(first, last)

    def forth(self, span: Span) -> tuple[int, int]:
        """Return the stretch of the reading that stands for this span of the document."""
        return bisect_left(self.origin, span.start), bisect_left(self.origin, span.end)

    def lines(self) -> Iterator[tuple[int, int]]:
        """Yield start and end of every line, without its line end."""
        start = 0
        while start < len(self.text):
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            yield start, end
            start = end + 1


def read(document: Document) -> Reading:
    """Smooth a document's text so that a name broken over a line end or by a soft hyphen is one name again."""
    characters, origin = _plain(document.text)
    joints = _soft_line_ends(characters, origin, document)
    text, places = [], array("I")
    for index, character in enumerate(characters):
        if index in joints:
            if joints[index]:
                text.append(joints[index])
                places.append(origin[index])
            continue
        text.append(character)
        places.append(origin[index])
    return Reading(repaired("".join(text)), places, document)


def _plain(text: str) -> tuple[list[str], array[int]]:
    """Return the characters without the invisible ones, composed and in their plain forms, with their offsets."""
    characters: list[str] = []
    origin = array("I")
    for index, character in enumerate(text.translate(_SAME_LENGTH)):
        if character < "\u0080":
            characters.append(character)
            origin.append(index)
        elif character in _INVISIBLE:
            continue
        elif unicodedata.combining(character) and characters:
            composed = unicodedata.normalize("NFC", characters[-1] + character)
            if len(composed) == 1:
                characters[-1] = composed
        else:
            for plain in unicodedata.normalize("NFKC", character) if character in "ﬀﬁﬂﬃﬄﬅﬆ" else character:
                characters.append(plain)
                origin.append(index)
    return characters, origin


def _soft_line_ends(characters: list[str], origin: array[int], document: Document) -> dict[int, str]:
    """Return what stands in the place of characters at soft line ends: a space, or nothing after a hyphen."""
    text = "".join(characters)
    hard = _cell_offsets(document)
    joints: dict[int, str] = {}
    wrapped = document.kind in _WRAPPED
    usual = _usual_line_length(text) if wrapped else 0
    for match in re.finditer("\n", text):
        end = match.start()
        if origin[end] in hard or end + 1 >= len(text):
            continue
        before, after = text[end - 1 : end], text[end + 1]
        if before == "-" and after.isalpha() and text[end - 2 : end - 1].isalpha() and wrapped:
            joints[end] = ""
            if after.islower():
                joints[end - 1] = ""
        elif (wrapped and _is_full(text, end, usual) and not _STARTS_NEW.match(text, end + 1)) or (
            wrapped and _NUMBER_GOES_ON.match(text, max(0, end - 1), end + _NUMBER_REACH) and _is_long(text, end, usual)
        ):
            joints[end] = " "
    return joints


def _cell_offsets(document: Document) -> frozenset[int]:
    """Return the offsets of line ends that end a table row, a heading or a list item."""
    ends: set[int] = set()
    for piece in document.pieces:
        if piece.cell is not None or piece.role in {Role.HEADING, Role.METADATA, Role.EMAIL_HEADER}:
            ends.update(offset for offset in range(piece.span.start, piece.span.end) if document.text[offset] in "\r\n")
    return frozenset(ends)


def _usual_line_length(text: str) -> int:
    """Return the length that nine lines in ten stay under."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _is_long(text: str, end: int, usual: int) -> bool:
    """Say whether the line that ends here is long enough for a number to be broken over its end."""
    length = end - text.rfind("\n", 0, end) - 1
    return _SHORTEST_BROKEN <= length >= usual * _HALF and usual < 400


def _is_full(text: str, end: int, usual: int) -> bool:
    """Say whether the line that ends here was broken because it was full."""
    start = text.rfind("\n", 0, end) + 1
    length = end - start
    return length >= _SHORTEST_WRAPPED_LINE and length >= usual * _FULLNESS and usual < 400
