"""The mentions of people and what stands around each: the title, the kin word, the role, the row of the table."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from redactor.language.lexicon import lexicon
from redactor.language.wordlists import words
from redactor.link.parts import Name, parse
from redactor.model import Document, Finding, Label, Piece

_BEFORE = 40  # characters before a mention that are looked at
_AFTER = 60
CHILD_COLUMNS = frozenset(
    {
        "child",
        "children",
        "child's name",
        "name of child",
        "young person",
        "subject",
        "missing person",
        "misper",
        "pupil",
        "student",
    }
)
_HE = frozenset({"mr", "sir", "lord", "fr"})
_SHE = frozenset({"mrs", "ms", "miss", "lady", "dame", "mme"})
_YOUNG_GAP = re.compile(r",? ?\(?(?:aged? |DOB |\w, )?")
_BABY = re.compile(r"\b(?:unborn|baby|newborn|infant)(?: baby| child)? $", re.IGNORECASE)
_ADULT = 18  # years
_TITLE = re.compile(r"(?<![\w])(?P<title>[A-Za-z]+)\.?(?: \(?\d{2,6}\)?)? $")
_KIN = re.compile(r"(?<![\w-])(?P<kin>(?:foster |half[- ]|step[- ]?|best )?[A-Za-z]+)(?:'s)?[,:(]? ?\"?$")
_OF = re.compile(r"(?<![\w-])(?P<kin>[a-z-]+) (?:of|to) $", re.IGNORECASE)
_ROLE_AFTER = re.compile(
    r"^(?:'s)?,? ?(?:\((?P<bracket>[^)]{2,40})\)|, (?P<comma>[A-Z]?[\w' -]{2,40}?)(?=[,.;:()\n\t]|$)| ?[|–-] (?P<dash>[\w' -]{2,40}?)(?=[,.;|()\n\t]|$))"
)
_GOES_BY = re.compile(r"[\w'’] \([\"“‘'](?:known as )?$")
_ROLE_BEFORE = re.compile(r"(?:^|[\s(])(?P<role>[A-Za-z' -]{2,30}?)(?:,|:| –| -)? (?:Mr |Mrs |Ms |Miss |Dr )?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """One PERSON finding and what stands around it.

    Args:
        index: which finding it is.
        title: the title before it, in small letters.
        kin: the kin word beside it, in small letters.
        role: a job title beside it, in small letters.
        agency: what stands in the row's agency column.
        row: table and row, where it stands in a table.
        column: heading of its column, in small letters.
        goes_by: True where it stands in quotation marks in brackets after a name: the name that person goes by.
        line: where its line or paragraph begins.
        young: True where an age under 18 stands right after it.
        unborn: True where 'baby' or 'unborn' stands right before it.
        lent: True where its surname is that of the name it is paired with: 'Ann and Huw Morris'.
    """

    index: int
    start: int
    end: int
    text: str
    name: Name
    title: str = ""
    kin: str = ""
    role: str = ""
    agency: str = ""
    row: tuple[int, int] | None = None
    column: str = ""
    goes_by: bool = False
    line: int = 0
    young: bool = False
    lent: bool = False
    unborn: bool = False

    @property
    def sex(self) -> str:
        """Return 'f' or 'm' where the title or the kin word tells, else ''."""
        if self.title in _HE or self.kin in words("male_kin"):
            return "m"
        return "f" if self.title in _SHE or self.kin in words("female_kin") else ""

    @property
    def professional_title(self) -> bool:
        """Say whether the title is one of a job."""
        return self.title in words("police_titles") | words("work_titles")

    @property
    def police(self) -> bool:
        """Say whether the title is a police rank."""
        return self.title in words("police_titles")


class Layout:
    """Tables and lines of a document, by offset."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self._starts = [piece.span.start for piece in document.pieces]
        self._pieces = document.pieces
        self.cells: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}
        for piece in document.pieces:
            if piece.cell is not None:
                columns = self.cells.setdefault((piece.cell.table, piece.cell.row), {})
                low, high = columns.get(piece.cell.column, (piece.span.start, piece.span.end))
                columns[piece.cell.column] = (min(low, piece.span.start), max(high, piece.span.end))

    def piece_at(self, offset: int) -> Piece | None:
        """Return the piece that holds this offset."""
        return self._pieces[max(0, bisect_right(self._starts, offset) - 1)] if self._pieces else None

    def cell_text(self, table: int, row: int, column: int) -> str:
        """Return what a cell says, without white space around it."""
        span = self.cells.get((table, row), {}).get(column)
        return self.text[span[0] : span[1]].strip() if span else ""

    def row_text(self, table: int, row: int) -> dict[str, str]:
        """Return the cells of a row by the heading of their column in small letters."""
        columns = self.cells.get((table, row), {})
        return {self.cell_text(table, 0, column).lower(): self.cell_text(table, row, column) for column in columns}

    def line(self, offset: int) -> tuple[int, int]:
        """Return start and end of the line around an offset."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        return start, len(self.text) if end < 0 else end


def mentions(findings: tuple[Finding, ...], document: Document, layout: Layout) -> list[Mention]:
    """Return the PERSON findings in order, each with its surroundings."""
    return [
        _mention(index, finding, document.text, layout, young=_is_young(findings, index, document.text))
        for index, finding in enumerate(findings)
        if finding.label is Label.PERSON
    ]


def _is_young(findings: tuple[Finding, ...], index: int, text: str) -> bool:
    """Say whether the next finding is an age under 18, or a school year, that stands right after this name."""
    if index + 1 >= len(findings) or findings[index + 1].label not in {Label.AGE, Label.SCHOOL_YEAR}:
        return False
    name, age = findings[index].span, findings[index + 1].span
    if findings[index + 1].label is Label.SCHOOL_YEAR:
        return _YOUNG_GAP.fullmatch(text[name.end : age.start]) is not None
    figure = re.match(r"\d{1,3}(?! ?months| ?weeks)", text[age.start : age.end])
    small = figure is None or int(figure.group()) < _ADULT
    return small and _YOUNG_GAP.fullmatch(text[name.end : age.start]) is not None


def _mention(index: int, finding: Finding, text: str, layout: Layout, *, young: bool) -> Mention:
    start, end = finding.span.start, finding.span.end
    line_start, line_end = layout.line(start)
    before = text[max(line_start, start - _BEFORE) : start].rpartition("\t")[2]
    after = text[end : min(line_end, end + _AFTER)].partition("\t")[0]
    known = lexicon()
    title_match = _TITLE.search(before)
    title = title_match.group("title").lower() if title_match else ""
    title = title if title in known.titles else ""
    own = text[start:end].split()
    if not title and len(own) > 1 and own[0].rstrip(".").lower() in known.titles:
        title = own[0].rstrip(".").lower()
    piece = layout.piece_at(start)
    cell = piece.cell if piece else None
    role, agency, column, kin = "", "", "", _kin(before, title)
    if cell is not None:
        role, agency, column, row_kin = _row(layout, cell.table, cell.row, cell.column)
        kin = kin or row_kin
    role = role or _role(before, after)
    kin = kin or _kin_after(after)
    row = (cell.table, cell.row) if cell else None
    goes_by = _GOES_BY.search(before) is not None
    name = parse(text[start:end])
    unborn = _BABY.search(before) is not None
    return Mention(
        index,
        start,
        end,
        text[start:end],
        name,
        title,
        kin,
        role,
        agency,
        row,
        column,
        goes_by,
        line_start,
        young,
        unborn=unborn,
    )


def _kin(before: str, title: str) -> str:
    kinship = lexicon().kinship
    plain = before[: -(len(title) + 1)] if title and before.lower().rstrip(". ").endswith(title) else before
    for pattern in (_KIN, _OF):
        match = pattern.search(plain)
        if match is None:
            continue
        word = match.group("kin").lower()
        if pattern is _OF:
            continue
        for option in (word, word.split()[-1]):
            if option in kinship:
                return option
    return ""


def _kin_after(after: str) -> str:
    match = re.match(
        r"(?:'s)? ?(?:\((?P<bracket>[A-Za-z' -]{2,30})\)|, (?:her|his|their|the)? ?(?P<comma>[a-z -]{3,20})\b)", after
    )
    if match is None:
        return ""
    words = (match.group("bracket") or match.group("comma")).lower().replace("(", "").split()
    return next((word for word in words if word in lexicon().kinship), "")


def _role(before: str, after: str) -> str:
    roles = lexicon().roles
    match = _ROLE_AFTER.match(after)
    if match is not None:
        said = next(filter(None, match.groups()), "").strip().lower()
        for option in (
            said,
            said.partition(",")[0].strip(),
            said.partition("/")[0].strip(),
            " ".join(said.split()[:2]),
            " ".join(said.split()[:3]),
        ):
            if option in roles:
                return option
    words = re.findall(r"[A-Za-z']+", before.lower())
    for length in (4, 3, 2, 1):
        option = " ".join(words[-length:]) if len(words) >= length else ""
        if option in roles and re.search(
            r"(?i)" + re.escape(option.split()[-1]) + r"(?:,|:| –| -| is| was)? (?:(?:mr|mrs|ms|miss|dr)\.? )?$", before
        ):
            return option
    return ""


_ROLE_COLUMNS = (
    "role",
    "title",
    "job title",
    "designation",
    "position",
    "role / relationship",
    "relationship",
    "relationship to child",
    "relation",
    "name and role",
    "role/agency",
    "role / agency",
)
_AGENCY_COLUMNS = ("agency", "organisation", "service", "team", "agency / team", "organization")


def _row(layout: Layout, table: int, row: int, column: int) -> tuple[str, str, str, str]:
    """Return role, agency, heading of the column, and kin word that a table row gives to the name in it."""
    headings = {
        layout.cell_text(table, 0, each).lower().strip(" :"): each for each in layout.cells.get((table, row), {})
    }
    heading = next((name for name, number in headings.items() if number == column), "")
    if row == 0:
        heading = ""
    role = next(
        (
            layout.cell_text(table, row, headings[name])
            for name in _ROLE_COLUMNS
            if name in headings and headings[name] != column and row
        ),
        "",
    )
    agency = next(
        (
            layout.cell_text(table, row, headings[name])
            for name in _AGENCY_COLUMNS
            if name in headings and headings[name] != column and row
        ),
        "",
    )
    if not role and column == 1:
        label = layout.cell_text(table, row, 0).strip(" :")
        if label.lower() in lexicon().roles or label.lower() in lexicon().kinship:
            role = label
    words = [word.lower() for word in re.findall(r"[A-Za-z-]+", role)]
    kin = next((word for word in words[:3] if word in lexicon().kinship), "")
    return ("" if kin else role.lower()), agency, heading, kin
