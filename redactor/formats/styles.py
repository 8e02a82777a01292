"""What styles say that matters for reading: names, heading levels, lists, and whether text can be seen at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from redactor.formats.names import attribute, child, name, switched_on, value

_CHAIN_MOST = 32
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_TITLES = ("title",)
_TINY_HALF_POINTS = 4  # 2 pt: nobody can read it on paper
_WHITE = "FFFFFF"
_NO_FILL = ("", "AUTO", _WHITE)
_HIGHLIGHTS = {"black": "000000", "white": _WHITE, "red": "FF0000", "blue": "0000FF", "yellow": "FFFF00"}


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the document's sheet."""

    id: str
    name: str
    based_on: str
    element: etree._Element


@dataclass(slots=True)
class Styles:
    """The style sheet, by style id."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default_paragraph: str = ""
    _looks: dict[str, tuple[bool | None, str, str]] = field(default_factory=dict)
    _shaded: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def read(cls, root: etree._Element | None) -> Styles:
        """Read a styles part."""
        sheet = cls()
        for element in () if root is None else root:
            if name(element) != "w:style":
                continue
            key = attribute(element, "styleId") or ""
            label = value(element, "w:name") or key
            sheet.by_id[key] = Style(key, label, value(element, "w:basedOn") or "", element)
            is_default = (attribute(element, "default") or "0").lower() in ("1", "true", "on")
            if is_default and attribute(element, "type") == "paragraph":
                sheet.default_paragraph = key
        return sheet

    def chain(self, key: str) -> Iterator[Style]:
        """Go from a style through those it is based on; loops end."""
        for _ in range(_CHAIN_MOST):
            style = self.by_id.get(key)
            if style is None:
                return
            yield style
            key = style.based_on

    def label(self, key: str) -> str:
        """Return the style's name as the author sees it."""
        return self.by_id[key].name if key in self.by_id else key

    def level(self, properties: etree._Element | None, key: str) -> int:
        """Return the heading level of a paragraph, 0 for none."""
        direct = value(properties, "w:outlineLvl")
        if direct is not None and direct.isdigit() and int(direct) < 9:
            return int(direct) + 1
        for style in self.chain(key):
            if match := _HEADING.fullmatch(style.name.strip()):
                return int(match.group(1))
            if style.name.strip().lower() in _TITLES:
                return 1
            outline = value(child(style.element, "w:pPr"), "w:outlineLvl")
            if outline is not None and outline.isdigit() and int(outline) < 9:
                return int(outline) + 1
        return 0

    def is_list(self, properties: etree._Element | None, key: str) -> bool:
        """Say whether a paragraph is an item of a list."""
        direct = value(child(properties, "w:numPr"), "w:numId")
        if direct is not None:
            return direct != "0"
        return any(
            (value(child(child(style.element, "w:pPr"), "w:numPr"), "w:numId") or "0") != "0"
            for style in self.chain(key)
        )

    def shaded(self, key: str) -> bool:
        """Say whether a style (of a table or paragraph) puts a colour behind its text."""
        if key not in self._shaded:
            every = (shading for style in self.chain(key) for shading in style.element.iter("{*}shd"))
            self._shaded[key] = any(filled(shading) for shading in every)
        return self._shaded[key]

    def unseen(self, run: etree._Element | None, paragraph_style: str, on_colour: bool) -> bool:
        """Say whether a run's text cannot be seen on paper.

        Args:
            run: the run's properties.
            paragraph_style: id of its paragraph's style.
            on_colour: whether something behind the text may have a colour, so that white shows.
        """
        character_style = value(run, "w:rStyle") or ""
        vanish, colour, size = _look(run)
        for key in (character_style, paragraph_style or self.default_paragraph):
            styled = self._styled_look(key)
            vanish = styled[0] if vanish is None else vanish
            colour, size = colour or styled[1], size or styled[2]
        if vanish:
            return True
        if size.isdigit() and int(size) <= _TINY_HALF_POINTS:
            return True
        behind = _behind(run)
        if behind:
            return bool(colour) and colour == behind
        return colour == _WHITE and not on_colour

    def _styled_look(self, key: str) -> tuple[bool | None, str, str]:
        if key not in self._looks:
            vanish: bool | None = None
            colour = size = ""
            for style in self.chain(key):
                own = _look(child(style.element, "w:rPr"))
                vanish = own[0] if vanish is None else vanish
                colour, size = colour or own[1], size or own[2]
            self._looks[key] = vanish, colour, size
        return self._looks[key]


def filled(shading: etree._Element | None) -> bool:
    """Say whether a ``w:shd`` puts a colour behind the text."""
    if shading is None:
        return False
    if (attribute(shading, "themeFill") or "none") not in ("none", "background1", "light1"):
        return True
    pattern = attribute(shading, "val") or "clear"
    return (attribute(shading, "fill") or "").upper() not in _NO_FILL or pattern not in ("clear", "nil")


def _look(properties: etree._Element | None) -> tuple[bool | None, str, str]:
    """Return vanish, explicit colour and size in half points as these properties alone set them."""
    if properties is None:
        return None, "", ""
    vanish = switched_on(properties, "w:vanish")
    if switched_on(properties, "w:specVanish"):
        vanish = True
    colour = (value(properties, "w:color") or "").upper()
    return vanish, colour, value(properties, "w:sz") or ""


def _behind(properties: etree._Element | None) -> str:
    """Return the colour directly behind a run: its highlight or shading."""
    highlight = value(properties, "w:highlight")
    if highlight and highlight != "none":
        return _HIGHLIGHTS.get(highlight, highlight)
    shading = child(properties, "w:shd")
    fill = "" if shading is None else (attribute(shading, "fill") or "").upper()
    return "" if fill in ("", "AUTO") else fill
