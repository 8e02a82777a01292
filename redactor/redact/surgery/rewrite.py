"""Writes the content streams of a page anew: copies what stays, re-sets touched text, leaves out the rest.

Inside a text object with touched text every position is written anew as an absolute matrix, and the spacing that
justified a line is written only where a line that stays whole needs it: no number of the old line remains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pikepdf import Dictionary, Object, Pdf

from redactor.model import Box
from redactor.redact.surgery import token as token_font
from redactor.redact.surgery.lexer import Instruction, number
from redactor.redact.surgery.matrix import Matrix, apply, move, multiply, unapply_vector
from redactor.redact.surgery.setting import Moved, Setting, Token, origin_tells
from redactor.redact.surgery.sheet import Painted, Placed, Sheet, Show
from redactor.redact.surgery.underlay import is_plain_under
from redactor.redact.surgery.unsupported import Unsupported

_POSITIONS = frozenset([b"Td", b"TD", b"T*", b"Tm"])
_PATH = frozenset([b"m", b"l", b"c", b"v", b"y", b"h", b"re"])
_SHOWS = frozenset([b"Tj", b"TJ", b"'", b'"'])
_SPACINGS = frozenset([b"Tc", b"Tw"])
_SAME_PLACE = 0.01  # points in text space
_TALLEST_WITH_LINE = 2.2  # of the letter height: a shape up to this tall belongs to the line
_NO_SPACING = (0.0, 0.0)
_FORM_KEEPS = ("/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Group")


@dataclass(slots=True)
class Rewriter:
    """Rewrites the sheets of one page.

    Args:
        emptied: places of removed sections in page space: pictures and drawings inside go too.
    """

    pdf: Pdf
    setting: Setting
    emptied: Sequence[Box]
    places: Sequence[Box]
    images_under: list[str] = field(default_factory=list)

    def stream(self, sheet: Sheet) -> tuple[bytes, Dictionary]:
        """Return the new content of a sheet and its own copy of the resources."""
        return _Pass(self, sheet).run()

    def form(self, placed: Placed) -> Object:
        """Return a private copy of a form as it is drawn in this place."""
        assert placed.form is not None
        content, resources = self.stream(placed.form)
        made = self.pdf.make_stream(content)
        for key in _FORM_KEEPS:
            if key in placed.form.source:
                made[key] = placed.form.source[key]
        made["/Resources"] = resources
        return self.pdf.make_indirect(made)

    def is_emptied(self, box: Box) -> bool:
        """Say whether something lies inside a removed section."""
        return any(place[1] - 1 <= box[1] and box[3] <= place[3] + 1 for place in self.emptied)


class _Pass:
    def __init__(self, rewriter: Rewriter, sheet: Sheet) -> None:
        self.rewriter, self.sheet, self.setting = rewriter, sheet, rewriter.setting
        self.resources = Dictionary({key: sheet.resources[key] for key in sheet.resources.keys()})  # noqa: SIM118
        self.shows = {show.at: show for show in sheet.shows}
        self.placed = {placed.at: placed for placed in sheet.placed}
        touched = {show.block for show in sheet.shows if id(show) in self.setting.outcome}
        self.touched = {sheet.blocks[block] for block in touched if block >= 0}
        if -1 in touched:
            raise Unsupported("text outside a text object")
        for block in touched:
            base = sheet.bases.get(block)
            if base is not None and origin_tells(self.setting.moved, base):
                raise Unsupported("position set by a matrix")
        self.out: list[bytes] = []
        self.emitted = self.wanted = _NO_SPACING
        self.stack: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self.open_marks: list[bool] = []
        self.leading: float | None = None
        self.inside = False

    def run(self) -> tuple[bytes, Dictionary]:
        begins = {begin for begin, _ in self.touched}
        moved = self._moved_shapes()
        vanished = {p.at for p in self.sheet.painted if self._vanishes(p)} | self.sheet.hidden
        for at, step in enumerate(self.sheet.steps):
            operator = step.operator
            if operator == b"BT":
                self.inside = at in begins
                self._copy(step)
            elif operator == b"ET":
                self._end(step)
            elif operator in _SHOWS:
                self._show(at, step)
            elif operator in _SPACINGS:
                self._spacing(operator, step.operands)
            elif operator in _POSITIONS and self.inside:
                if operator == b"TD":
                    self.leading = -number(step.operands[1])
            elif operator in (b"q", b"Q"):
                self._stack(operator)
                self._copy(step)
            elif operator == b"Do":
                self._draw(self.placed[at], step)
            elif operator in (b"BDC", b"BMC", b"DP", b"MP", b"EMC"):
                self._mark(operator, step)
            elif at in vanished:
                self.out.append(b"" if operator == b"sh" else b"n")
            elif at in moved:
                self.out.append(moved[at])
            else:
                self._copy(step)
        if "/Properties" in self.resources:
            del self.resources["/Properties"]
        return b"\n".join(self.out), self.resources

    def _copy(self, step: Instruction) -> None:
        self.out.append(self.sheet.content[step.start : step.end])

    def _stack(self, operator: bytes) -> None:
        if operator == b"q":
            self.stack.append((self.emitted, self.wanted))
        elif self.stack:
            self.emitted, self.wanted = self.stack.pop()

    def _end(self, step: Instruction) -> None:
        if self.inside and self.leading is not None:
            self.out.append(_number(self.leading) + b" TL")
        self.leading, self.inside = None, False
        self._copy(step)

    def _spacing(self, operator: bytes, operands: list[bytes]) -> None:
        value = number(operands[0])
        self.wanted = (value, self.wanted[1]) if operator == b"Tc" else (self.wanted[0], value)

    def _need(self, spacing: tuple[float, float]) -> None:
        """Write the spacings that the next text needs, where they differ from what was written last."""
        if spacing != self.emitted:
            self.out.append(_number(spacing[0]) + b" Tc " + _number(spacing[1]) + b" Tw")
            self.emitted = spacing

    # text

    def _show(self, at: int, step: Instruction) -> None:
        show = self.shows[at]
        if step.operator == b'"':
            self.wanted = (show.spacing, show.word_spacing)
        outcome = self.setting.outcome.get(id(show))
        if outcome is not None:
            self._touched(show, outcome)
            return
        self._need((show.spacing, show.word_spacing))
        if not self.inside:
            if step.operator == b'"':
                self.out.append(step.operands[2] + b" '")
            else:
                self._copy(step)
            return
        self.out.append(_matrix(show.tm) + b" Tm")
        if step.operator == b"TJ":
            self._copy(step)
        else:
            self.out.append(step.operands[-1] + b" Tj")

    def _touched(self, show: Show, outcome: Sequence[Matrix | None]) -> None:
        assert show.glyphs is not None
        tokens = {token.index: token for token in self.setting.tokens.get(id(show), ())}
        codes: list[bytes] = []
        expected: Matrix | None = None
        for index, (glyph, target) in enumerate(zip(show.glyphs, outcome, strict=True)):
            if index in tokens:
                self._flush(codes)
                expected = None
                self._token(tokens[index])
            if target is None:
                continue
            if expected is None or not _same_place(expected, target):
                self._flush(codes)
                self._need(_NO_SPACING)
                self.out.append(_matrix(target) + b" Tm")
            codes.append(glyph.sign.code)
            step = glyph.sign.width * show.size * show.stretch
            expected = None if show.face.vertical else move(step, 0.0, target)
        self._flush(codes)

    def _flush(self, codes: list[bytes]) -> None:
        if codes:
            self.out.append(b"<" + b"".join(codes).hex().encode("ascii") + b"> Tj")
            codes.clear()

    def _token(self, token: Token) -> None:
        """Write a replacement and put back the text state that the page expects."""
        show = token.show
        inverse = _inverse(show.ctm)
        self._font()
        self._need(_NO_SPACING)
        state, back = [b"100 Tz 0 Ts"], [_number(show.stretch * 100) + b" Tz " + _number(show.rise) + b" Ts"]
        if show.mode:
            state.append(b"0 Tr")
            back.append(b"%d Tr" % show.mode)
        self.out += [
            token_font.RESOURCE.encode() + b" " + _number(token.size) + b" Tf",
            *state,
            _matrix(multiply(token.matrix, inverse)) + b" Tm",
            token_font.encoded(token.text) + b" Tj",
            show.font + b" " + _number(show.size) + b" Tf",
            *back,
        ]

    def _font(self) -> None:
        fonts = self.resources.get("/Font")
        own = Dictionary({key: fonts[key] for key in fonts.keys()}) if isinstance(fonts, Dictionary) else Dictionary()  # noqa: SIM118
        if token_font.RESOURCE not in own:
            own[token_font.RESOURCE] = token_font.font()
            self.resources["/Font"] = own

    # everything else

    def _draw(self, placed: Placed, step: Instruction) -> None:
        things = self.resources["/XObject"]
        thing = things[placed.name]
        if placed.hidden or self.rewriter.is_emptied(placed.box):
            return
        if placed.form is None:
            under = [place for place in self.rewriter.places if _meets(placed.box, place)]
            if under and not is_plain_under(thing, placed.ctm, under):
                raise Unsupported("picture under something removed")
            self._copy(step)
            return
        self._need(self.wanted)
        name = f"/Copy{len(things.keys())}"
        while name in things:
            name += "x"
        own = Dictionary({key: things[key] for key in things.keys()})  # noqa: SIM118
        own[name] = self.rewriter.form(placed)
        self.resources["/XObject"] = own
        del thing
        self.out.append(name.encode("ascii") + b" Do")

    def _mark(self, operator: bytes, step: Instruction) -> None:
        """Keep marked content without its properties: replacement text and layers live there."""
        if operator in (b"DP", b"MP"):
            return
        if operator == b"EMC":
            if self.open_marks:
                self.open_marks.pop()
                self.out.append(b"EMC")
            return
        self.open_marks.append(True)
        tag = step.operands[0] if step.operands and step.operands[0] != b"/OC" else b"/Span"
        self.out.append(tag + b" BMC")

    def _vanishes(self, painted: Painted) -> bool:
        return bool(self.rewriter.emptied) and self.rewriter.is_emptied(painted.box)

    def _moved_shapes(self) -> dict[int, bytes]:
        """Move underlines, highlights and clips along with the words that they belong to."""
        made: dict[int, bytes] = {}
        for shape in self.sheet.shapes:
            line = next((line for line in self.setting.moved if _belongs(shape.box, line)), None)
            if line is None:
                continue
            a, b, c, _, e, _ = shape.ctm
            if b or c or not a:
                raise Unsupported("turned shape on a changed line")
            for at in range(shape.first, shape.last + 1):
                step = self.sheet.steps[at]
                if step.operator not in _PATH:
                    raise Unsupported("drawing on a changed line")
                made[at] = _shifted(step, lambda x, line=line, a=a, e=e: (line.at(a * x + e) - e) / a)  # type: ignore[misc]
        return made


def _shifted(step: Instruction, new: Callable[[float], float]) -> bytes:
    """Return a path instruction with other x coordinates."""
    values = [number(token) for token in step.operands]
    if step.operator == b"re":
        left, right = new(values[0]), new(values[0] + values[2])
        return b" ".join([_number(left), step.operands[1], _number(right - left), step.operands[3], b"re"])
    shown = [_number(new(value)) if place % 2 == 0 else step.operands[place] for place, value in enumerate(values)]
    return b" ".join([*shown, step.operator])


def _belongs(box: Box, line: Moved) -> bool:
    """Say whether a shape's width follows that of the words on a changed line."""
    if box[3] - box[1] > _TALLEST_WITH_LINE * line.height or box[2] - box[0] < 0.5:
        return False
    level = box[1] < line.band[1] and box[3] > line.band[0] - 0.3 * line.height
    starts = line.span[0] + 1 < box[0] < line.span[1] - 1
    ends = line.span[0] + 1 < box[2] < line.span[1] + 0.5 * line.height
    return level and (starts or ends)


def _meets(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def _same_place(one: Matrix, other: Matrix) -> bool:
    return all(abs(x - y) < _SAME_PLACE for x, y in zip(one, other, strict=True))


def _inverse(matrix: Matrix) -> Matrix:
    (a, b), (c, d) = unapply_vector(matrix, 1.0, 0.0), unapply_vector(matrix, 0.0, 1.0)
    e, f = apply((a, b, c, d, 0.0, 0.0), -matrix[4], -matrix[5])
    return (a, b, c, d, e, f)


def _number(value: float) -> bytes:
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return (text if text not in ("", "-0") else "0").encode("ascii")


def _matrix(matrix: Matrix) -> bytes:
    return b" ".join(_number(value) if abs(value) >= 0.01 or not value else _fine(value) for value in matrix)


def _fine(value: float) -> bytes:
    text = f"{value:.8f}".rstrip("0").rstrip(".")
    return (text if text not in ("", "-0") else "0").encode("ascii")
