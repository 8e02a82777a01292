"""Reads the words of a picture with tesseract: straightened and cleaned first, boxes mapped back afterwards.

Both reading (what does this scan say?) and redacting (what can still be read on the burnt page?) use it. It must run
inside the sandbox.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from redactor.errors import ConverterFailed
from redactor.model import Box
from redactor.sandbox.programs import run_program

_SECONDS = 60.0  # one page on a slow core takes 2 to 5
READING_DPI = 300.0  # tesseract's models are trained on letters of this size
_SMALLEST_SCALE, _LARGEST_SCALE = 0.2, 2.0
_NOISE_KERNEL = 3
_COARSE_DEGREES = np.arange(-5.0, 5.01, 0.5)
_FINE_DEGREES = np.arange(-0.4, 0.41, 0.1)
SKEW_WORTH_TURNING = 0.15  # degrees
_SKEW_PIXELS = 600  # longer side of the copy on which the skew is measured
_POOR_CONFIDENCE = 55.0  # mean below which the page may lie on its side or head
_PAPER = 255
_ENGLISH, _BOTH = "eng", "eng+cym"  # Welsh doubles the time and harms English: only for pages that look Welsh
_WELSH_WORDS = frozenset(
    ["yn", "y", "yr", "ac", "mae", "gan", "ar", "eich", "ein", "wedi", "gyda", "chi", "nhw", "hyn", "bod", "oedd"]
)
_WELSH_SHARE = 0.06  # of the words; English text has none but initials
_WORD_LEVEL = "5"
_FOLDER = Path()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read: its box in the picture's pixels (left, top, right, bottom) and 0 to 100 how sure tesseract is.

    Args:
        line: block, paragraph and line, equal for words of one line.
    """

    text: str
    box: Box
    confidence: float
    line: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Turned:
    """A prepared picture, and the way back from its pixels to the original's."""

    image: Image.Image
    scale: float
    matrix: tuple[float, float, float, float, float, float]  # prepared (unscaled) pixel -> original pixel

    def back(self, box: Box) -> Box:
        a, b, c, d, e, f = self.matrix
        corners = [(x / self.scale, y / self.scale) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across = [a * x + b * y + c for x, y in corners]
        down = [d * x + e * y + f for x, y in corners]
        return min(across), min(down), max(across), max(down)


def read(image: Image.Image, dpi: float, *, scanned: bool) -> list[Word]:
    """Return the words of a picture in reading order.

    Args:
        image: the page.
        dpi: its resolution.
        scanned: True where the picture came from paper: it is then cleaned of noise, straightened and turned upright.

    Raises:
        ConverterFailed: if tesseract fails.
        MissingDependency: if it is not installed.
    """
    grey = image.convert("L")
    if not scanned:
        return _recognised(_scaled(grey, dpi, _identity()), dpi)
    return _read_paper(grey, dpi)


def _read_paper(grey: Image.Image, dpi: float) -> list[Word]:
    clean = grey.filter(ImageFilter.MedianFilter(_NOISE_KERNEL))
    words = _straightened(clean, dpi, _identity())
    if _mean(words) >= _POOR_CONFIDENCE:
        return words
    return max([words, *_other_ways_up(clean, dpi)], key=_evidence)


def skew(image: Image.Image) -> float:
    """Return by how many degrees (counter-clockwise) to turn a page so that its lines are level."""
    factor = _SKEW_PIXELS / max(image.size)
    small = image.convert("L").resize((max(1, int(image.width * factor)), max(1, int(image.height * factor))))
    coarse = max(_COARSE_DEGREES, key=lambda angle: _levelness(small, float(angle)))
    return float(max(coarse + _FINE_DEGREES, key=lambda angle: _levelness(small, float(angle))))


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """Turn a picture about its centre without changing its size; what comes in is paper."""
    matrix = _rotation(image.size, degrees)
    return image.transform(
        image.size, Image.Transform.AFFINE, matrix, resample=Image.Resampling.BICUBIC, fillcolor=_paper(image)
    )


def _paper(image: Image.Image) -> int | tuple[int, int, int]:
    return _PAPER if image.mode == "L" else (_PAPER, _PAPER, _PAPER)


def _levelness(image: Image.Image, degrees: float) -> float:
    """Measure how sharply rows of ink alternate with rows of paper."""
    rows = (_PAPER - np.asarray(image.rotate(degrees, fillcolor=_PAPER), dtype=np.float64)).sum(axis=1)
    return float((np.diff(rows) ** 2).sum())


def _identity() -> tuple[float, float, float, float, float, float]:
    return (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def _rotation(size: tuple[int, int], degrees: float) -> tuple[float, float, float, float, float, float]:
    """Return the map from pixels of the turned picture to pixels of the picture before."""
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    cx, cy = size[0] / 2, size[1] / 2
    return (cosine, -sine, cx - cosine * cx + sine * cy, sine, cosine, cy - sine * cx - cosine * cy)


def _straightened(
    clean: Image.Image, dpi: float, before: tuple[float, float, float, float, float, float]
) -> list[Word]:
    angle = skew(clean)
    matrix = before
    if abs(angle) >= SKEW_WORTH_TURNING:
        matrix = _chained(_rotation(clean.size, angle), before)
        clean = turned(clean, angle)
    return _recognised(_scaled(clean, dpi, matrix), dpi)


def _chained(
    first: tuple[float, float, float, float, float, float], then: tuple[float, float, float, float, float, float]
) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (p * a + q * d, p * b + q * e, p * c + q * f + r, s * a + t * d, s * b + t * e, s * c + t * f + u)


def _other_ways_up(clean: Image.Image, dpi: float) -> Iterable[list[Word]]:
    """Read the page turned by quarter turns; a page fed the wrong way reads as noise the right way up."""
    width, height = clean.size
    quarter = {
        90: (Image.Transpose.ROTATE_90, (0.0, -1.0, float(width), 1.0, 0.0, 0.0)),
        180: (Image.Transpose.ROTATE_180, (-1.0, 0.0, float(width), 0.0, -1.0, float(height))),
        270: (Image.Transpose.ROTATE_270, (0.0, 1.0, 0.0, -1.0, 0.0, float(height))),
    }
    for transpose, matrix in quarter.values():
        words = _straightened(clean.transpose(transpose), dpi, matrix)
        yield words
        if _mean(words) >= _POOR_CONFIDENCE:
            return


def _scaled(image: Image.Image, dpi: float, matrix: tuple[float, float, float, float, float, float]) -> _Turned:
    scale = min(max(READING_DPI / dpi, _SMALLEST_SCALE), _LARGEST_SCALE)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    resized = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
    return _Turned(resized, size[0] / image.width, matrix)


def _recognised(prepared: _Turned, dpi: float) -> list[Word]:
    """Run tesseract on one prepared picture, once more with Welsh if the words look Welsh."""
    words = _tesseract(prepared, dpi, _ENGLISH)
    welsh = sum(word.text.casefold() in _WELSH_WORDS for word in words)
    if welsh > _WELSH_SHARE * len(words) and _welsh_is_installed():
        return _tesseract(prepared, dpi, _BOTH)
    return words


def _tesseract(prepared: _Turned, dpi: float, languages: str) -> list[Word]:
    encoded = io.BytesIO()
    prepared.image.save(encoded, "PPM")
    resolution = str(max(70, round(dpi * prepared.scale)))
    command = ["tesseract", "-", "-", "--psm", "3", "-l", languages, "--dpi", resolution, "tsv"]
    printed = run_program(command, seconds=_SECONDS, folder=_FOLDER, stdin=encoded.getvalue())
    return [word for row in _rows(printed) if (word := _word(row, prepared)) is not None]


def _rows(printed: bytes) -> Iterable[dict[str, str]]:
    text = printed.decode("utf-8", "replace")
    return csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)


def _word(row: dict[str, str], prepared: _Turned) -> Word | None:
    try:
        if row["level"] != _WORD_LEVEL or not row["text"].strip():
            return None
        left, top = float(row["left"]), float(row["top"])
        box = prepared.back((left, top, left + float(row["width"]), top + float(row["height"])))
        line = (int(row["block_num"]), int(row["par_num"]), int(row["line_num"]))
        return Word(row["text"].strip(), box, float(row["conf"]), line)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise ConverterFailed("The text recogniser answered in an unknown form.") from None


@cache
def _welsh_is_installed() -> bool:
    listed = run_program(["tesseract", "--list-langs"], seconds=_SECONDS, folder=_FOLDER)
    return b"cym" in listed.split()


def _mean(words: list[Word]) -> float:
    """Return how sure the reading is, weighted by length; nothing read is not sure."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _evidence(words: list[Word]) -> float:
    return sum(max(0.0, word.confidence - _POOR_CONFIDENCE / 2) * len(word.text) for word in words)
