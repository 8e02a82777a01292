"""Rows of a table that a column of the table keeps from the family: 'Share with family?  No'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redactor.model import Document

_SHARED = re.compile(
    r"\W*(?:(?:ok|okay|can be|may be|to be)? ?(?:shared?|sharing|disclosed?|disclosure|disclosable|shareable|visible|open|released?)\b.{0,30}|(?:family|parents?|subject)(?:'s)? (?:copy|version|to see|may see|access))\W*",
    re.IGNORECASE,
)
_RESTRICTED = re.compile(
    r"\W*(?:restrict(?:ed|ion)?|withh[eo]ld|confidential|sensitive|closed|privileged)\b.{0,20}", re.IGNORECASE
)
_NO = re.compile(
    r"(?:no|n|none|not?\b.{0,40}|do not.{0,40}|never|x|✗|✘|restricted|withheld|closed|professionals?(?: only)?)\W*",
    re.IGNORECASE,
)
_YES = re.compile(r"(?:yes|y|x|✓|✔|restricted|withheld|closed|privileged|confidential)\b.{0,40}", re.IGNORECASE)


def restricted_rows(document: Document) -> Iterator[tuple[int, int]]:
    """Yield start and end of each such row."""
    rows: dict[tuple[int, int], dict[int, list[int]]] = {}
    for piece in document.pieces:
        if piece.cell is not None:
            cell = rows.setdefault((piece.cell.table, piece.cell.row), {}).setdefault(
                piece.cell.column, [piece.span.start, piece.span.end]
            )
            cell[:] = [min(cell[0], piece.span.start), max(cell[1], piece.span.end)]
    columns: dict[int, dict[int, re.Pattern[str]]] = {}
    for (table, row), cells in sorted(rows.items()):
        said = {column: document.text[start:end].strip() for column, (start, end) in cells.items()}
        if row == 0:
            columns[table] = {
                column: pattern for column, words in said.items() if (pattern := _wanted(words)) is not None
            }
        elif any(pattern.fullmatch(said.get(column, "")) for column, pattern in columns.get(table, {}).items()):
            yield min(start for start, _ in cells.values()), max(end for _, end in cells.values())


def _wanted(heading: str) -> re.Pattern[str] | None:
    """Return what a cell must say under this heading for its row to be restricted."""
    if _SHARED.fullmatch(heading):
        return _NO
    return _YES if _RESTRICTED.fullmatch(heading) else None
