"""Reads what lies behind a Word document: properties, settings, data, objects, and every part that nobody else read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from redactor.errors import RedactorError, TooLarge
from redactor.formats import archive, builtin
from redactor.formats.layout import Leaf, Place
from redactor.formats.names import attribute, name, split_attribute
from redactor.formats.package import CONTENT_TYPES
from redactor.formats.word import WordDocument
from redactor.formats.xml import local, parse
from redactor.model import Role

_PROPERTIES = ("docprops/core.xml", "docprops/app.xml", "docprops/custom.xml")
_TECHNICAL = {  # of extended properties: counts and versions, the same in any file (ECMA-376 part 1, 22.2)
    "Application", "AppVersion", "Characters", "CharactersWithSpaces", "DocSecurity", "HyperlinksChanged", "Lines",
    "LinksUpToDate", "Pages", "Paragraphs", "ScaleCrop", "SharedDoc", "TotalTime", "Words", "i4", "lpstr-count",
}  # fmt: skip
_ORDINARY = {  # relationship kinds whose parts only style the page
    "theme", "styles", "stylesWithEffects", "fontTable", "webSettings", "numbering", "settings",
}  # fmt: skip
_LOST = {  # relationship kinds that cannot be kept, by plain name
    "vbaProject": "macros",
    "oleObject": "embedded objects",
    "package": "embedded files",
    "font": "embedded fonts",
    "printerSettings": "printer settings",
    "thumbnail": "thumbnails",
    "customXml": "custom data parts",
    "glossaryDocument": "building blocks",
    "attachedTemplate": "links to templates",
    "control": "form controls",
    "subDocument": "subdocuments",
    "digital-signature": "digital signatures",
    "origin": "digital signatures",
}
_WORDY = re.compile(r"[^\W\d_]{2}|\d{5}")  # two letters, or as many digits as the shortest identifier
_SETTINGS_TEXT = (("docVar", "name"), ("docVar", "val"), ("query", "val"), ("connectString", "val"),
                  ("addressFieldName", "val"), ("mailSubject", "val"), ("udl", "val"), ("table", "val"),
                  ("src", "val"), ("column", "val"), ("mappedName", "val"), ("name", "val"),
                  ("clickAndTypeStyle", "val"), ("hdrShapeDefaults", "val"))  # fmt: skip
_ZIPS, _MARKUP = (b"PK\x03\x04",), (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


def read(document: WordDocument, used: set[str]) -> None:
    """Add everything that is not a story, in a fixed order."""
    _count_lost(document)
    _external(document)
    _style_names(document)
    for part in document.package.parts:
        if part not in used:
            _part(document, part)


def _write(document: WordDocument, part: str, element: etree._Element, text: str, role: Role, key: str = "") -> None:
    clean = " ".join(text.split())
    if clean:
        document.layout.unit(Place(part, role), [Leaf(clean, element, role, key, shows=False)], role)


def _count_lost(document: WordDocument) -> None:
    for part in ("", *document.package.parts):
        for arrow in document.package.relationships(part) if not part.endswith(".rels") else ():
            if arrow.kind in _LOST:
                document.layout.dropped[_LOST[arrow.kind]] += 1


def _external(document: WordDocument) -> None:
    """Write out targets outside the file that no link in the text showed (templates, linked pictures, data sources)."""
    root = document.package.tree(document.package.main)
    for part in ("", *document.package.parts):
        if part.endswith(".rels"):
            continue
        in_text = (
            {attribute(one, "id", "r") for one in document.roots[part].iter()} if part in document.roots else set()
        )
        for arrow in document.package.relationships(part):
            if arrow.external and arrow.id not in in_text:
                _write(document, part, root, arrow.target, Role.LINK, "Target")


def _style_names(document: WordDocument) -> None:
    for style in document.styles.by_id.values():
        if not builtin.is_builtin(style.name):
            _write(document, document.package.main, style.element, style.name, Role.METADATA, "name")
        squeezed = style.name.replace(" ", "").lower()
        if style.id.lower() != squeezed and not builtin.is_builtin(style.id) and _WORDY.search(style.id):
            _write(document, document.package.main, style.element, style.id, Role.METADATA, "styleId")


def _part(document: WordDocument, part: str) -> None:
    """Read one part that is no story, by what it is."""
    package, lower = document.package, part.lower()
    content = package.parts[part]
    if part == CONTENT_TYPES or lower.endswith(".rels"):
        return
    if content.startswith(_ZIPS):
        _embedded(document, part, content)
        return
    if not content[:200].lstrip().startswith(_MARKUP):
        return
    kind = package.types.get(lower, "")
    if kind.endswith(("theme+xml", "stylesWithEffects+xml", "websettings+xml")):
        return
    try:
        root = package.tree(part)
    except TooLarge:
        raise
    except RedactorError:
        document.layout.dropped["unreadable parts"] += 1
        return
    if name(root) == "w:numbering":
        _list_labels(document, part, root)
    for element, text, key, role in _strings(root, lower):
        _write(document, part, element, text, role, key)


def _list_labels(document: WordDocument, part: str, root: etree._Element) -> None:
    """List labels such as "Child %1:" show at each item."""
    for element in root.iter():
        text = (attribute(element, "val") or "") if name(element) == "w:lvlText" else ""
        if _WORDY.search(text):
            key = next(str(key) for key in element.attrib if split_attribute(str(key))[1] == "val")
            document.layout.unit(Place(part, Role.LIST_ITEM), [Leaf(text, element, None, key)], Role.LIST_ITEM)


Strings = Iterator[tuple[etree._Element, str, str, Role]]


def _strings(root: etree._Element, part: str) -> Strings:
    what = local(root)
    if part in _PROPERTIES or what in ("coreProperties", "Properties"):
        yield from _property_strings(root)
    elif name(root) == "w:settings":
        yield from _attribute_strings(root, _SETTINGS_TEXT)
    elif name(root) == "w:numbering":
        yield from _attribute_strings(root, (("name", "val"),))
    elif name(root) == "w:fonts":
        for font in root:
            label = attribute(font, "name") or ""
            if not builtin.is_font(label):
                yield font, label, "name", Role.METADATA
    elif name(root) == "w:styles":
        return
    else:
        yield from _any_strings(root, "customxml/" in part or what == "people")


def _property_strings(root: etree._Element) -> Strings:
    for element in root.iter():
        if local(element) in _TECHNICAL or not isinstance(element.tag, str):
            continue
        yield element, element.text or "", "", Role.METADATA
        if label := element.get("name"):
            yield element, label, "name", Role.METADATA


def _attribute_strings(root: etree._Element, wanted: tuple[tuple[str, str], ...]) -> Strings:
    for element in root.iter():
        for what, key in wanted:
            if local(element) == what and (text := attribute(element, key)):
                yield element, text, key, Role.METADATA


def _any_strings(root: etree._Element, attributes_too: bool) -> Strings:
    """Every string of a part that is not understood: nobody sees it in the document, but it is in the file."""
    for element in root.iter():
        if not local(element):
            continue
        for text in (element.text or "", element.tail or ""):
            if _WORDY.search(text):
                yield element, text, "", Role.HIDDEN
        for key, raw in element.attrib.items():
            wanted = attributes_too and split_attribute(str(key))[1] != "schemaLocation"
            if wanted and _WORDY.search(str(raw)):
                yield element, str(raw), str(key), Role.METADATA


def _embedded(document: WordDocument, part: str, content: bytes) -> None:
    """Read the XML of a package inside the package (the workbook behind a chart), one level deep."""
    try:
        inner = archive.unpack(content)
    except TooLarge:
        raise
    except RedactorError:
        document.layout.dropped["unreadable parts"] += 1
        return
    for inner_part, inner_content in inner.items():
        if not inner_part.lower().endswith(".xml") or inner_part == CONTENT_TYPES or "theme" in inner_part:
            continue
        try:
            root = parse(inner_content)
        except RedactorError:
            document.layout.dropped["unreadable parts"] += 1
            continue
        for element, text, key, role in _strings(root, inner_part.lower()):
            _write(document, part, element, text, role, key)
