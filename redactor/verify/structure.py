"""Holds a finished PDF to allow-lists: one revision, and nothing in it but pages that show and tags that describe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pikepdf
from lxml import etree

_ROOT_KEYS_LIST = """
/Type /Pages /Lang /MarkInfo /StructTreeRoot /ViewerPreferences /Metadata /Version /Extensions
"""
ROOT_KEYS = frozenset(_ROOT_KEYS_LIST.split())
_PAGE_KEYS_LIST = """
/Type /Parent /MediaBox /CropBox /Rotate /UserUnit /Group /Resources /Contents /StructParents /Tabs
"""
PAGE_KEYS = frozenset(_PAGE_KEYS_LIST.split())
INFO_KEYS = frozenset({"/Title", "/Producer", "/CreationDate", "/ModDate"})
_TRAILER_KEYS_LIST = """
/Size /Root /Info /ID /Type /W /Index /Filter /DecodeParms /Length /Encrypt /XRefStm /DL
"""
TRAILER_KEYS = frozenset(_TRAILER_KEYS_LIST.split())
_XMP_WORDS_LIST = """
xmpmeta RDF Description Alt Bag Seq li title language format Producer CreateDate ModifyDate MetadataDate part
rev conformance amd
"""
XMP_WORDS = frozenset(_XMP_WORDS_LIST.split())
# Keys that carry actions, files, history, layers or second pictures: never needed for a page that is only read.
_FORBIDDEN_KEYS_LIST = """
/AA /OpenAction /JS /JavaScript /EmbeddedFiles /EF /AF /RichMedia /RichMediaContent /XFA /PieceInfo /Thumb
/Annots /AcroForm /OCProperties /OCGs /OC /Threads /URI /Alternates /OPI /PageLabels /Dests /Outlines
/Collection /Perms /Legal /SpiderInfo /LastModified /Beads /Names /Requirements /DPartRoot /DSS /Sig /Ref
/Measure /PtData /GTS_PDFX /IDTree /ClassMap /UserProperties /VP /PZ /SeparationInfo /PresSteps /Dur /Trans /B
"""
FORBIDDEN_KEYS = frozenset(_FORBIDDEN_KEYS_LIST.split())
_PAGE_ONLY = frozenset({"/B", "/Dur", "/Trans", "/VP", "/PZ", "/Ref", "/Names", "/Outlines", "/Thumb", "/Beads"})
_NAVIGATION_KEYS = frozenset({"/Outlines", "/Annots"})
_LINK_KEYS = frozenset({"/Type", "/Subtype", "/Rect", "/Border", "/Dest", "/Contents"})
_OUTLINE_KEYS = frozenset({"/Type", "/First", "/Last", "/Count"})
_BOOKMARK_KEYS = frozenset({"/Title", "/Parent", "/Prev", "/Next", "/First", "/Last", "/Count", "/Dest"})
_HEAD = re.compile(rb"%PDF-[12]\.\d")
_DEPTH = 200


def revisions(pdf: bytes) -> list[str]:
    """Return what speaks against the file being one single revision without anything around it."""
    faults = []
    if not _HEAD.match(pdf):
        faults.append("bytes before the header")
    if len(re.findall(rb"startxref\s+\d+\s+%%EOF", pdf)) != 1 or pdf.count(b"startxref") != 1:
        faults.append("more than one revision")
    if not re.search(rb"%%EOF[\r\n]{0,2}\Z", pdf):
        faults.append("bytes after the end")
    return faults


def _keys(item: pikepdf.Object) -> Iterator[str]:
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield from (str(key) for key in item.keys())  # noqa: SIM118


def beyond_allowed(pdf: pikepdf.Pdf, navigation: Sequence[str] = ()) -> list[str]:
    """Return the names of all that the allow-lists do not know: keys only, never values.

    Args:
        navigation: titles of bookmarks and links to pages of this file that may be there; without any, none may.
    """
    steered = bool(navigation)
    faults = [f"trailer {key}" for key in _keys(pdf.trailer) if key not in TRAILER_KEYS]
    faults += [f"catalogue {key}" for key in _keys(pdf.Root) if key not in ROOT_KEYS | _steering("/Outlines", steered)]
    info = pdf.trailer.get("/Info")
    faults += [f"information {key}" for key in _keys(info) if key not in INFO_KEYS] if info is not None else []
    for page in pdf.pages:
        faults += [f"page {key}" for key in _keys(page.obj) if key not in PAGE_KEYS | _steering("/Annots", steered)]
    metadata = pdf.Root.get("/Metadata")
    if metadata is not None:
        faults += _beyond_xmp(metadata)
    faults += _forbidden(pdf, FORBIDDEN_KEYS - _NAVIGATION_KEYS if steered else FORBIDDEN_KEYS)
    faults += _beyond_navigation(pdf, frozenset(navigation)) if steered else []
    return sorted(set(faults))


def _steering(key: str, allowed: bool) -> frozenset[str]:
    return frozenset({key}) if allowed else frozenset()


def _beyond_navigation(pdf: pikepdf.Pdf, titles: frozenset[str]) -> list[str]:
    """Return what bookmarks and links do beyond leading, under a known title, to a page of this file."""
    pages = {page.obj.objgen for page in pdf.pages}
    faults = []
    for annotation in (link for page in pdf.pages for link in page.obj.get("/Annots", [])):
        faults += [f"link {key}" for key in _keys(annotation) if key not in _LINK_KEYS]
        faults += [] if annotation.get("/Subtype") == pikepdf.Name.Link else ["annotation that is no link"]
        faults += _leads(annotation, str(annotation.get("/Contents", "")), titles, pages)
    waiting = [pdf.Root.Outlines.get("/First")] if "/Outlines" in pdf.Root else []
    root = pdf.Root.get("/Outlines", pikepdf.Dictionary())
    faults += [f"bookmarks {key}" for key in _keys(root) if key not in _OUTLINE_KEYS]
    for _ in range(len(pdf.objects)):
        if not waiting:
            return faults
        item = waiting.pop()
        if item is None:
            continue
        faults += [f"bookmark {key}" for key in _keys(item) if key not in _BOOKMARK_KEYS]
        faults += _leads(item, str(item.get("/Title", "")), titles, pages)
        waiting += [item.get("/First"), item.get("/Next")]
    return [*faults, "bookmarks that go round"]


def _leads(item: pikepdf.Object, title: str, titles: frozenset[str], pages: set[tuple[int, int]]) -> list[str]:
    target = item.get("/Dest")
    parts = list(target) if isinstance(target, pikepdf.Array) else []
    plain = len(parts) == 2 and parts[0].objgen in pages and parts[1] == pikepdf.Name.Fit
    return [
        *([] if title in titles else ["bookmark or link that nobody asked for"]),
        *([] if plain else ["bookmark or link that leads elsewhere"]),
    ]


def _beyond_xmp(metadata: pikepdf.Object) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(metadata.read_bytes(), parser)
    except (etree.XMLSyntaxError, pikepdf.PdfError, AttributeError):
        return ["metadata that cannot be read"]
    faults = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            if element.tag is etree.Comment:
                faults.append("metadata comment")
            continue
        names = [element.tag, *element.attrib]
        known = XMP_WORDS | {"about", "lang", "xmptk"}
        faults += [f"metadata {_local(name)}" for name in map(str, names) if _local(name) not in known]
    return faults


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _forbidden(pdf: pikepdf.Pdf, forbidden: frozenset[str]) -> list[str]:
    """Look for forbidden keys in every object, wherever it hangs."""
    found: set[str] = set()
    catalogue = pdf.Root.objgen
    for item in pdf.objects:
        _scan(item, found, forbidden, _DEPTH, top=True, catalogue=item.objgen == catalogue)
    return [f"object {key}" for key in found]


def _scan(
    item: pikepdf.Object | None,
    found: set[str],
    forbidden: frozenset[str],
    depth: int,
    *,
    top: bool = False,
    catalogue: bool = False,
) -> None:
    if depth <= 0:
        found.add("nesting")
        return
    if not isinstance(item, pikepdf.Object) or (item.is_indirect and not top):
        return
    if isinstance(item, pikepdf.Array):
        for inner in item:
            _scan(inner, found, forbidden, depth - 1)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        paged = item.get("/Type") in (pikepdf.Name.Page, pikepdf.Name.Catalog, pikepdf.Name.Pages)
        for key in _keys(item):
            if key in forbidden and (paged or key not in _PAGE_ONLY):
                found.add(key)
            if key == "/Metadata" and not catalogue:
                found.add(key)
            _scan(item.get(key), found, forbidden, depth - 1)


def unreachable(pdf: pikepdf.Pdf) -> int:
    """Return how many objects of the file nothing points to."""
    seen: set[tuple[int, int]] = set()
    waiting: list[pikepdf.Object] = [pdf.trailer]
    while waiting:
        item = waiting.pop()
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Array):
            waiting.extend(inner for inner in item if isinstance(inner, pikepdf.Object))
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            waiting.extend(v for key in _keys(item) if isinstance(v := item.get(key), pikepdf.Object))
    structural = ("/XRef", "/ObjStm")
    everything = {
        item.objgen
        for item in pdf.objects
        if not (isinstance(item, pikepdf.Stream) and str(item.get("/Type", "")) in structural)
    }
    return len(everything - seen)
