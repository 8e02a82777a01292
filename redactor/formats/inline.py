"""Gathers the text of one paragraph: runs split anywhere, tracked changes, fields, links, content controls, notes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from lxml import etree

from redactor.formats import branches, characters
from redactor.formats.fields import Fields
from redactor.formats.layout import Layout, Leaf, Place
from redactor.formats.names import R, attribute, child, name, split_attribute, value
from redactor.formats.styles import Styles
from redactor.formats.xml import local, space
from redactor.model import Role

_LIVE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_AUTOMATIC_BOOKMARK = re.compile(r"_(GoBack|Toc\d+|Ref\d+|Hlk\d+|Hlt\d+)")
_AUTOMATIC_NAME = re.compile(r"([A-Za-z]+ ){0,4}\d*|_x0000_\w+")
_TEXT_ELEMENTS = {"w:t", "w:delText", "m:t", "w:instrText", "w:delInstrText"}
_NO_TEXT = {
    "w:pPr", "w:rPr", "w:proofErr", "w:lastRenderedPageBreak", "w:bookmarkEnd", "w:permEnd", "w:commentRangeStart",
    "w:commentRangeEnd", "w:annotationRef", "w:footnoteRef", "w:endnoteRef", "w:separator", "w:continuationSeparator",
    "w:softHyphen", "w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd", "w:pgNum",
}  # fmt: skip
_TRANSPARENT = {"w:smartTag", "w:customXml", "w:dir", "w:bdo", "w:ruby", "w:rt", "w:rubyBase", "w:sdtContent"}
_DELETED = {"w:del", "w:moveFrom"}
_INSERTED = {"w:ins", "w:moveTo"}
_CONTROL_FACTS = (("w:alias", "val"), ("w:tag", "val"), ("w:listItem", "displayText"), ("w:listItem", "value"),
                  ("w:docPart", "val"), ("w:dataBinding", "xpath"), ("w:date", "fullDate"),
                  ("w:attr", "val"))  # fmt: skip
_FORM_FACTS = ("w:name", "w:default", "w:listEntry", "w:helpText", "w:statusText", "w:entryMacro", "w:exitMacro")

Later = Callable[[], None]


class Surroundings(Protocol):
    """The story that a paragraph stands in: what reading the paragraph needs of it."""

    styles: Styles
    layout: Layout
    fields: Fields

    def target(self, key: str | None) -> str:
        """Return where a relationship of this part points; empty if it is unknown."""

    def note(self, kind: str, key: str, *, shows: bool) -> None:
        """Read the footnote, endnote or comment that is referred to here."""

    def writer(self, place: Place, leaves: list[Leaf], role: Role) -> Later:
        """Return a deferred unit."""

    def graphic(self, gatherer: Gatherer, element: etree._Element, role: Role | None) -> None:
        """Read a drawing, picture or embedded object."""

    def box(self, content: etree._Element, place: Place) -> None:
        """Read the content of a text box."""


class Gatherer:
    """Reads one paragraph; ``main`` is what shows, ``later`` what is written out after it."""

    def __init__(self, story: Surroundings, place: Place, style: str) -> None:
        self.story, self.place, self.style = story, place, style
        self.main: list[Leaf] = []
        self.later: list[Later] = []
        self._aside: dict[Role, list[Leaf]] = {}

    def read(self, paragraph: etree._Element) -> None:
        """Gather the paragraph's children."""
        self._inside(paragraph, None)
        self._flush()

    def _inside(self, element: etree._Element, role: Role | None) -> None:
        for one in element:
            self._take(one, name(one), role)

    def _take(self, one: etree._Element, what: str, role: Role | None) -> None:
        if what == "w:r" or what == "m:r":
            self._run(one, role)
        elif what in _TRANSPARENT:
            self.facts(one)
            self._inside(one, role)
        elif what in _INSERTED:
            self._inside(one, role or Role.INSERTED)
        elif what in _DELETED:
            self._inside(one, Role.DELETED)
        elif what == "w:hyperlink":
            self._link(one)
            self._inside(one, role)
        elif what == "w:sdt":
            self.facts(child(one, "w:sdtPr"))
            self._inside(one, role)
        elif what == "w:fldSimple":
            self._simple_field(one, role)
        elif what == "mc:AlternateContent":
            self._alternatives(one, role)
        elif what == "w:bookmarkStart":
            self._bookmark(one)
        elif what == "w:permStart":
            self.aside(Role.METADATA, one, attribute(one, "ed") or "", "ed")
        elif what.startswith("m:"):
            self._math(one, what, role)
        elif what not in _NO_TEXT and what not in ("w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr"):
            self._in_run(one, what, role)

    def _math(self, one: etree._Element, what: str, role: Role | None) -> None:
        if what == "m:t":
            self._add(Leaf(characters.visible(one.text or ""), one), role)
        else:
            self._inside(one, role)

    def _run(self, run: etree._Element, role: Role | None) -> None:
        properties = child(run, "w:rPr")
        if role is not Role.DELETED and properties is not None and child(properties, "w:del") is not None:
            role = Role.DELETED
        on_colour = self.place.shaded
        if role is not Role.DELETED and self.story.styles.unseen(properties, self.style, on_colour):
            role = Role.HIDDEN
        for one in run:
            self._in_run(one, name(one), role)

    def _in_run(self, one: etree._Element, what: str, role: Role | None) -> None:
        if what == "w:t" or what == "m:t":
            self._add(Leaf(characters.visible(one.text or ""), one), role)
        elif what == "w:delText":
            self._add(Leaf(characters.visible(one.text or ""), one), Role.DELETED)
        elif what in ("w:tab", "w:ptab"):
            self._add(Leaf("\t", one), role)
        elif what in ("w:br", "w:cr"):
            self._add(Leaf("\n", one), role)
        elif what == "w:noBreakHyphen":
            self._add(Leaf("-", one), role)
        elif what == "w:sym":
            self._add(Leaf(characters.symbol(attribute(one, "font") or "", attribute(one, "char") or ""), one), role)
        elif what in ("w:instrText", "w:delInstrText"):
            self.story.fields.instruction(one.text or "")
            self._hide(Role.FIELD, Leaf(characters.visible(one.text or ""), one, Role.FIELD, shows=False))
        elif what == "w:fldChar":
            self._field_mark(one, role)
        elif what in ("w:footnoteReference", "w:endnoteReference", "w:commentReference"):
            self._reference(one, what, role)
        elif what == "mc:AlternateContent":
            self._alternatives(one, role)
        elif what in ("w:drawing", "w:pict", "w:object"):
            self.story.graphic(self, one, role)
        elif what == "w:ruby" or what in _TRANSPARENT or what == "w:r":
            self._take(one, what, role)
        elif what not in _NO_TEXT:
            self.unknown(one)

    def _add(self, leaf: Leaf, role: Role | None) -> None:
        if not leaf.text:
            return
        if self.story.fields.in_instruction():
            self._hide(Role.FIELD, Leaf(leaf.text, leaf.element, Role.FIELD, shows=False))
        elif role in (Role.DELETED, Role.HIDDEN) and self.place.fate is None:
            self._hide(role, Leaf(leaf.text, leaf.element, role, shows=False))
        else:
            self._flush()
            self.main.append(Leaf(leaf.text, leaf.element, role))

    def picture(self, element: etree._Element, part: str, role: Role | None) -> None:
        """Add a picture as one character of the text."""
        if role in (Role.DELETED, Role.HIDDEN) or self.story.fields.in_instruction():
            return
        self._flush()
        self.main.append(Leaf(characters.PICTURE, element, role))
        self.story.layout.pictures[element] = part

    def _hide(self, role: Role, leaf: Leaf) -> None:
        self._aside.setdefault(role, []).append(leaf)

    def _flush(self) -> None:
        """Close stretches that do not show: text that shows stands between them and the next."""
        for role, leaves in self._aside.items():
            self.later.append(self.story.writer(self.place, leaves, role))
        self._aside = {}

    def aside(self, role: Role, element: etree._Element, text: str, key: str = "", *, shows: bool = False) -> None:
        """Write some behind-the-scenes text after the paragraph, as a unit of its own."""
        clean = characters.visible(text)
        if clean.strip():
            leaf = Leaf(clean, element, role, key, shows=shows)
            self.later.append(self.story.writer(self.place, [leaf], role))

    def _field_mark(self, mark: etree._Element, role: Role | None) -> None:
        for one in mark.iter():
            if name(one) in _FORM_FACTS:
                self.aside(Role.METADATA, one, attribute(one, "val") or "", "val")
        finished = self.story.fields.mark(mark)
        if finished in _LIVE_FIELDS and role not in (Role.DELETED, Role.HIDDEN):
            self.story.layout.live_fields[mark] = finished

    def _simple_field(self, one: etree._Element, role: Role | None) -> None:
        instruction = attribute(one, "instr") or ""
        self.aside(Role.FIELD, one, instruction, "instr")
        word = (instruction.split() or [""])[0].upper()
        if word in _LIVE_FIELDS and role not in (Role.DELETED, Role.HIDDEN):
            self.story.layout.live_fields[one] = word
            return
        self._inside(one, role)

    def _link(self, link: etree._Element) -> None:
        target = self.story.target(attribute(link, "id", "r"))
        self.aside(Role.LINK, link, target, f"{{{R}}}id")
        for key in ("anchor", "docLocation", "tooltip"):
            text = attribute(link, key) or ""
            if not _AUTOMATIC_BOOKMARK.fullmatch(text):
                self.aside(Role.LINK, link, text, key)

    def _bookmark(self, one: etree._Element) -> None:
        text = attribute(one, "name") or ""
        if not _AUTOMATIC_BOOKMARK.fullmatch(text):
            self.aside(Role.METADATA, one, text, "name")

    def facts(self, properties: etree._Element | None) -> None:
        """Write out what a content control, smart tag or custom XML element says about itself."""
        if properties is None:
            return
        for one in properties.iter():
            if one is not properties and name(one) in ("w:sdtContent", "w:p", "w:r"):
                return
            for what, key in _CONTROL_FACTS:
                if name(one) == what:
                    self.aside(Role.METADATA, one, attribute(one, key) or "", key)

    def _reference(self, one: etree._Element, what: str, role: Role | None) -> None:
        kind, key = local(one).removesuffix("Reference"), attribute(one, "id") or ""
        shows = role not in (Role.DELETED, Role.HIDDEN) and self.place.fate is None and what != "w:commentReference"
        self.later.append(lambda: self.story.note(kind, key, shows=shows))

    def _alternatives(self, one: etree._Element, role: Role | None) -> None:
        kept, others = branches.choose(one)
        if kept is not None:
            for inner in kept:
                self._take(inner, name(inner), role)
        known = branches.text_of(kept)
        for other in others:
            text = branches.text_of(other)
            if text != known:
                self.aside(Role.HIDDEN, other, text)

    def unknown(self, element: etree._Element) -> None:
        """Note what an element that is not understood says; it will not be in the released document."""
        self.story.layout.dropped["elements of unknown kind"] += 1
        self.aside(
            Role.HIDDEN, element, " ".join(str(part).strip() for part in element.itertext() if str(part).strip())
        )

    def alternative_text(self, element: etree._Element, *, shows: bool) -> None:
        """Write out a drawing's description, title and name."""
        for key, raw in element.attrib.items():
            prefix, bare = split_attribute(str(key))
            if prefix == "" and bare in ("descr", "title", "alt"):
                self.aside(Role.ALT_TEXT, element, str(raw), str(key), shows=shows and bare == "descr")
            elif prefix == "" and bare == "name" and not _AUTOMATIC_NAME.fullmatch(str(raw)):
                self.aside(Role.METADATA, element, str(raw), str(key))
            elif (prefix == "" and bare == "href") or (prefix == "o" and bare in ("href", "title")):
                self.aside(Role.LINK, element, str(raw), str(key))


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style."""
    return value(child(paragraph, "w:pPr"), "w:pStyle") or ""


def is_word(element: etree._Element) -> bool:
    """Say whether an element is of WordprocessingML."""
    return name(element).startswith("w:") and bool(space(element))
