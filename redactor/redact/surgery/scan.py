"""Runs the instructions of a page and its forms, following the text state, and notes what meets the places to change.

Nothing is altered here. What a stream draws is decided by geometry alone, so neither a missing nor a lying map from
codes to characters can save a glyph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pikepdf
from pikepdf import Dictionary, Name, Object, Stream

from redactor.model import Box
from redactor.redact.surgery.layers import Layers
from redactor.redact.surgery.lexer import instructions, name, number
from redactor.redact.surgery.matrix import IDENTITY, Matrix, box_through, move, multiply
from redactor.redact.surgery.paths import PATH, PathOf
from redactor.redact.surgery.sheet import Placed, Sheet, Show
from redactor.redact.surgery.typefaces import Typeface
from redactor.redact.surgery.unsupported import Unsupported

DEEPEST_FORM = 12
_BAND_MARGIN = 1.0  # points around a place in which a line counts as touched
_LEVEL = 1e-6
_PAINT = frozenset([b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n", b"sh"])
_IGNORED = frozenset(b"BX EX CS cs G g RG rg K k SC SCN sc scn MP DP W W* d d0 d1 i j J M w ri EMC BMC BDC".split())
_INLINE = frozenset([b"BI", b"ID", b"EI"])


class _State(NamedTuple):
    ctm: Matrix
    face: Typeface | None
    font: bytes
    size: float
    spacing: float
    word_spacing: float
    stretch: float
    leading: float
    rise: float
    mode: int
    lifted: bool


class Scanner:
    """Scans the pages of one file; fonts are read once."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._faces: dict[tuple[int, int], Typeface] = {}
        self.sheets: list[Sheet] = []

    def page(self, source: Object, resources: Object, content: bytes, places: Sequence[Box]) -> list[Sheet]:
        """Scan one page and return its sheets, the page's own first.

        Args:
            places: boxes that change, in page space.

        Raises:
            Unsupported: if anything is met that is not fully understood.
        """
        self.sheets = []
        _Run(self, source, resources, content, IDENTITY, places, 0, hidden=False).run()
        return self.sheets

    def face(self, resources: Object, token: bytes) -> Typeface:
        """Return the font of this name."""
        fonts = resources.get("/Font")
        font = fonts.get(name(token)) if isinstance(fonts, Dictionary) else None
        if not isinstance(font, Dictionary):
            raise Unsupported("font missing")
        if font.objgen == (0, 0):
            return Typeface(font)
        if font.objgen not in self._faces:
            self._faces[font.objgen] = Typeface(font)
        return self._faces[font.objgen]

    def is_hidden(self, resources: Object, tag: bytes, operand: bytes) -> bool:
        """Say whether marked content belongs to a layer that is switched off."""
        return tag == b"/OC" and self._layers.hides_named(resources, name(operand))

    def hides(self, thing: Object) -> bool:
        """Say whether an XObject belongs to a layer that is switched off."""
        return self._layers.hides(thing.get("/OC"))


class _Run:
    """One pass over one stream."""

    def __init__(
        self,
        scanner: Scanner,
        source: Object,
        resources: Object,
        content: bytes,
        ctm: Matrix,
        places: Sequence[Box],
        depth: int,
        *,
        hidden: bool,
        inherited: _State | None = None,
    ) -> None:
        if depth > DEEPEST_FORM:
            raise Unsupported("forms nested too deeply")
        self.scanner, self.places, self.depth = scanner, places, depth
        self.sheet = Sheet(source, resources, content, ctm, instructions(content))
        scanner.sheets.append(self.sheet)
        first = inherited or _State(ctm, None, b"", 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0, False)
        self.state = first._replace(ctm=ctm, lifted=False)
        self.stack: list[_State] = []
        self.tm = self.line = IDENTITY
        self.behind: Show | None = None  # shown since the text matrix was last known
        self.block = -1
        self.marks: list[bool] = []
        self.hidden_depth = int(hidden)
        self.path = PathOf(self.sheet)

    def run(self) -> Sheet:
        """Run every instruction."""
        for at, step in enumerate(self.sheet.steps):
            operator, operands = step.operator, step.operands
            handler = _HANDLERS.get(operator)
            if handler is not None:
                try:
                    handler(self, at, operands)
                except (IndexError, TypeError, KeyError, AttributeError):
                    raise Unsupported("operands of an operator") from None
            elif operator in PATH:
                self.path.draw(at, operator, operands, self.state.ctm)
            elif operator in _PAINT:
                self._paint(at)
            elif operator in _IGNORED:
                continue
            elif operator in _INLINE:
                raise Unsupported("inline image")
            else:
                raise Unsupported("unknown operator")
        return self.sheet

    # graphics state

    def save(self, at: int, operands: list[bytes]) -> None:
        """Push the graphics state."""
        self.stack.append(self.state)

    def restore(self, at: int, operands: list[bytes]) -> None:
        """Pop the graphics state."""
        if self.stack:
            self.state = self.stack.pop()

    def concat(self, at: int, operands: list[bytes]) -> None:
        """Apply a matrix to the space of everything that follows."""
        self.state = self.state._replace(ctm=multiply(_matrix(operands), self.state.ctm), lifted=True)

    def extended(self, at: int, operands: list[bytes]) -> None:
        """Apply a graphics state dictionary."""
        states = self.sheet.resources.get("/ExtGState")
        entry = states.get(name(operands[0])) if isinstance(states, Dictionary) else None
        if isinstance(entry, Dictionary) and "/Font" in entry:
            raise Unsupported("font in a graphics state")

    # text state

    def begin(self, at: int, operands: list[bytes]) -> None:
        """Begin a text object."""
        self.tm = self.line = IDENTITY
        self.behind = None
        self.sheet.blocks.append((at, len(self.sheet.steps)))
        self.block = len(self.sheet.blocks) - 1

    def end(self, at: int, operands: list[bytes]) -> None:
        """End a text object."""
        if self.block >= 0:
            self.sheet.blocks[self.block] = (self.sheet.blocks[self.block][0], at)
        self.block, self.behind = -1, None

    def font(self, at: int, operands: list[bytes]) -> None:
        """Choose a font."""
        face = self.scanner.face(self.sheet.resources, operands[0])
        self.state = self.state._replace(face=face, font=operands[0], size=number(operands[1]))

    def spacing(self, at: int, operands: list[bytes]) -> None:
        """Set character spacing."""
        self.state = self.state._replace(spacing=number(operands[0]))

    def word_spacing(self, at: int, operands: list[bytes]) -> None:
        """Set word spacing."""
        self.state = self.state._replace(word_spacing=number(operands[0]))

    def stretch(self, at: int, operands: list[bytes]) -> None:
        """Set horizontal scaling."""
        self.state = self.state._replace(stretch=number(operands[0]) / 100)

    def leading(self, at: int, operands: list[bytes]) -> None:
        """Set the distance of lines."""
        self.state = self.state._replace(leading=number(operands[0]))

    def rise(self, at: int, operands: list[bytes]) -> None:
        """Set the height above the line."""
        self.state = self.state._replace(rise=number(operands[0]))

    def mode(self, at: int, operands: list[bytes]) -> None:
        """Set how glyphs are painted."""
        self.state = self.state._replace(mode=int(number(operands[0])))

    def shift(self, at: int, operands: list[bytes]) -> None:
        """Move to the next line by an offset."""
        self._new_line(number(operands[0]), number(operands[1]))

    def shift_leading(self, at: int, operands: list[bytes]) -> None:
        """Move to the next line by an offset and take it as the distance of lines."""
        self.state = self.state._replace(leading=-number(operands[1]))
        self._new_line(number(operands[0]), number(operands[1]))

    def place(self, at: int, operands: list[bytes]) -> None:
        """Set the text matrix."""
        self.tm = self.line = _matrix(operands)
        self.behind = None

    def next_line(self, at: int, operands: list[bytes]) -> None:
        """Move to the next line."""
        self._new_line(0.0, -self.state.leading)

    def _new_line(self, tx: float, ty: float) -> None:
        self.tm = self.line = move(tx, ty, self.line)
        self.behind = None

    # text

    def show(self, at: int, operands: list[bytes]) -> None:
        """Show a string."""
        self._show(at, operands[:1])

    def show_parts(self, at: int, operands: list[bytes]) -> None:
        """Show strings and moves between them."""
        self._show(at, operands)

    def show_next_line(self, at: int, operands: list[bytes]) -> None:
        """Move to the next line and show a string."""
        self.next_line(at, [])
        self._show(at, operands[:1])

    def show_spaced(self, at: int, operands: list[bytes]) -> None:
        """Set both spacings, move to the next line and show a string."""
        self.state = self.state._replace(word_spacing=number(operands[0]), spacing=number(operands[1]))
        self.show_next_line(at, operands[2:])

    def _show(self, at: int, operands: list[bytes]) -> None:
        state = self.state
        if state.face is None:
            raise Unsupported("text without a font")
        if self.behind is not None:
            step = self.behind.advance()
            self.tm = move(0.0, -step, self.tm) if self.behind.face.vertical else move(step, 0.0, self.tm)
            if self.behind.face.vertical:
                raise Unsupported("vertical writing that continues")
        show = Show(
            at,
            self.tm,
            state.ctm,
            state.face,
            state.font,
            state.size,
            state.spacing,
            state.word_spacing,
            state.stretch,
            state.rise,
            state.mode,
            operands,
            self.block,
            self.hidden_depth > 0,
        )
        self.behind = show
        if show.hidden or self._touches(show):
            show.glyphs = show.trace()
        self.sheet.shows.append(show)
        if state.lifted and self.block >= 0:
            self.sheet.bases[self.block] = state.ctm

    def _touches(self, show: Show) -> bool:
        """Say whether a line of text passes a place; quick for level lines, which nearly all are."""
        _, b, c, d, _, f = multiply(show.tm, show.ctm)
        size = show.size
        if abs(b) < _LEVEL and abs(c) < _LEVEL and not show.face.vertical:
            one = f + (show.face.descent * size + show.rise) * d
            other = f + (show.face.ascent * size + show.rise) * d
            low, high = (one, other) if one < other else (other, one)
            return any(low < box[3] + _BAND_MARGIN and high > box[1] - _BAND_MARGIN for box in self.places)
        glyphs = show.trace()
        return any(_near(glyph.box, box) for glyph in glyphs for box in self.places)

    # marked content and layers

    def mark(self, at: int, operands: list[bytes]) -> None:
        """Begin marked content."""
        hidden = (
            len(operands) > 1
            and operands[1][:1] == b"/"
            and self.scanner.is_hidden(self.sheet.resources, operands[0], operands[1])
        )
        self.marks.append(hidden)
        self.hidden_depth += hidden

    def unmark(self, at: int, operands: list[bytes]) -> None:
        """End marked content."""
        if self.marks:
            self.hidden_depth -= self.marks.pop()

    # paths, pictures and forms

    def _paint(self, at: int) -> None:
        if self.hidden_depth:
            self.sheet.hidden.add(at)
        self.path.paint(at)

    def draw(self, at: int, operands: list[bytes]) -> None:
        """Draw an XObject."""
        things = self.sheet.resources.get("/XObject")
        thing = things.get(name(operands[0])) if isinstance(things, Dictionary) else None
        if not isinstance(thing, Stream):
            raise Unsupported("XObject missing")
        hidden = self.hidden_depth > 0 or self.scanner.hides(thing)
        placed = Placed(at, name(operands[0]), (0.0, 0.0, 0.0, 0.0), hidden=hidden)
        self.sheet.placed.append(placed)
        if thing.get("/Subtype") == Name.Image:
            placed.ctm = self.state.ctm
            placed.box = box_through(self.state.ctm, 0.0, 0.0, 1.0, 1.0)
        elif thing.get("/Subtype") == Name.Form:
            self._form(thing, placed)
        else:
            raise Unsupported("unknown XObject")

    def _form(self, form: Stream, placed: Placed) -> None:
        matrix = form.get("/Matrix")
        ctm = self.state.ctm
        if matrix is not None:
            ctm = multiply(_values(matrix), ctm)
        resources = form.get("/Resources", self.sheet.resources)
        try:
            content = form.read_bytes()
        except pikepdf.PdfError:
            raise Unsupported("stream that cannot be decoded") from None
        run = _Run(
            self.scanner,
            form,
            resources,
            content,
            ctm,
            self.places,
            self.depth + 1,
            hidden=placed.hidden,
            inherited=self.state,
        )
        placed.form = run.run()
        box = form.get("/BBox")
        if box is not None:
            left, bottom, right, top = _floats(box, 4)
            placed.box = box_through(ctm, left, bottom, right, top)


def _near(one: Box, other: Box) -> bool:
    margin = _BAND_MARGIN
    return (
        one[0] < other[2] + margin
        and one[2] > other[0] - margin
        and one[1] < other[3] + margin
        and one[3] > other[1] - margin
    )


def _matrix(operands: list[bytes]) -> Matrix:
    a, b, c, d, e, f = (number(token) for token in operands)
    return (a, b, c, d, e, f)


def _values(array: Object) -> Matrix:
    a, b, c, d, e, f = _floats(array, 6)
    return (a, b, c, d, e, f)


def _floats(array: Object, count: int) -> tuple[float, ...]:
    try:
        values = tuple(float(value) for value in list(array))
    except (TypeError, ValueError):
        raise Unsupported("broken matrix") from None
    if len(values) != count:
        raise Unsupported("broken matrix")
    return values


_HANDLERS = {
    b"q": _Run.save,
    b"Q": _Run.restore,
    b"cm": _Run.concat,
    b"gs": _Run.extended,
    b"BT": _Run.begin,
    b"ET": _Run.end,
    b"Tf": _Run.font,
    b"Tc": _Run.spacing,
    b"Tw": _Run.word_spacing,
    b"Tz": _Run.stretch,
    b"TL": _Run.leading,
    b"Ts": _Run.rise,
    b"Tr": _Run.mode,
    b"Td": _Run.shift,
    b"TD": _Run.shift_leading,
    b"Tm": _Run.place,
    b"T*": _Run.next_line,
    b"Tj": _Run.show,
    b"TJ": _Run.show_parts,
    b"'": _Run.show_next_line,
    b'"': _Run.show_spaced,
    b"BDC": _Run.mark,
    b"BMC": _Run.mark,
    b"EMC": _Run.unmark,
    b"Do": _Run.draw,
}
