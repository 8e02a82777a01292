"""Bookmarks and index links of a bundle: they lead to pages of the same file and do nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, OutlineItem

from redactor.model import Box

INDEX = "Index"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of the outline.

    Args:
        page: 0-based, counted from the first page of the body.
        inside: the bookmark that it hangs below, or empty.
    """

    title: str
    page: int
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Steering:
    """What leads through a bundle.

    Args:
        labels: the number of each body page, in order.
        bookmarks: in order; the index, which comes first, is added by itself.
        links: body page and title by the number that stands in the index.
    """

    labels: tuple[str, ...]
    bookmarks: tuple[Bookmark, ...]
    links: tuple[tuple[str, int, str], ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """All words that bookmarks and links may bear."""
        return (INDEX, *(mark.title for mark in self.bookmarks), *(title for _, _, title in self.links))

    def as_json(self) -> bytes:
        """Return it for the other side of the wall."""
        marks = [[mark.title, mark.page, mark.inside] for mark in self.bookmarks]
        return json.dumps({"labels": self.labels, "bookmarks": marks, "links": self.links}).encode()


def add(pdf: pikepdf.Pdf, body: tuple[int, int], steering: Mapping[str, Any]) -> None:
    """Add bookmarks to a joined bundle, and links over the page numbers of its index.

    Args:
        body: first and one-past-last page of the body; the index stands before it.
        steering: what ``Steering.as_json`` wrote.
    """
    with pdf.open_outline() as outline:
        if body[0]:
            outline.root.append(OutlineItem(INDEX, 0))
        known: dict[str, OutlineItem] = {}
        for title, page, inside in steering["bookmarks"]:
            item = OutlineItem(title, body[0] + page)
            (known[inside].children if inside in known else outline.root).append(item)
            known.setdefault(title, item)
    places = _places(pdf, body[0], [label for label, _, _ in steering["links"]])
    for label, page, title in steering["links"]:
        if label in places:
            number, box = places[label]
            _link(pdf, number, box, body[0] + page, title)


def _link(pdf: pikepdf.Pdf, number: int, box: Box, target: int, title: str) -> None:
    link = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([round(edge, 2) for edge in box]),
            Border=Array([0, 0, 0]),
            Dest=Array([pdf.pages[target].obj, Name.Fit]),
            Contents=title,
        )
    )
    page = pdf.pages[number].obj
    page.Annots = Array([*page.get("/Annots", []), link])


def _places(pdf: pikepdf.Pdf, pages: int, labels: Collection[str]) -> dict[str, tuple[int, Box]]:
    """Return where on the index pages each number stands first."""
    stream = io.BytesIO()
    pdf.save(stream)
    document = pdfium.PdfDocument(stream.getvalue())
    found: dict[str, tuple[int, Box]] = {}
    for number in range(pages):
        text = document[number].get_textpage()
        for label in labels:
            hit = text.search(label, match_case=True, match_whole_word=True).get_next()
            if hit is not None and label not in found:
                found[label] = (number, _box(text, *hit))
    return found


def _box(text: pdfium.PdfTextPage, start: int, count: int) -> Box:
    edges = list(zip(*(text.get_charbox(start + offset) for offset in range(count)), strict=True))
    return min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])
