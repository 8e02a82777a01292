"""Parses XML that somebody else wrote: no entities, no network, no document type, bounded depth."""

from __future__ import annotations

from typing import Any

from lxml import etree

from redactor.errors import Damaged, Hostile
from redactor.limits import XML_DEPTH

_NO_DEPTH = "The file is nested too deeply to be genuine."


def parse(untrusted: bytes) -> etree._Element:
    """Return the root element; comments and processing instructions are gone.

    Raises:
        Hostile: if it declares a document type (the way to entity bombs and file reads) or is absurdly deep.
        Damaged: if it is not well formed.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(untrusted, parser)
    except etree.XMLSyntaxError as problem:
        if "depth" in str(problem).lower():
            raise Hostile(_NO_DEPTH) from None
        raise Damaged("A part of the file is not well-formed XML.") from None
    except ValueError:
        raise Damaged("A part of the file is not well-formed XML.") from None
    information: Any = root.getroottree().docinfo
    if information.doctype:
        raise Hostile("The file declares a document type, which Office never does.")
    _check_depth(root)
    return root


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > XML_DEPTH:
            raise Hostile(_NO_DEPTH)


def local(element: etree._Element) -> str:
    """Return the name without its namespace; empty for anything that is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def space(element: etree._Element) -> str:
    """Return the element's namespace."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""
