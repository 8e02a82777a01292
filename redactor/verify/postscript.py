"""Counts the outlines of embedded CFF and Type 1 fonts that no drawn code leads to."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection
from string import ascii_letters
from typing import Any

import pikepdf
from fontTools import agl
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc import eexec
from fontTools.pens.basePen import NullPen
from fontTools.ttLib import TTFont

_NOTDEF = ".notdef"
_ALPHABET = frozenset(ascii_letters)
_FILE_KEY, _GLYPH_KEY = 55665, 4330
_RANDOM, _USUAL_RANDOM = re.compile(rb"/lenIV\s+(\d+)"), 4  # leading bytes of a program that mean nothing
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{4}")
_ENTRY = re.compile(rb"/([^\s/]+)\s+(\d+)\s+(?:RD|-\||\S+) ")
_ENCODED = re.compile(rb"dup\s+(\d+)\s*/([^\s/]+)\s+put")
_FIRST_NUMBER, _ESCAPE = 32, 12
_COMPOSED = b"\x0c\x06"  # seac
_UNDRAWN = frozenset({b"\x0d", b"\x0e", b"\x0c\x07"})  # hsbw, endchar, sbw
_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


def spare_outlines(font: pikepdf.Object, descriptor: pikepdf.Object | None, codes: Collection[bytes]) -> int:
    """Return how many glyphs with an outline are neither drawn nor part of a drawn one; 0 where none can be read.

    Args:
        font: the font that text is shown in; of a composite one, not its descendant.
        descriptor: of the font, or of the descendant.
        codes: what the pages draw.
    """
    if not isinstance(descriptor, pikepdf.Dictionary):
        return 0
    try:
        if "/FontFile3" in descriptor:
            return _cff(font, descriptor.FontFile3, codes)
        if "/FontFile" in descriptor:
            return _type1(font, descriptor.FontFile.read_bytes(), codes)
    except Exception:  # font files break their reader in many ways; what cannot be read is not judged here
        return 0
    return 0


def _cff(font: pikepdf.Object, file: pikepdf.Object, codes: Collection[bytes]) -> int:
    raw = file.read_bytes()
    if file.get("/Subtype") == pikepdf.Name.OpenType:
        program = TTFont(io.BytesIO(raw), lazy=True)["CFF "].cff
    else:
        program = CFFFontSet()
        program.decompile(io.BytesIO(raw), None)
    top = program[program.fontNames[0]]
    order = top.charset
    strings = {name: _cff_parts(top.CharStrings[name]) for name in order}
    if font.get("/Subtype") == pikepdf.Name.Type0:
        if str(font.get("/Encoding", "")) != "/Identity-H":
            return 0
        numbers = {int.from_bytes(code, "big") for code in codes}
        keyed = hasattr(top, "ROS")
        drawn = {name for at, name in enumerate(order) if (int(name[3:]) if keyed and at else at) in numbers}
        return _spare(strings, lambda name: name in drawn)
    built_in = top.Encoding if isinstance(top.Encoding, list) else StandardEncoding
    return _spare(strings, _is_drawn(font, built_in, codes))


def _type1(font: pikepdf.Object, raw: bytes, codes: Collection[bytes]) -> int:
    """Read the glyphs straight out of the encrypted part (Adobe Type 1 Font Format, chapters 6 and 7)."""
    clear, _, coded = raw.partition(b"eexec")
    coded = coded.lstrip(b" \t\r\n")
    if _HEXADECIMAL.fullmatch(coded[:4]):
        coded = bytes.fromhex(re.sub(rb"[^0-9A-Fa-f]", b"", coded).decode("ascii")[: len(coded) // 2 * 2])
    plain = eexec.decrypt(coded, _FILE_KEY)[0]
    said = _RANDOM.search(plain)
    random = int(said[1]) if said else _USUAL_RANDOM
    plain = plain[plain.index(b"begin", plain.index(b"/CharStrings")) :]
    parts: dict[str, _Parts] = {}
    at = 0
    while (entry := _ENTRY.search(plain, at)) is not None:
        at = entry.end() + int(entry[2])
        program = eexec.decrypt(plain[entry.end() : at], _GLYPH_KEY)[0][random:]
        parts[entry[1].decode("latin-1")] = _type1_parts(program)
    built_in = list(StandardEncoding)
    if b"StandardEncoding def" not in clear:
        built_in = [_NOTDEF] * 256
        for code, name in _ENCODED.findall(clear):
            built_in[int(code) % 256] = name.decode("latin-1")
    return _spare(parts, _is_drawn(font, built_in, codes))


def _type1_parts(program: bytes) -> _Parts:
    """Follow a glyph's program as far as to know whether it draws, and what it is put together from."""
    parts, numbers, at = _Parts(), [0], 0
    while at < len(program):
        byte = program[at]
        if byte >= _FIRST_NUMBER:
            size = 5 if byte == 255 else 2 if byte >= 247 else 1
            numbers.append(_number(program[at : at + size]))
            at += size
            continue
        operator = program[at : at + (2 if byte == _ESCAPE else 1)]
        if operator == _COMPOSED and len(numbers) > 2:
            parts.components |= {StandardEncoding[number % 256] for number in numbers[-2:]}
        elif operator not in _UNDRAWN:
            parts.inked = True
        numbers, at = [0], at + len(operator)
    return parts


def _number(coded: bytes) -> int:
    first = coded[0]
    if first == 255:
        return int.from_bytes(coded[1:], "big", signed=True)
    if first >= 251:
        return -(first - 251) * 256 - coded[1] - 108
    return (first - 247) * 256 + coded[1] + 108 if first >= 247 else first - 139


def _is_drawn(font: pikepdf.Object, built_in: list[str], codes: Collection[bytes]) -> Callable[[str], bool]:
    """Return what tells whether a drawn code of a simple font means a glyph of this name."""
    numbers = {code[0] for code in codes if code}
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    names = {built_in[number] for number in numbers if number < len(built_in)}
    at = 0
    for entry in encoding.get("/Differences", []) if isinstance(encoding, pikepdf.Dictionary) else []:
        if isinstance(entry, pikepdf.Name):
            if at in numbers:
                names.add(str(entry)[1:])
            at += 1
        else:
            at = int(entry)
    codec = _CODECS.get(str(base))
    letters = {bytes([number]).decode(codec, "replace") for number in numbers} if codec else set()
    return lambda name: name in names or (bool(letters) and agl.toUnicode(name) in letters)


class _Parts(NullPen):  # type: ignore[misc]
    """Notes whether a glyph has an outline, and of which others it is made."""

    def __init__(self) -> None:
        self.inked = False
        self.components: set[str] = set()

    def lineTo(self, *_: Any) -> None:
        self.inked = True

    def curveTo(self, *_: Any) -> None:
        self.inked = True

    def addComponent(self, glyphName: str, *_: Any) -> None:
        self.components.add(glyphName)


def _cff_parts(string: Any) -> _Parts:
    parts = _Parts()
    string.draw(parts)
    return parts


def _spare(parts: dict[str, _Parts], drawn: Callable[[str], bool]) -> int:
    if parts.keys() >= _ALPHABET:
        return 0  # a font with every letter of English tells nothing about its text
    waiting = [name for name in parts if name == _NOTDEF or drawn(name)]
    needed = set(waiting)
    while waiting:
        more = parts[waiting.pop()].components & parts.keys() - needed
        needed |= more
        waiting += more
    return sum(1 for name, part in parts.items() if name not in needed and (part.inked or part.components))
