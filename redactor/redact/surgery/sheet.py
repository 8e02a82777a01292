"""What one content stream draws: shown text with its glyphs, paths, placed pictures and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pikepdf import Object

from redactor.model import Box
from redactor.redact.surgery.lexer import Instruction, elements, number, string
from redactor.redact.surgery.matrix import IDENTITY, Matrix, apply, box_through, move, multiply
from redactor.redact.surgery.typefaces import Sign, Typeface


class Glyph(NamedTuple):
    """One drawn glyph.

    Args:
        sign: its code and width.
        tm: text matrix where it stands, before the font size is applied.
        box: upright box in page space.
        origin: page point of its origin.
    """

    sign: Sign
    tm: Matrix
    box: Box
    origin: tuple[float, float]


@dataclass(slots=True)
class Show:
    """A text-showing instruction and the state it ran in."""

    at: int
    tm: Matrix
    ctm: Matrix
    face: Typeface
    font: bytes
    size: float
    spacing: float
    word_spacing: float
    stretch: float
    rise: float
    mode: int
    operands: list[bytes]  # strings, numbers between them and brackets, as they stand
    block: int
    hidden: bool
    glyphs: list[Glyph] | None = None  # only where its line is touched

    @property
    def parts(self) -> list[bytes | float]:
        """Return the strings that it shows and the moves between them.

        Raises:
            Unsupported: if an operand is neither.
        """
        return [string(token) if token[:1] in (b"(", b"<") else number(token) for token in elements(self.operands)]

    def advance(self) -> float:
        """Return how far it moves the text matrix along its line."""
        total = 0.0
        for token in elements(self.operands):
            if token[:1] in (b"(", b"<"):
                width, signs, spaces = self.face.measured(token)
                total += width * self.size + signs * self.spacing + spaces * self.word_spacing
            else:
                total -= number(token) / 1000 * self.size
        return total * self.stretch

    def _step(self, sign: Sign) -> float:
        spaced = self.word_spacing if sign.spacing else 0.0
        return (sign.width * self.size + self.spacing + spaced) * self.stretch

    def trace(self) -> list[Glyph]:
        """Return its glyphs with their places on the page."""
        found = []
        tm, face, size = self.tm, self.face, self.size
        low, high = face.descent * size + self.rise, face.ascent * size + self.rise
        for part in self.parts:
            if isinstance(part, float):
                tm = move(-part / 1000 * size * self.stretch, 0.0, tm)
                continue
            for sign in face.signs(part):
                through = multiply(tm, self.ctm)
                if face.vertical:
                    box = box_through(through, -size / 2, -size, size / 2, 0.0)
                else:
                    box = box_through(through, 0.0, low, sign.width * size * self.stretch, high)
                found.append(Glyph(sign, tm, box, apply(through, 0.0, self.rise)))
                if face.vertical:
                    tm = move(0.0, -size - self.spacing - (self.word_spacing if sign.spacing else 0.0), tm)
                else:
                    tm = move(self._step(sign), 0.0, tm)
        return found


@dataclass(slots=True)
class Shape:
    """A part of a path between two moves: the instructions that draw it, and its box in page space."""

    first: int
    last: int
    ctm: Matrix
    box: Box


@dataclass(slots=True)
class Painted:
    """A path that is painted or clipped: the instruction that ends it, and its box in page space."""

    at: int
    box: Box


@dataclass(slots=True)
class Placed:
    """An XObject placed on the page."""

    at: int
    name: str
    box: Box
    form: Sheet | None = None
    hidden: bool = False
    ctm: Matrix = IDENTITY


@dataclass(slots=True)
class Sheet:
    """One content stream in one place: the page's own, or a form as it is drawn once."""

    source: Object
    resources: Object
    content: bytes
    start: Matrix
    steps: list[Instruction]
    shows: list[Show] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    painted: list[Painted] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # painting instructions in layers that are switched off
    blocks: list[tuple[int, int]] = field(default_factory=list)  # BT and ET of each text object
    bases: dict[int, Matrix] = field(default_factory=dict)  # text object -> the matrix before the last cm
