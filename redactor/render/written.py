"""Copies that flow: a redacted Word document with its cover, schedule and marks, as DOCX or as a web page.

The redacted document, though rebuilt from an allow-list, still holds somebody else's words, so it is only opened behind
the wall.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from redactor import sandbox, wire
from redactor.errors import IntegrityFailure
from redactor.limits import Limits
from redactor.model import CopyMark, Form, Kind, Plan, Redacted, Written
from redactor.render.watermark import marking

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ARROWS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_DOCUMENT, _SETTINGS, _STYLES = "word/document.xml", "word/settings.xml", "word/styles.xml"
_HEADING, _NEW_HEADING = "heading 1", "sCopy1"
_LINKS, _TYPE_LIST = "word/_rels/document.xml.rels", "[Content_Types].xml"
_BODY, _COVER, _SCHEDULE = "body", "cover", "schedule"
_EDGES = {"header": "hdr", "footer": "ftr"}
_ALWAYS, _FIRST, _EVEN = "default", "first", "even"
_CONSTANT_TIME = (1980, 1, 1, 0, 0, 0)
_TITLE = "Redacted copy"
_STYLE = (
    "body{font:1rem/1.5 Arial,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "img{max-width:100%}.mark{font-weight:bold}"
)


@dataclass(frozen=True, slots=True)
class _Added:
    """One paragraph that the service adds."""

    text: str
    heading: bool = False


def write(
    redacted: Redacted,
    plan: Plan,
    mark: CopyMark,
    form: Form,
    cover: bytes | None = None,
    schedule: bytes | None = None,
    *,
    limits: Limits | None = None,
) -> Written:
    """Return the marked copy in a form that flows.

    Args:
        redacted: the redacted body as a Word document.
        plan: the plan that was applied.
        mark: what stands on each page; on a web page at its head and foot.
        form: DOCX or HTML.
        cover: what stands before the body, a Word document of our own making.
        schedule: what stands after it.
        limits: of the sandboxed child.

    Raises:
        IntegrityFailure: if the body is no Word document or belongs to another plan.
    """
    if redacted.kind is not Kind.DOCX or redacted.plan.digest != plan.digest or form is Form.PDF:
        raise IntegrityFailure("The redacted body does not belong to this plan or cannot flow.")
    files = {_BODY: redacted.content}
    files |= {_COVER: cover} if cover is not None else {}
    files |= {_SCHEDULE: schedule} if schedule is not None else {}
    request = json.dumps({"form": form.value, "mark": json.loads(wire.dump(mark))}).encode()
    answer = sandbox.call("redactor.render.written:run", request, files, limits)
    furniture = tuple(str(text) for text in json.loads(answer.value))
    return Written(form, answer.files["copy"], plan, mark, furniture, redacted.warnings)


def run(request: bytes, files: Mapping[str, bytes]) -> tuple[bytes, Mapping[str, bytes]]:
    """Write the copy behind the wall; the answer lists what was added."""
    asked = json.loads(request)
    mark = wire.load(CopyMark, json.dumps(asked["mark"]))
    before = list(_lines(files[_COVER])) if _COVER in files else []
    after = list(_lines(files[_SCHEDULE])) if _SCHEDULE in files else []
    edges = marking(mark)
    parts = _unpacked(files[_BODY])
    _add_paragraphs(parts, before, after)
    if Form(asked["form"]) is Form.DOCX:
        _add_edges(parts, edges.top, edges.bottom)
        copy = _packed(parts)
        added = [*edges.top, *edges.bottom]
    else:
        copy = _web_page(_packed(parts), edges.top, edges.bottom)
        added = [_TITLE, *edges.top, *edges.bottom]
    furniture = [*added, *(line.text for line in (*before, *after))]
    return json.dumps(furniture).encode(), {"copy": copy}


def _lines(ours: bytes) -> Iterator[_Added]:
    """Give the paragraphs and table rows of a document that the service wrote."""
    import docx
    from docx.table import Table

    for block in docx.Document(io.BytesIO(ours)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = list(dict.fromkeys(cell.text.strip() for cell in row.cells))
                yield _Added(" – ".join(cell for cell in cells if cell))
        elif block.text.strip():
            style = block.style.name if block.style is not None else None
            yield _Added(block.text.strip(), (style or "").startswith(("Heading", "Title")))


def _unpacked(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            entry = zipfile.ZipInfo(part, _CONSTANT_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, content)
    return stream.getvalue()


def _add_paragraphs(parts: dict[str, bytes], before: list[_Added], after: list[_Added]) -> None:
    """Put the cover on a page before the body and the schedule on one after it."""
    root = etree.fromstring(parts[_DOCUMENT])
    body, style = root[0], _heading_style(parts)
    first = [_paragraph(line.text, style if line.heading else "") for line in before]
    for element in reversed([*first, _page_break()] if first else []):
        body.insert(0, element)
    last = [_page_break(), *(_paragraph(line.text, style if line.heading else "") for line in after)] if after else []
    for element in last:
        body.insert(len(body) - 1, element)  # the section's properties stay at the end
    parts[_DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _heading_style(parts: dict[str, bytes]) -> str:
    """Return the id of the body's own style for headings, which is made if there is none."""
    root = etree.fromstring(parts[_STYLES])
    for style in root.iter(f"{{{_W}}}style"):
        label = style.find(f"{{{_W}}}name")
        if label is not None and label.get(f"{{{_W}}}val") == _HEADING:
            return str(style.get(f"{{{_W}}}styleId"))
    made = etree.SubElement(root, f"{{{_W}}}style")
    made.set(f"{{{_W}}}type", "paragraph")
    made.set(f"{{{_W}}}styleId", _NEW_HEADING)
    etree.SubElement(made, f"{{{_W}}}name").set(f"{{{_W}}}val", _HEADING)
    looks = etree.SubElement(made, f"{{{_W}}}pPr")
    etree.SubElement(looks, f"{{{_W}}}keepNext")
    etree.SubElement(looks, f"{{{_W}}}outlineLvl").set(f"{{{_W}}}val", "0")
    etree.SubElement(etree.SubElement(made, f"{{{_W}}}rPr"), f"{{{_W}}}b")
    parts[_STYLES] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return _NEW_HEADING


def _paragraph(text: str, style: str = "") -> etree._Element:
    made = etree.Element(f"{{{_W}}}p")
    if style:
        looks = etree.SubElement(made, f"{{{_W}}}pPr")
        etree.SubElement(looks, f"{{{_W}}}pStyle").set(f"{{{_W}}}val", style)
    said = etree.SubElement(etree.SubElement(made, f"{{{_W}}}r"), f"{{{_W}}}t")
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    said.text = " ".join(text.split())
    return made


def _page_break() -> etree._Element:
    made = etree.Element(f"{{{_W}}}p")
    etree.SubElement(etree.SubElement(made, f"{{{_W}}}r"), f"{{{_W}}}br").set(f"{{{_W}}}type", "page")
    return made


def _add_edges(parts: dict[str, bytes], top: tuple[str, ...], bottom: tuple[str, ...]) -> None:
    """Put the mark's lines into every header and footer, and make those that a section needs and has not."""
    for edge, lines in (("header", top), ("footer", bottom)):
        if not lines:
            continue
        for part in [name for name in parts if name.startswith(f"word/{edge}")]:
            root = etree.fromstring(parts[part])
            for element in reversed([_paragraph(line) for line in lines]):
                root.insert(0, element)
            parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        _complete(parts, edge, lines)


def _complete(parts: dict[str, bytes], edge: str, lines: tuple[str, ...]) -> None:
    """Give the first section each kind of header or footer that any section shows; later ones inherit it."""
    root = etree.fromstring(parts[_DOCUMENT])
    sections = list(root.iter(f"{{{_W}}}sectPr"))
    shown = {_ALWAYS}
    if any(section.find(f"{{{_W}}}titlePg") is not None for section in sections):
        shown.add(_FIRST)
    if b"evenAndOddHeaders" in parts.get(_SETTINGS, b""):
        shown.add(_EVEN)
    tag = f"{{{_W}}}{edge}Reference"
    there = {str(one.get(f"{{{_W}}}type")) for one in sections[0].iter(tag)}
    for kind in sorted(shown - there):
        key, part = f"rIdCopy{edge}{kind}", f"word/{edge}{kind}.xml"
        made = etree.Element(f"{{{_W}}}{_EDGES[edge]}", nsmap={"w": _W})
        made.extend(_paragraph(line) for line in lines)
        parts[part] = etree.tostring(made, xml_declaration=True, encoding="UTF-8", standalone=True)
        reference = etree.Element(tag)
        reference.set(f"{{{_W}}}type", kind)
        reference.set(f"{{{_R}}}id", key)
        sections[0].insert(0, reference)
        _link(parts, key, edge, f"{edge}{kind}.xml")
    parts[_DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _link(parts: dict[str, bytes], key: str, edge: str, file: str) -> None:
    arrows, types = etree.fromstring(parts[_LINKS]), etree.fromstring(parts[_TYPE_LIST])
    etree.SubElement(arrows, f"{{{_ARROWS}}}Relationship", Id=key, Type=f"{_R}/{edge}", Target=file)
    kind = _PART_TYPE.format(edge)
    etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/word/{file}", ContentType=kind)
    parts[_LINKS] = etree.tostring(arrows, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts[_TYPE_LIST] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)


def _web_page(package: bytes, top: tuple[str, ...], bottom: tuple[str, ...]) -> bytes:
    """Return one self-contained page: no script, nothing from anywhere else, language and title set."""
    import mammoth

    body = mammoth.convert_to_html(io.BytesIO(package)).value
    head = "".join(f'<p class="mark">{escape(line)}</p>' for line in top)
    foot = "".join(f"<p>{escape(line)}</p>" for line in bottom)
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{_TITLE}</title><style>{_STYLE}</style></head>\n"
        f"<body><header>{head}</header>\n<main>{body}</main>\n<footer>{foot}</footer></body></html>\n"
    )
    return page.encode()
