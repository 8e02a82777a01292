"""A large file is read in ranges of pages, by several children or workers: a page's words depend on no other page.

The ranges depend on the file alone and are put together in order, so the document is the same whoever read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from redactor.errors import Damaged, TooLarge
from redactor.limits import TEXT_CHARACTERS
from redactor.model import Cell, Document, Kind, Piece, Span

PAGED = (Kind.PDF, Kind.IMAGE)  # kinds whose pages stand for themselves


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages from ``first`` up to, not including, ``end``; 0-based.

    Args:
        last: of the file: it also takes what is beside the pages, and pages that the door did not count.
    """

    first: int
    end: int
    last: bool = True

    def __contains__(self, page: int) -> bool:
        return self.first <= page and (self.last or page < self.end)


ALL = PageRange(0, 2**31)


def cut(first: int, end: int, each: int, *, last: bool = True) -> tuple[PageRange, ...]:
    """Cut the pages from ``first`` to ``end`` into ranges of ``each`` pages; the last may be shorter.

    Args:
        last: the file ends there.
    """
    starts = range(first, end, each)
    return tuple(PageRange(at, min(at + each, end), last and at + each >= end) for at in starts)


def join(parts: Sequence[Document]) -> Document:
    """Put the ranges of one file together, in order: the document that one reading would have made.

    Raises:
        Damaged: if there are none, or they are not of one file.
        TooLarge: if they hold more text than a document may.
    """
    if not parts or len({(part.kind, part.digest) for part in parts}) != 1:
        raise Damaged("The parts of the file do not fit together.")
    if sum(len(part.text) for part in parts) > TEXT_CHARACTERS:
        raise TooLarge("The file holds too much text.")
    pieces: list[Piece] = []
    length = tables = 0
    for part in parts:
        pieces += [_shifted(piece, length, tables) for piece in part.pieces]
        length += len(part.text)
        tables += 1 + max((piece.cell.table for piece in part.pieces if piece.cell), default=-1)
    return replace(
        parts[-1],
        text="".join(part.text for part in parts),
        pieces=tuple(pieces),
        pages=sum(part.pages for part in parts),
        page_sizes=tuple(size for part in parts for size in part.page_sizes),
        regions=tuple(region for part in parts for region in part.regions),
    )


def _shifted(piece: Piece, length: int, tables: int) -> Piece:
    cell = None if piece.cell is None else Cell(piece.cell.table + tables, piece.cell.row, piece.cell.column)
    return replace(piece, span=Span(piece.span.start + length, piece.span.end + length), cell=cell)
