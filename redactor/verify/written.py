"""Proves a copy that flows, a Word document or a web page: opens its bytes with code of its own and looks everywhere.

Two unrelated readings of the text (a parsed tree; the markup cut away by a pattern), every value of every part, every
picture, and an allow-list of what may be in the file at all.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lxml import etree
from lxml import html as web
from PIL import Image

from redactor.errors import Damaged
from redactor.limits import IMAGE_PIXELS, PACKAGE_MEMBER_BYTES
from redactor.model import Check, Document, Form, Written
from redactor.verify import gone, objects, pictures, report
from redactor.verify.expect import Expected, expected
from redactor.verify.fold import Words, words
from redactor.verify.report import Report
from redactor.verify.vocabulary import OFFICE_GRAMMAR

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/[a-z]+\d*\.xml\.rels|word/media/[a-z]+\d*\.png"
    r"|word/(document|styles|numbering|settings|footnotes|endnotes|(header|footer)(\d+|default|first|even))\.xml"
)
_ROOT_TYPE = "/relationships/officeDocument"
_TELLING_LIST = """
ins del moveFrom moveTo commentReference commentRangeStart delText delInstrText vanish webHidden altChunk object pict
OLEObject control sdtPr dataBinding hyperlink attachedTemplate bookmarkStart customXml smartTag proofErr permStart
rPrChange pPrChange sectPrChange tblPrChange AlternateContent docVars rsids mailMerge subDoc movie chart relIds
"""
_TELLING_ELEMENTS = frozenset(_TELLING_LIST.split())  # local names of what a copy must never hold
_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_TAG_LIST = """
html head meta title style body header main footer p h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tr td th strong em s u
sup sub br img a dl dt dd div span
"""
_TAGS = frozenset(_TAG_LIST.split())
_ATTRIBUTES = frozenset(
    {"lang", "charset", "name", "content", "class", "id", "href", "src", "alt", "colspan", "rowspan"}
)
_PICTURE_SOURCE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_MARKUP = re.compile(r"<[^>]*>")
_BLOCK_ENDS = re.compile(r"</(?:\w+:)?(?:p|tr|li|h[1-6]|td|th)>|<(?:\w+:)?(?:br|tab|cr)\b[^>]*>", re.IGNORECASE)
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "title")
_TRAILING = b"PK\x05\x06"
_CLOSING_RECORD = 22  # bytes of a zip's last record without a comment (PKWARE APPNOTE 4.3.16)


@dataclass(slots=True)
class _Opened:
    """What a copy holds, read in this room's own way."""

    readings: dict[str, str] = field(default_factory=dict)
    contents: objects.Contents = field(default_factory=objects.Contents)
    pictures: list[Image.Image | None] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def prove(written: Written, document: Document) -> Report:
    """Check one flowing copy against the document and plan that it was made from."""
    opened = _package(written.content) if written.form is Form.DOCX else _page(written.content)
    expectation = _with_furniture(expected(document, written.plan, written.mark, written.furniture), written.furniture)
    readings = [gone.read(name, [text], ()) for name, text in opened.readings.items()]
    leaks = gone.leaked(expectation, readings, 1)
    fragments = gone.fragments_found(expectation, readings, from_pictures=False)
    added = gone.furniture_leaks(expectation, {})
    places = objects.places_found(opened.contents, expectation)
    looked_at = sum(len(reading.plain) for reading in readings)
    unread = sum(picture is None for picture in opened.pictures)
    drawn = sum(gone.seen(pictures.text_of(picture), expectation) for picture in opened.pictures if picture is not None)
    checks = (
        Check(report.TEXT, not leaks, looked_at, _found(len(leaks), "removed strings can be read")),
        Check(report.FRAGMENTS, fragments == 0, looked_at, _found(fragments, "fragments of dropped parts")),
        Check(report.FURNITURE, added == 0, len(written.furniture), _found(added, "removed strings on added pages")),
        Check(report.OBJECTS, places == 0, opened.contents.objects, _found(places, "removed strings in parts")),
        Check(report.STRUCTURE, not opened.faults, opened.contents.objects, ", ".join(sorted(set(opened.faults))[:8])),
        Check(report.PICTURES, not drawn and not unread, len(opened.pictures), _found(drawn + unread, "pictures")),
        Check(report.PAGES, looked_at > 0, looked_at, "" if looked_at else "the copy says nothing"),
    )
    return Report(checks)


def _found(count: int, what: str) -> str:
    return "" if count == 0 else f"{count} {what}"


def _with_furniture(expectation: Expected, furniture: Sequence[str]) -> Expected:
    """Let what the service added be read once; that it holds nothing removed is a check of its own."""
    added = Words(furniture)
    for text in furniture:
        expectation.kept.extend(words(text))
    return replace(
        expectation,
        fragments=frozenset(fragment for fragment in expectation.fragments if fragment not in added),
        lost_words=expectation.lost_words - added.vocabulary(),
    )


def _package(content: bytes) -> _Opened:
    """Open a Word document as the zip archive that it is."""
    opened = _Opened()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if archive.comment or content.rfind(_TRAILING) != len(content) - _CLOSING_RECORD:
                opened.faults.append("bytes after the archive")
            if any(member.extra or member.comment for member in members) or len({m.filename for m in members}) != len(
                members
            ):
                opened.faults.append("archive entries with more than a name")
            if sum(member.file_size for member in members) > PACKAGE_MEMBER_BYTES:
                opened.faults.append("size")
            parts = {member.filename: archive.read(member) for member in members}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Damaged("The finished copy cannot be opened again.") from None
    parsed: list[str] = []
    cut: list[str] = []
    for name, part in sorted(parts.items(), key=lambda pair: pair[0] != "word/document.xml"):
        opened.contents.objects += 1
        if not _PARTS.fullmatch(name):
            opened.faults.append("a part that is not on the list")
        if name.endswith(".png"):
            opened.pictures.append(_picture(part))
            opened.contents.binaries.append(part.lower())
            continue
        tree = _xml(part, opened)
        if tree is None:
            continue
        if name.endswith(".rels"):
            _relationships(tree, opened)
        elif not name.startswith("["):
            parsed += _paragraphs(tree)
            cut.append(_without_markup(part.decode("utf-8", "replace")))
            _values(tree, opened)
    opened.readings = {"tree": "\n".join(parsed), "markup": "\n".join(cut)}
    return opened


def _xml(part: bytes, opened: _Opened) -> etree._Element | None:
    try:
        tree = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        opened.contents.undecodable += 1
        opened.faults.append("a part that is no XML")
        return None
    elements = sum(1 for _ in tree.iter(etree.Element))
    if b"<!DOCTYPE" in part or elements != sum(1 for _ in tree.iter()):
        opened.faults.append("remarks or definitions in a part")
    return tree


def _relationships(tree: etree._Element, opened: _Opened) -> None:
    for arrow in tree.iter(etree.Element):
        target = arrow.get("Target", "")
        inside = _PARTS.fullmatch(target if arrow.get("Type", "").endswith(_ROOT_TYPE) else "word/" + target)
        if arrow.get("TargetMode") or (target and not inside):
            opened.faults.append("a link out of the file")
        opened.contents.texts.append(unquote(target))


def _paragraphs(tree: etree._Element) -> Iterator[str]:
    """Give the text of each paragraph, runs joined."""
    for paragraph in tree.iter("{*}p"):
        said = []
        for element in paragraph.iter(etree.Element):
            local = etree.QName(element).localname
            if local in ("br", "cr", "tab"):
                said.append(" ")
            elif local != "instrText":
                said.append(element.text or "")
        yield "".join(said)


def _without_markup(text: str) -> str:
    return html.unescape(_MARKUP.sub("", _BLOCK_ENDS.sub("\n", text)))


def _values(tree: etree._Element, opened: _Opened) -> None:
    """Collect every text and attribute by itself, and report what must not be there."""
    for element in tree.iter(etree.Element):
        local = etree.QName(element).localname
        if local in _TELLING_ELEMENTS:
            opened.faults.append(f"element {local}")
        if local == "instrText" and (element.text or "").split()[:1] not in [[field_] for field_ in _FIELDS]:
            opened.faults.append("a field")
        said = [text for text in (element.text, element.tail) if text and text.strip()]
        opened.contents.texts += said
        opened.contents.texts.extend(plain for text in said for plain in objects.coded(text.encode()))
        for value in element.attrib.values():
            opened.contents.texts.extend(objects.coded(str(value).encode()))
            foreign = [word for word in words(str(value)) if word not in OFFICE_GRAMMAR]
            if foreign:
                opened.contents.texts.append(" ".join(foreign))


def _page(content: bytes) -> _Opened:
    """Open a web page with lxml's parser, and once more by cutting the markup away."""
    opened = _Opened()
    text = content.decode("utf-8", "replace")
    try:
        tree = web.document_fromstring(text, parser=web.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Damaged("The finished copy cannot be opened again.") from None
    if len(list(tree.iter())) != len(list(tree.iter(etree.Element))):
        opened.faults.append("a remark")
    for element in tree.iter(etree.Element):
        opened.contents.objects += 1
        if element.tag not in _TAGS:
            opened.faults.append("an element that is not on the list")
        opened.contents.texts += [said for said in (element.text, element.tail) if said and said.strip()]
        for name, value in element.attrib.items():
            _attribute(str(element.tag), str(name), str(value), opened)
    for element in tree.iter("br"):
        element.tail = " " + (element.tail or "")
    said = ["".join(map(str, block.itertext())) for block in tree.iter(*_BLOCKS) if block.find(".//p") is None]
    bare = re.sub(r"<style>.*?</style>", "", _PICTURE_SOURCE.sub("", text), flags=re.DOTALL)
    opened.readings = {"tree": "\n".join(said), "markup": _without_markup(bare)}
    return opened


def _attribute(tag: str, name: str, value: str, opened: _Opened) -> None:
    if name not in _ATTRIBUTES:
        opened.faults.append("an attribute that is not on the list")
    picture = _PICTURE_SOURCE.fullmatch(value)
    if name == "src" and picture:
        try:
            opened.pictures.append(_picture(base64.b64decode(picture.group(1))))
        except (binascii.Error, ValueError):
            opened.pictures.append(None)
    elif name == "src" or (name == "href" and not value.startswith("#")):
        opened.faults.append("a link out of the page")
    elif tag != "meta":
        opened.contents.texts += [value, *objects.coded(value.encode())]


def _picture(content: bytes) -> Image.Image | None:
    """Return a picture, None where it cannot be read or holds more than pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            if picture.width * picture.height > IMAGE_PIXELS or picture.info.keys() - {"transparency"}:
                return None
            return picture.convert("L")
    except (OSError, ValueError, SyntaxError):
        return None
