"""Cuts a Type 1 font program down to the drawn glyphs (Adobe Type 1 Font Format, 1990, chapters 2 and 7).

Only the entries of glyphs that nothing draws are left out; everything else of the program stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc.eexec import decrypt, encrypt

from redactor.redact.surgery.unsupported import Unsupported

_BROKEN = "font file that cannot be pruned"
_EEXEC_KEY, _CHARSTRING_KEY, _LEADING = 55665, 4330, 4
_PFB_MARK = 0x80
_EEXEC = re.compile(rb"\beexec[ \t]*(?:\r\n|\r|\n|[ \t])")
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f\s]{8}")
_LEN_IV = re.compile(rb"/lenIV\s+(\d+)")
_CHARSTRINGS = re.compile(rb"/CharStrings\s+(\d+)")
_ENTRY = re.compile(rb"/([^\s/{}\[\]()<>%]*)\s+(\d+)\s+(?:RD|-\||\S+)\s")
_ENCODED = re.compile(rb"dup\s+(\d+)\s*/([^\s/{}\[\]()<>%]+)\s+put[ \t]*\r?\n?")
_ACCENTED = b"\x0c\x06"  # seac: draws two glyphs of the standard encoding


class Type1:
    """A Type 1 font program.

    Raises:
        Unsupported: if it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        content = _without_segments(content)
        found = _EEXEC.search(content)
        if found is None:
            raise Unsupported(_BROKEN)
        self._clear, coded = content[: found.end()], content[found.end() :]
        self._private = _decrypted(coded)
        match = _LEN_IV.search(self._private)
        self._random = int(match.group(1)) if match else _LEADING
        self._start, self._end, self._entries = self._read()
        self.encoding = {int(code): name.decode("latin-1") for code, name in _ENCODED.findall(self._clear)}

    @property
    def names(self) -> frozenset[str]:
        """Names of the glyphs that the program can draw."""
        return frozenset(self._entries)

    def _read(self) -> tuple[int, int, dict[str, tuple[int, int, bytes]]]:
        """Return where the first entry begins and the last ends, and of each glyph its entry and its charstring."""
        headings = list(_CHARSTRINGS.finditer(self._private))
        if len(headings) != 1:
            raise Unsupported(_BROKEN)
        (heading,) = headings
        at = self._private.find(b"/", heading.end())
        start, entries = at, {}
        while match := _ENTRY.match(self._private, at):
            first = match.end()
            last = first + int(match.group(2))
            following = self._private.find(b"/", last)
            ended = self._private.find(b"end", last)
            if last > len(self._private) or ended < 0:
                raise Unsupported(_BROKEN)
            at = following if 0 <= following < ended else ended
            entries[match.group(1).decode("latin-1")] = (match.start(), at, self._private[first:last])
            if at == ended:
                return start, at, entries
        raise Unsupported(_BROKEN)  # what is not understood to its end may hold more glyphs

    def pruned(self, keep: Collection[str], codes: dict[int, str]) -> tuple[bytes, int, int]:
        """Return a program that draws some glyphs only, and the lengths of its clear and its encrypted part.

        Args:
            keep: names of glyphs.
            codes: the encoding to write, where the program brings one along.
        """
        wanted = {".notdef", *keep}
        for name in list(wanted):
            if name in self._entries:
                wanted |= self._parts(self._entries[name][2])
        kept = [self._private[a:b] for name, (a, b, _) in self._entries.items() if name in wanted]
        private = self._private[: self._start] + b"".join(sorted(kept)) + self._private[self._end :]
        private = _CHARSTRINGS.sub(b"/CharStrings %d" % len(kept), private, count=1)
        clear = self._written_encoding(codes)
        coded, _ = encrypt(b"\0" * _LEADING + private, _EEXEC_KEY)
        trailer = (b"0" * 64 + b"\n") * 8 + b"cleartomark\n"
        return clear + coded + trailer, len(clear), len(coded)

    def _parts(self, charstring: bytes) -> set[str]:
        """Return the glyphs that an accented one is made of."""
        plain, _ = decrypt(charstring, _CHARSTRING_KEY) if self._random else (charstring, 0)
        plain = plain[self._random :]
        at = plain.find(_ACCENTED)
        if at < 0:
            return set()
        numbers = _numbers(plain[:at])
        if len(numbers) < 2 or not all(0 <= number < 256 for number in numbers[-2:]):
            raise Unsupported("glyph made of two others")
        return {StandardEncoding[number] for number in numbers[-2:]}

    def _written_encoding(self, codes: dict[int, str]) -> bytes:
        first = _ENCODED.search(self._clear)
        if first is None:
            return self._clear
        listed = b"".join(b"dup %d /%s put\n" % (code, name.encode("latin-1")) for code, name in sorted(codes.items()))
        return self._clear[: first.start()] + listed + _ENCODED.sub(b"", self._clear[first.start() :])


def _without_segments(content: bytes) -> bytes:
    """Take the segment headers of a PFB file away."""
    if not content or content[0] != _PFB_MARK:
        return content
    parts, at = [], 0
    while at + 6 <= len(content) and content[at] == _PFB_MARK and content[at + 1] in (1, 2):
        length = int.from_bytes(content[at + 2 : at + 6], "little")
        parts.append(content[at + 6 : at + 6 + length])
        at += 6 + length
    return b"".join(parts)


def _decrypted(coded: bytes) -> bytes:
    if _HEXADECIMAL.match(coded):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", coded)
        coded = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    plain, _ = decrypt(coded, _EEXEC_KEY)
    end = plain.rfind(b"closefile")
    return bytes(plain[_LEADING : end + len(b"closefile") + 1] if end >= 0 else plain[_LEADING:])


def _numbers(plain: bytes) -> list[int]:
    """Read the numbers of a charstring (chapter 6.2); operators clear nothing that matters here."""
    found, at = [], 0
    while at < len(plain):
        first = plain[at]
        if first >= 32:
            if first <= 246:
                found.append(first - 139)
                at += 1
            elif first <= 250 and at + 1 < len(plain):
                found.append((first - 247) * 256 + plain[at + 1] + 108)
                at += 2
            elif first <= 254 and at + 1 < len(plain):
                found.append(-(first - 251) * 256 - plain[at + 1] - 108)
                at += 2
            else:
                found.append(int.from_bytes(plain[at + 1 : at + 5], "big", signed=True))
                at += 5
        else:
            at += 2 if first == 12 else 1
    return found
