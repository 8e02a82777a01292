"""Proves one finished copy: runs every check on the final bytes and counts what each looked at."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pikepdf
import pypdfium2 as pdfium
from rapidfuzz import fuzz

from redactor.errors import Damaged
from redactor.model import Box, Check, Document, Rendered
from redactor.verify import extract, fonts, gone, objects, pictures, pixels, report, structure, where
from redactor.verify.expect import Expected, Phrase, expected
from redactor.verify.fold import Words, words
from redactor.verify.report import Report

_LIKENESS = 60.0  # of 100; letters of a small token are often misread


@dataclass(slots=True)
class _Opened:
    """The finished copy, opened by two libraries."""

    raw: bytes
    pdf: pikepdf.Pdf
    document: pdfium.PdfDocument

    @property
    def pages(self) -> int:
        return len(self.document)


def prove(rendered: Rendered, document: Document) -> Report:
    """Check one copy against the document and plan it was made from."""
    expectation = expected(document, rendered.plan, rendered.mark, rendered.furniture)
    opened = _open(rendered.pdf)
    first, last = rendered.body_pages
    body = range(max(first, 0), min(last, opened.pages))
    texts = _texts(opened)
    checks, leaks = _text_checks(texts, rendered, expectation, body)
    checks += _object_checks(opened, expectation, rendered.navigation)
    of_pages, seen = _page_checks(opened, rendered, expectation, body)
    checks += [*of_pages, _font_check(opened)]
    failed = [check.name for check in checks if not check.passed]
    blamed: where.Pages = frozenset()
    if failed:
        removed = where.removed_from(document, rendered.plan)
        blamed = where.Suspects(opened.pdf, body, expectation, texts, removed).pages(failed, seen, leaks)
    warnings = _loss(texts["pdfium"], expectation, body)
    return Report(tuple(checks), pages=opened.pages, warnings=warnings, failed_pages=tuple(sorted(blamed)))


def _open(raw: bytes) -> _Opened:
    try:
        return _Opened(raw, pikepdf.open(io.BytesIO(raw)), pdfium.PdfDocument(raw))
    except (pikepdf.PdfError, pdfium.PdfiumError) as problem:
        raise Damaged("The finished copy cannot be opened again.") from problem


def _texts(opened: _Opened) -> dict[str, list[str]]:
    """Return what each extractor reads, page by page."""
    return {
        "pdfium": extract.by_pdfium(opened.document),
        "pdfminer": extract.by_pdfminer(opened.raw),
        "poppler": extract.by_poppler(opened.raw, opened.pages),
    }


def _text_checks(
    texts: dict[str, list[str]], rendered: Rendered, expectation: Expected, body: range
) -> tuple[list[Check], list[Phrase]]:
    """Look for what must be gone; return the checks and the strings that can be read."""
    readings = [gone.read(name, [pages[n] for n in body], rendered.furniture) for name, pages in texts.items()]
    others = {name: [t for n, t in enumerate(pages) if n not in body] for name, pages in texts.items()}
    leaks = gone.leaked(expectation, readings, len(body))
    fragments = gone.fragments_found(expectation, readings, from_pictures="raster" in rendered.routes)
    added = gone.furniture_leaks(expectation, others)
    looked_at = sum(len(reading.plain) for reading in readings)
    checks = [
        Check(report.TEXT, not leaks, looked_at, _found(len(leaks), "removed strings can be read")),
        Check(report.FRAGMENTS, fragments == 0, looked_at, _found(fragments, "fragments of dropped parts")),
        Check(
            report.FURNITURE, added == 0, len(expectation.furniture), _found(added, "removed strings on added pages")
        ),
    ]
    return checks, [target.words for target in leaks]


def _found(count: int, what: str) -> str:
    return "" if count == 0 else f"{count} {what}"


def _object_checks(opened: _Opened, expectation: Expected, navigation: Sequence[str]) -> list[Check]:
    contents = objects.walk(opened.pdf)
    places = objects.places_found(contents, expectation)
    faults = structure.beyond_allowed(opened.pdf, navigation)
    revisions = structure.revisions(opened.raw)
    orphans = structure.unreachable(opened.pdf)
    if orphans:
        revisions.append("objects that nothing uses")
    return [
        Check(report.OBJECTS, places == 0, contents.objects, _found(places, "removed strings in objects")),
        Check(report.STREAMS, contents.undecodable == 0, contents.objects, _found(contents.undecodable, "streams")),
        Check(report.REVISIONS, not revisions, 1, ", ".join(revisions)),
        Check(report.STRUCTURE, not faults, contents.objects, ", ".join(faults[:8])),
    ]


@dataclass(frozen=True, slots=True)
class _PageFaults:
    """How many faults of each kind one page has."""

    inside: int
    spoilt: int
    leaked: int


def _page_checks(
    opened: _Opened, rendered: Rendered, expectation: Expected, body: range
) -> tuple[list[Check], dict[str, list[int]]]:
    """Look at every page; return the checks and, for each, the pages that fail it."""
    faults = [_page_faults(opened, number, rendered, expectation, body) for number in range(opened.pages)]
    counts = {
        report.BOXES: [fault.inside for fault in faults],
        report.PIXELS: [fault.spoilt for fault in faults],
        report.INK: [fault.leaked for fault in faults],
    }
    inside, spoilt, leaked = (sum(each) for each in counts.values())
    promised = len(body) == rendered.body_pages[1] - rendered.body_pages[0] and len(body) > 0
    promised &= not rendered.routes or len(rendered.routes) == len(body)
    promised &= all(0 <= burnt.page < opened.pages for burnt in rendered.boxes)
    checks = [
        Check(report.BOXES, inside == 0, len(rendered.boxes), _found(inside, "boxes with glyphs inside")),
        Check(report.PIXELS, spoilt == 0, len(rendered.boxes), _found(spoilt, "boxes that are not plain")),
        Check(report.INK, leaked == 0, opened.pages, _found(leaked, "removed strings drawn as ink")),
        _picture_check(opened, expectation),
        Check(report.PAGES, promised, opened.pages, "" if promised else "page count is not as promised"),
    ]
    return checks, {name: [number for number, count in enumerate(each) if count] for name, each in counts.items()}


def _page_faults(opened: _Opened, number: int, rendered: Rendered, expectation: Expected, body: range) -> _PageFaults:
    """Look at the glyphs and pixels of a page, and read what is only ink."""
    page = opened.document[number]
    glyphs = extract.glyphs(page)
    boxes = [burnt.box for burnt in rendered.boxes if burnt.page == number]
    pictured = number in body and rendered.routes[number - body.start : number - body.start + 1] == ("raster",)
    inside = sum(1 for box in boxes if not _only_tokens(_inside(box, glyphs), expectation, misread=pictured))
    picture = pixels.render(page, pixels.LOOK_DPI)
    frame = pixels.Frame(page, picture.shape)
    spoilt = _spoilt(page, [box for box in boxes if not pixels.is_plain(picture, frame.pixels(box))], expectation)
    leaked = 0
    if number in body and pixels.needs_reading(pixels.unexplained(picture, frame, glyphs)):
        leaked = gone.seen(pixels.recognise(pixels.render(page, pixels.READ_DPI)), expectation)
    page.close()
    return _PageFaults(inside, spoilt, leaked)


def _inside(box: Box, glyphs: Sequence[extract.Glyph]) -> str:
    left, bottom, right, top = box
    return "".join(glyph.text for glyph in glyphs if left < glyph.centre[0] < right and bottom < glyph.centre[1] < top)


def _only_tokens(inside: str, expectation: Expected, *, misread: bool) -> bool:
    """Say whether the glyphs inside a box spell nothing but replacement words.

    Args:
        inside: the glyphs.
        expectation: knows the replacement words.
        misread: True where the text layer was recognised from the burnt pixels and may be misspelt.
    """
    remaining = "".join(words(inside))
    for word in sorted(expectation.replacements, key=len, reverse=True):
        remaining = remaining.replace(word, "")
    return not remaining or (misread and not _foreign_words(inside, expectation))


def _foreign_words(seen: str, expectation: Expected) -> int:
    """Count words that belong to no replacement.

    A removed word may also be one of a replacement's ("Oak Hall" and "[a community hall]"): it counts as the
    replacement's only beside its neighbour in it.
    """
    read = words(seen)
    paired = {at for at, pair in enumerate(pairwise(read)) if pair in expectation.replacement_pairs}
    return sum(
        1 for at, word in enumerate(read) if not (_like_a_token(word, expectation) or at in paired or at - 1 in paired)
    )


def _like_a_token(word: str, expectation: Expected) -> bool:
    """Say whether a recognised word is a replacement word, slips of recognition allowed."""
    if len(word) < gone.SURE_PICTURE_LETTERS:
        return True
    near = max((fuzz.partial_ratio(word, known) for known in expectation.replacements), default=0.0)
    return near >= _LIKENESS and (word,) not in {target.words for target in expectation.targets}


def _spoilt(page: pdfium.PdfPage, boxes: Sequence[Box], expectation: Expected) -> int:
    """Count boxes in which something other than a replacement is drawn.

    All are read in one go; only if that finds anything is each read by itself, since letters that OCR misreads in a
    long column it often reads rightly alone.
    """
    if not boxes or not _foreign(page, boxes, expectation):
        return 0
    return sum(bool(_foreign(page, [box], expectation)) for box in boxes)


def _foreign(page: pdfium.PdfPage, boxes: Sequence[Box], expectation: Expected) -> int:
    """Count what is drawn in the boxes and belongs to no replacement."""
    sharp = pixels.render(page, pixels.READ_DPI)
    frame = pixels.Frame(page, sharp.shape)
    crops = pixels.insides(sharp, [frame.pixels(box) for box in boxes])
    seen = pixels.recognise(pixels.stacked(crops), lines=True)
    foreign = _foreign_words(seen, expectation)
    return gone.seen(seen, expectation) + foreign + sum(1 for crop in crops if not pixels.is_lettering(crop))


def _picture_check(opened: _Opened, expectation: Expected) -> Check:
    looked_at = leaked = unknown = 0
    for picture in pictures.embedded(opened.pdf.objects):
        looked_at += 1
        if picture is None:
            unknown += 1
        else:
            leaked += gone.seen(pictures.text_of(picture), expectation)
    detail = ", ".join(
        filter(None, (_found(leaked, "removed strings in pictures"), _found(unknown, "unreadable pictures")))
    )
    return Check(report.PICTURES, leaked == 0 and unknown == 0, looked_at, detail)


def _font_check(opened: _Opened) -> Check:
    uses = fonts.used(opened.pdf)
    spare = sum(fonts.leftovers(use) for use in uses.values())
    return Check(report.FONTS, spare == 0, len(uses), _found(spare, "characters in fonts that no page draws"))


def _loss(texts: Sequence[str], expectation: Expected, body: range) -> tuple[str, ...]:
    """Warn where many of the words that should have stayed cannot be found."""
    there = Words([texts[n] for n in body]).vocabulary()
    wanted = {word for word in expectation.kept.vocabulary() if len(word) >= gone.SURE_PICTURE_LETTERS}
    missing = len(wanted - there)
    if wanted and missing / len(wanted) > 0.05:
        return (f"{missing} of {len(wanted)} different words that should have stayed were not found in the copy.",)
    return ()
