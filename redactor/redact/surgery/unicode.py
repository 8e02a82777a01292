"""Reads a font's own map from codes to characters."""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Object, Stream

_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf\1", re.S)
_HEX = rb"<([0-9A-Fa-f\s]*)>"
_CHARACTER = re.compile(_HEX + rb"\s*" + _HEX)
_RANGE = re.compile(_HEX + rb"\s*" + _HEX + rb"\s*(?:" + _HEX + rb"|\[(.*?)\])", re.S)
_LISTED = re.compile(_HEX)
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")
_LONGEST_RANGE = 0x10000


def meanings(font: Object) -> dict[bytes, str]:
    """Return what the font says each code means; empty if it says nothing that can be read."""
    stream = font.get("/ToUnicode")
    if not isinstance(stream, Stream):
        return {}
    try:
        source = stream.read_bytes()
    except pikepdf.PdfError:
        return {}
    found: dict[bytes, str] = {}
    for match in _BLOCK.finditer(source):
        if match.group(1) == b"char":
            found.update((_bytes(code), _text(text)) for code, text in _CHARACTER.findall(match.group(2)))
        else:
            for low, high, start, listed in _RANGE.findall(match.group(2)):
                _add_range(found, _bytes(low), _bytes(high), _bytes(start), listed)
    return found


def _add_range(found: dict[bytes, str], low: bytes, high: bytes, start: bytes, listed: bytes) -> None:
    first, size = int.from_bytes(low, "big"), len(low)
    count = min(int.from_bytes(high, "big") - first + 1, _LONGEST_RANGE, 256**size - first)
    if listed:
        for step, text in enumerate(_LISTED.findall(listed)[: max(count, 0)]):
            found[(first + step).to_bytes(size, "big")] = _text(text)
        return
    for step in range(count):
        last = int.from_bytes(start[-2:], "big") + step
        text = start[:-2] + (last & 0xFFFF).to_bytes(2, "big")
        found[(first + step).to_bytes(size, "big")] = text.decode("utf-16-be", "replace")


def _bytes(digits: bytes) -> bytes:
    clean = _NOT_HEX.sub(b"", digits)
    return bytes.fromhex((clean + b"0" * (len(clean) % 2)).decode("ascii"))


def _text(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be", "replace")
