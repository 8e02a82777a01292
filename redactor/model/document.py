"""A file as it was read: its text, the pieces that cover it, and where each lives."""

from __future__ import annotations

from dataclasses import dataclass

from redactor.limits import PAGE_CHARACTERS
from redactor.model.words import Digest, Kind, Role


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a document's text, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError("a span must not be negative or backwards")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Say whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


Box = tuple[float, float, float, float]  # left, bottom, right, top in points of the page's user space


@dataclass(frozen=True, slots=True)
class InPackage:
    """A place in a DOCX: the part, the number of the text unit in it, and where in that unit the piece starts."""

    part: str
    unit: int
    offset: int = 0
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class OnPage:
    """A place on a page of a PDF or image.

    Args:
        page: 0-based page number.
        box: the word's box in points, origin bottom left, before any /Rotate.
        cuts: edges of the characters along the writing direction, one more than characters; empty when not known.
        confidence: 0 to 100 from OCR; None for text that the file itself carries.
    """

    page: int
    box: Box
    cuts: tuple[float, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class InText:
    """A place in a plain text or e-mail: 0-based line, and the header's or attachment's name where there is one."""

    line: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: 0-based table of the document, row and column."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that lives in one place of the file.

    Args:
        level: 1 to 9 for headings, 0 otherwise.
        style: name of the paragraph style or content control, as the author sees it.
    """

    span: Span
    role: Role
    at: InPackage | OnPage | InText
    cell: Cell | None = None
    level: int = 0
    style: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that holds no readable text: a photograph, signature, stamp or unreadable scrawl."""

    page: int
    box: Box
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """All that a file says, in one string.

    Args:
        digest: of the uploaded bytes.
        pieces: sorted, touching, covering ``text`` exactly.
        pages: number of pages, 0 where the format has none before layout.
        page_sizes: width and height of each page in points, where known.
        regions: stretches of pages without readable text, for the reviewer.
        dropped: counts of things that the reader cannot keep (macros, embedded objects, ...), by plain name.
    """

    kind: Kind
    digest: Digest
    text: str
    pieces: tuple[Piece, ...]
    pages: int = 0
    page_sizes: tuple[tuple[float, float], ...] = ()
    regions: tuple[Region, ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()

    @property
    def length(self) -> int:
        """Number of pages, or of those that the text fills where the format has none before layout."""
        return max(self.pages, -(-len(self.text) // PAGE_CHARACTERS))

    def __post_init__(self) -> None:
        position = 0
        for piece in self.pieces:
            if piece.span.start != position:
                raise ValueError("pieces must cover the text exactly")
            position = piece.span.end
        if position != len(self.text):
            raise ValueError("pieces must cover the text exactly")


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that passed the door: their kind is known and their limits hold.

    Args:
        pages: as many as the file says that it has; 1 where only a layout would tell.
    """

    kind: Kind
    digest: Digest
    content: bytes
    password: str | None = None
    pages: int = 1
