"""Cuts a CFF font down to the drawn glyphs: new order, no shared subroutines, no name of a glyph that went.

Subroutines are written out in the glyphs that call them: a subroutine left over would be a part of a letter left over.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.cffLib.transforms import desubroutinize
from fontTools.ttLib import TTFont

from redactor.redact.surgery.unsupported import Unsupported

_BROKEN = "font file that cannot be pruned"
_ACCENTED_OPERANDS = 4  # endchar with so many operands more draws two other glyphs (Type 2 charstring format, C)


class Cff:
    """A CFF font program.

    Raises:
        Unsupported: if it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        self._around = TTFont(recalcBBoxes=False)
        self._set = CFFFontSet()
        try:
            self._set.decompile(io.BytesIO(content), self._around)
            self._top: Any = self._set[self._set.fontNames[0]]
            self.names: list[str] = list(self._top.charset)
            self.keyed_by_cid = hasattr(self._top, "ROS")
            self.encoding = self._own_encoding()
        except Exception:  # the library raises whatever its reader meets in a broken font
            raise Unsupported(_BROKEN) from None

    def _own_encoding(self) -> dict[int, str]:
        own = None if self.keyed_by_cid else self._top.Encoding
        return {code: glyph for code, glyph in enumerate(own) if glyph != ".notdef"} if isinstance(own, list) else {}

    @property
    def standard_encoding(self) -> bool:
        """True where the font has no encoding of its own."""
        return not self.keyed_by_cid and not isinstance(self._top.Encoding, list)

    def pruned(self, keep: Sequence[int], cids: Sequence[int] = (), codes: dict[str, int] | None = None) -> bytes:
        """Return a font program of some glyphs in the order given.

        Args:
            keep: glyph numbers; the missing glyph (0) always comes first.
            cids: for fonts keyed by CID, the new CID of each glyph to keep.
            codes: for simple fonts, the new encoding.

        Raises:
            Unsupported: if the font is broken.
        """
        try:
            return self._pruned(keep, cids, codes or {})
        except Unsupported:
            raise
        except Exception:
            raise Unsupported(_BROKEN) from None

    def _pruned(self, keep: Sequence[int], cids: Sequence[int], codes: dict[str, int]) -> bytes:
        top, strings = self._top, self._top.CharStrings
        new_cid = dict(zip(keep, cids, strict=False))
        order = list(dict.fromkeys([0, *(glyph for glyph in keep if glyph < len(self.names))]))
        index = strings.charStringsIndex
        kept = [index[glyph] for glyph in order]
        if hasattr(top, "FDSelect"):
            top.FDSelect.format = None
            top.FDSelect.gidArray = [top.FDSelect.gidArray[glyph] for glyph in order]
        index.items = kept
        for gone in ("file", "offsets"):
            if hasattr(index, gone):
                delattr(index, gone)
        if self.keyed_by_cid:
            names = [".notdef", *(f"cid{new_cid.get(glyph, number):05d}" for number, glyph in enumerate(order[1:], 1))]
        else:
            names = [self.names[glyph] for glyph in order]
        strings.charStrings = {name: number for number, name in enumerate(names)}
        top.charset, top.numGlyphs = names, len(names)
        desubroutinize(self._set)
        for drawn in kept:
            if _is_accented(drawn.program):
                raise Unsupported("glyph made of two others")
        if self.encoding and not self.keyed_by_cid:
            table = [".notdef"] * 256
            for glyph, code in codes.items():
                table[code] = glyph
            top.Encoding = table
        for telling in ("UniqueID", "XUID", "Notice", "Copyright"):
            top.rawDict.pop(telling, None)
            top.__dict__.pop(telling, None)
        written = io.BytesIO()
        self._set.compile(written, self._around, isCFF2=False)
        return written.getvalue()


def _is_accented(program: Sequence[Any]) -> bool:
    """Say whether a charstring ends by drawing two other glyphs."""
    if not program or program[-1] != "endchar":
        return False
    operands = 0
    for token in reversed(program[:-1]):
        if isinstance(token, str):
            break
        operands += 1
    return operands >= _ACCENTED_OPERANDS
