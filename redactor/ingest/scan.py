"""Turns what OCR reads on a picture into words on a page, and tells what it could not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redactor.formats import ocr
from redactor.formats.pages import Picture
from redactor.ingest.ink import Patch, unexplained
from redactor.ingest.words import Word
from redactor.model import Box, Region

UNREADABLE = "unreadable"  # the whole page holds ink and no words: no copy may pass without a person
PICTURE = "picture, signature or stamp"
DOUBTFUL = "doubtful words"

_DOUBTFUL_CONFIDENCE = 60.0
_NOISE_CONFIDENCE = 25.0  # below, and without letters, it is a speck and no word
_PICTURE_SHARE = 0.004  # of the page
_FEWEST_LETTERS = 3


def words_in(picture: Picture, *, scanned: bool = True) -> list[Word]:
    """Read a whole page."""
    return [_placed(word, picture, 0.0, 0.0) for word in _kept(ocr.read(picture.image, picture.dpi, scanned=scanned))]


def words_in_patch(picture: Picture, pixels: tuple[int, int, int, int], number: int) -> list[Word]:
    """Read one part of a page; ``number`` keeps its lines apart from those of other parts."""
    crop = picture.image.crop(pixels)
    words = [_placed(word, picture, pixels[0], pixels[1]) for word in _kept(ocr.read(crop, picture.dpi, scanned=False))]
    for word in words:
        if word.line is not None:
            word.line = (word.line[0] + 1000 * (number + 1), word.line[1], word.line[2])
    return words


def regions(page: int, picture: Picture, words: Sequence[Word], patches: Iterable[Patch] | None = None) -> list[Region]:
    """Return the parts of a page that a person should look at.

    Args:
        page: 0-based page.
        picture: the page, in which patches are measured.
        words: what was read on it, by whatever means.
        patches: unexplained ink; measured here if not given.
    """
    left = list(unexplained(picture, [word.box for word in words]) if patches is None else patches)
    letters = sum(c.isalnum() for word in words if not _is_doubtful(word) for c in word.text)
    if left and letters < _FEWEST_LETTERS:
        whole = picture.frame.to_points(0, 0, picture.image.width, picture.image.height)
        return [Region(page, whole, UNREADABLE)]
    found = [Region(page, picture.frame.to_points(*p.pixels), PICTURE) for p in left if p.share >= _PICTURE_SHARE]
    return found + [Region(page, word.box, DOUBTFUL) for word in words if _is_doubtful(word)]


def _is_doubtful(word: Word) -> bool:
    return word.confidence is not None and word.confidence < _DOUBTFUL_CONFIDENCE


def _kept(words: Iterable[ocr.Word]) -> list[ocr.Word]:
    return [w for w in words if w.confidence >= _NOISE_CONFIDENCE or any(c.isalnum() for c in w.text)]


def _placed(word: ocr.Word, picture: Picture, left: float, top: float) -> Word:
    across = (word.box[0] + left, word.box[2] + left)
    down = (word.box[1] + top, word.box[3] + top)
    box: Box = picture.frame.to_points(across[0], down[0], across[1], down[1])
    size = min(box[3] - box[1], box[2] - box[0]) if len(word.text) > 2 else box[3] - box[1]
    return Word(word.text, box, (), max(size, 1.0), spaced=True, confidence=max(0.0, word.confidence), line=word.line)
