"""Copies what only styles a page: an allow-list of properties with values that cannot carry anybody's words."""

from __future__ import annotations

import re

from lxml import etree

from redactor.formats import builtin
from redactor.formats.names import W, name, split_attribute

PREFIX = f"{{{W}}}"
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,4})?(%|pt|cm|mm|in|pc|pi)?")
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_FONT_KEYS = ("ascii", "hAnsi", "cs", "eastAsia")
_STYLE_ELEMENTS = ("w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next", "w:link")
_IDENTIFIERS = ("w:numId", "w:ilvl", "w:abstractNumId")

_PROPERTIES = frozenset(
    """
    w:pPr w:rPr w:tblPr w:trPr w:tcPr w:tblPrEx w:sectPr w:tblGrid w:gridCol w:pStyle w:rStyle w:tblStyle w:keepNext
    w:keepLines w:pageBreakBefore w:framePr w:widowControl w:numPr w:ilvl w:numId w:suppressLineNumbers w:pBdr w:top
    w:left w:bottom w:right w:between w:bar w:start w:end w:insideH w:insideV w:tl2br w:tr2bl w:shd w:tabs w:suppressAutoHyphens w:kinsoku w:wordWrap
    w:overflowPunct w:topLinePunct w:autoSpaceDE w:autoSpaceDN w:bidi w:adjustRightInd w:snapToGrid w:spacing w:ind
    w:contextualSpacing w:mirrorIndents w:jc w:textDirection w:textAlignment w:textboxTightWrap w:outlineLvl w:rFonts
    w:b w:bCs w:i w:iCs w:caps w:smallCaps w:strike w:dstrike w:outline w:shadow w:emboss w:imprint w:noProof w:color
    w:w w:kern w:position w:sz w:szCs w:highlight w:u w:effect w:bdr w:vertAlign w:rtl w:cs w:em w:lang w:eastAsianLayout
    w:tblpPr w:tblOverlap w:bidiVisual w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:tblCellSpacing w:tblInd
    w:tblBorders w:tblLayout w:tblCellMar w:cnfStyle w:gridBefore w:gridAfter w:wBefore w:wAfter w:cantSplit w:trHeight
    w:tblHeader w:tcW w:gridSpan w:vMerge w:hMerge w:tcBorders w:noWrap w:tcMar w:tcFitText w:vAlign w:type w:pgSz w:pgMar
    w:paperSrc w:pgBorders w:lnNumType w:pgNumType w:cols w:col w:formProt w:noEndnote w:titlePg w:rtlGutter w:docGrid
    w:footnotePr w:endnotePr w:numFmt w:numStart w:numRestart w:pos w:basedOn w:next w:link w:uiPriority w:qFormat
    w:semiHidden w:unhideWhenUsed w:tblStylePr w:docDefaults w:rPrDefault w:pPrDefault w:multiLevelType w:lvl w:start
    w:lvlText w:lvlJc w:suff w:isLgl w:lvlRestart w:legacy w:abstractNumId w:lvlOverride w:startOverride w:autoRedefine
    """.split()
)


class Looks:
    """Copies properties, with style ids replaced by ones that say nothing."""

    def __init__(self, style_ids: dict[str, str], theme_fonts: dict[str, str]) -> None:
        self._styles, self._themes = style_ids, theme_fonts

    def copy(self, source: etree._Element) -> etree._Element | None:
        """Return a clean copy of a property element, or None where it is not one."""
        what = name(source)
        if what not in _PROPERTIES and not (what == "w:tab" and _under_tabs(source)):
            return None
        made = etree.Element(PREFIX + what[2:])
        for key, raw in source.attrib.items():
            prefix, bare = split_attribute(str(key))
            if prefix == "w" and (kept := self._value(what, bare, str(raw))) is not None:
                made.set(PREFIX + bare, kept)
        if what == "w:rFonts":
            self._theme_fonts(source, made)
        for one in source:
            if (inner := self.copy(one)) is not None:
                made.append(inner)
        missing_style = what in _STYLE_ELEMENTS and made.get(PREFIX + "val") is None
        return None if missing_style else made

    def _value(self, what: str, bare: str, raw: str) -> str | None:
        if what in _STYLE_ELEMENTS:
            return self._styles.get(raw) if bare == "val" else None
        if what == "w:rFonts":
            return raw if bare in _FONT_KEYS and builtin.is_font(raw) else None
        if what == "w:lang":
            return raw if _LANGUAGE.fullmatch(raw) else None
        if bare.startswith(("theme", "rsid")):
            return None
        safe = raw in builtin.VALUES or _NUMBER.fullmatch(raw) or _COLOUR.fullmatch(raw)
        return raw if safe else None

    def _theme_fonts(self, source: etree._Element, made: etree._Element) -> None:
        """Say the theme's font by name, since the theme itself is left out."""
        for key, raw in source.attrib.items():
            prefix, bare = split_attribute(str(key))
            target = {"asciiTheme": "ascii", "hAnsiTheme": "hAnsi", "cstheme": "cs"}.get(bare)
            font = self._themes.get(str(raw)[:5])  # "major..." or "minor..."
            if prefix == "w" and target and font:
                made.set(PREFIX + target, font)


def _under_tabs(source: etree._Element) -> bool:
    parent = source.getparent()
    return parent is not None and name(parent) == "w:tabs"
