"""Follows the paths of a content stream: the boxes of their parts, and where they are painted."""

from __future__ import annotations

from redactor.redact.surgery.lexer import number
from redactor.redact.surgery.matrix import Matrix, apply, box_through
from redactor.redact.surgery.sheet import Painted, Shape, Sheet
from redactor.redact.surgery.unsupported import Unsupported

PATH = frozenset([b"m", b"l", b"re", b"h", b"c", b"v", b"y"])


class PathOf:
    """The path that a sheet is drawing; what is finished is noted on the sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._points: list[tuple[float, float]] = []
        self._part: Shape | None = None

    def draw(self, at: int, operator: bytes, operands: list[bytes], ctm: Matrix) -> None:
        """Add one instruction to the path.

        Raises:
            Unsupported: if its operands do not fit.
        """
        values = [number(token) for token in operands]
        if operator == b"re":
            if len(values) != 4:
                raise Unsupported("operands of an operator")
            x, y, width, height = values
            box = box_through(ctm, x, y, x + width, y + height)
            self._sheet.shapes.append(Shape(at, at, ctm, box))
            self._points += [(box[0], box[1]), (box[2], box[3])]
            self._part = None
            return
        points = [apply(ctm, x, y) for x, y in zip(values[::2], values[1::2], strict=False)]
        self._points += points
        if operator == b"m" or self._part is None:
            self._part = Shape(at, at, ctm, (*points[0], *points[0]) if points else (0.0, 0.0, 0.0, 0.0))
            self._sheet.shapes.append(self._part)
        left, bottom, right, top = self._part.box
        across, up = [left, right, *(x for x, _ in points)], [bottom, top, *(y for _, y in points)]
        self._part.box = (min(across), min(up), max(across), max(up))
        self._part.last = at

    def paint(self, at: int) -> None:
        """End the path where it is painted or used as a clip."""
        self._part = None
        if self._points:
            across, up = [x for x, _ in self._points], [y for _, y in self._points]
            self._sheet.painted.append(Painted(at, (min(across), min(up), max(across), max(up))))
            self._points = []
