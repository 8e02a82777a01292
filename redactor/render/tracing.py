"""Tells from a leaked file, scan or photograph which copy it was made from, by the heights of its lines.

The suspect page is laid over a copy whose number is known: first roughly (turn, size, place), then line by line. What
remains after a smooth bend of the page is taken out is each line's own shift, which is compared with the signs of
every copy that was handed out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from redactor import sandbox
from redactor.errors import Damaged, Encrypted, NothingReadable
from redactor.limits import IMAGE_PIXELS, Limits
from redactor.render.fingerprint import SHIFT, lines_of, signs

_DPI = 200
_SCALE = _DPI / 72.0
_TURNS = np.arange(-3.0, 3.01, 0.25)
_FINE_TURNS = np.arange(-0.25, 0.2501, 0.025)
_COLUMNS = 5  # stretches of a line that are measured apart
_REACH = 9  # pixels up and down that a stretch is looked for
_ASCENT, _DESCENT = 9.5, 3.5  # points above and below a baseline that a line's ink takes up
_LEAST_LINES = 8
_RULE_INK, _RULE_PIXELS, _FRAME_SHARE = 0.3, 45, 0.85
_LEAST_INK = 40.0
_LIKENESS = 0.55  # share of the full signal
_SURENESS = 4.0  # standard deviations above chance
_LEAD = 1.5  # standard deviations above the next candidate

Grey = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Traced:
    """Whose copy it is.

    Args:
        copy: the candidate's key, or None where no candidate stands out.
        likeness: from 0 (chance) to 1 (every line as coded) for the best candidate.
        sureness: standard deviations above chance.
        lines: how many lines were measured.
    """

    copy: str | None
    likeness: float
    sureness: float
    lines: int


def trace(
    untrusted: bytes,
    reference: bytes,
    reference_number: int | None,
    candidates: Mapping[str, int],
    *,
    password: str | None = None,
    reference_password: str | None = None,
) -> Traced:
    """Find out which copy a leaked PDF or picture was made from.

    Args:
        untrusted: a PDF, or one page as a picture.
        reference: any copy of the same document.
        reference_number: the number coded in that copy; None for an unmarked one.
        candidates: the numbers of the copies that were handed out, by key.
        password: opens the leaked PDF, where it is encrypted.
        reference_password: opens the copy, where it is encrypted.

    Raises:
        Damaged: if a file cannot be opened.
        NothingReadable: if no page of it can be laid over the reference.
    """
    passwords = [password, reference_password]
    asked = {"number": reference_number, "candidates": dict(candidates), "passwords": passwords}
    request = json.dumps(asked).encode()
    files = {"suspect": untrusted, "reference": reference}
    said = json.loads(sandbox.call("redactor.render.tracing:run", request, files, Limits().for_pages(50)).value)
    return Traced(said["copy"], float(said["likeness"]), float(said["sureness"]), int(said["lines"]))


def run(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Trace behind the sandbox's wall."""
    asked = json.loads(request)
    suspect, reference = map(_unlocked, (files["suspect"], files["reference"]), asked["passwords"])
    found = compare(suspect, reference, asked["number"], asked["candidates"])
    answer = {"copy": found.copy, "likeness": found.likeness, "sureness": found.sureness, "lines": found.lines}
    return json.dumps(answer).encode(), {}


def _unlocked(content: bytes, password: str | None) -> bytes:
    """Return a PDF without its encryption; anything else as it is."""
    if not content.startswith(b"%PDF"):
        return content
    plain = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content), password=password or "") as opened:
            if not opened.is_encrypted:
                return content
            opened.save(plain, encryption=False)
    except pikepdf.PasswordError:
        raise Encrypted("The PDF is encrypted.", next_step="Give the password that opens it.") from None
    except pikepdf.PdfError:
        raise Damaged("The file cannot be opened as a PDF.") from None
    return plain.getvalue()


def compare(suspect: bytes, reference: bytes, number: int | None, candidates: Mapping[str, int]) -> Traced:
    """Measure the suspect against the reference and rank the candidates."""
    pages = _pictures(suspect)
    drawn = _pictures(reference)
    with pikepdf.open(io.BytesIO(reference)) as opened:
        lines = [lines_of(page) for page in opened.pages]
        tops = [float(page.cropbox[3]) for page in opened.pages]
    measured: list[tuple[int, NDArray[np.int64], Grey]] = []
    for at, page in enumerate(pages):
        match = _match(page, drawn, lines, tops, at if len(pages) == len(drawn) else None)
        if match is not None:
            measured.append(match)
    if not measured:
        raise NothingReadable(
            "No page could be laid over the copy that is kept.",
            next_step="Scan or photograph one whole page, flat and at 150 dots per inch or more.",
        )
    return _ranked(measured, lines, number, candidates)


def _pictures(content: bytes) -> list[Grey]:
    """Return pages as ink: 0 for paper, 1 for black."""
    if content.startswith(b"%PDF"):
        try:
            document = pdfium.PdfDocument(content)
        except pdfium.PdfiumError as problem:
            raise Damaged("The file cannot be opened as a PDF.") from problem
        return [_ink(np.asarray(page.render(scale=_SCALE, grayscale=True).to_pil().convert("L"))) for page in document]
    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
    try:
        return [_ink(np.asarray(Image.open(io.BytesIO(content)).convert("L")))]
    except (OSError, ValueError, Image.DecompressionBombError) as problem:
        raise Damaged("The picture cannot be opened.") from problem


def _ink(grey: NDArray[np.uint8]) -> Grey:
    """Even out the light and drop the paper; marks across the page in pale grey go with it."""
    paper = float(np.percentile(grey, 90))
    dark = float(np.percentile(grey, 0.5))
    level = (paper - grey.astype(np.float64)) / max(paper - dark, 1.0)
    return np.asarray(np.clip((level - 0.3) / 0.7, 0.0, 1.0))


def _match(
    page: Grey,
    drawn: Sequence[Grey],
    lines: Sequence[list[tuple[float, float]]],
    tops: Sequence[float],
    expected: int | None,
) -> tuple[int, NDArray[np.int64], Grey] | None:
    """Find the reference page that a suspect page is, and measure its lines' shifts in points."""
    straight = _straightened(page)
    ranked = [expected] if expected is not None else list(range(len(drawn)))
    laid = [(_laid_over(straight, drawn[at]), at) for at in ranked if len(lines[at]) >= _LEAST_LINES]
    if not laid:
        return None
    (_, warped), at = max(laid, key=lambda entry: entry[0][0])
    numbers, shifts = _shifts(warped, drawn[at], lines[at], tops[at])
    return (at, numbers, shifts) if len(numbers) >= _LEAST_LINES else None


def _turned(page: Grey, degrees: float) -> Grey:
    image = Image.fromarray((page * 255).astype(np.uint8)).rotate(degrees, resample=Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float64) / 255.0


def _straightened(page: Grey) -> Grey:
    """Turn a page so that its lines lie level: then the rows' ink varies most."""
    small = np.asarray(
        Image.fromarray((page * 255).astype(np.uint8)).resize((max(page.shape[1] // 2, 1), max(page.shape[0] // 2, 1))),
        dtype=np.float64,
    ) / 255.0  # fmt: skip
    rough = max(_TURNS, key=lambda turn: float(np.var(np.diff(_turned(small, turn).sum(axis=1)))))
    fine = max(rough + _FINE_TURNS, key=lambda turn: float(np.var(np.diff(_turned(small, turn).sum(axis=1)))))
    return page if abs(fine) < 1e-6 else _turned(page, float(fine))


def _laid_over(page: Grey, reference: Grey) -> tuple[float, Grey]:
    """Scale and move a level page onto the reference; return likeness and the moved page."""
    height, width = reference.shape
    down = _fitted(page.sum(axis=1), reference.sum(axis=1))
    across = _fitted(page.sum(axis=0), reference.sum(axis=0), around=down[1])
    rows, columns = down[2] + down[1] * np.arange(height), across[2] + across[1] * np.arange(width)
    return down[0] + across[0], _sampled(page, rows, columns)


def _fitted(profile: Grey, reference: Grey, around: float | None = None) -> tuple[float, float, float]:
    """Fit ``profile[offset + scale * i]`` to ``reference[i]``; return correlation, scale and offset."""
    target = reference - reference.mean()
    basis = around if around is not None else len(profile) / len(reference)
    best = (-1.0, basis, 0.0)
    for spread, step in ((0.06, 0.002), (0.003, 0.0002)):
        centre = best[1] if spread < 0.05 else basis
        for scale in np.arange(centre * (1 - spread), centre * (1 + spread), centre * step):
            count = round(len(profile) / scale)
            resized = np.interp(np.arange(count) * scale, np.arange(len(profile)), profile)
            found, offset = _best_offset(resized - resized.mean(), target)
            if found > best[0]:
                best = (found, float(scale), offset * float(scale))
    return best


def _best_offset(moved: Grey, target: Grey) -> tuple[float, float]:
    """Return the best correlation of two profiles over all offsets, and the offset."""
    size = 1 << int(np.ceil(np.log2(len(moved) + len(target))))
    product = np.fft.irfft(np.fft.rfft(moved, size) * np.conj(np.fft.rfft(target, size)), size)
    at = int(np.argmax(product))
    power = float(np.sqrt((moved**2).sum() * (target**2).sum())) or 1.0
    return float(product[at]) / power, float(at if at <= size // 2 else at - size)


def _sampled(page: Grey, rows: NDArray[Any], columns: NDArray[Any]) -> Grey:
    """Take a page at rows and columns between its pixels."""
    height, width = page.shape
    top = np.clip(np.floor(rows).astype(int), 0, height - 2)
    left = np.clip(np.floor(columns).astype(int), 0, width - 2)
    down = np.clip(rows - top, 0, 1)[:, None]
    right = np.clip(columns - left, 0, 1)[None, :]
    upper = page[top][:, left] * (1 - right) + page[top][:, left + 1] * right
    lower = page[top + 1][:, left] * (1 - right) + page[top + 1][:, left + 1] * right
    inside = ((rows >= 0) & (rows <= height - 1))[:, None] & ((columns >= 0) & (columns <= width - 1))[None, :]
    return np.asarray((upper * (1 - down) + lower * down) * inside)


def _shifts(
    page: Grey, reference: Grey, lines: Sequence[tuple[float, float]], top: float
) -> tuple[NDArray[np.int64], Grey]:
    """Measure each line's own shift upwards, in points, after a smooth bend of the page is taken out."""
    places: list[tuple[int, float, float, float, float]] = []
    width = reference.shape[1]
    edges = np.linspace(0, width, _COLUMNS + 1).astype(int)
    for number, (highest, lowest) in enumerate(lines):
        first = max(int((top - highest - _ASCENT) * _SCALE), 0)
        last = min(int((top - lowest + _DESCENT) * _SCALE), reference.shape[0])
        for left, right in pairwise(edges):
            band = reference[first:last, left:right]
            weight = float(band.sum())
            if weight >= _LEAST_INK:
                shift = _displacement(page, reference, first, last, left, right)
                if shift is not None:
                    places.append(
                        (number, (left + right) / 2 / width, (first + last) / 2 / len(reference), shift, weight)
                    )
    if not places:
        return np.empty(0, dtype=np.int64), np.empty(0)
    data = np.asarray(places)
    residual = _without_bend(data)
    numbers = np.unique(data[:, 0]).astype(np.int64)
    own = [np.average(residual[data[:, 0] == n], weights=data[data[:, 0] == n, 4]) for n in numbers]
    return numbers, -np.asarray(own) / _SCALE


def _displacement(page: Grey, reference: Grey, first: int, last: int, left: int, right: int) -> float | None:
    """Return how many rows lower a stretch of a line stands in the page than in the reference."""
    low, high = first - _REACH, last + _REACH
    if low < 0 or high > len(page):
        return None
    known = _letters_only(reference[first:last, left:right])
    if float(known.sum()) < _LEAST_INK:
        return None
    # Each column speaks for itself, so that neighbouring lines and ragged ends matter less than the letters' shapes.
    scores = np.asarray(
        [float((known * page[first + s : last + s, left:right]).sum()) for s in range(-_REACH, _REACH + 1)]
    )
    at = int(np.argmax(scores))
    if at in (0, len(scores) - 1):
        return None
    before, here, after = scores[at - 1 : at + 2]
    bend = before - 2 * here + after
    return float(at - _REACH + (0.5 * (before - after) / bend if bend else 0.0))


def _letters_only(band: Grey) -> Grey:
    """Blank out rules and frames: they do not move with the line they enclose."""
    dark = band > _RULE_INK
    run = np.zeros(band.shape[0])
    kept = band.copy()
    for row in range(band.shape[0]):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], dark[row].astype(np.int8), [0]))))
        lengths = edges[1::2] - edges[::2]
        run[row] = lengths.max() if len(lengths) else 0
    for row in np.flatnonzero(run >= _RULE_PIXELS).tolist():
        kept[max(row - 1, 0) : row + 2] = 0.0
    kept[:, dark.mean(axis=0) > _FRAME_SHARE] = 0.0
    return kept


def _without_bend(data: Grey) -> Grey:
    """Take out a smooth surface of second degree, fitted with less and less weight on what does not follow it."""
    x, y, shift = data[:, 1], data[:, 2], data[:, 3]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)
    weight = np.sqrt(data[:, 4])
    residual = shift - np.median(shift)
    for _ in range(6):
        trust = weight / (1.0 + (residual / 1.5) ** 2)
        solution, *_ = np.linalg.lstsq(terms * trust[:, None], shift * trust, rcond=None)
        residual = shift - terms @ solution
    return np.asarray(np.clip(residual, -3.0, 3.0))


def _ranked(
    measured: Sequence[tuple[int, NDArray[np.int64], Grey]],
    lines: Sequence[list[tuple[float, float]]],
    number: int | None,
    candidates: Mapping[str, int],
) -> Traced:
    """Compare the measured shifts with the signs of every candidate."""
    shifts, places = [], []
    for at, numbers, own in measured:
        known = SHIFT * signs(number, at, len(lines[at]))[numbers] if number is not None else 0.0
        total = own + known
        shifts.append(total - np.median(total) if number is None else total)
        places.append((at, numbers))
    everything = np.clip(np.concatenate(shifts) / SHIFT, -2.0, 2.0)
    count = len(everything)
    scores = {
        key: float(np.mean(everything * np.concatenate([signs(coded, at, len(lines[at]))[n] for at, n in places])))
        for key, coded in candidates.items()
    }
    if not scores:
        return Traced(None, 0.0, 0.0, count)
    spread = float(np.std(everything)) / np.sqrt(count) or 1.0
    ranked = sorted(scores, key=lambda key: -scores[key])
    best = ranked[0]
    sureness = scores[best] / spread
    lead = sureness - (scores[ranked[1]] / spread if len(ranked) > 1 else 0.0)
    certain = scores[best] >= _LIKENESS and sureness >= _SURENESS and lead >= _LEAD
    return Traced(best if certain else None, round(scores[best], 3), round(float(sureness), 2), count)
