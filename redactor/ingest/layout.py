"""Puts the words of a page into one text: lines, cells and paragraphs, in the order in which the page draws them.

Word processors draw a page in reading order, cell by cell in tables; that order keeps the lines of one cell together,
which sorting by position would interleave with those of its neighbour.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from redactor.ingest.words import Word
from redactor.model import Box, Cell, InText, OnPage, Piece, Role, Span

_SAME_LINE = 0.5  # of the smaller height must overlap
_WIDE_GAP = 1.4  # of the letter height: a tab or a new column
_NEXT_LINE = 1.4  # of the letter height between two lines of one block
_PARAGRAPH_GAP = 0.75  # of the letter height of empty space
_HEADING_GROWTH = 1.15  # of the page's usual letter height
_HEADING_WORDS = 14


@dataclass(slots=True)
class Writer:
    """Builds the canonical text of a document piece by piece."""

    parts: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    length: int = 0
    tables: int = 0

    def add(
        self, text: str, role: Role, at: OnPage | InText, *, cell: Cell | None = None, level: int = 0, style: str = ""
    ) -> None:
        """Append one piece."""
        span = Span(self.length, self.length + len(text))
        self.parts.append(text)
        self.pieces.append(Piece(span, role, at, cell, level, style))
        self.length = span.end

    def append(self, other: Writer) -> None:
        """Append all that another writer wrote, except to tables."""
        whole = other.text()
        for piece in other.pieces:
            text, at = whole[piece.span.start : piece.span.end], piece.at
            self.parts.append(text)
            self.pieces.append(Piece(Span(self.length, self.length + len(text)), piece.role, at, None, piece.level))
            self.length += len(text)

    def text(self) -> str:
        """Return all that was written."""
        return "".join(self.parts)


@dataclass(slots=True)
class Segment:
    """Words of one line without a wide gap between them."""

    words: list[Word]
    box: Box
    breaks: str = "\n"  # what follows it in the text
    row: tuple[int, int, int] | None = None  # table, row and column

    @property
    def height(self) -> float:
        """Height of the line in points."""
        return max(self.box[3] - self.box[1], 0.1)


def write_page(number: int, words: Sequence[Word], writer: Writer, *, seen: Box | None = None) -> None:
    """Write the words of one page.

    Args:
        number: 0-based page.
        words: in drawing order, or reading order for OCR.
        seen: the page's visible box; words outside it are written as hidden.
    """
    segments = _segments(words)
    _join(segments)
    _rows(segments, writer)
    usual = _usual_height(segments)
    for segment in segments:
        heading = _is_heading(segment, usual)
        for place, word in enumerate(segment.words):
            last = place == len(segment.words) - 1
            separator = segment.breaks if last else _between(word, segment.words[place + 1])
            role = _role(word, segment, heading, seen)
            cell = Cell(*segment.row) if segment.row else None
            at = OnPage(number, _rounded(word.box), word.cuts, word.confidence)
            writer.add(word.text + separator, role, at, cell=cell, level=1 if role is Role.HEADING else 0)


def _between(word: Word, following: Word) -> str:
    """Return a space where there is one to be seen or written; words of one chain may touch."""
    if word.spaced or word.confidence is not None:
        return " "
    gap = following.box[0] - word.box[2]
    return " " if gap > 0.12 * max(word.size, 0.1) or word.turned else ""


def _role(word: Word, segment: Segment, heading: bool, seen: Box | None) -> Role:
    if word.confidence is not None:
        return Role.OCR
    if seen is not None and not _meets(word.box, seen):
        return Role.HIDDEN
    if segment.row:
        return Role.TABLE_CELL
    return Role.HEADING if heading else Role.BODY


def _segments(words: Iterable[Word]) -> list[Segment]:
    segments: list[Segment] = []
    for word in words:
        if segments and _continues(segments[-1], word):
            segment = segments[-1]
            segment.words.append(word)
            segment.box = _union(segment.box, word.box)
        else:
            segments.append(Segment([word], word.box))
    return segments


def _continues(segment: Segment, word: Word) -> bool:
    last = segment.words[-1]
    if last.line is not None or word.line is not None:
        return last.line == word.line and word.box[0] - last.box[2] < 2 * _WIDE_GAP * max(word.size, last.size)
    if last.turned or word.turned:
        return last.turned and word.turned and _near(last.box, word.box, max(last.size, word.size))
    size = max(last.size, word.size)
    gap = word.box[0] - last.box[2]
    return _level(last.box, word.box) and -0.5 * size < gap < _WIDE_GAP * size


def _near(one: Box, other: Box, size: float) -> bool:
    across = max(other[0] - one[2], one[0] - other[2])
    down = max(other[1] - one[3], one[1] - other[3])
    return max(across, down) < _WIDE_GAP * size and min(across, down) < 0


def _level(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > _SAME_LINE * min(one[3] - one[1], other[3] - other[1])


def _join(segments: list[Segment]) -> None:
    """Decide what separates each segment from the next: a tab to the next cell, a line end, or an empty line."""
    top: Segment | None = None  # first line of the block that we are in
    for before, after in itertools.pairwise(segments):
        top = top or before
        if after.box[0] >= before.box[2] and _level(before.box, after.box):
            before.breaks, top = "\t", after
        elif _below(before, after):
            before.breaks = "\n\n" if before.box[1] - after.box[3] > _PARAGRAPH_GAP * before.height else "\n"
        elif after.box[0] >= top.box[2] - 1 and _level(top.box, after.box):
            before.breaks, top = "\t", after
        else:
            gap = before.box[1] - after.box[3]
            before.breaks = "\n\n" if gap > _PARAGRAPH_GAP * before.height else "\n"
            top = after


def _below(before: Segment, after: Segment) -> bool:
    """Say whether a segment is the next line of the same block."""
    gap = before.box[1] - after.box[3]
    overlaps = min(before.box[2], after.box[2]) > max(before.box[0], after.box[0])
    return overlaps and -0.5 * before.height < gap < _NEXT_LINE * max(before.height, after.height)


def _rows(segments: list[Segment], writer: Writer) -> None:
    """Number the cells of neighbouring lines that are divided into columns."""
    row, column, open_table = 0, 0, False
    start = 0
    while start < len(segments):
        end = start
        while end < len(segments) and not (segments[end].breaks.startswith("\n") and not _has_tab(segments, end)):
            end += 1
        end = min(end, len(segments) - 1)
        line = segments[start : end + 1]
        if any(segment.breaks == "\t" for segment in line):
            writer.tables += 0 if open_table else 1
            row = row + 1 if open_table else 0
            open_table, column = True, 0
            for segment in line:
                segment.row = (writer.tables - 1, row, column)
                column += segment.breaks == "\t"
        else:
            open_table = False
        start = end + 1


def _has_tab(segments: list[Segment], place: int) -> bool:
    """Say whether a line end lies inside a cell: the lines of its block lead on to a tab."""
    while place + 1 < len(segments) and segments[place].breaks == "\n" and _below(segments[place], segments[place + 1]):
        place += 1
        if segments[place].breaks == "\t":
            top = place
            while top > 0 and segments[top - 1].breaks == "\n" and _below(segments[top - 1], segments[top]):
                top -= 1
            return place + 1 < len(segments) and _level(segments[top].box, segments[place + 1].box)
    return False


def _usual_height(segments: Sequence[Segment]) -> float:
    heights = sorted(round(segment.height, 1) for segment in segments for _ in segment.words)
    return heights[len(heights) // 2] if heights else 0.0


def _is_heading(segment: Segment, usual: float) -> bool:
    if segment.breaks == "\t" or segment.row or len(segment.words) > _HEADING_WORDS:
        return False
    return segment.height > _HEADING_GROWTH * usual or all(word.bold for word in segment.words)


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _meets(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def _rounded(box: Box) -> Box:
    return round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2)
