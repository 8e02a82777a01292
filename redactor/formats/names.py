"""Namespaces of Office Open XML, transitional and strict (ECMA-376 part 1 annex A; part 4)."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
WPG = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
WPC = "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas"
V = "urn:schemas-microsoft-com:vml"
O = "urn:schemas-microsoft-com:office:office"  # noqa: E741 - the prefix that every Office file uses
XML = "http://www.w3.org/XML/1998/namespace"

_STRICT = "http://purl.oclc.org/ooxml/"
_FROM_STRICT = {
    _STRICT + "wordprocessingml/main": W,
    _STRICT + "drawingml/main": A,
    _STRICT + "drawingml/wordprocessingDrawing": WP,
    _STRICT + "drawingml/picture": PIC,
    _STRICT + "officeDocument/relationships": R,
    _STRICT + "officeDocument/math": M,
}
_PREFIXES = {
    W: "w", A: "a", WP: "wp", PIC: "pic", R: "r", M: "m", MC: "mc", WPS: "wps", WPG: "wpg", WPC: "wpc", V: "v", O: "o",
    XML: "xml",
}  # fmt: skip


def transitional(namespace: str) -> str:
    """Return the transitional namespace for a strict one, any other unchanged."""
    return _FROM_STRICT.get(namespace, namespace)


def name(element: etree._Element) -> str:
    """Return ``prefix:local`` with this module's prefixes, strict and transitional alike; ``?:local`` if unknown."""
    tag = element.tag
    return _named(tag) if isinstance(tag, str) else "?:"


@lru_cache(maxsize=4096)
def _named(tag: str) -> str:
    namespace, _, bare = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    return f"{_PREFIXES.get(transitional(namespace), '?')}:{bare}"


@lru_cache(maxsize=4096)
def split_attribute(key: str) -> tuple[str, str]:
    """Return prefix ("" for none, "?" for unknown) and local name of an attribute's key."""
    if not key.startswith("{"):
        return "", key
    namespace, _, bare = key[1:].partition("}")
    return _PREFIXES.get(transitional(namespace), "?"), bare


def attribute(element: etree._Element, wanted: str, prefix: str = "w") -> str | None:
    """Return an attribute by local name and prefix, whichever edition of the namespace it is in."""
    for key, value in element.attrib.items():
        if split_attribute(str(key)) == (prefix, wanted):
            return str(value)
    return None


def child(element: etree._Element | None, wanted: str) -> etree._Element | None:
    """Return the first child with this prefixed name."""
    if element is None:
        return None
    for one in element:
        if name(one) == wanted:
            return one
    return None


def value(element: etree._Element | None, wanted: str) -> str | None:
    """Return ``w:val`` of the first child with this prefixed name."""
    found = child(element, wanted)
    return None if found is None else attribute(found, "val")


def switched_on(element: etree._Element | None, wanted: str) -> bool | None:
    """Return the state of an on-off property, or None where it is not set (ECMA-376 part 1, 17.17.4)."""
    found = child(element, wanted)
    if found is None:
        return None
    return (attribute(found, "val") or "1").lower() not in ("0", "false", "off")
