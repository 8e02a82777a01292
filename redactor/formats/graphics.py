"""Reads what is drawn: pictures, text boxes in both drawing languages, descriptions, charts, embedded objects."""

from __future__ import annotations

from lxml import etree

from redactor.formats import branches, characters
from redactor.formats.inline import Gatherer, Surroundings
from redactor.formats.names import attribute, child, name
from redactor.formats.xml import local
from redactor.model import Role

_DESCRIBED = {"wp:docPr", "pic:cNvPr", "wps:cNvPr", "wpg:cNvPr", "a:cNvPr"}
_OBJECTS = {  # local name of what stands for an object that cannot be kept -> its plain name
    "chart": "charts",
    "relIds": "diagrams",
    "OLEObject": "embedded objects",
    "control": "form controls",
    "movie": "films",
    "contentPart": "ink drawings",
    "textpath": "word art",
    "lockedCanvas": "locked drawings",
    "model3d": "three-dimensional models",
    "videoFile": "films",
    "audioFile": "sounds",
}


def read(story: Surroundings, gatherer: Gatherer, element: etree._Element, role: Role | None) -> None:
    """Read everything under a drawing, VML picture or object."""
    what = name(element)
    if what == "mc:AlternateContent":
        kept, others = branches.choose(element)
        known = branches.text_of(kept)
        for other in others:
            if (text := branches.text_of(other)) != known:
                gatherer.aside(Role.HIDDEN, other, text)
        for one in () if kept is None else kept:
            read(story, gatherer, one, role)
        return
    if what == "w:txbxContent":
        place = gatherer.place if role not in (Role.DELETED, Role.HIDDEN) else gatherer.place.lost(role)
        gatherer.later.append(lambda: story.box(element, place))
        return
    if local(element) in _OBJECTS:
        _object(story, gatherer, element)
    elif what == "pic:pic":
        _picture(story, gatherer, element, role)
    elif what == "v:imagedata":
        part = story.target(attribute(element, "id", "r"))
        gatherer.aside(Role.ALT_TEXT, element, attribute(element, "title", "o") or "", "title")
        gatherer.picture(element, part, role)
    elif what in ("a:t", "w:t"):
        gatherer.aside(Role.HIDDEN, element, element.text or "")
    if what in _DESCRIBED:
        gatherer.alternative_text(element, shows=what == "wp:docPr" and role not in (Role.DELETED, Role.HIDDEN))
    elif what.startswith("v:"):
        gatherer.alternative_text(element, shows=False)
    elif what in ("a:hlinkClick", "a:hlinkHover"):
        gatherer.aside(Role.LINK, element, story.target(attribute(element, "id", "r")), "id")
        gatherer.aside(Role.LINK, element, element.get("tooltip") or "", "tooltip")
    for one in element:
        read(story, gatherer, one, role)


def _picture(story: Surroundings, gatherer: Gatherer, picture: etree._Element, role: Role | None) -> None:
    blip = child(child(picture, "pic:blipFill"), "a:blip")
    part = ""
    if blip is not None:
        part = story.target(attribute(blip, "embed", "r"))
        linked = story.target(attribute(blip, "link", "r"))
        gatherer.aside(Role.LINK, blip, linked, "link")
    gatherer.picture(picture, part, role)


def _object(story: Surroundings, gatherer: Gatherer, element: etree._Element) -> None:
    """Count an object that will be replaced by a marker, and note which parts it draws on."""
    story.layout.dropped[_OBJECTS[local(element)]] += 1
    for key in ("id", "dm", "lo", "qs", "cs"):
        story.target(attribute(element, key, "r"))
    for key in ("string", "ProgID", "name"):
        text = element.get(key) or attribute(element, key) or ""
        gatherer.aside(Role.HIDDEN, element, characters.visible(text), key)
