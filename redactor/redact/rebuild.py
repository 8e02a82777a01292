"""Builds a Word document anew: only text that shows in the canonical layout is written, whatever else there is.

Nothing is edited in place. Elements that are not listed here cease to exist and are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from redactor.formats import branches, characters
from redactor.formats.layout import Block, Slot
from redactor.formats.names import M, W, attribute, child, name, split_attribute
from redactor.formats.word import WordDocument
from redactor.formats.xml import local
from redactor.redact.edits import Edits
from redactor.redact.looks import PREFIX, Looks
from redactor.redact.pictures import Pictures

OBJECT_MARK = "[object removed]"
PICTURE_MARK = "[picture removed]"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LEAVES = {"w:t", "w:tab", "w:ptab", "w:br", "w:cr", "w:noBreakHyphen", "w:sym"}
_UNWRAPPED = {"w:hyperlink", "w:ins", "w:moveTo", "w:sdt", "w:sdtContent", "w:smartTag", "w:customXml", "w:dir",
              "w:bdo", "w:ruby", "w:rubyBase"}  # fmt: skip
_FURNITURE = {"w:footnoteRef", "w:endnoteRef", "w:separator", "w:continuationSeparator"}
_GONE = {"w:del", "w:moveFrom", "w:sdtPr", "w:sdtEndPr", "w:rt", "w:instrText", "w:delText", "w:delInstrText",
         "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr", "w:permStart", "w:permEnd", "w:commentRangeStart",
         "w:commentRangeEnd", "w:commentReference", "w:lastRenderedPageBreak", "w:annotationRef", "w:softHyphen",
         "w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd", "w:smartTagPr",
         "w:customXmlPr", "w:pgNum", "w:tblPrEx"}  # fmt: skip
_OBJECTS = {"chart", "relIds", "OLEObject", "control", "movie", "contentPart", "textpath", "lockedCanvas", "model3d",
            "videoFile", "audioFile"}  # fmt: skip
_MATH_VALUES = ("chr", "begChr", "endChr", "sepChr")

Element = etree._Element


class Builder:
    """Builds one document's parts from their sources."""

    def __init__(self, source: WordDocument, edits: Edits, looks: Looks, pictures: Pictures) -> None:
        self._source, self._edits, self._looks, self._pictures = source, edits, looks, pictures
        text = source.layout.text
        self._slots: dict[tuple[Element, str], Slot] = {
            (slot.element, slot.attribute): slot for slot in source.layout.slots
        }
        self._blocks: dict[Element, Block] = {block.element: block for block in source.layout.blocks}
        self._text = text
        self._placed: set[int] = set()
        self.removed: Counter[str] = Counter()
        self.notes: dict[str, set[str]] = {"footnote": set(), "endnote": set()}

    def children(self, source: Element) -> Iterator[Element]:
        """Give what stands for the children of a block container (body, cell, header, note, text box)."""
        for one in source:
            yield from self._block(one)

    def _block(self, one: Element) -> Iterator[Element]:
        what = name(one)
        if what == "w:p":
            yield from self._paragraph(one)
        elif what == "w:tbl":
            yield from self._table(one)
        elif what in _UNWRAPPED:
            yield from self.children(one)
        elif what == "mc:AlternateContent":
            kept, _ = branches.choose(one)
            if kept is not None:
                yield from self.children(kept)
        elif what == "w:altChunk":
            self.removed["imported documents"] += 1
            yield _paragraph_of(OBJECT_MARK)
        elif what not in _GONE and what not in ("w:sectPr", "w:tblPr", "w:tcPr", "w:pPr"):
            self.removed["elements of unknown kind"] += 1

    def _dropped(self, element: Element) -> Element | bool:
        """Say whether a block lies in a removed section; the first such block gives way to the placeholder."""
        block = self._blocks.get(element)
        section = self._edits.section_holding(block.start, block.end) if block and block.end > block.start else None
        if section is None:
            return False
        if section.span.start in self._placed or not section.placeholder:
            return True
        self._placed.add(section.span.start)
        return _paragraph_of(section.placeholder)

    def _paragraph(self, source: Element) -> Iterator[Element]:
        fate = self._dropped(source)
        if fate is not False:
            if isinstance(fate, etree._Element):
                yield fate
            if (section := child(child(source, "w:pPr"), "w:sectPr")) is not None:  # page set-up and headers stay
                kept = etree.Element(PREFIX + "p")
                _properties(kept).append(self.section(section))
                yield kept
            return
        made, boxes = etree.Element(PREFIX + "p"), list[Element]()
        for one in source:
            if name(one) == "w:pPr":
                self._append(made, self._looks.copy(one))
                section = child(one, "w:sectPr")
                if section is not None:
                    _properties(made).append(self.section(section))
            else:
                for run in self._inline(one, boxes):
                    made.append(run)
        yield made
        for box in boxes:
            yield from self.children(box)

    def _inline(self, one: Element, boxes: list[Element]) -> Iterator[Element]:
        what = name(one)
        if what == "w:r":
            yield from self._run(one, boxes)
        elif what in _UNWRAPPED:
            for inner in one:
                yield from self._inline(inner, boxes)
        elif what == "w:fldSimple":
            if one in self._source.layout.live_fields:
                yield _live_field(self._source.layout.live_fields[one])
            else:
                for inner in one:
                    yield from self._inline(inner, boxes)
        elif what == "mc:AlternateContent":
            kept, _ = branches.choose(one)
            for inner in () if kept is None else kept:
                yield from self._inline(inner, boxes)
        elif what.startswith("m:"):
            self._append_math(one, made := etree.Element(f"{{{M}}}{what[2:]}"))
            yield made
        elif what not in _GONE:
            self.removed["elements of unknown kind"] += 1

    def _run(self, source: Element, boxes: list[Element]) -> Iterator[Element]:
        made = etree.Element(PREFIX + "r")
        extra: list[Element] = []
        for one in source:
            self._in_run(one, made, boxes, extra)
        if any(local(one) != "rPr" for one in made):
            yield made
        yield from extra

    def _in_run(self, one: Element, made: Element, boxes: list[Element], extra: list[Element]) -> None:
        what = name(one)
        if what == "w:rPr":
            self._append(made, self._looks.copy(one))
        elif what in _LEAVES:
            self._leaf(one, what, made)
        elif what == "w:fldChar":
            if one in self._source.layout.live_fields:
                extra.append(_live_field(self._source.layout.live_fields[one]))
        elif what in ("w:footnoteReference", "w:endnoteReference"):
            self._reference(one, what, made)
        elif what in _FURNITURE:
            etree.SubElement(made, PREFIX + what[2:])
        elif what == "mc:AlternateContent":
            kept, _ = branches.choose(one)
            for inner in () if kept is None else kept:
                self._in_run(inner, made, boxes, extra)
        elif what in ("w:drawing", "w:pict", "w:object"):
            self._graphic(one, made, boxes)
        elif what == "w:r" or what in _UNWRAPPED:
            for inner in one:
                self._in_run(inner, made, boxes, extra)
        elif what not in _GONE:
            self.removed["elements of unknown kind"] += 1

    def _leaf(self, one: Element, what: str, made: Element) -> None:
        slot = self._slots.get((one, ""))
        if slot is None:
            return
        before = self._text[slot.start : slot.end]
        after = self._edits.text_of(before, slot.start)
        if after == before and what != "w:t":
            copied = etree.SubElement(made, PREFIX + ("tab" if what == "w:ptab" else what[2:]))
            if what == "w:br" and attribute(one, "type") in ("page", "column"):
                copied.set(PREFIX + "type", attribute(one, "type") or "")
            elif what == "w:sym":
                made.remove(copied)
                _text(made, before)
        else:
            _text(made, after)

    def _reference(self, one: Element, what: str, made: Element) -> None:
        kind, key = what[2:].removesuffix("Reference"), attribute(one, "id") or ""
        shown = any(name(note) == f"w:{kind}" and attribute(note, "id") == key for note in self._source.shown_notes)
        if shown:
            etree.SubElement(made, PREFIX + what[2:]).set(PREFIX + "id", key)
            self.notes[kind].add(key)

    def _graphic(self, source: Element, made: Element, boxes: list[Element]) -> None:
        """Keep pictures that the plan keeps, move text boxes behind their paragraph, mark everything else."""
        if name(source) == "mc:AlternateContent":
            kept, _ = branches.choose(source)
            for one in () if kept is None else kept:
                self._graphic(one, made, boxes)
            return
        if source in self._source.layout.pictures:
            self._picture(source, made)
        elif local(source) in _OBJECTS:
            self.removed["objects"] += 1
            _text(made, OBJECT_MARK)
        elif name(source) == "w:txbxContent":
            boxes.append(source)
            return
        for one in source:
            self._graphic(one, made, boxes)

    def _picture(self, source: Element, made: Element) -> None:
        slot = self._slots.get((source, ""))
        if slot is None:
            return
        after = self._edits.text_of(characters.PICTURE, slot.start)
        drawing = (
            self._pictures.draw(source, self._source.layout.pictures[source]) if after == characters.PICTURE else None
        )
        if drawing is not None:
            made.append(drawing)
        else:
            self.removed["pictures"] += 1
            _text(made, after if after not in ("", characters.PICTURE) else PICTURE_MARK)

    def _table(self, source: Element) -> Iterator[Element]:
        made, notices = etree.Element(PREFIX + "tbl"), list[Element]()
        for one in source:
            if name(one) in ("w:tblPr", "w:tblGrid"):
                self._append(made, self._looks.copy(one))
        for row in self._rows(source):
            fate = self._dropped(row)
            if fate is False:
                made.append(self._row(row))
            elif isinstance(fate, etree._Element):
                notices.append(fate)
        yield from notices
        if any(local(one) == "tr" for one in made):
            yield made

    def _rows(self, source: Element) -> Iterator[Element]:
        for one in source:
            if name(one) == "w:tr" and one in self._blocks:
                yield one
            elif name(one) in _UNWRAPPED:
                yield from self._rows(one)

    def _row(self, source: Element) -> Element:
        made = etree.Element(PREFIX + "tr")
        self._append(
            made, self._looks.copy(properties) if (properties := child(source, "w:trPr")) is not None else None
        )
        for cell in self._cells(source):
            copied = etree.SubElement(made, PREFIX + "tc")
            looks = child(cell, "w:tcPr")
            self._append(copied, self._looks.copy(looks) if looks is not None else None)
            copied.extend(list(self.children(cell)))
            if len(copied) == 0 or local(copied[-1]) != "p":
                etree.SubElement(copied, PREFIX + "p")
        return made

    def _cells(self, source: Element) -> Iterator[Element]:
        for one in source:
            if name(one) == "w:tc":
                yield one
            elif name(one) in _UNWRAPPED:
                yield from self._cells(one)

    def section(self, source: Element) -> Element:
        """Return a clean section; the caller adds the references to headers and footers that it keeps."""
        made = self._looks.copy(source)
        return etree.Element(PREFIX + "sectPr") if made is None else made

    def label(self, element: Element, key: str, text: str) -> str:
        """Return a list label after the edits; labels that show are text of the document too."""
        slot = self._slots.get((element, key))
        return self._edits.text_of(text, slot.start) if slot else text

    def _append_math(self, source: Element, made: Element) -> None:
        for key, raw in source.attrib.items():
            if split_attribute(str(key))[1] == "val" and (local(source) in _MATH_VALUES and len(str(raw)) <= 1):
                made.set(f"{{{M}}}val", str(raw))
        for one in source:
            what = name(one)
            if what == "m:t":
                slot = self._slots.get((one, ""))
                said = self._edits.text_of(self._text[slot.start : slot.end], slot.start) if slot else ""
                etree.SubElement(made, f"{{{M}}}t").text = said
            elif what.startswith("m:"):
                self._append_math(one, etree.SubElement(made, f"{{{M}}}{what[2:]}"))

    @staticmethod
    def _append(made: Element, one: Element | None) -> None:
        if one is not None:
            made.append(one)


def _text(made: Element, text: str) -> None:
    """Write text into a run; line ends and tabs become Word's own."""
    for index, line in enumerate(text.split("\n")):
        if index:
            etree.SubElement(made, PREFIX + "br")
        for position, stretch in enumerate(line.split("\t")):
            if position:
                etree.SubElement(made, PREFIX + "tab")
            if stretch:
                written = etree.SubElement(made, PREFIX + "t")
                written.text = stretch
                written.set(_SPACE, "preserve")


def _paragraph_of(text: str) -> Element:
    made = etree.Element(PREFIX + "p")
    _text(etree.SubElement(made, PREFIX + "r"), text)
    return made


def _properties(paragraph: Element) -> Element:
    found = next((one for one in paragraph if local(one) == "pPr"), None)
    if found is None:
        found = etree.Element(PREFIX + "pPr")
        paragraph.insert(0, found)
    for old in [one for one in found if local(one) == "sectPr"]:
        found.remove(old)
    return found


def _live_field(word: str) -> Element:
    """Return a page-number field that counts anew."""
    run = etree.Element(PREFIX + "r")
    etree.SubElement(run, PREFIX + "fldChar").set(PREFIX + "fldCharType", "begin")
    etree.SubElement(run, PREFIX + "instrText").text = f" {word} "
    etree.SubElement(run, PREFIX + "fldChar").set(PREFIX + "fldCharType", "separate")
    etree.SubElement(run, PREFIX + "t").text = "1"
    etree.SubElement(run, PREFIX + "fldChar").set(PREFIX + "fldCharType", "end")
    return run


NAMESPACES = {"w": W, "m": M}
