"""Takes out of resources what shows nothing and may tell something: metadata, layers, history, replacement text."""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from redactor.redact.surgery.unsupported import Unsupported

_TELLS = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/OC",
    "/OPI",
    "/Alternates",
    "/StructParent",
    "/StructParents",
    "/Ref",
    "/AF",
    "/Measure",
    "/PtData",
    "/Name",
    "/SeparationInfo",
    "/ID",
    "/Thumb",
)
_KEPT_RESOURCES = ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading")
_TEXT = re.compile(rb"(?<![A-Za-z0-9])(?:Tj|TJ)(?![A-Za-z0-9])")
_DEEPEST = 24
_MARKER, _START_OF_SCAN = 0xFF, 0xDA
_JPEG_METADATA = frozenset(
    {0xE1, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEF, 0xFE}
)  # not APP0, ICC, Adobe


def cleaned_resources(pdf: pikepdf.Pdf, resources: Object) -> Dictionary:
    """Return resources holding only kinds that pages need; everything below them is cleaned in place.

    Raises:
        Unsupported: if they are nested too deeply.
    """
    kept = Dictionary({key: resources[key] for key in _KEPT_RESOURCES if key in resources})
    _clean(kept, set(), 0)
    return kept


def _clean(thing: Object, seen: set[tuple[int, int]], depth: int) -> None:
    if depth > _DEEPEST:
        raise Unsupported("resources nested too deeply")
    if not isinstance(thing, Dictionary | Array | Stream):
        return
    if thing.is_indirect:
        if thing.objgen in seen:
            return
        seen.add(thing.objgen)
    if isinstance(thing, Array):
        for item in list(thing):
            if isinstance(item, Dictionary | Array | Stream):
                _clean(item, seen, depth + 1)
        return
    is_font = thing.get("/Type") in (Name.Font, Name.FontDescriptor)
    for key in _TELLS:
        if key in thing and not (is_font and key == "/Name" and thing.get("/Subtype") == Name.Type3):
            del thing[key]
    if isinstance(thing, Stream) and thing.get("/Filter") == Name.DCTDecode:
        thing.write(_bare_jpeg(thing.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=thing.get("/DecodeParms"))  # type: ignore[arg-type]
    for key in list(thing.keys()):
        value = thing[key]
        if isinstance(value, Dictionary | Array | Stream) and key != "/Parent":
            _clean(value, seen, depth + 1)


def _bare_jpeg(raw: bytes) -> bytes:
    """Leave out a JPEG's metadata segments (camera, place, author, thumbnail, comment); the picture is untouched."""
    out, at = [raw[:2]], 2
    while at + 4 <= len(raw) and raw[at] == _MARKER and raw[at + 1] != _START_OF_SCAN:
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if raw[at + 1] not in _JPEG_METADATA:
            out.append(raw[at:end])
        at = end
    return b"".join(out) + raw[at:]


def hides_text(resources: Object) -> bool:
    """Say whether text is drawn where surgery does not follow it: patterns, soft masks, glyph procedures."""
    for pattern in _values(resources.get("/Pattern")):
        if isinstance(pattern, Stream) and _draws_text(pattern):
            return True
    for state in _values(resources.get("/ExtGState")):
        mask = state.get("/SMask") if isinstance(state, Dictionary) else None
        if isinstance(mask, Dictionary) and isinstance(mask.get("/G"), Stream) and _draws_text(mask["/G"]):
            return True
    for font in _values(resources.get("/Font")):
        if isinstance(font, Dictionary) and font.get("/Subtype") == Name.Type3:
            procedures = _values(font.get("/CharProcs"))
            if any(isinstance(procedure, Stream) and _draws_text(procedure) for procedure in procedures):
                return True
    return False


def _draws_text(stream: Object) -> bool:
    if _TEXT.search(stream.read_bytes()):
        return True
    inner = stream.get("/Resources")
    things = inner.get("/XObject") if isinstance(inner, Dictionary) else None
    return any(isinstance(t, Stream) and t.get("/Subtype") == Name.Form for t in _values(things))


def _values(dictionary: Object | None) -> list[Object]:
    if not isinstance(dictionary, Dictionary):
        return []
    return [dictionary[key] for key in dictionary.keys()]  # noqa: SIM118
