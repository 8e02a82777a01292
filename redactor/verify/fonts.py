"""Compares what each font of a PDF can draw with what the pages do draw: leftovers tell which letters were removed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from string import ascii_letters

import pikepdf
from fontTools.ttLib import TTFont, TTLibError

from redactor.verify import postscript
from redactor.verify.outlines import instructions

_SHOW = frozenset({"Tj", "TJ", "'", '"'})
_BLANK = frozenset(" \u00a0\u00ad\u200b\ufeff\ufffd\x00\t\n\r")
_FONT_FILES = frozenset({"/FontFile", "/FontFile2", "/FontFile3"})
_ALPHABET = frozenset(ascii_letters)
_DEPTH = 30

ObjectId = tuple[int, int]


@dataclass(slots=True)
class Use:
    """One font and the codes that the pages draw with it."""

    font: pikepdf.Object
    codes: set[bytes] = field(default_factory=set)

    @property
    def composite(self) -> bool:
        """True for fonts with two-byte codes."""
        return bool(self.font.get("/Subtype") == pikepdf.Name.Type0)


def used(pdf: pikepdf.Pdf) -> dict[ObjectId, Use]:
    """Return the codes drawn with every font, over all pages, forms, patterns and glyph procedures."""
    uses: dict[ObjectId, Use] = {}
    seen: set[tuple[ObjectId, ObjectId]] = set()
    for page in pdf.pages:
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        _follow(page.obj, page, resources, uses, seen, _DEPTH)
    return uses


def _follow(
    owner: pikepdf.Object,
    stream: pikepdf.Object | pikepdf.Page,
    resources: pikepdf.Object,
    uses: dict[ObjectId, Use],
    seen: set[tuple[ObjectId, ObjectId]],
    depth: int,
) -> None:
    key = (owner.objgen, resources.objgen)
    if depth <= 0 or (owner.objgen != (0, 0) and key in seen):
        return
    seen.add(key)
    fonts = resources.get("/Font", pikepdf.Dictionary())
    font: pikepdf.Object | None = None
    stack: list[pikepdf.Object | None] = []
    for operation in instructions(stream):
        operator = str(operation.operator)
        if operator == "q":
            stack.append(font)
        elif operator == "Q":
            font = stack.pop() if stack else font
        elif operator == "Tf":
            font = fonts.get(str(operation.operands[0]))
        elif operator in _SHOW and font is not None:
            _note(uses.setdefault(font.objgen, Use(font)), operation.operands[-1])
        elif operator == "Do":
            form = resources.get("/XObject", pikepdf.Dictionary()).get(str(operation.operands[0]))
            if form is not None and form.get("/Subtype") == pikepdf.Name.Form:
                _follow(form, form, form.get("/Resources", resources), uses, seen, depth - 1)
    for pattern in _streams(resources.get("/Pattern")):
        _follow(pattern, pattern, pattern.get("/Resources", resources), uses, seen, depth - 1)
    for state in _values(resources.get("/ExtGState")):
        mask = state.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary) and "/G" in mask:
            _follow(mask.G, mask.G, mask.G.get("/Resources", resources), uses, seen, depth - 1)


def _values(dictionary: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    if isinstance(dictionary, pikepdf.Dictionary):
        yield from (dictionary[key] for key in dictionary.keys())  # noqa: SIM118


def _streams(dictionary: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    yield from (value for value in _values(dictionary) if isinstance(value, pikepdf.Stream))


def _note(use: Use, operand: object) -> None:
    parts = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    size = 2 if use.composite else 1
    for part in parts:
        if isinstance(part, pikepdf.String):
            raw = bytes(part)
            use.codes.update(raw[at : at + size] for at in range(0, len(raw), size))


def meanings(font: pikepdf.Object) -> dict[bytes, str]:
    """Return what the font's ToUnicode map says of each code."""
    stream = font.get("/ToUnicode")
    if not isinstance(stream, pikepdf.Stream):
        return {}
    text = stream.read_bytes().decode("latin-1")
    found: dict[bytes, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, meaning in re.findall(r"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>", block):
            found[_bytes(code)] = _bytes(meaning).decode("utf-16-be", "replace")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, start in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found.update(_range(first, last, start))
        for first, _, listed in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*\[(.*?)\]", block, re.S):
            for step, meaning in enumerate(re.findall(r"<([0-9A-Fa-f]+)>", listed)):
                code = (int(first, 16) + step).to_bytes(max(len(first) // 2, 1), "big")
                found[code] = _bytes(meaning).decode("utf-16-be", "replace")
    return found


def _bytes(digits: str) -> bytes:
    clean = re.sub(r"\s", "", digits)
    return bytes.fromhex(clean + "0" * (len(clean) % 2))


def _range(first: str, last: str, start: str) -> Iterator[tuple[bytes, str]]:
    low, high, size = int(first, 16), min(int(last, 16), int(first, 16) + 65_535), max(len(first) // 2, 1)
    prefix, base = _bytes(start)[:-2], int(start[-4:], 16)
    for step in range(high - low + 1):
        tail = (base + step) & 0xFFFF
        yield (low + step).to_bytes(size, "big"), (prefix + tail.to_bytes(2, "big")).decode("utf-16-be", "replace")


def leftovers(use: Use) -> int:
    """Return how many characters a font still describes or draws that no page uses."""
    if _whole_alphabet(use):
        return 0
    spare = {code for code, meaning in meanings(use.font).items() if code not in use.codes and set(meaning) - _BLANK}
    if use.composite:
        return len(spare) + _composite_leftovers(use)
    return len(spare) + _simple_leftovers(use, spare)


def _whole_alphabet(use: Use) -> bool:
    """Say whether the font can draw every letter of English, so that what it holds tells nothing about its text."""
    able = {letter for meaning in meanings(use.font).values() for letter in meaning}
    holder = use.font.DescendantFonts[0] if use.composite else use.font
    font = _truetype(holder.get("/FontDescriptor"))
    if font is not None and "cmap" in font:
        able |= {chr(point & 0xFF if 0xF000 <= point <= 0xF0FF else point) for point in font.getBestCmap() or ()}
    return able >= _ALPHABET


def _simple_leftovers(use: Use, spare: set[bytes]) -> int:
    """Count widths and encoding names of codes that nothing draws; embedded subsets only."""
    font = use.font
    descriptor = font.get("/FontDescriptor")
    if not isinstance(descriptor, pikepdf.Dictionary) or _FONT_FILES.isdisjoint(descriptor.keys()):
        return 0
    first = int(font.get("/FirstChar", 0))
    widths = [float(width) for width in font.get("/Widths", [])]
    extra = {bytes([first + at]) for at, width in enumerate(widths) if width and first + at < 256}
    extra -= use.codes | spare
    known = meanings(font)
    count = len({code for code in extra if set(known.get(code, "?")) - _BLANK and code != b" "})
    count += postscript.spare_outlines(font, descriptor, use.codes)
    return count + _outlines(use, {code[0] for code in use.codes})


def _composite_leftovers(use: Use) -> int:
    descendant = use.font.DescendantFonts[0]
    drawn = {int.from_bytes(code, "big") for code in use.codes}
    count = 0
    widths = list(descendant.get("/W", []))
    at = 0
    while at < len(widths) - 1:
        start = int(widths[at])
        if isinstance(widths[at + 1], pikepdf.Array):
            count += sum(1 for step in range(len(widths[at + 1])) if start + step not in drawn and start + step != 0)
            at += 2
        else:
            at += 3
    count += postscript.spare_outlines(use.font, descendant.get("/FontDescriptor"), use.codes)
    if str(use.font.get("/Encoding", "")) != "/Identity-H":
        return count
    mapping = descendant.get("/CIDToGIDMap")
    if isinstance(mapping, pikepdf.Stream):
        raw = mapping.read_bytes()
        drawn = {int.from_bytes(raw[2 * cid : 2 * cid + 2], "big") for cid in drawn}
    return count + _undrawn_glyphs(descendant.get("/FontDescriptor"), drawn)


def _outlines(use: Use, codes: set[int]) -> int:
    """Count outlines of a simple TrueType subset that no used code leads to."""
    descriptor = use.font.FontDescriptor
    font = _truetype(descriptor)
    if font is None or "cmap" not in font:
        return 0
    known = meanings(use.font)
    letters = {ord(c) for code in use.codes for c in known.get(code, "") if len(known.get(code, "")) == 1}
    drawn = {0}
    for table in font["cmap"].tables:
        for point, name in table.cmap.items():
            symbolic = point & 0xFF if table.platformID == 1 or 0xF000 <= point <= 0xF0FF else None
            if (symbolic in codes) if symbolic is not None else (point in letters or point in codes):
                drawn.add(font.getGlyphID(name))
    return _spare_glyphs(font, drawn)


def _undrawn_glyphs(descriptor: pikepdf.Object | None, drawn: set[int]) -> int:
    font = _truetype(descriptor)
    return 0 if font is None else _spare_glyphs(font, drawn | {0})


def _truetype(descriptor: pikepdf.Object | None) -> TTFont | None:
    if not isinstance(descriptor, pikepdf.Dictionary) or "/FontFile2" not in descriptor:
        return None
    try:
        font = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()), lazy=True)
        return font if "glyf" in font else None
    except (TTLibError, KeyError, ValueError, AssertionError):
        return None


def _spare_glyphs(font: TTFont, drawn: set[int]) -> int:
    """Count glyphs with an outline that are neither drawn nor part of a drawn one."""
    outlines, order = font["glyf"], font.getGlyphOrder()
    waiting = [number for number in drawn if number < len(order)]
    needed = set(waiting)
    while waiting:
        glyph = outlines[order[waiting.pop()]]
        if glyph.isComposite():
            for component in glyph.components:
                number = font.getGlyphID(component.glyphName)
                if number not in needed:
                    needed.add(number)
                    waiting.append(number)
    return sum(1 for number, name in enumerate(order) if number not in needed and outlines[name].numberOfContours != 0)
