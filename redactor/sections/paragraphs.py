"""The paragraphs of a document with what their place and writing tell: heading, entry of a log, quoted mail, row of a table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from redactor.language.lexicon import lexicon
from redactor.model import Document, Role, Span

_LONGEST_HEADING = 130  # characters
_NUMBERED = re.compile(
    r"\s*(?:(?:item|section|part|appendix|annex|agenda item)\s+)?(?P<number>\d{1,2}(?:\.\d{1,2})*|[A-Z](?:\d{1,2})?|[ivx]{1,4})[.):–-]?\s+(?=\S)",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"[\s>*•\[(-]*(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8} \d{2,4}|\d{1,2}[:.]\d\d(?:hrs)?)\b"
)
_MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*\d)\w{2,}\b|\b[A-Z]*l[A-Z]{2,}\w*\b|\b[A-Z]{2,}l[A-Z]*\b")
_READ_AS = {"0": "o", "1": "li", "5": "s", "l": "li", "I": "Il"}
_DOUBTFUL = 6  # characters of a word that scanning may have spoilt
_AS_L = str.maketrans({"0": "o", "1": "l", "5": "s"})
_AS_I = str.maketrans({"0": "o", "1": "i", "5": "s", "l": "i"})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line or paragraph of the document with what it is.

    Args:
        row: table and row, where it stands in a table.
        alone: True where it is the only cell of its row that says anything.
    """

    span: Span
    text: str
    role: Role
    level: int
    style: str
    row: tuple[int, int] | None = None
    alone: bool = False

    @property
    def quoted(self) -> int:
        """How deep in quoted mail it stands."""
        marks = re.match(r"[\s>]*", self.text)
        return marks.group().count(">") if marks else 0

    @property
    def stamped(self) -> bool:
        """Say whether it begins with a date or a time, as the entries of logs do."""
        return _STAMP.match(self.text) is not None

    @property
    def number(self) -> str:
        """The number of a numbered heading, or nothing."""
        match = _NUMBERED.match(self.text)
        return match.group("number") if match else ""


def paragraphs(document: Document) -> list[Paragraph]:
    """Split the document's text at line ends; each paragraph is what its first piece is."""
    starts = [piece.span.start for piece in document.pieces]
    filled = Counter(
        (piece.cell.table, piece.cell.row, piece.cell.column)
        for piece in document.pieces
        if piece.cell is not None and document.text[piece.span.start : piece.span.end].strip()
    )
    cells = Counter((table, row) for table, row, _ in filled)
    result, here = [], 0
    text = document.text
    while here < len(text):
        end = text.find("\n", here)
        end = len(text) if end < 0 else end + 1
        piece = document.pieces[max(0, bisect_right(starts, here) - 1)] if document.pieces else None
        row = (piece.cell.table, piece.cell.row) if piece is not None and piece.cell is not None else None
        result.append(
            Paragraph(
                Span(here, end),
                text[here:end].rstrip("\n"),
                piece.role if piece else Role.BODY,
                piece.level if piece else 0,
                piece.style if piece else "",
                row,
                row is not None and cells[row] == 1,
            )
        )
        here = end
    return result


def is_heading(line: Paragraph) -> bool:
    """Say whether a paragraph is a heading: by its role, or in plain files by its writing."""
    if line.role is Role.HEADING:
        return True
    text = line.text.strip()
    if (
        (line.role is Role.TABLE_CELL and not line.alone)
        or line.role is Role.LIST_ITEM
        or not text
        or len(text) > _LONGEST_HEADING
        or text.endswith((".", ";", ",", "?"))
        or "\t" in text
    ):
        return False
    if text.startswith(("[", "(", "-", "•", "*", ">")):
        return False
    letters = [character for character in text if character.isalpha()]
    shouted = len(letters) > 5 and sum(character.isupper() for character in letters) > 0.8 * len(letters)
    numbered = _NUMBERED.match(text) is not None and len(text.split()) <= 14
    return shouted or numbered or bool(re.match(r"(?:section|part|item|appendix)\s+\w{1,3}\b", text, re.IGNORECASE))


def readings(text: str) -> tuple[str, ...]:
    """Return the text as it stands and, where scanning put digits in the place of letters, as it may have stood."""
    if not _MIXED.search(text):
        return (text,)
    as_l = _MIXED.sub(lambda word: word.group().translate(_AS_L), text)
    as_i = _MIXED.sub(lambda word: word.group().translate(_AS_I), text)
    as_words = _MIXED.sub(lambda word: _as_word(word.group()), text)
    return tuple(dict.fromkeys((text, as_l, as_i, as_words)))


@lru_cache(maxsize=4096)
def _as_word(scanned: str) -> str:
    """Return the English word that scanning may have spoilt, or the word as it stands."""
    choices = [_READ_AS.get(character, character) for character in scanned]
    doubtful = sum(len(each) > 1 for each in choices)
    if not 0 < doubtful <= _DOUBTFUL:
        return scanned
    options = ("".join(each) for each in product(*choices))
    return next((option for option in options if lexicon().is_word(option)), scanned)
