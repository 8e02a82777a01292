"""The canonical text of a Word document while it is being built, and where each stretch of it lives in the XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

from redactor.errors import TooLarge
from redactor.limits import TEXT_CHARACTERS
from redactor.model import Cell, InPackage, Piece, Role, Span


@dataclass(frozen=True, slots=True)
class Leaf:
    """The smallest thing that carries text: an element's text, or one of its attributes.

    Args:
        attribute: key of the attribute; empty for the element's own text.
        shows: whether it stands in the released document (deleted, hidden and behind-the-scenes text never does).
    """

    text: str
    element: etree._Element
    role: Role | None = None
    attribute: str = ""
    shows: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a stretch of the canonical text that shows lives in the XML."""

    start: int
    end: int
    element: etree._Element
    attribute: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or table row and the text it spans, its closing separator included."""

    element: etree._Element
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the walker stands.

    Args:
        fate: DELETED or HIDDEN inside something that does not show.
        shaded: whether something behind the text may have a colour.
    """

    part: str
    role: Role
    cell: Cell | None = None
    shaded: bool = False
    fate: Role | None = None

    def lost(self, fate: Role) -> Place:
        """Return the same place inside something that does not show; the first such thing decides."""
        return self if self.fate else replace(self, fate=fate)


@dataclass(slots=True)
class Layout:
    """Everything a Word document says, and the way back into its XML.

    Args:
        pictures: part name of the picture behind a picture element; empty where there is none.
        live_fields: elements in whose place a page-number field stands, and which one.
        known: elements of notes and headers that are used.
        dropped: counts of what cannot be kept, by plain name.
    """

    chunks: list[str] = field(default_factory=list)
    length: int = 0
    pieces: list[Piece] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pictures: dict[etree._Element, str] = field(default_factory=dict)
    live_fields: dict[etree._Element, str] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    tables: int = 0
    _units: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        """The canonical text."""
        return "".join(self.chunks)

    def unit(
        self, place: Place, leaves: Iterable[Leaf], role: Role, *, level: int = 0, style: str = "", end: str = "\n"
    ) -> tuple[int, int]:
        """Add one unit of text and return where it starts and ends.

        Args:
            leaves: in reading order; each may carry a role of its own.
            role: of the leaves that carry none, and of the separator.
            end: the separator.
        """
        number, start, offset = self._units[place.part], self.length, 0
        self._units[place.part] += 1
        open_role, open_attribute, open_offset = role, "", 0
        for leaf in (*leaves, None):
            text = end if leaf is None else leaf.text
            own = role if leaf is None else (leaf.role or role)
            attribute = open_attribute if leaf is None else leaf.attribute.rpartition("}")[2]
            changes = (own, attribute) != (open_role, open_attribute) and leaf is not None
            if changes:
                self._close(place, number, open_offset, offset, open_role, open_attribute, level, style)
                open_role, open_attribute, open_offset = own, attribute, offset
            if leaf is not None and leaf.shows and text and place.fate is None:
                self.slots.append(Slot(self.length, self.length + len(text), leaf.element, leaf.attribute))
            self._append(text)
            offset += len(text)
        self._close(place, number, open_offset, offset, open_role, open_attribute, level, style)
        return start, self.length

    def _append(self, text: str) -> None:
        self.chunks.append(text)
        self.length += len(text)
        if self.length > TEXT_CHARACTERS:
            raise TooLarge("The document holds too much text.")

    def _close(
        self, place: Place, number: int, start: int, end: int, role: Role, attribute: str, level: int, style: str
    ) -> None:
        if start == end:
            return
        span = Span(self.length - (end - start), self.length)
        at = InPackage(place.part, number, start, attribute)
        self.pieces.append(Piece(span, role, at, place.cell, level, style))
