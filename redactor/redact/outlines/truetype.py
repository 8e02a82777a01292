"""Builds a TrueType file of the drawn glyphs alone, from the tables that PDF needs (ISO 32000-1, 9.9) and no others.

Tables are read byte by byte: fonts inside PDFs are often cut short or broken in parts that nothing needs.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from redactor.redact.surgery.unsupported import Unsupported

_COPIED = (b"cvt ", b"fpgm", b"prep")
_DEEPEST_COMPOSITE = 16
_ARGUMENTS_ARE_WORDS, _HAS_SCALE, _MORE, _HAS_XY_SCALE, _HAS_MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80
_CHECKSUM_OF_ALL = 0xB1B0AFBA
_BROKEN = "font file that cannot be pruned"


class Charmap(NamedTuple):
    """One subtable of a character map: for which platform and encoding, and the glyph of each code."""

    platform: int
    encoding: int
    glyphs: Mapping[int, int]


class TrueType:
    """A TrueType file as far as drawing needs it.

    Raises:
        Unsupported: if a table that drawing needs is missing or broken.
    """

    def __init__(self, content: bytes) -> None:
        self._tables = _tables(content)
        try:
            self.count: int = struct.unpack_from(">H", self._table(b"maxp"), 4)[0]
            self._places = self._locations()
        except struct.error:
            raise Unsupported(_BROKEN) from None

    def _table(self, tag: bytes) -> bytes:
        if tag not in self._tables:
            raise Unsupported(_BROKEN)
        return self._tables[tag]

    def _locations(self) -> list[int]:
        loca = self._table(b"loca")
        if struct.unpack_from(">h", self._table(b"head"), 50)[0]:
            return list(struct.unpack(f">{len(loca) // 4}I", loca[: len(loca) // 4 * 4]))
        return [2 * place for place in struct.unpack(f">{len(loca) // 2}H", loca[: len(loca) // 2 * 2])]

    def charmaps(self) -> list[Charmap]:
        """Return the character maps that can be read."""
        cmap = self._tables.get(b"cmap", b"")
        found = []
        try:
            for entry in range(struct.unpack_from(">H", cmap, 2)[0]):
                platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * entry)
                glyphs = _read_charmap(cmap[offset:])
                if glyphs:
                    found.append(Charmap(platform, encoding, glyphs))
        except struct.error:
            pass
        return found

    def outline(self, glyph: int) -> bytes:
        """Return the drawing of a glyph; nothing where there is none."""
        if glyph + 1 >= len(self._places):
            return b""
        return self._table(b"glyf")[self._places[glyph] : self._places[glyph + 1]]

    def pruned(self, keep: Sequence[int], charmaps: Sequence[Charmap] = ()) -> tuple[bytes, dict[int, int]]:
        """Return a file of some glyphs in the order given, and their new numbers.

        Args:
            keep: numbers of the glyphs to keep; the missing glyph (0) always comes first.
            charmaps: maps to write, with old glyph numbers; entries of other glyphs are left out.
        """
        order = self._with_components(dict.fromkeys([0, *(glyph for glyph in keep if glyph < self.count)]))
        numbers = {old: new for new, old in enumerate(order)}
        outlines, places = [], [0]
        for old in order:
            drawn = _renumbered(self.outline(old), numbers)
            drawn += b"\0" * (-len(drawn) % 4)
            outlines.append(drawn)
            places.append(places[-1] + len(drawn))
        made = {tag: self._tables[tag] for tag in _COPIED if tag in self._tables}
        made[b"glyf"] = b"".join(outlines) or b"\0\0\0\0"
        made[b"loca"] = struct.pack(f">{len(places)}I", *places)
        made[b"head"] = _patched(self._table(b"head"), (8, b"\0\0\0\0"), (50, b"\0\1"))
        made[b"maxp"] = _patched(self._table(b"maxp"), (4, struct.pack(">H", len(order))))
        if b"hhea" in self._tables:
            made[b"hhea"] = _patched(self._tables[b"hhea"], (34, struct.pack(">H", len(order))))
            made[b"hmtx"] = self._metrics(order)
        if charmaps:
            made[b"cmap"] = _written_charmaps(charmaps, numbers)
        return _assembled(made), numbers

    def _with_components(self, order: dict[int, None]) -> list[int]:
        waiting, depth = list(order), 0
        while waiting and depth < _DEEPEST_COMPOSITE:
            inner = [part for glyph in waiting for _, part in _components(self.outline(glyph)) if part not in order]
            waiting, depth = list(dict.fromkeys(inner)), depth + 1
            order.update(dict.fromkeys(waiting))
        return list(order)

    def _metrics(self, order: Iterable[int]) -> bytes:
        hmtx = self._tables.get(b"hmtx", b"")
        try:
            long = struct.unpack_from(">H", self._tables[b"hhea"], 34)[0]
        except struct.error:
            raise Unsupported(_BROKEN) from None
        out = []
        for glyph in order:
            place = 4 * min(glyph, long - 1) if long else 0
            width = hmtx[place : place + 2] if len(hmtx) >= place + 2 else b"\0\0"
            at = place + 2 if glyph < long else 4 * long + 2 * (glyph - long)
            bearing = hmtx[at : at + 2] if len(hmtx) >= at + 2 else b"\0\0"
            out.append(width + bearing)
        return b"".join(out)


def _tables(content: bytes) -> dict[bytes, bytes]:
    try:
        if content[:4] == b"ttcf":
            raise Unsupported("collection of fonts")
        count = struct.unpack_from(">H", content, 4)[0]
        found = {}
        for entry in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", content, 12 + 16 * entry)
            found[tag] = content[offset : offset + length]
    except struct.error:
        raise Unsupported(_BROKEN) from None
    return found


def table(content: bytes, tag: bytes) -> bytes | None:
    """Return one table of a font file.

    Raises:
        Unsupported: if the file is broken.
    """
    return _tables(content).get(tag)


def _components(outline: bytes) -> list[tuple[int, int]]:
    """Return place and number of each part of a composite glyph."""
    found: list[tuple[int, int]] = []
    if len(outline) < 12 or struct.unpack_from(">h", outline)[0] >= 0:
        return found
    at, flags = 10, _MORE
    while flags & _MORE and at + 4 <= len(outline):
        flags, part = struct.unpack_from(">HH", outline, at)
        found.append((at + 2, part))
        at += 8 if flags & _ARGUMENTS_ARE_WORDS else 6
        at += 2 if flags & _HAS_SCALE else 4 if flags & _HAS_XY_SCALE else 8 if flags & _HAS_MATRIX else 0
    return found


def _renumbered(outline: bytes, numbers: Mapping[int, int]) -> bytes:
    return _patched(outline, *((at, struct.pack(">H", numbers.get(old, 0))) for at, old in _components(outline)))


def _patched(raw: bytes, *changes: tuple[int, bytes]) -> bytes:
    made = bytearray(raw)
    for at, new in changes:
        if at + len(new) > len(made):
            raise Unsupported(_BROKEN)
        made[at : at + len(new)] = new
    return bytes(made)


def _read_charmap(sub: bytes) -> dict[int, int]:
    """Read a subtable of format 0, 4, 6 or 12; others and broken ones are empty."""
    try:
        form = struct.unpack_from(">H", sub)[0]
        if form == 0:
            return {code: glyph for code, glyph in enumerate(sub[6:262]) if glyph}
        if form == 6:
            first, count = struct.unpack_from(">HH", sub, 6)
            count = min(count, (len(sub) - 10) // 2)
            return {first + step: g for step, g in enumerate(struct.unpack_from(f">{count}H", sub, 10)) if g}
        if form == 12:
            return _read_groups(sub)
        return _read_segments(sub) if form == 4 else {}
    except struct.error:
        return {}


def _read_groups(sub: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    for group in range(min(struct.unpack_from(">I", sub, 12)[0], (len(sub) - 16) // 12)):
        first, last, glyph = struct.unpack_from(">III", sub, 16 + 12 * group)
        found.update((code, glyph + code - first) for code in range(first, min(last, first + 0xFFFF) + 1))
    return found


def _read_segments(sub: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    count = struct.unpack_from(">H", sub, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", sub, 14)
    starts = struct.unpack_from(f">{count}H", sub, 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", sub, 16 + 4 * count)
    base = 16 + 6 * count
    for segment, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        offset = struct.unpack_from(">H", sub, base + 2 * segment)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            if not offset:
                glyph = (code + delta) & 0xFFFF
            else:
                at = base + 2 * segment + offset + 2 * (code - first)
                inner = struct.unpack_from(">H", sub, at)[0] if at + 2 <= len(sub) else 0
                glyph = (inner + delta) & 0xFFFF if inner else 0
            if glyph:
                found[code] = glyph
    return found


def _written_charmaps(charmaps: Sequence[Charmap], numbers: Mapping[int, int]) -> bytes:
    ordered = sorted(charmaps, key=lambda charmap: charmap[:2])
    head, bodies, at = [struct.pack(">HH", 0, len(ordered))], [], 4 + 8 * len(ordered)
    for charmap in ordered:
        mapped = {code: numbers[old] for code, old in charmap.glyphs.items() if old in numbers and code < 0xFFFF}
        body = _bytes_form(mapped) if charmap.platform == 1 else _segments_form(mapped)
        head.append(struct.pack(">HHI", charmap.platform, charmap.encoding, at))
        bodies.append(body)
        at += len(body)
    return b"".join(head + bodies)


def _bytes_form(mapped: Mapping[int, int]) -> bytes:
    """Write format 6, which takes 16-bit glyph numbers for 8-bit codes."""
    codes = sorted(code for code in mapped if code < 256)
    first, last = (codes[0], codes[-1]) if codes else (0, 0)
    glyphs = [mapped.get(code, 0) for code in range(first, last + 1)]
    return struct.pack(f">HHHHH{len(glyphs)}H", 6, 10 + 2 * len(glyphs), 0, first, len(glyphs), *glyphs)


def _segments_form(mapped: Mapping[int, int]) -> bytes:
    """Write format 4 with one segment for each run of codes whose glyphs run along."""
    segments: list[list[int]] = []
    for code in sorted(mapped):
        glyph = mapped[code]
        if segments and segments[-1][1] == code - 1 and segments[-1][2] == (glyph - code) & 0xFFFF:
            segments[-1][1] = code
        else:
            segments.append([code, code, (glyph - code) & 0xFFFF])
    segments.append([0xFFFF, 0xFFFF, 1])
    count = len(segments)
    power = 1 << (count.bit_length() - 1)
    length = 16 + 8 * count
    columns = (
        [last for _, last, _ in segments],
        [0],
        [first for first, _, _ in segments],
        [delta for _, _, delta in segments],
        [0] * count,
    )
    values = [value for column in columns for value in column]
    head = (4, length, 0, 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    return struct.pack(f">7H{len(values)}H", *head, *values)


def _assembled(made: Mapping[bytes, bytes]) -> bytes:
    count = len(made)
    power = 1 << (count.bit_length() - 1)
    head = [struct.pack(">IHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))]
    bodies, at, place_of_head = [], 12 + 16 * count, 0
    for tag in sorted(made):
        body = made[tag]
        if tag == b"head":
            place_of_head = at
        head.append(struct.pack(">4sIII", tag, _checksum(body), at, len(body)))
        padded = body + b"\0" * (-len(body) % 4)
        bodies.append(padded)
        at += len(padded)
    file = bytearray(b"".join(head + bodies))
    struct.pack_into(">I", file, place_of_head + 8, (_CHECKSUM_OF_ALL - _checksum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)


def _checksum(raw: bytes) -> int:
    padded = raw + b"\0" * (-len(raw) % 4)
    total: int = sum(struct.unpack(f">{len(padded) // 4}I", padded))
    return total & 0xFFFFFFFF
