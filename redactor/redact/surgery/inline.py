"""Turns inline images into ordinary ones, so that the rest of surgery need not know them."""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Dictionary, Name, Object

from redactor.redact.surgery.unsupported import Unsupported

_MAY_HOLD_IMAGE = re.compile(rb"(?:^|[\s>\])])BI[\s/]")
_KEYS = {
    "/W": "/Width",
    "/H": "/Height",
    "/BPC": "/BitsPerComponent",
    "/CS": "/ColorSpace",
    "/F": "/Filter",
    "/DP": "/DecodeParms",
    "/IM": "/ImageMask",
    "/D": "/Decode",
    "/I": "/Interpolate",
}
_COLOURS = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_FILTERS = {
    "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
    "/LZW": "/LZWDecode",
    "/Fl": "/FlateDecode",
    "/RL": "/RunLengthDecode",
    "/CCF": "/CCITTFaxDecode",
    "/DCT": "/DCTDecode",
}


def without_inline_images(pdf: pikepdf.Pdf, content: bytes, resources: Object) -> tuple[bytes, Object]:
    """Return a content stream in which inline images have become XObjects, with resources that name them.

    Raises:
        Unsupported: if an image refers to something that is missing.
    """
    if not _MAY_HOLD_IMAGE.search(content):
        return content, resources
    steps = pikepdf.parse_content_stream(pdf.make_stream(content))
    things = resources.get("/XObject")
    own = Dictionary({key: things[key] for key in things.keys()}) if isinstance(things, Dictionary) else Dictionary()  # noqa: SIM118
    made: list[pikepdf.ContentStreamInstruction] = []
    count = 0
    for step in steps:
        if not isinstance(step, pikepdf.ContentStreamInlineImage):
            made.append(step)
            continue
        name = f"/Inline{count}"
        while name in own:
            name += "x"
        own[name] = _image(pdf, step.iimage, resources)
        count += 1
        made.append(pikepdf.ContentStreamInstruction([Name(name)], pikepdf.Operator("Do")))
    copied = Dictionary({key: resources[key] for key in resources.keys()})  # noqa: SIM118
    copied["/XObject"] = own
    return pikepdf.unparse_content_stream(made), copied


def _image(pdf: pikepdf.Pdf, inline: pikepdf.PdfInlineImage, resources: Object) -> Object:
    image = pdf.make_stream(b"")
    entries = {_KEYS.get(key, key): inline.obj[key] for key in inline.obj.keys()}  # noqa: SIM118
    filters, parameters = entries.pop("/Filter", None), entries.pop("/DecodeParms", None)
    if isinstance(filters, pikepdf.Array):
        filters = pikepdf.Array([Name(_FILTERS.get(str(entry), str(entry))) for entry in filters])
    elif filters is not None:
        filters = Name(_FILTERS.get(str(filters), str(filters)))
    image.write(inline._data._inline_image_raw_bytes(), filter=filters, decode_parms=parameters)  # type: ignore[arg-type]
    for key, value in entries.items():
        image[key] = _colour(value, resources) if key == "/ColorSpace" else value
    image["/Type"], image["/Subtype"] = Name.XObject, Name.Image
    return pdf.make_indirect(image)


def _colour(space: Object, resources: Object) -> Object:
    if isinstance(space, pikepdf.Array):
        return pikepdf.Array(
            [Name(_COLOURS[str(e)]) if isinstance(e, Name) and str(e) in _COLOURS else e for e in space]
        )
    named = str(space)
    if named in _COLOURS or named.startswith("/Device"):
        return Name(_COLOURS.get(named, named))
    spaces = resources.get("/ColorSpace")
    if not isinstance(spaces, Dictionary) or named not in spaces:
        raise Unsupported("colour space missing")
    return spaces[named]
