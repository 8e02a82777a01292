"""Redacts the text of born-digital pages in place: one page at a time, or says why a page must go as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from redactor.formats.pdf import inherited
from redactor.model import Box
from redactor.redact.places import Change
from redactor.redact.surgery.clean import cleaned_resources, hides_text
from redactor.redact.surgery.edges import Edges
from redactor.redact.surgery.inline import without_inline_images
from redactor.redact.surgery.layers import Layers
from redactor.redact.surgery.rewrite import Rewriter
from redactor.redact.surgery.scan import Scanner
from redactor.redact.surgery.setting import set_lines
from redactor.redact.surgery.sheet import Sheet
from redactor.redact.surgery.unsupported import Unsupported

_BOX_COLOUR = b"0 g"
_MOST_STATES = 64


@dataclass(frozen=True, slots=True)
class Operated:
    """A page after surgery: its new dictionary, and the black boxes painted on it."""

    page: Dictionary
    boxes: tuple[Box, ...]


class Surgeon:
    """Operates on the pages of one file; what pages share is read once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._layers = Layers(pdf)
        self._scanner = Scanner(self._layers)

    def operate(
        self, page: pikepdf.Page, changes: Sequence[Change], emptied: Sequence[Box], *, keep_layout: bool
    ) -> Operated:
        """Take the changes out of a page.

        Args:
            page: the page; it is not altered.
            changes: what goes.
            emptied: stretches of removed sections: what is drawn inside goes too.
            keep_layout: leave what stays where it is.

        Raises:
            Unsupported: if anything on the page is not fully understood.
        """
        try:
            return self._operate(page, changes, emptied, keep_layout=keep_layout)
        except (Unsupported, MemoryError):
            raise
        except pikepdf.PdfError:
            raise Unsupported("stream that cannot be decoded") from None
        except Exception:  # whatever a broken page or font makes its reader raise: it goes as a picture
            raise Unsupported("page that contradicts itself") from None

    def _operate(
        self, page: pikepdf.Page, changes: Sequence[Change], emptied: Sequence[Box], *, keep_layout: bool
    ) -> Operated:
        source = page.obj
        resources = inherited(source, "/Resources")
        if not isinstance(resources, Dictionary):
            resources = Dictionary()
        content, resources = without_inline_images(self._pdf, _content(source), resources)
        if hides_text(resources):
            raise Unsupported("text in a pattern, soft mask or glyph procedure")
        visible = visible_box(source)
        places = [change.box for change in changes]
        sheets = self._scanner.page(source, resources, content, places)
        shows = [show for sheet in sheets for show in sheet.shows]
        setting = set_lines(
            shows, changes, Edges.of(sheets, visible), _margins(sheets, places), keep_layout=keep_layout
        )
        rewriter = Rewriter(self._pdf, setting, emptied, places)
        written, own = rewriter.stream(sheets[0])
        boxes = tuple(setting.boxes) if not keep_layout else tuple(place for place in places)
        if boxes:
            written = b"q\n" + written + b"\n" + b"Q\n" * (1 + _unclosed(sheets[0])) + _painted(boxes)
        made = Dictionary(
            Type=Name.Page,
            MediaBox=Array([round(edge, 4) for edge in visible]),
            Resources=cleaned_resources(self._pdf, own),
            Contents=self._pdf.make_stream(written),
        )
        rotate = inherited(source, "/Rotate")
        if rotate is not None and int(rotate) % 360:
            made["/Rotate"] = int(rotate) % 360
        unit = source.get("/UserUnit")
        if unit is not None and float(unit) != 1.0:
            made["/UserUnit"] = unit
        group = source.get("/Group")
        if isinstance(group, Dictionary):
            made["/Group"] = Dictionary({key: group[key] for key in ("/Type", "/S", "/CS", "/I", "/K") if key in group})
        return Operated(made, boxes)


def visible_box(page: Object) -> Box:
    """Return the visible part of a page: what lies outside it is not carried over."""
    media, crop = inherited(page, "/MediaBox"), inherited(page, "/CropBox")
    outer = _box(media) or (0.0, 0.0, 612.0, 792.0)
    inner = _box(crop) or outer
    shared = (
        max(outer[0], inner[0]),
        max(outer[1], inner[1]),
        min(outer[2], inner[2]),
        min(outer[3], inner[3]),
    )
    return shared if shared[2] > shared[0] and shared[3] > shared[1] else outer


def _box(array: Object | None) -> Box | None:
    if not isinstance(array, Array) or len(array) != 4:
        return None
    x0, y0, x1, y1 = (float(edge) for edge in array)
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _content(page: Object) -> bytes:
    """Return the page's content streams as one."""
    content = page.get("/Contents")
    streams = list(content) if isinstance(content, Array) else [content]
    return b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, Stream))


def _margins(sheets: Sequence[Sheet], places: Sequence[Box]) -> list[float]:
    """Return where lines begin that no place touches: the page's own left edges."""
    starts = []
    for sheet in sheets:
        for show in sheet.shows:
            x = show.tm[4] * show.ctm[0] + show.tm[5] * show.ctm[2] + show.ctm[4]
            y = show.tm[4] * show.ctm[1] + show.tm[5] * show.ctm[3] + show.ctm[5]
            if not any(place[1] - 1 <= y <= place[3] + 1 for place in places):
                starts.append(x)
    return starts


def _unclosed(sheet: Sheet) -> int:
    """Return how many more graphics states a page saves than it restores."""
    depth = 0
    for step in sheet.steps:
        if step.operator == b"q":
            depth += 1
        elif step.operator == b"Q":
            depth -= 1
            if depth < 0:
                raise Unsupported("graphics states out of balance")
    if depth > _MOST_STATES:
        raise Unsupported("graphics states out of balance")
    return depth


def _painted(boxes: Sequence[Box]) -> bytes:
    drawn = [f"{x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re f".encode("ascii") for x0, y0, x1, y1 in boxes]
    return b"\n".join([b"q", _BOX_COLOUR, *drawn, b"Q"])
