"""Cuts the strings of composite fonts into codes and maps each to its CID: identity, embedded and predefined CMaps."""

from __future__ import annotations

import re
from typing import Protocol

from pdfminer.cmapdb import CMapDB
from pikepdf import Name, Object, Stream

from redactor.redact.surgery.unsupported import Unsupported

_HEX = rb"<([0-9A-Fa-f\s]+)>"
_BLOCK = re.compile(rb"begin(codespacerange|cidchar|cidrange|notdefchar|notdefrange)(.*?)end\1", re.S)
_PAIR = re.compile(_HEX + rb"\s*" + _HEX)
_CHARACTER = re.compile(_HEX + rb"\s*(\d+)")
_RANGE = re.compile(_HEX + rb"\s*" + _HEX + rb"\s*(\d+)")
_USED = re.compile(rb"/([^\s/<>\[\]()]+)\s+usecmap")
_VERTICAL = re.compile(rb"/WMode\s+1\b")
_SPACE = re.compile(rb"\s")
_LONGEST_CODE = 4
_MOST_NESTED = 8


class CMap(Protocol):
    """Cuts and maps the strings of one composite font."""

    vertical: bool

    def split(self, text: bytes) -> list[tuple[bytes, int]]:
        """Return each code with its CID; raises Unsupported where the string does not fit."""


class Identity:
    """Two bytes a code, the code is the CID."""

    def __init__(self, *, vertical: bool) -> None:
        self.vertical = vertical

    def split(self, text: bytes) -> list[tuple[bytes, int]]:
        """Return each code with its CID."""
        if len(text) % 2:
            raise Unsupported("odd string in a two-byte font")
        return [(text[i : i + 2], text[i] << 8 | text[i + 1]) for i in range(0, len(text), 2)]


class Embedded:
    """A CMap that the file brings along, on top of those that it uses."""

    def __init__(self, source: bytes, below: CMap | None) -> None:
        self._below = below
        self.vertical = bool(_VERTICAL.search(source))
        self._spaces: list[tuple[bytes, bytes]] = []
        self._single: dict[bytes, int] = {}
        self._ranges: list[tuple[bytes, bytes, int]] = []
        for match in _BLOCK.finditer(source):
            kind, body = match.groups()
            if kind == b"codespacerange":
                self._spaces += [(_bytes(low), _bytes(high)) for low, high in _PAIR.findall(body)]
            elif kind == b"cidchar":
                self._single.update((_bytes(code), int(cid)) for code, cid in _CHARACTER.findall(body))
            elif kind == b"cidrange":
                self._ranges += [(_bytes(a), _bytes(b), int(cid)) for a, b, cid in _RANGE.findall(body)]
        if not self._spaces and below is None:
            raise Unsupported("CMap without code space")

    def split(self, text: bytes) -> list[tuple[bytes, int]]:
        """Return each code with its CID."""
        if not self._spaces and self._below is not None:
            return [(code, self._cid(code, cid)) for code, cid in self._below.split(text)]
        found, at = [], 0
        while at < len(text):
            code = self._code(text, at)
            found.append((code, self._cid(code, None)))
            at += len(code)
        return found

    def _code(self, text: bytes, at: int) -> bytes:
        for length in range(1, _LONGEST_CODE + 1):
            code = text[at : at + length]
            if len(code) == length and any(_within(code, low, high) for low, high in self._spaces):
                return code
        raise Unsupported("code outside the CMap's code space")

    def _cid(self, code: bytes, known: int | None) -> int:
        if code in self._single:
            return self._single[code]
        for low, high, cid in self._ranges:
            if len(low) == len(code) and low <= code <= high:
                return cid + int.from_bytes(code, "big") - int.from_bytes(low, "big")
        if known is not None:
            return known
        if self._below is not None:
            ((_, cid),) = self._below.split(code)
            return cid
        return 0


class Predefined:
    """One of Adobe's named CMaps, from pdfminer's tables."""

    def __init__(self, name: str) -> None:
        self.vertical = name.endswith("V")
        try:
            self._tree = CMapDB.get_cmap(name).code2cid  # type: ignore[attr-defined]
        except (CMapDB.CMapNotFound, AttributeError, ValueError, OSError):
            raise Unsupported("unknown CMap") from None

    def split(self, text: bytes) -> list[tuple[bytes, int]]:
        """Return each code with its CID."""
        found, at = [], 0
        while at < len(text):
            node, end = self._tree, at
            while not isinstance(node, int):
                node = node.get(text[end]) if end < len(text) else None
                end += 1
                if node is None:
                    raise Unsupported("code outside the CMap's code space")
            found.append((text[at:end], node))
            at = end
        return found


def cmap_of(encoding: Object | None, depth: int = 0) -> CMap:
    """Return the CMap for a composite font's encoding.

    Raises:
        Unsupported: if it is missing, unknown or nested too deeply.
    """
    if depth > _MOST_NESTED:
        raise Unsupported("CMaps use one another")
    if isinstance(encoding, Name):
        return _named(str(encoding)[1:])
    if isinstance(encoding, Stream):
        source = encoding.read_bytes()
        below = None
        if "/UseCMap" in encoding:
            below = cmap_of(encoding["/UseCMap"], depth + 1)
        elif used := _USED.search(source):
            below = _named(used.group(1).decode("latin-1"))
        made = Embedded(source, below)
        made.vertical = made.vertical or encoding.get("/WMode") == 1
        return made
    raise Unsupported("composite font without encoding")


def _named(name: str) -> CMap:
    if name in ("Identity-H", "Identity-V"):
        return Identity(vertical=name.endswith("V"))
    return Predefined(name)


def _bytes(digits: bytes) -> bytes:
    clean = _SPACE.sub(b"", digits)
    return bytes.fromhex((clean + b"0" * (len(clean) % 2)).decode("ascii"))


def _within(code: bytes, low: bytes, high: bytes) -> bool:
    return len(low) == len(code) == len(high) and all(a <= x <= b for a, x, b in zip(low, code, high, strict=True))
