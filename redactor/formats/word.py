"""A Word document once it is read: its package, its styles and the layout of its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from redactor.formats.layout import Layout
from redactor.formats.package import Package
from redactor.formats.styles import Styles


@dataclass
class WordDocument:
    """A package with its layout.

    Args:
        roots: root element of each part that was read as a story.
        shown_notes: elements of the notes that are referred to from text that shows.
    """

    package: Package
    styles: Styles
    layout: Layout = field(default_factory=Layout)
    roots: dict[str, etree._Element] = field(default_factory=dict)
    shown_notes: set[etree._Element] = field(default_factory=set)
    headers: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
