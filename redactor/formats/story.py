"""Walks the blocks of one story (body, header, note, comment, text box): paragraphs, tables, content controls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lxml import etree

from redactor.formats import branches, graphics
from redactor.formats.fields import Fields
from redactor.formats.inline import Gatherer, Later, style_of
from redactor.formats.layout import Block, Layout, Leaf, Place
from redactor.formats.names import attribute, child, name, switched_on, value
from redactor.formats.package import Package
from redactor.formats.styles import Styles, filled
from redactor.model import Cell, Role

_PASSED_THROUGH = {"w:customXml", "w:smartTag", "w:ins", "w:moveTo", "w:sdtContent"}
_REMOVED = {"w:del", "w:moveFrom"}
_SILENT = {
    "w:sectPr", "w:bookmarkEnd", "w:proofErr", "w:permEnd", "w:commentRangeStart", "w:commentRangeEnd", "w:tblPr",
    "w:tblGrid", "w:trPr", "w:tcPr", "w:tblPrEx", "w:sdtPr", "w:sdtEndPr", "w:customXmlPr", "w:moveFromRangeStart",
    "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd", "w:background",
}  # fmt: skip

Note = Callable[[str, str, bool], None]
Flow = Iterator[tuple[etree._Element, Place]]


class Story:
    """One part of the document on its way into the layout."""

    def __init__(self, package: Package, part: str, root: etree._Element, styles: Styles, layout: Layout) -> None:
        self.package, self.part, self.styles, self.layout = package, part, styles, layout
        self.fields = Fields(root)
        self.on_note: Note = lambda kind, key, shows: None
        self.used_parts: set[str] = set()
        self._arrows = {arrow.id: arrow for arrow in package.relationships(part)}

    def target(self, key: str | None) -> str:
        """Return where a relationship of this part points; empty if it is unknown."""
        arrow = self._arrows.get(key or "")
        if arrow is not None and not arrow.external:
            self.used_parts.add(arrow.target)
        return arrow.target if arrow else ""

    def note(self, kind: str, key: str, *, shows: bool) -> None:
        """Read the footnote, endnote or comment that is referred to here."""
        paused = self.fields.pause()
        self.on_note(kind, key, shows)
        self.fields.resume(paused)

    def writer(self, place: Place, leaves: list[Leaf], role: Role) -> Later:
        """Return a deferred unit."""

        def write() -> None:
            self.layout.unit(place, leaves, role)

        return write

    def graphic(self, gatherer: Gatherer, element: etree._Element, role: Role | None) -> None:
        """Read a drawing, picture or embedded object."""
        graphics.read(self, gatherer, element, role)

    def box(self, content: etree._Element, place: Place) -> None:
        """Read the content of a text box, whose fields are its own."""
        paused = self.fields.pause()
        self.blocks(content, replace(place, role=Role.TEXT_BOX, cell=None, shaded=True))
        self.fields.resume(paused)

    def blocks(self, container: etree._Element, place: Place) -> None:
        """Read paragraphs and tables in order."""
        later: list[Later] = []
        for element, where in self._flow(container, place, later):
            if name(element) == "w:p":
                later += self._paragraph(element, where, "\n")
            else:
                self._table(element, where)
            _run(later)
        _run(later)

    def _flow(self, container: Iterable[etree._Element], place: Place, later: list[Later]) -> Flow:
        """Give paragraphs, tables, rows and cells, looking through whatever wraps them."""
        for one in container:
            what = name(one)
            if what in ("w:p", "w:tbl", "w:tr", "w:tc"):
                yield one, place
            elif what == "w:sdt":
                self._facts(child(one, "w:sdtPr"), place, later)
                yield from self._flow(one, place, later)
            elif what in _PASSED_THROUGH:
                self._facts(one, place, later)
                yield from self._flow(one, place, later)
            elif what in _REMOVED:
                yield from self._flow(one, place.lost(Role.DELETED), later)
            elif what == "mc:AlternateContent":
                kept, others = branches.choose(one)
                if kept is not None:
                    yield from self._flow(kept, place, later)
                known = branches.text_of(kept)
                for other in others:
                    if branches.text_of(other) != known:
                        yield from self._flow(other, place.lost(Role.HIDDEN), later)
            elif what not in _SILENT:
                self._odd(one, what, place, later)

    def _facts(self, properties: etree._Element | None, place: Place, later: list[Later]) -> None:
        gatherer = Gatherer(self, place, "")
        gatherer.facts(properties)
        later += gatherer.later

    def _odd(self, one: etree._Element, what: str, place: Place, later: list[Later]) -> None:
        """Read what stands between blocks without being one: runs, bookmarks, imported documents, the unknown."""
        gatherer = Gatherer(self, place.lost(Role.HIDDEN), "")
        if what == "w:altChunk":
            self.layout.dropped["imported documents"] += 1
            self.target(attribute(one, "id", "r"))
        elif what in ("w:bookmarkStart", "w:permStart"):
            gatherer.read([one])  # type: ignore[arg-type]
        else:
            gatherer.unknown(one)
        later += gatherer.later

    def _paragraph(self, paragraph: etree._Element, place: Place, end: str) -> list[Later]:
        """Write a paragraph's unit and return what is to be written after it."""
        properties, style = child(paragraph, "w:pPr"), style_of(paragraph)
        shaded = place.shaded or filled(child(properties, "w:shd")) or self.styles.shaded(style)
        gatherer = Gatherer(self, replace(place, shaded=shaded), style)
        gatherer.read(paragraph)
        level = self.styles.level(properties, style)
        role = place.fate or self._role(properties, style, place, level)
        label = self.styles.label(style or self.styles.default_paragraph)
        leaves = [Leaf(leaf.text, leaf.element, place.fate) for leaf in gatherer.main] if place.fate else gatherer.main
        start, stop = self.layout.unit(place, leaves, role, level=level, style=label, end=end)
        if place.fate is None:
            self.layout.blocks.append(Block(paragraph, start, stop))
        return gatherer.later

    def _role(self, properties: etree._Element | None, style: str, place: Place, level: int) -> Role:
        if place.role is not Role.BODY:
            return place.role
        if place.cell is not None:
            return Role.TABLE_CELL
        if level:
            return Role.HEADING
        return Role.LIST_ITEM if self.styles.is_list(properties, style) else Role.BODY

    def _table(self, table: etree._Element, place: Place) -> None:
        number = self.layout.tables
        self.layout.tables += 1
        properties = child(table, "w:tblPr")
        coloured = filled(child(properties, "w:shd")) or self.styles.shaded(value(properties, "w:tblStyle") or "")
        inside = replace(place, shaded=place.shaded or coloured)
        later: list[Later] = []
        for row_number, (row, where) in enumerate(self._flow(table, inside, later)):
            self._row(row, replace(where, cell=Cell(number, row_number, 0)), later)
            _run(later)
        _run(later)

    def _row(self, row: etree._Element, place: Place, later: list[Later]) -> None:
        """Write a row: cells parted by tabs; nested tables, boxes and notes follow the row."""
        properties = child(row, "w:trPr")
        if child(properties, "w:del") is not None:
            place = place.lost(Role.DELETED)
        elif switched_on(properties, "w:hidden"):
            place = place.lost(Role.HIDDEN)
        cells = list(self._flow(row, place, later)) if name(row) == "w:tr" else []
        start, column = self.layout.length, 0
        for position, (cell, where) in enumerate(cells):
            last = position == len(cells) - 1
            at = Cell(place.cell.table, place.cell.row, column) if place.cell else None
            self._cell(cell, replace(where, cell=at), "\n" if last else "\t", later)
            span = value(child(cell, "w:tcPr"), "w:gridSpan") or "1"
            column += int(span) if span.isdigit() and len(span) < 4 else 1
        if cells and place.fate is None:
            self.layout.blocks.append(Block(row, start, self.layout.length))

    def _cell(self, cell: etree._Element, place: Place, end: str, later: list[Later]) -> None:
        properties = child(cell, "w:tcPr")
        if child(properties, "w:cellDel") is not None:
            place = place.lost(Role.DELETED)
        merge = child(properties, "w:vMerge")
        if merge is not None and attribute(merge, "val") != "restart":
            place = place.lost(Role.HIDDEN)
        place = replace(place, shaded=place.shaded or filled(child(properties, "w:shd")))
        content = list(self._flow(cell, place, later))
        paragraphs = [index for index, (element, _) in enumerate(content) if name(element) == "w:p"]
        for index, (element, where) in enumerate(content):
            if name(element) == "w:p":
                later += self._paragraph(element, where, end if index == paragraphs[-1] else "\n")
            elif name(element) == "w:tbl":
                later.append(lambda element=element, where=where: self._table(element, replace(where, cell=None)))  # type: ignore[misc]
        if not paragraphs:
            self.layout.unit(place, (), place.fate or Role.TABLE_CELL, end=end)


def _run(later: list[Later]) -> None:
    """Write out what was put off, in order; writing may put off more."""
    for write in later:  # a list may grow while it is walked
        write()
    later.clear()
