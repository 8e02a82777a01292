"""Notes which codes the finished pages draw with each font, and writes other codes where the old ones tell something.

Programs that embed a subset often number its letters in the order in which a text first needs them. A gap in those
numbers, or a number out of turn, tells which letters a removed word had and where it stood; so such fonts get new
codes, in an order that depends on the letters that stay and on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pikepdf import Array, Dictionary, Name, Object

from redactor.redact.surgery.lexer import Instruction, elements, instructions, name, string
from redactor.redact.surgery.typefaces import Typeface
from redactor.redact.surgery.unicode import meanings
from redactor.redact.surgery.unsupported import Unsupported

Key = tuple[int, int]
Codes = dict[bytes, bytes]  # code as drawn until now -> code to draw from now on

_DEEPEST = 24
_SHOWS = frozenset([b"Tj", b"TJ", b"'", b'"'])
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_DENSE = 1.25  # of the number of codes: a subset numbered along leaves few numbers out
_SPARE = 4
_WORD_SPACE = 32


@dataclass(slots=True)
class _Drawn:
    """A content stream that shows text in fonts that may get new codes."""

    holder: Object
    content: bytes
    shows: list[tuple[Instruction, Key]] = field(default_factory=list)


class Usage:
    """The codes that pages draw with each font."""

    def __init__(self) -> None:
        self.codes: dict[Key, set[bytes]] = {}
        self.faces: dict[Key, Typeface] = {}
        self._cut: dict[Key, dict[bytes, list[bytes]]] = {}  # strings as they stand, cut into codes
        self._numbered: set[Key] = set()
        self._drawn: list[_Drawn] = []
        self._now: set[Key] = set()

    def add(self, page: Object) -> set[Key]:
        """Note what a page draws; return the fonts that it uses.

        Raises:
            Unsupported: if the page cannot be followed.
        """
        self._now = set()
        self._follow(page["/Contents"], page["/Resources"], None, 0)
        return self._now

    def _follow(self, stream: Object, resources: Object, font: Key | None, depth: int) -> None:
        if depth > _DEEPEST:
            raise Unsupported("forms nested too deeply")
        content = stream.read_bytes()
        stack: list[Key | None] = []
        fonts, things = resources.get("/Font"), resources.get("/XObject")
        drawn = _Drawn(stream, content)
        for step in instructions(content):
            operator = step.operator
            if operator == b"Tf" and isinstance(fonts, Dictionary):
                font = self._face(fonts[name(step.operands[0])])
            elif operator in _SHOWS and font is not None:
                self._note(font, step)
                if font in self._numbered:
                    drawn.shows.append((step, font))
            elif operator == b"q":
                stack.append(font)
            elif operator == b"Q":
                font = stack.pop() if stack else font
            elif operator == b"Do" and isinstance(things, Dictionary):
                form = things[name(step.operands[0])]
                if form.get("/Subtype") == Name.Form:
                    self._follow(form, form.get("/Resources", resources), font, depth + 1)
        if drawn.shows:
            self._drawn.append(drawn)

    def _face(self, font: Object) -> Key | None:
        key = font.objgen
        if key == (0, 0):
            return None
        if key not in self.faces:
            self.faces[key] = Typeface(font)
            self.codes[key], self._cut[key] = set(), {}
            if is_numbered_along(self.faces[key]):
                self._numbered.add(key)
        self._now.add(key)
        return key

    def _note(self, font: Key, step: Instruction) -> None:
        cut = self._cut[font]
        for token in elements(step.operands if step.operator == b"TJ" else step.operands[-1:]):
            if token not in cut and token[:1] in (b"(", b"<"):
                cut[token] = self.faces[font].codes(string(token))
                self.codes[font].update(cut[token])

    def recoding(self, key: Key) -> Codes:
        """Return the codes that a font draws, each with the one that it gets."""
        codes = self.codes[key]
        if key not in self._numbered:
            return {code: code for code in codes}
        return _new_codes(self.faces[key], codes)

    def recode(self, recodings: dict[Key, Codes]) -> None:
        """Write the new codes into all content streams that were followed."""
        written: dict[Key, dict[bytes, bytes]] = {
            key: {token: _written(cut, codes) for token, cut in self._cut[key].items()}
            for key, codes in recodings.items()
        }
        for drawn in self._drawn:
            out, at = [], 0
            for step, key in drawn.shows:
                if key not in written:
                    continue
                out += [drawn.content[at : step.start], _renewed(step, written[key])]
                at = step.end
            drawn.holder.write(b"".join([*out, drawn.content[at:]]))


def _renewed(step: Instruction, written: dict[bytes, bytes]) -> bytes:
    if step.operator == b"TJ":
        return b"[" + b" ".join([written.get(token, token) for token in elements(step.operands)]) + b"] TJ"
    return b" ".join([*step.operands[:-1], written.get(step.operands[-1], step.operands[-1]), step.operator])


def _written(cut: Sequence[bytes], codes: Codes) -> bytes:
    return b"<" + b"".join(codes[code] for code in cut).hex().encode("ascii") + b">"


def is_numbered_along(face: Typeface) -> bool:
    """Say whether a font's codes may follow the order in which its letters were first needed."""
    font = face.font
    holder = font["/DescendantFonts"][0] if face.composite else font
    descriptor = holder.get("/FontDescriptor")
    if not face.type3 and not (isinstance(descriptor, Dictionary) and any(f in descriptor for f in _FONT_FILES)):
        return False
    if face.composite:
        return font.get("/Encoding") == Name("/Identity-H") and _is_dense([cid for cid in face.listed() if cid])
    encoding = font.get("/Encoding")
    if isinstance(encoding, Name) or (isinstance(encoding, Dictionary) and "/FontFile2" in (descriptor or {})):
        return False  # codes of a standard encoding tell nothing
    return _is_dense(face.listed())


def _is_dense(codes: list[int]) -> bool:
    return bool(codes) and max(codes) - min(codes) + 1 <= _DENSE * len(codes) + _SPARE


def _new_codes(face: Typeface, codes: set[bytes]) -> Codes:
    known = meanings(face.font)
    names = {} if face.composite else differences(face.font.get("/Encoding"))
    size = 2 if face.composite else 1
    ordered = sorted(codes, key=lambda code: (known.get(code, "\uffff"), names.get(code[0], ""), code))
    made: Codes = {}
    following = 1
    for code in ordered:
        if size == 1 and code[0] == _WORD_SPACE:
            made[code] = code
            continue
        following += size == 1 and following == _WORD_SPACE
        made[code] = following.to_bytes(size, "big")
        following += 1
    return made


def differences(encoding: Object | None) -> dict[int, str]:
    """Return the glyph names, with their slash, by which an encoding differs from its base."""
    found: dict[int, str] = {}
    listed = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
    code = 0
    for entry in list(listed) if isinstance(listed, Array) else []:
        if isinstance(entry, Name):
            if 0 <= code < 256:
                found[code] = str(entry)
            code += 1
        else:
            code = int(entry)
    return found
