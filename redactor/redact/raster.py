"""Redacts a page as a picture: burns boxes into its pixels and rebuilds the page from nothing else.

The text layer of the new page is what OCR reads on the burnt picture, so text that was hidden, white, outside the page
or underneath cannot come back. What the reader sees instead of a removed passage is drawn into the box.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from redactor.formats import ocr
from redactor.formats.pages import POINTS_PER_INCH, Frame, Picture
from redactor.model import Box
from redactor.redact.places import Change
from redactor.redact.relining import Relining
from redactor.redact.residue import Phrase, folded_words

RASTER_DPI = 200.0
_PAD_POINTS = 1.5
_BLACK, _WHITE = 0, 255
_SMALLEST_TOKEN_PIXELS = 11
_TOKEN_FILL = 0.78  # of the box's height
_TOKEN_MARGIN_PIXELS = 2
_LOWEST_CONFIDENCE = 30.0
_ROUNDS = 3  # of reading again and wiping what is found
_TYPICAL_LINE_PIXELS = 34  # 12 points at 200 dots per inch

Cut = Callable[[float, int, int, int], Image.Image]
Pixels = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Written:
    """Words on a finished page and where they stand, in pixels."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class BurntPage:
    """A finished page.

    Args:
        size: width and height in points.
        image: its picture with the boxes burnt.
        dpi: the picture's resolution.
        words: what can still be read on it, tokens included.
        boxes: the burnt boxes in points, origin bottom left.
        telling: True where a box kept the width of what it hides.
    """

    size: tuple[float, float]
    image: Image.Image
    dpi: float
    words: tuple[Written, ...]
    boxes: tuple[Box, ...]
    telling: bool = False


def burn(
    picture: Picture,
    changes: Sequence[Change],
    kept: Sequence[Box],
    *,
    scanned: bool,
    keep_layout: bool = False,
    cut: Cut | None = None,
    unwanted: Set[Phrase] = frozenset(),
) -> BurntPage:
    """Burn the changes into a picture and read what is left.

    Args:
        picture: the page; it is not altered.
        changes: what goes, boxes in the page's user space.
        kept: boxes of the words that stay, in the same space.
        scanned: True where the picture came from paper.
        keep_layout: leave what stays where it is, so that gaps keep their widths.
        cut: returns a part of the page, given left, top, width and height in pixels; else it is cut from the picture.
        unwanted: folded words, or runs of them, that must not be readable anywhere. Poor scans read differently each
            time: the burnt picture is read in several ways and such words are wiped.

    Raises:
        ConverterFailed, MissingDependency: if OCR fails.
    """
    image = picture.image.copy()
    draw = ImageDraw.Draw(image)
    boxes: list[Pixels] = []
    tokens: list[Written] = []
    for region, token in _regions(picture, changes, kept):
        draw.rectangle(region, fill=_shade(image, _WHITE))
        boxes.append(region)
        tokens += _write_line(draw, image, region, token)
    placed = [(change, _tight(picture, change.box)) for change in changes]
    placed = [(c, box) for c, box in placed if not (c.whole and any(_inside(box, region) for region in boxes))]
    level = [(change, box) for change, box in placed if not change.upright and not keep_layout]
    if level:
        lines = Relining(image, picture.dpi, scanned, cut or _cutter(image))
        lines.run(
            [(change, picture.frame.to_pixels(change.box)) for change, _ in level],
            [picture.frame.to_pixels(box) for box in kept],
        )
        boxes += [put.box for put in lines.put]
        tokens += [Written(put.text, put.box) for put in lines.put if put.text]
    left = [change for change, box in placed if change.upright or keep_layout]
    for change, box in zip(left, _apart([_pixels(picture, change.box) for change in left]), strict=True):
        draw.rectangle(box, fill=_shade(image, _BLACK))
        boxes.append(box)
        tokens += _write_token(draw, image, box, change)
    if unwanted:
        boxes += _wiped(image, draw, picture.dpi, scanned, unwanted, boxes)
    read = ocr.read(image, picture.dpi, scanned=scanned)
    boxes += _wipe(image, draw, _unwanted(read, unwanted, boxes))
    words = [Written(word.text, word.box) for word in read if _stays(word, boxes)]
    scale = POINTS_PER_INCH / picture.dpi
    height = picture.size[1]
    out = tuple((x0 * scale, height - y1 * scale, x1 * scale, height - y0 * scale) for x0, y0, x1, y1 in boxes)
    return BurntPage(picture.size, image, picture.dpi, (*words, *tokens), out, bool(left))


def _wiped(
    image: Image.Image,
    draw: ImageDraw.ImageDraw,
    dpi: float,
    scanned: bool,
    unwanted: Set[Phrase],
    tokens: Sequence[Pixels],
) -> list[Pixels]:
    """Wipe every unwanted word that can be read, until several ways of reading find no more; return the places."""
    wiped: list[Pixels] = []
    for _ in range(_ROUNDS):
        readings = (
            ocr.read(image, dpi, scanned=scanned),
            ocr.read(image, dpi, scanned=False),
            ocr.read(image, ocr.READING_DPI, scanned=False),  # as it is, without any scaling
        )
        found: list[Pixels] = []
        for reading in readings:
            found += _wipe(image, draw, _unwanted(reading, unwanted, (*tokens, *wiped, *found)))
        if not found:
            break
        wiped += found
    return wiped


def _unwanted(read: Sequence[ocr.Word], unwanted: Set[Phrase], boxes: Sequence[Pixels]) -> list[ocr.Word]:
    """Return the words that are unwanted or stand in an unwanted run of words, outside the boxes."""
    flat = [(part, word) for word in read for part in folded_words(word.text)]
    found: list[ocr.Word] = []
    for size in range(1, max(map(len, unwanted), default=0) + 1):
        for at in range(len(flat) - size + 1):
            run = flat[at : at + size]
            if tuple(part for part, _ in run) in unwanted:
                found += [word for _, word in run if not any(_centre_in(word.box, box) for box in boxes)]
    return found


def _wipe(image: Image.Image, draw: ImageDraw.ImageDraw, words: Iterable[ocr.Word]) -> list[Pixels]:
    """Paint over words and return the places."""
    places: list[Pixels] = []
    for word in words:
        box = _around(word.box, image)
        draw.rectangle(box, fill=_shade(image, _WHITE))
        if not any(_centre_in(word.box, place) for place in places):
            places.append(box)
    return places


def _around(box: Box, image: Image.Image) -> Pixels:
    left, top, right, bottom = box
    pad = _TOKEN_MARGIN_PIXELS
    return (
        max(int(left) - pad, 0),
        max(int(top) - pad, 0),
        min(int(right) + pad + 1, image.width - 1),
        min(int(bottom) + pad + 1, image.height - 1),
    )


def _cutter(image: Image.Image) -> Cut:
    """Return what cuts words out of a scan, each moved by a chance share of a pixel: its own would tell its place.

    The chance is the system's, so that nobody can work it out.
    """
    chance = random.SystemRandom()

    def cut(left: float, top: int, width: int, height: int) -> Image.Image:
        shift = (1.0, 0.0, round(left) + chance.random() - 0.5, 0.0, 1.0, float(top))
        return image.transform(
            (width, height),
            Image.Transform.AFFINE,
            shift,
            resample=Image.Resampling.BICUBIC,
            fillcolor=_shade(image, _WHITE),
        )

    return cut


def straightened(picture: Picture, changes: Sequence[Change], kept: Sequence[Box]) -> _Straight:
    """Turn a scanned page so that its lines are level, and its boxes with it."""
    degrees = ocr.skew(picture.image)
    if abs(degrees) < ocr.SKEW_WORTH_TURNING:
        return _Straight(picture, list(changes), list(kept))
    turned = replace(picture, image=ocr.turned(picture.image, degrees), frame=_plain_frame(picture))
    turn = _Turn(picture, turned, math.radians(degrees))
    return _Straight(turned, [replace(c, box=turn.box(c.box)) for c in changes], [turn.box(box) for box in kept])


@dataclass(frozen=True, slots=True)
class _Straight:
    """A picture whose lines are level, with what changes and what stays on it."""

    picture: Picture
    changes: list[Change]
    kept: list[Box]


@dataclass(frozen=True, slots=True)
class _Turn:
    """Carries boxes from a page to the same page turned by a small angle."""

    before: Picture
    after: Picture
    angle: float

    def box(self, box: Box) -> Box:
        """Return where a box comes to lie; the slack that its enclosing a turned word gave it is taken back."""
        left, top, right, bottom = self.before.frame.to_pixels(box)
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        cx, cy = self.before.image.width / 2, self.before.image.height / 2
        dx, dy = (left + right) / 2 - cx, (top + bottom) / 2 - cy
        x, y = cosine * dx + sine * dy + cx, -sine * dx + cosine * dy + cy
        wide, tall, slant = right - left, bottom - top, abs(sine)
        width = max((wide - tall * slant), wide / 2) / 2
        height = max((tall - wide * slant), tall / 2) / 2
        return self.after.frame.to_points(x - width, y - height, x + width, y + height)


def _plain_frame(picture: Picture) -> Frame:
    """Return the frame of a page that lies as it is shown."""
    scale = POINTS_PER_INCH / picture.dpi
    return Frame(scale, 0.0, 0.0, -scale, 0.0, picture.size[1])


def _apart(boxes: Sequence[Pixels]) -> list[Pixels]:
    """Part boxes of neighbouring lines where they overlap, so that one's edge is not drawn across the other's words."""
    parted = [list(box) for box in boxes]
    for upper in parted:
        for lower in parted:
            beside = upper[0] <= lower[2] and lower[0] <= upper[2]
            middle = (upper[1] + upper[3]) // 2
            if beside and upper[1] < lower[1] and middle < lower[1] <= upper[3] < lower[3]:
                border = (lower[1] + upper[3]) // 2
                upper[3], lower[1] = border, border + 1
    return [(left, top, right, bottom) for left, top, right, bottom in parted]


def is_photographic(image: Image.Image) -> bool:
    """Say whether much of a picture is neither ink nor paper, so that black and white would lose it."""
    grey = np.asarray(image.convert("L"))
    middle = (grey > _MIDDLE_GREYS[0]) & (grey < _MIDDLE_GREYS[1])
    inner = middle[1:-1, 1:-1] & middle[:-2, 1:-1] & middle[2:, 1:-1] & middle[1:-1, :-2] & middle[1:-1, 2:]
    return bool(inner.mean() > _PHOTOGRAPHIC_SHARE) if inner.size else False


_MIDDLE_GREYS = (60, 215)
_PHOTOGRAPHIC_SHARE = 0.015


def _shade(image: Image.Image, level: int) -> int | tuple[int, int, int]:
    return level if image.mode == "L" else (level, level, level)


def _pixels(picture: Picture, box: Box) -> Pixels:
    pad = _PAD_POINTS * picture.dpi / POINTS_PER_INCH
    left, top, right, bottom = picture.frame.to_pixels(box)
    width, height = picture.image.size
    across = (min(max(0, int(left - pad)), width - 1), max(0, min(width - 1, int(right + pad) + 1)))
    down = (min(max(0, int(top - pad)), height - 1), max(0, min(height - 1, int(bottom + pad) + 1)))
    return across[0], down[0], max(across), max(down)


def _tight(picture: Picture, box: Box) -> Pixels:
    """Return a box in pixels without any padding, inside the picture."""
    left, top, right, bottom = picture.frame.to_pixels(box)
    width, height = picture.image.size
    across = (min(max(0, round(left)), width - 1), min(max(0, round(right)), width))
    down = (min(max(0, round(top)), height - 1), min(max(0, round(bottom)), height))
    return across[0], down[0], max(across[1], across[0] + 1), max(down[1], down[0] + 1)


def _regions(picture: Picture, changes: Sequence[Change], kept: Sequence[Box]) -> list[tuple[Pixels, str]]:
    """Return whole stretches of the page that removed sections fill, where nothing that stays lies inside.

    Such a stretch goes with all its ink, not only with the words that were read: a signature belongs to its section.
    """
    found = []
    for number in dict.fromkeys(change.decision for change in changes if change.whole):
        parts = [change for change in changes if change.whole and change.decision == number]
        boxes = [_pixels(picture, part.box) for part in parts]
        region = (0, min(b[1] for b in boxes), picture.image.width - 1, max(b[3] for b in boxes))
        if not any(_centre_in(picture.frame.to_pixels(box), region) for box in kept):
            found.append((region, next((part.token for part in parts if part.token), "")))
    return found


def _centre_in(box: Box, region: Pixels) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return region[0] <= x <= region[2] and region[1] <= y <= region[3]


def _inside(box: Pixels, region: Pixels) -> bool:
    return region[1] <= box[1] and box[3] <= region[3]


def _write_token(draw: ImageDraw.ImageDraw, image: Image.Image, box: Pixels, change: Change) -> list[Written]:
    """Write the token in black on white inside its box, as large as fits; a box too small for it stays black."""
    if not change.token:
        return []
    margin = _TOKEN_MARGIN_PIXELS
    width, height = box[2] - box[0] - 2 * margin, box[3] - box[1] - 2 * margin
    size = int(height * _TOKEN_FILL)
    while size >= _SMALLEST_TOKEN_PIXELS:
        font = ImageFont.load_default(size)
        if font.getlength(change.token) <= width:
            inner = (box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1)
            draw.rectangle(inner, fill=_shade(image, _WHITE))
            return _write(draw, image, inner, change.token, font)
        size -= 1
    return []


def _write_line(draw: ImageDraw.ImageDraw, image: Image.Image, region: Pixels, token: str) -> list[Written]:
    """Write a section's placeholder at the top of the empty stretch."""
    if not token:
        return []
    tall = min(region[3] - region[1], _TYPICAL_LINE_PIXELS)
    margin = image.width // 10
    size = max(int(tall * _TOKEN_FILL), _SMALLEST_TOKEN_PIXELS)
    font = ImageFont.load_default(size)
    while font.getlength(token) > image.width - 2 * margin and size > _SMALLEST_TOKEN_PIXELS:
        size -= 1
        font = ImageFont.load_default(size)
    return _write(draw, image, (margin, region[1], image.width - margin, region[1] + tall), token, font)


def _write(
    draw: ImageDraw.ImageDraw,
    image: Image.Image,
    box: Pixels,
    token: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> list[Written]:
    middle = (box[1] + box[3]) / 2
    draw.text((box[0] + _TOKEN_MARGIN_PIXELS, middle), token, fill=_shade(image, _BLACK), font=font, anchor="lm")
    end = box[0] + _TOKEN_MARGIN_PIXELS + font.getlength(token)
    return [Written(token, (box[0] + _TOKEN_MARGIN_PIXELS, box[1], end, box[3]))]


def _stays(word: ocr.Word, boxes: Sequence[Pixels]) -> bool:
    """Keep a word in the text layer unless it is a speck or a misreading of a box."""
    return word.confidence >= _LOWEST_CONFIDENCE and not any(_centre_in(word.box, box) for box in boxes)
