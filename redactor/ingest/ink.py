"""Finds ink on a page that no word explains: pictures, signatures, stamps, scanned text, letters drawn as outlines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redactor.formats.pages import Picture
from redactor.model import Box

LOOKING_DPI = 100.0
_DARK = 170  # of 255: below is ink
_RULE_INCHES = 0.6  # a straight run this long is a rule or a border, not writing
_RULE_STEP_PIXELS = 4
_CELL_INCHES = 0.1
_CELL_INK = 0.04  # share of a cell's pixels
_PAD_PIXELS = 2
_SMALLEST_SQUARE_INCHES = 0.06

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Patch:
    """A stretch of unexplained ink.

    Args:
        pixels: left, top, right, bottom in the picture.
        share: its part of the page's area, 0 to 1.
    """

    pixels: tuple[int, int, int, int]
    share: float


def unexplained(picture: Picture, words: Iterable[Box]) -> list[Patch]:
    """Return the patches of ink that lie outside the words' boxes.

    Args:
        picture: the page in grey.
        words: boxes in points.
    """
    ink = np.asarray(picture.image.convert("L")) < _DARK
    if not ink.any():
        return []
    ink = ink & ~_rules(ink, int(_RULE_INCHES * picture.dpi))
    for box in words:
        left, top, right, bottom = picture.frame.to_pixels(box)
        rows = slice(max(0, int(top) - _PAD_PIXELS), max(0, int(bottom) + 1 + _PAD_PIXELS))
        ink[rows, max(0, int(left) - _PAD_PIXELS) : max(0, int(right) + 1 + _PAD_PIXELS)] = False
    return _patches(ink, picture.dpi) if ink.any() else []


def _rules(ink: Mask, length: int) -> Mask:
    """Mark straight runs of ink, level or upright, that are at least as long as this and thin."""
    found = np.zeros_like(ink)
    for flipped in (False, True):
        if ink.shape[0 if flipped else 1] <= length:
            continue
        ends = np.zeros_like(ink)  # where such a run ends
        if flipped:
            ends[length:] = _runs(ink, length, 0)[1:]
        else:
            ends[:, length:] = _runs(ink, length, 1)[:, 1:]
        if not ends.any():
            continue
        runs, out = (ends.T, found.T) if flipped else (ends, found)
        thin = runs & ~_thick(runs)
        for row in np.flatnonzero(thin.any(axis=1)):
            for end in np.flatnonzero(thin[row])[:: max(1, length // 2)]:
                out[row, end - length : end + 1] = True
            last = np.flatnonzero(thin[row])[-1]
            out[row, last - length : last + 1] = True
    return found


def _runs(ink: Mask, length: int, axis: int) -> Mask:
    """Mark where a straight run of ink of at least this length begins; doubling is far quicker than counting."""

    def both(mask: Mask, apart: int) -> Mask:
        return mask[:-apart] & mask[apart:] if axis == 0 else mask[:, :-apart] & mask[:, apart:]

    run, reached = ink, 1
    while 2 * reached <= length:
        run, reached = both(run, reached), 2 * reached
    return both(run, length - reached) if length > reached else run


def _thick(runs: Mask) -> Mask:
    """Mark runs that are part of a filled area: more than some rows of runs on top of one another."""
    thick = runs.copy()
    for shift in range(1, _RULE_STEP_PIXELS + 1):
        thick[shift:] &= runs[:-shift]
    spread = thick.copy()
    for shift in range(1, _RULE_STEP_PIXELS + 1):
        spread[:-shift] |= thick[shift:]
    return spread


def _patches(ink: Mask, dpi: float) -> list[Patch]:
    """Join inked cells that touch into patches."""
    cell = max(2, int(_CELL_INCHES * dpi))
    rows, columns = -(-ink.shape[0] // cell), -(-ink.shape[1] // cell)
    padded = np.zeros((rows * cell, columns * cell), dtype=np.bool_)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    share = padded.reshape(rows, cell, columns, cell).mean(axis=(1, 3))
    open_cells = {(int(row), int(column)) for row, column in np.argwhere(share >= _CELL_INK)}
    patches = []
    while open_cells:
        group = _flood(open_cells)
        if len(group) * (cell / dpi) ** 2 < _SMALLEST_SQUARE_INCHES:
            continue
        top, bottom = min(row for row, _ in group), max(row for row, _ in group) + 1
        left, right = min(column for _, column in group), max(column for _, column in group) + 1
        box = (left * cell, top * cell, min(right * cell, ink.shape[1]), min(bottom * cell, ink.shape[0]))
        area = (box[2] - box[0]) * (box[3] - box[1])
        patches.append(Patch(box, area / ink.size))
    return sorted(patches, key=lambda patch: (patch.pixels[1], patch.pixels[0]))


def _flood(open_cells: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take one group of cells that touch, gaps of one cell allowed, out of the set."""
    group = [open_cells.pop()]
    for row, column in group:
        for near_row in range(row - 2, row + 3):
            for near_column in range(column - 2, column + 3):
                if (near_row, near_column) in open_cells:
                    open_cells.remove((near_row, near_column))
                    group.append((near_row, near_column))
    return group
