"""Sets a line of text anew after something was taken out of it, so that no gap tells how wide the missing words were.

The new positions depend on the words that stay, on the token and on the page's margins, and on nothing else: natural
widths without kerning, one standard space between words, and a start that is a margin of the page or a step of a grid.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from redactor.model import Box
from redactor.redact.places import Change
from redactor.redact.surgery.edges import Edges
from redactor.redact.surgery.matrix import Matrix, apply, multiply, unapply_vector
from redactor.redact.surgery.sheet import Glyph, Show
from redactor.redact.surgery.token import width_of
from redactor.redact.surgery.unsupported import Unsupported

QUANTUM = 36.0  # points: the grid for what is not at a margin, and the width of an empty box
_SPACE = 0.27  # of the letter height
_WIDE_GAP = 1.4  # of the letter height: beyond it a new column begins, set at a place of its own
_WORD_GAP = 0.18
_SAME_BASELINE = 0.45
_RIDES = 0.6  # share of its width by which a glyph drawn twice lies on its double
_ALIGNED = 1.0  # points
_TIGHTEST = 0.45  # most that a line is squeezed
_EASY = 0.7  # so much of its width a line keeps to stay inside the page's right margin
_ACROSS, _DOWN = 0.15, 0.3  # shares of a glyph's width and height that a place must cover to take it


@dataclass(slots=True, eq=False)
class Mark:
    """A glyph on a line, in the line's own coordinates: along it and across it."""

    show: Show
    index: int
    glyph: Glyph
    along: float
    across: float
    length: float  # of its advance along the line
    height: float  # of the letters
    change: Change | None = None  # what takes it
    riders: list[Mark] = field(default_factory=list)

    @property
    def end(self) -> float:
        """Where it ends along the line."""
        return self.along + self.length


@dataclass(frozen=True, slots=True)
class Token:
    """A replacement to write: before which glyph, where on the page, and how tall."""

    text: str
    show: Show
    index: int
    matrix: Matrix
    size: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A stretch of a level line that was set anew: where it was, and a table from old to new positions."""

    band: tuple[float, float]
    span: tuple[float, float]
    table: tuple[tuple[float, float], ...]
    height: float
    first_removed: float

    def at(self, x: float) -> float:
        """Return the new position for something drawn with the line, such as an underline."""
        if not self.table or not self.span[0] - 1 <= x <= self.span[1] + 1:
            return x
        if x <= self.table[0][0]:
            return self.table[0][1]
        for (old, new), (old_after, new_after) in pairwise(self.table):
            if old <= x < old_after:
                return new + (x - old) * (new_after - new) / (old_after - old)
        return self.table[-1][1]


@dataclass(slots=True)
class Setting:
    """What becomes of the shown text: a new text matrix for each glyph that stays, None for each that goes."""

    outcome: dict[int, list[Matrix | None]] = field(default_factory=dict)  # by id of the show
    tokens: dict[int, list[Token]] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    removed: int = 0


def hit(box: Box, place: Box) -> bool:
    """Say whether a place takes a glyph."""
    width, height = box[2] - box[0], box[3] - box[1]
    shared_width = min(box[2], place[2]) - max(box[0], place[0])
    shared_height = min(box[3], place[3]) - max(box[1], place[1])
    if shared_height <= _DOWN * min(height, place[3] - place[1]):
        return False
    if width < 0.05:
        return place[0] <= box[0] <= place[2]
    return shared_width > _ACROSS * width


def set_lines(
    shows: Sequence[Show], changes: Sequence[Change], edges: Edges, margins: Sequence[float], *, keep_layout: bool
) -> Setting:
    """Decide the place of every glyph on the touched lines.

    Args:
        shows: all text of the page.
        changes: what goes.
        edges: how far lines may run.
        margins: left edges at which other lines begin.
        keep_layout: leave what stays where it is.
    """
    setting = Setting()
    lines: dict[tuple[int, int], list[Mark]] = {}
    for show in shows:
        if show.glyphs is None:
            continue
        if show.hidden:
            setting.outcome[id(show)] = [None] * len(show.glyphs)
            continue
        direction = _direction(show)
        key = (round(direction[0] * 50), round(direction[1] * 50))
        lines.setdefault(key, []).extend(_marks(show, direction, changes))
    for marks in lines.values():
        for line in _baselines(marks):
            if any(mark.change for mark in line):
                _set_line(line, setting, edges, margins, keep_layout=keep_layout)
    return setting


def _direction(show: Show) -> tuple[float, float]:
    a, b, _, _, _, _ = multiply(show.tm, show.ctm)
    length = math.hypot(a, b)
    if length == 0:
        raise Unsupported("flat text")
    sign = -1.0 if show.size * show.stretch < 0 else 1.0
    return sign * a / length, sign * b / length


def _marks(show: Show, direction: tuple[float, float], changes: Sequence[Change]) -> list[Mark]:
    assert show.glyphs is not None
    if not show.glyphs:
        return []
    ux, uy = direction
    found = []
    low, high = min(glyph.box[1] for glyph in show.glyphs), max(glyph.box[3] for glyph in show.glyphs)
    near = [change for change in changes if change.box[1] < high and change.box[3] > low]
    for index, glyph in enumerate(show.glyphs):
        through = multiply(glyph.tm, show.ctm)
        wide = math.hypot(through[0], through[1]) * abs(show.size * show.stretch)
        tall = math.hypot(through[2], through[3]) * abs(show.size)
        x, y = glyph.origin
        taken = next((change for change in near if hit(glyph.box, change.box)), None)
        if taken is not None and show.face.vertical:
            raise Unsupported("vertical writing")
        mark = Mark(show, index, glyph, x * ux + y * uy, y * ux - x * uy, glyph.sign.width * wide, max(tall, 0.1))
        mark.change = taken
        found.append(mark)
    return found


def _baselines(marks: list[Mark]) -> list[list[Mark]]:
    marks.sort(key=lambda mark: mark.across)
    lines: list[list[Mark]] = []
    for mark in marks:
        if lines and mark.across - lines[-1][-1].across < _SAME_BASELINE * min(mark.height, lines[-1][-1].height):
            lines[-1].append(mark)
        else:
            lines.append([mark])
    return lines


def _set_line(line: list[Mark], setting: Setting, edges: Edges, margins: Sequence[float], *, keep_layout: bool) -> None:
    line.sort(key=lambda mark: (mark.along, mark.end))
    if keep_layout:
        _keep(line, setting)
        return
    rules = edges.rules(line[0].across, line[0].height) if _is_level(line[0]) else []
    segments = _segments(_bases(line), rules)
    for place, segment in enumerate(segments):
        if not any(mark.change or any(r.change for r in mark.riders) for mark in segment):
            continue
        following = segments[place + 1][0].along if place + 1 < len(segments) else None
        before = segments[place - 1][-1].end if place else None
        _Segment(segment, setting, edges).set(margins, before, following)


def _is_level(mark: Mark) -> bool:
    ux, uy = _direction(mark.show)
    return abs(uy) <= 0.02 and ux > 0


def _keep(line: list[Mark], setting: Setting) -> None:
    for mark in line:
        outcome = _outcome(setting, mark.show)
        if mark.change is not None:
            outcome[mark.index] = None
            setting.removed += 1


def _outcome(setting: Setting, show: Show) -> list[Matrix | None]:
    """Return the outcomes of a show; at first every glyph stays where it is."""
    assert show.glyphs is not None
    if id(show) not in setting.outcome:
        setting.outcome[id(show)] = [glyph.tm for glyph in show.glyphs]
    return setting.outcome[id(show)]


def _bases(line: list[Mark]) -> list[Mark]:
    """Tie glyphs that are drawn over another one (false bold, shadows) to it: they share its fate."""
    bases: list[Mark] = []
    for mark in line:
        last = bases[-1] if bases else None
        if last is not None and last.show is not mark.show and mark.length > 0:
            shared = min(last.end, mark.end) - mark.along
            if shared > _RIDES * min(mark.length, last.length or mark.length):
                last.riders.append(mark)
                last.change = last.change or mark.change
                continue
        bases.append(mark)
    return bases


def _segments(bases: list[Mark], rules: Sequence[float]) -> list[list[Mark]]:
    """Cut a line at wide gaps and at the rules of tables."""
    segments: list[list[Mark]] = []
    written = 0.0  # where the last letter ended
    for mark in bases:
        blank = mark.glyph.sign.blank
        ruled = not blank and bisect(rules, written) != bisect(rules, mark.along)
        if segments and not ruled and mark.along - segments[-1][-1].end <= _WIDE_GAP * mark.height:
            segments[-1].append(mark)
        else:
            segments.append([mark])
        written = written if blank else mark.end
    return segments


@dataclass(slots=True)
class _Item:
    marks: list[Mark]
    spaces: int
    change: Change | None = None

    @property
    def length(self) -> float:
        if self.change is None:
            return sum(mark.length for mark in self.marks)
        if self.change.token:
            return width_of(self.change.token) * self.marks[0].height
        return QUANTUM


class _Segment:
    """Sets one stretch of a line between wide gaps."""

    def __init__(self, marks: list[Mark], setting: Setting, edges: Edges) -> None:
        self._marks, self._setting, self._edges = marks, setting, edges
        first = marks[0]
        self._direction = _direction(first.show)
        self._space = _SPACE * max(mark.height for mark in marks)

    def set(self, margins: Sequence[float], before: float | None, following: float | None) -> None:
        """Give every mark its place."""
        items = self._items()
        start = self._start(margins, before)
        total = sum(item.length + item.spaces * self._space for item in items)
        squeeze = self._squeeze(start, total, following)
        cursor = start
        table = []
        for item in items:
            cursor += item.spaces * self._space * squeeze
            end = cursor + item.length * squeeze
            table += [(item.marks[0].along, cursor), (max(item.marks[-1].end, item.marks[0].along + 0.01), end)]
            if item.change is None:
                self._place(item, cursor, squeeze)
            else:
                self._write(item, cursor, squeeze)
            cursor = end
        self._drop()
        self._remember(table)

    def _items(self) -> list[_Item]:
        items: list[_Item] = []
        spaces, last, told = 0, None, set()
        for mark in self._marks:
            if mark.change is None and mark.glyph.sign.blank:
                spaces += 1
                continue
            if last is not None and not spaces and mark.along - last.end > _WORD_GAP * mark.height:
                spaces = 1
            last = mark
            if mark.change is not None:
                change = mark.change
                if change.first and change.decision not in told:
                    told.add(change.decision)
                    items.append(_Item([mark], spaces if items else 0, change))
                    spaces = 0
                elif items and items[-1].change is change:
                    items[-1].marks.append(mark)
                    spaces = 0
                continue
            if items and items[-1].change is None and not spaces:
                items[-1].marks.append(mark)
            else:
                items.append(_Item([mark], spaces if items else 0))
            spaces = 0
        return items

    def _start(self, margins: Sequence[float], before: float | None) -> float:
        """Keep a start that other lines share; put any other on a grid, since it may follow from the line's length."""
        start = self._marks[0].along
        if not _is_level(self._marks[0]):
            return start
        if sum(abs(margin - start) <= _ALIGNED for margin in margins) > 0:
            return start
        origin = self._edges.left(self._marks[0].across, self._marks[0].height, start)
        stepped = origin + math.floor((start - origin) / QUANTUM) * QUANTUM
        return max(stepped, origin, -math.inf if before is None else before + self._space)

    def _squeeze(self, start: float, total: float, following: float | None) -> float:
        """Return how much of its width the line may have: a little less for the page's margin, more for an edge."""
        if not _is_level(self._marks[0]) or total <= 0:
            return 1.0
        first, last = self._marks[0], self._marks[-1]
        edge = self._edges.visible[2] - QUANTUM / 2 if following is None else following - self._space
        edge = min(edge, self._edges.right(first.across, first.height, first.along, last.end))
        if start + total > self._edges.opposite and start + total > self._edges.margin >= start + _EASY * total:
            edge = min(edge, self._edges.margin)
        return max(_TIGHTEST, min(1.0, max(edge - start, 1.0) / total))

    def _place(self, item: _Item, cursor: float, squeeze: float) -> None:
        for mark in item.marks:
            step = cursor - mark.along
            for each in (mark, *mark.riders):
                if each.change is None:
                    _outcome(self._setting, each.show)[each.index] = self._shifted(each, step, squeeze)
            cursor += mark.length * squeeze

    def _shifted(self, mark: Mark, step: float, squeeze: float) -> Matrix:
        ux, uy = self._direction
        dx, dy = unapply_vector(mark.show.ctm, step * ux, step * uy)
        a, b, c, d, e, f = mark.glyph.tm
        return (a * squeeze, b * squeeze, c, d, e + dx, f + dy)

    def _write(self, item: _Item, cursor: float, squeeze: float) -> None:
        assert item.change is not None
        mark = item.marks[0]
        ux, uy = self._direction
        x, y = cursor * ux - mark.across * uy, cursor * uy + mark.across * ux
        if not item.change.token:
            if abs(uy) < 0.02:
                low, high = y + mark.show.face.descent * mark.height, y + mark.show.face.ascent * mark.height
                self._setting.boxes.append((x, low, x + item.length * squeeze, high))
            return
        matrix = (ux * squeeze, uy * squeeze, -uy, ux, x, y)
        token = Token(item.change.token, mark.show, mark.index, matrix, mark.height)
        self._setting.tokens.setdefault(id(mark.show), []).append(token)
        _outcome(self._setting, mark.show)

    def _drop(self) -> None:
        for mark in self._marks:
            for each in (mark, *mark.riders):
                if mark.change is not None or each.change is not None or mark.glyph.sign.blank:
                    _outcome(self._setting, each.show)[each.index] = None
                    self._setting.removed += not mark.glyph.sign.blank

    def _remember(self, table: list[tuple[float, float]]) -> None:
        """Keep old and new places for what is drawn with the line; refuse where a matrix would tell the old ones."""
        ux, uy = self._direction
        if abs(uy) > 0.02 or ux < 0:
            return
        heights = [mark.glyph.box for mark in self._marks]
        low, high = min(box[1] for box in heights), max(box[3] for box in heights)
        removed = min(mark.along for mark in self._marks if mark.change is not None)
        span = (self._marks[0].along, self._marks[-1].end)
        self._setting.moved.append(
            Moved((low, high), span, tuple(sorted(table)), max(m.height for m in self._marks), removed)
        )


def origin_tells(moved: Sequence[Moved], base: Matrix) -> bool:
    """Say whether a matrix puts its origin into a line behind something removed, which tells where that ended."""
    x, y = apply(base, 0.0, 0.0)
    return any(
        line.band[0] - 1 <= y <= line.band[1] + 1 and line.first_removed + 1 < x <= line.span[1] + 1 for line in moved
    )
