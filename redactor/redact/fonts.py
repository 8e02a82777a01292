"""Prunes fonts to what the pages still draw: leftover letters of a subset font would tell which names were removed.

Font files keep the drawn glyphs alone, in an order of our own; maps to Unicode, widths and
encodings list used codes only.
"""

from __future__ import annotations

import pikepdf
from fontTools.agl import UV2AGL
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding
from pdfminer.encodingdb import EncodingDB
from pikepdf import Array, Dictionary, Name, Object, Stream

from redactor.redact.outlines.cff import Cff
from redactor.redact.outlines.truetype import Charmap, TrueType, table
from redactor.redact.outlines.type1 import Type1
from redactor.redact.sheets import to_unicode
from redactor.redact.surgery.typefaces import Typeface
from redactor.redact.surgery.unicode import meanings
from redactor.redact.surgery.unsupported import Unsupported
from redactor.redact.usage import Codes, differences

_DROPPED = ("/CharSet", "/CIDSet", "/FontFamily", "/Style", "/FD")
_SYMBOL_PAGE = 0xF000
_SYMBOLIC, _NONSYMBOLIC = 4, 32


def prune(pdf: pikepdf.Pdf, face: Typeface, codes: Codes) -> None:
    """Prune one font in place.

    Args:
        pdf: the file.
        face: the font.
        codes: the codes that are drawn, each with the one that it has from now on.

    Raises:
        Unsupported: if its file cannot be pruned.
    """
    _Pruning(pdf, face, codes).run()


class _Pruning:
    def __init__(self, pdf: pikepdf.Pdf, face: Typeface, codes: Codes) -> None:
        self.pdf, self.face, self.codes = pdf, face, codes
        self.font = face.font
        self.known = meanings(face.font)
        self.recoded = any(old != new for old, new in codes.items())
        self.ordered = sorted(codes, key=lambda old: codes[old])

    def run(self) -> None:
        if "/ToUnicode" in self.font:
            kept = {new: self.known[old] for old, new in self.codes.items() if old in self.known}
            self.font["/ToUnicode"] = self.pdf.make_stream(to_unicode(kept))
        if self.face.type3:
            self._type3()
        elif self.face.composite:
            self._composite()
        else:
            self._simple()

    # Type 3

    def _type3(self) -> None:
        procedures = self.font.get("/CharProcs")
        if not isinstance(procedures, Dictionary):
            raise Unsupported("Type 3 font without glyphs")
        names = self._names(frozenset(str(key)[1:] for key in procedures.keys()))  # noqa: SIM118
        kept, listed = Dictionary(), {}
        for old in self.ordered:
            glyph = names.get(old[0])
            if glyph is not None:
                new = self.codes[old][0]
                listed[new] = f"drawn{new}" if self.recoded else glyph
                kept["/" + listed[new]] = procedures["/" + glyph]
        self.font["/CharProcs"] = kept
        self._encode(listed)
        self._simple_widths()

    # simple fonts

    def _simple(self) -> None:
        descriptor = self._descriptor(self.font)
        self._simple_widths()
        if descriptor is None:
            self._prune_encoding()
        elif "/FontFile2" in descriptor:
            self._simple_truetype(descriptor, descriptor["/FontFile2"].read_bytes())
        elif "/FontFile3" in descriptor:
            content = _bare_cff(descriptor["/FontFile3"])
            if content is None:
                self._simple_truetype(descriptor, descriptor["/FontFile3"].read_bytes())
            else:
                self._simple_cff(descriptor, content)
        elif "/FontFile" in descriptor:
            self._type1(descriptor, descriptor["/FontFile"].read_bytes())
        else:
            self._prune_encoding()

    def _simple_widths(self) -> None:
        widths = self.font.get("/Widths")
        if not isinstance(widths, Array) or not self.codes:
            return
        first = int(self.font.get("/FirstChar", 0))
        listed = list(widths)
        placed = {
            new[0]: listed[old[0] - first] for old, new in self.codes.items() if 0 <= old[0] - first < len(listed)
        }
        low, high = (min(placed), max(placed)) if placed else (0, 0)
        self.font["/FirstChar"], self.font["/LastChar"] = low, high
        self.font["/Widths"] = Array([placed.get(code, 0) for code in range(low, high + 1)])

    def _prune_encoding(self) -> None:
        encoding = self.font.get("/Encoding")
        if isinstance(encoding, Dictionary) and "/Differences" in encoding:
            self._encode({code: g[1:] for code, g in differences(encoding).items() if bytes([code]) in self.codes})

    def _encode(self, names: dict[int, str]) -> None:
        """Write an encoding that lists the glyph of each code."""
        encoding = self.font.get("/Encoding")
        base: Object | None = encoding if isinstance(encoding, Name) else None
        if isinstance(encoding, Dictionary):
            base = encoding.get("/BaseEncoding")
        listed = Array()
        for code, glyph in sorted(names.items()):
            listed.append(code)
            listed.append(Name("/" + glyph))
        made = Dictionary(Type=Name.Encoding, Differences=listed)
        if base is not None and not self.recoded:
            made["/BaseEncoding"] = base
        self.font["/Encoding"] = made

    def _names(self, there: frozenset[str], own: dict[int, str] | None = None) -> dict[int, str]:
        """Return which of a font program's glyphs each used code draws."""
        encoding = self.font.get("/Encoding")
        changed = differences(encoding)
        base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
        found = {}
        for code in (old[0] for old in self.codes):
            candidates = [changed.get(code, "/")[1:], _standard_name(base, code), (own or {}).get(code, "")]
            if base is None and not own:
                candidates.append(StandardEncoding[code])
            glyph = next((one for one in candidates if one and one in there), None)
            if glyph is not None:
                found[code] = glyph
        return found

    def _simple_cff(self, descriptor: Object, content: bytes) -> None:
        program = Cff(content)
        if program.keyed_by_cid:
            raise Unsupported("simple font with a composite file")
        numbers = {glyph: number for number, glyph in enumerate(program.names)}
        names = self._names(frozenset(numbers), program.encoding)
        new = {self.codes[bytes([code])][0]: glyph for code, glyph in names.items()}
        keep = list(dict.fromkeys(numbers[new[code]] for code in sorted(new)))
        made = program.pruned(keep, codes={glyph: code for code, glyph in new.items()})
        descriptor["/FontFile3"] = self.pdf.make_stream(made, Subtype=Name.Type1C)
        self._encode(new)

    def _type1(self, descriptor: Object, content: bytes) -> None:
        program = Type1(content)
        names = self._names(program.names, program.encoding)
        new = {self.codes[bytes([code])][0]: glyph for code, glyph in names.items()}
        made, clear, coded = program.pruned(set(new.values()), new)
        rest = len(made) - clear - coded
        descriptor["/FontFile"] = self.pdf.make_stream(made, Length1=clear, Length2=coded, Length3=rest)
        self._encode(new)

    def _simple_truetype(self, descriptor: Object, content: bytes) -> None:
        program = TrueType(content)
        charmaps = program.charmaps()
        if not charmaps:
            raise Unsupported("simple font file without character map")
        kept = [self._used(charmap) for charmap in charmaps]
        if not any(charmap.glyphs for charmap in kept) and any(set(self.known.get(c, "?")) - {" "} for c in self.codes):
            raise Unsupported("glyphs that no character map names")
        if self.recoded:
            by_code = self._by_code(kept)
            kept = [
                Charmap(1, 0, by_code),
                Charmap(3, 0, {_SYMBOL_PAGE + code: glyph for code, glyph in by_code.items()}),
            ]
            descriptor["/Flags"] = int(descriptor.get("/Flags", 0)) & ~_NONSYMBOLIC | _SYMBOLIC
        self._prune_encoding()
        order = dict.fromkeys(charmap.glyphs[code] for charmap in kept for code in sorted(charmap.glyphs))
        made, _ = program.pruned(list(order), kept)
        _put_truetype(self.pdf, descriptor, made)

    def _used(self, charmap: Charmap) -> Charmap:
        """Return the part of a character map that the used codes may lead through."""
        texts = {ord(self.known[code]) for code in self.codes if len(self.known.get(code, "")) == 1}
        texts |= _encoded(self.font, self.codes)
        points = {code[0] for code in self.codes}
        kept = {}
        for point, glyph in charmap.glyphs.items():
            high = point & 0xFF00
            by_code = point in points if charmap.platform == 1 else (high == _SYMBOL_PAGE and point & 0xFF in points)
            if by_code or point in texts or (not texts and point & 0xFF in points):
                kept[point] = glyph
        return Charmap(charmap.platform, charmap.encoding, kept)

    def _by_code(self, kept: list[Charmap]) -> dict[int, int]:
        """Return the glyph of each new code of a symbolic font (ISO 32000-1, 9.6.6.4)."""
        found: dict[int, int] = {}
        for charmap in sorted(kept, key=lambda charmap: (charmap[:2] != (3, 0), charmap[:2] != (1, 0))):
            for old, new in self.codes.items():
                for point in (_SYMBOL_PAGE + old[0], old[0]):
                    if point in charmap.glyphs:
                        found.setdefault(new[0], charmap.glyphs[point])
        return found

    # composite fonts

    def _composite(self) -> None:
        shared = self.font["/DescendantFonts"][0]
        holder = self.pdf.make_indirect(Dictionary({key: shared[key] for key in shared.keys()}))  # noqa: SIM118
        self.font["/DescendantFonts"] = Array([holder])
        self._cid_widths(holder)
        if self.recoded:
            self.font["/Encoding"] = Name("/Identity-H")
        descriptor = self._descriptor(holder)
        if descriptor is None:
            return
        if "/FontFile2" in descriptor:
            self._cid_truetype(holder, descriptor, descriptor["/FontFile2"].read_bytes())
        elif "/FontFile3" in descriptor:
            content = _bare_cff(descriptor["/FontFile3"])
            if content is None:
                self._cid_truetype(holder, descriptor, descriptor["/FontFile3"].read_bytes())
            else:
                self._cid_cff(holder, descriptor, content)
        elif "/FontFile" in descriptor:
            raise Unsupported("composite font with a Type 1 file")

    def _new_cid(self, old: bytes) -> int:
        return int.from_bytes(self.codes[old], "big") if self.recoded else self.face.cid(old)

    def _cid_widths(self, holder: Object) -> None:
        listed = Array()
        for cid, width in sorted(
            {self._new_cid(old): self.face.cid_width(self.face.cid(old)) for old in self.codes}.items()
        ):
            if width is not None:
                listed.append(cid)
                listed.append(Array([width]))
        holder["/W"] = listed
        if "/W2" in holder and not self.face.vertical:
            del holder["/W2"]

    def _cid_truetype(self, holder: Object, descriptor: Object, content: bytes) -> None:
        mapping = holder.get("/CIDToGIDMap")
        mapped = mapping.read_bytes() if isinstance(mapping, Stream) else None
        glyphs = {}
        for old in self.ordered:
            cid = self.face.cid(old)
            glyphs[self._new_cid(old)] = cid if mapped is None else int.from_bytes(mapped[2 * cid : 2 * cid + 2], "big")
        made, numbers = TrueType(content).pruned([glyphs[cid] for cid in sorted(glyphs)])
        table = bytearray(2 * (max(glyphs, default=0) + 1))
        for cid, old_number in glyphs.items():
            table[2 * cid : 2 * cid + 2] = numbers.get(old_number, 0).to_bytes(2, "big")
        holder["/CIDToGIDMap"] = self.pdf.make_stream(bytes(table))
        _put_truetype(self.pdf, descriptor, made)

    def _cid_cff(self, holder: Object, descriptor: Object, content: bytes) -> None:
        if holder.get("/Subtype") != Name.CIDFontType0:
            raise Unsupported("font file of another kind than its font")
        program = Cff(content)
        numbers = {self._new_cid(old): self._glyph(program, self.face.cid(old)) for old in self.ordered}
        numbers = {cid: glyph for cid, glyph in numbers.items() if glyph}
        if not program.keyed_by_cid and list(numbers) != list(range(1, len(numbers) + 1)):
            raise Unsupported("composite font whose codes are glyph numbers")
        made = program.pruned([numbers[cid] for cid in sorted(numbers)], cids=sorted(numbers))
        descriptor["/FontFile3"] = self.pdf.make_stream(made, Subtype=Name.CIDFontType0C)

    def _glyph(self, program: Cff, cid: int) -> int:
        if not program.keyed_by_cid:
            return cid if cid < len(program.names) else 0
        name = f"cid{cid:05d}"
        return program.names.index(name) if name in program.names else 0

    def _descriptor(self, holder: Object) -> Object | None:
        """Return the font's own copy of its descriptor: fonts share them, and each draws other letters."""
        shared = holder.get("/FontDescriptor")
        if not isinstance(shared, Dictionary):
            return None
        kept = {key: shared[key] for key in shared.keys() if key not in _DROPPED}  # noqa: SIM118
        descriptor = self.pdf.make_indirect(Dictionary(kept))
        holder["/FontDescriptor"] = descriptor
        return descriptor


def _put_truetype(pdf: pikepdf.Pdf, descriptor: Object, content: bytes) -> None:
    if "/FontFile3" in descriptor:
        del descriptor["/FontFile3"]
    descriptor["/FontFile2"] = pdf.make_stream(content, Length1=len(content))


def _bare_cff(stream: Object) -> bytes | None:
    """Return the CFF program of a font file; None where its outlines are TrueType's."""
    content: bytes = stream.read_bytes()
    if content[:4] in (b"OTTO", b"\0\1\0\0", b"true"):
        return table(content, b"CFF ")
    return content


def _standard_name(base: Object | None, code: int) -> str:
    if base == Name.WinAnsiEncoding:
        text = bytes([code]).decode("cp1252", "replace")
        return str(UV2AGL.get(ord(text), ""))
    if base == Name.MacRomanEncoding:
        return str(MacRoman[code])
    return str(StandardEncoding[code]) if base == Name.StandardEncoding else ""


def _encoded(font: Object, codes: Codes) -> set[int]:
    """Return the Unicode values that a simple font's encoding gives to the used codes."""
    encoding = font.get("/Encoding")
    if isinstance(encoding, Dictionary):
        base, changed = str(encoding.get("/BaseEncoding", "/StandardEncoding"))[1:], differences(encoding)
    elif isinstance(encoding, Name):
        base, changed = str(encoding)[1:], {}
    else:
        return set()
    characters = dict(EncodingDB.get_encoding(base))
    for code, glyph in changed.items():
        text = EncodingDB.get_encoding("StandardEncoding", [code, _Literal(glyph[1:])]).get(code)
        if text:
            characters[code] = text
    return {ord(characters[code[0]]) for code in codes if len(characters.get(code[0], "")) == 1}


class _Literal:
    """A glyph name in the form that pdfminer's tables expect."""

    def __init__(self, glyph: str) -> None:
        self.name = glyph
