"""Sets the lines of a picture anew after words were taken out, so that no gap tells how wide the missing words were.

The words that stay are cut out of the picture and put down again one standard space apart, after the token that stands
for what went. Where they now stand depends on the words that stay, on the token and on the page's margins alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from redactor.model import Box
from redactor.redact.places import Change
from redactor.redact.surgery.setting import QUANTUM

Pixels = tuple[int, int, int, int]  # left, top, right, bottom
Dark = NDArray[np.bool_]

BLACK, WHITE = 0, 255
_SPACE, _SPACE_IN_SCANS = 0.25, 0.4  # of the line's height; boxes that OCR draws fit the letters tightly
_MARGIN_IN_SCANS = 2  # pixels around a word, since what OCR takes for its edge may run through a letter
_STEP = 0.04  # inches: the grid on which a token stands in a line of its own
_GLUED = 0.12  # of the line's height: nearer neighbours have no space between them
_WIDE_GAP = 1.4  # of the line's height: beyond it a new column begins, set at a place of its own
_SAME_LINE = 0.5  # of the lower of two words: so much height they share
_INK = 128
_RULE = 0.9  # of the line's height: a dark column this tall is the rule of a table
_BARRIER = 0.3  # of the line's height: a dark column this tall is in the way
_ALIGNED = 0.02  # inches
_TIGHTEST = 0.3
_TOKEN_FILL = 0.72  # of the line's height
_SMALLEST_TOKEN = 9  # pixels
_TALL_AND_DEEP = "[Åpgj]"
_PAD = 0.02  # inches around what is taken out
_MOST_MISSED = 0.4  # of the line's height: so much of a letter the box that OCR draws may leave out
_LEAST_INK = 2  # dark pixels that make a column a part of a letter
_SLACK = 0.01  # pixels by which the width of a word may seem to differ with its place
_FRAME = 3  # pixels between the edge of a token's place and its letters


@dataclass(slots=True, eq=False)
class _Item:
    """A word that stays, or a place that goes."""

    box: Box
    change: Change | None = None
    spaces: int = 0
    crop: Image.Image | None = None
    token: str = ""

    def width(self, height: int) -> float:
        """Return how wide it will be."""
        if self.change is None:
            return self.crop.width if self.crop is not None else 0
        return _token_width(self.token, height)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of one line between wide gaps.

    Args:
        top: of the strip of pixels that is set anew, and its bottom.
        frame: top and bottom of a token on this line, which follow from the words that stay.
        height: of the line.
        before: where the stretch before it ends, where there is one.
        following: where the next one begins.
    """

    items: list[_Item]
    top: int
    bottom: int
    frame: tuple[int, int]
    height: float
    before: float | None
    following: float | None


@dataclass(frozen=True, slots=True)
class Put:
    """A token in its new place."""

    text: str
    box: Pixels


@dataclass(slots=True)
class Relining:
    """Lines of one picture; the picture is altered in place.

    Args:
        image: the page, its lines level.
        dpi: its resolution.
        scanned: True where words were found by OCR.
        cut: returns a part of the page, given left, top, width and height in pixels. It is asked with fractions of
            pixels: a word that always begins where a pixel begins does not tell what once stood before it.
    """

    image: Image.Image
    dpi: float
    scanned: bool
    cut: Callable[[float, int, int, int], Image.Image]
    put: list[Put] = field(default_factory=list)
    told: set[int] = field(default_factory=set)

    def run(self, changes: Sequence[tuple[Change, Box]], kept: Sequence[Box]) -> None:
        """Take the changes out of their lines and set what stays in them anew."""
        items = [_Item(box, change) for change, box in changes] + [_Item(box) for box in kept]
        lines = _lines(items)
        starts = [line[0].box[0] for line in lines if not any(item.change for item in line)]
        dark = np.asarray(self.image.convert("L")) < _INK
        stretches = [
            stretch
            for line in lines
            if any(item.change for item in line)
            for stretch in self._stretches(line, items, dark)
            if any(item.change for item in stretch.items)
        ]
        # What goes is wiped first, with its padding, so that no crop can carry a part of it along.
        draw, pad = ImageDraw.Draw(self.image), self._pad()
        for stretch in stretches:
            for item in stretch.items:
                if item.change is not None:
                    wiped = _limited(item, stretch.items, pad)
                    draw.rectangle(wiped, fill=self._shade(self._paper(wiped)))
        for stretch in stretches:
            self._set(stretch, starts, dark)
        self._part_tokens()

    def _part_tokens(self) -> None:
        """Paint over tokens that came to lie on one another, as on a drawing whose words OCR only imagined."""
        draw = ImageDraw.Draw(self.image)
        apart: list[Put] = []
        for put in self.put:
            for other in [other for other in apart if _overlap(put.box, other.box)]:
                apart.remove(other)
                put = Put("", _union(put.box, other.box))
                draw.rectangle(_inner(put.box), fill=self._shade(BLACK))
            apart.append(put)
        self.put[:] = apart

    def _pad(self) -> int:
        return round(_PAD * self.dpi)

    def _stretches(self, line: list[_Item], items: Sequence[_Item], dark: Dark) -> list[_Stretch]:
        """Cut a line at wide gaps and at the rules of tables."""
        height = _height(line)
        top, bottom = min(item.box[1] for item in line), max(item.box[3] for item in line)
        groups: list[list[_Item]] = []
        end = 0.0
        for item in line:
            gap = dark[round(top) : round(bottom), round(end) : round(item.box[0])]
            ruled = bool(gap.size and (gap.mean(axis=0) >= _RULE).any())
            if groups and not ruled and item.box[0] - end <= _WIDE_GAP * height:
                groups[-1].append(item)
                end = max(end, item.box[2])
            else:
                groups.append([item])
                end = item.box[2]
        found = []
        frame = self._frame(line, items)
        for place, group in enumerate(groups):
            upper, lower = self._around(line, group, items)
            inside = max(frame[0], upper), min(frame[1], lower)
            before = max(item.box[2] for item in groups[place - 1]) if place else None
            following = groups[place + 1][0].box[0] if place + 1 < len(groups) else None
            found.append(_Stretch(group, upper, lower, inside, height, before, following))
        return found

    def _frame(self, line: Sequence[_Item], items: Sequence[_Item]) -> tuple[int, int]:
        """Return top and bottom of a token as the words that stay give them: here, or else elsewhere on the page."""
        boxes = [item.box for item in line if item.change is None]
        if boxes:
            return round(min(box[1] for box in boxes)), round(max(box[3] for box in boxes))
        step = _STEP * self.dpi
        height = math.ceil(_height(items) / step) * step
        middle = median((item.box[1] + item.box[3]) / 2 for item in line)
        top = max(round(middle / step) * step - height / 2, 0.0)
        return round(top), min(round(top + height), self.image.height)

    def _around(self, line: list[_Item], group: list[_Item], items: Sequence[_Item]) -> tuple[int, int]:
        """Return top and bottom of a stretch with its padding, not reaching into the lines above and below.

        Where lines stand so tight that their boxes overlap, they part in the middle.
        """
        members, pad = set(map(id, line)), self._pad()
        top, bottom = min(item.box[1] for item in group), max(item.box[3] for item in group)
        left, right = group[0].box[0], max(item.box[2] for item in group)
        middle, reach = (top + bottom) / 2, (bottom - top) / 2
        others = [item.box for item in items if id(item) not in members and _beside(item, left, right)]
        above = [box[3] for box in others if box[1] + box[3] < 2 * middle and box[3] <= middle + reach]
        below = [box[1] for box in others if box[1] + box[3] > 2 * middle and box[1] >= middle - reach]
        upper = max(top - pad, min((max(above) + top) / 2, middle - 1) if above else 0.0, 0.0)
        lower = min(bottom + pad, max((min(below) + bottom) / 2, middle + 1) if below else self.image.height)
        return round(upper), min(round(lower), self.image.height)

    def _set(self, stretch: _Stretch, starts: Sequence[float], dark: Dark) -> None:
        top, bottom, (high, low) = stretch.top, stretch.bottom, stretch.frame
        space = (_SPACE_IN_SCANS if self.scanned else _SPACE) * stretch.height
        left, right = stretch.items[0].box[0], max(item.box[2] for item in stretch.items)
        sequence = self._sequence(stretch, dark)
        start = self._start(left, starts, stretch.before, space)
        total = sum(item.width(low - high) + item.spaces * space for item in sequence)
        room = self._room(start, right, stretch.following, space, dark[top:bottom])
        squeeze = max(_TIGHTEST, min(1.0, room / total)) if total > 0 else 1.0
        draw, pad = ImageDraw.Draw(self.image), self._pad()
        reach = max(min(left, start) - pad, 0 if stretch.before is None else stretch.before)
        area = (round(reach), top, min(round(right) + pad, self.image.width - 1), bottom - 1)
        draw.rectangle(area, fill=self._shade(self._paper(area)))
        cursor = float(start)
        for item in sequence:
            cursor += item.spaces * space * squeeze
            width = max(round(item.width(low - high) * squeeze), 1)
            if item.change is not None:
                self._write(draw, item.token, (round(cursor), high, round(cursor) + width, low))
            elif item.crop is not None:
                same = width == item.crop.width
                crop = item.crop if same else item.crop.resize((width, item.crop.height), Image.Resampling.BICUBIC)
                self.image.paste(crop, (round(cursor), top))
            cursor += width

    def _sequence(self, stretch: _Stretch, dark: Dark) -> list[_Item]:
        """Return what will stand there: words cut out, and a token for the first place of each decision."""
        found: list[_Item] = []
        spaces, last = 0, None
        for item in stretch.items:
            if last is not None and item.box[0] - last.box[2] > _GLUED * stretch.height:
                spaces = 1
            last = item
            if item.change is None:
                left, right = self._word(item, stretch, dark) if self.scanned else (item.box[0], item.box[2])
                width = max(math.ceil(right - left + _SLACK), 1)
                item.crop = self.cut(left, stretch.top, width, stretch.bottom - stretch.top)
            elif item.change.first and item.change.decision not in self.told:
                self.told.add(item.change.decision)
                item.token = item.change.token
            else:
                continue
            item.spaces = spaces if found else 0
            spaces = 0
            found.append(item)
        return found

    def _word(self, item: _Item, stretch: _Stretch, dark: Dark) -> tuple[float, float]:
        """Return left and right of a scanned word with the letters that its box cuts, never beyond half a gap."""
        ends = [other.box[2] for other in stretch.items if other.box[2] <= item.box[0]]
        begins = [other.box[0] for other in stretch.items if other.box[0] >= item.box[2]]
        most = _MOST_MISSED * stretch.height
        least = max([item.box[0] - most, *((end + item.box[0]) / 2 for end in ends)])
        greatest = min([item.box[2] + most, *((begin + item.box[2]) / 2 for begin in begins)])
        inked = dark[stretch.top : stretch.bottom].sum(axis=0) >= _LEAST_INK
        left, right = round(item.box[0]), round(item.box[2])
        while left - 1 >= least and left > 0 and inked[left - 1]:
            left -= 1
        while right + 1 <= greatest and right < len(inked) and inked[right]:
            right += 1
        return left - _MARGIN_IN_SCANS, right + _MARGIN_IN_SCANS

    def _start(self, left: float, starts: Sequence[float], before: float | None, space: float) -> int:
        """Keep a start that other lines share; put any other on a grid, since it may follow from the line's length."""
        shared = [start for start in starts if abs(start - left) <= _ALIGNED * self.dpi]
        if shared:
            return round(median(shared))
        step = QUANTUM * self.dpi / 72
        stepped = math.floor(left / step) * step
        return max(round(stepped), 0 if before is None else round(before + space))

    def _room(self, start: int, end: float, following: float | None, space: float, dark: Dark) -> float:
        edge = self.image.width - QUANTUM / 2 * self.dpi / 72
        if following is not None:
            edge = min(edge, following - space)
        first = round(end) + round(_PAD * self.dpi) + 1
        columns = np.flatnonzero(dark[:, first:].mean(axis=0) >= _BARRIER) if dark[:, first:].size else np.array([])
        if columns.size:
            edge = min(edge, first + int(columns[0]) - space)
        return max(edge - start, 1.0)

    def _write(self, draw: ImageDraw.ImageDraw, token: str, box: Pixels) -> None:
        left, top, right, bottom = box
        highest, lowest = _reach(_SMALLEST_TOKEN)
        if not token or lowest - highest > bottom - top - 2 * _FRAME:
            draw.rectangle(_inner(box), fill=self._shade(BLACK))
            self.put.append(Put("", box))
            return
        draw.rectangle(_inner(box), fill=self._shade(WHITE))
        size = _token_size(bottom - top)
        while size > _SMALLEST_TOKEN and _font(size).getlength(token) > right - left - 2 * _FRAME:
            size -= 1
        highest, lowest = _reach(size)
        place = (left + _FRAME, (top + bottom - highest - lowest) / 2)
        draw.text(place, token, fill=self._shade(BLACK), font=_font(size), anchor="lm")
        self.put.append(Put(token, box))

    def _paper(self, box: Pixels) -> int:
        """Return the shade of the paper around a place."""
        grey = np.asarray(self.image.convert("L").crop((box[0], box[1], box[2] + 1, box[3] + 1)))
        light = grey[grey >= _INK]
        return int(np.median(light)) if light.size else WHITE

    def _shade(self, level: int) -> int | tuple[int, int, int]:
        return level if self.image.mode == "L" else (level, level, level)


def _lines(items: Sequence[_Item]) -> list[list[_Item]]:
    """Group what stands on one level, each line from left to right."""
    lines: list[list[_Item]] = []
    spans: list[tuple[float, float]] = []
    for item in sorted(items, key=lambda item: (item.box[1] + item.box[3], item.box[0])):
        top, bottom = item.box[1], item.box[3]
        for number in range(len(lines) - 1, max(len(lines) - 4, -1), -1):
            low, high = spans[number]
            if min(bottom, high) - max(top, low) > _SAME_LINE * min(bottom - top, high - low):
                lines[number].append(item)
                break
        else:
            lines.append([item])
            spans.append((top, bottom))
    for line in lines:
        line.sort(key=lambda item: (item.box[0], item.box[2]))
    return lines


def _inner(box: Pixels) -> Pixels:
    """Return a box as drawing takes it: its last pixel belongs to it."""
    left, top, right, bottom = box
    return left, top, max(right - 1, left), max(bottom - 1, top)


def _overlap(one: Pixels, other: Pixels) -> bool:
    """Say whether two boxes lie on one another by more than the edge that letters keep clear of."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    return across >= _FRAME and min(one[3], other[3]) - max(one[1], other[1]) >= _FRAME


def _union(one: Pixels, other: Pixels) -> Pixels:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _height(items: Sequence[_Item]) -> float:
    """Return the height of a line, by the words that stay where there are any."""
    kept = [item.box[3] - item.box[1] for item in items if item.change is None]
    return float(median(kept)) if kept else float(median(item.box[3] - item.box[1] for item in items))


def _beside(item: _Item, left: float, right: float) -> bool:
    return item.box[0] < right and item.box[2] > left


def _limited(item: _Item, segment: Sequence[_Item], pad: int) -> Pixels:
    """Return the place of what goes with its padding, not reaching into a word beside it that stays."""
    left, top, right, bottom = item.box
    before = max((other.box[2] for other in segment if other.change is None and other.box[2] <= left + 1), default=0)
    after = min(
        (other.box[0] for other in segment if other.change is None and other.box[0] >= right - 1), default=1 << 30
    )
    across = (max(left - pad, before, 0.0), max(min(right + pad, after), left))
    return math.floor(across[0]), max(round(top) - pad, 0), math.ceil(across[1]), round(bottom) + pad


def _token_size(height: int) -> int:
    """Return the largest size whose letters stay clear of the upper and lower edge of the token's place."""
    size = max(int(height * _TOKEN_FILL), _SMALLEST_TOKEN)
    while size > _SMALLEST_TOKEN and _reach(size)[1] - _reach(size)[0] > height - 2 * _FRAME:
        size -= 1
    return size


def _reach(size: int) -> tuple[float, float]:
    """Return how far letters of this size go above and below the middle of a line, whatever the token."""
    _, highest, _, lowest = _font(size).getbbox(_TALL_AND_DEEP, anchor="lm")
    return highest, lowest


def _token_width(token: str, height: int) -> float:
    if not token:
        return 2.0 * height
    return float(_font(_token_size(height)).getlength(token)) + 2 * _FRAME + 1


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
