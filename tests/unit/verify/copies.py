"""Makers of small documents, plans and finished copies for the verifier's tests. All people are invented."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from redactor.model import (
    Action,
    CopyMark,
    Decision,
    Digest,
    Document,
    InPackage,
    Kind,
    Label,
    Piece,
    Plan,
    ProfileRef,
    ReasonCode,
    Rendered,
    Role,
    SectionDecision,
    Span,
    digest_of,
)
from redactor.verify import proof
from redactor.verify.report import Report

FONT_FILE = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"
MARK = CopyMark("Maria Okoye", "2 of 4", "2026-11-24", "OFFICIAL-SENSITIVE", "DC-2024-0117", draft=False)
LINE_HEIGHT, LEFT, TOP = 16.0, 60.0, 760.0

REMOVED = "Zebediah Quillfeather"
TOKEN = "[Child A]"
LINES = (
    "Minutes of the review conference",
    "Present: Ms Priya Nandakumar, social worker, and Mr Owen Tallis, head of year",
    f"{REMOVED} lives at 14 Fennimore Terrace with the family of a neighbour.",
    "His teacher spoke of good attendance, of football, and of a quiet manner in lessons.",
    f"The referral came from the grandmother. It was agreed that {REMOVED} would be seen weekly.",
    "The plan will be reviewed in May. Will everyone please send their reports in good time.",
)
DECIDED = {REMOVED: (TOKEN, Label.PERSON), "14 Fennimore Terrace": ("[address]", Label.ADDRESS)}


@dataclass(frozen=True, slots=True)
class Made:
    """A document with a plan, and the text that a reader may see."""

    document: Document
    plan: Plan
    shown: tuple[str, ...]


def made(
    lines: Sequence[str] = LINES,
    decided: Mapping[str, tuple[str, Label]] = DECIDED,
    *,
    roles: Mapping[int, Role] | None = None,
    dropped: Sequence[int] = (),
    spans: Iterable[tuple[int, str, int, str, Label]] = (),
) -> Made:
    """Make a document of one piece a line, and a plan that removes every occurrence of the decided strings.

    Args:
        lines: the document's paragraphs.
        decided: what is removed everywhere: replacement and label.
        roles: roles of lines that are not body text.
        dropped: lines that are sections removed as a whole.
        spans: single removals: line, string, which occurrence in the line, replacement, label.
    """
    text = "".join(line + "\n" for line in lines)
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    pieces = tuple(
        Piece(Span(start, start + len(line) + 1), (roles or {}).get(n, Role.BODY), InPackage("word/document.xml", n))
        for n, (start, line) in enumerate(zip(starts, lines, strict=True))
    )
    decisions = [
        _decision(match.start(), match.end(), replacement, label)
        for wanted, (replacement, label) in decided.items()
        for match in re.finditer(rf"\b{re.escape(wanted)}\b", text)
    ]
    for line, wanted, which, replacement, label in spans:
        found = [m.start() + starts[line] for m in re.finditer(rf"\b{re.escape(wanted)}\b", lines[line])][which]
        decisions.append(_decision(found, found + len(wanted), replacement, label))
    decisions.sort(key=lambda d: d.span)
    sections = tuple(
        SectionDecision(
            Span(starts[n], starts[n] + len(lines[n])), Action.REMOVE, ReasonCode("closed"), "Closed.", "[part removed]"
        )
        for n in dropped
    )
    digest = digest_of(text.encode())
    plan = Plan(digest, ProfileRef("family_copy", 1, Digest("")), "DC-2024-0117", "r1", tuple(decisions), sections)
    document = Document(Kind.DOCX, digest, text, pieces)
    return Made(document, plan, tuple(_shown(text, document, plan)))


def _decision(start: int, end: int, replacement: str, label: Label) -> Decision:
    action = Action.PSEUDONYM if replacement else Action.REMOVE
    return Decision(Span(start, end), action, replacement, ReasonCode("third_party"), "About others.", "rule", label)


def _shown(text: str, document: Document, plan: Plan) -> Iterable[str]:
    """Apply the plan by plain slicing, quite apart from how the verifier does it."""
    hidden = (Role.COMMENT, Role.DELETED, Role.METADATA, Role.HIDDEN)
    cuts = [(d.span, d.replacement) for d in plan.decisions] + [(s.span, s.placeholder) for s in plan.sections]
    for piece in document.pieces:
        if piece.role in hidden:
            continue
        line, at = "", piece.span.start
        for span, replacement in sorted(cuts, key=lambda cut: cut[0]):
            if span.start >= at and span.end <= piece.span.end:
                line += text[at : span.start] + replacement
                at = span.end
        yield (line + text[at : piece.span.end]).rstrip("\n")


def lay_out(lines: Sequence[str], *, draw: object = None, size: int = 11, more: str = "") -> bytes:
    """Set lines on pages of one small subset font."""
    font = subset_font("".join(lines) + more)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), initialFontName=font)
    canvas.setFont(font, size)
    y = TOP
    for line in lines:
        if y < 80:
            canvas.showPage()
            canvas.setFont(font, size)
            y = TOP
        for part in _wrapped(line):
            canvas.drawString(LEFT, y, part)
            y -= LINE_HEIGHT
    if callable(draw):
        draw(canvas)
    canvas.save()
    return stream.getvalue()


def subset_font(text: str) -> str:
    """Register a font that holds exactly the letters of a text and return its name."""
    letters = "".join(sorted(set(text)))
    name = "Sans" + hashlib.sha256(letters.encode()).hexdigest()[:8]
    if name not in pdfmetrics.getRegisteredFontNames():
        font = FontFile(FONT_FILE)
        subsetter = Subsetter(Options(drop_tables=[*Options().drop_tables, "FFTM"]))
        subsetter.populate(text=letters)
        subsetter.subset(font)
        for number in (1, 4, 6):
            font["name"].setName(name, number, 3, 1, 0x409)
            font["name"].setName(name, number, 1, 0, 0)
        packed = io.BytesIO()
        font.save(packed)
        packed.seek(0)
        pdfmetrics.registerFont(TTFont(name, packed))
    return name


def _wrapped(line: str, width: int = 80) -> Iterable[str]:
    words: list[str] = []
    for word in line.split(" "):
        if words and len(" ".join([*words, word])) > width:
            yield " ".join(words)
            words = []
        words.append(word)
    yield " ".join(words)


def cleaned(pdf: bytes, *, codes: bool = True) -> bytes:
    """Rebuild a PDF with nothing in it but pages, as a sound copy would be."""
    source = pikepdf.open(io.BytesIO(pdf))
    target = pikepdf.new()
    for page in source.pages:
        target.pages.append(page)
        copy = target.pages[-1].obj
        for key in list(copy.keys()):
            if key not in ("/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"):
                del copy[key]
    if codes:
        _only_used(target)
    return saved(target)


def _only_used(pdf: pikepdf.Pdf) -> None:
    """Drop the widths of codes that reportlab's subsets reserve but no page draws."""
    from redactor.verify import fonts

    for use in fonts.used(pdf).values():
        font = use.font
        if "/Widths" not in font or "/FirstChar" not in font:
            continue
        first = int(font.FirstChar)
        font.Widths = [w if bytes([first + n]) in use.codes else 0 for n, w in enumerate(font.Widths)]
        meanings = {code: text for code, text in fonts.meanings(font).items() if code in use.codes}
        font.ToUnicode = pdf.make_stream(unicode_map(meanings))


def unicode_map(meanings: Mapping[bytes, str]) -> bytes:
    """Write a ToUnicode map for one-byte codes."""
    rows = "\n".join(f"<{c.hex()}> <{t.encode('utf-16-be').hex()}>" for c, t in sorted(meanings.items()))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(meanings)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap end end"
    ).encode()


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Save in one revision."""
    stream = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return stream.getvalue()


def copy_of(made_: Made, pdf: bytes | None = None, **changes: object) -> Rendered:
    """Return the finished copy of a document, by default the sound one."""
    content = pdf if pdf is not None else cleaned(lay_out(made_.shown))
    with pikepdf.open(io.BytesIO(content)) as opened:
        pages = len(opened.pages)
    rendered = Rendered(content, made_.plan, MARK, furniture=(), body_pages=(0, pages))
    return replace(rendered, **changes) if changes else rendered  # type: ignore[arg-type]


def look(made_: Made, pdf: bytes | None = None, **changes: object) -> Report:
    """Run the verifier's checks in this process; the sandbox has its own tests."""
    return proof.prove(copy_of(made_, pdf, **changes), made_.document)
