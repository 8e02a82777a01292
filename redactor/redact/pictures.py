"""Draws the pictures that a plan keeps: decoded and encoded anew, cropped for good, without a word of metadata."""

from __future__ import annotations

import io
import warnings

from lxml import etree
from PIL import Image

from redactor.formats.embedded import READABLE
from redactor.formats.names import PIC, WP, A, R, W, child, name
from redactor.formats.package import Package
from redactor.limits import IMAGE_PIXELS

_EMU_A_PIXEL = 9525  # at 96 dots per inch (ECMA-376 part 1, 20.1.2.1)
_WIDEST_EMU = 6_000_000  # the text width of an A4 page
_FULL = 100_000  # srcRect counts in thousandths of a per cent


class Pictures:
    """The media folder of the new package."""

    def __init__(self, package: Package, barred: set[str]) -> None:
        self._package, self._barred = package, barred
        self.parts: dict[str, bytes] = {}
        self.arrows: dict[str, str] = {}

    def draw(self, source: etree._Element, part: str) -> etree._Element | None:
        """Return a drawing of the picture, or None where it cannot be decoded safely."""
        if part not in self._package.parts or part in self._barred:
            return None
        encoded = _encoded(self._package.parts[part], _crop(source))
        if encoded is None:
            return None
        content, width, height = encoded
        number = len(self.parts) + 1
        self.parts[f"word/media/picture{number}.png"] = content
        key = f"rIdPicture{number}"
        self.arrows[key] = f"media/picture{number}.png"
        return _drawing(key, number, *_extent(source, width, height))


def _encoded(untrusted: bytes, crop: tuple[float, float, float, float]) -> tuple[bytes, int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture: Image.Image = Image.open(io.BytesIO(untrusted), formats=READABLE)
            if picture.width * picture.height > IMAGE_PIXELS:
                return None
            picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    except (OSError, ValueError, SyntaxError, Warning):
        return None
    left, top, right, bottom = crop
    box = (
        int(picture.width * left), int(picture.height * top),
        max(int(picture.width * (1 - right)), 1), max(int(picture.height * (1 - bottom)), 1),
    )  # fmt: skip
    if box[0] < box[2] and box[1] < box[3]:
        picture = picture.crop(box)
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    stream = io.BytesIO()
    bare.save(stream, "PNG")
    return stream.getvalue(), bare.width, bare.height


def _crop(source: etree._Element) -> tuple[float, float, float, float]:
    """Return the shares cut off left, top, right and bottom."""
    rectangle = child(child(source, "pic:blipFill"), "a:srcRect")
    if rectangle is None:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = (_share(rectangle.get(side, "0")) for side in "ltrb")
    return left, top, right, bottom


def _share(raw: str) -> float:
    try:
        return min(max(int(raw.rstrip("%")) / _FULL, 0.0), 0.99)
    except ValueError:
        return 0.0


def _extent(source: etree._Element, width: int, height: int) -> tuple[int, int]:
    """Return the size on the page in EMU: the drawing's own, else the picture's, never wider than the text."""
    wide, high = width * _EMU_A_PIXEL, height * _EMU_A_PIXEL
    for one in source.iterancestors():
        if name(one) in ("wp:inline", "wp:anchor"):
            extent = child(one, "wp:extent")
            if extent is not None and (extent.get("cx") or "").isdigit() and (extent.get("cy") or "").isdigit():
                wide, high = int(extent.get("cx", "0")), int(extent.get("cy", "0"))
            break
    if wide > _WIDEST_EMU:
        wide, high = _WIDEST_EMU, high * _WIDEST_EMU // max(wide, 1)
    return max(wide, 1), max(high, 1)


def _drawing(key: str, number: int, wide: int, high: int) -> etree._Element:
    made = etree.Element(f"{{{W}}}drawing")
    inline = etree.SubElement(made, f"{{{WP}}}inline", distT="0", distB="0", distL="0", distR="0")
    etree.SubElement(inline, f"{{{WP}}}extent", cx=str(wide), cy=str(high))
    etree.SubElement(inline, f"{{{WP}}}docPr", id=str(number), name=f"Picture {number}")
    data = etree.SubElement(etree.SubElement(inline, f"{{{A}}}graphic"), f"{{{A}}}graphicData", uri=PIC)
    picture = etree.SubElement(data, f"{{{PIC}}}pic")
    about = etree.SubElement(picture, f"{{{PIC}}}nvPicPr")
    etree.SubElement(about, f"{{{PIC}}}cNvPr", id=str(number), name=f"Picture {number}")
    etree.SubElement(about, f"{{{PIC}}}cNvPicPr")
    fill = etree.SubElement(picture, f"{{{PIC}}}blipFill")
    etree.SubElement(fill, f"{{{A}}}blip").set(f"{{{R}}}embed", key)
    etree.SubElement(etree.SubElement(fill, f"{{{A}}}stretch"), f"{{{A}}}fillRect")
    shape = etree.SubElement(picture, f"{{{PIC}}}spPr")
    frame = etree.SubElement(shape, f"{{{A}}}xfrm")
    etree.SubElement(frame, f"{{{A}}}off", x="0", y="0")
    etree.SubElement(frame, f"{{{A}}}ext", cx=str(wide), cy=str(high))
    etree.SubElement(etree.SubElement(shape, f"{{{A}}}prstGeom", prst="rect"), f"{{{A}}}avLst")
    return made
