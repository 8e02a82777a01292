"""Behind the sandbox's wall: joins cover, body and schedule into one clean PDF and marks its pages."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name

from redactor import wire
from redactor.errors import ConverterFailed
from redactor.model import CopyMark
from redactor.render import fingerprint, navigation, structure
from redactor.render.fontfiles import make_anonymous
from redactor.render.watermark import Stamp, make_room

BODY, COVER, SCHEDULE, NAVIGATION, BOXES = "body", "cover", "schedule", "navigation", "boxes"
PRODUCER = "redactor"
LANGUAGE = "en-GB"
_PAGE_KEYS = frozenset(
    {
        "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents",
        "/StructParents", "/Tabs",
    }
)  # fmt: skip
_TRAILER_KEYS = frozenset({"/Size", "/Root", "/Info", "/ID"})
_ROOT_KEYS = frozenset({"/Type", "/Pages", "/StructTreeRoot"})
# Keys that hang on resources, pictures and forms and are never needed to draw them.
_DROPPED_EVERYWHERE = frozenset(
    {
        "/Metadata", "/PieceInfo", "/LastModified", "/Alternates", "/OPI", "/AF", "/StructParent", "/Ref", "/Measure",
        "/PtData",
    }
)  # fmt: skip


def run(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Join and mark; the request is the ``CopyMark``, the answer says what was added and where the body stands."""
    mark = wire.load(CopyMark, request)
    sources = {name: _open(files[name]) for name in (COVER, BODY, SCHEDULE) if name in files}
    pdf, body = _joined(sources)
    _sanitise(pdf, mark, accessible=NAVIGATION not in files)
    make_anonymous(pdf)
    if mark.fingerprint is not None:
        fingerprint.embed(pdf, mark.fingerprint)
    steering = json.loads(files[NAVIGATION]) if NAVIGATION in files else {}
    numbers = {first + n: label for first in body[:1] for n, label in enumerate(steering.get("labels", []))}
    if steering:
        navigation.add(pdf, body, steering)
    for page, *box in json.loads(files.get(BOXES, b"[]")):
        make_room(pdf.pages[body[0] + page], tuple(box))
    stamp = Stamp(pdf, mark, numbers)
    for number in range(len(pdf.pages)):
        stamp.put(number)
    added = [_text(files[name]) for name in (COVER, SCHEDULE) if name in files]
    answer = {"furniture": [*added, *stamp.lines], "body": body}
    return json.dumps(answer).encode(), {"pdf": _saved(pdf)}


def concatenate(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Put PDFs behind one another, in the order of their names, with their tags if all have some."""
    del request
    sources = [_open(files[name]) for name in sorted(files)]
    pdf = sources[0]
    for source in sources[1:]:
        pdf, _ = _joined({BODY: pdf, SCHEDULE: source})
    stream = io.BytesIO()
    pdf.save(stream, deterministic_id=True)
    return b"{}", {"pdf": stream.getvalue()}


def _open(content: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as problem:
        raise ConverterFailed("The pages to be joined are not a PDF.") from problem


def _text(content: bytes) -> str:
    document = pdfium.PdfDocument(content)
    return "\n".join(str(page.get_textpage().get_text_range()) for page in document)


def _joined(sources: Mapping[str, pikepdf.Pdf]) -> tuple[pikepdf.Pdf, tuple[int, int]]:
    """Add the pages of cover and schedule around the body's, and their tags to its tags."""
    pdf = sources[BODY]
    tagged = all(structure.is_tagged(source) for source in sources.values())
    entries = structure.parents(pdf.Root.StructTreeRoot) if tagged else {}
    first, count = 0, len(pdf.pages)
    for name, source in sources.items():
        if name == BODY:
            continue
        offset = max(entries, default=-1) + 1
        for number, page in enumerate(source.pages):
            if "/StructParents" in page.obj:
                page.obj.StructParents = int(page.obj.StructParents) + offset
            if name == COVER:
                pdf.pages.insert(number, page)
            else:
                pdf.pages.append(page)
        first += len(source.pages) if name == COVER else 0
        if tagged:
            entries.update(structure.join(pdf, source, offset))
    if tagged:
        structure.set_parents(pdf, entries)
        structure.tidy(pdf)
        structure.mark_content(pdf)
    elif structure.is_tagged(pdf):
        del pdf.Root["/StructTreeRoot"]
    return pdf, (first, first + count)


def _sanitise(pdf: pikepdf.Pdf, mark: CopyMark, *, accessible: bool) -> None:
    """Rebuild catalogue, information and metadata, and strip pages and resources to what draws them.

    Args:
        accessible: a tagged file may say that it follows PDF/UA; one whose links are not tagged may not.
    """
    tagged = structure.is_tagged(pdf)
    for key in [key for key in pdf.Root.keys() if key not in _ROOT_KEYS]:  # noqa: SIM118
        del pdf.Root[key]
    for page in pdf.pages:
        _inherit(page)
        for key in [key for key in page.obj.keys() if key not in _PAGE_KEYS]:  # noqa: SIM118
            del page.obj[key]
        if not tagged and "/StructParents" in page.obj:
            del page.obj["/StructParents"]
        if tagged:
            page.obj.Tabs = Name.S
    for item in pdf.objects:
        if isinstance(item, Dictionary | pikepdf.Stream) and item.objgen != pdf.Root.objgen:
            for key in _DROPPED_EVERYWHERE:
                if key in item:
                    del item[key]
    for key in [key for key in pdf.trailer.keys() if key not in _TRAILER_KEYS]:  # noqa: SIM118
        del pdf.trailer[key]
    title = "Redacted copy" + (f" – {mark.reference}" if mark.reference else "")
    pdf.Root.Lang = pikepdf.String(LANGUAGE)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if tagged:
        pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Metadata = pdf.make_stream(
        _metadata(title, mark.date, tagged=tagged and accessible), Type=Name.Metadata, Subtype=Name.XML
    )
    pdf.trailer.Info = pdf.make_indirect(Dictionary({"/Title": title, "/Producer": PRODUCER, **_created(mark.date)}))


def _inherit(page: pikepdf.Page) -> None:
    """Write what a page inherits from its parents into the page itself."""
    node = page.obj.get("/Parent")
    while isinstance(node, Dictionary):
        for key in ("/MediaBox", "/CropBox", "/Rotate", "/Resources"):
            if key in node and key not in page.obj:
                page.obj[key] = node[key]
        node = node.get("/Parent")


def _created(day: str) -> dict[str, str]:
    try:
        return {"/CreationDate": date.fromisoformat(day).strftime("D:%Y%m%d000000Z")}
    except ValueError:
        return {}


def _metadata(title: str, day: str, *, tagged: bool) -> bytes:
    accessible = '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
    created = f"<xmp:CreateDate>{escape(day)}</xmp:CreateDate>" if _created(day) else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>{created}"
        f"<pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>{accessible if tagged else ''}"
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """Write one revision with nothing in it that the pages do not use."""
    pdf.remove_unreferenced_resources()
    stream = io.BytesIO()
    pdf.save(
        stream,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        fix_metadata_version=False,
        min_version="1.7",
    )
    return stream.getvalue()
