"""Marks every page of one copy: classification, copy number, reader and date at the edges, the reader across the page.

The lines at the edges are real text in an embedded font. The mark across the page is drawn as outlines, letter by
letter, woven between the page's own drawing operators: no single object, layer or annotation holds it, and the text
that programs extract from the page stays as it is. A mark deters and traces; it does not protect.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pikepdf
from pikepdf import Dictionary, Name

from redactor.model import Box, CopyMark
from redactor.render.lettering import Lettering, outlines

DRAFT_WORDS = "DRAFT – NOT REVIEWED"
_EDGE_SIZE = 7.5
_EDGE_MARGIN = 13.0
_LEADING = 9.0
_HEAD_ROOM, _FOOT_ROOM = _EDGE_MARGIN + _EDGE_SIZE + 2, _EDGE_MARGIN + 2 * _LEADING
_EDGES = {0: (3, 1), 90: (0, 2), 180: (1, 3), 270: (2, 0)}  # what is head and foot of a box as the page is turned
_LABEL_SIZE, _LABEL_MARGIN = 14.0, 28.0  # the page number in a bundle, at the lower right
_SLANT = math.radians(34)
_LARGE, _SMALLER = 30.0, 19.0
_ROWS = 4
_PAINTS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "n", "Q", "ET", "Do", "sh", "EMC"})
_CLIPS = frozenset({"W", "W*"})
_FONT_NAME, _STATE_NAME = "/FMark", "/GMark"
_GREY = 0.87  # of paper white; multiplied with what it lies on, so that nothing under it is lost


@dataclass(frozen=True, slots=True)
class Marking:
    """What stands on the pages of one copy.

    Args:
        top: lines at the head of each page.
        bottom: lines at the foot, before the page number.
        across: lines drawn slanting over the page.
    """

    top: tuple[str, ...]
    bottom: tuple[str, ...]
    across: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line that is text on each page."""
        return self.top + self.bottom


def marking(mark: CopyMark) -> Marking:
    """Work out the lines for a copy; a public copy names no reader."""
    named = mark.watermark or mark.draft
    copy = f"Copy {mark.copy_number}" if mark.copy_number else ""
    owner = " – ".join(part for part in (copy, mark.reader_name, mark.date) if part) if named else mark.date
    head = " – ".join(part for part in (DRAFT_WORDS if mark.draft else "", mark.classification) if part)
    foot = tuple(line for line in (mark.classification, owner) if line)
    across: tuple[str, ...] = (DRAFT_WORDS,) if mark.draft else ()
    if named and (mark.reader_name or mark.copy_number):
        across += (" ".join(part for part in (mark.reader_name, copy, mark.date) if part),)
    return Marking((head,) if head else (), foot, across)


def page_number(number: int, pages: int) -> str:
    """Return the page line, counted from 1."""
    return f"Page {number} of {pages}"


class Stamp:
    """Puts one copy's marks on the pages of a PDF.

    Args:
        labels: numbers that single pages have in a bundle, by 0-based page.
    """

    def __init__(self, pdf: pikepdf.Pdf, mark: CopyMark, labels: Mapping[int, str] = MappingProxyType({})) -> None:
        self._pdf, self._labels = pdf, labels
        self._marking = marking(mark)
        self._pages = len(pdf.pages)
        numbers = [page_number(number + 1, self._pages) for number in range(self._pages)]
        self._lettering = Lettering([*self._marking.lines, *numbers, *labels.values(), " – "])
        self._font = self._lettering.embed(pdf)
        self._state = pdf.make_indirect(Dictionary(Type=Name.ExtGState, BM=Name.Multiply))

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that stand on every page as text, page numbers included."""
        numbers = tuple(page_number(number + 1, self._pages) for number in range(self._pages))
        return (*self._marking.top, *self._marking.bottom, *numbers, *self._labels.values())

    def put(self, number: int) -> None:
        """Mark one page, 0-based."""
        page = self._pdf.pages[number]
        left, bottom, right, top = (float(edge) for edge in page.cropbox)
        turn = int(page.obj.get("/Rotate", 0)) % 360
        width, height = (top - bottom, right - left) if turn in (90, 270) else (right - left, top - bottom)
        upright = _upright(turn, left, bottom, right, top)
        self._resources(page)
        fragments = [f"{upright} cm {fragment}" for fragment in self._slanting(width, height)]
        edges = f"q {upright} cm {self._edges(number, width, height)} Q"
        page.obj.Contents = self._pdf.make_stream(_woven(page, fragments, edges))

    def _resources(self, page: pikepdf.Page) -> None:
        """Give the page resources of its own that know the mark's font and blending."""
        shared = page.obj.get("/Resources", Dictionary())
        own = Dictionary({key: shared[key] for key in shared.keys()})  # noqa: SIM118
        for category, name, value in (("/Font", _FONT_NAME, self._font), ("/ExtGState", _STATE_NAME, self._state)):
            known = own.get(category, Dictionary())
            entries = Dictionary({key: known[key] for key in known.keys()})  # noqa: SIM118
            entries[name] = value
            own[category] = entries
        page.obj.Resources = own

    def _edges(self, number: int, width: float, height: float) -> str:
        foot = [
            *self._marking.bottom[:-1],
            " – ".join([*self._marking.bottom[-1:], page_number(number + 1, self._pages)]),
        ]
        placed = [(line, height - _EDGE_MARGIN - n * _LEADING) for n, line in enumerate(self._marking.top)]
        placed += [(line, _EDGE_MARGIN - 4 + (len(foot) - 1 - n) * _LEADING) for n, line in enumerate(foot)]
        drawn = [self._line(line, width, y) for line, y in placed]
        if label := self._labels.get(number):
            x = width - _LABEL_MARGIN - self._lettering.width(label, _LABEL_SIZE)
            drawn.append(self._at(label, _LABEL_SIZE, x, _EDGE_MARGIN))
        return " ".join(drawn)

    def _line(self, text: str, page_width: float, y: float) -> str:
        size = min(
            _EDGE_SIZE, _EDGE_SIZE * (page_width - 2 * _EDGE_MARGIN) / max(self._lettering.width(text, _EDGE_SIZE), 1)
        )
        x = (page_width - self._lettering.width(text, size)) / 2
        return self._at(text, size, x, y)

    def _at(self, text: str, size: float, x: float, y: float) -> str:
        shown = self._lettering.encoded(text)
        return f"BT 0.25 g {_FONT_NAME} {size:.2f} Tf 0 Tr 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} Tj ET"

    def _slanting(self, width: float, height: float) -> Iterator[str]:
        """Yield each letter of the slanting mark as a drawing of its own."""
        if not self._marking.across:
            return
        cosine, sine = math.cos(_SLANT), math.sin(_SLANT)
        for row in range(_ROWS):
            text = self._marking.across[row % len(self._marking.across)]
            drawn, length = outlines(text, _LARGE if row % 2 == 0 else _SMALLER)
            room = 0.92 * width / cosine
            scale = min(1.0, room / max(length, 1.0))
            x = (width - length * scale * cosine) / 2
            y = height * (row + 0.5) / _ROWS - length * scale * sine / 2
            matrix = [scale * v for v in (cosine, sine, -sine, cosine)]
            place = " ".join(f"{v:.4f}" for v in matrix) + f" {x:.2f} {y:.2f} cm"
            for letter in drawn:
                yield f"{_STATE_NAME} gs {_GREY} g {place} {letter} f"


def make_room(page: pikepdf.Page, box: Box) -> None:
    """Make a page taller where something removed stood at the places of the marks: neither may cover the other.

    Args:
        page: the page; what stands on it keeps its place.
        box: left, bottom, right, top of the place in the page's user space.
    """
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    head, foot = _EDGES[int(page.obj.get("/Rotate", 0)) % 360]
    visible = [left, bottom, right, top]
    if box[0] >= right or box[2] <= left or box[1] >= top or box[3] <= bottom:
        return
    for edge, room in ((head, _HEAD_ROOM), (foot, _FOOT_ROOM)):
        outwards = -1.0 if edge in (0, 1) else 1.0
        if (visible[edge] - box[edge]) * outwards < room:
            visible[edge] += outwards * room
    if visible != [left, bottom, right, top]:
        media = [float(edge) for edge in page.mediabox]
        around = [*map(min, media[:2], visible[:2]), *map(max, media[2:], visible[2:])]
        page.obj.CropBox, page.obj.MediaBox = pikepdf.Array(visible), pikepdf.Array(around)


def _upright(turn: int, left: float, bottom: float, right: float, top: float) -> str:
    """Return the matrix from upright coordinates, origin at the visible lower left, to the page's own."""
    matrices = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }
    return " ".join(f"{value:g}" for value in matrices.get(turn, matrices[0]))


def _woven(page: pikepdf.Page, fragments: Sequence[str], edges: str) -> bytes:
    """Weave drawings between a page's own operators, wherever nothing is open and no clip is in force."""
    operations = list(pikepdf.parse_content_stream(page))
    gaps = list(_gaps(operations))
    places: dict[int, list[str]] = {}
    for number, fragment in enumerate(fragments):
        position, back = gaps[number * len(gaps) // len(fragments)]
        places.setdefault(position, []).append(f"q {back} cm {fragment} Q" if back else f"q {fragment} Q")
    parts: list[bytes] = []
    begun = 0
    for position in sorted(places):
        parts.append(pikepdf.unparse_content_stream(operations[begun:position]))
        parts.append(("/Artifact BMC " + "\n".join(places[position]) + " EMC").encode("ascii"))
        begun = position
    parts.append(pikepdf.unparse_content_stream(operations[begun:]))
    parts.append(("/Artifact BMC " + edges + " EMC").encode("ascii"))
    closing = b"Q\n" * (_open_states(operations) + 1)  # whatever the page left open, and our own first q
    return b"\n".join([b"q", *parts[:-1], closing, parts[-1]])


def _open_states(operations: Sequence[object]) -> int:
    level = 0
    for operation in operations:
        operator = str(getattr(operation, "operator", ""))
        level += (operator == "q") - (operator == "Q" and level > 0)
    return level


def _gaps(operations: Sequence[object]) -> Iterator[tuple[int, str]]:
    """Yield places between operators where drawings may stand, each with the matrix that leads back to the start."""
    matrix, clipped, text, marked = pikepdf.Matrix(), False, False, 0
    states: list[tuple[pikepdf.Matrix, bool]] = []
    yield 0, ""
    for number, operation in enumerate(operations):
        operator = str(getattr(operation, "operator", "INLINE IMAGE"))
        if operator == "q":
            states.append((matrix, clipped))
        elif operator == "Q":
            matrix, clipped = states.pop() if states else (matrix, clipped)
        elif operator == "cm":
            matrix = pikepdf.Matrix(*(float(v) for v in getattr(operation, "operands", ()))) @ matrix
        elif operator in _CLIPS:
            clipped = True
        elif operator in ("BT", "ET"):
            text = operator == "BT"
        elif operator in ("BMC", "BDC"):
            marked += 1
        elif operator == "EMC":
            marked -= 1
        if operator in _PAINTS and not clipped and not text and marked <= 0:
            back = _back(matrix)
            if back is not None:
                yield number + 1, back


def _back(matrix: pikepdf.Matrix) -> str | None:
    """Return the inverse of a matrix as operands: nothing for the identity, None where there is none."""
    if matrix == pikepdf.Matrix():
        return ""
    try:
        inverse = matrix.inverse()
    except ValueError:
        return None
    return " ".join(f"{value:.6f}" for value in inverse.shorthand)
