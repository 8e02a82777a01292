"""The nouns: the only vocabulary that the stages of the pipeline share.

Everything here is frozen. Offsets count Unicode code points of ``Document.text``; spans are half open.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import NewType

Digest = NewType("Digest", str)  # "sha256:" and 64 hexadecimal digits
PersonId = NewType("PersonId", str)  # "p4" from the case file, "x1" for people the case does not know
ReasonCode = NewType("ReasonCode", str)  # a key of templates/reasons.yaml

UNKNOWN_READER = "unknown"


def digest_of(content: bytes) -> Digest:
    """Return the SHA-256 digest of some bytes in the form used everywhere."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())


class Kind(StrEnum):
    """What sort of file the content is, whatever its name says."""

    DOCX = "docx"
    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"
    EMAIL = "email"


class Role(StrEnum):
    """What a piece of text is in its file."""

    BODY = "body"
    HEADING = "heading"
    TABLE_CELL = "table_cell"
    LIST_ITEM = "list_item"
    TEXT_BOX = "text_box"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    COMMENT = "comment"
    INSERTED = "inserted"
    DELETED = "deleted"
    FIELD = "field"
    LINK = "link"
    ALT_TEXT = "alt_text"
    METADATA = "metadata"
    HIDDEN = "hidden"
    FORM_VALUE = "form_value"
    ANNOTATION = "annotation"
    ATTACHMENT = "attachment"
    EMAIL_HEADER = "email_header"
    QUOTED = "quoted"
    OCR = "ocr"


class Label(StrEnum):
    """What a finding is. The first group is fixed by the command line's contract; the second is finer and ours."""

    PERSON = "PERSON"
    DOB = "DOB"
    AGE = "AGE"
    DATE = "DATE"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    LOCATION = "LOCATION"
    SCHOOL = "SCHOOL"
    ORG = "ORG"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    USERNAME = "USERNAME"
    IP = "IP"
    DEVICE = "DEVICE"
    NHS_NUMBER = "NHS_NUMBER"
    NINO = "NINO"
    UPN = "UPN"
    PNC = "PNC"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    VEHICLE_REG = "VEHICLE_REG"
    BANK = "BANK"
    CASE_REF = "CASE_REF"
    SPECIAL = "SPECIAL"

    SCHOOL_YEAR = "SCHOOL_YEAR"
    DESCRIPTOR = "DESCRIPTOR"
    ATTRIBUTION = "ATTRIBUTION"
    HEALTH = "HEALTH"
    OFFENCE = "OFFENCE"
    EXPLICIT = "EXPLICIT"
    IMAGE = "IMAGE"
    MANUAL = "MANUAL"


class Action(IntEnum):
    """What happens to a span. A lattice: where spans overlap the greater action wins."""

    KEEP = 0
    GENERALISE = 1
    PSEUDONYM = 2
    MASK = 3
    REMOVE = 4


class Relation(StrEnum):
    """Who a person is in the case."""

    SUBJECT_CHILD = "subject_child"
    SIBLING = "sibling"
    PARENT = "parent"
    FAMILY = "family"
    FOSTER_CARER = "foster_carer"
    OTHER_CHILD = "other_child"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    REFERRER = "referrer"
    THIRD_PARTY = "third_party"
    PROFESSIONAL = "professional"
    VISITOR = "visitor"
    DECEASED = "deceased"
    UNKNOWN = "unknown"


class Audience(StrEnum):
    """Who was in the room for a section of the record."""

    OPEN = "open"
    CLOSED = "closed"
    WITHHELD = "withheld"
    PRIVILEGED = "privileged"
    STRATEGY = "strategy"
    OTHER_FAMILY = "other_family"
    INTERNAL = "internal"


class Confidential(StrEnum):
    """What about a person must not reach the other side."""

    IDENTITY = "identity"
    ADDRESS = "address"
    PHONE = "phone"
    PLACEMENT = "placement"
    WORKPLACE = "workplace"


class ReaderKind(StrEnum):
    """What sort of reader a copy is made for."""

    PERSON = "person"
    COURT = "court"
    AGENCY = "agency"
    PUBLIC = "public"
    UNKNOWN = "unknown"


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One detail about somebody, found at one place.

    Args:
        score: 0 to 1; policy, not the detector, decides what is too low.
        source: which detector found it.
        why: a plain sentence for the reviewer, without document text.
        person: whom it is about, once linked.
        certain: False where the link or the label is in doubt and a person should look.
    """

    span: Span
    label: Label
    score: float
    source: str
    why: str = ""
    person: PersonId | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record and who was in the room for it."""

    span: Span
    audience: Audience
    why: str
    withheld_by: str | None = None
    withheld_from: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One human being across the document and the case."""

    id: PersonId
    name: str
    relation: Relation = Relation.UNKNOWN
    aliases: tuple[str, ...] = ()
    role: str | None = None
    agency: str | None = None
    born: str | None = None
    deceased: bool = False
    confidential: frozenset[Confidential] = frozenset()
    contact_unsafe: bool = False
    certain: bool = True
    why: str = ""
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a copy is made.

    Args:
        key: the key in the case file's ``recipients``, or a person id, or ``unknown``.
        works_with: for an agency, the people it already works with.
    """

    key: str = UNKNOWN_READER
    kind: ReaderKind = ReaderKind.UNKNOWN
    person: PersonId | None = None
    name: str = ""
    purpose: str = ""
    works_with: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """A section marked by hand in the case file, from some words to some words."""

    starts_with: str
    ends_with: str
    audience: Audience
    withheld_by: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What is known before the document is read."""

    reference: str = ""
    people: tuple[Person, ...] = ()
    readers: tuple[Reader, ...] = ()
    sections: tuple[MarkedRegion, ...] = ()

    def person(self, key: str | None) -> Person | None:
        """Return the person with this id, if the case knows them."""
        return next((person for person in self.people if person.id == key), None)


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found and who it is about: the linked findings, the people and the sections.

    Args:
        findings: sorted, not overlapping.
        people: the case's people who are mentioned or known, then the unknown ones (x1, x2, ...).
        sections: sorted, not overlapping, only those that are not open.
    """

    findings: tuple[Finding, ...]
    people: tuple[Person, ...]
    sections: tuple[Section, ...] = ()

    def person(self, key: str | None) -> Person | None:
        """Return the person with this id."""
        return next((person for person in self.people if person.id == key), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to one span, and why.

    Args:
        replacement: what the reader sees instead; empty for KEEP and for a bare removal.
        reason: key of templates/reasons.yaml; empty for KEEP.
        because: a plain sentence for the file, without document text.
        rule: which rule of the profile decided.
        by: "profile" or the reviewer's account id.
        certain: False while a person still has to decide; the strictest action applies until then.
    """

    span: Span
    action: Action
    replacement: str
    reason: ReasonCode
    because: str
    rule: str
    label: Label
    person: PersonId | None = None
    by: str = "profile"
    certain: bool = True


@dataclass(frozen=True, slots=True)
class SectionDecision:
    """What happens to a whole section; ``placeholder`` is what stands in its place, or nothing."""

    span: Span
    action: Action
    reason: ReasonCode
    because: str
    placeholder: str = ""
    rule: str = ""
    by: str = "profile"
    certain: bool = True


@dataclass(frozen=True, slots=True)
class ProfileRef:
    """Which exact profile decided: name, version and digest of its file."""

    name: str
    version: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class Plan:
    """One decision for every finding: disjoint, sorted, complete. Holds no document text but replacements.

    Args:
        case: the case's reference.
        reader: key of the reader for whom it was made.
        version: 1 for the profile's own plan, counted up by each review.
        settled_stops: hard stops overridden, each with its recorded reference.
    """

    document: Digest
    profile: ProfileRef
    case: str
    reader: str
    decisions: tuple[Decision, ...]
    sections: tuple[SectionDecision, ...] = ()
    version: int = 1
    reviewed_by: str | None = None
    approved_by: str | None = None
    settled_stops: tuple[tuple[str, str], ...] = ()
    digest: Digest = field(default=Digest(""), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self._digest())

    def _digest(self) -> Digest:
        """Cover all that decides the output, and nothing else."""
        content = {
            "document": self.document,
            "profile": asdict(self.profile),
            "case": self.case,
            "reader": self.reader,
            "decisions": [
                [d.span.start, d.span.end, int(d.action), d.replacement, d.reason, d.certain] for d in self.decisions
            ],
            "sections": [[s.span.start, s.span.end, int(s.action), s.reason, s.placeholder] for s in self.sections],
            "stops": [list(stop) for stop in self.settled_stops],
        }
        return digest_of(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode())


@dataclass(frozen=True, slots=True)
class Gate:
    """The release form as filled in (domain rules 1.5)."""

    route: str = ""
    lawful_basis: str = ""
    purpose: str = ""
    authorised_by: str = ""
    authorised_on: str = ""
    reference: str = ""
    agreement_version: str = ""
    agreement_signed_on: str = ""
    recipient_checked_by: str = ""
    approved_by: str = ""
    expiry: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CopyMark:
    """What marks one copy: who it is for, its number, and what stands on each page.

    Args:
        reader_name: printed on each page; empty for a public copy.
        copy_number: "2 of 4", or empty.
        date: ISO date of the copy.
        classification: top and bottom of each page.
        reference: the case's reference.
        draft: True prints DRAFT - NOT REVIEWED on each page.
        watermark: False for a released public copy.
        fingerprint: a number unique to the copy, coded into line positions; None for none.
    """

    reader_name: str
    copy_number: str
    date: str
    classification: str
    reference: str
    draft: bool
    watermark: bool = True
    fingerprint: int | None = None


@dataclass(frozen=True, slots=True)
class Burnt:
    """A box that was drawn over removed content on an output page (points, origin bottom left)."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Redacted:
    """A file in its own format with the plan applied, not yet laid out or proven.

    Args:
        routes: for each page of a PDF or image, "surgery" or "raster"; empty for formats that flow.
        boxes: boxes left on the pages.
    """

    kind: Kind
    content: bytes
    plan: Plan
    routes: tuple[str, ...] = ()
    boxes: tuple[Burnt, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """The PDF that a reader would get, marked, before it is proven.

    Args:
        furniture: text that the service itself added (cover, schedule, marks), one string a source.
        body_pages: first and one-past-last page that come from the document itself.
        navigation: titles of the bookmarks and links that the service added; none but these may be there.
    """

    pdf: bytes
    plan: Plan
    mark: CopyMark
    furniture: tuple[str, ...]
    body_pages: tuple[int, int]
    routes: tuple[str, ...] = ()
    boxes: tuple[Burnt, ...] = ()
    warnings: tuple[str, ...] = ()
    navigation: tuple[str, ...] = ()


class Form(StrEnum):
    """What a copy is handed over as."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Written:
    """A marked copy that flows – a Word document or a web page – before it is proven.

    Args:
        furniture: text that the service itself added (cover, schedule, marks), one string a source.
    """

    form: Form
    content: bytes
    plan: Plan
    mark: CopyMark
    furniture: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the verifier looked at. ``detail`` never holds document text."""

    name: str
    passed: bool
    looked_at: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was checked, on which bytes. It never claims that a file is free of personal data."""

    digest: Digest
    plan: Digest
    checks: tuple[Check, ...]
    statement: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A PDF that passed its proof. Only ``redactor.verify`` builds one."""

    pdf: bytes
    plan: Plan
    mark: CopyMark
    certificate: Certificate
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvenWritten:
    """A flowing copy that passed its proof. Only ``redactor.verify`` builds one."""

    form: Form
    content: bytes
    plan: Plan
    mark: CopyMark
    certificate: Certificate
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected:
    """The sealed file as it is handed over."""

    content: bytes
    digest: Digest
    encrypted: bool
    signed: bool
    certificate: Certificate
