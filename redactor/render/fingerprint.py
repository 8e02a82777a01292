"""Codes a number into a copy by moving whole lines of text up or down by a third of a point.

Each line of a page carries one sign of a long pseudo-random sequence that belongs to the number alone. The number is
spread over all lines of all pages, so that many lines may be misread or missing and it can still be told apart
(``tracing``). Readers do not see a third of a point; printing, scanning and copying keep it. Cropping, retyping and
re-setting the text destroy it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray

SHIFT = 0.36  # points: one pixel at 200 dots per inch
_SAME_LINE = 4.0  # points between baselines that still count as one line
_EDGE = 28.0  # points from the upper and lower edge
_UPRIGHT = 0.02
_SHOWS = frozenset({"Tj", "TJ", "'", '"'})

Matrix = tuple[float, float, float, float, float, float]
Signs = NDArray[np.float64]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def signs(number: int, page: int, count: int) -> Signs:
    """Return the signs (+1 up, -1 down) that a number gives to the lines of one page, counted from the top."""
    bits: list[int] = []
    block = 0
    while len(bits) < count:
        digest = hashlib.sha256(f"{number}/{page}/{block}".encode("ascii")).digest()
        bits += [(byte >> place) & 1 for byte in digest for place in range(8)]
        block += 1
    return np.asarray(bits[:count], dtype=np.float64) * 2 - 1


@dataclass(slots=True)
class _Text:
    """What of the graphics and text state decides how high a glyph stands."""

    current: Matrix = _IDENTITY
    line: Matrix = _IDENTITY
    leading: float = 0.0
    rise: float = 0.0
    saved: list[tuple[Matrix, float, float]] = field(default_factory=list)

    def follow(self, operator: str, operands: Sequence[Any]) -> None:
        """Follow one operator."""
        if operator == "q":
            self.saved.append((self.current, self.leading, self.rise))
        elif operator == "Q" and self.saved:
            self.current, self.leading, self.rise = self.saved.pop()
        elif operator == "cm":
            self.current = _times(_matrix(operands), self.current)
        elif operator == "BT":
            self.line = _IDENTITY
        elif operator == "Tm":
            self.line = _matrix(operands)
        elif operator in ("Td", "TD"):
            self.leading = -float(operands[1]) if operator == "TD" else self.leading
            self._down(float(operands[0]), float(operands[1]))
        elif operator == "TL":
            self.leading = float(operands[0])
        elif operator in ("T*", "'", '"'):
            self._down(0.0, -self.leading)
        elif operator == "Ts":
            self.rise = float(operands[0])

    def _down(self, x: float, y: float) -> None:
        self.line = _times((1.0, 0.0, 0.0, 1.0, x, y), self.line)

    def baseline(self) -> tuple[float, float] | None:
        """Return height of the baseline and points for each unit of rise; None for text that is not upright."""
        a, b, c, d, _, f = _times(self.line, self.current)
        if d <= 0 or a <= 0 or abs(b) > _UPRIGHT * a or abs(c) > _UPRIGHT * d:
            return None
        return f, d


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _shows(operations: Sequence[Any]) -> Iterator[tuple[int, float, float, float]]:
    """Yield, for each operator that shows upright text: its place, baseline, points a unit of rise, and own rise."""
    state = _Text()
    for number, operation in enumerate(operations):
        if isinstance(operation, pikepdf.ContentStreamInlineImage):
            continue
        operator = str(operation.operator)
        state.follow(operator, operation.operands)
        if operator in _SHOWS:
            found = state.baseline()
            if found is not None:
                yield number, found[0], found[1], state.rise


def _grouped(heights: Sequence[float]) -> list[list[float]]:
    lines: list[list[float]] = []
    for height in sorted(set(heights), reverse=True):
        if lines and lines[-1][-1] - height <= _SAME_LINE:
            lines[-1].append(height)
        else:
            lines.append([height])
    return lines


def lines_of(page: pikepdf.Page) -> list[tuple[float, float]]:
    """Return highest and lowest baseline of each line of a page, from the top, as set before any shift."""
    operations = list(pikepdf.parse_content_stream(page))
    heights = [baseline for _, baseline, _, _ in _in_body(page, _shows(operations))]
    return [(line[0], line[-1]) for line in _grouped(heights)]


def _in_body(
    page: pikepdf.Page, shows: Iterable[tuple[int, float, float, float]]
) -> Iterator[tuple[int, float, float, float]]:
    """Leave out the edges of the page, where the copy's own marks stand."""
    bottom, top = float(page.cropbox[1]), float(page.cropbox[3])
    yield from (show for show in shows if bottom + _EDGE < show[1] < top - _EDGE)


def embed(pdf: pikepdf.Pdf, number: int) -> int:
    """Shift the lines of every upright page by the signs of a number; return how many lines carry one."""
    carried = 0
    for at, page in enumerate(pdf.pages):
        if int(page.obj.get("/Rotate", 0)) % 360 == 0:
            carried += _embed_page(pdf, page, number, at)
    return carried


def _embed_page(pdf: pikepdf.Pdf, page: pikepdf.Page, number: int, at: int) -> int:
    operations = list(pikepdf.parse_content_stream(page))
    shows = list(_in_body(page, _shows(operations)))
    lines = _grouped([baseline for _, baseline, _, _ in shows])
    if not lines:
        return 0
    sign_of = {height: sign for line, sign in zip(lines, signs(number, at, len(lines)), strict=True) for height in line}
    parts: list[bytes] = []
    begun = 0
    for place, baseline, unit, rise in shows:
        moved = rise + sign_of[baseline] * SHIFT / unit
        parts.append(pikepdf.unparse_content_stream(operations[begun:place]))
        parts.append(f"{moved:.5f} Ts".encode("ascii"))
        parts.append(pikepdf.unparse_content_stream(operations[place : place + 1]))
        parts.append(f"{rise:.5f} Ts".encode("ascii"))
        begun = place + 1
    parts.append(pikepdf.unparse_content_stream(operations[begun:]))
    page.obj.Contents = pdf.make_stream(b"\n".join(parts))
    return len(lines)
