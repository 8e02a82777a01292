"""What a PDF says beside its pages: notes, form values, outline, properties, attachments, layers, links, tags.

None of it is kept in a copy; it is read because names found here are looked for everywhere, and because a reviewer
should know that it was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from redactor.ingest.layout import Writer
from redactor.model import InText, Role

Said = tuple[str, Role, str]  # what, its role, the part of the file

_DEEPEST = 200
_MOST_NODES = 200_000
_LONGEST = 100_000  # characters of one string
_TAGS_TEXT = ("/Alt", "/ActualText", "/E", "/T")
_FIELD_TEXT = ("/V", "/DV", "/TU", "/RV", "/T", "/TM", "/Opt")
_NOTE_TEXT = ("/Contents", "/T", "/Subj", "/RC", "/NM", "/TU", "/V", "/DV", "/OverlayText", "/Alt")
_XML_TEXT = re.compile(r">([^<>]+)<|=\"([^\"]*)\"")
_PLAIN_ATTRIBUTE = re.compile(r"https?://(ns\.adobe|www\.w3|purl|www\.xfa|www\.aiim)\S*")
_XMP_NOISE = re.compile(r"^[\s\ufeff]*$|^uuid:|^W5M0MpCehiHzreSzNTczkc9d$")
_SPACES = re.compile(r"\s+")


def write(pdf: pikepdf.Pdf, writer: Writer) -> None:
    """Append everything that the file says outside its pages, one line each, each once per part."""
    seen: set[tuple[str, str]] = set()
    number = 0
    for reader in _READERS:
        for text, role, part in _guarded(reader, pdf):
            clean = _SPACES.sub(" ", text.replace("\x00", "")).strip()[:_LONGEST]
            if clean and (clean, part) not in seen:
                seen.add((clean, part))
                writer.add(clean + "\n", role, InText(number, part))
                number += 1


def _guarded(reader: Callable[[pikepdf.Pdf], Iterator[Said]], pdf: pikepdf.Pdf) -> Iterator[Said]:
    """Give what can be read; a broken entry ends its part only, since no copy keeps that part."""
    try:
        yield from reader(pdf)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, IndexError):
        return


def _texts(value: object) -> Iterator[str]:
    """Give the strings in a value: a string, a name, a text stream, or an array of them."""
    if isinstance(value, String):
        yield str(value)
    elif isinstance(value, Name):
        yield str(value)[1:]
    elif isinstance(value, Stream):
        yield value.read_bytes()[:_LONGEST].decode("utf-8", "replace")
    elif isinstance(value, Array):
        for item in list(value)[:_LONGEST]:
            yield from _texts(item)


def _properties(pdf: pikepdf.Pdf) -> Iterator[Said]:
    information = pdf.trailer.get("/Info")
    if isinstance(information, Dictionary):
        for key, value in information.items():
            for text in _texts(value):
                yield text, Role.METADATA, f"properties{key}"
    for root_key in ("/Lang", "/URI"):
        for text in _texts(pdf.Root.get(root_key)):
            yield text, Role.METADATA, f"properties{root_key}"


def _xmp(pdf: pikepdf.Pdf) -> Iterator[Said]:
    packet = pdf.Root.get("/Metadata")
    if isinstance(packet, Stream):
        for text in _xml(packet.read_bytes()):
            yield text, Role.METADATA, "xmp"


def _xml(content: bytes) -> Iterator[str]:
    """Give the text and attribute values of XML without parsing it: nothing to expand, nothing to fetch."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    for match in _XML_TEXT.finditer(content.decode(encoding, "replace")):
        text = match.group(1) or match.group(2) or ""
        if not _XMP_NOISE.search(text) and not _PLAIN_ATTRIBUTE.fullmatch(text):
            yield text


def _outline(pdf: pikepdf.Pdf) -> Iterator[Said]:
    top = pdf.Root.get("/Outlines")
    for node in _walk(top, ("/First", "/Next")):
        for text in _texts(node.get("/Title")):
            yield text, Role.METADATA, "outline"


def _walk(start: object, keys: tuple[str, ...]) -> Iterator[Dictionary]:
    """Walk dictionaries along some keys, each once."""
    waiting: list[object] = [start]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MOST_NODES:
        node = waiting.pop()
        if isinstance(node, Array):
            waiting.extend(node)
            continue
        if not isinstance(node, Dictionary):
            continue
        mark = node.objgen if node.is_indirect else (id(node), -1)
        if mark in seen:
            continue
        seen.add(mark)
        yield node
        waiting.extend(node[key] for key in reversed(keys) if key in node)


def _names(pdf: pikepdf.Pdf) -> Iterator[Said]:
    destinations = pdf.Root.get("/Dests")
    if isinstance(destinations, Dictionary):
        for key in destinations.keys():  # noqa: SIM118 - a PDF dictionary iterates over its keys only through keys()
            yield key[1:], Role.METADATA, "named destinations"
    names = pdf.Root.get("/Names")
    if not isinstance(names, Dictionary):
        return
    for tree, root in names.items():
        for node in _walk(root, ("/Kids",)):
            entries = node.get("/Names")
            if isinstance(entries, Array):
                for entry in list(entries)[::2]:
                    for text in _texts(entry):
                        yield text, Role.METADATA, f"names{tree}"


def _attachments(pdf: pikepdf.Pdf) -> Iterator[Said]:
    for key, attachment in pdf.attachments.items():
        for text in (key, attachment.filename, attachment.description):
            yield text or "", Role.ATTACHMENT, "attachments"


def _layers(pdf: pikepdf.Pdf) -> Iterator[Said]:
    groups = pdf.Root.get("/OCProperties")
    if isinstance(groups, Dictionary):
        for group in list(groups.get("/OCGs", Array())):
            for text in _texts(group.get("/Name")):
                yield text, Role.METADATA, "layers"


def _fields(pdf: pikepdf.Pdf) -> Iterator[Said]:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return
    for node in _walk(form.get("/Fields"), ("/Kids",)):
        for key in _FIELD_TEXT:
            for text in _texts(node.get(key)):
                yield text, Role.FORM_VALUE, f"form{key}"
        signed = node.get("/V")
        if isinstance(signed, Dictionary):
            for key in ("/Name", "/Reason", "/Location", "/ContactInfo"):
                for text in _texts(signed.get(key)):
                    yield text, Role.METADATA, "signature"
    xfa = form.get("/XFA")
    for part in xfa if isinstance(xfa, Array) else [xfa]:
        if isinstance(part, Stream):
            for text in _xml(part.read_bytes()):
                yield text, Role.FORM_VALUE, "xfa"


def _annotations(pdf: pikepdf.Pdf) -> Iterator[Said]:
    for number, page in enumerate(pdf.pages):
        entries = page.obj.get("/Annots")
        for entry in list(entries) if isinstance(entries, Array) else []:
            if not isinstance(entry, Dictionary):
                continue
            part = f"page {number + 1} note"
            for key in _NOTE_TEXT:
                for text in _texts(entry.get(key)):
                    yield text, Role.ANNOTATION, part
            for action in _walk(entry, ("/A", "/AA", "/Next", "/U", "/D", "/E", "/X", "/Fo", "/Bl", "/PA", "/F")):
                for key in ("/URI", "/F", "/UF", "/JS", "/Dest"):
                    for text in _texts(action.get(key)):
                        yield text, Role.LINK, f"page {number + 1} link"


def _tags(pdf: pikepdf.Pdf) -> Iterator[Said]:
    for node in _walk(pdf.Root.get("/StructTreeRoot"), ("/K",)):
        for key in _TAGS_TEXT:
            for text in _texts(node.get(key)):
                yield text, Role.ALT_TEXT, "tags"


def _page_labels(pdf: pikepdf.Pdf) -> Iterator[Said]:
    for node in _walk(pdf.Root.get("/PageLabels"), ("/Kids", "/Nums")):
        for text in _texts(node.get("/P")):
            yield text, Role.METADATA, "page labels"


def _scripts(pdf: pikepdf.Pdf) -> Iterator[Said]:
    for root in (pdf.Root.get("/OpenAction"), pdf.Root.get("/AA")):
        for node in _walk(root, ("/Next", "/WC", "/WS", "/DS", "/WP", "/DP")):
            for key in ("/JS", "/URI", "/F"):
                for text in _texts(node.get(key)):
                    yield text, Role.METADATA, "actions"


def _marked(pdf: pikepdf.Pdf) -> Iterator[Said]:
    """Replacement text in marked-content properties, which stands in the page's own stream."""
    for number, page in enumerate(pdf.pages):
        content = page.obj.get("/Contents")
        streams = list(content) if isinstance(content, Array) else [content]
        raw = b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, Stream))
        if b"ActualText" not in raw and b"/Alt" not in raw and b"/E" not in raw:
            continue
        for instruction in pikepdf.parse_content_stream(page, "BDC DP"):
            values = instruction.operands
            if len(values) > 1 and isinstance(values[1], Dictionary):
                for key in _TAGS_TEXT:
                    for text in _texts(values[1].get(key)):
                        yield text, Role.ALT_TEXT, f"page {number + 1} replacement text"


_READERS: tuple[Callable[[pikepdf.Pdf], Iterator[Said]], ...] = (
    _properties,
    _xmp,
    _outline,
    _names,
    _attachments,
    _layers,
    _fields,
    _annotations,
    _tags,
    _page_labels,
    _scripts,
    _marked,
)
