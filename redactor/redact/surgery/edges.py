"""Knows how far a line of text may run to the right: to the rule of a table, the edge of a cell, the page's margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from redactor.model import Box
from redactor.redact.surgery.matrix import apply, move, multiply
from redactor.redact.surgery.sheet import Sheet, Show

_THIN = 3.0  # points: a rule is no wider
_TALL = 0.8  # of the letter height: a rule is at least as tall
_UP = 0.3  # of the letter height above the baseline: there a rule must pass
_LEVEL = 0.02
_AROUND = 0.5  # of the letter height: an edge nearer to the end of a line follows that line
_CLEAR = 1.5  # points between a rule and the text


@dataclass(frozen=True)
class Edges:
    """The drawn edges of one page, and the right margin of the lines that do not change.

    Args:
        shapes: boxes of all that is drawn in paths.
        lines: text on lines that do not change.
        visible: the page's visible box.
    """

    shapes: Sequence[Box]
    lines: Sequence[Show]
    visible: Box

    @classmethod
    def of(cls, sheets: Sequence[Sheet], visible: Box) -> Edges:
        """Return the edges of a page that was scanned."""
        shapes = [shape.box for sheet in sheets for shape in sheet.shapes]
        lines = [show for sheet in sheets for show in sheet.shows if show.glyphs is None and not show.hidden]
        return cls(shapes, lines, visible)

    def rules(self, baseline: float, height: float) -> list[float]:
        """Return where upright rules cross a line of text, from left to right."""
        middle = baseline + _UP * height
        return sorted(
            (left + right) / 2
            for left, low, right, high in self.shapes
            if right - left <= _THIN and high - low >= _TALL * height and low <= middle <= high
        )

    def left(self, baseline: float, height: float, start: float) -> float:
        """Return where the cell begins in which a stretch of text begins: behind the last rule before it."""
        before = [x + 2 * _CLEAR for x in self.rules(baseline, height) if x <= start]
        return min(max(before, default=self.visible[0]), start)

    def right(self, baseline: float, height: float, start: float, end: float) -> float:
        """Return the first edge to the right of a stretch of text that a reader would miss if text ran over it."""
        middle = baseline + _UP * height
        found = [x for x in self.rules(baseline, height) if x >= end - _CLEAR]
        found += [
            right
            for left, low, right, high in self.shapes
            if right - left > _THIN and low <= middle <= high and left <= start + 1 and right >= end + _AROUND * height
        ]
        return min(found, default=self.visible[2]) - _CLEAR

    @cached_property
    def opposite(self) -> float:
        """The right margin if it were as wide as the left one: where nothing reaches it, margin is not asked for."""
        starts = [apply(multiply(show.tm, show.ctm), 0.0, 0.0)[0] for show in self.lines]
        least = min((start for start in starts if start >= self.visible[0]), default=self.visible[0])
        return self.visible[2] - (least - self.visible[0])

    @cached_property
    def margin(self) -> float:
        """The right margin: where the longest of the lines that do not change ends, or the page."""
        ends = []
        for show in self.lines:
            _, b, _, _, _, _ = through = multiply(show.tm, show.ctm)
            if abs(b) <= _LEVEL and through[0] > 0:
                ends.append(apply(multiply(move(show.advance(), 0.0, show.tm), show.ctm), 0.0, 0.0)[0])
        return max((end for end in ends if end <= self.visible[2]), default=self.visible[2])
