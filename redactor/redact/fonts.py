"""Prunes fonts to what the pages still draw: leftover letters of a subset font would tell which names were removed.

Outlines that nobody uses are blanked (glyph numbers stay), maps to Unicode, widths and encodings list used codes only.
"""

from __future__ import annotations

import io

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pdfminer.encodingdb import EncodingDB
from pikepdf import Array, Dictionary, Name, Object, Stream

from redactor.redact.sheets import to_unicode
from redactor.redact.surgery.lexer import instructions, name, string
from redactor.redact.surgery.typefaces import Typeface
from redactor.redact.surgery.unicode import meanings
from redactor.redact.surgery.unsupported import Unsupported

Key = tuple[int, int]

_DROPPED_TABLES = (
    "name",
    "GSUB",
    "GPOS",
    "GDEF",
    "kern",
    "hdmx",
    "LTSH",
    "VDMX",
    "DSIG",
    "gasp",
    "morx",
    "meta",
    "FFTM",
)
_END_OF_GLYPH = b"\x0e"
_DEEPEST = 24


class Usage:
    """The codes that pages draw with each font."""

    def __init__(self) -> None:
        self.codes: dict[Key, set[bytes]] = {}
        self.faces: dict[Key, Typeface] = {}
        self._now: set[Key] = set()

    def add(self, page: Object) -> set[Key]:
        """Note what a page draws; return the fonts that it uses.

        Raises:
            Unsupported: if the page cannot be followed.
        """
        self._now = set()
        self._follow(page["/Contents"].read_bytes(), page["/Resources"], None, 0)
        return self._now

    def _follow(self, content: bytes, resources: Object, font: Key | None, depth: int) -> None:
        if depth > _DEEPEST:
            raise Unsupported("forms nested too deeply")
        stack: list[Key | None] = []
        fonts, things = resources.get("/Font"), resources.get("/XObject")
        for step in instructions(content):
            operator = step.operator
            if operator == b"Tf" and isinstance(fonts, Dictionary):
                font = self._face(fonts[name(step.operands[0])])
            elif operator in (b"Tj", b"'", b'"') and font is not None:
                self._note(font, step.operands[-1])
            elif operator == b"TJ" and font is not None:
                for token in step.operands:
                    if token[:1] in (b"(", b"<"):
                        self._note(font, token)
            elif operator == b"q":
                stack.append(font)
            elif operator == b"Q":
                font = stack.pop() if stack else font
            elif operator == b"Do" and isinstance(things, Dictionary):
                form = things[name(step.operands[0])]
                if form.get("/Subtype") == Name.Form:
                    self._follow(form.read_bytes(), form.get("/Resources", resources), font, depth + 1)

    def _face(self, font: Object) -> Key | None:
        key = font.objgen
        if key == (0, 0):
            return None
        if key not in self.faces:
            self.faces[key] = Typeface(font)
            self.codes[key] = set()
        self._now.add(key)
        return key

    def _note(self, font: Key, token: bytes) -> None:
        self.codes[font].update(sign.code for sign in self.faces[font].signs(string(token)))


def prune(pdf: pikepdf.Pdf, face: Typeface, codes: set[bytes]) -> None:
    """Prune one font in place.

    Raises:
        Unsupported: if its file cannot be pruned.
    """
    font = face.font
    known = meanings(font)
    if "/ToUnicode" in font:
        kept = {code: text for code, text in known.items() if code in codes}
        font["/ToUnicode"] = pdf.make_stream(to_unicode(kept))
    if face.type3:
        _prune_type3(font, codes)
        return
    holder = font["/DescendantFonts"][0] if face.composite else font
    if face.composite:
        _prune_cid_widths(face, holder, codes)
    else:
        _prune_simple(font, codes)
    descriptor = holder.get("/FontDescriptor")
    if not isinstance(descriptor, Dictionary):
        return
    for key in ("/CharSet", "/CIDSet"):
        if key in descriptor:
            del descriptor[key]
    _prune_file(pdf, face, holder, descriptor, codes, known)


def _prune_file(
    pdf: pikepdf.Pdf, face: Typeface, holder: Object, descriptor: Object, codes: set[bytes], known: dict[bytes, str]
) -> None:
    if "/FontFile2" in descriptor:
        content = _blanked_truetype(face, holder, descriptor["/FontFile2"].read_bytes(), codes, known)
        descriptor["/FontFile2"] = pdf.make_stream(content, Length1=len(content))
    elif "/FontFile3" in descriptor:
        file = descriptor["/FontFile3"]
        subtype = file.get("/Subtype")
        if subtype == Name.OpenType:
            raise Unsupported("OpenType font file")
        content = _blanked_cff(face, file.read_bytes(), codes)
        descriptor["/FontFile3"] = pdf.make_stream(content, Subtype=subtype)
    elif "/FontFile" in descriptor:
        raise Unsupported("Type 1 font file")


def _prune_type3(font: Object, codes: set[bytes]) -> None:
    encoding = font.get("/Encoding")
    procedures = font.get("/CharProcs")
    if not isinstance(encoding, Dictionary) or not isinstance(procedures, Dictionary):
        raise Unsupported("Type 3 font without encoding")
    names = _differences(encoding)
    used = {names[code] for code in names if bytes([code]) in codes}
    font["/CharProcs"] = Dictionary({key: procedures[key] for key in used if key in procedures})
    _prune_simple(font, codes)


def _prune_simple(font: Object, codes: set[bytes]) -> None:
    widths = font.get("/Widths")
    if isinstance(widths, Array):
        first = int(font.get("/FirstChar", 0))
        font["/Widths"] = Array(
            [width if 0 <= first + i < 256 and bytes([first + i]) in codes else 0 for i, width in enumerate(widths)]
        )
    encoding = font.get("/Encoding")
    if isinstance(encoding, Dictionary) and "/Differences" in encoding:
        listed = Array()
        for code, glyph in sorted(_differences(encoding).items()):
            if bytes([code]) in codes:
                listed.append(code)
                listed.append(Name(glyph))
        kept = Dictionary({key: encoding[key] for key in ("/Type", "/BaseEncoding") if key in encoding})
        kept["/Differences"] = listed
        font["/Encoding"] = kept


def _differences(encoding: Object) -> dict[int, str]:
    found, code = {}, 0
    for entry in list(encoding.get("/Differences", Array())):
        if isinstance(entry, Name):
            if 0 <= code < 256:
                found[code] = str(entry)
            code += 1
        else:
            code = int(entry)
    return found


def _prune_cid_widths(face: Typeface, holder: Object, codes: set[bytes]) -> None:
    listed = Array()
    for cid in sorted({face.cid(code) for code in codes}):
        width = face.cid_width(cid)
        if width is not None:
            listed.append(cid)
            listed.append(Array([width]))
    holder["/W"] = listed
    for key in ("/W2",):
        if key in holder and not face.vertical:
            del holder[key]


def _blanked_truetype(
    face: Typeface, holder: Object, content: bytes, codes: set[bytes], known: dict[bytes, str]
) -> bytes:
    try:
        font = TTFont(io.BytesIO(content), lazy=False, recalcBBoxes=False, recalcTimestamp=False)
        order = font.getGlyphOrder()
        keep = _truetype_glyphs(face, holder, font, codes, known)
        table = font["glyf"]
        waiting = list(keep)
        while waiting:
            glyph = table[order[waiting.pop()]]
            if glyph.isComposite():
                inner = {font.getGlyphID(part.glyphName) for part in glyph.components} - keep
                keep |= inner
                waiting += inner
        for number, glyph_name in enumerate(order):
            if number not in keep:
                empty = Glyph()
                empty.numberOfContours = 0
                table.glyphs[glyph_name] = empty
                if "hmtx" in font:
                    font["hmtx"].metrics[glyph_name] = (0, 0)
        if "cmap" in font:
            for sub in font["cmap"].tables:
                if hasattr(sub, "cmap"):
                    sub.cmap = {point: g for point, g in sub.cmap.items() if font.getGlyphID(g) in keep}
        for tag in _DROPPED_TABLES:
            if tag in font:
                del font[tag]
        if "post" in font:
            font["post"].formatType = 3.0
        written = io.BytesIO()
        font.save(written)
    except (TTLibError, KeyError, IndexError, AttributeError, ValueError, TypeError, AssertionError, OverflowError):
        raise Unsupported("font file that cannot be pruned") from None
    except Exception:  # struct.error and the like: the library raises what its reader meets
        raise Unsupported("font file that cannot be pruned") from None
    return written.getvalue()


def _truetype_glyphs(
    face: Typeface, holder: Object, font: TTFont, codes: set[bytes], known: dict[bytes, str]
) -> set[int]:
    """Return the glyph numbers that the used codes may draw."""
    keep, count = {0}, len(font.getGlyphOrder())
    if face.composite:
        table = holder.get("/CIDToGIDMap")
        mapped = table.read_bytes() if isinstance(table, Stream) else None
        for code in codes:
            cid = face.cid(code)
            keep.add(cid if mapped is None else int.from_bytes(mapped[2 * cid : 2 * cid + 2], "big"))
        return {number for number in keep if number < count}
    if "cmap" not in font:
        raise Unsupported("simple font file without character map")
    texts = {ord(known[code]) for code in codes if len(known.get(code, "")) == 1}
    texts |= _encoded(face.font, codes)
    points = {code[0] for code in codes}
    symbolic = not texts
    for sub in font["cmap"].tables:
        for point, glyph_name in getattr(sub, "cmap", {}).items():
            by_code = point in points if sub.platformID == 1 else (0xF000 <= point <= 0xF0FF and point & 0xFF in points)
            if by_code or point in texts or (symbolic and point & 0xFF in points):
                keep.add(font.getGlyphID(glyph_name))
    return keep


def _encoded(font: Object, codes: set[bytes]) -> set[int]:
    """Return the Unicode values that a simple font's encoding gives to the used codes."""
    encoding = font.get("/Encoding")
    if isinstance(encoding, Dictionary):
        base, changed = str(encoding.get("/BaseEncoding", "/StandardEncoding"))[1:], _differences(encoding)
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


def _blanked_cff(face: Typeface, content: bytes, codes: set[bytes]) -> bytes:
    try:
        fonts = CFFFontSet()
        around = TTFont(recalcBBoxes=False)
        fonts.decompile(io.BytesIO(content), around)
        top = fonts[fonts.fontNames[0]]
        keep = _cff_glyphs(face, top, codes)
        strings = top.CharStrings
        for glyph in top.charset:
            if glyph not in keep:
                drawn = strings[glyph]
                drawn.bytecode, drawn.program = _END_OF_GLYPH, None
        if not hasattr(top, "ROS"):
            _rename_unused(top, keep)
        written = io.BytesIO()
        fonts.compile(written, around, isCFF2=False)
    except Unsupported:
        raise
    except Exception:  # the library raises whatever its reader meets in a broken font
        raise Unsupported("font file that cannot be pruned") from None
    return written.getvalue()


def _cff_glyphs(face: Typeface, top: object, codes: set[bytes]) -> set[str]:
    charset: list[str] = top.charset  # type: ignore[attr-defined]
    if face.composite:
        cids = {face.cid(code) for code in codes}
        if hasattr(top, "ROS"):
            return {".notdef", charset[0]} | {f"cid{cid:05d}" for cid in cids}
        return {charset[0]} | {charset[cid] for cid in cids if cid < len(charset)}
    own = top.Encoding  # type: ignore[attr-defined]
    names: dict[int, str] = {}
    if isinstance(own, list):
        names = dict(enumerate(own))
    encoding = face.font.get("/Encoding")
    keep = {charset[0]}
    texts = _encoded(face.font, codes)
    if isinstance(encoding, Dictionary):
        names.update({code: glyph[1:] for code, glyph in _differences(encoding).items()})
    used = {names[code[0]] for code in codes if names.get(code[0]) in charset}
    keep |= used
    from fontTools.agl import toUnicode

    for glyph in charset:
        text = toUnicode(glyph)
        if len(text) == 1 and (
            ord(text) in texts or (not isinstance(own, list) and text.encode("latin-1", "ignore") in codes)
        ):
            keep.add(glyph)
    return keep


def _rename_unused(top: object, keep: set[str]) -> None:
    """Give unused glyphs of a name-keyed font names that say nothing."""
    strings = top.CharStrings  # type: ignore[attr-defined]
    renamed, table = [], {}
    for number, glyph in enumerate(top.charset):  # type: ignore[attr-defined]
        new = glyph if glyph in keep else f"unused{number}"
        renamed.append(new)
        table[new] = strings.charStrings[glyph]
    top.charset = renamed  # type: ignore[attr-defined]
    strings.charStrings = table
    own = top.Encoding  # type: ignore[attr-defined]
    if isinstance(own, list):
        top.Encoding = [glyph if glyph in keep else ".notdef" for glyph in own]  # type: ignore[attr-defined]
