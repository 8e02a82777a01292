"""Lays out a whole Word document: headers, body with its notes and comments, footers, then what lies behind it.

Both ingest and redact call ``lay_out`` on the same bytes, so their offsets agree by construction.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from redactor.formats import behind
from redactor.formats.layout import Leaf, Place
from redactor.formats.names import attribute, name
from redactor.formats.package import Package
from redactor.formats.story import Story
from redactor.formats.styles import Styles
from redactor.formats.word import WordDocument
from redactor.formats.xml import local
from redactor.model import Role

_NOTE_ROLES = {"footnote": Role.FOOTNOTE, "endnote": Role.ENDNOTE, "comment": Role.COMMENT}
_NOTE_PARTS = {"footnote": "footnotes", "endnote": "endnotes", "comment": "comments"}
_FURNITURE = ("separator", "continuationSeparator", "continuationNotice")


def lay_out(package: Package) -> WordDocument:
    """Read a Word document in a fixed order."""
    return _Reader(package).read()


class _Reader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main
        sheet = self._related("styles")
        self._document = WordDocument(package, Styles.read(package.tree(sheet) if sheet else None))
        self._notes = {kind: self._note_elements(kind) for kind in _NOTE_ROLES}
        self._read_notes: set[tuple[str, str]] = set()
        self._used: set[str] = {part for part in (sheet,) if part}
        self._stories: dict[str, Story] = {}

    def read(self) -> WordDocument:
        """Read everything in order."""
        document, main = self._document, self._package.tree(self._main)
        document.headers = self._referred(main, "headerReference")
        document.footers = [part for part in self._referred(main, "footerReference") if part not in document.headers]
        for part in document.headers:
            self._story(part, Role.HEADER)
        self._story(self._main, Role.BODY)
        for part in document.footers:
            self._story(part, Role.FOOTER)
        self._unused_notes()
        self._unused_pages()
        for part, root in document.roots.items():
            self._hands(part, root)
        behind.read(document, self._used)
        return document

    def _related(self, kind: str) -> str:
        arrows = self._package.relationships(self._main)
        return next((one.target for one in arrows if one.kind == kind and one.target and not one.external), "")

    def _referred(self, main: etree._Element, what: str) -> list[str]:
        """Return the parts that sections refer to, each once, in order."""
        arrows = {arrow.id: arrow.target for arrow in self._package.relationships(self._main) if not arrow.external}
        found: dict[str, None] = {}
        for reference in main.iter(f"{{*}}{what}"):
            if target := arrows.get(attribute(reference, "id", "r") or "", ""):
                found[target] = None
        return list(found)

    def _open(self, part: str) -> Story:
        if part not in self._stories:
            root = self._package.tree(part)
            self._document.roots[part] = root
            story = Story(self._package, part, root, self._document.styles, self._document.layout)
            story.on_note = self._note
            self._used.add(part)
            self._stories[part] = story
        return self._stories[part]

    def _story(self, part: str, role: Role, fate: Role | None = None) -> None:
        root = self._package.tree(part)
        shaded = next(root.iter("{*}background"), None) is not None
        container = next((one for one in root if name(one) == "w:body"), root) if local(root) == "document" else root
        self._open(part).blocks(container, Place(part, role, shaded=shaded, fate=fate))

    def _note_elements(self, kind: str) -> dict[str, tuple[str, etree._Element]]:
        part = self._related(_NOTE_PARTS[kind])
        if not part:
            return {}
        notes = (one for one in self._package.tree(part) if name(one) == f"w:{kind}")
        return {attribute(note, "id") or "": (part, note) for note in notes}

    def _note(self, kind: str, key: str, shows: bool) -> None:
        """Read a note where it is referred to, the first time that it is."""
        part, note = self._notes[kind].get(key, ("", None))
        if note is None or (kind, key) in self._read_notes:
            return
        self._read_notes.add((kind, key))
        fate = None if shows or kind == "comment" else Role.HIDDEN
        place = Place(part, _NOTE_ROLES[kind], fate=_NOTE_ROLES[kind] if kind == "comment" else fate)
        story = self._open(part)
        if kind == "comment":
            for what in ("author", "initials"):
                self._fact(place, note, what)
        if shows:
            self._document.shown_notes.add(note)
        story.blocks(note, place)

    def _fact(self, place: Place, element: etree._Element, what: str) -> None:
        if text := (attribute(element, what) or "").strip():
            leaf = Leaf(text, element, Role.METADATA, what, shows=False)
            self._document.layout.unit(place, [leaf], Role.METADATA)

    def _unused_notes(self) -> None:
        """Read notes that nothing refers to: nobody sees them, yet they are in the file."""
        for kind, notes in self._notes.items():
            for key, (part, note) in notes.items():
                if attribute(note, "type") in _FURNITURE:
                    self._read_notes.add((kind, key))
                    self._open(part)
                elif (kind, key) not in self._read_notes:
                    self._note(kind, key, shows=False)

    def _unused_pages(self) -> None:
        """Read headers, footers and building blocks that no section uses."""
        types = self._package.types
        for part in self._package.parts:
            kind = types.get(part.lower(), "")
            is_story = kind.endswith(("header+xml", "footer+xml", "glossary+xml"))
            if is_story and part not in self._used:
                root = self._package.tree(part)
                bodies = list(root.iter("{*}docPartBody")) or [root]
                for body in bodies:
                    self._open(part).blocks(body, Place(part, Role.HIDDEN, fate=Role.HIDDEN))

    def _hands(self, part: str, root: etree._Element) -> None:
        """Write out once each who changed or commented in this part, and when."""
        seen: set[tuple[str, str]] = set()
        found: Any = root.xpath("//*[local-name() != 'comment' and (@*[local-name()='author' or local-name()='date'])]")
        for element in found:
            for what in ("author", "date"):
                text = attribute(element, what) or ""
                if text.strip() and (what, text) not in seen:
                    seen.add((what, text))
                    leaf = Leaf(text, element, Role.METADATA, what, shows=False)
                    self._document.layout.unit(Place(part, Role.METADATA), [leaf], Role.METADATA)
