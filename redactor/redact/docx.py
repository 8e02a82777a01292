"""Applies a plan to a Word document by writing a new package from an allow-list; runs behind the wall only."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable
from typing import Any

from lxml import etree

from redactor.errors import IntegrityFailure
from redactor.formats import builtin, embedded
from redactor.formats.document import lay_out
from redactor.formats.names import R, attribute, child, name, split_attribute
from redactor.formats.package import Package
from redactor.formats.word import WordDocument
from redactor.formats.xml import local
from redactor.model import Document, InPackage, Kind, Piece, Plan, Redacted, Role, Upload
from redactor.redact.edits import Edits
from redactor.redact.looks import PREFIX, Looks
from redactor.redact.pictures import Pictures
from redactor.redact.rebuild import NAMESPACES, Builder

Element = etree._Element

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_ARROWS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_CONSTANT_TIME = (1980, 1, 1, 0, 0, 0)
_KEEP_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")
_THEME_FONTS = {"major": "majorFont", "minor": "minorFont"}


def apply(upload: Upload, document: Document, plan: Plan, widths: str = "standard") -> Redacted:
    """Return the new package.

    Args:
        widths: has no meaning here: text that flows is laid out again, so gaps tell nothing.

    Raises:
        IntegrityFailure: if the document does not read as it did when the plan was made.
    """
    del widths
    source = lay_out(Package.open(upload.content))
    beyond = document.text[source.layout.length :]
    if not document.text.startswith(source.layout.text) or len(beyond) != sum(len(p.span) for p in _ocr(document)):
        raise IntegrityFailure("The document reads differently from when the plan was made.")
    edits = Edits(plan)
    barred = embedded.to_read(source.package, source.layout)[1]
    barred |= {piece.at.part for piece in _ocr(document) if any(edits.over(piece.span.start, piece.span.end))
               and isinstance(piece.at, InPackage)}  # fmt: skip
    writer = _Writer(source, edits, barred)
    content = writer.write()
    gone = {**dict(source.layout.dropped), **dict(writer.builder.removed)}
    warnings = tuple(
        f"Left out because it cannot be kept safely: {what} ({count})." for what, count in sorted(gone.items())
    )
    return Redacted(Kind.DOCX, content, plan, warnings=warnings)


def rebuilt(content: bytes) -> bytes:
    """Return a Word document of our own making as a package of the same closed form as ``apply`` writes."""
    return _Writer(lay_out(Package.open(content)), Edits(None), set()).write()


def _ocr(document: Document) -> list[Piece]:
    """Return what was read in pictures; it stands after all that the document itself says."""
    return [piece for piece in document.pieces if piece.role is Role.OCR]


class _Writer:
    def __init__(self, source: WordDocument, edits: Edits, barred: set[str]) -> None:
        self._source = source
        self._pictures = Pictures(source.package, barred)
        self._style_ids = _new_style_ids(source)
        self._looks = Looks(self._style_ids, _theme_fonts(source.package))
        self.builder = Builder(source, edits, self._looks, self._pictures)
        self._parts: dict[str, tuple[str, bytes]] = {}
        self._arrows: list[tuple[str, str, str]] = []

    def write(self) -> bytes:
        """Build every part that is kept and zip them up."""
        root = self._source.package.tree(self._source.package.main)
        pages = self._pages()
        body = self._body(root, pages)
        self._notes()
        self._add("styles", self._styles(), "styles")
        numbering = self._related("numbering")
        if numbering:
            self._add("numbering", self._numbering(self._source.package.tree(numbering)), "numbering")
        self._add("settings", self._settings(), "settings")
        self._parts["word/document.xml"] = (_WORD_TYPE.format("document.main"), _serialised(body))
        return self._zip()

    def _related(self, kind: str) -> str:
        package = self._source.package
        arrows = package.relationships(package.main)
        return next((one.target for one in arrows if one.kind == kind and one.target and not one.external), "")

    def _add(self, file: str, root: Element, kind: str) -> str:
        key = f"rId{len(self._arrows) + 1}"
        self._arrows.append((key, kind, f"{file}.xml"))
        self._parts[f"word/{file}.xml"] = (_WORD_TYPE.format(kind), _serialised(root))
        return key

    def _pages(self) -> dict[str, str]:
        """Write headers and footers; return the new relationship key of each old part."""
        keys = {}
        for kind, tag, parts in (("header", "hdr", self._source.headers), ("footer", "ftr", self._source.footers)):
            for number, part in enumerate(parts, 1):
                made = etree.Element(PREFIX + tag, nsmap=NAMESPACES)
                _fill(made, self.builder.children(self._source.package.tree(part)))
                keys[part] = self._add(f"{kind}{number}", made, kind)
        return keys

    def _body(self, root: Element, pages: dict[str, str]) -> Element:
        made = etree.Element(PREFIX + "document", nsmap={**NAMESPACES, "r": R})
        container = next((one for one in root if name(one) == "w:body"), root)
        body = etree.SubElement(made, PREFIX + "body")
        _fill(body, self.builder.children(container))
        last = child(container, "w:sectPr")
        body.append(self.builder.section(last) if last is not None else etree.Element(PREFIX + "sectPr"))
        old = [one for one in root.iter("{*}sectPr") if name(one) == "w:sectPr" and not _in_change(one)]
        new = list(made.iter(PREFIX + "sectPr"))
        if len(old) == len(new):
            for source, target in zip(old, new, strict=True):
                self._references(source, target, pages)
        elif last is not None:
            self._references(last, new[-1], pages)
        return made

    def _references(self, source: Element, target: Element, pages: dict[str, str]) -> None:
        package = self._source.package
        arrows = {one.id: one.target for one in package.relationships(package.main) if not one.external}
        for index, one in enumerate(
            entry for entry in source if local(entry) in ("headerReference", "footerReference")
        ):
            key = pages.get(arrows.get(attribute(one, "id", "r") or "", ""))
            kind = attribute(one, "type") or "default"
            if key and kind in builtin.VALUES:
                made = etree.Element(PREFIX + local(one))
                made.set(PREFIX + "type", kind)
                made.set(f"{{{R}}}id", key)
                target.insert(index if index <= len(target) else 0, made)

    def _notes(self) -> None:
        for kind in ("footnote", "endnote"):
            part = self._related(kind + "s")
            if not part or not self.builder.notes[kind]:
                continue
            made = etree.Element(PREFIX + kind + "s", nsmap=NAMESPACES)
            for note in self._source.package.tree(part):
                key, sort = attribute(note, "id") or "", attribute(note, "type") or ""
                if name(note) == f"w:{kind}" and (key in self.builder.notes[kind] or sort in _KEEP_SEPARATORS):
                    copied = etree.SubElement(made, PREFIX + kind)
                    copied.set(PREFIX + "id", key)
                    if sort in _KEEP_SEPARATORS:
                        copied.set(PREFIX + "type", sort)
                    _fill(copied, self.builder.children(note))
            self._add(kind + "s", made, kind + "s")

    def _styles(self) -> Element:
        made = etree.Element(PREFIX + "styles", nsmap=NAMESPACES)
        sheet = self._related("styles")
        defaults = child(self._source.package.tree(sheet), "w:docDefaults") if sheet else None
        copied = self._looks.copy(defaults) if defaults is not None else None
        if copied is not None:
            made.append(copied)
        for style in self._source.styles.by_id.values():
            made.append(self._style(style.element, style.id, style.name))
        for language in made.iter(PREFIX + "lang"):
            language.set(PREFIX + "val", "en-GB")
        return made

    def _style(self, source: Element, key: str, label: str) -> Element:
        made = etree.Element(PREFIX + "style")
        kind = attribute(source, "type") or "paragraph"
        made.set(PREFIX + "type", kind if kind in ("paragraph", "character", "table", "numbering") else "paragraph")
        made.set(PREFIX + "styleId", self._style_ids[key])
        if (attribute(source, "default") or "0").lower() in ("1", "true", "on"):
            made.set(PREFIX + "default", "1")
        spoken = label if builtin.is_builtin(label) else f"Style {self._style_ids[key][1:]}"
        etree.SubElement(made, PREFIX + "name").set(PREFIX + "val", spoken)
        for one in source:
            copied = self._looks.copy(one)
            if copied is not None:
                made.append(copied)
        return made

    def _numbering(self, root: Element) -> Element:
        made = etree.Element(PREFIX + "numbering", nsmap=NAMESPACES)
        for one in root:
            if name(one) in ("w:abstractNum", "w:num"):
                copied = etree.SubElement(made, PREFIX + name(one)[2:])
                key = "abstractNumId" if name(one) == "w:abstractNum" else "numId"
                copied.set(PREFIX + key, attribute(one, key) or "0")
                for inner in one:
                    look = self._looks.copy(inner)
                    if look is not None:
                        self._number_level(inner, look)
                        copied.append(look)
        return made

    def _number_level(self, source: Element, made: Element) -> None:
        """Levels carry their own number and a label whose words are text of the document."""
        pairs = zip(
            (one for one in source.iter() if name(one) in ("w:lvl", "w:lvlText", "w:lvlOverride")),
            (one for one in made.iter() if local(one) in ("lvl", "lvlText", "lvlOverride")),
            strict=False,
        )
        for old, new in pairs:
            for key, raw in old.attrib.items():
                bare = split_attribute(str(key))[1]
                if bare == "ilvl" and str(raw).isdigit():
                    new.set(PREFIX + "ilvl", str(raw))
                elif bare == "val" and local(old) == "lvlText":
                    new.set(PREFIX + "val", self.builder.label(old, str(key), str(raw)))

    def _settings(self) -> Element:
        made = etree.Element(PREFIX + "settings", nsmap=NAMESPACES)
        part = self._related("settings")
        old = self._source.package.tree(part) if part else None
        for what in ("mirrorMargins", "evenAndOddHeaders"):
            found = child(old, f"w:{what}")
            if found is not None and (attribute(found, "val") or "1") not in ("0", "false", "off"):
                etree.SubElement(made, PREFIX + what)
        etree.SubElement(made, PREFIX + "themeFontLang").set(PREFIX + "val", "en-GB")
        return made

    def _zip(self) -> bytes:
        types = etree.Element(f"{{{_TYPES}}}Types", nsmap=_default(_TYPES))
        for ending, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
        ):
            etree.SubElement(types, f"{{{_TYPES}}}Default", Extension=ending, ContentType=kind)
        for part, (kind, _) in self._parts.items():
            etree.SubElement(types, f"{{{_TYPES}}}Override", PartName="/" + part, ContentType=kind)
        files = {"[Content_Types].xml": _serialised(types)}
        files["_rels/.rels"] = _arrows([("rId1", "officeDocument", "word/document.xml")])
        files |= {part: content for part, (_, content) in self._parts.items()}
        pictures = [(key, "image", target) for key, target in self._pictures.arrows.items()]
        files["word/_rels/document.xml.rels"] = _arrows([*self._arrows, *pictures])
        if pictures:  # a header or footer may show a picture too; keys are the same everywhere
            for part in list(self._parts):
                if posixpath.basename(part).startswith(("header", "footer", "footnotes", "endnotes")):
                    files[f"word/_rels/{posixpath.basename(part)}.rels"] = _arrows(pictures)
        files |= self._pictures.parts
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in files.items():
                entry = zipfile.ZipInfo(part, _CONSTANT_TIME)
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                archive.writestr(entry, content)
        return stream.getvalue()


def _new_style_ids(source: WordDocument) -> dict[str, str]:
    return {key: f"s{number}" for number, key in enumerate(source.styles.by_id, 1)}


def _theme_fonts(package: Package) -> dict[str, str]:
    """Return the theme's two Latin fonts, where they are common ones."""
    arrows = package.relationships(package.main)
    part = next((one.target for one in arrows if one.kind == "theme" and one.target and not one.external), "")
    found = {}
    for key, tag in _THEME_FONTS.items() if part else ():
        for font in package.tree(part).iter(f"{{*}}{tag}"):
            latin = next((one.get("typeface", "") for one in font if local(one) == "latin"), "")
            if builtin.is_font(latin):
                found[key] = latin
    return found


def _in_change(section: Element) -> bool:
    """Say whether a section belongs to a record of changes, or to text that does not show."""
    return any(local(one) in ("sectPrChange", "del", "moveFrom", "Fallback") for one in section.iterancestors())


def _fill(made: Element, blocks: Iterable[Element]) -> None:
    made.extend(list(blocks))
    if not any(local(one) == "p" for one in made):
        etree.SubElement(made, PREFIX + "p")


def _arrows(entries: Iterable[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{{{_ARROWS}}}Relationships", nsmap=_default(_ARROWS))
    for key, kind, target in entries:
        etree.SubElement(root, f"{{{_ARROWS}}}Relationship", Id=key, Type=f"{R}/{kind}", Target=target)
    return _serialised(root)


def _serialised(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _default(namespace: str) -> dict[str, str]:
    """Return a namespace map without a prefix (the stubs know only prefixed ones)."""
    plain: dict[Any, str] = {None: namespace}
    return plain
