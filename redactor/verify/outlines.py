"""Leaves long outlines out of content streams: they show no text, and a watermark has thousands of them."""

from __future__ import annotations

import re

import pikepdf

Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage

# Path construction (ISO 32000-1, table 59), many operators on end: no string or array can stand between them. A shorter
# run may be what somebody wrote in a string, and stays.
_OUTLINE = re.compile(
    rb"(?:(?:[-+.0-9]+\s+){2}(?:[ml]|(?:[-+.0-9]+\s+){2}(?:[vy]|(?:[-+.0-9]+\s+){2}c))\s+(?:h\s+)?){8,}"
)


def without_outlines(content: bytes) -> bytes:
    """Return a content stream without its long outlines."""
    return _OUTLINE.sub(b" ", content)


def instructions(drawn: pikepdf.Page | pikepdf.Object) -> list[Instruction]:
    """Return what a page or a form draws but for long outlines.

    Raises:
        pikepdf.PdfError: if it cannot be decoded.
    """
    contents = drawn.obj.get("/Contents") if isinstance(drawn, pikepdf.Page) else drawn
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    content = b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, pikepdf.Stream))
    with pikepdf.new() as scratch:
        return list(pikepdf.parse_content_stream(scratch.make_stream(without_outlines(content))))
