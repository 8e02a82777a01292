"""Which branch of ``mc:AlternateContent`` stands in the released document, and what the other one says differently."""

from __future__ import annotations

from lxml import etree

from redactor.formats.names import WPC, WPG, WPS, name
from redactor.formats.xml import local

_MICROSOFT = "http://schemas.microsoft.com/office/word/20"
_UNDERSTOOD = {WPS, WPG, WPC}
_TEXT_NAMES = ("w:t", "a:t", "w:delText", "w:instrText")


def choose(alternatives: etree._Element) -> tuple[etree._Element | None, list[etree._Element]]:
    """Return the branch to keep and the others: the first choice that we understand, else the fallback."""
    kept = None
    for branch in alternatives:
        if local(branch) == "Choice" and kept is None and _understood(branch):
            kept = branch
    if kept is None:
        kept = next((branch for branch in alternatives if local(branch) == "Fallback"), None)
    return kept, [branch for branch in alternatives if branch is not kept]


def text_of(element: etree._Element | None) -> str:
    """Return all written text under an element, joined."""
    if element is None:
        return ""
    return "".join(one.text or "" for one in element.iter() if name(one) in _TEXT_NAMES)


def _understood(branch: etree._Element) -> bool:
    prefixes = (branch.get("Requires") or "").split()
    spaces = [branch.nsmap.get(prefix, "") or "" for prefix in prefixes]
    drawing = next((one for one in branch.iter() if local(one) == "contentPart"), None)
    return drawing is None and all(one in _UNDERSTOOD or one.startswith(_MICROSOFT) for one in spaces)
